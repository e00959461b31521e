/* tests/unit/steps.c: each verb is seen to hold and to fail; times are milliseconds. */
#include "tests/unit/play.h"

/* ------------------------------------------------------------------ what gets lost, comes late, twice, in disorder */

static void drop_loses_the_next_messages_like_this(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"steps:\n  - drop: out CON\n" SEND("a") TOLD("a") NOTHING, REPORT_FAIL, "no answer", ""},
        {"steps:\n  - drop: in ACK\n" SEND("a") TOLD("a") NOTHING, REPORT_FAIL, "no answer", "a"},
        {"steps:\n  - drop: out NON\n" SEND("a") TOLD("a"), REPORT_PASS, "", "a"},
        {"steps:\n  - drop: out CON GET /b\n" SEND("a") TOLD("a"), REPORT_PASS, "", "a"},
        /* one, and what comes after it passes: the request is sent again */
        {"steps:\n  - drop: in ACK\n  - send: CON GET /a\n" TOLD("a"), REPORT_PASS, "", "a a"},
        {"steps:\n  - drop: in ACK\n    times: 2\n  - send: CON GET /a\n" TOLD("a"), REPORT_PASS,
         "", "a a a"},
    };
    ASSERT_ROWS(rows);
}

static void delay_lets_a_message_come_later(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"steps:\n  - delay: in ACK\n    by: 50ms\n" SEND("a") TOLD("a") "    after: 45ms\n",
         REPORT_PASS, "", "a"},
        {"steps:\n" SEND("a") TOLD("a") "    after: 10s\n", REPORT_FAIL, "too early", "a"},
        {"steps:\n  - delay: in ACK\n    by: 10s\n" SEND("a") TOLD("a") NOTHING, REPORT_FAIL,
         "no answer", "a"},
        /* of ours: it is overtaken */
        {"steps:\n  - delay: out NON GET /a\n    by: 30ms\n" NON("a") NON("b")
             TOLD("b") "  - silence: 60ms\n    matching: RST\n",
         REPORT_PASS, "", "b a"},
        {"steps:\n" NON("a") NON("b") TOLD("b"), REPORT_PASS, "", "a b"},
    };
    ASSERT_ROWS(rows);
}

static void duplicate_says_it_twice(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"steps:\n  - duplicate: out CON\n" SEND("a") TOLD("a") TOLD("a") "    again: yes\n",
         REPORT_PASS, "", "a a"},
        {"steps:\n" SEND("a") TOLD("a") TOLD("a") "    again: yes\n" NOTHING, REPORT_FAIL,
         "no further transmission", "a"},
        {"steps:\n  - duplicate: in ACK\n" SEND("a") TOLD("a") TOLD("a") "    again: yes\n",
         REPORT_PASS, "", "a"},
        /* /count does not know duplicates */
        {"steps:\n  - duplicate: out CON\n" SEND("count") TOLD("1") TOLD("1"), REPORT_FAIL,
         "got | \"2\"", "count count"},
    };
    ASSERT_ROWS(rows);
}

static void reorder_lets_the_next_one_overtake(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"steps:\n  - reorder: out NON GET /a\n" NON("a") NON("b") TOLD("b") "  - sleep: 40ms\n",
         REPORT_PASS, "", "b a"},
        {"steps:\n  - send: NON GET /a\n    as: first\n" NON("b") TOLD("b")
             TOLD("a") "    of: first\n",
         REPORT_PASS, "", "a b"},
        {"steps:\n  - reorder: in NON 2.05 | a\n  - send: NON GET /a\n    as: first\n" NON("b")
             TOLD("b") TOLD("a") "    of: first\n",
         REPORT_PASS, "", "a b"},
    };
    ASSERT_ROWS(rows);
}

/* ------------------------------------------------------------------ lists of steps */

static void repeat_goes_through_its_steps_so_often(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"steps:\n  - repeat: 3\n    steps:\n      - check: GET /a\n        expect: 2.05\n",
         REPORT_PASS, "", "a a a"},
        {"steps:\n  - repeat: 1 + 1\n    steps:\n      - repeat: 2\n        steps:\n          - "
         "check: "
         "GET /a\n            expect: 2.05\n  - check: GET /b\n    expect: 2.05\n",
         REPORT_PASS, "", "a a a a b"},
        {"steps:\n  - repeat: 3\n    steps:\n      - check: GET /count\n        expect: 2.05 | 1\n",
         REPORT_FAIL, "expected | \"1\", got | \"2\"", "count count"},
    };
    ASSERT_ROWS(rows);
}

