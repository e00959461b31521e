/* Messages over TCP and WebSocket in the tracker, and the rules that must not speak of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "coapspec/analysis.h"
#include "tests/specimen/specimen.h"

enum { EVENTS_MAX = 16 };

struct seen {
    size_t count;
    uint64_t traits[EVENTS_MAX];
    uint64_t answered[EVENTS_MAX]; /* packet of the request; 0 for none */
    uint64_t findings;
};

static void on_event(void *user, const struct cs_view *view)
{
    struct seen *seen = user;
    if (view->kind != CS_OF_MESSAGE || seen->count == EVENTS_MAX)
        return;
    seen->traits[seen->count] = view->traits;
    seen->answered[seen->count++] = view->request != NULL ? view->request->packet : 0;
}

static void on_finding(void *user, const struct cs_finding *finding)
{
    struct seen *seen = user;
    print_message("%s: %s\n", finding->rule->id, finding->why);
    seen->findings++;
}

static struct cs_analysis *play(const char *dialogue, struct seen *seen)
{
    struct cs_error error = {.text = ""};
    *seen = (struct seen){0};
    const struct cs_settings settings = {
        .user = seen, .on_event = on_event, .on_finding = on_finding};
    struct cs_analysis *analysis = cs_specimen_play(dialogue, &settings, &error);
    if (analysis == NULL)
        fail_msg("line %u, column %u: %s", error.line, error.column, error.text);
    return analysis;
}

static void a_response_meets_its_request_by_the_token(void **state)
{
    static const char *const carriers[] = {"tcp", "ws"};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        char dialogue[256];
        struct seen seen;
        snprintf(dialogue, sizeof dialogue,
                 "! %s\n> GET /a tok=01\n> GET /b tok=02\n< 2.05 tok=02 | b\n< 2.05 tok=01 | a\n"
                 "< 2.05 tok=03 | c",
                 carriers[i]);
        cs_analysis_free(play(dialogue, &seen));
        assert_int_equal(seen.count, 5);
        assert_int_equal(seen.answered[2], 2);
        assert_int_equal(seen.answered[3], 1);
        assert_int_equal(seen.answered[4], 0);
        assert_true((seen.traits[0] & CS_T_FIRST) != 0);
        assert_true((seen.traits[2] & CS_T_ANSWER) != 0);
        assert_true((seen.traits[4] & CS_T_STRAY_RESPONSE) != 0);
        const uint64_t typed = CS_T_TYPED | CS_T_CON | CS_T_NON | CS_T_ACK | CS_T_RST |
                               CS_T_PIGGYBACKED | CS_T_SEPARATE | CS_T_MID_LIVE | CS_T_REPLY |
                               CS_T_STRAY_REPLY | CS_T_OVER_NSTART;
        for (size_t e = 0; e < seen.count; e++)
            assert_true((seen.traits[e] & typed) == 0);
    }
}

static void a_response_does_not_meet_a_request_of_another_carrier(void **state)
{
    (void)state;
    struct seen seen = {0};
    const struct cs_settings settings = {.user = &seen, .on_event = on_event, .whole = true};
    struct cs_analysis *analysis = cs_analysis_new(&settings);
    static const uint8_t request[] = {0x01, 0x01, 0xaa}, response[] = {0x51, 0x45, 0, 7, 0xaa};
    struct cs_datagram d = {.time_ns = 1,
                            .packet = 1,
                            .src = {{192, 0, 2, 1}, 40000, 4},
                            .dst = {{192, 0, 2, 2}, 5683, 4},
                            .octets = {request, sizeof request},
                            .carrier = CS_TCP};
    assert_non_null(analysis);
    cs_analysis_datagram(analysis, &d);
    const struct cs_address client = d.src;
    d = (struct cs_datagram){.time_ns = 2,
                             .packet = 2,
                             .src = d.dst,
                             .dst = client,
                             .octets = {response, sizeof response}};
    cs_analysis_datagram(analysis, &d);
    cs_analysis_free(analysis);
    assert_int_equal(seen.count, 2);
    assert_true((seen.traits[1] & CS_T_STRAY_RESPONSE) != 0);
}

