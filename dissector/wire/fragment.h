/* wire/fragment.h: IP packets that came in several fragments. For the files of this folder only.
 *
 * IPv4: RFC 791; where fragments overlap, the octets that came first count. IPv6: RFC 8200
 * section 4.5; a packet whose fragments overlap is given up (RFC 5722), save for exact copies of a
 * fragment. A packet that is not whole after 30 s (IPv4, RFC 791) or 60 s (IPv6) of the stream's
 * time is given up, and the oldest one when memory is short. */
#ifndef CS_WIRE_FRAGMENT_H
#define CS_WIRE_FRAGMENT_H

#include "wire/layers.h"
#include "wire/wire.h"

struct cs_fragments;

/* `memory` bounds the octets kept, the structures about them included. NULL when there is none. */
struct cs_fragments *cs_fragments_new(size_t memory);
void cs_fragments_free(struct cs_fragments *fragments);
struct cs_wire_counts cs_fragments_counts(const struct cs_fragments *fragments);

enum cs_fragment_result {
    CS_FRAGMENT_KEPT,  /* or dropped: its packet is not whole */
    CS_FRAGMENT_WHOLE, /* `c` is the payload of the whole packet, lent until the next call;
                          `ip->next` its protocol */
    CS_FRAGMENT_BAD    /* no fragment can be like that */
};
/* `c` is the fragment's payload. Octets that the snap length dropped inside the packet cut it
 * there. */
enum cs_fragment_result cs_fragments_add(struct cs_fragments *fragments, struct cs_ip *ip,
                                         uint64_t time_ns, struct cs_cursor *c);

#endif
