/* What the device says: from our socket through the fault filter into the stream, then to its case. */
#include <stdlib.h>
#include <string.h>

#include "src/peer/seen.h"
#include "src/run/run.h"

static bool answers_us(const struct run_endpoint *endpoint, struct cs_slice octets);

/* Is it from the device? It may answer from another address or port, which a rule judges; what comes from elsewhere
 * and answers nothing of ours is somebody else's: a port that was another program's a moment ago goes on being written to. */
static bool is_from_device(const struct run_endpoint *endpoint, const struct cs_address *src,
                           struct cs_slice octets)
{
    return endpoint->serves || cs_address_equal(src, &endpoint->device->address) ||
           answers_us(endpoint, octets);
}

bool run_is_from_device(const struct run *run, uint16_t port, const struct cs_address *src,
                        struct cs_slice octets)
{
    const struct run_case *c =
        run->port_case[port] != 0 ? run->cases[run->port_case[port] - 1] : NULL;
    for (size_t i = 0; c != NULL && i < c->endpoint_count; i++)
        if (c->endpoints[i].socket.local.port == port &&
            is_from_device(&c->endpoints[i], src, octets))
            return true;
    return false;
}

void run_receive(struct run_endpoint *endpoint, const struct net_received *received)
{
    struct run_case *c = endpoint->owner;
    endpoint->clear = !received->secured;
    if (!is_from_device(endpoint, &received->src, received->octets)) {
        c->run->strangers++;
        return;
    }
    if (c->run->filter != NULL && c->report_index != REPORT_NO_CASE)
        net_fault_received(c->run->filter, endpoint, &received->src, received->octets,
                           received->at_ns);
    else
        run_deliver(endpoint, &received->src, received->octets, received->at_ns);
}

/* A case that is over still answers as the RFC wants it: an unexpected message is rejected, so that observations end
 * and retransmissions stop (RFC 7252 sections 4.2, 4.3). */
static void answer_late(struct run_endpoint *endpoint, const struct cs_address *src,
                        struct cs_slice octets)
{
    struct cs_message m;
    uint8_t reset[PEER_EMPTY];
    cs_message_decode(CS_UDP, octets, 0, &m);
    if (peer_due(&m, false, false) == PEER_SILENT)
        return;
    peer_empty(CS_RST, m.mid, reset);
    if (endpoint->late_answers++ < 16)
        run_transmit(endpoint, src, (struct cs_slice){reset, sizeof reset}, NULL);
}

void run_deliver(struct run_endpoint *endpoint, const struct cs_address *src,
                 struct cs_slice octets, uint64_t at_ns)
{
    struct run_case *c = endpoint->owner;
    struct run *run = c->run;
    if (endpoint->serves)
        endpoint->peer = *src;
    if (endpoint->group)
        c->endpoints[0].peer = *src;
    struct cs_datagram datagram = {
        .time_ns = net_stream_time(&run->clock, at_ns),
        .src = *src,
        .dst = endpoint->socket.local,
        .octets = octets,
        .carrier = endpoint->socket.transport->carrier,
        .protection = endpoint->clear ? CS_CLEAR : endpoint->socket.transport->protection,
        .direction = CS_FROM_DEVICE};
    uint64_t packet = run_stream(run, &datagram);
    c->heard = true;
    if (c->stage == RUN_OVER)
        answer_late(endpoint, src, octets);
    else if (!run_impair_in(endpoint, src, octets, at_ns, packet))
        run_take_in(endpoint, src, octets, at_ns, packet);
}

/* ------------------------------------------------------------------ what it has to do with ours */

static bool belongs(const struct run_message *m, const struct run_sent *sent)
{
    return m->endpoint == sent->endpoint && peer_belongs(&m->message, &sent->message);
}

static bool answers_us(const struct run_endpoint *endpoint, struct cs_slice octets)
{
    const struct run_case *c = endpoint->owner;
    struct cs_message m;
    cs_message_decode(CS_UDP, octets, 0, &m);
    for (size_t i = 0; m.token.len > 1 && peer_has_answer(&m) && i < c->sent_count; i++)
        if (c->sent[i]->endpoint == endpoint && peer_tokens_equal(&m, &c->sent[i]->message))
            return true;
    return false;
}

enum run_relation run_relates(const struct run_sequence *t, const struct run_message *m,
                              const struct run_sent *sent)
{
    const struct run_case *c = t->owner;
    if (sent == NULL)
        return RUN_RELATED;
    if (m->endpoint != sent->endpoint)
        return RUN_ANOTHERS;
    if (belongs(m, sent))
        return RUN_RELATED;
    for (size_t i = 0; i < c->sent_count; i++)
        if (c->sent[i] != sent && belongs(m, c->sent[i]))
            return RUN_ANOTHERS;
    /* what cannot be read is taken for the answer: it is nothing else either */
    return m->message.fault != CS_FAULT_NONE ? RUN_RELATED : RUN_UNRELATED;
}

