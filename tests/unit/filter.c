/* `check --filter`: terms and what they let through. */
#include "src/check/filter.h"
#include "support.h"

static struct filter_subject subject(void)
{
    struct filter_subject s = {
        .code = CS_CODE(4, 4),
        .verdict = REPORT_FAIL,
        .role = "server",
        .packet = 12,
        .time_ns = UINT64_C(1714564800000000000), /* 2024-05-01T12:00:00Z */
        .began_ns = UINT64_C(1714564790000000000),
    };
    assert_true(cs_address_parse("192.0.2.1:5683", 0, &s.a));
    assert_true(cs_address_parse("[2001:db8::7]:40000", 0, &s.b));
    return s;
}

static void terms_let_through_what_they_say(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool passes;
    } rows[] = {
        {"host=192.0.2.1", true},
        {"host=192.0.2.1:5683", true},
        {"host=192.0.2.1:5684", false},
        {"host=2001:db8::7", true},
        {"host=192.0.2.2", false},
        {"host=192.0.2.2,host=192.0.2.1", true},
        {"port=5683", true},
        {"port=40000", true},
        {"port=1", false},
        {"code=4.04", true},
        {"code=4.xx", true},
        {"code=5.xx", false},
        {"code=GET", false},
        {"code=2.05,code=4.04", true},
        {"verdict=fail", true},
        {"verdict=warn", false},
        {"role=server", true},
        {"role=client", false},
        {"packet=12", true},
        {"packet=10-12", true},
        {"packet=13-", false},
        {"packet=1-11", false},
        {"from=2024-05-01T12:00:00Z", true},
        {"from=2024-05-01T12:00:00.000000001Z", false},
        {"from=2024-05-01", true},
        {"to=2024-05-01T11:59:59", false},
        {"from=+10s", true},
        {"from=+10.5s", false},
        {"to=+1m", true},
        {"to=+9999ms", false},
        {"host=192.0.2.1,verdict=warn", false},
        {"host=192.0.2.1,code=4.xx,verdict=fail,from=+1s,to=+20s", true},
    };
    const struct filter_subject s = subject();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct filter filter = {0};
        struct cs_error error;
        if (!filter_parse(rows[i].text, &filter, &error))
            fail_msg("%s: %s", rows[i].text, error.text);
        if (filter_accepts(&filter, &s) != rows[i].passes)
            fail_msg("%s: expected %d", rows[i].text, rows[i].passes);
    }
}

static void a_message_has_no_verdict_to_be_filtered_by(void **state)
{
    (void)state;
    struct filter filter = {0};
    struct cs_error error;
    struct filter_subject s = subject();
    s.verdict = REPORT_NOT_EXERCISED;
    s.role = NULL;
    assert_true(filter_parse("verdict=warn,role=client", &filter, &error));
    assert_true(filter_accepts(&filter, &s));
}

static void a_finding_without_a_message_has_no_code(void **state)
{
    (void)state;
    struct filter filter = {0};
    struct cs_error error;
    struct filter_subject s = subject();
    s.code = -1;
    assert_true(filter_parse("code=0.00", &filter, &error));
    assert_false(filter_accepts(&filter, &s));
}

static void a_wrong_term_is_shown_with_its_place(void **state)
{
    (void)state;
    static const struct {
        const char *text, *says;
        unsigned column;
    } rows[] = {
        {"", "NAME=VALUE is due here", 1},
        {"packet=18446744073709551616", "this is not a number or a range", 1},
        {"from=9999-01-01", "this is not a time", 1},
        {"hots=1", "did you mean host?", 1},
        {"port=1,cod=2.05", "did you mean code?", 8},
        {"port=65536", "this is not a port", 1},
        {"port=", "this is not a port", 1},
        {"host=nowhere", "this is not an address", 1},
        {"code=4.99", "this is not a code", 1},
        {"code=8.xx", "this is not a code", 1},
        {"code=4.", "this is not a code", 1},
        {"verdict=pass", "this is not fail or warn", 1},
        {"packet=9-3", "this is not a number or a range", 1},
        {"from=yesterday", "this is not a time", 1},
        {"from=+", "this is not a time", 1},
        {"port=1,,port=2", "is not NAME=VALUE", 8},
        {"host", "is not NAME=VALUE", 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct filter filter = {0};
        struct cs_error error;
        if (filter_parse(rows[i].text, &filter, &error))
            fail_msg("%s was taken", rows[i].text);
        if (strstr(error.text, rows[i].says) == NULL || error.column != rows[i].column)
            fail_msg("%s: expected %s at %u, got %s at %u", rows[i].text, rows[i].says,
                     rows[i].column, error.text, error.column);
    }
}

static void the_number_of_terms_is_bounded(void **state)
{
    (void)state;
    struct filter filter = {0};
    struct cs_error error;
    for (size_t i = 0; i < FILTER_TERMS_MAX; i++)
        assert_true(filter_parse("port=1", &filter, &error));
    assert_false(filter_parse("port=1", &filter, &error));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(terms_let_through_what_they_say),
        cmocka_unit_test(a_message_has_no_verdict_to_be_filtered_by),
        cmocka_unit_test(a_finding_without_a_message_has_no_code),
        cmocka_unit_test(a_wrong_term_is_shown_with_its_place),
        cmocka_unit_test(the_number_of_terms_is_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
