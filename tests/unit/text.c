#include "tests/unit/support.h"

static void text_is_always_terminated_and_counts_on(void **state)
{
    (void)state;
    char buf[6];
    struct cs_text t;
    memset(buf, 'x', sizeof buf);
    cs_text_init(&t, buf, sizeof buf - 1);
    assert_string_equal(buf, "");
    cs_text_add(&t, "%d", 12);
    cs_text_put(&t, '3');
    cs_text_add(&t, "%s", "456");
    cs_text_put(&t, '7');
    assert_string_equal(buf, "1234");
    assert_int_equal(t.len, 7);
    assert_int_equal(buf[5], 'x');
}

static void no_room_at_all_is_no_harm(void **state)
{
    (void)state;
    struct cs_text t;
    cs_text_init(&t, NULL, 0);
    cs_text_add(&t, "%s", "abc");
    cs_text_put(&t, 'd');
    assert_int_equal(t.len, 4);
}

static void quotes_hold_what_a_terminal_may_show(void **state)
{
    static const struct {
        const char *octets, *text;
    } rows[] = {
        {"temp", "\"temp\""},
        {"", "\"\""},
        {"a\"b\\c", "\"a\\\"b\\\\c\""},
        {"\n\r\t\x1b[0m\x7f", "\"\\n\\r\\t\\x1b[0m\\x7f\""},
        {"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80", "\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\""},
        {"\xff\xc3", "\"\\xff\\xc3\""},
        {"\xc2\x85", "\"\\xc2\\x85\""},
        {"\xed\xa0\x80z", "\"\\xed\\xa0\\x80z\""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char buf[64];
        struct cs_text t;
        const struct cs_slice octets =
            exact_copy((const uint8_t *)rows[i].octets, strlen(rows[i].octets));
        cs_text_init(&t, buf, sizeof buf);
        cs_text_quote(&t, octets);
        assert_string_equal(buf, rows[i].text);
        release(octets);
    }
}

static void hex_is_two_small_digits_an_octet(void **state)
{
    (void)state;
    char buf[8];
    struct cs_text t;
    cs_text_init(&t, buf, sizeof buf);
    cs_text_hex(&t, (struct cs_slice){(const uint8_t *)"\x00\xa5\xff", 3});
    assert_string_equal(buf, "00a5ff");
}

static void hex_is_read_with_its_separators(void **state)
{
    static const char *const same[] = {"1234ab",     "12 34 AB",  "0x12,0x34,0xab",
                                       "12:34:aB\n", " 1234\tab", "0X1234AB"};
    uint8_t out[3];
    (void)state;
    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++) {
        assert_int_equal(cs_hex_parse(same[i], out, sizeof out, NULL), 3);
        assert_memory_equal(out, "\x12\x34\xab", 3);
    }
    assert_int_equal(cs_hex_parse("", out, sizeof out, NULL), 0);
    assert_int_equal(cs_hex_parse("00", out, sizeof out, NULL), 1);
}

static void bad_hex_is_refused_at_its_character(void **state)
{
    static const struct {
        const char *text;
        size_t bad;
    } rows[] = {
        {"1", 0},  {"12 3", 3},        {"12 3 4", 3}, {"12g4", 2},  {"1g", 1},
        {"0x", 2}, {"12 34 56 78", 9}, {"100x12", 3}, {"12;34", 2}, {"0x0x12", 3},
    };
    uint8_t out[3];
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        size_t bad = 99;
        if (cs_hex_parse(rows[i].text, out, sizeof out, &bad) != -1 || bad != rows[i].bad)
            fail_msg("%s: expected refusal at %zu, got %zu", rows[i].text, rows[i].bad, bad);
    }
}

static void utf8_is_judged_as_rfc_3629(void **state)
{
    static const struct {
        const char *octets;
        int bad; /* -1: valid */
    } rows[] = {
        {"", -1},
        {"abc", -1},
        {"\xc2\x80", -1},
        {"\xdf\xbf\xe0\xa0\x80\xef\xbf\xbf", -1},
        {"\xf0\x90\x80\x80\xf4\x8f\xbf\xbf", -1},
        {"\xed\x9f\xbf\xee\x80\x80", -1},
        {"a\x80", 1},    /* lone continuation */
        {"\xc0\xaf", 0}, /* overlong */
        {"\xc1\xbf", 0},
        {"\xe0\x9f\xbf", 0},
        {"\xf0\x8f\xbf\xbf", 0},
        {"ab\xed\xa0\x80", 2},   /* surrogate */
        {"\xf4\x90\x80\x80", 0}, /* above 10FFFF */
        {"\xf5\x80\x80\x80", 0},
        {"\xe2\x82", 0}, /* ends inside */
        {"\xe2\x82\x41", 0},
        {"\xf0\x9f\x98\xc0", 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct cs_slice octets =
            exact_copy((const uint8_t *)rows[i].octets, strlen(rows[i].octets));
        size_t bad = 0;
        const bool valid = cs_utf8_valid(octets, &bad);
        if (valid != (rows[i].bad < 0) || (!valid && bad != (size_t)rows[i].bad))
            fail_msg("row %zu: got %s at %zu", i, valid ? "valid" : "invalid", bad);
        release(octets);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_is_always_terminated_and_counts_on),
        cmocka_unit_test(no_room_at_all_is_no_harm),
        cmocka_unit_test(quotes_hold_what_a_terminal_may_show),
        cmocka_unit_test(hex_is_two_small_digits_an_octet),
        cmocka_unit_test(hex_is_read_with_its_separators),
        cmocka_unit_test(bad_hex_is_refused_at_its_character),
        cmocka_unit_test(utf8_is_judged_as_rfc_3629),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
