/* track/track.c: see track.h; keys.c and retire.c are its other parts. Flows, messages by Message ID, requests by token.
 *
 * Every CON and NON has one record, however often it is transmitted. Records live in three rings: confirmable ones for
 * EXCHANGE_LIFETIME, non-confirmable ones for NON_LIFETIME (RFC 7252 section 4.8.2), and requests that registered an
 * observation, which move into the third when their exchange is over and stay while notifications come. Two indexes lead to
 * them: by (sender, receiver, Message ID), and by token. A token is filed under (client, token), since the answer may come from
 * another address than was asked. But tokens need only differ towards one server (RFC 7252 section 5.3.1), and a client that
 * asks thousands of servers with one token would fill that place: after a few, the rest is filed under (client, server, token). */
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "coap/draft.h"
#include "track/ledgers.h"
#include "track/store/facts.h"
#include "track/tracker.h"

enum {
    SHARERS = 4,    /* requests to different servers that are filed under one client and token */
    SMALL_MID = 256 /* devices that do not begin at random begin below */
};

/* ------------------------------------------------------------------ life and memory */

/* How the memory is shared: sixteenths for the records, the flows, and the two indexes. */
enum { RECORDS = 8, FLOWS = 4, BY_MID = 2, BY_TOKEN = 2, SIXTEENTHS = 16 };
_Static_assert(RECORDS + FLOWS + BY_MID + BY_TOKEN <= SIXTEENTHS,
               "there is no more than all of it");

static void messages_free(void *ledger);

static void *messages_new(const struct cs_ledger_setup *setup)
{
    struct cs_tracker *t = calloc(1, sizeof *t);
    if (t == NULL)
        return NULL;
    const struct cs_parameters *parameters = setup->parameters;
    const size_t part = setup->memory / SIXTEENTHS;
    t->parameters = *parameters;
    t->whole = setup->whole;
    t->maker = calloc(1, sizeof *t->maker);
    if (t->maker == NULL) {
        messages_free(t);
        return NULL;
    }
    t->maker->key =
        cs_mix((uint64_t)(uintptr_t)t, 0x636f6170); /* differs from run to run where addresses do */
    cs_chunks_init(&t->chunks, part * RECORDS / sizeof(union cs_chunk) + RING_COUNT);
    cs_facts_map_init(&t->maker->facts);
    const uint64_t lifetime[RING_COUNT] = {parameters->exchange_lifetime_ns,
                                           parameters->non_lifetime_ns, OBSERVE_IDLE};
    const uint64_t longer =
        lifetime[RING_CON] > lifetime[RING_NON] ? lifetime[RING_CON] : lifetime[RING_NON];
    bool ok = cs_flows_init(&t->flows, part * FLOWS) &&
              cs_index_init(&t->by_mid, part * BY_MID, t->ring, longer) &&
              cs_index_init(&t->by_token, part * BY_TOKEN, t->ring, longer);
    for (unsigned r = 0; r < RING_COUNT; r++) {
        ok = cs_ring_init(&t->ring[r], &t->chunks, lifetime[r]) && ok;
        t->due_ns[r] = UINT64_MAX;
    }
    if (!ok) {
        messages_free(t);
        return NULL;
    }
    return t;
}

static void messages_free(void *ledger)
{
    struct cs_tracker *t = ledger;
    if (t == NULL)
        return;
    for (unsigned r = 0; r < RING_COUNT; r++)
        cs_ring_fini(&t->ring[r]);
    cs_chunks_fini(&t->chunks);
    free(t->maker);
    cs_flows_fini(&t->flows);
    cs_index_fini(&t->by_mid);
    cs_index_fini(&t->by_token);
    free(t);
}

void cs_tracker_not_whole(struct cs_tracker *t) { t->lossy = true; }

