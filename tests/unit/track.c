/* What the tracker says of a dialogue: traits and records, seen through on_event and a rule on closed records. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "coapspec/analysis.h"
#include "tests/specimen/specimen.h"
#include "track/ledgers.h"
#include "track/track.h"

enum { EVENTS_MAX = 64 };

struct seen {
    size_t count, closed;
    struct {
        uint64_t traits;
        struct cs_sent own, acked, request, former;
        bool has_own, has_acked, has_request, has_former;
        uint16_t open[2];
    } at[EVENTS_MAX];
    struct cs_sent closed_own[EVENTS_MAX];
    bool closed_ended[EVENTS_MAX];
};

static struct seen seen;

static void keep_event(void *user, const struct cs_view *view)
{
    (void)user;
    size_t i = seen.count++;
    assert_true(i < EVENTS_MAX);
    seen.at[i].traits = view->traits;
    if ((seen.at[i].has_own = view->own != NULL))
        seen.at[i].own = *view->own;
    if ((seen.at[i].has_acked = view->acked != NULL))
        seen.at[i].acked = *view->acked;
    if ((seen.at[i].has_request = view->request != NULL))
        seen.at[i].request = *view->request;
    if ((seen.at[i].has_former = view->former != NULL))
        seen.at[i].former = *view->former;
    memcpy(seen.at[i].open, view->flow->open_requests, sizeof seen.at[i].open);
}

static struct cs_verdict keep_closed(const struct cs_view *view)
{
    assert_true(seen.closed < EVENTS_MAX);
    seen.closed_ended[seen.closed] = view->ended;
    seen.closed_own[seen.closed++] = *view->own;
    return cs_silent();
}

static const struct cs_rule watcher = {
    .id = "toy/closed", .of = CS_OF_CLOSED, .check = keep_closed};
static const struct cs_rule *const rules[] = {&watcher};

static void play(const char *text)
{
    struct cs_error error = {{0}, 0, 0, {0}};
    struct cs_settings settings = {.rules = rules, .rule_count = 1, .on_event = keep_event};
    memset(&seen, 0, sizeof seen);
    struct cs_analysis *analysis = cs_specimen_play(text, &settings, &error);
    if (analysis == NULL)
        fail_msg("line %u column %u: %s", error.line, error.column, error.text);
    cs_analysis_free(analysis);
}

static bool has(size_t event, uint64_t traits)
{
    return (seen.at[event].traits & traits) == traits;
}

static void a_piggybacked_response_is_matched_by_message_id(void **state)
{
    (void)state;
    play("> CON GET /a tok=01 mid=1\n< ACK 2.05 tok=01 mid=1");
    assert_true(has(0, CS_T_FIRST | CS_T_CON | CS_T_REQUEST | CS_T_HAS_TOKEN));
    assert_int_equal(seen.at[0].open[0], 1);
    assert_true(has(1, CS_T_REPLY | CS_T_ANSWER | CS_T_PIGGYBACKED | CS_T_SUCCESS));
    assert_int_equal(seen.at[1].acked.packet, 1);
    assert_int_equal(seen.at[1].request.response_code, CS_CODE(2, 5));
    assert_int_equal(seen.at[1].request.reply_us, 10000);
    assert_int_equal(seen.at[1].open[0], 0);
    assert_int_equal(seen.closed, 1);
    assert_true(seen.closed_ended[0]);
}

static void a_separate_response_is_matched_by_token(void **state)
{
    (void)state;
    play("> CON GET /a tok=01 mid=1\n< ACK 0.00 mid=1\n+3 < CON 2.05 tok=01 mid=7\n> ACK 0.00 "
         "mid=7");
    assert_true(has(1, CS_T_REPLY | CS_T_EMPTY));
    assert_false(has(1, CS_T_ANSWER));
    assert_true(has(2, CS_T_SEPARATE | CS_T_ANSWER | CS_T_FIRST));
    assert_int_equal(seen.at[2].request.packet, 1);
    assert_true((seen.at[2].request.flags & CS_SENT_SEPARATE) != 0);
    assert_int_equal(seen.at[3].acked.packet, 3);
}

static void another_token_does_not_match(void **state)
{
    (void)state;
    play("> NON GET /a tok=01\n< NON 2.05 tok=02");
    assert_true(has(1, CS_T_STRAY_RESPONSE));
    assert_false(seen.at[1].has_request);
}

static void a_retransmission_is_a_repeat_with_its_gap(void **state)
{
    (void)state;
    play("> CON GET /a tok=01 mid=1\n+2.5 > CON GET /a tok=01 mid=1\n+5 > CON GET /a tok=01 mid=1\n"
         "< ACK 2.05 tok=01 mid=1\n< ACK 2.05 tok=01 mid=1\n< ACK 2.04 tok=01 mid=1");
    assert_true(has(1, CS_T_REPEAT));
    assert_false(has(1, CS_T_FIRST));
    assert_int_equal(seen.at[2].own.copies, 3);
    assert_int_equal(seen.at[2].own.gap_ms[0], 2500);
    assert_int_equal(seen.at[2].own.gap_ms[1], 5000);
    assert_int_equal(seen.at[2].own.packet, 1);
    assert_int_equal(seen.at[2].open[0], 1);
    assert_false(has(3, CS_T_REPEAT_REPLY));
    assert_true(has(4, CS_T_REPEAT_REPLY));
    assert_false((seen.at[4].acked.flags & CS_SENT_REPLY_DIFFERED) != 0);
    assert_true((seen.at[5].acked.flags & CS_SENT_REPLY_DIFFERED) != 0);
    assert_int_equal(seen.at[5].acked.replies, 3);
}

static void observe_and_max_age_may_change_in_a_retransmission(void **state)
{
    (void)state;
    play("> CON GET /a observe=0 tok=01 mid=1\n< ACK 2.05 observe=1 tok=01 mid=1\n"
         "< CON 2.05 observe=2 max-age=9 tok=01 mid=8 | x\n+2 < CON 2.05 observe=3 max-age=7 "
         "tok=01 mid=8 | x");
    assert_true(has(3, CS_T_REPEAT));
}

static void other_content_under_the_same_message_id_is_reuse(void **state)
{
    (void)state;
    play("> CON GET /a tok=01 mid=1\n< ACK 2.05 tok=01 mid=1\n> CON GET /b tok=02 mid=1");
    assert_true(has(2, CS_T_MID_REUSED | CS_T_FIRST));
    assert_int_equal(seen.at[2].former.packet, 1);
    assert_false(has(2, CS_T_REPEAT));
}

static void message_ids_live_for_exchange_lifetime(void **state)
{
    (void)state;
    play("> CON GET /a tok=01 mid=1\n< ACK 2.05 tok=01 mid=1\n+246 > CON GET /b tok=02 mid=1");
    assert_true(has(2, CS_T_MID_REUSED));
    play("> CON GET /a tok=01 mid=1\n< ACK 2.05 tok=01 mid=1\n+248 > CON GET /b tok=02 mid=1");
    assert_false(has(2, CS_T_MID_REUSED));
    assert_int_equal(seen.closed, 2);
    assert_false(seen.closed_ended[0]);
    assert_true(seen.closed_ended[1]);
}

static void those_of_non_live_for_non_lifetime(void **state)
{
    (void)state;
    play("> NON GET /a tok=01 mid=1\n+144 > NON GET /b tok=02 mid=1");
    assert_true(has(1, CS_T_MID_REUSED));
    play("> NON GET /a tok=01 mid=1\n+146 > NON GET /b tok=02 mid=1");
    assert_false(has(1, CS_T_MID_REUSED));
}

static void each_direction_has_its_own_message_ids(void **state)
{
    (void)state;
    play("> CON GET /a tok=01 mid=1\n< CON 2.05 tok=01 mid=1\n> ACK 0.00 mid=1");
    assert_false(has(1, CS_T_MID_REUSED));
    assert_int_equal(seen.at[2].acked.packet, 2);
}

static void two_clients_on_one_server_are_two_flows(void **state)
{
    (void)state;
    play("> CON GET /a tok=01 mid=1\n2> CON GET /b tok=01 mid=1\n2< ACK 2.05 tok=01 mid=1");
    assert_false(has(1, CS_T_MID_REUSED));
    assert_false(has(1, CS_T_TOKEN_SHARED));
    assert_int_equal(seen.at[2].request.packet, 2);
}

static void a_token_of_an_open_request_is_shared(void **state)
{
    (void)state;
    play("> CON GET /a tok=01 mid=1\n> CON GET /b tok=01 mid=2");
    assert_true(has(1, CS_T_TOKEN_SHARED));
    assert_int_equal(seen.at[1].former.packet, 1);
    play("> CON GET /a tok=01 mid=1\n< ACK 2.05 tok=01 mid=1\n> CON GET /b tok=01 mid=2");
    assert_false(has(2, CS_T_TOKEN_SHARED));
}

static void notifications_match_long_after_the_exchange(void **state)
{
    (void)state;
    play("> CON GET /a observe=0 tok=01 mid=1\n< ACK 2.05 observe=1 tok=01 mid=1\n"
         "+1000 < NON 2.05 observe=2 tok=01 mid=9\n+80000 < NON 2.05 observe=3 tok=01 mid=10\n"
         "+80000 < NON 2.05 observe=4 tok=01 mid=11");
    assert_true(has(2, CS_T_ANSWER));
    assert_true(has(3, CS_T_ANSWER));
    assert_true(has(4, CS_T_ANSWER));
    size_t requests = 0;
    for (size_t i = 0; i < seen.closed; i++)
        requests += seen.closed_own[i].packet == 1;
    assert_int_equal(requests, 1); /* its exchange was closed once */
}

