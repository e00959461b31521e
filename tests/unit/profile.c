/* tests/unit/profile.c: a profile is written and read back the same; what is wrong in one is told with its place. */
#include "src/profile/profile.h"

#include <stdio.h>

#include "src/names/names.h"
#include "tests/unit/support.h"

static bool parse(struct profile *profile, const char *text, struct cs_error *error)
{
    *error = (struct cs_error){0};
    profile_init(profile);
    return profile_parse(profile, "p.yaml", text, strlen(text), error);
}

static struct profile parsed(const char *text)
{
    struct profile profile;
    struct cs_error error;
    if (!parse(&profile, text, &error))
        fail_msg("%u:%u: %s\nin:\n%s", error.line, error.column, error.text, text);
    return profile;
}

static void assert_number(double got, double expected)
{
    if (got < expected - 1e-6 || got > expected + 1e-6)
        fail_msg("expected %.9g, got %.9g", expected, got);
}

static void set(struct profile *profile, const char *assignment)
{
    struct cs_error error = {0};
    if (!profile_set(profile, assignment, &error))
        fail_msg("%s: %s", assignment, error.text);
}

/* ------------------------------------------------------------------ there and back */

static struct profile written_and_read(const struct profile *profile)
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    assert_true(profile_write(profile, "coap://192.0.2.1", out));
    assert_int_equal(fclose(out), 0);
    struct profile back = parsed(text);
    free(text);
    return back;
}

static void assert_same(const struct profile *a, const struct profile *b)
{
    for (size_t i = 0; i < PROFILE_RESOURCES_MAX; i++) {
        assert_int_equal(a->resources[i] == NULL, b->resources[i] == NULL);
        if (a->resources[i] != NULL)
            assert_string_equal(a->resources[i], b->resources[i]);
    }
    assert_memory_equal(a->abilities, b->abilities, sizeof a->abilities);
    assert_memory_equal(a->given, b->given, sizeof a->given);
    for (size_t i = 0; i < PROFILE_PARAMETERS_MAX; i++)
        assert_number(a->parameters[i], b->parameters[i]);
    assert_int_equal(a->jobs, b->jobs);
    assert_int_equal(a->client, b->client);
}

static void an_empty_profile_comes_back(void **state)
{
    (void)state;
    struct profile empty;
    profile_init(&empty);
    struct profile back = written_and_read(&empty);
    assert_same(&empty, &back);
    profile_fini(&back);
    profile_fini(&empty);
}

static void everything_that_can_be_said_comes_back(void **state)
{
    (void)state;
    struct profile full;
    char assignment[100];
    size_t count;
    profile_init(&full);
    const struct names_resource *r = names_resources(&count);
    for (size_t i = 0; i < count; i++) {
        snprintf(assignment, sizeof assignment, "%s=/r%zu?n=%zu", r[i].name, i, i);
        set(&full, assignment);
    }
    const struct names_ability *a = names_abilities(&count);
    for (size_t i = 0; i < count; i++) {
        snprintf(assignment, sizeof assignment, "%s=%s", a[i].name, i % 2 == 0 ? "yes" : "no");
        set(&full, assignment);
    }
    const struct names_parameter *p = names_parameters(&count);
    for (size_t i = 0; i < count; i++) {
        snprintf(assignment, sizeof assignment, "%s=%u%s", p[i].name, 1 + (unsigned)i,
                 p[i].duration ? ".125" : "");
        set(&full, assignment);
    }
    full.jobs = 7;
    full.client = true;
    struct profile back = written_and_read(&full);
    assert_same(&full, &back);
    profile_fini(&back);
    profile_fini(&full);
}