static void messages_counts(const void *ledger, struct cs_counts *counts)
{
    const struct cs_tracker *t = ledger;
    counts->flows = t->flows.seen;
    counts->flows_now = t->flows.live;
    counts->evicted_flows = t->flows.index.displaced;
    counts->evicted_messages = t->evicted + t->by_mid.displaced + t->by_token.displaced;
    counts->memory += cs_flows_memory(&t->flows) + cs_index_memory(&t->by_mid) +
                      cs_index_memory(&t->by_token) + t->chunks.count * sizeof(union cs_chunk);
    for (unsigned r = 0; r < RING_COUNT; r++)
        counts->sent_now += t->ring[r].head - t->ring[r].tail;
}

/* Its events are cs_tracker_event(), which comes first and knows the keys of the batch. */
const struct cs_ledger cs_ledger_messages = {
    .name = "messages",
    .new = messages_new,
    .free = messages_free,
    .retire = cs_tracker_retire,
    .counts = messages_counts,
};

/* ------------------------------------------------------------------ filing one event */

static uint32_t microseconds(uint64_t from_ns, uint64_t to_ns)
{
    uint64_t us = to_ns > from_ns ? (to_ns - from_ns) / 1000 : 0;
    return us > UINT32_MAX ? UINT32_MAX : (uint32_t)us;
}

static uint32_t packets_between(uint64_t from, uint64_t to)
{
    uint64_t n = to > from ? to - from : 0;
    return n > UINT32_MAX ? UINT32_MAX : (uint32_t)n;
}

static void increase8(uint8_t *counter) { *counter = (uint8_t)(*counter + (*counter < UINT8_MAX)); }

/* The live record of that sender and Message ID. */
static struct cs_sent *find_mid(const struct cs_tracker *t, uint32_t hash, uint32_t flow,
                                unsigned side, uint16_t mid, uint32_t *ref)
{
    struct cs_index_walk walk = cs_index_walk(&t->by_mid, hash);
    while ((*ref = cs_index_next(&t->by_mid, hash, &walk)) != CS_NO_REF) {
        struct cs_sent *s = cs_ref_record(t->ring, *ref);
        if (s != NULL && s->mid == mid && s->flow == flow && s->side == side)
            return s;
    }
    return NULL;
}

/* Live requests with one token of one client. */
struct token_match {
    struct cs_sent *here;  /* to the server in question */
    struct cs_sent *group; /* the latest one to a group */
    struct cs_sent *other; /* one to another server */
    uint32_t hash, ref;    /* that lead to `here` */
    unsigned others;       /* servers that were asked */
};

static void note_elsewhere(struct token_match *match, struct cs_sent *s)
{
    if ((s->traits & CS_T_MULTICAST) == 0) {
        match->other = s;
        match->others++;
    } else if (match->group == NULL || match->group->first_ns <= s->first_ns) {
        match->group = s;
    }
}

static bool leads_here(const struct cs_sent *s, const struct cs_keys *keys, uint32_t flow,
                       unsigned side)
{
    return s != NULL && s->token == keys->token_fact && s->flow == flow && s->side == side;
}

/* By client, server and token. */
static bool find_crowded(const struct cs_tracker *t, const struct cs_keys *keys, uint32_t flow,
                         unsigned side, struct token_match *match)
{
    struct cs_index_walk walk = cs_index_walk(&t->by_token, keys->crowded);
    uint32_t ref;
    while ((ref = cs_index_next(&t->by_token, keys->crowded, &walk)) != CS_NO_REF) {
        struct cs_sent *s = cs_ref_record(t->ring, ref);
        if (!leads_here(s, keys, flow, side))
            continue;
        *match = (struct token_match){.here = s, .hash = keys->crowded, .ref = ref};
        return true;
    }
    return false;
}

/* The client is `side` of `flow`. Once a request to this server is found, only groups are worth a further look. Whoever makes
 * use of a request elsewhere sees to it that it is the same client's: two hashes say so, which is enough to count them. */
