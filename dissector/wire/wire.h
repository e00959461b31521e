/* wire/wire.h: from a frame to a UDP datagram: link layer, IP with fragments, UDP. */
#ifndef CS_WIRE_WIRE_H
#define CS_WIRE_WIRE_H

#include "coapspec/stream.h"

struct cs_wire; /* holds the fragments */

/* `memory` bounds the octets kept for reassembly. NULL when there is none. */
struct cs_wire *cs_wire_new(size_t memory);
void cs_wire_free(struct cs_wire *wire);

enum cs_wire_result {
    CS_WIRE_NOTHING,     /* not UDP over IP */
    CS_WIRE_FRAGMENT,    /* a fragment was kept; more are needed */
    CS_WIRE_DATAGRAM,    /* `out` is complete and borrows from the frame */
    CS_WIRE_REASSEMBLED, /* `out` is complete and borrows from `wire`, until the next call */
    CS_WIRE_UNDECODABLE, /* the link or IP layer of this frame makes no sense, or its link type is
                            not known */
};
/* Link types: Ethernet (802.1Q, 802.1ad), Linux cooked v1 and v2, null/loopback, raw IP. */
enum cs_wire_result cs_wire_frame(struct cs_wire *wire, const struct cs_frame *frame,
                                  struct cs_datagram *out);

/* Octets in use, fragments given up for want of memory or time. */
struct cs_wire_counts {
    size_t memory;
    uint64_t fragments, evicted;
};
struct cs_wire_counts cs_wire_counts(const struct cs_wire *wire);

#endif