/* Devices name their resources as they like; what YAML does not take as it stands is %XX, as in any path. */
static void paths_of_any_kind_come_back(void **state)
{
    (void)state;
    static const char *const paths[][2] = {
        {"/", NULL},
        {"/a b", NULL},
        {"/a?b=1&c", NULL},
        {"/\"a\"\\b#c: d", NULL},
        {"/# no", NULL},
        {"/{x}?[y]=*z&w%41", NULL},
        {"/'", NULL},
        {"/\a\n\x7f", "/%07%0a%7f"},
        {"/gr\xc3\xbc\xc3\x9f", "/gr%c3%bc%c3%9f"},
        {"/\xff", "/%ff"},
    };
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        struct profile profile;
        profile_init(&profile);
        profile_bind(&profile, "test", paths[i][0]);
        struct profile back = written_and_read(&profile);
        assert_string_equal(profile_resource(&back, "test"), paths[i][paths[i][1] != NULL]);
        profile_fini(&back);
        profile_fini(&profile);
    }
}

static void numbers_come_back_as_they_were(void **state)
{
    (void)state;
    static const char *const values[] = {"0",     "0.001",    "86400",   "12345.678",
                                         "200ms", "1.5 * 2s", "86399.5", "0.0000011"};
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        struct profile profile;
        char assignment[64];
        profile_init(&profile);
        snprintf(assignment, sizeof assignment, "patience=%s", values[i]);
        set(&profile, assignment);
        struct profile back = written_and_read(&profile);
        assert_number(profile_parameter(&back, "patience"),
                      profile_parameter(&profile, "patience"));
        profile_fini(&back);
        profile_fini(&profile);
    }
}

/* ------------------------------------------------------------------ what is wrong */

static void a_mistake_is_told_with_its_place(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        unsigned line, column;
        const char *why;
    } rows[] = {
        {"", 1, 1, "empty"},
        {"- a\n", 1, 1, "a profile is a mapping"},
        {"resuorces:\n  test: /a\n", 1, 1, "a profile has no 'resuorces': did you mean resources?"},
        {"resources:\n  tset: /a\n", 2, 3,
         "resources: nothing is called 'tset': did you mean test?"},
        {"resources:\n  etag: /a\n", 2, 3, "resources: nothing is called 'etag'"},
        {"resources:\n  test: a\n", 2, 9, "a path is due here"},
        {"resources:\n  test: [/a]\n", 2, 9, "one value is due here"},
        {"resources: [/a]\n", 1, 12, "a mapping of names is due here"},
        {"abilities:\n  observe: maybe\n", 2, 12, "yes or no is due here"},
        {"abilities:\n  obsreve: yes\n", 2, 3, "did you mean observe?"},
        {"parameters:\n  ack_timeout: fast\n", 2, 16, "a number, a duration"},
        {"parameters:\n  ack_timeout: 3 parsecs\n", 2, 16, "is missing here"},
        {"parameters:\n  ack_timeout: 3 * $patience\n", 2, 16, "nothing is called $patience"},
        {"parameters:\n  ack_timeout: -1\n", 2, 16, "is missing here"},
        {"parameters:\n  ack_timeout: 1 - 2\n", 2, 16, "from 0 to 86400"},
        {"parameters:\n  ack_timeout: 86401\n", 2, 16, "from 0 to 86400"},
        {"parameters:\n  ack_timeout: 1e999\n", 2, 16, "from 0 to 86400"},
        {"parameters:\n  max_retransmit: 4s\n", 2, 19, "without a unit"},
        {"parameters:\n  max_retransmit: 4.5\n", 2, 19, "a whole number from 0 to 20"},
        {"parameters:\n  max_retransmit: 21\n", 2, 19, "a whole number from 0 to 20"},
        {"parameters:\n  nstart: 0\n", 2, 11, "a whole number from 1 to 1000"},
        {"parameters:\n  ack_random_factor: 0.5\n", 2, 22, "a value from 1 to 100"},
        {"jobs: 0\n", 1, 7, "a number from 1 to 256"},
        {"jobs: 257\n", 1, 7, "a number from 1 to 256"},
        {"jobs: many\n", 1, 7, "a number from 1 to 256"},
        {"jobs: 18446744073709551617\n", 1, 7, "a number from 1 to 256"},
        {"role: proxy\n", 1, 7, "server or client is due here"},
        {"resources:\n  test: /a\n  test: /b\n", 3, 3, "'test' is there twice"},
        {"resources: &a\n  test: /a\n", 1, 12, "anchors and tags are not used here"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct profile profile;
        struct cs_error error;
        if (parse(&profile, rows[i].text, &error))
            fail_msg("nobody noticed: %s\nin:\n%s", rows[i].why, rows[i].text);
        if (strstr(error.text, rows[i].why) == NULL || error.line != rows[i].line ||
            error.column != rows[i].column)
            fail_msg("expected %u:%u: %s\ngot %u:%u: %s\nin:\n%s", rows[i].line, rows[i].column,
                     rows[i].why, error.line, error.column, error.text, rows[i].text);
        assert_string_equal(error.file, "p.yaml");
        profile_fini(&profile);
    }
}