static struct token_match find_token(const struct cs_tracker *t, const struct cs_keys *keys,
                                     uint32_t flow, unsigned side)
{
    struct token_match match = {.hash = keys->token};
    if (t->crowded && find_crowded(t, keys, flow, side, &match) && !t->groups)
        return match;
    struct cs_index_walk walk = cs_index_walk(&t->by_token, keys->token);
    uint32_t ref;
    while ((ref = cs_index_next(&t->by_token, keys->token, &walk)) != CS_NO_REF) {
        struct cs_sent *s = cs_ref_record(t->ring, ref);
        if (match.here == NULL && leads_here(s, keys, flow, side)) {
            match.here = s;
            match.ref = ref;
            if (!t->groups)
                return match;
        } else if (s != NULL && s->token == keys->token_fact) {
            note_elsewhere(&match, s);
        }
    }
    return match;
}

static void note_repeat(struct cs_sent *own, const struct cs_event *event)
{
    uint32_t us = microseconds(own->first_ns, event->datagram.time_ns);
    if (own->copies >= 1 && own->copies <= 4) {
        uint32_t ms = (us - own->last_us + 500) / 1000;
        own->gap_ms[own->copies - 1] = ms > UINT16_MAX ? UINT16_MAX : (uint16_t)ms;
    }
    own->last_us = us;
    increase8(&own->copies);
}

static struct cs_sent *new_record(struct cs_tracker *t, const struct cs_event *event,
                                  const struct cs_keys *keys, uint32_t flow, unsigned side,
                                  uint64_t traits, uint32_t *ref)
{
    unsigned r = event->message.type == CS_NON ? RING_NON : RING_CON;
    uint32_t seq;
    struct cs_sent *own = push_record(t, r, event->datagram.time_ns, &seq);
    if (own == NULL)
        return NULL;
    cs_facts_record(&t->maker->facts, event, keys->token_fact, keys->content, own);
    own->traits = traits;
    own->flow = flow;
    own->side = (uint8_t)side;
    *ref = cs_ref(r, seq);
    cs_flows_at(&t->flows, flow)->records++;
    return own;
}

/* A flow lives by its records. One that is known by an ACK or RST alone gets a record that nobody is told of when its
 * time is over. */
static void anchor_flow(struct cs_tracker *t, const struct cs_event *event, uint32_t flow)
{
    uint32_t seq;
    struct cs_sent *anchor = push_record(t, RING_NON, event->datagram.time_ns, &seq);
    if (anchor == NULL)
        return;
    *anchor = (struct cs_sent){
        .first_ns = event->datagram.time_ns,
        .flow = flow,
        .type = CS_ACK,
        .flags = CS_SENT_CLOSED,
    };
    cs_flows_at(&t->flows, flow)->records++;
}

/* The request, if it is this client's, under the same keys as the event. */
static struct cs_sent *of_client(const struct cs_tracker *t, struct cs_sent *s,
                                 const struct cs_datagram *event, const struct cs_address *client)
{
    if (s == NULL)
        return NULL;
    const struct cs_flow *flow = &cs_flows_at(&t->flows, s->flow)->flow;
    return cs_address_equal(&flow->address[s->side], client) &&
                   flow->association == event->association && flow->carrier == event->carrier
               ? s
               : NULL;
}

/* A new request takes over its token. Another one that waits with the same token can be mistaken for it when it went to the same
 * server, or when one of them went to a group, of which that server may be a member. */
