/* front.h: the first half of the analysis, of which analysis.c is the second: frames become decoded messages with their keys.
 *
 * Nothing here knows of conversations, so it may go on in one thread while the other half judges in another what came before. */
#ifndef DISSECTOR_FRONT_H
#define DISSECTOR_FRONT_H

#include "coapspec/analysis.h"
#include "track/track.h"
#include "wire/wire.h"

/* A datagram with UDP in it, decoded as if it were CoAP. */
struct cs_item {
    struct cs_event event;
    struct cs_keys keys;
};

struct cs_batch {
    struct cs_item items[CS_BATCH_FRAMES];
    size_t count;
    /* of all its frames */
    uint64_t packets, octets, not_decodable;
    uint64_t first_ns, last_ns; /* 0: none; the latest */
    struct cs_wire_counts wire; /* after it */
    /* What the items borrow, where it does not stay in the frames. */
    bool copies;
    uint8_t *copied; /* owned */
    size_t copied_cap, copied_length;
    struct cs_kept *kept; /* owned: datagrams that were put together of fragments */
};

struct cs_front {
    struct cs_wire *wire; /* owned */
    const struct cs_key_maker *maker;
};

/* `memory` is what fragments of IP may take. NULL when there is no memory. */
struct cs_front *cs_front_new(size_t memory, const struct cs_key_maker *maker);
void cs_front_free(struct cs_front *front);
/* Up to CS_BATCH_FRAMES frames. False when there is no memory for copies. */
bool cs_front_read(struct cs_front *front, const struct cs_frame *frames, size_t count,
                   struct cs_batch *batch);
/* The message in item->event.datagram, and its keys. */
void cs_front_decode(const struct cs_front *front, struct cs_item *item);

#endif
