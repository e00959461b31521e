/* Statistics: each message counts where it belongs. */
#include "reports/document/report.h"
#include "support.h"

/* Two endpoints: side 0 is the client. */
static struct cs_flow flow;

static int make_flow(void **state)
{
    (void)state;
    flow = (struct cs_flow){.first_ns = 1, .messages = {1, 0}};
    return !cs_address_parse("192.0.2.9:40000", 0, &flow.address[0]) ||
           !cs_address_parse("192.0.2.1:5683", 0, &flow.address[1]);
}

/* One message of `side`, at a time in milliseconds. */
static void add(struct report *r, unsigned side, const char *hex, uint64_t traits,
                const struct cs_sent *own, const struct cs_sent *acked,
                const struct cs_sent *request, uint64_t ms)
{
    struct cs_slice octets = exact_hex(hex);
    struct cs_event event = {0};
    cs_message_decode(CS_UDP, octets, 0, &event.message);
    const struct cs_view view = {
        .traits = traits,
        .event = &event,
        .message = &event.message,
        .flow = &flow,
        .note = flow.note,
        .own = own,
        .acked = acked,
        .request = request,
        .side = side,
        .now_ns = ms * 1000000,
    };
    report_add_event(r, &view);
    release(octets);
}

static const struct cs_sent get = {.code = 1, .responses = 1, .copies = 1};

static void an_exchange_counts_once_each(void **state)
{
    (void)state;
    struct report r;
    report_init(&r, NULL);
    add(&r, 0, "40010001", CS_T_FIRST, &get, NULL, NULL, 0);
    assert_int_equal(r.pairs[0].unanswered, 1);
    add(&r, 1, "60450001", 0, NULL, &get, &get, 25);
    assert_int_equal(r.pair_count, 1);
    const struct report_pair *p = &r.pairs[0];
    assert_int_equal(p->client.port, 40000);
    assert_int_equal(p->requests, 1);
    assert_int_equal(p->methods[1], 1);
    assert_int_equal(p->responses, 1);
    assert_int_equal(p->codes[0], CS_CODE(2, 5));
    assert_int_equal(p->code_counts[0], 1);
    assert_int_equal(p->unanswered, 0);
    assert_int_equal(p->octets[0], 4);
    assert_int_equal(p->octets[1], 4);
    assert_int_equal(report_pair_rtt(p, 50), 25000);
    assert_int_equal(p->retransmissions + p->duplicates + p->resets, 0);
    report_fini(&r);
}

static void a_copy_after_a_timeout_is_a_retransmission_and_one_at_once_a_duplicate(void **state)
{
    (void)state;
    struct report r;
    const struct cs_sent late = {.code = 1, .copies = 2, .gap_ms = {2100}};
    const struct cs_sent soon = {.code = 1, .copies = 2, .gap_ms = {3}};
    report_init(&r, NULL);
    add(&r, 0, "40010001", CS_T_FIRST, &get, NULL, NULL, 0);
    add(&r, 0, "40010001", CS_T_REPEAT, &late, NULL, NULL, 2100);
    assert_int_equal(r.pairs[0].retransmissions, 1);
    assert_int_equal(r.pairs[0].duplicates, 0);
    add(&r, 0, "40010001", CS_T_REPEAT, &soon, NULL, NULL, 2103);
    assert_int_equal(r.pairs[0].duplicates, 1);
    add(&r, 1, "60450001", CS_T_REPEAT_REPLY, NULL, &get, &get, 2104);
    assert_int_equal(r.pairs[0].duplicates, 2);
    assert_int_equal(r.pairs[0].requests, 1);
    assert_int_equal(r.pairs[0].responses, 0);
    assert_int_equal(r.pairs[0].octets[0], 12);
    report_fini(&r);
}

static void a_reset_settles_its_request(void **state)
{
    (void)state;
    struct report r;
    report_init(&r, NULL);
    add(&r, 0, "40010001", CS_T_FIRST, &get, NULL, NULL, 0);
    add(&r, 1, "70000001", 0, NULL, &get, NULL, 5);
    assert_int_equal(r.pairs[0].resets, 1);
    assert_int_equal(r.pairs[0].unanswered, 0);
    report_fini(&r);
}

static void a_request_that_wants_no_response_is_not_unanswered(void **state)
{
    (void)state;
    struct report r;
    const struct cs_sent quiet = {.code = 1, .flags = CS_SENT_NO_RESPONSE};
    report_init(&r, NULL);
    add(&r, 0, "50010001", CS_T_FIRST, &quiet, NULL, NULL, 0);
    assert_int_equal(r.pairs[0].requests, 1);
    assert_int_equal(r.pairs[0].unanswered, 0);
    report_fini(&r);
}

