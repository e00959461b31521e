/* coaps: a session, or several, over one datagram socket. */
#include "src/net/dtls_transport.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "src/net/address.h"
#include "src/net/udp.h"

extern const struct net_transport net_transport_dtls;

#define HANDSHAKE_NS (10 * NET_SECOND)

/* One of the two. */
struct sessions {
    struct net_dtls *one;
    struct net_dtls_server *many;
};

static struct sessions *of(const struct net_socket *s)
{
    return s->transport == &net_transport_dtls ? s->sessions : NULL;
}

struct net_dtls *net_dtls_session(const struct net_socket *socket)
{
    const struct sessions *s = of(socket);
    return s != NULL ? s->one : NULL;
}

struct net_dtls_server *net_dtls_sessions(const struct net_socket *socket)
{
    const struct sessions *s = of(socket);
    return s != NULL ? s->many : NULL;
}

/* ------------------------------------------------------------------ what comes */

/* The next message in what was taken; 0: there is none. A callback may have closed the socket. */
static size_t next_inside(const struct net_socket *socket, const struct cs_address *peer,
                          uint8_t *octets)
{
    const struct sessions *s = of(socket);
    if (s == NULL)
        return 0;
    if (s->many != NULL)
        return net_dtls_server_next(s->many, peer, octets, NET_DATAGRAM_MAX);
    const long n = net_dtls_next(s->one, octets, NET_DATAGRAM_MAX);
    if (n < 0 && socket->refused != NULL)
        socket->refused(socket->user, ENOTCONN);
    return n > 0 ? (size_t)n : 0;
}

static bool renegotiates(const struct net_socket *socket)
{
    struct net_dtls *one = net_dtls_session(socket);
    return one != NULL && net_dtls_renegotiation(one) == NET_SESSION_SILENT;
}

static bool is_record(struct cs_slice octets)
{
    return octets.len > 2 && octets.at[0] >= 20 && octets.at[0] <= 25 && octets.at[1] == 0xfe;
}

static void pass_on(struct net_socket *socket, struct net_received *received)
{
    static uint8_t inside[NET_DATAGRAM_MAX]; /* one thread */
    const struct sessions *s = of(socket);
    const struct cs_slice octets = received->octets;
    if (!is_record(octets)) {
        socket->receive(socket->user, received);
        return;
    }
    const bool renews = renegotiates(socket);
    if (s->many != NULL)
        net_dtls_server_take(s->many, &received->src, octets, received->at_ns);
    else
        net_dtls_take(s->one, octets, received->at_ns);
    for (size_t n; (n = next_inside(socket, &received->src, inside)) > 0;) {
        received->octets = (struct cs_slice){inside, n};
        received->secured = true;
        socket->receive(socket->user, received);
    }
    if (renews && socket->news != NULL && !renegotiates(socket))
        socket->news(socket->user, &received->src, NET_SESSION_BEGAN, "");
}

static void ready(void *user) { net_udp_read(user, pass_on); }

/* ------------------------------------------------------------------ a socket */

/* Waits until the handshake is over, one way or another. */
static bool shake(struct net_socket *socket, struct sessions *s, const struct cs_address *peer,
                  struct cs_error *error)
{
    struct net_dtls_end end = {.fd = socket->watch.fd, .name = socket->name};
    end.peer_length = net_to_sockaddr(peer, socket->scope, &end.peer);
    socket->handshake_result = net_dtls_connect(socket->security, socket->handshake, &end,
                                                &socket->wire, HANDSHAKE_NS, &s->one, error);
    return s->one != NULL;
}

static bool accept_sessions(struct net_socket *socket, struct sessions *s, struct cs_error *error)
{
    const struct net_dtls_serving serving = {.loop = socket->loop,
                                             .fd = socket->watch.fd,
                                             .scope = socket->scope,
                                             .own = {socket->name, socket->local.port},
                                             .security = socket->security,
                                             .wire = socket->wire,
                                             .news = socket->news,
                                             .user = socket->user};
    s->many = net_dtls_serve(&serving, error);
    return s->many != NULL;
}

static void close_dtls(struct net_socket *socket)
{
    struct sessions *s = socket->sessions;
    net_watch_stop(socket->loop, &socket->watch);
    net_dtls_free(s->one);
    net_dtls_server_free(s->many);
    net_udp_unbind(socket);
    free(s);
    socket->sessions = NULL;
}

static bool open_dtls(struct net_socket *socket, const struct cs_address *peer,
                      const struct cs_address *local, struct cs_error *error)
{
    struct sessions *s = calloc(1, sizeof *s);
    socket->handshake_result = NET_SESSION_FAILED;
    if (s == NULL || socket->security == NULL)
        snprintf(error->text, sizeof error->text, "%s",
                 s == NULL ? "out of memory" : "coaps takes a key or a certificate");
    if (s == NULL || socket->security == NULL || !net_udp_bind(socket, peer, local, error)) {
        free(s);
        return false;
    }
    socket->sessions = s;
    const bool fine =
        socket->accepts ? accept_sessions(socket, s, error) : shake(socket, s, peer, error);
    if (fine && net_udp_watch(socket, ready, error))
        return true;
    close_dtls(socket);
    return false;
}

static bool send_dtls(struct net_socket *socket, const struct cs_address *to,
                      struct cs_slice octets)
{
    const struct sessions *s = of(socket);
    return s->many != NULL ? net_dtls_server_send(s->many, to, octets)
                           : net_dtls_send(s->one, octets);
}

const struct net_transport net_transport_dtls = {
    .scheme = "coaps",
    .port = 5684,
    .carrier = CS_UDP,
    .protection = CS_DTLS,
    .open = open_dtls,
    .send = send_dtls,
    .send_clear = net_udp_send,
    .close = close_dtls,
};