static void each_goes_through_its_values(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"steps:\n  - each: {path: [a, b, c]}\n    steps:\n      - check: GET /$path\n        "
         "expect: "
         "2.05 | $path\n",
         REPORT_PASS, "", "a b c"},
        {"steps:\n  - each: {path: [a, b, c]}\n    steps:\n      - check: GET /$path\n        "
         "expect: "
         "2.05 | a\n",
         REPORT_FAIL, "expected | \"a\", got | \"b\"", "a b"},
    };
    ASSERT_ROWS(rows);
}

static void when_asks_the_profile(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"steps:\n  - when: observe\n    steps:\n"
         "      - check: GET /then\n        expect: 2.05\n"
         "    else:\n      - check: GET /else\n        expect: 2.05\n",
         REPORT_PASS, "", "then"},
        {"steps:\n  - when: not observe\n    steps:\n      - check: GET /then\n        expect: "
         "2.05\n"
         "    else:\n      - check: GET /else\n        expect: 2.05\n",
         REPORT_PASS, "", "else"},
        {"steps:\n  - when: etag\n    steps:\n      - check: GET /then\n        expect: 2.05\n"
         "  - check: GET /after\n    expect: 2.05\n",
         REPORT_PASS, "", "after"},
        {"steps:\n  - when: proxy\n    steps:\n      - check: GET /then\n        expect: 2.05\n"
         "  - check: GET /after\n    expect: 2.05\n",
         REPORT_PASS, "", "after"}, /* nobody knows */
        {"steps:\n  - when: $test\n    steps:\n      - check: GET $test\n        expect: 2.05\n",
         REPORT_PASS, "", "a"},
        {"steps:\n  - when: not $large\n    steps:\n      - check: GET /then\n        expect: "
         "4.04\n",
         REPORT_FAIL, "expected 4.04, got 2.05", "then"},
    };
    ASSERT_ROWS(rows);
}

static void parallel_is_over_when_all_branches_are(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"steps:\n  - parallel:\n      - - sleep: 40ms\n        - check: GET /a\n          expect: "
         "2.05\n"
         "      - - check: GET /b\n          expect: 2.05\n"
         "  - check: GET /c\n    expect: 2.05\n",
         REPORT_PASS, "", "b a c"},
        /* each waits for the answer to its own message */
        {"steps:\n  - parallel:\n      - - send: NON GET /slow\n        - expect: 2.05 | slow\n"
         "      - - send: NON GET /a\n        - expect: 2.05 | a\n",
         REPORT_PASS, "", "slow a"},
        {"steps:\n  - parallel:\n      - - sleep: 40ms\n      - - check: GET /b\n          expect: "
         "4.04\n"
         "  - check: GET /c\n    expect: 2.05\n",
         REPORT_FAIL, "expected 4.04, got 2.05", "b"},
    };
    ASSERT_ROWS(rows);
}

/* ------------------------------------------------------------------ silence, time, commands */

static void silence_is_broken_by_what_comes(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"steps:\n" NON("silent") "  - silence: 30ms\n", REPORT_PASS, "", "silent"},
        {"steps:\n" NON("slow") "  - silence: 5s\n", REPORT_FAIL, "expected silence, got NON 2.05",
         "slow"},
        {"steps:\n" NON("slow") "  - silence: 80ms\n    matching: RST\n" TOLD("slow"), REPORT_PASS,
         "", "slow"},
        {"steps:\n" NON("slow") "  - silence: 5s\n    matching: 2.xx\n", REPORT_FAIL,
         "expected silence", "slow"},
        /* the ACK that is due is no noise; the response is */
        {"steps:\n" SEND("separate") "  - silence: 5s\n", REPORT_FAIL, "got CON 2.05", "separate"},
    };
    ASSERT_ROWS(rows);
}

static void sleep_lets_time_pass(void **state)
{
    (void)state;
    const uint64_t began = net_now();
    static const struct row rows[] = {
        {"steps:\n" NON("a") "  - sleep: 70ms\n" TOLD("a"), REPORT_PASS, "", "a"}};
    ASSERT_ROWS(rows);
    assert_true(net_now() - began >= 70 * NET_MS);
}