static void file_request(struct cs_tracker *t, const struct cs_event *event,
                         const struct cs_keys *keys, uint32_t ref, struct cs_sent *own,
                         struct cs_view *view)
{
    const bool to_group = (own->traits & CS_T_MULTICAST) != 0;
    const struct token_match match = find_token(t, keys, own->flow, own->side);
    if (match.here != NULL) {
        cs_index_change(&t->by_token, match.hash, match.ref, ref);
    } else if (match.others < SHARERS || to_group) {
        cs_index_add(&t->by_token, keys->token, ref);
    } else {
        cs_index_add(&t->by_token, keys->crowded, ref);
        t->crowded = true;
    }
    if (match.here == NULL && match.group == NULL && match.other == NULL)
        return;
    own->flags |= CS_SENT_TOKEN_AGAIN;
    const struct cs_sent *former =
        match.here != NULL
            ? match.here
            : of_client(t, match.group == NULL && to_group ? match.other : match.group,
                        &event->datagram, &event->datagram.src);
    const bool waiting =
        former != NULL && (former->flags & (CS_SENT_RESPONDED | CS_SENT_RESET)) == 0;
    if (waiting && (view->traits & CS_T_MID_REUSED) == 0) {
        view->traits |= CS_T_TOKEN_SHARED;
        view->former = former;
    }
}

/* A sender that has one Message ID for everything, or that counts them, or that begins anew at a small one. Some give a NON
 * response that of its request: it is then the other side that counts. */
static bool note_mid(struct cs_flow *flow, unsigned side, const struct cs_message *m, bool reused)
{
    const uint16_t mid = m->mid;
    const bool in_row = (uint16_t)(flow->last_mid[side] + 1) == mid;
    const bool next = in_row && (m->type == CS_CON || cs_code_is_request(m->code));
    flow->counted[side] =
        (uint8_t)(flow->counted[side] + (next && flow->counted[side] < UINT8_MAX));
    flow->same_mid[side] =
        reused && flow->last_mid[side] == mid
            ? (uint8_t)(flow->same_mid[side] + (flow->same_mid[side] < UINT8_MAX))
            : 0;
    if (mid < SMALL_MID && (uint16_t)(mid - flow->last_mid[side]) >= SMALL_MID)
        flow->asked |= (uint8_t)(4u << side);
    flow->last_mid[side] = mid;
    return in_row;
}

/* The same CON of that sender in the epoch before, whose flow is another. */
static const struct cs_sent *find_epoch_before(const struct cs_tracker *t,
                                               const struct cs_event *event, uint32_t hash,
                                               const struct cs_sent *own)
{
    struct cs_index_walk walk = cs_index_walk(&t->by_mid, hash);
    uint32_t ref;
    while ((ref = cs_index_next(&t->by_mid, hash, &walk)) != CS_NO_REF) {
        const struct cs_sent *s = cs_ref_record(t->ring, ref);
        if (s == NULL || s->mid != own->mid || s->flow == own->flow || s->type != own->type ||
            s->content != own->content || s->fault != own->fault)
            continue;
        const struct cs_flow *flow = &cs_flows_at(&t->flows, s->flow)->flow;
        if (cs_address_equal(&flow->address[s->side], &event->datagram.src) &&
            cs_address_equal(&flow->address[1 - s->side], &event->datagram.dst) &&
            flow->association + 1 == event->datagram.association)
            return s;
    }
    return NULL;
}

static void file_sent(struct cs_tracker *t, const struct cs_event *event,
                      const struct cs_keys *keys, uint32_t flow, struct cs_view *view)
{
    uint32_t old_ref, ref;
    struct cs_sent *old = find_mid(t, keys->mid, flow, view->side, event->message.mid, &old_ref);
    if (old != NULL && old->content == keys->content && old->fault == event->message.fault &&
        old->type == event->message.type) {
        note_repeat(old, event);
        view->own = old;
        view->traits |= CS_T_REPEAT | CS_T_MID_LIVE;
        return;
    }
    view->traits |= CS_T_FIRST;
    struct cs_sent *own = new_record(t, event, keys, flow, view->side, view->traits, &ref);
    if (own == NULL)
        return;
    cs_index_add(&t->by_mid, keys->mid, ref);
    t->in_row =
        note_mid(&cs_flows_at(&t->flows, flow)->flow, view->side, &event->message, old != NULL);
    if (old != NULL) {
        view->traits |= CS_T_MID_REUSED | CS_T_MID_LIVE;
        view->former = old;
        cs_index_change(&t->by_mid, keys->mid, old_ref, CS_NO_REF);
    }
    view->own = own;
    if ((view->traits & CS_T_REQUEST) != 0) {
        file_request(t, event, keys, ref, own, view);
        count_open(t, own, +1);
        if (cs_flows_at(&t->flows, flow)->flow.open_requests[view->side] > t->parameters.nstart)
            view->traits |= CS_T_OVER_NSTART;
    }
    own->traits = view->traits;
    if (event->datagram.renewed && own->type == CS_CON && view->former == NULL)
        view->former = find_epoch_before(t, event, keys->mid, own);
}

