/* Requests of the drafts before RFC 7252 are told from broken messages. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "coap/draft.h"
#include "coapspec/analysis.h"
#include "tests/specimen/specimen.h"

static bool is_draft(const char *hex)
{
    uint8_t octets[256];
    size_t bad;
    struct cs_message m;
    long length = cs_hex_parse(hex, octets, sizeof octets, &bad);
    assert_true(length > 0);
    cs_message_decode(CS_UDP, (struct cs_slice){octets, (size_t)length}, 0, &m);
    return cs_is_draft_request(&m);
}

static void requests_of_drafts_are_recognised(void **state)
{
    (void)state;
    assert_true(is_draft("41 01 00 07 95 6c 69 67 68 74"));          /* GET /light */
    assert_true(is_draft("42 01 00 08 93 61 62 63 22 aa bb"));       /* GET /abc, a token */
    assert_true(is_draft("42 03 00 09 10 85 6c 69 67 68 74 6f 66")); /* PUT /light */
    assert_true(is_draft("41 02 00 0a 9f 01 61 61 61 61 61 61 61 61 61 61 61 61 61 61 61 61"));
}

static void broken_messages_are_no_drafts(void **state)
{
    (void)state;
    assert_false(is_draft("40 01 00 07 b4 74 65 6d"));          /* no option count */
    assert_false(is_draft("41 01 00 07 95 6c 69 67 68"));       /* ends in the text */
    assert_false(is_draft("41 01 00 07 95 6c 69 67 68 01"));    /* not printable */
    assert_false(is_draft("41 01 00 07 95 6c 69 67 68 74 74")); /* a GET with something behind */
    assert_false(is_draft("41 05 00 07 95 6c 69 67 68 74"));    /* FETCH is younger than they */
    assert_false(is_draft("41 45 00 07 95 6c 69 67 68 74"));    /* a response */
    assert_false(is_draft("81 01 00 07 95 6c 69 67 68 74"));    /* another version */
    assert_false(is_draft("41 01 00 07 22 aa bb"));             /* no text in it */
    assert_false(is_draft("42 01 00 07 95 6c 69 67 68 74"));    /* one option too few */
    assert_false(is_draft("41 01 00 07 f1 6c"));                /* too short to be sure */
    assert_false(is_draft("41 01 00 07 e3 61 62 63"));          /* no such option */
    assert_false(is_draft("42 01 00 07 01 b4 74 65 6d 70 f1"));
}

static void responses_of_drafts_are_possible(void **state)
{
    static const struct {
        const char *hex;
        bool draft;
    } cases[] = {
        {"61 45 00 07 10 6f 6e", true},              /* Content-Type 0, "on" */
        {"60 45 00 08 32 31 2e 35", true},           /* "21.5" */
        {"61 44 00 09 b2 aa bb", true},              /* a token */
        {"61 45 00 07 10 6f 01", false},             /* no text */
        {"61 45 00 07 00 6f 6e", false},             /* no option */
        {"62 45 00 07 10 6f 6e", false},             /* one option too few */
        {"61 01 00 07 10 6f 6e", false},             /* a request */
        {"a1 45 00 07 10 6f 6e", false},             /* another version */
        {"64 45 00 07 0a 1b 2c 3d c0 31 32", false}, /* RFC 7252, without payload marker */
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint8_t octets[64];
        size_t bad;
        struct cs_message m;
        const long length = cs_hex_parse(cases[i].hex, octets, sizeof octets, &bad);
        assert_true(length > 0);
        cs_message_decode(CS_UDP, (struct cs_slice){octets, (size_t)length}, 0, &m);
        assert_int_equal(cs_may_be_draft_response(&m), cases[i].draft);
    }
}

static uint64_t broken_in(const char *dialogue)
{
    struct cs_settings settings = {0};
    struct cs_error error;
    struct cs_analysis *analysis = cs_specimen_play(dialogue, &settings, &error);
    assert_non_null(analysis);
    size_t count;
    uint64_t broken = 0;
    const struct cs_tally *tallies = cs_analysis_tallies(analysis, &count);
    for (size_t i = 0; i < count; i++)
        broken += tallies[i].broken;
    cs_analysis_free(analysis);
    return broken;
}

static void a_draft_is_excused_in_a_capture_and_not_in_a_run(void **state)
{
    (void)state;
    assert_int_equal(broken_in("> raw: 41 01 00 07 95 6c 69 67 68 74"), 0);
    assert_int_not_equal(broken_in("! whole\n> raw: 41 01 00 07 95 6c 69 67 68 74"), 0);
    assert_int_not_equal(broken_in("> raw: 41 01 00 07 95 6c 69 67 68"), 0);
    /* a response where no request was seen */
    assert_int_equal(broken_in("< raw: 61 45 00 07 10 6f 6e"), 0);
    assert_int_not_equal(broken_in("! whole\n< raw: 61 45 00 07 10 6f 6e"), 0);
    assert_int_not_equal(broken_in("> CON GET /a mid=7\n< raw: 61 45 00 07 10 6f 6e"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(requests_of_drafts_are_recognised),
        cmocka_unit_test(broken_messages_are_no_drafts),
        cmocka_unit_test(responses_of_drafts_are_possible),
        cmocka_unit_test(a_draft_is_excused_in_a_capture_and_not_in_a_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
