/* track/store/flows.c: see flows.h. */
#include "track/store/flows.h"

#include <stdlib.h>
#include <string.h>

bool cs_flows_init(struct cs_flows *flows, size_t max_octets)
{
    size_t chunk_octets = CS_FLOW_CHUNK * sizeof(struct cs_flow_slot);
    *flows =
        (struct cs_flows){.free = CS_NO_REF, .chunk_max = max_octets * 4 / 5 / chunk_octets + 1};
    cs_slab_init(&flows->slab, chunk_octets);
    flows->chunks = calloc(flows->chunk_max, sizeof *flows->chunks);
    return flows->chunks != NULL && cs_index_init(&flows->index, max_octets / 5, NULL, 0);
}

void cs_flows_fini(struct cs_flows *flows)
{
    cs_slab_fini(&flows->slab);
    free(flows->chunks);
    cs_index_fini(&flows->index);
}

size_t cs_flows_memory(const struct cs_flows *flows)
{
    return flows->chunk_count * CS_FLOW_CHUNK * sizeof(struct cs_flow_slot) +
           cs_index_memory(&flows->index);
}

uint32_t cs_flows_find(const struct cs_flows *flows, uint32_t hash,
                       const struct cs_datagram *datagram)
{
    const struct cs_address *a = &datagram->src, *b = &datagram->dst;
    struct cs_index_walk walk = cs_index_walk(&flows->index, hash);
    uint32_t ref;
    while ((ref = cs_index_next(&flows->index, hash, &walk)) != CS_NO_REF) {
        const struct cs_flow *flow = &cs_flows_at(flows, ref)->flow;
        const struct cs_address *end = flow->address;
        if ((cs_address_equal(&end[0], a)
                 ? cs_address_equal(&end[1], b)
                 : cs_address_equal(&end[0], b) && cs_address_equal(&end[1], a)) &&
            flow->association == datagram->association && flow->carrier == datagram->carrier)
            return ref;
    }
    return CS_NO_REF;
}

static uint32_t take_slot(struct cs_flows *flows)
{
    uint32_t slot = flows->free;
    if (slot != CS_NO_REF) {
        flows->free = cs_flows_at(flows, slot)->next_free;
        return slot;
    }
    if (flows->slots == flows->chunk_count * CS_FLOW_CHUNK) {
        if (flows->chunk_count == flows->chunk_max)
            return CS_NO_REF;
        struct cs_flow_slot *chunk = cs_slab_take(&flows->slab);
        if (chunk == NULL)
            return CS_NO_REF;
        flows->chunks[flows->chunk_count++] = chunk;
    }
    return flows->slots++;
}

uint32_t cs_flows_add(struct cs_flows *flows, uint32_t hash, const struct cs_datagram *datagram)
{
    uint32_t slot = take_slot(flows);
    if (slot == CS_NO_REF)
        return CS_NO_REF;
    struct cs_flow_slot *s = cs_flows_at(flows, slot);
    *s = (struct cs_flow_slot){.hash = hash};
    s->flow.address[0] = datagram->src;
    s->flow.address[1] = datagram->dst;
    s->flow.association = datagram->association;
    s->flow.carrier = datagram->carrier;
    s->flow.tester_side = CS_NO_SIDE;
    cs_index_add(&flows->index, hash, slot);
    flows->seen++;
    flows->live++;
    return slot;
}

void cs_flows_release(struct cs_flows *flows, uint32_t slot)
{
    struct cs_flow_slot *s = cs_flows_at(flows, slot);
    if (--s->records > 0)
        return;
    cs_index_change(&flows->index, s->hash, slot, CS_NO_REF);
    s->next_free = flows->free;
    flows->free = slot;
    flows->live--;
}