static void a_message_of_two_octets_has_its_traits(void **state)
{
    (void)state;
    struct seen seen;
    cs_analysis_free(play("! tcp\n> raw: 00 00\n> raw: 00 e1\n< raw: 00 44\n> raw: 00 01", &seen));
    assert_int_equal(seen.count, 4);
    assert_true((seen.traits[0] & CS_T_EMPTY) != 0);
    assert_true((seen.traits[1] & CS_T_SIGNAL) != 0);
    assert_true((seen.traits[1] & CS_T_RESERVED_CODE) == 0);
    assert_true((seen.traits[2] & CS_T_RESPONSE) != 0);
    assert_true((seen.traits[3] & CS_T_REQUEST) != 0);
    for (size_t i = 0; i < seen.count; i++)
        assert_true((seen.traits[i] & CS_T_WELL_FORMED) != 0);
}

/* Sections that are about type, Message ID, version, datagrams or DTLS; and what of others is. */
static const char *const silent[] = {"rfc7252/3/version-is-1",
                                     "rfc7252/3/header-and-token-are-whole",
                                     "rfc7252/4.",
                                     "rfc7252/5.2.",
                                     "rfc7252/5.3.2/",
                                     "rfc7252/8.",
                                     "rfc7252/9.",
                                     "rfc7252/11.3/",
                                     "rfc7959/2.2/"};

static bool must_be_silent(const char *id)
{
    for (size_t i = 0; i < sizeof silent / sizeof silent[0]; i++)
        if (strncmp(id, silent[i], strlen(silent[i])) == 0)
            return true;
    return false;
}

static void rules_about_type_and_message_id_do_not_speak(void **state)
{
    static const char *const dialogues[] = {
        "! tcp\n! whole\n! declared\n> 7.01 opt2=0480 opt4\n< 7.01\n> 0.00\n> GET /a tok=01\n"
        "> PUT /b tok=02 cf=0 | 1\n> GET /a tok=03 observe=0 accept=0 block2=0/0/bert\n"
        "< 2.05 tok=01 cf=0 | a\n< 2.04 tok=02\n< 2.05 tok=03 observe=1 cf=0 block2=0/0/bert | a\n"
        "< 4.04 tok=09\n> 7.02 tok=0a\n< 7.03 tok=0a opt2\n+300 < 2.05 tok=03 observe=2 | b\n"
        "> GET /a tok=01\n+300 end",
        "! ws\n> GET /a tok=01\n> GET /a tok=01\n< 2.05 tok=01 | a\n< 2.05 tok=01 | a",
        "! tcp\n> raw: 0f 01\n> raw: 20 00 ff 61\n> raw: 02 01 aa\n> raw: 50 01\n> raw: 00\n> raw:",
        "! tcp\n! fragmented\n! dtls\n> GET /a tok=01\n< 2.05 tok=01 | a",
    };
    (void)state;
    unsigned spoke = 0;
    for (size_t d = 0; d < sizeof dialogues / sizeof dialogues[0]; d++) {
        struct seen seen;
        struct cs_analysis *analysis = play(dialogues[d], &seen);
        size_t rules, count;
        const struct cs_rule *const *all = cs_rules(&rules);
        const struct cs_tally *tallies = cs_analysis_tallies(analysis, &count);
        assert_int_equal(rules, count);
        for (size_t i = 0; i < count; i++) {
            const uint64_t said = tallies[i].held + tallies[i].broken + tallies[i].undecided;
            spoke += said > 0;
            if (said > 0 && must_be_silent(all[i]->id))
                fail_msg("dialogue %zu: %s spoke", d, all[i]->id);
        }
        cs_analysis_free(analysis);
    }
    assert_true(spoke > 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_response_meets_its_request_by_the_token),
        cmocka_unit_test(a_response_does_not_meet_a_request_of_another_carrier),
        cmocka_unit_test(a_message_of_two_octets_has_its_traits),
        cmocka_unit_test(rules_about_type_and_message_id_do_not_speak),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
