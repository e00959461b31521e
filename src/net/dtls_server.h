/* net/dtls_server.h: DTLS 1.2 sessions that devices begin with one socket of ours, one for each address they come from.
 *
 * Nothing waits here: what comes goes to net_dtls_server_take(), and what a handshake has to repeat is sent when the loop says so.
 * The cookie of RFC 6347 section 4.2.1 is asked for. Its state is kept before it comes: we have a few peers, and know them. */
#ifndef SRC_NET_DTLS_SERVER_H
#define SRC_NET_DTLS_SERVER_H

#include "src/net/dtls.h"
#include "src/net/loop.h"

enum { NET_DTLS_SESSIONS_MAX = 16 }; /* beyond it, whose handshake is oldest gives way */

struct net_dtls_serving {
    struct net_loop *loop;
    int fd; /* borrowed */
    unsigned scope;
    struct net_authority own;
    const struct net_security *security; /* borrowed */
    struct net_wire wire;
    /* May be NULL; may free the server. */
    void (*news)(void *user, const struct cs_address *peer, enum net_session_news news,
                 const char *why);
    void *user;
};

struct net_dtls_server;

/* NULL with `error`. */
struct net_dtls_server *net_dtls_serve(const struct net_dtls_serving *serving,
                                       struct cs_error *error);
/* Says goodbye to everyone. */
void net_dtls_server_free(struct net_dtls_server *server);
/* What the handshakes from now on are like. False with `error`: they stay as they were. */
bool net_dtls_server_offer(struct net_dtls_server *server, const struct net_handshake *handshake,
                           struct cs_error *error);
/* Takes a datagram of DTLS that came. Then net_dtls_server_next() gives the messages in it, until it returns 0. */
void net_dtls_server_take(struct net_dtls_server *server, const struct cs_address *peer,
                          struct cs_slice octets, uint64_t at_ns);
size_t net_dtls_server_next(struct net_dtls_server *server, const struct cs_address *peer,
                            uint8_t *octets, size_t cap);
/* One message as application data. False with errno; ENOTCONN: there is no session with that one. */
bool net_dtls_server_send(struct net_dtls_server *server, const struct cs_address *peer,
                          struct cs_slice octets);

#endif