/* Without a Message ID nothing is sent again, and a request is known by its token alone: RFC 8323 section 3.3. */
static void file_untyped_request(struct cs_tracker *t, const struct cs_event *event,
                                 const struct cs_keys *keys, uint32_t flow, struct cs_view *view)
{
    uint32_t ref;
    view->traits |= CS_T_FIRST;
    struct cs_sent *own = new_record(t, event, keys, flow, view->side, view->traits, &ref);
    if (own == NULL)
        return;
    view->own = own;
    file_request(t, event, keys, ref, own, view);
    own->traits = view->traits;
}

/* An ACK or RST for which nothing is known: is there a message of its own sender that has its
 * Message ID, and does a message of the other side wait? */
static void file_stray(struct cs_tracker *t, const struct cs_event *event, uint32_t flow,
                       struct cs_view *view)
{
    view->traits |= CS_T_STRAY_REPLY;
    if (flow == CS_NO_REF)
        return;
    uint32_t ref;
    const unsigned side = view->side;
    const uint64_t src = cs_hash_address(t->maker->key, &event->datagram.src);
    const uint64_t dst = cs_hash_address(t->maker->key, &event->datagram.dst);
    const uint16_t mid = event->message.mid;
    const uint16_t last = cs_flows_at(&t->flows, flow)->flow.last_mid[1 - side];
    view->former = find_mid(t, mid_hash(src, dst, mid), flow, side, mid, &ref);
    view->waiting = find_mid(t, mid_hash(dst, src, last), flow, 1 - side, last, &ref);
    if (view->waiting != NULL && view->waiting->replies > 0)
        view->waiting = NULL;
}

/* The record that an ACK or RST is about, or NULL. */
static struct cs_sent *file_reply(struct cs_tracker *t, const struct cs_event *event,
                                  const struct cs_keys *keys, uint32_t flow, struct cs_view *view)
{
    const struct cs_message *m = &event->message;
    uint32_t ref;
    struct cs_sent *sent =
        flow == CS_NO_REF ? NULL : find_mid(t, keys->mid, flow, 1 - view->side, m->mid, &ref);
    if (sent == NULL) {
        file_stray(t, event, flow, view);
        return NULL;
    }
    uint32_t content = (uint32_t)(cs_hash(4, m->octets.at, m->octets.len) >> 32);
    view->acked = sent;
    view->to = sent->traits;
    view->traits |= CS_T_REPLY;
    if (sent->replies > 0) {
        view->traits |= CS_T_REPEAT_REPLY;
        sent->flags |= content != sent->reply_content ? (uint32_t)CS_SENT_REPLY_DIFFERED : 0u;
    } else {
        count_open(t, sent, -1);
        sent->reply_us = microseconds(sent->first_ns, event->datagram.time_ns);
        sent->reply_packets = packets_between(sent->packet, event->datagram.packet);
        sent->reply_code = m->code;
        sent->reply_content = content;
        sent->flags |= m->code == 0 ? (uint32_t)CS_SENT_REPLY_EMPTY : 0u;
    }
    sent->flags |= m->type == CS_ACK ? CS_SENT_ACKED : CS_SENT_RESET;
    increase8(&sent->replies);
    return sent;
}

