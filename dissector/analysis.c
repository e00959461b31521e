/* analysis.c: the second half of the way of the data, from decoded messages through the tracker to the rules; front.c is the first. */
#include <stdlib.h>
#include <string.h>

#include "coap/recognise.h"
#include "coapspec/analysis.h"
#include "front.h"
#include "rules/engine.h"
#include "track/ledgers.h"
#include "track/sessions.h"
#include "track/track.h"
#include "wire/dtls.h"
#include "wire/wire.h"

enum { BATCH = 32, AHEAD = 6, DTLS_PORT = 5684 };
static const size_t default_memory = (size_t)48 << 20;

#define SECONDS(n) ((uint64_t)((n)*1000000000.0))
/* RFC 7252 section 4.8 and 4.8.2, tables 2 and 3. */
const struct cs_parameters cs_parameters_default = {
    .ack_timeout_ns = SECONDS(2),
    .ack_random_max_ns = SECONDS(3),
    .max_retransmit = 4,
    .nstart = 1,
    .max_transmit_span_ns = SECONDS(45),
    .max_transmit_wait_ns = SECONDS(93),
    .exchange_lifetime_ns = SECONDS(247),
    .non_lifetime_ns = SECONDS(145),
    .assumed = true,
};

struct cs_analysis {
    struct cs_settings settings;
    struct cs_front *front;
    struct cs_ledgers ledgers;
    struct cs_tracker *tracker; /* two of the ledgers, which are asked more than that */
    struct cs_sessions *sessions;
    struct cs_engine *engine;
    const struct cs_rule *const *rules;
    size_t rule_count;
    uint64_t ports[1024]; /* a bit for each UDP port that carries CoAP */
    struct cs_counts counts;
    struct cs_wire_counts wire; /* as of the latest batch */
    struct cs_batch *batch;     /* where cs_analysis_frames() reads */
    size_t waiting;
    struct cs_item *batched[BATCH]; /* those that are judged next, together */
    struct cs_item single, inner;   /* a datagram by itself; what came out of a record */
};

static void add_port(struct cs_analysis *a, uint16_t port)
{
    a->ports[port >> 6] |= UINT64_C(1) << (port & 63);
}
static bool is_port(const struct cs_analysis *a, uint16_t port)
{
    return (a->ports[port >> 6] >> (port & 63)) & 1;
}

struct cs_analysis *cs_analysis_new(const struct cs_settings *settings)
{
    struct cs_analysis *a = calloc(1, sizeof *a);
    if (a == NULL)
        return NULL;
    a->settings = *settings;
    if (a->settings.memory == 0)
        a->settings.memory = default_memory;
    if (a->settings.parameters.exchange_lifetime_ns == 0)
        a->settings.parameters = cs_parameters_default;
    a->rules = settings->rules;
    a->rule_count = settings->rule_count;
    if (a->rules == NULL)
        a->rules = cs_rules(&a->rule_count);
    add_port(a, 5683);
    for (size_t i = 0; i < settings->port_count; i++)
        add_port(a, settings->ports[i]);
    a->settings.ports = NULL;

    const struct cs_ledger_setup setup = {
        .memory = a->settings.memory,
        .parameters = &a->settings.parameters,
        .secrets = settings->secrets,
        .whole = settings->whole,
    };
    a->batch = cs_batch_new(false);
    a->engine = cs_engine_new(a->rules, a->rule_count, settings->user, settings->on_finding);
    if (a->batch != NULL && a->engine != NULL && cs_ledgers_init(&a->ledgers, &setup)) {
        a->tracker = a->ledgers.of[CS_LEDGER_messages];
        a->sessions = a->ledgers.of[CS_LEDGER_sessions];
        a->front = cs_front_new(a->settings.memory / CS_SHARES * CS_SHARE_FRAGMENTS,
                                cs_tracker_key_maker(a->tracker));
    }
    if (a->front != NULL) {
        a->wire = cs_wire_counts(a->front->wire);
        return a;
    }
    cs_analysis_free(a);
    return NULL;
}

void cs_analysis_free(struct cs_analysis *a)
{
    if (a == NULL)
        return;
    cs_front_free(a->front);
    cs_batch_free(a->batch);
    cs_ledgers_fini(&a->ledgers);
    cs_engine_free(a->engine);
    free(a);
}

/* ------------------------------------------------------------------ judging */

static void retire(struct cs_analysis *a, uint64_t now_ns, bool end)
{
    struct cs_view view;
    while (cs_ledgers_retire(&a->ledgers, now_ns, end, &view)) {
        view.began_ns = a->counts.first_ns;
        cs_engine_judge(a->engine, &view);
    }
}