/* Stops what has been answered. */
static void settle(struct run_case *c, const struct run_message *m)
{
    for (size_t i = 0; i < c->sent_count; i++) {
        struct run_sent *sent = c->sent[i];
        if (!belongs(m, sent))
            continue;
        if (peer_is_reply(&m->message))
            sent->acked = true;
        if (peer_has_answer(&m->message))
            sent->answered = true;
        if (sent->answered_ns == 0)
            sent->answered_ns = m->at_ns;
        run_sent_stop(sent);
    }
}

/* ------------------------------------------------------------------ taking in */

static struct run_message *find_original(const struct run_case *c, const struct run_message *m)
{
    if (!peer_has_mid(&m->message))
        return NULL;
    for (size_t i = 0; i < c->message_count; i++) {
        struct run_message *o = c->messages[i];
        if (o->original == NULL && o->endpoint == m->endpoint &&
            peer_is_copy(&m->src, &m->message, &o->src, &o->message))
            return o;
    }
    return NULL;
}

/* An ACK or RST that came before, to a message that we had sent again by ourselves: nobody asked for it. */
static bool is_repeated_reply(const struct run_case *c, const struct run_message *m)
{
    for (size_t i = 0; peer_is_reply(&m->message) && m->original != NULL && i < c->sent_count; i++)
        if (c->sent[i]->backoff.transmissions > 1 && belongs(m, c->sent[i]))
            return true;
    return false;
}

void run_message_free(struct run_message *m)
{
    free(m->octets);
    free(m->answer);
    free(m);
}

/* Room for one more: what has been taken longest ago goes. */
static bool make_room(struct run_case *c)
{
    if (c->message_count < RUN_MESSAGES_MAX)
        return true;
    for (size_t i = 0; i < c->message_count; i++) {
        struct run_message *m = c->messages[i];
        bool needed = !m->taken;
        for (size_t t = 0; t < RUN_SEQUENCES_MAX && !needed; t++)
            needed = c->sequences[t].last == m || c->sequences[t].request == m ||
                     c->sequences[t].near == m;
        for (size_t o = 0; o < c->message_count && !needed; o++)
            needed = c->messages[o]->original == m;
        if (needed)
            continue;
        run_message_free(m);
        memmove(&c->messages[i], &c->messages[i + 1],
                (c->message_count - i - 1) * sizeof c->messages[0]);
        c->message_count--;
        return true;
    }
    return false;
}

/* What the RFC asks of us when no step took the message. */
static void do_duty(struct run_case *c, struct run_message *m)
{
    const struct cs_message *message = &m->message;
    if (is_repeated_reply(c, m))
        m->taken = true;
    if (message->version != 1 || message->octets.len < 4)
        return;
    if (m->original != NULL && !peer_is_reply(&m->message)) {
        if (m->original->answer != NULL)
            run_answer_octets(c, m, m->original->answer, m->original->answer_length);
        m->taken = true;
        return;
    }
    if (message->type != CS_CON || m->answered)
        return;
    bool known = false;
    for (size_t i = 0; peer_has_answer(message) && i < c->sent_count && !known; i++)
        known = belongs(m, c->sent[i]);
    const enum peer_reply reply = peer_due(message, known, m->endpoint->serves);
    if (reply != PEER_SILENT)
        run_answer(c, m, reply == PEER_ACK ? CS_ACK : CS_RST);
    m->taken = m->taken || (message->code == 0 && message->fault == CS_FAULT_NONE); /* a ping */
}

/* The response to a request of ours that asks for nothing more: no notification, which would be followed by others. */
static bool ends_exchange(const struct run_case *c, const struct run_message *m)
{
    if (!peer_has_answer(&m->message) || cs_option_count(&m->message, CS_OPT_OBSERVE) > 0)
        return false;
    for (size_t i = 0; i < c->sent_count; i++)
        if (belongs(m, c->sent[i]))
            return true;
    return false;
}

void run_take_in(struct run_endpoint *endpoint, const struct cs_address *src,
                 struct cs_slice octets, uint64_t at_ns, uint64_t packet)
{
    struct run_case *c = endpoint->owner;
    if (c->stage == RUN_OVER || !make_room(c))
        return;
    struct run_message *m = calloc(1, sizeof *m);
    uint8_t *copy = malloc(octets.len > 0 ? octets.len : 1);
    if (m == NULL || copy == NULL) {
        free(m);
        free(copy);
        return;
    }
    if (octets.len > 0)
        memcpy(copy, octets.at, octets.len);
    *m = (struct run_message){
        .octets = copy, .endpoint = endpoint, .src = *src, .at_ns = at_ns, .packet = packet};
    cs_message_decode(CS_UDP, (struct cs_slice){copy, octets.len}, 0, &m->message);
    m->original = find_original(c, m);
    c->messages[c->message_count++] = m;
    settle(c, m);
    run_pump(c);
    if (c->stage != RUN_OVER || ends_exchange(c, m))
        do_duty(c, m);
    else if (m->answer == NULL)
        answer_late(endpoint, src, octets);
}
