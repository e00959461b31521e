/* net/dtls_transport.h: coaps: messages as the application data of DTLS. What is in the clear is heard as well. */
#ifndef SRC_NET_DTLS_TRANSPORT_H
#define SRC_NET_DTLS_TRANSPORT_H

#include "src/net/dtls_server.h"
#include "src/net/transport.h"

/* The session that we began; NULL: none, or another transport. Borrowed. */
struct net_dtls *net_dtls_session(const struct net_socket *socket);
/* Those that others begin; likewise. */
struct net_dtls_server *net_dtls_sessions(const struct net_socket *socket);

#endif
