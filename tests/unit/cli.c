/* Values and selectors of the command line. */
#include "src/cli/cli.h"
#include "support.h"

static void durations_have_units(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool good;
        uint64_t ns;
    } rows[] = {
        {"0", true, 0},
        {"90", true, UINT64_C(90000000000)},
        {"1.5s", true, UINT64_C(1500000000)},
        {"200ms", true, 200000000},
        {"2.5ms", true, 2500000},
        {"7us", true, 7000},
        {"9ns", true, 9},
        {"5m", true, UINT64_C(300000000000)},
        {"2h", true, UINT64_C(7200000000000)},
        {"0.123456789", true, 123456789},
        {"", false, 0},
        {"s", false, 0},
        {"-1", false, 0},
        {" 1", false, 0},
        {"1.", false, 0},
        {".5", false, 0},
        {"1d", false, 0},
        {"1s ", false, 0},
        {"99999999999999999999", false, 0},
        {"9999999999h", false, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint64_t ns = 0;
        bool good = cli_parse_duration(rows[i].text, &ns);
        if (good != rows[i].good || (good && ns != rows[i].ns))
            fail_msg("%s: expected %d %llu, got %d %llu", rows[i].text, rows[i].good,
                     (unsigned long long)rows[i].ns, good, (unsigned long long)ns);
    }
}

static void selectors_take_globs_branches_and_requirements(void **state)
{
    (void)state;
    static const char *const covers[] = {"RFC7252-4.1-1a", "TD_COAP_CORE_01", NULL};
    const struct cli_candidate rule = {"rfc7252/4.1/empty-message-is-bare", covers};
    const struct cli_candidate bare = {"core/ping", NULL};
    assert_true(cli_selector_matches("rfc7252/4.1/empty-message-is-bare", &rule));
    assert_true(cli_selector_matches("rfc7252/*", &rule));
    assert_true(cli_selector_matches("*/empty-*", &rule));
    assert_true(cli_selector_matches("rfc7252/4.1", &rule));
    assert_true(cli_selector_matches("rfc7252", &rule));
    assert_true(cli_selector_matches("TD_COAP_CORE_01", &rule));
    assert_true(cli_selector_matches("RFC7252-4.1-*", &rule));
    assert_false(cli_selector_matches("rfc7252/4", &rule)); /* a part is whole or not named */
    assert_false(cli_selector_matches("rfc7252/4.1/", &rule));
    assert_false(cli_selector_matches("", &rule));
    assert_false(cli_selector_matches("TD_COAP_CORE_01", &bare));
}

/* A command line as main() would make it. */
static const struct cli_option options[] = {
    {"only", 0, "SELECTOR", ""}, {"exclude", 0, "SELECTOR", ""}, {"size", 's', "SIZE", ""}, {0}};
static const struct cli_command command = {.name = "toy", .options = options};

static int chosen_by(const char *only, const char *exclude, bool *chosen)
{
    static const struct cli_candidate all[] = {{"a/one", NULL}, {"a/two", NULL}, {"b/one", NULL}};
    struct cli_given given[2];
    struct cli cli = {.command = &command, .given = given};
    if (only != NULL)
        given[cli.given_count++] = (struct cli_given){&options[0], only};
    if (exclude != NULL)
        given[cli.given_count++] = (struct cli_given){&options[1], exclude};
    return cli_select(&cli, all, 3, chosen);
}

static void only_and_exclude_work_together(void **state)
{
    (void)state;
    bool c[3];
    assert_int_equal(chosen_by(NULL, NULL, c), CLI_PASSED);
    assert_true(c[0] && c[1] && c[2]);
    assert_int_equal(chosen_by("a/*", NULL, c), CLI_PASSED);
    assert_true(c[0] && c[1] && !c[2]);
    assert_int_equal(chosen_by("a/*,b/one", "*/one", c), CLI_PASSED);
    assert_true(!c[0] && c[1] && !c[2]);
    assert_int_equal(chosen_by("c/*", NULL, c), CLI_NOTHING);
    assert_int_equal(chosen_by(NULL, "c", c), CLI_NOTHING);
    assert_int_equal(chosen_by("a", "a", c), CLI_NOTHING);
}

static void sizes_have_suffixes_and_bounds(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool good;
        uint64_t octets;
    } rows[] = {{"7", true, 7},           {"512k", true, 524288}, {"48M", true, 50331648},
                {"1G", true, 1073741824}, {"1KB", false, 0},      {"", false, 0},
                {"-1M", false, 0},        {"99999999T", false, 0}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct cli_given given = {&options[2], rows[i].text};
        const struct cli cli = {.command = &command, .given = &given, .given_count = 1};
        uint64_t octets = 0;
        bool good = cli_size(&cli, "size", &octets);
        if (good != rows[i].good || octets != rows[i].octets)
            fail_msg("%s: expected %d, got %d %llu", rows[i].text, rows[i].good, good,
                     (unsigned long long)octets);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(durations_have_units),
        cmocka_unit_test(selectors_take_globs_branches_and_requirements),
        cmocka_unit_test(only_and_exclude_work_together),
        cmocka_unit_test(sizes_have_suffixes_and_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
