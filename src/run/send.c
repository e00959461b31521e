/* What we say: out through the impairments, into the stream, again when nobody answers. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/net/udp.h"
#include "src/run/run.h"
#include "src/plot/step.h"

static bool transmit(struct run_endpoint *endpoint, const struct cs_address *to,
                     struct cs_slice octets, bool in_clear, uint64_t *packet)
{
    struct run *run = endpoint->owner->run;
    const struct cs_address peer = to != NULL ? *to : endpoint->peer;
    struct cs_datagram datagram = {.time_ns = net_stream_time(&run->clock, net_now()),
                                   .src = endpoint->socket.local,
                                   .dst = peer,
                                   .octets = octets,
                                   .carrier = CS_UDP,
                                   .direction = CS_FROM_TESTER};
    if (!endpoint->open || peer.family == 0) {
        errno = ENOTCONN;
        return false;
    }
    /* into the stream first: the answer may be there before this function is left */
    if (run->filter != NULL && endpoint->owner->report_index != REPORT_NO_CASE)
        net_fault_sent(run->filter, endpoint, &peer, octets);
    if (net_socket_is_secure(&endpoint->socket) &&
        !in_clear) { /* its record goes into the stream before it */
        datagram.protection = endpoint->socket.transport->protection;
        if (!net_socket_send(&endpoint->socket, &peer, octets))
            return false;
        uint64_t record = run_stream(run, &datagram);
        if (packet != NULL)
            *packet = record;
        return true;
    }
    uint64_t number = run_stream(run, &datagram);
    if (packet != NULL)
        *packet = number;
    return net_socket_send_clear(&endpoint->socket, &peer, octets);
}

bool run_transmit(struct run_endpoint *endpoint, const struct cs_address *to,
                  struct cs_slice octets, uint64_t *packet)
{
    return transmit(endpoint, to, octets, false, packet);
}

static void again(void *user, uint64_t late_ns);

static void plan_retransmission(struct run_sent *sent)
{
    struct run_case *c = sent->owner;
    const struct cs_parameters p = profile_parameters(c->run->profile);
    if (!peer_backoff_plan(&sent->backoff, &p, sent->at_ns, &c->random))
        return;
    sent->timer.fire = again;
    sent->timer.user = sent;
    net_timer_set(c->run->loop, &sent->timer, sent->backoff.due_ns);
}

/* Returns an errno, or 0. */
static int go_out(struct run_sent *sent)
{
    struct cs_slice octets = {sent->octets, sent->length};
    sent->at_ns = net_now();
    peer_backoff_sent(&sent->backoff);
    if (!sent->in_clear && run_impair_out(sent->endpoint, octets))
        return 0;
    const bool fine = transmit(sent->endpoint, sent->to.family != 0 ? &sent->to : NULL, octets,
                               sent->in_clear, sent->packet == 0 ? &sent->packet : NULL);
    return fine ? 0 : errno;
}

void run_was_late(struct run_case *c, uint64_t due_ns)
{
    uint64_t now = net_now();
    if (now > due_ns && now - due_ns > c->late_ns)
        c->late_ns = now - due_ns;
}

static void again(void *user, uint64_t late_ns)
{
    struct run_sent *sent = user;
    run_was_late(sent->owner, net_now() - late_ns);
    go_out(sent);
    plan_retransmission(sent);
}

void run_sent_stop(struct run_sent *sent) { net_timer_stop(sent->owner->run->loop, &sent->timer); }

void run_sent_free(struct run_sent *sent)
{
    run_sent_stop(sent);
    free(sent->octets);
    free(sent);
}

/* The socket by which we answer what came in by that one. */
static struct run_endpoint *voice(struct run_endpoint *endpoint)
{
    return endpoint->group ? &endpoint->owner->endpoints[0] : endpoint;
}

static struct run_sent *new_sent(struct run_sequence *t, struct run_endpoint *endpoint,
                                 const uint8_t *octets, size_t length)
{
    struct run_case *c = t->owner;
    if (c->sent_count == RUN_SENT_MAX) {
        run_bench_error(t, NULL, 0, "more than %d messages in one case", RUN_SENT_MAX);
        return NULL;
    }
    struct run_sent *sent = calloc(1, sizeof *sent);
    uint8_t *copy = malloc(length > 0 ? length : 1);
    if (sent == NULL || copy == NULL) {
        free(sent);
        free(copy);
        run_bench_error(t, NULL, 0, "out of memory");
        return NULL;
    }
    if (length > 0)
        memcpy(copy, octets, length);
    *sent = (struct run_sent){
        .owner = c, .endpoint = endpoint, .octets = copy, .length = length, .sequence = t};
    cs_message_decode(CS_UDP, (struct cs_slice){copy, length}, 0, &sent->message);
    c->sent[c->sent_count++] = sent;
    return sent;
}

