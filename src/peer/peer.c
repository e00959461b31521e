/* A client of ours that says one thing after the other. */
#include "src/peer/peer.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

const char *peer_meaning_text(enum peer_meaning meaning)
{
    static const char *const texts[PEER_MEANINGS] = {
        [PEER_DUPLICATE] = "it came before: a duplicate",
        [PEER_OTHER_MID] = "its Message ID is not ours",
        [PEER_OTHER_TOKEN] = "its token is not ours",
        [PEER_NO_RESPONSE] = "it is no response",
        [PEER_NO_COAP] = "this is no CoAP message",
        [PEER_STRANGER] = "not from where the message went: ignored",
        [PEER_CLEAR] = "outside of the session: ignored",
    };
    return texts[meaning];
}

const char *peer_refused_text(const struct peer *peer)
{
    return peer->refused == ECONNREFUSED ? "nobody listens there"
           : peer->refused == ENOTCONN   ? "the session has ended"
                                         : strerror(peer->refused);
}

static void see(const struct peer *p, const struct cs_address *other, struct cs_slice octets,
                bool ours, uint64_t at_ns)
{
    if (p->hears.see != NULL)
        p->hears.see(p->hears.user, other, octets, ours, at_ns);
}

/* ------------------------------------------------------------------ out */

static void again(void *user, uint64_t late_ns);

static bool transmit(struct peer *p, bool repeats)
{
    const uint64_t now = net_now();
    see(p, &p->to, p->message.octets, true, now);
    if (!net_socket_send(&p->socket, &p->to, p->message.octets))
        return false;
    peer_backoff_sent(&p->backoff);
    if (repeats && peer_backoff_plan(&p->backoff, &p->parameters, now, &p->random))
        net_timer_set(p->loop, &p->timer, p->backoff.due_ns);
    return true;
}

static void again(void *user, uint64_t late_ns)
{
    struct peer *p = user;
    (void)late_ns;
    if (!transmit(p, true))
        p->refused = errno;
    else if (p->hears.again != NULL)
        p->hears.again(p->hears.user, p->backoff.transmissions);
}

static void settle(struct peer *p)
{
    peer_backoff_end(&p->backoff);
    net_timer_stop(p->loop, &p->timer);
}

bool peer_say(struct peer *p, struct cs_slice octets, bool repeats)
{
    settle(p);
    p->backoff = (struct peer_backoff){0};
    p->said = p->acked = p->answered = false;
    p->refused = 0;
    if (octets.len > sizeof p->octets) {
        errno = EMSGSIZE;
        return false;
    }
    if (octets.len > 0)
        memcpy(p->octets, octets.at, octets.len);
    cs_message_decode((enum cs_carrier)p->socket.transport->carrier,
                      (struct cs_slice){p->octets, octets.len}, 0, &p->message);
    p->said = true;
    p->first_ns = net_now();
    return transmit(p, repeats && !p->group && p->message.has_header && p->message.type == CS_CON);
}

/* ------------------------------------------------------------------ in */

static enum peer_meaning meaning_of_reply(const struct peer *p, const struct cs_message *m)
{
    if (!p->said || m->mid != p->message.mid)
        return PEER_OTHER_MID;
    if (m->type == CS_RST || !cs_code_is_request(p->message.code) ||
        (cs_code_is_response(m->code) && peer_tokens_equal(m, &p->message)))
        return PEER_ANSWER;
    return m->code == 0 ? PEER_ACKNOWLEDGED : PEER_OTHER_TOKEN;
}

static enum peer_meaning meaning_of(const struct peer *p, const struct net_received *received,
                                    const struct cs_message *m)
{
    if (net_socket_is_secure(&p->socket) && !received->secured)
        return PEER_CLEAR;
    if (!p->group && !cs_address_equal(&received->src, &p->to))
        return PEER_STRANGER;
    if (!m->has_header)
        return PEER_NO_COAP;
    if (cs_message_is_typed(m) &&
        peer_seen_find(&p->seen, &received->src, m, received->at_ns) != NULL)
        return PEER_DUPLICATE;
    if (peer_is_reply(m))
        return meaning_of_reply(p, m);
    if (!cs_code_is_response(m->code))
        return PEER_NO_RESPONSE;
    return p->said && peer_tokens_equal(m, &p->message) ? PEER_ANSWER : PEER_OTHER_TOKEN;
}

