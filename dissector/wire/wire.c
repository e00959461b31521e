/* wire/wire.c: the layers one after the other. */
#include "wire/wire.h"

#include <stdlib.h>

#include "wire/fragment.h"
#include "wire/layers.h"

struct cs_wire {
    struct cs_fragments *fragments;
};

struct cs_wire *cs_wire_new(size_t memory)
{
    struct cs_wire *wire = calloc(1, sizeof *wire);
    struct cs_fragments *fragments = cs_fragments_new(memory);
    if (wire == NULL || fragments == NULL) {
        cs_fragments_free(fragments);
        free(wire);
        return NULL;
    }
    wire->fragments = fragments;
    return wire;
}

void cs_wire_free(struct cs_wire *wire)
{
    if (wire == NULL)
        return;
    cs_fragments_free(wire->fragments);
    free(wire);
}

struct cs_wire_counts cs_wire_counts(const struct cs_wire *wire)
{
    return cs_fragments_counts(wire->fragments);
}

static enum cs_wire_result datagram(struct cs_cursor *c, const struct cs_frame *frame,
                                    const struct cs_ip *ip, struct cs_datagram *out)
{
    out->time_ns = frame->time_ns;
    out->packet = frame->number;
    out->src = ip->src;
    out->dst = ip->dst;
    out->carrier = CS_UDP;
    out->protection = CS_CLEAR;
    out->direction = frame->direction;
    out->fragmented = false;
    out->association = 0;
    out->renewed = false;
    return cs_udp(c, out) == CS_LAYER_UDP ? CS_WIRE_DATAGRAM : CS_WIRE_UNDECODABLE;
}

static enum cs_wire_result fragment(struct cs_wire *wire, const struct cs_frame *frame,
                                    struct cs_ip *ip, struct cs_cursor *c, struct cs_datagram *out)
{
    switch (cs_fragments_add(wire->fragments, ip, frame->time_ns, c)) {
    case CS_FRAGMENT_WHOLE:
        break;
    case CS_FRAGMENT_KEPT:
        return CS_WIRE_FRAGMENT;
    default:
        return CS_WIRE_UNDECODABLE;
    }
    enum cs_layer layer = ip->src.family == 6 ? cs_ipv6_headers(c, ip, ip->next) : CS_LAYER_UDP;
    if (layer == CS_LAYER_OTHER)
        return CS_WIRE_NOTHING;
    /* fragments within fragments: nobody sends them */
    if (layer != CS_LAYER_UDP || datagram(c, frame, ip, out) != CS_WIRE_DATAGRAM)
        return CS_WIRE_UNDECODABLE;
    out->fragmented = true;
    return CS_WIRE_REASSEMBLED;
}

enum cs_wire_result cs_wire_frame(struct cs_wire *wire, const struct cs_frame *frame,
                                  struct cs_datagram *out)
{
    size_t captured = frame->octets.len;
    struct cs_cursor c =
        cs_cursor(frame->octets, frame->wire_length > captured ? frame->wire_length - captured : 0);
    struct cs_ip ip;
    enum cs_layer layer = cs_link(frame->link_type, &c);
    if (layer == CS_LAYER_IPV4)
        layer = cs_ipv4(&c, &ip);
    else if (layer == CS_LAYER_IPV6)
        layer = cs_ipv6(&c, &ip);
    switch (layer) {
    case CS_LAYER_UDP:
        return datagram(&c, frame, &ip, out);
    case CS_LAYER_FRAGMENT:
        return fragment(wire, frame, &ip, &c, out);
    case CS_LAYER_OTHER:
        return CS_WIRE_NOTHING;
    default:
        return CS_WIRE_UNDECODABLE;
    }
}