static void a_plain_request_is_forgotten_after_its_lifetime(void **state)
{
    (void)state;
    play("> CON GET /a tok=01 mid=1\n< ACK 2.05 tok=01 mid=1\n+1000 < NON 2.05 tok=01 mid=9");
    assert_true(has(2, CS_T_STRAY_RESPONSE));
}

static void a_multicast_request_is_answered_from_other_addresses(void **state)
{
    (void)state;
    play(">* NON GET /a tok=01\n< NON 2.05 tok=01\ns2< NON 2.05 tok=01");
    assert_true(has(0, CS_T_MULTICAST));
    assert_true(has(1, CS_T_ANSWER));
    assert_true(has(2, CS_T_ANSWER));
    assert_true((seen.at[2].request.traits & CS_T_MULTICAST) != 0);
}

static void replies_without_a_message_are_stray(void **state)
{
    (void)state;
    play("< ACK 2.05 tok=01 mid=1\n< RST 0.00 mid=2");
    assert_true(has(0, CS_T_STRAY_REPLY | CS_T_STRAY_RESPONSE));
    assert_true(has(1, CS_T_STRAY_REPLY | CS_T_RST));
}

static void a_malformed_confirmable_message_is_still_known_by_its_message_id(void **state)
{
    (void)state;
    play("> raw: 40 01 00 07 ff\n< RST 0.00 mid=7");
    assert_true(has(0, CS_T_MALFORMED | CS_T_CON));
    assert_true(has(1, CS_T_REPLY));
    assert_int_equal(seen.at[1].acked.fault, CS_FAULT_NO_PAYLOAD);
}

