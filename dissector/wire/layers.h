/* wire/layers.h: the layers between a frame and a datagram, one function each. For the files of
 * this folder only.
 *
 * Each takes its header off the front of a cursor, and what is not its payload off the end: padding
 * behind an IP packet is gone, octets that the snap length dropped are in `missing`. */
#ifndef CS_WIRE_LAYERS_H
#define CS_WIRE_LAYERS_H

#include "base/cursor.h"
#include "coapspec/stream.h"

enum cs_layer {
    CS_LAYER_OTHER, /* a protocol that does not concern us */
    CS_LAYER_BAD,   /* cut short, or it makes no sense */
    CS_LAYER_IPV4,  /* what follows */
    CS_LAYER_IPV6,
    CS_LAYER_UDP,
    CS_LAYER_FRAGMENT
};

/* What an IP header says. */
struct cs_ip {
    struct cs_address src, dst; /* without ports */
    bool more;                  /* a fragment: it is not the last one */
    uint8_t next;    /* a fragment: protocol of the first octet of the whole packet's payload */
    uint16_t offset; /* a fragment: where it belongs in there, octets */
    uint32_t id;     /* a fragment: its packet */
};

/* CS_LAYER_IPV4, _IPV6, _OTHER or _BAD. */
enum cs_layer cs_link(uint16_t link_type, struct cs_cursor *c);
/* CS_LAYER_UDP, _FRAGMENT, _OTHER or _BAD. A packet that claims to be a fragment and is whole is
 * CS_LAYER_UDP. */
enum cs_layer cs_ipv4(struct cs_cursor *c, struct cs_ip *ip);
enum cs_layer cs_ipv6(struct cs_cursor *c, struct cs_ip *ip);
/* The rest of an IPv6 packet from a header of type `next` on: also what reassembly leaves. */
enum cs_layer cs_ipv6_headers(struct cs_cursor *c, struct cs_ip *ip, uint8_t next);
/* CS_LAYER_UDP or _BAD: fills in ports, `octets` and `missing`. */
enum cs_layer cs_udp(struct cs_cursor *c, struct cs_datagram *out);

enum { CS_PROTOCOL_UDP = 17 };

/* Of what follows, only `n` octets belong to us: the rest is padding. What is not there was cut,
 * also where the capture does not say that the frame was longer. */
static inline void cs_cursor_limit(struct cs_cursor *c, size_t n)
{
    c->missing = n > c->left ? n - c->left : 0;
    if (n < c->left)
        c->left = n;
}

#endif
