/* A transport that leaves no process, for tests/docs/adding_a_transport.test: whatever is sent is heard by a device in here, which
 * acknowledges a CON and answers it in a message of its own. */
#include <stdlib.h>
#include <string.h>

#include "src/net/transport.h"

extern const struct net_transport net_transport_memory;

/* The device: whom it answers, and how. */
struct device {
    struct net_socket *socket;
    struct net_timer timer;
    struct cs_address own;
    uint8_t token[8];
    uint8_t token_length;
    uint16_t mid;
};

static void hear(struct device *d, const uint8_t *octets, size_t length)
{
    const struct net_received received = {.src = d->own,
                                          .dst = d->socket->local,
                                          .octets = {octets, length},
                                          .at_ns = net_now()};
    d->socket->receive(d->socket->user, &received);
}

/* ACK EMPTY, then CON 2.05 with the token. */
static void answer(void *user, uint64_t late_ns)
{
    struct device *d = user;
    const uint8_t mid[2] = {(uint8_t)(d->mid >> 8), (uint8_t)d->mid};
    const uint8_t ack[] = {0x60, 0, mid[0], mid[1]};
    uint8_t response[32] = {(uint8_t)(0x40 | d->token_length), 0x45, mid[1], mid[0]};
    size_t length = 4;
    (void)late_ns;
    memcpy(response + length, d->token, d->token_length);
    length += d->token_length;
    memcpy(response + length, "\xffmemory", 7);
    length += 7;
    hear(d, ack, sizeof ack);
    hear(d, response, length);
}

static bool open_memory(struct net_socket *s, const struct cs_address *peer,
                        const struct cs_address *local, struct cs_error *error)
{
    struct device *d = calloc(1, sizeof *d);
    (void)local;
    (void)error;
    if (d == NULL)
        return false;
    *d = (struct device){.socket = s, .own = *peer, .timer = {.fire = answer, .user = d}};
    s->local = *peer;
    s->local.port = 1;
    s->sessions = d;
    return true;
}

static bool send_memory(struct net_socket *s, const struct cs_address *to, struct cs_slice octets)
{
    struct device *d = s->sessions;
    struct cs_message m;
    (void)to;
    if (!cs_message_decode(CS_UDP, octets, 0, &m) || m.type != CS_CON)
        return true;
    d->mid = m.mid;
    d->token_length = (uint8_t)m.token.len;
    memcpy(d->token, octets.at + 4, m.token.len);
    return net_timer_set(s->loop, &d->timer, net_now());
}

static void close_memory(struct net_socket *s)
{
    struct device *d = s->sessions;
    net_timer_stop(s->loop, &d->timer);
    free(d);
}

const struct net_transport net_transport_memory = {
    .scheme = "coap+memory",
    .port = 1234,
    .carrier = CS_UDP,
    .protection = CS_CLEAR,
    .open = open_memory,
    .send = send_memory,
    .close = close_memory,
};
