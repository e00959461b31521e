/* track/lookup.c: where to look for what belongs to a message, and looking there ahead of time. */
#include "track/tracker.h"

/* An Empty message has none, and a piggybacked response finds its request by the Message ID. */
static bool uses_token(const struct cs_message *m) { return m->code != 0 && m->type != CS_ACK; }

const struct cs_key_maker *cs_tracker_key_maker(const struct cs_tracker *t) { return t->maker; }

void cs_keys_make(const struct cs_key_maker *maker, const struct cs_event *event,
                  struct cs_keys *keys)
{
    const struct cs_message *m = &event->message;
    const uint64_t src = cs_hash_address(maker->key, &event->datagram.src);
    const uint64_t dst = cs_hash_address(maker->key, &event->datagram.dst);
    const bool reply = m->type == CS_ACK || m->type == CS_RST;
    const bool request = cs_code_is_request(m->code);

    keys->traits = cs_facts_traits(&maker->facts, event);
    keys->flow = flow_hash(src, dst);
    keys->mid = reply ? mid_hash(dst, src, m->mid) : mid_hash(src, dst, m->mid);
    keys->token_fact = cs_facts_token(m);
    keys->token = token_hash(request ? src : dst, keys->token_fact);
    keys->crowded = crowded_hash(keys->token, keys->flow);
    keys->content = reply || !m->has_header ? 0 : cs_facts_content(m);
}

void cs_tracker_prepare(const struct cs_tracker *t, const struct cs_event *event,
                        const struct cs_keys *keys)
{
    __builtin_prefetch(cs_index_bucket(&t->flows.index, keys->flow, 0));
    __builtin_prefetch(cs_index_bucket(&t->by_mid, keys->mid, 0));
    if (!uses_token(&event->message))
        return;
    __builtin_prefetch(cs_index_bucket(&t->by_token, keys->token, 0));
    if (t->crowded)
        __builtin_prefetch(cs_index_bucket(&t->by_token, keys->crowded, 0));
}

PREFETCHES prefetch_record(const struct cs_tracker *t, const struct cs_index *index, uint32_t hash)
{
    struct cs_index_walk walk = cs_index_walk(index, hash);
    uint32_t ref = cs_index_next(index, hash, &walk);
    const struct cs_sent *record = ref == CS_NO_REF ? NULL : cs_ref_record(t->ring, ref);
    if (record != NULL)
        prefetch_lines(record);
}

/* Where many share a token, all of them are looked at before a new one is filed. */
PREFETCHES prefetch_sharers(const struct cs_tracker *t, uint32_t hash)
{
    struct cs_index_walk walk = cs_index_walk(&t->by_token, hash);
    uint32_t ref;
    while ((ref = cs_index_next(&t->by_token, hash, &walk)) != CS_NO_REF) {
        const struct cs_sent *record = cs_ref_record(t->ring, ref);
        if (record != NULL)
            prefetch_lines(record);
    }
}

void cs_tracker_prefetch(const struct cs_tracker *t, const struct cs_event *event,
                         struct cs_keys *keys)
{
    struct cs_index_walk walk = cs_index_walk(&t->flows.index, keys->flow);
    keys->place = cs_index_next(&t->flows.index, keys->flow, &walk);
    if (keys->place != CS_NO_REF)
        prefetch_lines(cs_flows_at(&t->flows, keys->place));
    prefetch_record(t, &t->by_mid, keys->mid);
    if (!uses_token(&event->message))
        return;
    prefetch_record(t, &t->by_token, t->crowded ? keys->crowded : keys->token);
    if (t->crowded)
        prefetch_sharers(t, keys->token);
}

const struct cs_flow *cs_tracker_flow_ahead(const struct cs_tracker *t, const struct cs_keys *keys)
{
    return keys->place != CS_NO_REF ? &cs_flows_at(&t->flows, keys->place)->flow : NULL;
}

const struct cs_flow *cs_tracker_flow(const struct cs_tracker *t, const struct cs_datagram *d)
{
    uint32_t hash =
        flow_hash(cs_hash_address(t->maker->key, &d->src), cs_hash_address(t->maker->key, &d->dst));
    uint32_t ref = cs_flows_find(&t->flows, hash, d);
    return ref != CS_NO_REF ? &cs_flows_at(&t->flows, ref)->flow : NULL;
}