/* RFC 7252 section 5.3.2: a piggybacked response belongs to the request whose Message ID it carries, a separate one to that with
 * its token: to this server, or to a group, whichever is later; or else, since servers answer from wrong addresses, to the only
 * other one. Whether the token of a piggybacked one is right is for a rule to say. */
static struct cs_sent *answered_request(const struct cs_tracker *t, const struct cs_event *event,
                                        const struct cs_keys *keys, uint32_t flow, unsigned side,
                                        struct cs_sent *acked)
{
    if (acked != NULL && cs_code_is_request(acked->code))
        return acked;
    const struct cs_address *client = &event->datagram.dst;
    const struct token_match match = find_token(t, keys, flow, 1 - side);
    struct cs_sent *group = of_client(t, match.group, &event->datagram, client);
    if (group != NULL && (match.here == NULL || match.here->first_ns < group->first_ns))
        return group;
    if (match.here != NULL)
        return match.here;
    return match.others == 1 ? of_client(t, match.other, &event->datagram, client) : NULL;
}

/* A separate response with the Message ID of its request: copied, or two counters have met. Not counted when its sender was
 * about to count to it. */
static void note_copy(struct cs_tracker *t, uint32_t flow, const struct cs_message *m,
                      const struct cs_sent *request)
{
    if (m->type == CS_CON && m->mid == request->mid && !t->in_row && request->flow == flow)
        increase8(&cs_flows_at(&t->flows, flow)->flow.copied);
}

/* `acked` is view->acked. */
static void file_response(struct cs_tracker *t, const struct cs_event *event,
                          const struct cs_keys *keys, uint32_t flow, struct cs_sent *acked,
                          struct cs_view *view)
{
    struct cs_sent *request = answered_request(t, event, keys, flow, view->side, acked);
    if (request == NULL) {
        view->traits |= CS_T_STRAY_RESPONSE;
        return;
    }
    /* a request to a group that is acknowledged: its flow is another, Message ID and token tell */
    if (acked == NULL && event->message.type == CS_ACK && event->message.mid == request->mid &&
        (request->traits & CS_T_MULTICAST) != 0) {
        view->acked = request;
        view->to = request->traits;
        view->traits = (view->traits & ~CS_T_STRAY_REPLY) | CS_T_REPLY;
    }
    if (view->acked == NULL)
        view->to = request->traits;
    view->request = request;
    view->request_flow = &cs_flows_at(&t->flows, request->flow)->flow;
    view->traits |= CS_T_ANSWER;
    if (acked == request && request->token == keys->token_fact && request->token_length > 0)
        cs_flows_at(&t->flows, flow)->flow.asked |= (uint8_t)(16u << request->side);
    request->flags |= CS_SENT_RECENT;
    if ((view->traits & (CS_T_REPEAT | CS_T_REPEAT_REPLY)) != 0)
        return;
    note_copy(t, flow, &event->message, request);
    increase8(&request->responses);
    if ((request->flags & CS_SENT_RESPONDED) != 0)
        return;
    count_open(t, request, -1);
    request->flags |=
        CS_SENT_RESPONDED | ((view->traits & CS_T_SEPARATE) != 0 ? CS_SENT_SEPARATE : 0u);
    request->response_code = event->message.code;
}

