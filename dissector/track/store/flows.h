/* track/store/flows.h: the flows that have live records. */
#ifndef DISSECTOR_TRACK_STORE_FLOWS_H
#define DISSECTOR_TRACK_STORE_FLOWS_H

#include "track/store/index.h"
#include "coapspec/stream.h"

struct cs_flow_slot {
    struct cs_flow flow;
    uint32_t records; /* live records of this flow; without one it is free */
    union {
        uint32_t hash;
        uint32_t next_free; /* of a free one */
    };
};
_Static_assert(sizeof(struct cs_flow_slot) % 32 == 0 && sizeof(struct cs_flow_slot) <= 96,
               "a slot never lies in three cache lines");

enum { CS_FLOW_CHUNK = 256 };

struct cs_flows {
    struct cs_slab slab;
    struct cs_flow_slot **chunks; /* owned; what they point to is the slab's */
    size_t chunk_count, chunk_max;
    uint32_t free, slots, live;
    struct cs_index index;
    uint64_t seen; /* flows ever made */
};

/* `max_octets` bounds all that it takes, the index included. False without memory. */
bool cs_flows_init(struct cs_flows *flows, size_t max_octets);
void cs_flows_fini(struct cs_flows *flows);
/* Octets in use. */
size_t cs_flows_memory(const struct cs_flows *flows);

static inline struct cs_flow_slot *cs_flows_at(const struct cs_flows *flows, uint32_t slot)
{
    return &flows->chunks[slot / CS_FLOW_CHUNK][slot % CS_FLOW_CHUNK];
}
/* The flow that the datagram is of, whose addresses `hash` is made of; CS_NO_REF when there is none. */
uint32_t cs_flows_find(const struct cs_flows *flows, uint32_t hash,
                       const struct cs_datagram *datagram);
static inline bool cs_flows_full(const struct cs_flows *flows)
{
    return flows->free == CS_NO_REF && flows->chunk_count == flows->chunk_max &&
           flows->slots == flows->chunk_count * CS_FLOW_CHUNK;
}
/* A new flow whose side 0 sends the datagram; CS_NO_REF when there is no memory. It has no record yet. */
uint32_t cs_flows_add(struct cs_flows *flows, uint32_t hash, const struct cs_datagram *datagram);
/* One record less; the last one frees the flow, which stays readable until the next cs_flows_add(). */
void cs_flows_release(struct cs_flows *flows, uint32_t slot);

#endif