static void a_file_that_is_none_is_told(void **state)
{
    (void)state;
    static const char *const paths[] = {"/nonexistent/profile.yaml", "/"};
    for (size_t i = 0; i < 2; i++) {
        struct profile profile;
        struct cs_error error = {0};
        profile_init(&profile);
        assert_false(profile_read(&profile, paths[i], &error));
        assert_string_equal(error.file, paths[i]);
        assert_int_equal(error.line, 0);
        assert_true(error.text[0] != '\0');
        profile_fini(&profile);
    }
}

/* ------------------------------------------------------------------ --param */

static void an_assignment_is_a_name_and_a_value(void **state)
{
    (void)state;
    static const char *const wrong[] = {"",
                                        "=",
                                        "test",
                                        "=/a",
                                        "te st=/a",
                                        "1a=x",
                                        "test =a",
                                        "own=",
                                        "test=a",
                                        "observe=perhaps",
                                        "a-b=c",
                                        "ack_timeout=",
                                        "ack_timeout=1 2"};
    struct profile profile;
    profile_init(&profile);
    set(&profile, "test=/kept");
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct cs_error error = {0};
        if (profile_set(&profile, wrong[i], &error))
            fail_msg("taken: %s", wrong[i]);
        assert_true(error.text[0] != '\0');
    }
    assert_string_equal(profile_resource(&profile, "test"),
                        "/kept"); /* a bad value changes nothing */
    set(&profile, "test=none");
    assert_null(profile_resource(&profile, "test"));
    profile_fini(&profile);
}

static void names_of_ones_own_are_kept_the_last_word_counts(void **state)
{
    (void)state;
    struct profile profile;
    struct cs_error error = {0};
    char assignment[64], buf[64];
    profile_init(&profile);
    set(&profile, "led=/a=b");
    set(&profile, "led=/c");
    assert_string_equal(profile_own(&profile, "led"), "/c");
    assert_string_equal(profile_text(&profile, "led", buf, sizeof buf), "/c");
    assert_null(profile_own(&profile, "lamp"));
    for (size_t i = profile.own_count; i < PROFILE_OWN_MAX; i++) {
        snprintf(assignment, sizeof assignment, "own%zu=%zu", i, i);
        set(&profile, assignment);
    }
    assert_false(profile_set(&profile, "one_more=1", &error));
    assert_string_equal(error.text, "too many names");
    profile_fini(&profile);
}

static void a_path_has_a_limit(void **state)
{
    (void)state;
    char assignment[PROFILE_PATH_MAX + 10] = "test=/";
    struct profile profile;
    struct cs_error error = {0};
    profile_init(&profile);
    memset(assignment + 6, 'a', PROFILE_PATH_MAX - 1);
    set(&profile, assignment);
    assert_int_equal(strlen(profile_resource(&profile, "test")), PROFILE_PATH_MAX);
    assignment[5 + PROFILE_PATH_MAX] = 'a';
    assert_false(profile_set(&profile, assignment, &error));
    assert_non_null(strstr(error.text, "400"));
    profile_fini(&profile);
}