/* A duplicate gets what the first one got (section 4.5). */
static enum peer_reply due(const struct peer *p, const struct net_received *received,
                           const struct cs_message *m, enum peer_meaning meaning)
{
    if (meaning == PEER_DUPLICATE)
        return (enum peer_reply)peer_seen_find(&p->seen, &received->src, m, received->at_ns)->reply;
    return peer_due(m, meaning == PEER_ANSWER && peer_understands(m), false);
}

static void say_empty(struct peer *p, const struct net_received *received,
                      const struct cs_message *m, enum peer_reply reply)
{
    uint8_t octets[PEER_EMPTY];
    const struct cs_slice out = {octets, sizeof octets};
    peer_empty(reply == PEER_ACK ? CS_ACK : CS_RST, m->mid, octets);
    see(p, &received->src, out, true, net_now());
    const bool fine = received->secured || !net_socket_is_secure(&p->socket)
                          ? net_socket_send(&p->socket, &received->src, out)
                          : net_socket_send_clear(&p->socket, &received->src, out);
    if (!fine)
        p->refused = errno;
}

/* What it changes for the present message. */
static void take(struct peer *p, const struct cs_message *m, enum peer_meaning meaning)
{
    if (peer_is_reply(m) &&
        (meaning == PEER_ANSWER || meaning == PEER_ACKNOWLEDGED || meaning == PEER_OTHER_TOKEN))
        p->acked = true;
    p->answered = p->answered || meaning == PEER_ANSWER;
    if (p->acked || p->answered)
        settle(p);
}

static void receive(void *user, const struct net_received *received)
{
    struct peer *p = user;
    struct cs_message m;
    cs_message_decode((enum cs_carrier)p->socket.transport->carrier, received->octets, 0, &m);
    see(p, &received->src, received->octets, false, received->at_ns);
    const enum peer_meaning meaning = meaning_of(p, received, &m);
    const enum peer_reply reply = due(p, received, &m, meaning);
    if (reply != PEER_SILENT)
        say_empty(p, received, &m, reply);
    if (m.has_header && cs_message_is_typed(&m) && meaning != PEER_DUPLICATE &&
        meaning != PEER_CLEAR)
        peer_seen_add(&p->seen, &received->src, &m, &p->parameters, received->at_ns, reply);
    take(p, &m, meaning);
    const struct peer_came came = {.message = &m,
                                   .from = received->src,
                                   .at_ns = received->at_ns,
                                   .meaning = meaning,
                                   .reply = reply};
    if (p->hears.came != NULL)
        p->hears.came(p->hears.user, &came);
}

static void refused(void *user, int error)
{
    struct peer *p = user;
    p->refused = error;
}

/* ------------------------------------------------------------------ a socket */

void peer_init(struct peer *p, const struct peer_hears *hears)
{
    memset(p, 0, sizeof *p);
    p->hears = *hears;
    p->parameters = cs_parameters_default;
    p->timer.fire = again;
    p->timer.user = p;
    if (getrandom(&p->random.state, sizeof p->random.state, 0) < 0)
        p->random.state = net_now();
    p->next_mid = (uint16_t)net_random_next(&p->random);
}

bool peer_open(struct peer *p, const struct net_target *target, struct cs_error *error)
{
    p->loop = net_loop_new();
    if (p->loop == NULL) {
        snprintf(error->text, sizeof error->text, "out of memory");
        return false;
    }
    p->to = target->address;
    p->group = cs_address_is_multicast(&p->to);
    p->socket = (struct net_socket){.transport = target->transport,
                                    .scope = target->scope,
                                    .security = target->security,
                                    .name = target->host,
                                    .receive = receive,
                                    .refused = refused,
                                    .user = p};
    return net_socket_open(&p->socket, p->loop, &p->to, NULL, error);
}

void peer_close(struct peer *p)
{
    if (p->loop == NULL)
        return;
    net_timer_stop(p->loop, &p->timer);
    net_socket_close(&p->socket);
    net_loop_free(p->loop);
    p->loop = NULL;
}
