/* How findings, tallies and cases become verdicts and an exit code, and how many of them are kept. */
#include <stdio.h>

#include "tests/unit/reported.h"

static void one_noisy_offender_does_not_crowd_out_others(void **state)
{
    (void)state;
    struct report r;
    report_init(&r, NULL);
    for (uint64_t packet = 1; packet <= 20000; packet++) {
        struct cs_finding f = finding(&must, packet, "again");
        report_add_finding(&r, &f, REPORT_NO_CASE);
    }
    struct cs_finding other = finding(&must, 20001, "me too");
    other.offender.port = 1;
    report_add_finding(&r, &other, REPORT_NO_CASE);
    assert_int_equal(r.finding_count, REPORT_SAME_MAX + 1);
    assert_int_equal(r.findings_not_kept, 20000 - REPORT_SAME_MAX);
    assert_int_equal(r.findings[0].times, 20001 - REPORT_SAME_MAX);
    assert_int_equal(r.findings[REPORT_SAME_MAX].packet, 20001);
    report_fini(&r);
}

static void findings_are_bounded_whoever_offends(void **state)
{
    (void)state;
    struct report r;
    report_init(&r, NULL);
    for (uint32_t i = 0; i < 30000; i++) {
        struct cs_finding f = finding(&must, i + 1, "again");
        memcpy(f.offender.ip, &i, sizeof i);
        report_add_finding(&r, &f, REPORT_NO_CASE);
    }
    assert_int_equal(r.finding_count, REPORT_FINDINGS_MAX);
    assert_int_equal(r.findings_not_kept, 30000 - REPORT_FINDINGS_MAX);
    report_fini(&r);
}

static void the_exit_code_follows_the_gravest_verdict(void **state)
{
    (void)state;
    static const struct {
        enum report_verdict cases[3];
        size_t count;
        bool interrupted;
        int expected;
    } rows[] = {
        {{REPORT_PASS}, 1, false, 0},
        {{REPORT_PASS, REPORT_WARN}, 2, false, 0},
        {{REPORT_PASS, REPORT_INCONCLUSIVE, REPORT_NOT_APPLICABLE}, 3, false, 0},
        {{REPORT_PASS, REPORT_FAIL}, 2, false, 1},
        {{REPORT_FAIL, REPORT_ERROR}, 2, false, 3},
        {{REPORT_INCONCLUSIVE}, 1, false, 5},
        {{REPORT_NOT_APPLICABLE, REPORT_NOT_EXERCISED}, 2, false, 5},
        {{REPORT_PASS}, 0, false, 5},
        {{REPORT_FAIL}, 1, true, 130},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct report r;
        report_init(&r, NULL);
        for (size_t c = 0; c < rows[i].count; c++)
            add_case(&r, "x", rows[i].cases[c], NULL);
        r.interrupted = rows[i].interrupted;
        int got = report_summarise(&r).exit_code;
        if (got != rows[i].expected)
            fail_msg("row %zu: expected %d, got %d", i, rows[i].expected, got);
        report_fini(&r);
    }
}

static void undecided_rules_do_not_spoil_a_pass(void **state)
{
    (void)state;
    struct report r;
    report_init(&r, NULL);
    report_add_tally(&r, &idle, &(struct cs_tally){.undecided = 1});
    report_judge_rules(&r);
    assert_int_equal(report_summarise(&r).exit_code, 5);
    report_add_tally(&r, &must, &(struct cs_tally){.held = 1});
    report_judge_rules(&r);
    assert_int_equal(report_summarise(&r).verdict, REPORT_PASS);
    assert_int_equal(report_summarise(&r).exit_code, 0);
    report_fini(&r);
}

static void advice_is_a_warning_unless_strict(void **state)
{
    (void)state;
    struct report r;
    report_init(&r, NULL);
    add_case(&r, "x", REPORT_FAIL, NULL);
    r.cases[0].advice = true;
    assert_int_equal(report_case_verdict(&r, &r.cases[0]), REPORT_WARN);
    assert_int_equal(report_summarise(&r).exit_code, 0);
    r.strict = true;
    assert_int_equal(report_summarise(&r).exit_code, 1);
    report_fini(&r);
}

static void the_seed_is_part_of_the_command_that_repeats(void **state)
{
    (void)state;
    struct report r;
    report_init(&r, "coapspec run 'it'\\''s --only x' --only a --seed 3 core");
    r.has_seed = true;
    r.seed = 42;
    char *line = report_repeat(&r, "core/ping");
    assert_string_equal(line, "coapspec run 'it'\\''s --only x' core --only core/ping --seed 42");
    free(line);
    report_fini(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_noisy_offender_does_not_crowd_out_others),
        cmocka_unit_test(findings_are_bounded_whoever_offends),
        cmocka_unit_test(the_exit_code_follows_the_gravest_verdict),
        cmocka_unit_test(undecided_rules_do_not_spoil_a_pass),
        cmocka_unit_test(advice_is_a_warning_unless_strict),
        cmocka_unit_test(the_seed_is_part_of_the_command_that_repeats),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
