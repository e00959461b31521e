/* net/udp.h: datagram sockets: what lies beneath coap and coaps, and the groups that only they reach. */
#ifndef SRC_NET_UDP_H
#define SRC_NET_UDP_H

#include "src/net/transport.h"

/* May a socket be bound to that address, which nobody else has? False with `error`. */
bool net_udp_may_listen(const struct cs_address *local, unsigned scope, struct cs_error *error);
/* A group of the socket's family: all CoAP nodes (RFC 7252 section 12.8; 224.0.1.187, ff02::fd), or all nodes (224.0.0.1,
 * ff02::1); `group` keeps its port. What is sent there leaves by the interface that has the socket's address, and does not
 * leave the link. False with `error`. */
bool net_udp_group(const struct net_socket *udp, bool all_nodes, struct cs_address *group,
                   struct cs_error *error);
/* Opens a socket that hears what is sent to All CoAP Nodes (IPv4) at the port of `own`, on the interface that has that address. It
 * only hears: a group is no address to send from. False with `error`. */
bool net_udp_hear_group(struct net_socket *udp, struct net_loop *loop, const struct cs_address *own,
                        struct cs_error *error);

/* ------------------------------------------------------------------ for transports over UDP */

/* Takes a datagram; may close the socket. */
typedef void net_udp_pass(struct net_socket *udp, struct net_received *received);

/* Makes the descriptor of `watch`, which is not watched yet, and binds it, as net_socket_open() says. False with `error`. */
bool net_udp_bind(struct net_socket *udp, const struct cs_address *peer,
                  const struct cs_address *local, struct cs_error *error);
/* From now on `ready` is called with the socket when there is something to be read. False with `error`: without memory. */
bool net_udp_watch(struct net_socket *udp, void (*ready)(void *user), struct cs_error *error);
/* Reads what there is: datagrams go to `pass`, ICMP errors to the socket's `refused`. */
void net_udp_read(struct net_socket *udp, net_udp_pass *pass);
/* One datagram. False with errno when the kernel would not take it. */
bool net_udp_send(struct net_socket *udp, const struct cs_address *to, struct cs_slice octets);
/* The opposite of net_udp_bind() and net_udp_watch(). */
void net_udp_unbind(struct net_socket *udp);

#endif