static void judge(struct cs_analysis *a, const struct cs_event *event, const struct cs_keys *keys)
{
    struct cs_view view;
    retire(a, event->datagram.time_ns, false);
    cs_tracker_event(a->tracker, event, keys, &view);
    view.began_ns = a->counts.first_ns;
    cs_ledgers_event(&a->ledgers, event, &view);
    a->counts.messages++;
    a->counts.malformed += (view.traits & CS_T_MALFORMED) != 0;
    a->counts.cut += (view.traits & CS_T_CUT) != 0;
    cs_engine_judge(a->engine, &view);
    if (a->settings.on_event != NULL)
        a->settings.on_event(a->settings.user, &view);
}

static void look_ahead(const struct cs_analysis *a, const struct cs_keys *keys)
{
    if (a->settings.on_ahead == NULL)
        return;
    const struct cs_flow *flow = cs_tracker_flow_ahead(a->tracker, keys);
    if (flow != NULL)
        a->settings.on_ahead(a->settings.user, flow);
}

static void flush(struct cs_analysis *a)
{
    struct cs_item *const *items = a->batched;
    const size_t count = a->waiting;
    for (size_t i = 0; i < count; i++)
        cs_tracker_prepare(a->tracker, &items[i]->event, &items[i]->keys);
    for (size_t i = 0; i < count; i++)
        cs_tracker_prefetch(a->tracker, &items[i]->event, &items[i]->keys);
    for (size_t i = 0; i < count && i < AHEAD; i++)
        look_ahead(a, &items[i]->keys);
    for (size_t i = 0; i < count; i++) {
        if (i + AHEAD < count)
            look_ahead(a, &items[i + AHEAD]->keys);
        judge(a, &items[i]->event, &items[i]->keys);
    }
    a->waiting = 0;
}

static void see_time(struct cs_analysis *a, uint64_t time_ns)
{
    if (a->counts.first_ns == 0)
        a->counts.first_ns = time_ns;
    if (time_ns > a->counts.last_ns)
        a->counts.last_ns = time_ns;
}

/* ------------------------------------------------------------------ what is CoAP */

/* TLS records on a CoAP port: content types 20 to 25, version octet 0x03. Their first octet is no CoAP version 1, and they are
 * nobody's broken message. */
static bool is_tls_record(struct cs_slice octets)
{
    return octets.len >= 3 && octets.at[0] >= 20 && octets.at[0] <= 25 && octets.at[1] == 3;
}

static bool is_dtls_port(const struct cs_datagram *d)
{
    return d->dst.port == DTLS_PORT || d->src.port == DTLS_PORT;
}

/* Is this DTLS? On ports that may carry it, its first octets tell; elsewhere a session must be known, or begin. The header of DTLS 1.3
 * could be anything: it counts between those who have a session, and on the port that is for nothing else. */
static bool is_dtls(const struct cs_analysis *a, const struct cs_datagram *d, bool coap_port)
{
    const bool record = cs_is_record(d->octets);
    if (!record && !cs_is_unified_record(d->octets))
        return false;
    if (is_dtls_port(d) || (coap_port && record))
        return true;
    if (a->settings.no_heuristic && !coap_port)
        return false;
    return (cs_sessions_any(a->sessions) &&
            cs_sessions_find(a->sessions, &d->src, &d->dst) != NULL) ||
           (record && cs_is_client_hello(d->octets));
}

/* In evidence, where everything is taken for CoAP: a session begins with a hello. */
static bool is_dtls_evidence(const struct cs_analysis *a, const struct cs_datagram *d)
{
    return a->settings.all_coap && d->carrier == CS_UDP && cs_is_record(d->octets) &&
           (cs_is_client_hello(d->octets) ||
            (cs_sessions_any(a->sessions) &&
             cs_sessions_find(a->sessions, &d->src, &d->dst) != NULL));
}

/* On a port that is not CoAP's: a flow that is known, an answer to what is, or the heuristic. What is malformed counts only between those of whom one
 * has answered the other with Message ID and token. */
static bool resembles_coap(const struct cs_analysis *a, const struct cs_event *event)
{
    const struct cs_datagram *d = &event->datagram;
    if (a->settings.no_heuristic || is_tls_record(d->octets))
        return false;
    const struct cs_flow *flow = cs_tracker_flow(a->tracker, d);
    if (flow != NULL && (event->message.fault == CS_FAULT_NONE || flow->asked >> 4 != 0))
        return true;
    return cs_looks_like_coap(d, &event->message) || cs_tracker_awaits(a->tracker, event);
}

/* Judges the message that a record held, as one of that datagram. */
static void take_message(struct cs_analysis *a, const struct cs_view *record, bool coap)
{
    struct cs_datagram *d = &a->inner.event.datagram;
    *d = record->event->datagram; /* its association is that of the record */
    d->octets = record->dtls->message;
    d->missing = 0;
    d->renewed = record->dtls->epoch > 1;
    cs_front_decode(a->front, &a->inner);
    if (!coap && !resembles_coap(a, &a->inner.event))
        return;
    d->protection = CS_DTLS;
    a->counts.dtls.decrypted++;
    a->batched[a->waiting++] = &a->inner;
    flush(a);
}

