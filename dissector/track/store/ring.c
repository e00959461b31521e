/* track/store/ring.c: see ring.h. */
#include "track/store/ring.h"

#include <stdlib.h>

bool cs_ring_init(struct cs_ring *ring, struct cs_chunks *chunks, uint64_t lifetime_ns)
{
    uint32_t places = 4;
    while (places < chunks->max + 2)
        places *= 2;
    *ring = (struct cs_ring){
        .chunks = chunks, .directory_mask = places - 1, .lifetime_ns = lifetime_ns};
    ring->directory = calloc(places, sizeof(union cs_chunk *));
    return ring->directory != NULL;
}

static union cs_chunk **chunk_at(const struct cs_ring *ring, uint32_t seq)
{
    return &ring->directory[(seq / CS_CHUNK_RECORDS) & ring->directory_mask];
}

void cs_ring_fini(struct cs_ring *ring)
{
    free(ring->directory);
    ring->directory = NULL;
}

void cs_chunks_init(struct cs_chunks *chunks, size_t max)
{
    *chunks = (struct cs_chunks){.max = max};
    cs_slab_init(&chunks->slab, sizeof(union cs_chunk));
}

void cs_chunks_fini(struct cs_chunks *chunks)
{
    cs_slab_fini(&chunks->slab);
    chunks->free = NULL;
}

static bool add_chunk(struct cs_ring *ring)
{
    struct cs_chunks *c = ring->chunks;
    union cs_chunk *chunk = c->free;
    if (chunk != NULL) {
        c->free = chunk->next;
    } else {
        if (c->count >= c->max || (chunk = cs_slab_take(&c->slab)) == NULL)
            return false;
        c->count++;
    }
    *chunk_at(ring, ring->head) = chunk;
    return true;
}

struct cs_sent *cs_ring_push(struct cs_ring *ring, uint32_t *seq)
{
    if (ring->head % CS_CHUNK_RECORDS == 0 && !add_chunk(ring))
        return NULL;
    *seq = ring->head++;
    return cs_ring_at(ring, *seq);
}

void cs_ring_pop(struct cs_ring *ring)
{
    uint32_t seq = ring->tail++;
    bool chunk_done = ring->tail % CS_CHUNK_RECORDS == 0;
    if (!chunk_done)
        return;
    union cs_chunk **at = chunk_at(ring, seq);
    (*at)->next = ring->chunks->free;
    ring->chunks->free = *at;
    *at = NULL;
}
