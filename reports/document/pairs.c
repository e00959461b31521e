/* reports/document/pairs.c: who talked to whom, how much and how fast.
 *
 * This meets every message of a capture: nothing is allocated but the pairs, and a message finds its pair by
 * one look at its flow. */
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/table.h"
#include "reports/document/private.h"

/* A CON or NON seen again sooner than this was doubled on its way: nobody retransmits so early (RFC 7252 section 4.8:
 * ACK_TIMEOUT is 2 s). */
static const uint64_t duplicate_ns = UINT64_C(500000000);

static uint64_t hash_addresses(const struct cs_address *client, const struct cs_address *server)
{
    return cs_mix(cs_hash_address(1, client), cs_hash_address(2, server));
}

static bool grow(struct report *report)
{
    if ((report->pair_count & (report->pair_count - 1)) !=
        0) /* capacity is a power of two, 0 at first */
        return true;
    const size_t cap = report->pair_count == 0 ? 1 : report->pair_count * 2;
    /* C11 wants whole multiples of the alignment */
    const size_t octets =
        (cap * sizeof *report->pairs + CS_CACHE_LINE - 1) / CS_CACHE_LINE * CS_CACHE_LINE;
    struct report_pair *more = aligned_alloc(CS_CACHE_LINE, octets);
    if (more == NULL)
        return false;
    if (report->pair_count > 0)
        memcpy(more, report->pairs, report->pair_count * sizeof *more);
    free(report->pairs);
    report->pairs = more;
    return true;
}

void report_add_pair(struct report *report, const struct report_pair *pair)
{
    if (report->pair_count < REPORT_PAIRS_MAX && grow(report))
        report->pairs[report->pair_count++] = *pair;
    else
        report->pairs_not_kept++;
}

/* 1 + index of the pair, made if need be; REPORT_NO_PAIR when the table is full. */
static uint16_t look_up(struct report *report, const struct cs_address *client,
                        const struct cs_address *server)
{
    uint64_t hash = hash_addresses(client, server);
    uint16_t tag = (uint16_t)(hash >> 48);
    for (size_t i = 0; i < REPORT_SLOTS_MAX; i++) {
        size_t place = (hash + i) % REPORT_SLOTS_MAX;
        uint16_t index = report->index->slots[place].pair;
        if (index == 0) {
            if (report->pair_count == REPORT_PAIRS_MAX || !grow(report))
                break;
            report->pairs[report->pair_count] =
                (struct report_pair){.client = *client, .server = *server};
            index = (uint16_t)++report->pair_count;
            report->index->slots[place].tag = tag;
            report->index->slots[place].pair = index;
            return index;
        }
        if (report->index->slots[place].tag != tag)
            continue;
        const struct report_pair *p = &report->pairs[index - 1];
        if (cs_address_equal(&p->client, client) && cs_address_equal(&p->server, server))
            return index;
    }
    return REPORT_NO_PAIR;
}

/* The side that is the client in what this message belongs to. An Empty message that belongs to nothing (ping) is counted
 * for the side that began the flow. */
static unsigned client_side(const struct cs_view *view)
{
    uint8_t code = view->message->code;
    if (cs_code_is_request(code))
        return view->side;
    if (cs_code_is_response(code))
        return 1 - view->side;
    if (view->acked != NULL && cs_code_is_request(view->acked->code))
        return 1 - view->side;
    if (view->acked != NULL && cs_code_is_response(view->acked->code))
        return view->side;
    return 0;
}

/* The flow itself remembers its pairs: 1 + index, by the side that is the client. */
static struct report_pair *pair_of(struct report *report, const struct cs_view *view,
                                   unsigned client)
{
    const struct cs_flow *flow = view->flow;
    uint16_t *note = &view->note[client];
    if (*note == 0) {
        *note = look_up(report, &flow->address[client], &flow->address[1 - client]);
        if (*note == REPORT_NO_PAIR && flow->messages[0] + flow->messages[1] == 1)
            report->pairs_not_kept++;
    }
    return *note == REPORT_NO_PAIR ? NULL : &report->pairs[*note - 1];
}

static void count_repeat(struct report_pair *pair, const struct cs_view *view)
{
    const struct cs_sent *own = view->own;
    uint64_t gap_ns =
        own->last_us * UINT64_C(1000); /* since the first; exact for the second copy */
    if (own->copies >= 2 && own->copies <= 5)
        gap_ns = own->gap_ms[own->copies - 2] * UINT64_C(1000000);
    *(gap_ns < duplicate_ns ? &pair->duplicates : &pair->retransmissions) += 1;
}