static struct run_sent *send_by(struct run_sequence *t, struct run_endpoint *endpoint,
                                bool in_clear, struct cs_slice octets, bool retransmit)
{
    struct run_sent *sent = new_sent(t, voice(endpoint), octets.at, octets.len);
    if (sent == NULL)
        return NULL;
    sent->in_clear = in_clear;
    /* of several sessions it is that of the request awaited last, whoever has spoken since */
    if (net_socket_accepts(&sent->endpoint->socket) && t->request != NULL &&
        t->request->endpoint == sent->endpoint)
        sent->to = t->request->src;
    int code = go_out(sent);
    /* a client may have ended its session: as with a port that nobody listens at, nothing comes of it */
    const bool gone = code == ENOTCONN && net_socket_accepts(&sent->endpoint->socket);
    if (code != 0 && code != ECONNREFUSED && code != EAGAIN && !gone) {
        run_bench_error(t, NULL, 0, "cannot send: %s", strerror(code));
        return NULL;
    }
    t->sent = sent;
    t->since_ns = sent->at_ns;
    if (retransmit && sent->message.fault == CS_FAULT_NONE && sent->message.type == CS_CON)
        plan_retransmission(sent);
    return sent;
}

struct run_sent *run_send(struct run_sequence *t, struct run_endpoint *endpoint,
                          const uint8_t *octets, size_t length, bool retransmit)
{
    return send_by(t, endpoint, false, (struct cs_slice){octets, length}, retransmit);
}

struct run_sent *run_send_clear(struct run_sequence *t, struct run_endpoint *endpoint,
                                const uint8_t *octets, size_t length, bool retransmit)
{
    return send_by(t, endpoint, true, (struct cs_slice){octets, length}, retransmit);
}

struct run_sent *run_sent_named(struct run_case *c, const char *name)
{
    for (size_t i = c->sent_count; i > 0; i--)
        if (strcmp(c->sent[i - 1]->name, name) == 0)
            return c->sent[i - 1];
    return NULL;
}

/* ------------------------------------------------------------------ sockets */

struct run_endpoint *run_endpoint_named(struct run_case *c, const char *name)
{
    for (size_t i = 0; i < c->endpoint_count; i++)
        if (strcmp(c->endpoints[i].name, name) == 0 && c->endpoints[i].open)
            return &c->endpoints[i];
    return NULL;
}

static void on_received(void *user, const struct net_received *received)
{
    run_receive(user, received);
}

/* A datagram of DTLS leaves or has come, during the handshake and later. */
static void on_wire(void *user, const struct cs_address *peer, struct cs_slice octets, bool ours,
                    uint64_t at_ns)
{
    struct run_endpoint *e = user;
    struct run_case *c = e->owner;
    const struct cs_datagram datagram = {.time_ns = net_stream_time(&c->run->clock, at_ns),
                                         .src = ours ? e->socket.local : *peer,
                                         .dst = ours ? *peer : e->socket.local,
                                         .octets = octets,
                                         .carrier = CS_UDP,
                                         .direction = ours ? CS_FROM_TESTER : CS_FROM_DEVICE};
    if (c->report_index != REPORT_NO_CASE)
        c->run->port_case[e->socket.local.port] = (uint32_t)c->report_index + 1;
    if (c->run->options.capture != NULL)
        run_capture_port(c->run->options.capture, e->socket.local.port);
    c->heard = c->heard || !ours;
    run_wire(c->run, &datagram);
}

static void on_secret(void *user, const char *line)
{
    const struct run_endpoint *e = user;
    run_secret(e->owner->run, line);
}

/* A device begins a session with us, or ends one. */
static void on_news(void *user, const struct cs_address *peer, enum net_session_news news,
                    const char *why)
{
    struct run_endpoint *e = user;
    /* an end is news of the session that we look at alone */
    if (news == NET_SESSION_ENDED && !cs_address_equal(peer, &e->news.peer))
        return;
    if (news == NET_SESSION_BEGAN)
        e->news.peer = *peer;
    if (news != NET_SESSION_ASKED)
        snprintf(e->news.why, sizeof e->news.why, "%s", why);
    e->news.counts[news]++;
    run_pump(e->owner);
}

/* What a socket is to be. */
struct opening {
    const struct net_target *to; /* the address of the device, and what it is spoken to with */
    bool serves, accepts;        /* requests come in; in DTLS sessions that others begin */
    const struct net_handshake *handshake;
};