/* ---------------------------------------------------------------- memory */

static void flood(struct cs_analysis *analysis, unsigned count, bool spread)
{
    uint8_t octets[] = {0x41, 0x01, 0, 0, 0};
    for (unsigned i = 0; i < count; i++) {
        struct cs_datagram d = {
            .time_ns = 1000000000 + i, .packet = i + 1, .octets = {octets, sizeof octets}};
        d.src = (struct cs_address){.family = 4, .port = (uint16_t)(spread ? i : 7)};
        memcpy(d.src.ip, &(uint32_t){spread ? i >> 8 : 1}, 4);
        d.dst = (struct cs_address){.family = 4, .port = 5683, .ip = {9}};
        octets[2] = (uint8_t)(i >> 8);
        octets[3] = (uint8_t)i;
        octets[4] = (uint8_t)(i >> 16);
        cs_analysis_datagram(analysis, &d);
    }
}

static void memory_is_bounded_and_evictions_are_counted(void **state)
{
    (void)state;
    for (int spread = 0; spread < 2; spread++) {
        struct cs_settings settings = {.memory = 2 << 20, .rules = rules, .rule_count = 0};
        struct cs_analysis *analysis = cs_analysis_new(&settings);
        flood(analysis, 200000, spread != 0);
        struct cs_counts counts = cs_analysis_counts(analysis);
        assert_true(counts.memory <= settings.memory);
        assert_true(counts.evicted_messages > 100000);
        assert_true(counts.sent_now > 1000);
        cs_analysis_end(analysis);
        counts = cs_analysis_counts(analysis);
        assert_int_equal(counts.sent_now, 0);
        assert_int_equal(counts.flows_now, 0);
        cs_analysis_free(analysis);
    }
}