/* The flow of the event, made when the message will leave a record. */
static uint32_t file_flow(struct cs_tracker *t, const struct cs_event *event,
                          const struct cs_keys *keys, bool keep, struct cs_view *view)
{
    const struct cs_datagram *d = &event->datagram;
    uint32_t ref = cs_flows_find(&t->flows, keys->flow, d);
    if (ref == CS_NO_REF && keep)
        ref = cs_flows_add(&t->flows, keys->flow, d);
    struct cs_flow *flow = &t->passing;
    if (ref != CS_NO_REF)
        flow = &cs_flows_at(&t->flows, ref)->flow;
    else
        *flow = (struct cs_flow){
            .address = {d->src, d->dst}, .tester_side = CS_NO_SIDE, .carrier = d->carrier};

    view->flow = flow;
    view->note = flow->note;
    view->side = cs_address_equal(&flow->address[0], &d->src) ? 0 : 1;
    flow->first_ns = flow->messages[0] + flow->messages[1] == 0 ? d->time_ns : flow->first_ns;
    flow->last_ns = d->time_ns;
    flow->whole = t->whole && !t->lossy;
    flow->groups = t->groups;
    flow->messages[view->side] += flow->messages[view->side] < UINT32_MAX;
    if ((view->traits & CS_T_RECORDED) != 0)
        flow->asked |= (uint8_t)(1u << view->side);
    if (d->direction != CS_UNKNOWN)
        flow->tester_side = (uint8_t)(d->direction == CS_FROM_TESTER ? view->side : 1 - view->side);
    return ref;
}

static void see_time(struct cs_tracker *t, uint64_t time_ns)
{
    if (time_ns >> CS_EPOCH_SHIFT > t->now_ns >> CS_EPOCH_SHIFT) {
        cs_index_time(&t->by_mid, time_ns);
        cs_index_time(&t->by_token, time_ns);
    }
    t->now_ns = time_ns > t->now_ns ? time_ns : t->now_ns;
}

void cs_tracker_event(struct cs_tracker *t, const struct cs_event *event,
                      const struct cs_keys *keys, struct cs_view *view)
{
    see_time(t, event->datagram.time_ns);
    begin_view(t, CS_OF_MESSAGE, event, keys->traits, view);
    view->token = keys->token_fact;

    const bool header = event->message.has_header;
    const bool typed = cs_message_is_typed(&event->message);
    const bool sent = (view->traits & CS_T_RECORDED) != 0;
    t->groups = t->groups || (view->traits & CS_T_MULTICAST) != 0;
    /* where every datagram is known, it counts that anything at all was sent somewhere */
    uint32_t flow = file_flow(t, event, keys, sent || !typed || t->whole, view);
    if (!sent && flow != CS_NO_REF && cs_flows_at(&t->flows, flow)->records == 0)
        anchor_flow(t, event, flow);
    if (!header)
        return;
    if ((view->traits & (CS_T_MALFORMED | CS_T_OPTION_LENGTH | CS_T_OPTION_ELSEWHERE)) != 0 &&
        cs_is_draft_request(&event->message) && flow != CS_NO_REF)
        cs_flows_at(&t->flows, flow)->flow.draft = true;
    struct cs_sent *acked = NULL;
    if (sent && flow != CS_NO_REF && !typed)
        file_untyped_request(t, event, keys, flow, view);
    else if (sent && flow != CS_NO_REF)
        file_sent(t, event, keys, flow, view);
    else if (!sent && typed)
        acked = file_reply(t, event, keys, flow, view);
    bool readable = (view->traits & CS_T_WELL_FORMED) != 0;
    if (readable && (view->traits & CS_T_RESPONSE) != 0)
        file_response(t, event, keys, flow, acked, view);
}

bool cs_tracker_awaits(const struct cs_tracker *t, const struct cs_event *event)
{
    enum { LONG_TOKEN = 4 };
    const struct cs_message *m = &event->message;
    const struct cs_address *client = &event->datagram.dst;
    struct cs_keys keys;
    if (m->fault != CS_FAULT_NONE || m->type == CS_RST || !cs_code_is_response(m->code) ||
        m->token.len < LONG_TOKEN)
        return false;
    cs_keys_make(t->maker, event, &keys);
    const struct token_match match = find_token(t, &keys, CS_NO_REF, 0);
    return of_client(t, match.other, &event->datagram, client) != NULL ||
           of_client(t, match.group, &event->datagram, client) != NULL;
}
