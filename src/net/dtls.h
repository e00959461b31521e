/* net/dtls.h: DTLS 1.2 over sockets of ours, on OpenSSL, which the files dtls*.c alone know.
 *
 * A session is the same at either end once it is there. Those that we begin come from net_dtls_connect(), which waits for the
 * handshake; those that a device begins from dtls_server.h. Each record goes past `wire`, as it is on the wire. */
#ifndef SRC_NET_DTLS_H
#define SRC_NET_DTLS_H

#include <sys/socket.h>

#include "src/net/session.h"

struct net_dtls_end {
    int fd; /* borrowed */
    struct sockaddr_storage peer;
    socklen_t peer_length;
    const char *name; /* of the server, for SNI; NULL or an address: none */
};

struct net_dtls;

/* Makes a session; `*out` is owned by the caller when it is done. */
enum net_session_result net_dtls_connect(const struct net_security *security,
                                         const struct net_handshake *handshake,
                                         const struct net_dtls_end *end,
                                         const struct net_wire *wire, uint64_t limit_ns,
                                         struct net_dtls **out, struct cs_error *error);
/* Says goodbye. */
void net_dtls_free(struct net_dtls *dtls);
/* Begins a new handshake inside the session, whose next epoch follows (RFC 5246 section 7.4.1.2). False with `error`. */
bool net_dtls_renegotiate(struct net_dtls *dtls, struct cs_error *error);
/* How far it is: SILENT while it goes on; repeats what got lost. */
enum net_session_result net_dtls_renegotiation(struct net_dtls *dtls);
/* One message as application data. False with errno. */
bool net_dtls_send(struct net_dtls *dtls, struct cs_slice octets);
/* Takes a datagram that came; then net_dtls_next() gives the messages in it, until there is none: its length, 0 at the end,
 * -1 when the session is over. */
void net_dtls_take(struct net_dtls *dtls, struct cs_slice octets, uint64_t at_ns);
long net_dtls_next(struct net_dtls *dtls, uint8_t *octets, size_t cap);

#endif