static void a_flow_known_by_replies_alone_is_one_flow_and_ends(void **state)
{
    (void)state;
    uint8_t octets[] = {0x70, 0x00, 0, 0};
    struct cs_settings settings = {
        .memory = 1 << 20, .rules = rules, .rule_count = 0, .whole = true};
    struct cs_analysis *analysis = cs_analysis_new(&settings);
    for (unsigned i = 0; i < 1000; i++) {
        struct cs_datagram d = {
            .time_ns = 1000000000 + i, .packet = i + 1, .octets = {octets, sizeof octets}};
        d.src = (struct cs_address){.family = 4, .port = 7, .ip = {1}};
        d.dst = (struct cs_address){.family = 4, .port = 5683, .ip = {9}};
        cs_analysis_datagram(analysis, &d);
    }
    struct cs_counts counts = cs_analysis_counts(analysis);
    assert_int_equal(counts.flows, 1);
    assert_int_equal(counts.flows_now, 1);
    cs_analysis_time(analysis, UINT64_C(200000000000));
    assert_int_equal(cs_analysis_counts(analysis).flows_now, 0);
    cs_analysis_free(analysis);
}

enum { MANY = 1000 };

static void count_matched(void *user, const struct cs_view *view)
{
    size_t *matched = user;
    *matched += (view->traits & CS_T_ANSWER) != 0 && view->request_flow == view->flow;
    assert_true((view->traits & CS_T_TOKEN_SHARED) == 0);
}

/* One message between a client that has one token for everything and its n-th server. */
static void say_to(struct cs_analysis *analysis, unsigned n, bool request, uint64_t time_ns)
{
    uint8_t octets[] = {0x51, request ? 0x01 : 0x45, (uint8_t)(n >> 8), (uint8_t)n, 0x2a};
    const struct cs_address client = {.family = 4, .port = 5683, .ip = {9}};
    const struct cs_address server = {
        .family = 4, .port = 5683, .ip = {10, 0, (uint8_t)(n >> 8), (uint8_t)n}};
    const struct cs_datagram d = {.time_ns = time_ns,
                                  .packet = 1,
                                  .src = request ? client : server,
                                  .dst = request ? server : client,
                                  .octets = {octets, sizeof octets}};
    cs_analysis_datagram(analysis, &d);
}

static void one_token_serves_a_thousand_servers_at_once(void **state)
{
    (void)state;
    size_t matched = 0;
    const struct cs_settings settings = {
        .rules = rules, .user = &matched, .on_event = count_matched};
    struct cs_analysis *analysis = cs_analysis_new(&settings);
    for (unsigned round = 0; round < 2; round++) {
        const uint64_t began = UINT64_C(1000000000) * (1 + 10 * round);
        for (unsigned n = 0; n < MANY; n++)
            say_to(analysis, n, true, began + n);
        for (unsigned n = 0; n < MANY; n++)
            say_to(analysis, n, false, began + UINT64_C(1000000000) + n);
    }
    assert_int_equal(matched, 2 * MANY);
    assert_int_equal(cs_analysis_counts(analysis).evicted_messages, 0);
    cs_analysis_free(analysis);
}