/* Judges what a datagram of DTLS shows, after what came before it. */
static void take_records(struct cs_analysis *a, const struct cs_datagram *datagram, bool coap)
{
    struct cs_view view;
    flush(a);
    retire(a, datagram->time_ns, false);
    cs_sessions_datagram(a->sessions, datagram, coap);
    while (cs_sessions_next(a->sessions, &view)) {
        view.began_ns = a->counts.first_ns;
        view.parameters = &a->settings.parameters;
        cs_engine_judge(a->engine, &view);
        if (view.dtls->message.len > 0)
            take_message(a, &view, coap);
    }
}

/* What is said in the clear beside a session goes with what is said in it. */
static void associate(const struct cs_analysis *a, struct cs_datagram *d)
{
    const struct cs_session *session = cs_sessions_find(a->sessions, &d->src, &d->dst);
    if (session != NULL && d->carrier == CS_UDP && d->protection == CS_CLEAR)
        d->association = session->association;
}

/* Judges an item, with others or alone. `ours`: it is known to be CoAP. */
static void take_item(struct cs_analysis *a, struct cs_item *item, bool ours)
{
    struct cs_datagram *d = &item->event.datagram;
    const bool port = is_port(a, d->dst.port) || is_port(a, d->src.port);
    if (ours ? is_dtls_evidence(a, d) : is_dtls(a, d, port)) {
        take_records(a, d, ours || port || is_dtls_port(d));
        return;
    }
    if (!ours && !port) /* what waits may be of this flow: verdicts must not depend on batches */
        flush(a);
    if (cs_sessions_any(a->sessions))
        associate(a, d);
    if (ours || (port ? !is_tls_record(d->octets) : resembles_coap(a, &item->event)))
        a->batched[a->waiting++] = item;
    if (a->waiting == BATCH)
        flush(a);
}

bool cs_analysis_read(struct cs_analysis *a, const struct cs_frame *frames, size_t count,
                      struct cs_batch *batch)
{
    return cs_front_read(a->front, frames, count, batch);
}

void cs_analysis_judge(struct cs_analysis *a, struct cs_batch *batch)
{
    if (batch->packets == 0)
        return;
    see_time(a, batch->first_ns);
    see_time(a, batch->last_ns);
    a->counts.packets += batch->packets;
    a->counts.octets += batch->octets;
    a->counts.not_decodable += batch->not_decodable;
    a->counts.datagrams += batch->count;
    a->wire = batch->wire;
    for (size_t i = 0; i < batch->count; i++)
        take_item(a, &batch->items[i], a->settings.all_coap);
    flush(a);
}

bool cs_analysis_frames(struct cs_analysis *a, const struct cs_frame *frames, size_t count)
{
    for (size_t n; count > 0; frames += n, count -= n) {
        n = count < CS_BATCH_FRAMES ? count : CS_BATCH_FRAMES;
        if (!cs_analysis_read(a, frames, n, a->batch))
            return false;
        cs_analysis_judge(a, a->batch);
    }
    return true;
}

void cs_analysis_datagram(struct cs_analysis *a, const struct cs_datagram *datagram)
{
    see_time(a, datagram->time_ns);
    if (datagram->protection == CS_DTLS) { /* its records are counted by themselves */
        a->counts.dtls.decrypted++;
    } else {
        a->counts.packets++;
        a->counts.octets += datagram->octets.len;
        a->counts.datagrams++;
    }
    a->single.event.datagram = *datagram;
    cs_front_decode(a->front, &a->single);
    take_item(a, &a->single, true);
    flush(a);
}

void cs_analysis_records(struct cs_analysis *a, const struct cs_datagram *datagram)
{
    see_time(a, datagram->time_ns);
    a->counts.packets++;
    a->counts.octets += datagram->octets.len;
    a->counts.datagrams++;
    take_records(a, datagram, true);
}

void cs_analysis_lossy(struct cs_analysis *a) { cs_tracker_not_whole(a->tracker); }

void cs_analysis_time(struct cs_analysis *a, uint64_t now_ns)
{
    see_time(a, now_ns);
    retire(a, now_ns, false);
}

void cs_analysis_end(struct cs_analysis *a) { retire(a, a->counts.last_ns, true); }

const struct cs_tally *cs_analysis_tallies(const struct cs_analysis *a, size_t *count)
{
    *count = a->rule_count;
    return cs_engine_tallies(a->engine);
}

struct cs_counts cs_analysis_counts(const struct cs_analysis *a)
{
    struct cs_counts c = a->counts;
    c.fragments = a->wire.fragments;
    c.evicted_fragments = a->wire.evicted;
    c.memory = a->wire.memory;
    cs_ledgers_counts(&a->ledgers, &c);
    return c;
}
