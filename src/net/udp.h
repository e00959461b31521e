/* net/udp.h: one UDP socket of ours, towards one device. */
#ifndef SRC_NET_UDP_H
#define SRC_NET_UDP_H

#include "coapspec/dissect.h"
#include "src/net/dtls_server.h"
#include "src/net/loop.h"

enum { NET_DATAGRAM_MAX = 65535 };

/* What arrived. `octets` is borrowed for the one call. */
struct net_received {
    struct cs_address src, dst;
    struct cs_slice octets;
    uint64_t at_ns; /* monotonic; when the kernel took it in */
    bool secured;   /* it came out of DTLS */
};

struct net_udp {
    struct net_loop *loop;
    struct net_watch watch;
    struct cs_address local;
    unsigned scope; /* set before it is opened: the interface of link-local addresses; 0 */
    /* Set before it is opened, for a socket that speaks DTLS with its peer: what is received and sent is inside, what is on the wire goes
     * past `wire`. */
    const struct net_security *security;
    const struct net_handshake *handshake; /* NULL: the usual one */
    const char *name;                      /* of the peer, for SNI; may be NULL */
    struct net_dtls_wire wire;
    struct net_dtls *dtls;                 /* owned; NULL: no session */
    enum net_dtls_result handshake_result; /* when it could not be opened */
    /* Set before it is opened, too: sessions are what others begin, `name` is who we are. News as in dtls_server.h, BEGAN for a renegotiation
     * of ours that is over, too; may be NULL. */
    bool accepts;
    void (*news)(void *user, const struct cs_address *peer, enum net_dtls_news news,
                 const char *why);
    struct net_dtls_server *server; /* owned; NULL: it does not accept any */
    void (*receive)(void *user, const struct net_received *received);
    /* ICMP said that nobody listens; `error` is an errno. May be NULL. */
    void (*refused)(void *user, int error);
    void *user;
};

/* Opens a socket for talking to `peer`, on a free port; `local`, if not NULL, is the address to bind instead. Not connected:
 * it hears whatever is sent to its port. False with `error`. */
bool net_udp_open(struct net_udp *udp, struct net_loop *loop, const struct cs_address *peer,
                  const struct cs_address *local, struct cs_error *error);
/* May a socket be bound to that address, which nobody else has? False with `error`. */
bool net_udp_may_listen(const struct cs_address *local, unsigned scope, struct cs_error *error);
/* A group of the socket's family: all CoAP nodes (RFC 7252 section 12.8; 224.0.1.187, ff02::fd), or all nodes (224.0.0.1,
 * ff02::1); `group` keeps its port. What is sent there leaves by the interface that has the socket's address, and does not
 * leave the link. False with `error`. */
bool net_udp_group(const struct net_udp *udp, bool all_nodes, struct cs_address *group,
                   struct cs_error *error);
/* Opens a socket that hears what is sent to All CoAP Nodes (IPv4) at the port of `own`, on the interface that has that address. It
 * only hears: a group is no address to send from. False with `error`. */
bool net_udp_hear_group(struct net_udp *udp, struct net_loop *loop, const struct cs_address *own,
                        struct cs_error *error);
void net_udp_close(struct net_udp *udp);
/* Does it speak DTLS? */
static inline bool net_udp_is_secure(const struct net_udp *udp)
{
    return udp->dtls != NULL || udp->server != NULL;
}
/* False with errno when the kernel would not take it. With a session of ours it goes to the peer, whatever `to` says; where we
 * accept them, ENOTCONN says that `to` has none. */
bool net_udp_send(struct net_udp *udp, const struct cs_address *to, struct cs_slice octets);
/* The same, in the clear whatever the socket speaks. */
bool net_udp_send_clear(struct net_udp *udp, const struct cs_address *to, struct cs_slice octets);

#endif
