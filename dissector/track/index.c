/* track/index.c: see index.h. */
#include "track/index.h"

#include <stdlib.h>
#include <string.h>

#include "base/table.h"

enum { FIRST_COUNT = 64, NEAR_PROBES = 4 /* rather grow than look further */ };

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

bool cs_index_init(struct cs_index *index, size_t max_octets, const struct cs_ring *rings)
{
    *index = (struct cs_index){.count = FIRST_COUNT, .max_count = FIRST_COUNT, .rings = rings};
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

/* A place for one more, or NULL; marks the buckets that were passed over. */
static uint32_t *place(struct cs_index *index, uint32_t hash, unsigned probes, uint32_t **hash_at)
{
    for (unsigned probe = 0; probe < probes; probe++) {
        struct cs_bucket *b = cs_index_bucket(index, hash, probe);
        const unsigned i = free_entry(index, b);
        if (i < CS_BUCKET_ENTRIES) {
            b->next = i + 1 < CS_BUCKET_ENTRIES ? i + 1 : 0;
            *hash_at = &b->hash[i];
            return &b->ref[i];
        }
        if (probe + 1 < CS_BUCKET_PROBES)
            b->overflowed = 1;
    }
    return NULL;
}

static bool grow(struct cs_index *index)
{
    if (index->count >= index->max_count)
        return false;
    struct cs_index wider = *index;
    wider.count *= 2;
    wider.used = 0;
    wider.buckets = allocate(wider.count);
    if (wider.buckets == NULL)
        return false;
    for (size_t b = 0; b < index->count; b++)
        for (unsigned i = 0; i < CS_BUCKET_ENTRIES; i++) {
            uint32_t ref = index->buckets[b].ref[i], hash = index->buckets[b].hash[i], *hash_at;
            if (is_free(index, ref))
                continue;
            uint32_t *at = place(&wider, hash, CS_BUCKET_PROBES, &hash_at);
            if (at == NULL) { /* cannot be in practice: half as full as before */
                wider.displaced++;
                continue;
            }
            *at = ref;
            *hash_at = hash;
        }
    free(index->buckets);
    *index = wider;
    return true;
}

bool cs_index_add(struct cs_index *index, uint32_t hash, uint32_t ref)
{
    uint32_t *hash_at;
    uint32_t *at = place(index, hash, NEAR_PROBES, &hash_at);
    while (at == NULL && grow(index))
        at = place(index, hash, NEAR_PROBES, &hash_at);
    if (at == NULL)
        at = place(index, hash, CS_BUCKET_PROBES, &hash_at);
    bool room = at != NULL;
    if (!room) {
        struct cs_bucket *b = cs_index_bucket(index, hash, 0);
        unsigned i = ref % CS_BUCKET_ENTRIES;
        at = &b->ref[i];
        hash_at = &b->hash[i];
        index->displaced++;
    }
    *at = ref;
    *hash_at = hash;
    return room;
}

bool cs_index_change(struct cs_index *index, uint32_t hash, uint32_t from, uint32_t to)
{
    for (unsigned probe = 0; probe < CS_BUCKET_PROBES; probe++) {
        struct cs_bucket *b = cs_index_bucket(index, hash, probe);
        for (unsigned i = 0; i < CS_BUCKET_ENTRIES; i++)
            if (b->hash[i] == hash && b->ref[i] == from) {
                b->ref[i] = to;
                return true;
            }
        if (!b->overflowed)
            return false;
    }
    return false;
}
