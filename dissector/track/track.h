/* track/track.h: flows, messages, exchanges. Fills in what a rule sees. */
#ifndef CS_TRACK_TRACK_H
#define CS_TRACK_TRACK_H

#include "coapspec/rule.h"

struct cs_tracker;

/* cs_ledger_messages makes it and frees it. */

/* What is computed of an event before it is filed, in whichever thread: nothing that is kept of conversations is looked at. */
struct cs_keys {
    uint64_t traits;                    /* those that need no memory of earlier messages */
    uint32_t flow, mid, token, crowded; /* hashes that lead to the indexes */
    uint32_t token_fact;                /* cs_facts_token() */
    uint32_t content;                   /* cs_facts_content(); of a message that leaves a record */
    uint32_t place;                     /* of the flow, perhaps */
};
struct cs_key_maker; /* what does it: constant, and apart from everything that changes */
const struct cs_key_maker *cs_tracker_key_maker(const struct cs_tracker *tracker);
void cs_keys_make(const struct cs_key_maker *maker, const struct cs_event *event,
                  struct cs_keys *keys);
/* For a batch: prefetches the places that the keys lead to. */
void cs_tracker_prepare(const struct cs_tracker *tracker, const struct cs_event *event,
                        const struct cs_keys *keys);
/* Between the two halves, for the same batch: prefetches the records that the keys lead to. */
void cs_tracker_prefetch(const struct cs_tracker *tracker, const struct cs_event *event,
                         struct cs_keys *keys);
/* After that: the flow that the event is probably of; NULL when there is none. */
const struct cs_flow *cs_tracker_flow_ahead(const struct cs_tracker *tracker,
                                            const struct cs_keys *keys);
/* Second half: files the event and fills in the view (traits, flow, own, acked, request, former). The records stay
 * valid until the next call. */
void cs_tracker_event(struct cs_tracker *tracker, const struct cs_event *event,
                      const struct cs_keys *keys, struct cs_view *view);

/* cs_ledger.retire: one record whose time has passed. The view is good until the next call. */
bool cs_tracker_retire(void *tracker, uint64_t now_ns, bool end, struct cs_view *view);
/* The flow that the datagram is of, good until the next call; NULL when there is none at present. */
const struct cs_flow *cs_tracker_flow(const struct cs_tracker *tracker,
                                      const struct cs_datagram *datagram);
/* Is this a response with the token of a request of the one that it is sent to, and is that token too long for chance? */
bool cs_tracker_awaits(const struct cs_tracker *tracker, const struct cs_event *event);
/* From here on the stream may lack packets. */
void cs_tracker_not_whole(struct cs_tracker *tracker);

#endif
