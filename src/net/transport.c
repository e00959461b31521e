/* The table of transports, and what is the same for all of them. */
#include "src/net/transport.h"

#include <errno.h>
#include <string.h>

/* One row for each; src/net/NAME_transport.c, or NAME.c, has it. */
#define TRANSPORTS(X)                                                                              \
    X(udp)                                                                                         \
    X(dtls)

#define DECLARED(name) extern const struct net_transport net_transport_##name;
TRANSPORTS(DECLARED)

#define ROW(name) &net_transport_##name,
static const struct net_transport *const rows[] = {TRANSPORTS(ROW)};

const struct net_transport *const *net_transports(size_t *count)
{
    *count = sizeof rows / sizeof rows[0];
    return rows;
}

const struct net_transport *net_transport_of(const char *uri)
{
    const char *end = strstr(uri, "://");
    const size_t length = end != NULL ? (size_t)(end - uri) : strlen(uri);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (strlen(rows[i]->scheme) == length && memcmp(rows[i]->scheme, uri, length) == 0)
            return rows[i];
    return NULL;
}

bool net_socket_open(struct net_socket *s, struct net_loop *loop, const struct cs_address *peer,
                     const struct cs_address *local, struct cs_error *error)
{
    if (s->transport == NULL)
        s->transport = rows[0];
    s->loop = loop;
    if (s->transport->open(s, peer, local, error))
        return true;
    s->loop = NULL;
    return false;
}

static bool is_open(const struct net_socket *s)
{
    if (s->loop == NULL)
        errno = ENOTCONN;
    return s->loop != NULL;
}

bool net_socket_send(struct net_socket *s, const struct cs_address *to, struct cs_slice octets)
{
    return is_open(s) && s->transport->send(s, to, octets);
}

bool net_socket_send_clear(struct net_socket *s, const struct cs_address *to,
                           struct cs_slice octets)
{
    const struct net_transport *t = s->transport;
    return is_open(s) && (t->send_clear != NULL ? t->send_clear : t->send)(s, to, octets);
}

void net_socket_close(struct net_socket *s)
{
    if (s->loop == NULL)
        return;
    s->transport->close(s);
    s->loop = NULL;
}
