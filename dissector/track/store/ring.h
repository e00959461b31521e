/* track/store/ring.h: records in order of time. A constant lifetime expires first in, first out; memory follows what is
 * live, in chunks. */
#ifndef DISSECTOR_TRACK_STORE_RING_H
#define DISSECTOR_TRACK_STORE_RING_H

#include "base/table.h"
#include "coapspec/stream.h"

enum { CS_CHUNK_RECORDS = 512 };

union cs_chunk {
    struct cs_sent records[CS_CHUNK_RECORDS];
    union cs_chunk *next; /* in the free list */
};
_Static_assert(sizeof(struct cs_sent) % 8 == 0 && sizeof(struct cs_sent) <= 80,
               "a record never lies in three cache lines");

/* The chunks of all rings, and which of them are free. */
struct cs_chunks {
    struct cs_slab slab;
    union cs_chunk *free;
    size_t count, max; /* allocated, allowed */
};

struct cs_ring {
    struct cs_chunks *chunks;
    union cs_chunk **directory; /* circular */
    uint32_t directory_mask;
    uint32_t head, tail; /* sequence numbers: records tail … head-1 are live; they wrap */
    uint64_t lifetime_ns;
};

/* `chunks` is borrowed. False without memory. */
bool cs_ring_init(struct cs_ring *ring, struct cs_chunks *chunks, uint64_t lifetime_ns);
void cs_ring_fini(struct cs_ring *ring);
/* Before the rings that share them. */
void cs_chunks_init(struct cs_chunks *chunks, size_t max);
void cs_chunks_fini(struct cs_chunks *chunks);

static inline bool cs_ring_empty(const struct cs_ring *ring) { return ring->head == ring->tail; }
static inline struct cs_sent *cs_ring_at(const struct cs_ring *ring, uint32_t seq)
{
    return &ring->directory[(seq / CS_CHUNK_RECORDS) & ring->directory_mask]
                ->records[seq % CS_CHUNK_RECORDS];
}
/* Would cs_ring_push() need memory that is not there? */
static inline bool cs_ring_full(const struct cs_ring *ring)
{
    return ring->head % CS_CHUNK_RECORDS == 0 && ring->chunks->free == NULL &&
           ring->chunks->count >= ring->chunks->max;
}
/* A new record at the head, not yet filled in; its sequence number in *seq. NULL when it is full. */
struct cs_sent *cs_ring_push(struct cs_ring *ring, uint32_t *seq);
/* Drops the oldest, which stays readable until the next cs_ring_push(). */
void cs_ring_pop(struct cs_ring *ring);

/* ------------------------------------------------------------------ references
 *
 * Two bits for one of four rings, thirty for a sequence number. A reference outlives its record: it is dead then. */
enum { CS_REF_SEQ_BITS = 30 };
#define CS_REF_SEQ_MASK ((UINT32_C(1) << CS_REF_SEQ_BITS) - 1)

static inline uint32_t cs_ref(unsigned ring, uint32_t seq)
{
    return (uint32_t)ring << CS_REF_SEQ_BITS | (seq & CS_REF_SEQ_MASK);
}

static inline uint32_t cs_ref_age(const struct cs_ring *ring, uint32_t ref)
{
    return (ref - ring->tail) & CS_REF_SEQ_MASK;
}

static inline bool cs_ref_live(const struct cs_ring rings[4], uint32_t ref)
{
    const struct cs_ring *ring = &rings[ref >> CS_REF_SEQ_BITS];
    return cs_ref_age(ring, ref) < ring->head - ring->tail;
}

/* NULL when it is dead. */
static inline struct cs_sent *cs_ref_record(const struct cs_ring rings[4], uint32_t ref)
{
    const struct cs_ring *ring = &rings[ref >> CS_REF_SEQ_BITS];
    return cs_ref_live(rings, ref) ? cs_ring_at(ring, ring->tail + cs_ref_age(ring, ref)) : NULL;
}

#endif
