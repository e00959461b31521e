/* net/address.h: addresses between the stream, the kernel and URIs. */
#ifndef SRC_NET_ADDRESS_H
#define SRC_NET_ADDRESS_H

#include <sys/socket.h>

#include "coapspec/dissect.h"

/* `scope` is the interface of a link-local address (RFC 4007); it is not looked at for others. */
socklen_t net_to_sockaddr(const struct cs_address *address, unsigned scope,
                          struct sockaddr_storage *out);
/* fe80::/10 and ff02::/16: the same address may be on every link. */
bool net_is_link_local(const struct cs_address *address);
bool net_is_loopback(const struct cs_address *address);
void net_from_sockaddr(const struct sockaddr_storage *storage, struct cs_address *out);

struct net_security;
struct net_transport;

/* scheme://host[:port][/path] of a scheme in the table of transports (RFC 7252 sections 6.1 and 6.2), or a bare host[:port]: coap.
 * The name is resolved. */
struct net_target {
    char uri[256]; /* as given, with the scheme */
    char host[128];
    char path[128]; /* "" or "/…" */
    struct cs_address address;
    unsigned scope;                        /* index of the interface of a link-local address; 0 */
    const struct net_transport *transport; /* of its scheme; NULL: coap */
    const struct net_security
        *security; /* with which it is spoken to; NULL: in the clear. Borrowed */
};
/* "coap", "coaps", … */
const char *net_target_scheme(const struct net_target *target);
/* Is it spoken to inside of a session? */
bool net_target_is_secure(const struct net_target *target);
/* Is it such a URI? Asks nobody. */
bool net_target_check(const char *uri, struct cs_error *error);
/* And without a path or query: it names an endpoint, not a resource. */
bool net_target_check_endpoint(const char *uri, struct cs_error *error);
bool net_target_parse(const char *uri, struct net_target *out, struct cs_error *error);

#endif