static void an_answer_from_elsewhere_is_matched_unless_it_might_be_anothers(void **state)
{
    (void)state;
    play("> NON GET /a tok=01 mid=1\ns2< NON 2.05 tok=01 mid=9");
    assert_true(has(1, CS_T_ANSWER));
    play("> NON GET /a tok=01 mid=1\n>* NON GET /a tok=01 mid=2\ns2< NON 2.05 tok=01 mid=9");
    assert_int_equal(seen.at[2].request.packet, 2);
    play(">* NON GET /a tok=01 mid=1\n> NON GET /a tok=01 mid=2\n< NON 2.05 tok=01 mid=9");
    assert_int_equal(seen.at[2].request.packet, 2);
    play("> NON GET /a tok=01 mid=1\n>* NON GET /a tok=01 mid=2\n< NON 2.05 tok=01 mid=9");
    assert_int_equal(seen.at[2].request.packet, 2);
}

/* Whatever stands in the memory of a view, nothing of it is left. */
static void a_view_begins_empty(void **state)
{
    (void)state;
    const struct cs_ledger_setup setup = {.memory = 1 << 20, .parameters = &cs_parameters_default};
    void *tracker = cs_ledger_messages.new(&setup);
    assert_non_null(tracker);
    struct cs_event event = {
        .datagram = {.time_ns = 1, .packet = 1, .src = {.port = 1}, .dst = {.port = 2}}};
    assert_true(cs_message_decode(CS_UDP, (struct cs_slice){(const uint8_t *)"\x60\0\0\1", 4}, 0,
                                  &event.message));
    struct cs_keys keys;
    union {
        struct cs_view view;
        uint64_t words[sizeof(struct cs_view) / sizeof(uint64_t)];
    } u;
    memset(&u, 0xa5, sizeof u);
    cs_keys_make(cs_tracker_key_maker(tracker), &event, &keys);
    cs_tracker_prepare(tracker, &event, &keys);
    cs_tracker_event(tracker, &event, &keys, &u.view);
    for (size_t i = 0; i < sizeof u.words / sizeof u.words[0]; i++)
        if (u.words[i] == UINT64_C(0xa5a5a5a5a5a5a5a5))
            fail_msg("octets %zu to %zu of struct cs_view are not set", 8 * i, 8 * i + 7);
    cs_ledger_messages.free(tracker);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_view_begins_empty),
        cmocka_unit_test(a_piggybacked_response_is_matched_by_message_id),
        cmocka_unit_test(a_separate_response_is_matched_by_token),
        cmocka_unit_test(another_token_does_not_match),
        cmocka_unit_test(a_retransmission_is_a_repeat_with_its_gap),
        cmocka_unit_test(observe_and_max_age_may_change_in_a_retransmission),
        cmocka_unit_test(other_content_under_the_same_message_id_is_reuse),
        cmocka_unit_test(message_ids_live_for_exchange_lifetime),
        cmocka_unit_test(those_of_non_live_for_non_lifetime),
        cmocka_unit_test(each_direction_has_its_own_message_ids),
        cmocka_unit_test(two_clients_on_one_server_are_two_flows),
        cmocka_unit_test(a_token_of_an_open_request_is_shared),
        cmocka_unit_test(notifications_match_long_after_the_exchange),
        cmocka_unit_test(a_plain_request_is_forgotten_after_its_lifetime),
        cmocka_unit_test(a_multicast_request_is_answered_from_other_addresses),
        cmocka_unit_test(replies_without_a_message_are_stray),
        cmocka_unit_test(a_malformed_confirmable_message_is_still_known_by_its_message_id),
        cmocka_unit_test(a_flow_known_by_replies_alone_is_one_flow_and_ends),
        cmocka_unit_test(one_token_serves_a_thousand_servers_at_once),
        cmocka_unit_test(an_answer_from_elsewhere_is_matched_unless_it_might_be_anothers),
        cmocka_unit_test(memory_is_bounded_and_evictions_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
