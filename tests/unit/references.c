/* What steps say of each other: names that are not there, things out of order. Each scenario is read twice: with the
 * mistake, which must be found at its place, and without. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "src/scenario/scenario.h"

static bool reads(const char *steps, struct cs_error *error)
{
    char text[4000];
    int n = snprintf(text, sizeof text, "name: a\ncovers: []\n%s", steps);
    assert_in_range(n, 1, sizeof text - 1);
    struct scenario *s = scenario_parse("a.yaml", "a", text, (size_t)n, error);
    scenario_free(s);
    return s != NULL;
}

static void assert_reads(const char *steps)
{
    struct cs_error error = {0};
    if (!reads(steps, &error))
        fail_msg("%u:%u: %s\nin:\n%s", error.line, error.column, error.text, steps);
}

static void assert_refused(const char *steps, unsigned line, unsigned column, const char *why)
{
    struct cs_error error = {0};
    if (reads(steps, &error))
        fail_msg("nobody noticed that %s\nin:\n%s", why, steps);
    if (error.line != line || error.column != column || strstr(error.text, why) == NULL)
        fail_msg("expected %u:%u: %s\ngot %u:%u: %s\nin:\n%s", line, column, why, error.line,
                 error.column, error.text, steps);
    assert_string_equal(error.file, "a.yaml");
}

/* The scenarios begin in line 3. */
static const struct {
    const char *wrong, *right;
    unsigned line, column;
    const char *why;
} pairs[] = {
    {"steps:\n  - send: GET /a\n    as: watch\n  - expect: 2.05\n    of: wacth\n",
     "steps:\n  - send: GET /a\n    as: watch\n  - expect: 2.05\n    of: watch\n", 7, 9,
     "no message of ours is called 'wacth' so far: did you mean watch?"},
    {"steps:\n  - expect: 2.05\n    of: a\n  - send: GET /a\n    as: a\n",
     "steps:\n  - send: GET /a\n    as: a\n  - expect: 2.05\n    of: a\n", 5, 9,
     "'a' so far: `as` names them"},
    {"steps:\n  - connect: second\n  - send: GET /a\n    from: secnd\n",
     "steps:\n  - connect: second\n  - send: GET /a\n    from: first\n", 6, 11,
     "no open socket is called 'secnd' so far: did you mean second?"},
    {"steps:\n  - raw: 40 01 $new_mid\n    from: origin\n",
     "steps:\n  - serve: origin\n  - raw: 40 01 $new_mid\n    from: origin\n", 5, 11,
     "'origin' so far: `connect` opens them"},
    {"steps:\n  - close: frist\n", "steps:\n  - close: first\n", 4, 12, "did you mean first?"},
    {"steps:\n  - connect: b\n  - close: b\n  - check: GET /a\n    expect: 2.05\n    from: b\n",
     "steps:\n  - connect: b\n  - close: b\n  - connect: b\n  - check: GET /a\n    expect: 2.05\n  "
     "  "
     "from: b\n",
     8, 11, "no open socket is called 'b'"},
    {"steps:\n  - close: first\n  - send: GET /a\n",
     "steps:\n  - close: first\n  - connect: other\n  - send: GET /a\n", 5, 5,
     "all our sockets are closed"},
    {"steps:\n  - send: GET /a\n  - save: {tag: etag}\n",
     "steps:\n  - send: GET /a\n  - expect: 2.05\n  - save: {tag: etag}\n", 5, 5,
     "nothing was taken so far"},
    {"steps:\n  - send: GET /a\n  - reply: 2.05\n", "steps:\n  - await: GET /a\n  - reply: 2.05\n",
     5, 5, "no request was awaited so far"},
    {"steps:\n  - send: GET /a\n  - expect: 2.05\n    save: {first: interval}\n  - uneven: frist\n "
     "  "
     " by: 1s\n",
     "steps:\n  - send: GET /a\n  - expect: 2.05\n    save: {first: interval}\n  - uneven: first\n "
     "  "
     " by: 1s\n",
     7, 13, "no interval is called 'frist' so far: did you mean first?"},
    {"steps:\n  - send: GET /a\n  - expect: 2.05\n    save: {first: etag}\n  - uneven: first\n    "
     "by: 1s\n",
     "steps:\n  - send: GET /a\n  - expect: 2.05\n    save: {first: interval}\n  - uneven: first\n "
     "  "
     " by: 1s\n",
     7, 13, "no interval is called 'first'"},
    {"steps:\n  - send: GET /a\n  - expect: 2.05\n    save: {tag: etag}\n  - send: GET /a "
     "if-match=$tga\n",
     "steps:\n  - send: GET /a\n  - expect: 2.05\n    save: {tag: etag}\n  - send: GET /a "
     "if-match=$tag\n",
     7, 27, "nothing is called $tga: did you mean $tag?"},
    {"steps:\n  - send: GET $tset\n", "steps:\n  - send: GET $test\n", 4, 15,
     "nothing is called $tset: did you mean $test?"},
    {"steps:\n  - serve: origin\n  - send: GET proxy-uri=$orign/x\n",
     "steps:\n  - serve: origin\n  - send: GET proxy-uri=$origin/x\n", 5, 25,
     "did you mean $origin?"},
    {"steps:\n  - sleep: 2 * $ack_timout\n", "steps:\n  - sleep: 2 * $ack_timeout\n", 4, 16,
     "did you mean $ack_timeout?"},
    {"steps:\n  - raw: 40 01 $new_mdi\n", "steps:\n  - raw: 40 01 $new_mid\n", 4, 16,
     "did you mean $new_mid?"},
    {"steps:\n  - when: observ\n    steps:\n      - sleep: 1s\n",
     "steps:\n  - when: observe\n    steps:\n      - sleep: 1s\n", 4, 11, "did you mean observe?"},
    {"steps:\n  - send: GET /a\n    as: two words\n",
     "steps:\n  - send: GET /a\n    as: two_words\n", 5, 9, "a name is due here"},
    {"steps:\n  - connect: a_name_of_thirty_two_letters_or_\n",
     "steps:\n  - connect: a_name_of_thirty_one_letters_or\n", 4, 14, "31 at most"},
    {"needs: [etag, obsreve]\nsteps:\n  - sleep: 1s\n",
     "needs: [etag, observe]\nsteps:\n  - sleep: 1s\n", 3, 15, "did you mean observe?"},
    {"params: {led: /x}\nsteps:\n  - send: GET $ledd\n",
     "params: {led: /x}\nsteps:\n  - send: GET $led\n", 5, 15,
     "nothing is called $ledd: did you mean $led?"},
    {"steps:\n  - send: GET /x\nparams: {test: /x}\n",
     "steps:\n  - send: GET /x\nparams: {t3st: /x}\n", 5, 10, "$test has a meaning already"},
};