static void exec_waits_for_its_command(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"steps:\n  - exec: true\n  - check: GET /a\n    expect: 2.05\n", REPORT_PASS, "", "a"},
        {"steps:\n  - exec: test $unique != unique\n", REPORT_PASS, "", ""},
        {"steps:\n  - exec: exit 3\n  - check: GET /a\n    expect: 2.05\n", REPORT_ERROR,
         "the command exited with status 3", ""},
        {"steps:\n  - exec: kill -9 $$$$\n", REPORT_ERROR, "was ended by signal 9", ""},
        {"steps:\n  - exec: sleep 20\n    within: 30ms\n", REPORT_ERROR,
         "the command was not done in time", ""},
    };
    ASSERT_ROWS(rows);
}

static void a_case_has_a_limit_and_cleans_up(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"limit: 50ms\nsteps:\n  - sleep: 1h\nrestore:\n  - check: GET /restored\n    expect: "
         "2.05\n",
         REPORT_FAIL, "not over within its limit", "restored"},
        /* steps that never wait are interrupted, too */
        {"limit: 50ms\nsteps:\n  - repeat: 100000\n    steps:\n      - repeat: 100000\n        "
         "steps:\n"
         "          - connect: first\n",
         REPORT_FAIL, "not over within its limit", ""},
    };
    const uint64_t began = net_now();
    ASSERT_ROWS(rows);
    assert_true(net_now() - began < 15 * NET_SECOND);
}

static void prepare_and_restore_do_not_judge(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"prepare:\n  - check: GET /a\n    expect: 4.04\nsteps:\n  - check: GET /b\n    expect: "
         "2.05\nrestore:\n  - check: GET /c\n    expect: 4.04\n",
         REPORT_INCONCLUSIVE, "the ground for it could not be prepared", "a c"},
        {"steps:\n  - check: GET /b\n    expect: 2.05\nrestore:\n  - check: GET /c\n    expect: "
         "4.04\n",
         REPORT_PASS, "", "b c"},
        {"steps:\n  - check: GET /b\n    expect: 4.04\nrestore:\n  - check: GET /c\n    expect: "
         "2.05\n",
         REPORT_FAIL, "expected 4.04", "b c"},
    };
    ASSERT_ROWS(rows);
}

/* ------------------------------------------------------------------ sockets, names */

static void connect_and_close_are_about_sockets(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"steps:\n  - check: GET /a\n    expect: 2.05\n  - connect: other\n  - check: GET /b\n    "
         "expect: 2.05\n  - close: other\n  - check: GET /c\n    expect: 2.05\n  - connect: "
         "other\n  - "
         "check: GET /d\n    expect: 2.05\n  - check: GET /e\n    expect: 2.05\n    from: first\n",
         REPORT_PASS, "", "a b c d e"},
    };
    ASSERT_ROWS(rows);
    assert_int_equal(device.seen_count, 5);
    assert_int_not_equal(device.ports[0], device.ports[1]);
    assert_int_equal(device.ports[0], device.ports[2]); /* the one that is left */
    assert_int_not_equal(device.ports[0], device.ports[3]);
    assert_int_equal(device.ports[0], device.ports[4]);
    static const struct row closed[] = {
        {"steps:\n  - connect: other\n" NON(
             "slow") "  - close: other\n  - expect: 2.05\n    within: "
                     "120ms\n",
         REPORT_FAIL, "no answer", "slow"},
        {"steps:\n  - connect: other\n" NON("slow") "  - close: first\n  - expect: 2.05\n",
         REPORT_PASS, "", "slow"},
    };
    ASSERT_ROWS(closed);
}

static void save_keeps_fields_for_later(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"steps:\n  - check: GET /count\n    expect: 2.05\n    save: {n: payload}\n  - check: GET "
         "/count\n    expect: 2.05 | ${$n + 1}\n",
         REPORT_PASS, "", "count count"},
        {"steps:\n  - check: GET /count\n    expect: 2.05\n  - save: {n: payload}\n  - check: GET "
         "/count\n    expect: 2.05 | $n\n",
         REPORT_FAIL, "expected | \"1\", got | \"2\"", "count count"},
        {"steps:\n  - check: GET /a\n    expect: 2.05\n    save: {tag: etag}\n", REPORT_FAIL,
         "there is no etag to save", "a"},
        /* what a device sends may be no number: its fault, not ours */
        {"steps:\n  - check: GET /a\n    expect: 2.05\n    save: {n: payload}\n  - repeat: $n\n    "
         "steps:\n      - sleep: 1ms\n",
         REPORT_FAIL, "what the device sent cannot be used here", "a"},
        {"steps:\n  - check: GET /bare\n    expect: 2.05\n    save: {hex: payload_hex}\n  - check: "
         "GET "
         "/a$hex\n    expect: 2.05\n",
         REPORT_PASS, "", "bare a"},
    };
    ASSERT_ROWS(rows);
}