static void count_request(struct report_pair *pair, const struct cs_view *view)
{
    unsigned detail = CS_CODE_DETAIL(view->message->code);
    pair->requests++;
    pair->methods[detail < 8 ? detail : 0]++;
    if (view->own != NULL && cs_sent_expects_answer(view->own))
        pair->unanswered++; /* until the response comes */
}

static void count_code(struct report_pair *pair, uint8_t code)
{
    for (size_t i = 0; i < REPORT_CODES_MAX; i++) {
        if (pair->codes[i] != code && pair->codes[i] != 0)
            continue;
        pair->codes[i] = code;
        pair->code_counts[i]++;
        return;
    }
    pair->codes_other++;
}

/* Reservoir sampling: every value has the same chance to be among the kept. */
static void sample_rtt(struct report *report, struct report_pair *pair, uint64_t rtt_ns)
{
    uint64_t us = rtt_ns / 1000, place = pair->rtt_seen++;
    if (place >= REPORT_RTT_MAX) {
        report->index->random =
            report->index->random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        place = (report->index->random >> 33) % pair->rtt_seen;
    }
    if (place < REPORT_RTT_MAX)
        pair->rtt_us[place] = us < UINT32_MAX ? (uint32_t)us : UINT32_MAX;
}

static void settle(struct report_pair *pair, const struct cs_sent *request)
{
    if (cs_sent_expects_answer(request) && pair->unanswered > 0)
        pair->unanswered--;
}

static void count_response(struct report *report, struct report_pair *pair,
                           const struct cs_view *view)
{
    const struct cs_sent *request = view->request;
    pair->responses++;
    count_code(pair, view->message->code);
    if (request == NULL || request->responses > 1)
        return;
    settle(pair, request);
    if (view->now_ns >= request->first_ns)
        sample_rtt(report, pair, view->now_ns - request->first_ns);
}

void report_add_event(struct report *report, const struct cs_view *view)
{
    if (view->flow == NULL || view->message == NULL || report->index == NULL)
        return;
    unsigned client = client_side(view);
    struct report_pair *pair = pair_of(report, view, client);
    if (pair == NULL)
        return;
    pair->octets[view->side == client ? 0 : 1] += view->message->octets.len;
    if ((view->traits & CS_T_REPEAT) != 0 && view->own != NULL)
        count_repeat(pair, view);
    else if ((view->traits & CS_T_REPEAT_REPLY) != 0)
        pair->duplicates++;
    else if (view->message->type == CS_RST) {
        pair->resets++;
        if (view->acked != NULL && cs_code_is_request(view->acked->code))
            settle(pair, view->acked);
    } else if (cs_code_is_request(view->message->code) && view->message->type != CS_ACK)
        count_request(pair, view);
    else if (cs_code_is_response(view->message->code))
        count_response(report, pair, view);
}

void report_expect_event(const struct report *report, const struct cs_flow *flow)
{
    enum { LINES = 3 };
    const unsigned note = flow->note[0] != 0 ? flow->note[0] : flow->note[1];
    if (note == 0 || note > report->pair_count) /* REPORT_NO_PAIR is more, too */
        return;
    const uint8_t *at = (const uint8_t *)&report->pairs[note - 1];
    for (size_t line = 0; line < LINES; line++)
        __builtin_prefetch(at + line * CS_CACHE_LINE);
}

static int compare_rtt(const void *a, const void *b)
{
    const uint32_t *x = a, *y = b;
    return *x < *y ? -1 : *x > *y;
}

uint32_t report_pair_rtt(const struct report_pair *pair, unsigned percent)
{
    uint32_t sorted[REPORT_RTT_MAX];
    size_t n = pair->rtt_seen < REPORT_RTT_MAX ? (size_t)pair->rtt_seen : REPORT_RTT_MAX;
    if (n == 0)
        return 0;
    memcpy(sorted, pair->rtt_us, n * sizeof sorted[0]);
    qsort(sorted, n, sizeof sorted[0], compare_rtt);
    size_t place = (n * percent + 99) / 100; /* nearest rank */
    return sorted[place > 0 ? place - 1 : 0];
}
