/* track/tracker.h: what the files of the tracker share: its memory, the hashes that lead to it, the view. For track.c, keys.c
 * and retire.c only. What every packet goes through is put in where it is called. */
#ifndef CS_TRACK_TRACKER_H
#define CS_TRACK_TRACKER_H

#include "base/hash.h"
#include "track/store/facts.h"
#include "track/store/flows.h"
#include "track/store/index.h"
#include "track/store/ring.h"
#include "track/track.h"

enum { RING_CON, RING_NON, RING_OBSERVE, RING_COUNT, RING_PLACES = 4 };

/* An observation without a notification for a day is forgotten; nanoseconds. */
#define OBSERVE_IDLE (UINT64_C(24) * 3600 * 1000000000)

struct cs_key_maker {
    uint64_t key; /* of the hashes */
    struct cs_facts_map facts;
};

struct cs_tracker {
    struct cs_ring
        ring[RING_PLACES]; /* the last one is never used: any reference leads to a ring */
    struct cs_chunks chunks;
    struct cs_flows flows;
    struct cs_index by_mid, by_token;
    struct cs_parameters parameters;
    struct cs_key_maker *maker;  /* owned */
    uint64_t now_ns;             /* stream time */
    uint64_t due_ns[RING_COUNT]; /* when the oldest record of each ring expires */
    uint64_t evicted;
    bool whole, lossy, groups;
    bool crowded; /* tokens are filed by server as well */
    bool in_row;  /* the latest CON or NON has the Message ID after the one before of its sender */
    struct cs_flow passing; /* a flow that is not kept */
};

/* ------------------------------------------------------------------ keys */

static inline uint32_t flow_hash(uint64_t src, uint64_t dst)
{
    return (uint32_t)(cs_mix(src + dst, src ^ dst) >> 32);
}

static inline uint32_t mid_hash(uint64_t sender, uint64_t receiver, uint16_t mid)
{
    return (uint32_t)(cs_mix(sender * 3 + receiver, mid) >> 32);
}

static inline uint32_t token_hash(uint64_t client, uint32_t token)
{
    return (uint32_t)(cs_mix(client, token) >> 32);
}

/* Of token_hash() and flow_hash(). */
static inline uint32_t crowded_hash(uint32_t token, uint32_t flow)
{
    return token + flow * 2654435769u;
}

/* ------------------------------------------------------------------ records, open requests, views */

/* A record for the ring, whose life begins then. */
static inline struct cs_sent *push_record(struct cs_tracker *t, unsigned r, uint64_t first_ns,
                                          uint32_t *seq)
{
    struct cs_ring *ring = &t->ring[r];
    struct cs_sent *record = cs_ring_push(ring, seq);
    if (record != NULL && *seq == ring->tail)
        t->due_ns[r] = first_ns + ring->lifetime_ns;
    return record;
}

static inline bool is_open(const struct cs_sent *s)
{
    return s->type == CS_CON && cs_code_is_request(s->code) &&
           (s->flags & (CS_SENT_ACKED | CS_SENT_RESET | CS_SENT_RESPONDED)) == 0;
}

static inline void count_open(struct cs_tracker *t, const struct cs_sent *s, int by)
{
    uint16_t *open = &cs_flows_at(&t->flows, s->flow)->flow.open_requests[s->side];
    if (is_open(s) && (by > 0 ? *open < UINT16_MAX : *open > 0))
        *open = (uint16_t)(*open + by);
}

/* A view that knows nothing yet. Member by member: a view is made for every packet, and clearing it as a whole costs more than
 * filling it in. tests/unit/track.c sees to it that none is forgotten. */
static inline void begin_view(const struct cs_tracker *t, enum cs_kind kind,
                              const struct cs_event *event, uint64_t traits, struct cs_view *view)
{
    view->kind = (uint8_t)kind;
    view->traits = traits;
    view->to = 0;
    view->event = event;
    view->message = event != NULL ? &event->message : NULL;
    view->flow = view->request_flow = NULL;
    view->own = view->acked = view->request = view->former = view->waiting = NULL;
    view->known = (struct cs_known){0};
    view->dtls = NULL;
    view->side = 0;
    view->token = 0;
    view->note = NULL;
    view->now_ns = t->now_ns;
    view->began_ns = 0;
    view->ended = false;
    view->capture_lossy = t->lossy;
    view->parameters = &t->parameters;
    view->details = NULL;
}

/* ------------------------------------------------------------------ prefetching */

/* To GCC a function that only prefetches has no effect, and it drops the calls: these are put in where they stand. */
#define PREFETCHES static inline __attribute__((always_inline)) void

/* Records and flows are longer than one cache line and shorter than two. */
PREFETCHES prefetch_lines(const void *at)
{
    __builtin_prefetch(at);
    __builtin_prefetch((const uint8_t *)at + 64);
}

#endif