static void params_have_values_of_the_scenario(void **state)
{
    (void)state;
    static const struct row rows[] = {{"params: {led: /lamp, wait: 1ms}\nsteps:\n  - sleep: "
                                       "$wait\n  - check: GET $led\n    expect: "
                                       "2.05\n",
                                       REPORT_PASS, "", "lamp"}};
    ASSERT_ROWS(rows);
}

static void differ_wants_intervals_that_are_not_alike(void **state)
{
    (void)state;
#define INTERVAL                                                                                   \
    "      - send: NON GET /$path\n      - expect: 2.05\n        save: {took: interval}\n"
    static const struct row rows[] = {
        {"steps:\n  - each: {path: [slow, a]}\n    steps:\n" INTERVAL
         "  - uneven: took\n    by: 10ms\n",
         REPORT_PASS, "", "slow a"},
        {"steps:\n  - each: {path: [slow, a]}\n    steps:\n" INTERVAL
         "  - uneven: took\n    by: 1h\n",
         REPORT_FAIL, "all lie within", "slow a"},
    };
    ASSERT_ROWS(rows);
}

/* ------------------------------------------------------------------ a device that is a client */

static void assert_client(const char *steps, const char *request, enum report_verdict verdict,
                          const char *reason, const char *heard)
{
    play(steps, request);
    if (outcome.verdict != verdict || strstr(outcome.reason, reason) == NULL)
        fail_msg("expected %s: %s\ngot %s: %s\nof:\n%s", report_verdict_text(verdict), reason,
                 report_verdict_text(outcome.verdict), outcome.reason, steps);
    if (strstr(device.heard, heard) == NULL)
        fail_msg("expected the client to hear %s, not %s", heard, device.heard);
}

static void await_takes_a_request_and_reply_answers_it(void **state)
{
    (void)state;
    const char pass[] = "steps:\n  - await: CON GET /a\n    save: {asked: path}\n"
                        "  - reply: 2.05 | $asked\n";
    assert_client(pass, "CON GET /a", REPORT_PASS, "", "ACK 2.05 tok=0a mid=0x004d | \"/a\"");
    assert_client("steps:\n  - await: NON GET /a\n  - reply: 2.05 | a\n", "NON GET /a", REPORT_PASS,
                  "", "NON 2.05 tok=0a");
    assert_client("steps:\n  - await: GET /b\n    within: 60ms\n", "CON GET /a", REPORT_FAIL,
                  "no such request", "");
    assert_client("steps:\n  - await: GET /a\n    within: 60ms\n", "", REPORT_INCONCLUSIVE,
                  "nothing at all came", "");
    assert_client("steps:\n  - await: GET /a\n    within: 60ms\n    optional: yes\n", "CON PUT /a",
                  REPORT_PASS, "", "");
    assert_client(
        "steps:\n  - await: GET /a\n  - await: GET /a\n    again: yes\n    within: 60ms\n",
        "CON GET /a", REPORT_FAIL, "no further transmission", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(drop_loses_the_next_messages_like_this),
        cmocka_unit_test(delay_lets_a_message_come_later),
        cmocka_unit_test(duplicate_says_it_twice),
        cmocka_unit_test(reorder_lets_the_next_one_overtake),
        cmocka_unit_test(repeat_goes_through_its_steps_so_often),
        cmocka_unit_test(each_goes_through_its_values),
        cmocka_unit_test(when_asks_the_profile),
        cmocka_unit_test(parallel_is_over_when_all_branches_are),
        cmocka_unit_test(silence_is_broken_by_what_comes),
        cmocka_unit_test(sleep_lets_time_pass),
        cmocka_unit_test(exec_waits_for_its_command),
        cmocka_unit_test(a_case_has_a_limit_and_cleans_up),
        cmocka_unit_test(prepare_and_restore_do_not_judge),
        cmocka_unit_test(connect_and_close_are_about_sockets),
        cmocka_unit_test(save_keeps_fields_for_later),
        cmocka_unit_test(params_have_values_of_the_scenario),
        cmocka_unit_test(differ_wants_intervals_that_are_not_alike),
        cmocka_unit_test(await_takes_a_request_and_reply_answers_it),
    };
    return cmocka_run_group_tests_name("steps", tests, NULL, NULL);
}
