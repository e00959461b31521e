/* track/retire.c: records whose time is over, or for which there is no more room. */
#include "track/tracker.h"

/* The ring whose oldest record is the oldest of all; RING_COUNT when all are empty. */
static unsigned oldest_ring(const struct cs_tracker *t)
{
    unsigned found = RING_COUNT;
    uint64_t found_ns = UINT64_MAX;
    for (unsigned r = 0; r < RING_COUNT; r++) {
        if (cs_ring_empty(&t->ring[r]))
            continue;
        uint64_t ns = cs_ring_at(&t->ring[r], t->ring[r].tail)->first_ns;
        if (found == RING_COUNT || ns < found_ns) {
            found = r;
            found_ns = ns;
        }
    }
    return found;
}

static unsigned expired_ring(const struct cs_tracker *t, uint64_t now_ns)
{
    for (unsigned r = 0; r < RING_COUNT; r++)
        if (t->due_ns[r] <= now_ns)
            return r;
    return RING_COUNT;
}

static void set_due(struct cs_tracker *t, unsigned r)
{
    const struct cs_ring *ring = &t->ring[r];
    t->due_ns[r] = cs_ring_empty(ring) ? UINT64_MAX
                                       : cs_ring_at(ring, ring->tail)->first_ns + ring->lifetime_ns;
}

static bool short_of_memory(const struct cs_tracker *t)
{
    return cs_flows_full(&t->flows) || cs_ring_full(&t->ring[RING_CON]) ||
           cs_ring_full(&t->ring[RING_NON]);
}

/* Should the record live on in the ring of observations? */
static bool keeps_observing(const struct cs_sent *s)
{
    bool registered =
        (s->flags & CS_SENT_OBSERVE_ZERO) != 0 && CS_CODE_CLASS(s->response_code) == 2;
    return registered && ((s->flags & CS_SENT_CLOSED) == 0 || (s->flags & CS_SENT_RECENT) != 0);
}

static void move_to_observations(struct cs_tracker *t, const struct cs_sent *s, uint32_t old_ref,
                                 uint64_t now_ns)
{
    uint32_t seq;
    struct cs_sent *kept = push_record(t, RING_OBSERVE, now_ns, &seq);
    if (kept == NULL)
        return;
    *kept = *s;
    kept->flags = (kept->flags | CS_SENT_CLOSED) & ~(uint32_t)CS_SENT_RECENT;
    kept->first_ns = now_ns; /* its day begins; times of the exchange are over */
    kept->packet = s->packet;
    cs_flows_at(&t->flows, s->flow)->records++;
    const struct cs_address *address = cs_flows_at(&t->flows, s->flow)->flow.address;
    const uint64_t client = cs_hash_address(t->maker->key, &address[s->side]);
    const uint64_t server = cs_hash_address(t->maker->key, &address[1 - s->side]);
    const uint32_t token = token_hash(client, s->token), ref = cs_ref(RING_OBSERVE, seq);
    if (!cs_index_change(&t->by_token, token, old_ref, ref))
        cs_index_change(&t->by_token, crowded_hash(token, flow_hash(client, server)), old_ref, ref);
}

/* What will retire soon was last touched minutes ago: the record, and then its flow. */
PREFETCHES prefetch_next(const struct cs_tracker *t, const struct cs_ring *ring)
{
    enum { RECORD_AHEAD = 24, FLOW_AHEAD = 12 };
    if (ring->head - ring->tail <= RECORD_AHEAD)
        return;
    prefetch_lines(cs_ring_at(ring, ring->tail + RECORD_AHEAD));
    prefetch_lines(cs_flows_at(&t->flows, cs_ring_at(ring, ring->tail + FLOW_AHEAD)->flow));
}

/* Apart from its caller, which nearly always finds nothing to do: what this saves on entry is not saved for that. */
static __attribute__((noinline)) bool retire_one(struct cs_tracker *t, uint64_t now_ns, bool end,
                                                 struct cs_view *view)
{
    for (;;) {
        bool evicted = false;
        unsigned r = end ? oldest_ring(t) : expired_ring(t, now_ns);
        if (r == RING_COUNT && !end && short_of_memory(t)) {
            r = oldest_ring(t);
            evicted = r != RING_COUNT;
        }
        if (r == RING_COUNT)
            return false;

        struct cs_ring *ring = &t->ring[r];
        const uint32_t ref = cs_ref(r, ring->tail);
        struct cs_sent *s = cs_ring_at(ring, ring->tail);
        count_open(t, s, -1);
        if (!end && !evicted && keeps_observing(s))
            move_to_observations(t, s, ref, now_ns);
        cs_ring_pop(ring);
        set_due(t, r);
        cs_flows_release(&t->flows, s->flow);
        t->evicted += evicted;
        prefetch_next(t, ring);
        if ((s->flags & CS_SENT_CLOSED) != 0)
            continue;
        s->flags |= evicted ? (uint32_t)CS_SENT_EVICTED : 0u;
        begin_view(t, CS_OF_CLOSED, NULL, CS_C_CLOSED, view);
        view->to = s->traits;
        view->flow = &cs_flows_at(&t->flows, s->flow)->flow;
        view->own = s;
        view->side = s->side;
        view->ended = end;
        view->now_ns = now_ns;
        return true;
    }
}

bool cs_tracker_retire(void *tracker, uint64_t now_ns, bool end, struct cs_view *view)
{
    struct cs_tracker *t = tracker;
    const bool due = end || expired_ring(t, now_ns) != RING_COUNT || short_of_memory(t);
    return due && retire_one(t, now_ns, end, view);
}
