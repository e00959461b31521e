/* track/store/index.h: from a 32-bit hash to a 32-bit reference, in buckets of one cache line.
 *
 * An entry whose reference is dead counts as free: nothing has to be removed when a record retires. Two different keys may
 * have one hash: the caller compares the record.
 *
 * An entry that finds its bucket full goes to the next of eight, which lie far apart, so that buckets fill evenly and a table
 * may be two thirds full. A bucket remembers when that last happened: once every entry of that time is dead, a search ends there
 * again. */
#ifndef DISSECTOR_TRACK_STORE_INDEX_H
#define DISSECTOR_TRACK_STORE_INDEX_H

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "track/store/ring.h"

enum { CS_BUCKET_ENTRIES = 7, CS_BUCKET_PROBES = 8 };
#define CS_NO_REF UINT32_MAX

struct cs_bucket {
    uint32_t hash[CS_BUCKET_ENTRIES];
    uint32_t overflowed; /* the epoch in which an entry last had to go to the next one */
    uint32_t ref[CS_BUCKET_ENTRIES]; /* CS_NO_REF: free */
    uint32_t next;                   /* the entry behind the one that was filled last */
};
_Static_assert(sizeof(struct cs_bucket) == 64, "a bucket is one cache line");

struct cs_index {
    struct cs_bucket *buckets; /* owned; count is a power of two */
    size_t count, max_count;
    const struct cs_ring
        *rings; /* that the references lead to; NULL: they are alive until removed */
    uint64_t
        life_ns; /* of the records in them; what is kept longer is in a ring with a longer lifetime */
    uint32_t epoch;     /* now; from 1 */
    uint32_t since;     /* entries of earlier epochs are dead */
    uint64_t displaced; /* entries given up because their places were full */
};

/* `rings`: four of them, borrowed; or NULL. */
bool cs_index_init(struct cs_index *index, size_t max_octets, const struct cs_ring *rings,
                   uint64_t life_ns);
void cs_index_fini(struct cs_index *index);
/* Octets in use. */
size_t cs_index_memory(const struct cs_index *index);
/* Time passes; it never goes back. */
enum { CS_EPOCH_SHIFT = 35 }; /* 2^35 ns: half a minute */
static inline void cs_index_time(struct cs_index *index, uint64_t now_ns)
{
    const uint32_t epoch = (uint32_t)(now_ns >> CS_EPOCH_SHIFT) + 1;
    const uint32_t life = (uint32_t)(index->life_ns >> CS_EPOCH_SHIFT) + 2;
    index->epoch = epoch;
    index->since = epoch > life ? epoch - life : 1;
}

static inline struct cs_bucket *cs_index_bucket(const struct cs_index *index, uint32_t hash,
                                                unsigned probe)
{
    return &index->buckets[(hash + probe * (hash >> 15 | 1)) & (index->count - 1)];
}

/* A bit for each entry of the bucket that has this hash. */
static inline unsigned cs_bucket_match(const struct cs_bucket *bucket, uint32_t hash)
{
#ifdef __SSE2__
    const __m128i wanted = _mm_set1_epi32((int)hash);
    const __m128i *at = (const __m128i *)(const void *)bucket->hash;
    int low = _mm_movemask_ps(_mm_castsi128_ps(_mm_cmpeq_epi32(_mm_load_si128(at), wanted)));
    int high = _mm_movemask_ps(_mm_castsi128_ps(_mm_cmpeq_epi32(_mm_load_si128(at + 1), wanted)));
    return ((unsigned)low | (unsigned)high << 4) & ((1u << CS_BUCKET_ENTRIES) - 1);
#else
    unsigned match = 0;
    for (unsigned i = 0; i < CS_BUCKET_ENTRIES; i++)
        match |= (unsigned)(bucket->hash[i] == hash) << i;
    return match;
#endif
}

/* A walk over the references with one hash. */
struct cs_index_walk {
    const struct cs_bucket *bucket;
    unsigned match, probe;
};

static inline struct cs_index_walk cs_index_walk(const struct cs_index *index, uint32_t hash)
{
    const struct cs_bucket *bucket = cs_index_bucket(index, hash, 0);
    return (struct cs_index_walk){bucket, cs_bucket_match(bucket, hash), 0};
}

/* CS_NO_REF at the end. */
static inline uint32_t cs_index_next(const struct cs_index *index, uint32_t hash,
                                     struct cs_index_walk *walk)
{
    for (;;) {
        while (walk->match != 0) {
            unsigned i = (unsigned)__builtin_ctz(walk->match);
            walk->match &= walk->match - 1;
            if (walk->bucket->ref[i] != CS_NO_REF)
                return walk->bucket->ref[i];
        }
        if (walk->bucket->overflowed < index->since || ++walk->probe == CS_BUCKET_PROBES)
            return CS_NO_REF;
        walk->bucket = cs_index_bucket(index, hash, walk->probe);
        walk->match = cs_bucket_match(walk->bucket, hash);
    }
}
/* Adds one; grows when it must and may. False when another live entry was displaced for it. */
bool cs_index_add(struct cs_index *index, uint32_t hash, uint32_t ref);
/* Points an entry elsewhere, or frees it with CS_NO_REF. False when there is none. */
bool cs_index_change(struct cs_index *index, uint32_t hash, uint32_t from, uint32_t to);

#endif
