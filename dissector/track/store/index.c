/* track/store/index.c: see index.h. */
#include "track/store/index.h"

#include <stdlib.h>
#include <string.h>

#include "base/table.h"

enum { FIRST_COUNT = 64 };
#define FOR_EVER UINT32_MAX /* in place of an epoch */

static struct cs_bucket *allocate(size_t count)
{
    struct cs_bucket *buckets = cs_table_new(count * sizeof *buckets);
    if (buckets == NULL)
        return NULL;
    memset(buckets, 0xff, count * sizeof *buckets);
    for (size_t i = 0; i < count; i++)
        buckets[i].overflowed = buckets[i].next = 0;
    return buckets;
}

bool cs_index_init(struct cs_index *index, size_t max_octets, const struct cs_ring *rings,
                   uint64_t life_ns)
{
    *index = (struct cs_index){
        .count = FIRST_COUNT, .max_count = FIRST_COUNT, .rings = rings, .life_ns = life_ns};
    cs_index_time(index, 0);
    while (index->max_count * 2 * sizeof(struct cs_bucket) <= max_octets)
        index->max_count *= 2;
    index->buckets = allocate(index->count);
    return index->buckets != NULL;
}

void cs_index_fini(struct cs_index *index)
{
    free(index->buckets);
    index->buckets = NULL;
}

size_t cs_index_memory(const struct cs_index *index)
{
    return index->count * sizeof(struct cs_bucket);
}

static inline bool is_free(const struct cs_index *index, uint32_t ref)
{
    return ref == CS_NO_REF || (index->rings != NULL && !cs_ref_live(index->rings, ref));
}

/* The first free entry from bucket->next on; CS_BUCKET_ENTRIES if all are taken. Records die in the order of their birth, so that
 * the first look nearly always finds one. */
static inline unsigned free_entry(const struct cs_index *index, const struct cs_bucket *bucket)
{
    unsigned i = bucket->next;
    for (unsigned n = 0; n < CS_BUCKET_ENTRIES; n++) {
        if (is_free(index, bucket->ref[i]))
            return i;
        i = i + 1 < CS_BUCKET_ENTRIES ? i + 1 : 0;
    }
    return CS_BUCKET_ENTRIES;
}

/* Until when buckets that an entry passed over have to remember that. */
static uint32_t mark_of(const struct cs_index *index, uint32_t ref)
{
    const bool dies =
        index->rings != NULL && index->rings[ref >> CS_REF_SEQ_BITS].lifetime_ns <= index->life_ns;
    return dies ? index->epoch : FOR_EVER;
}

static void pass_over(struct cs_bucket *bucket, uint32_t mark)
{
    if (bucket->overflowed < mark)
        bucket->overflowed = mark;
}

/* Puts an entry into the first of its buckets that has room. */
static bool place(struct cs_index *index, uint32_t hash, uint32_t ref)
{
    for (unsigned probe = 0; probe < CS_BUCKET_PROBES; probe++) {
        struct cs_bucket *b = cs_index_bucket(index, hash, probe);
        const unsigned i = free_entry(index, b);
        if (i < CS_BUCKET_ENTRIES) {
            b->next = i + 1 < CS_BUCKET_ENTRIES ? i + 1 : 0;
            b->hash[i] = hash;
            b->ref[i] = ref;
            return true;
        }
        pass_over(b, mark_of(index, ref));
    }
    return false;
}

static bool grow(struct cs_index *index)
{
    if (index->count >= index->max_count)
        return false;
    struct cs_index wider = *index;
    wider.count *= 2;
    wider.buckets = allocate(wider.count);
    if (wider.buckets == NULL)
        return false;
    for (size_t b = 0; b < index->count; b++)
        for (unsigned i = 0; i < CS_BUCKET_ENTRIES; i++) {
            const uint32_t ref = index->buckets[b].ref[i];
            if (!is_free(index, ref) && !place(&wider, index->buckets[b].hash[i], ref))
                wider.displaced++; /* cannot be in practice: half as full as before */
        }
    free(index->buckets);
    *index = wider;
    return true;
}

bool cs_index_add(struct cs_index *index, uint32_t hash, uint32_t ref)
{
    do {
        if (place(index, hash, ref))
            return true;
    } while (grow(index));
    struct cs_bucket *b = cs_index_bucket(index, hash, 0);
    const unsigned i = ref % CS_BUCKET_ENTRIES;
    b->hash[i] = hash;
    b->ref[i] = ref;
    index->displaced++;
    return false;
}

bool cs_index_change(struct cs_index *index, uint32_t hash, uint32_t from, uint32_t to)
{
    const uint32_t mark = to == CS_NO_REF ? 0 : mark_of(index, to);
    for (unsigned probe = 0; probe < CS_BUCKET_PROBES; probe++) {
        struct cs_bucket *b = cs_index_bucket(index, hash, probe);
        for (unsigned i = 0; i < CS_BUCKET_ENTRIES; i++)
            if (b->hash[i] == hash && b->ref[i] == from) {
                b->ref[i] = to;
                return true;
            }
        if (b->overflowed < index->since)
            return false;
        pass_over(b, mark); /* what stands further on lives longer now */
    }
    return false;
}
