/* net/icmp.h: forged ICMP errors about a datagram of the device (RFC 792), as a host or a router on its way would send them.
 *
 * IPv4 alone, on this machine alone, and only with the right to open a raw socket (root, CAP_NET_RAW). */
#ifndef SRC_NET_ICMP_H
#define SRC_NET_ICMP_H

#include "coapspec/dissect.h"

enum net_icmp_kind { NET_ICMP_PORT_UNREACHABLE, NET_ICMP_TIME_EXCEEDED, NET_ICMP_SOURCE_QUENCH };

enum { NET_ICMP_QUOTE_MAX = 512, NET_ICMP_MAX = 20 + 8 + 20 + 8 + NET_ICMP_QUOTE_MAX };

/* Can it be done towards that device? False with `why`. */
bool net_icmp_possible(const struct cs_address *device, char *why, size_t cap);
/* The IP packet with an error about the datagram that went from `src` to `dst`, both IPv4; it quotes what fits. Returns its
 * length, at most NET_ICMP_MAX. */
size_t net_icmp_build(enum net_icmp_kind kind, const struct cs_address *src,
                      const struct cs_address *dst, struct cs_slice octets, uint8_t *out);
/* Sends such a packet to `device`. False with `error`. */
bool net_icmp_send(const struct cs_address *device, struct cs_slice packet, struct cs_error *error);

#endif
