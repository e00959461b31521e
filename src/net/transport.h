/* net/transport.h: the transports that messages go by, one row for each scheme, and a socket of ours over one of them.
 *
 * A further transport is one file with its `struct net_transport`, and one row in transport.c. */
#ifndef SRC_NET_TRANSPORT_H
#define SRC_NET_TRANSPORT_H

#include "coapspec/stream.h"
#include "src/net/loop.h"
#include "src/net/session.h"

enum { NET_DATAGRAM_MAX = 65535 };

/* A message that arrived. `octets` is borrowed for the one call. */
struct net_received {
    struct cs_address src, dst;
    struct cs_slice octets;
    uint64_t at_ns; /* monotonic; when the kernel took it in */
    bool secured;   /* it came out of a session */
};

struct net_socket;

/* What a scheme means. */
struct net_transport {
    const char *scheme;          /* "coap" (RFC 7252 section 6) */
    uint16_t port;               /* where its URIs name none */
    uint8_t carrier, protection; /* enum cs_carrier: the framing; enum cs_protection */
    bool groups;                 /* it reaches groups (RFC 7252 section 8) */
    /* The functions of a socket below. What has not been opened, or not wholly, is not closed. */
    bool (*open)(struct net_socket *socket, const struct cs_address *peer,
                 const struct cs_address *local, struct cs_error *error);
    bool (*send)(struct net_socket *socket, const struct cs_address *to, struct cs_slice octets);
    bool (*send_clear)(struct net_socket *socket, const struct cs_address *to,
                       struct cs_slice octets); /* NULL: `send` does that */
    void (*close)(struct net_socket *socket);
};

/* The table. */
const struct net_transport *const *net_transports(size_t *count);
/* The row of a scheme, that of a URI ("coap://…") too; what has no scheme is coap. NULL: no such row. */
const struct net_transport *net_transport_of(const char *uri);

static inline bool net_transport_is_secure(const struct net_transport *transport)
{
    return transport->protection != CS_CLEAR;
}

/* One end, ours. All zero is a socket that is not open. */
struct net_socket {
    /* Set before it is opened. */
    const struct net_transport *transport; /* NULL: coap */
    unsigned scope;                        /* the interface of link-local addresses; 0 */
    bool accepts; /* sessions are what others begin, and `name` is who we are */
    const struct net_security *security;   /* of a transport that is secure; borrowed */
    const struct net_handshake *handshake; /* NULL: the usual one; borrowed */
    const char *name;                      /* of the peer, for SNI; may be NULL; borrowed */
    /* What a session looks like from outside; may be empty. */
    struct net_wire wire;
    /* What comes: a message, ours or not. */
    void (*receive)(void *user, const struct net_received *received);
    /* ICMP said that nobody listens, or the peer has ended the session of ours: ENOTCONN. `error` is an errno. May be NULL. */
    void (*refused)(void *user, int error);
    /* Of sessions that others begin; BEGAN for a renegotiation of ours that is over, too. May be NULL; may close the socket. */
    void (*news)(void *user, const struct cs_address *peer, enum net_session_news news,
                 const char *why);
    void *user;

    /* Of one that is open. */
    struct net_loop *loop; /* NULL: it is closed */
    struct cs_address local;
    enum net_session_result handshake_result; /* also when it could not be opened */
    /* the transport's own */
    struct net_watch watch;
    void *sessions;
};

/* Opens a socket for talking to `peer`, on a free port; `local`, if not NULL, is the address to bind instead. Not connected:
 * it hears whatever is sent to its port. With a session of ours the handshake is waited for, 10 s at most. False with `error`. */
bool net_socket_open(struct net_socket *socket, struct net_loop *loop,
                     const struct cs_address *peer, const struct cs_address *local,
                     struct cs_error *error);
/* One message. False with errno when it does not leave. With a session of ours it goes to the peer, whatever `to` says; where
 * others begin them, ENOTCONN says that `to` has none. */
bool net_socket_send(struct net_socket *socket, const struct cs_address *to,
                     struct cs_slice octets);
/* The same, in the clear whatever the socket speaks. */
bool net_socket_send_clear(struct net_socket *socket, const struct cs_address *to,
                           struct cs_slice octets);
/* Says goodbye where there is a session. Of one that is not open: nothing. */
void net_socket_close(struct net_socket *socket);

/* Do its sessions come from others? */
static inline bool net_socket_accepts(const struct net_socket *socket)
{
    return socket->accepts && socket->transport != NULL &&
           net_transport_is_secure(socket->transport);
}
static inline bool net_socket_is_secure(const struct net_socket *socket)
{
    return socket->transport != NULL && net_transport_is_secure(socket->transport);
}

#endif