/* ------------------------------------------------------------------ what follows */

static void times_follow_from_those_that_are_given(void **state)
{
    (void)state;
    /* RFC 7252 section 4.8.2, with twice the ACK_TIMEOUT */
    struct profile p = parsed("parameters:\n  ack_timeout: 4\n  non_lifetime: 10\n");
    assert_number(profile_parameter(&p, "max_transmit_span"), 90);
    assert_number(profile_parameter(&p, "max_transmit_wait"), 186);
    assert_number(profile_parameter(&p, "processing_delay"), 4);
    assert_number(profile_parameter(&p, "exchange_lifetime"), 90 + 200 + 4);
    assert_number(profile_parameter(&p, "non_lifetime"), 10); /* given */
    struct cs_parameters c = profile_parameters(&p);
    assert_int_equal(c.ack_timeout_ns, UINT64_C(4000000000));
    assert_int_equal(c.exchange_lifetime_ns, UINT64_C(294000000000));
    assert_false(c.assumed);
    profile_fini(&p);

    profile_init(&p);
    assert_number(profile_parameter(&p, "exchange_lifetime"), 247);
    assert_true(profile_parameters(&p).assumed);
    profile_fini(&p);
}

static void times_of_any_size_fit_the_clock(void **state)
{
    (void)state;
    struct profile p = parsed("parameters: {ack_timeout: 86400, max_retransmit: 20, "
                              "ack_random_factor: 100}\n");
    struct cs_parameters c = profile_parameters(&p);
    assert_int_equal(c.exchange_lifetime_ns, UINT64_C(1000000000000000000));
    assert_int_equal(c.non_lifetime_ns, UINT64_C(1000000000000000000));
    profile_fini(&p);
}

static void a_query_becomes_words_of_the_notation(void **state)
{
    (void)state;
    static const struct {
        const char *path, *text;
    } rows[] = {{"/a/b?x=1&y", "/a/b ?x=1 ?y"}, {"/a&b", "/a&b"}, {"/a?", "/a ?"}, {"/", "/"}};
    struct profile p;
    char buf[64];
    profile_init(&p);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        profile_bind(&p, "query", rows[i].path);
        assert_string_equal(profile_text(&p, "query", buf, sizeof buf), rows[i].text);
    }
    assert_string_equal(profile_text(&p, "query", buf, 4), "/"); /* cut, and ended */
    profile_bind(&p, "query", NULL);
    assert_null(profile_text(&p, "query", buf, sizeof buf));
    assert_null(profile_text(&p, "nothing", buf, sizeof buf));
    assert_string_equal(profile_text(&p, "ack_timeout", buf, sizeof buf), "2s");
    assert_string_equal(profile_text(&p, "max_retransmit", buf, sizeof buf), "4");
    profile_fini(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_profile_comes_back),
        cmocka_unit_test(everything_that_can_be_said_comes_back),
        cmocka_unit_test(paths_of_any_kind_come_back),
        cmocka_unit_test(numbers_come_back_as_they_were),
        cmocka_unit_test(a_mistake_is_told_with_its_place),
        cmocka_unit_test(a_file_that_is_none_is_told),
        cmocka_unit_test(an_assignment_is_a_name_and_a_value),
        cmocka_unit_test(names_of_ones_own_are_kept_the_last_word_counts),
        cmocka_unit_test(a_path_has_a_limit),
        cmocka_unit_test(times_follow_from_those_that_are_given),
        cmocka_unit_test(times_of_any_size_fit_the_clock),
        cmocka_unit_test(a_query_becomes_words_of_the_notation),
    };
    return cmocka_run_group_tests_name("profile", tests, NULL, NULL);
}