static struct run_endpoint *open_endpoint(struct run_case *c, const char *name,
                                          const struct opening *how)
{
    if (c->endpoint_count == RUN_ENDPOINTS_MAX) {
        snprintf(c->reason, sizeof c->reason, "more than %d sockets in one case",
                 RUN_ENDPOINTS_MAX);
        return NULL;
    }
    struct run *run = c->run;
    const struct net_target *to = how->to;
    struct run_endpoint *e = &c->endpoints[c->endpoint_count];
    struct cs_error error = {0};
    const bool client = run->profile->client, main = client && c->endpoint_count == 0;
    /* a server says hello to none but the clients of its first socket */
    const bool secure = main || how->accepts || !(client || how->serves);
    struct cs_address local = to->address;
    *e = (struct run_endpoint){.owner = c,
                               .device = to,
                               .serves = how->serves || main,
                               .socket = {.transport = secure ? to->transport : NULL,
                                          .receive = on_received,
                                          .user = e,
                                          .scope = to->scope,
                                          .security = to->security,
                                          .accepts = main || how->accepts,
                                          .news = on_news,
                                          .handshake = how->handshake,
                                          .name = to->host,
                                          .wire = {on_wire, on_secret, e}}};
    snprintf(e->name, sizeof e->name, "%s", name);
    if (!e->serves) /* a client under test speaks first, and to our main socket */
        e->peer = client ? c->endpoints[0].peer : to->address;
    if (!main)
        local.port = 0;
    if (!net_socket_open(&e->socket, run->loop, &to->address, client ? &local : NULL, &error)) {
        snprintf(c->reason, sizeof c->reason, "%s", error.text);
        return NULL;
    }
    e->open = e->used = true;
    c->endpoint_count++;
    if (c->report_index != REPORT_NO_CASE)
        run->port_case[e->socket.local.port] = (uint32_t)c->report_index + 1;
    if (run->options.capture != NULL)
        run_capture_port(run->options.capture, e->socket.local.port);
    return e;
}

struct run_endpoint *run_endpoint_shake(struct run_case *c, const struct net_handshake *handshake,
                                        enum net_session_result *result, struct cs_error *error)
{
    const struct opening how = {.to = &c->run->target, .handshake = handshake};
    struct run_endpoint *e = open_endpoint(c, "handshake", &how);
    *result = e != NULL ? NET_SESSION_DONE : NET_SESSION_FAILED;
    if (e == NULL && c->endpoint_count < RUN_ENDPOINTS_MAX)
        *result = c->endpoints[c->endpoint_count].socket.handshake_result;
    snprintf(error->text, sizeof error->text, "%.300s", c->reason);
    c->reason[0] = '\0';
    return e;
}

struct run_endpoint *run_endpoint_open(struct run_case *c, const char *name, bool serves)
{
    const struct opening how = {.to = &c->run->target, .serves = serves};
    return open_endpoint(c, name, &how);
}

struct run_endpoint *run_endpoint_over(struct run_case *c, const char *name, bool serves,
                                       const char *scheme)
{
    const bool secure = strcmp(scheme, "coaps") == 0;
    const struct net_target *const known[] = {&c->run->target, &c->run->also};
    struct opening how = {.serves = serves, .accepts = serves && secure};
    for (size_t i = 0; i < 2 && how.to == NULL; i++)
        if (known[i]->uri[0] != '\0' &&
            (net_target_is_secure(known[i]) == secure || (serves && !secure)))
            how.to = known[i];
    if (how.to != NULL)
        return open_endpoint(c, name, &how);
    snprintf(c->reason, sizeof c->reason, "the device is not reached over %s: --also %s://…",
             scheme, scheme);
    return NULL;
}

const char *run_endpoint_uri(const struct run_endpoint *endpoint, char *buf, size_t cap)
{
    const struct net_target *target = &endpoint->owner->run->target;
    const struct cs_address *local = &endpoint->socket.local;
    const char *host = target->host;
    char address[64];
    const bool named = strchr(host, ':') == NULL && strspn(host, "0123456789.") != strlen(host);
    const char *scheme = endpoint->socket.transport->scheme;
    if (net_socket_accepts(&endpoint->socket) && named)
        snprintf(buf, cap, "%s://%s:%u", scheme, host, local->port);
    else
        snprintf(buf, cap, "%s://%s", scheme, cs_address_format(local, address, sizeof address));
    return buf;
}

bool run_endpoint_hear_group(struct run_case *c)
{
    struct run_endpoint *e = &c->endpoints[c->endpoint_count];
    struct cs_error error = {0};
    if (c->endpoint_count == RUN_ENDPOINTS_MAX)
        return false;
    *e = (struct run_endpoint){.owner = c,
                               .name = "group",
                               .device = &c->run->target,
                               .serves = true,
                               .group = true,
                               .socket = {.receive = on_received}};
    e->socket.user = e;
    if (!net_udp_hear_group(&e->socket, c->run->loop, &c->endpoints[0].socket.local, &error)) {
        snprintf(c->reason, sizeof c->reason, "%s", error.text);
        return false;
    }
    e->open = e->used = true;
    c->endpoint_count++;
    return true;
}

/* ------------------------------------------------------------------ answers */

void run_answer_octets(struct run_case *c, struct run_message *m, const uint8_t *octets,
                       size_t length)
{
    struct cs_slice out = {octets, length};
    m->answered = true;
    if (m->answer == NULL && (m->answer = malloc(length)) != NULL) {
        memcpy(m->answer, octets, length);
        m->answer_length = length;
    }
    if (c->stage == RUN_OVER || !run_impair_out(voice(m->endpoint), out))
        run_transmit(voice(m->endpoint), &m->src, out, NULL);
}

void run_answer(struct run_case *c, struct run_message *m, enum cs_type type)
{
    uint8_t octets[PEER_EMPTY];
    peer_empty(type, m->message.mid, octets);
    run_was_late(c, m->at_ns); /* whoever waits for it counts from there */
    run_answer_octets(c, m, octets, sizeof octets);
}