static void an_endpoint_in_both_roles_has_a_pair_for_each(void **state)
{
    (void)state;
    struct report r;
    report_init(&r, NULL);
    add(&r, 0, "40010001", CS_T_FIRST, &get, NULL, NULL, 0);
    add(&r, 1, "40020001", CS_T_FIRST, &get, NULL, NULL, 0);
    assert_int_equal(r.pair_count, 2);
    assert_int_equal(r.pairs[0].client.port, 40000);
    assert_int_equal(r.pairs[1].client.port, 5683);
    assert_int_equal(r.pairs[1].methods[2], 1);
    report_fini(&r);
}

static void a_flow_that_comes_again_finds_its_pair(void **state)
{
    (void)state;
    struct report r;
    report_init(&r, NULL);
    add(&r, 0, "40010001", CS_T_FIRST, &get, NULL, NULL, 0);
    memset(flow.note, 0, sizeof flow.note); /* as in a new flow */
    add(&r, 0, "40010001", CS_T_FIRST, &get, NULL, NULL, 0);
    assert_int_equal(r.pair_count, 1);
    assert_int_equal(r.pairs[0].requests, 2);
    memset(flow.note, 0, sizeof flow.note);
    flow.address[0].port = 40001;
    add(&r, 0, "40010001", CS_T_FIRST, &get, NULL, NULL, 0);
    assert_int_equal(r.pair_count, 2);
    report_fini(&r);
}

static void pairs_beyond_the_limit_are_counted(void **state)
{
    (void)state;
    struct report r;
    report_init(&r, NULL);
    for (uint64_t i = 0; i < REPORT_PAIRS_MAX + 10; i++) {
        memset(flow.note, 0, sizeof flow.note);
        flow.address[0].port = (uint16_t)(1000 + i);
        flow.messages[0] = 1;
        add(&r, 0, "40010001", CS_T_FIRST, &get, NULL, NULL, 0);
        flow.messages[0] = 2;
        add(&r, 0, "40010002", CS_T_FIRST, &get, NULL, NULL, 0);
    }
    assert_int_equal(r.pair_count, REPORT_PAIRS_MAX);
    assert_int_equal(r.pairs_not_kept, 10);
    assert_int_equal(r.pairs[0].requests, 2);
    report_fini(&r);
}

static void percentiles_are_those_of_the_sample(void **state)
{
    (void)state;
    struct report_pair p = {.rtt_seen = 20};
    for (uint32_t i = 0; i < 20; i++)
        p.rtt_us[i] = (20 - i) * 100;
    assert_int_equal(report_pair_rtt(&p, 50), 1000);
    assert_int_equal(report_pair_rtt(&p, 95), 1900);
    assert_int_equal(report_pair_rtt(&p, 100), 2000);
    p.rtt_seen = 1;
    assert_int_equal(report_pair_rtt(&p, 50), 2000);
    p.rtt_seen = 0;
    assert_int_equal(report_pair_rtt(&p, 50), 0);
}

static void the_sample_stays_fair_beyond_its_size(void **state)
{
    (void)state;
    struct report r;
    report_init(&r, NULL);
    for (uint64_t i = 0; i < 6400; i++)
        add(&r, 1, "60450001", 0, NULL, &get, &get, i);
    assert_int_equal(r.pairs[0].rtt_seen, 6400);
    uint32_t middle = report_pair_rtt(&r.pairs[0], 50) / 1000;
    if (middle < 2000 || middle > 4400)
        fail_msg("the median of 0 to 6399 ms is said to be %u", middle);
    report_fini(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(an_exchange_counts_once_each, make_flow),
        cmocka_unit_test_setup(
            a_copy_after_a_timeout_is_a_retransmission_and_one_at_once_a_duplicate, make_flow),
        cmocka_unit_test_setup(a_reset_settles_its_request, make_flow),
        cmocka_unit_test_setup(a_request_that_wants_no_response_is_not_unanswered, make_flow),
        cmocka_unit_test_setup(an_endpoint_in_both_roles_has_a_pair_for_each, make_flow),
        cmocka_unit_test_setup(a_flow_that_comes_again_finds_its_pair, make_flow),
        cmocka_unit_test_setup(pairs_beyond_the_limit_are_counted, make_flow),
        cmocka_unit_test(percentiles_are_those_of_the_sample),
        cmocka_unit_test_setup(the_sample_stays_fair_beyond_its_size, make_flow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