static void a_wrong_reference_is_found_at_its_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        assert_refused(pairs[i].wrong, pairs[i].line, pairs[i].column, pairs[i].why);
        assert_reads(pairs[i].right);
    }
}

static void what_prepare_said_may_be_spoken_of(void **state)
{
    (void)state;
    /* in the order in which they run, whatever their order in the file */
    assert_reads("restore:\n  - expect: 2.05\n    of: a\nsteps:\n  - expect: 2.05\n    of: a\n"
                 "prepare:\n  - send: GET /a\n    as: a\n");
    assert_refused("restore:\n  - send: GET /a\n    as: a\nsteps:\n  - expect: 2.05\n    of: a\n",
                   8, 9, "'a' so far");
}

static void branches_may_wait_for_each_other(void **state)
{
    (void)state;
    assert_reads(
        "steps:\n  - parallel:\n      - - sleep: 1s\n        - expect: 2.05\n          of: b\n"
        "      - - send: GET /a\n          as: b\n");
    assert_refused(
        "steps:\n  - parallel:\n      - - sleep: 1s\n        - expect: 2.05\n          of: "
        "c\n      - - send: GET /a\n          as: b\n",
        7, 15, "'c' so far");
}

static void each_branch_has_a_last_message_of_its_own(void **state)
{
    (void)state;
    assert_refused("steps:\n  - parallel:\n      - - check: GET /a\n          expect: 2.05\n"
                   "      - - sleep: 1s\n        - save: {tag: etag}\n",
                   8, 11, "nothing was taken");
    assert_reads("steps:\n  - check: GET /a\n    expect: 2.05\n  - parallel:\n      - - sleep: 1s\n"
                 "      - - sleep: 1s\n        - save: {tag: etag}\n");
}

static void what_only_some_devices_see_counts_as_there(void **state)
{
    (void)state;
    assert_reads(
        "steps:\n  - when: observe\n    steps:\n      - send: GET /a\n        as: a\n"
        "      - connect: b\n      - close: first\n  - expect: [2.05, silence]\n    of: a\n"
        "  - send: GET /a\n    from: first\n");
}

static void more_than_a_case_can_hold_is_told(void **state)
{
    (void)state;
    char text[1000] = "steps:\n";
    for (int i = 1; i < 8; i++) /* with the first one, eight */
        snprintf(text + strlen(text), sizeof text - strlen(text), "  - connect: s%d\n", i);
    assert_reads(text);
    snprintf(text + strlen(text), sizeof text - strlen(text), "  - connect: s8\n");
    assert_refused(text, 11, 5, "too many sockets");

    const char branch[] = "        - - parallel:\n              - - sleep: 1s\n"
                          "              - - sleep: 1s\n              - - sleep: 1s\n"
                          "              - - sleep: 1s\n";
    snprintf(text, sizeof text, "steps:\n    - parallel:\n%s%s%s", branch, branch, branch);
    assert_reads(text); /* 1 + 3 * (1 + 4) */
    snprintf(text + strlen(text), sizeof text - strlen(text), "        - - sleep: 1s\n");
    assert_refused(text, 4, 7, "too many branches");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_wrong_reference_is_found_at_its_place),
        cmocka_unit_test(what_prepare_said_may_be_spoken_of),
        cmocka_unit_test(branches_may_wait_for_each_other),
        cmocka_unit_test(each_branch_has_a_last_message_of_its_own),
        cmocka_unit_test(what_only_some_devices_see_counts_as_there),
        cmocka_unit_test(more_than_a_case_can_hold_is_told),
    };
    return cmocka_run_group_tests_name("references", tests, NULL, NULL);
}
