/* One request after the other. */
#include "src/profile/ask.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "src/net/interrupt.h"

/* RFC 7252: ACK_TIMEOUT * ACK_RANDOM_FACTOR, and once more for what takes its time. */
#define ASK_AGAIN_NS   (2500 * NET_MS)
#define ASK_GIVE_UP_NS (6 * NET_SECOND)

/* So many questions in a row without an answer: it is not the questions. */
enum { ASK_UNANSWERED_MAX = 3 };

/* Each datagram between us and the device, in order. */
static void judge(void *user, const struct cs_address *other, struct cs_slice octets, bool ours,
                  uint64_t at_ns)
{
    struct ask *a = user;
    const struct net_socket *socket = &a->peer.socket;
    struct cs_datagram d = {.time_ns = net_stream_time(&a->clock, at_ns),
                            .src = ours ? socket->local : *other,
                            .dst = ours ? *other : socket->local,
                            .octets = octets,
                            .carrier = socket->transport->carrier,
                            .protection = socket->transport->protection,
                            .direction = ours ? CS_FROM_TESTER : CS_FROM_DEVICE};
    if (!cs_address_equal(other, &a->peer.to))
        return;
    d.packet = ++a->packets;
    if (a->analysis != NULL)
        cs_analysis_datagram(a->analysis, &d);
}

static void came(void *user, const struct peer_came *came)
{
    struct ask *a = user;
    const struct cs_message *m = came->message;
    /* a proxy made it of ours */
    if (came->meaning == PEER_STRANGER && cs_code_is_request(m->code))
        a->forwarded = true;
    if (a->done)
        return;
    a->separate = a->separate || came->meaning == PEER_ACKNOWLEDGED;
    if (came->meaning != PEER_ANSWER)
        return;
    a->reset = m->type == CS_RST;
    memcpy(a->octets, m->octets.at, m->octets.len);
    cs_message_decode((enum cs_carrier)m->carrier, (struct cs_slice){a->octets, m->octets.len}, 0,
                      &a->message);
    a->done = true;
}

bool ask_open(struct ask *ask, const struct net_target *target, struct cs_error *error)
{
    const struct peer_hears hears = {.see = judge, .came = came, .user = ask};
    memset(ask, 0, sizeof *ask);
    ask->done = true;
    net_clock_init(&ask->clock);
    peer_init(&ask->peer, &hears);
    ask->peer.parameters.ack_timeout_ns = ask->peer.parameters.ack_random_max_ns = ASK_AGAIN_NS;
    ask->peer.parameters.max_retransmit = 1;
    return peer_open(&ask->peer, target, error);
}

void ask_close(struct ask *ask) { peer_close(&ask->peer); }

/* A port that is closed before the first answer may be opened yet; later it is the end. */
static bool is_gone(const struct ask *a) { return a->peer.refused != 0 && a->answered > 0; }

static void wait_for(struct ask *a, uint64_t until)
{
    while (!a->done && net_now() < until && !is_gone(a) && !net_interrupted())
        net_loop_turn(a->peer.loop, until);
}

static void count_answer(struct ask *a, const char *question)
{
    if (!a->done && a->unanswered == 0)
        snprintf(a->since, sizeof a->since, "%.*s", (int)sizeof a->since - 1, question);
    a->answered += a->done;
    a->unanswered = a->done ? 0 : a->unanswered + 1;
    a->lost = !a->done && (is_gone(a) || (a->answered > 0 && a->unanswered >= ASK_UNANSWERED_MAX) ||
                           net_interrupted());
}

bool ask_line(struct ask *ask, const char *format, ...)
{
    static struct cs_line line; /* large; one thread */
    char text[CS_LINE_TEXT_MAX];
    uint8_t octets[2048];
    struct cs_error error = {0};
    va_list args;
    if (ask->lost)
        return false;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (!ask->same_token)
        peer_token(&ask->peer.random, ask->token);
    ask->same_token = false;
    const uint16_t mid = peer_mid(&ask->peer.next_mid, &ask->peer.random);
    if (!cs_line_parse(text, false, &line, &error))
        return false;
    size_t length = cs_line_encode((enum cs_carrier)ask->peer.socket.transport->carrier, &line,
                                   (struct cs_slice){ask->token, sizeof ask->token}, mid, octets,
                                   sizeof octets, &error);
    if (length == 0)
        return false;
    ask->done = ask->separate = ask->reset = false;
    ask->asked++;
    peer_say(&ask->peer, (struct cs_slice){octets, length}, true);
    wait_for(ask, ask->peer.first_ns + ASK_GIVE_UP_NS);
    count_answer(ask, text);
    bool answered = ask->done && !ask->reset;
    ask->done = true; /* what comes now comes too late */
    return answered;
}

char *ask_body(struct ask *ask, const char *path, size_t *length, bool *blocks)
{
    char *body = malloc(ASK_BODY_MAX + 1);
    struct cs_option option;
    unsigned size = 6;
    *length = 0;
    *blocks = false;
    for (unsigned number = 0; body != NULL; number++) {
        bool answered = number == 0
                            ? ask_line(ask, "CON GET %s", path)
                            : ask_line(ask, "CON GET %s block2=%u/0/%u", path, number, 16u << size);
        const struct cs_message *m = &ask->message;
        if (!answered || m->code != CS_CODE(2, 5) || *length + m->payload.len > ASK_BODY_MAX) {
            free(body);
            return NULL;
        }
        if (m->payload.len > 0)
            memcpy(body + *length, m->payload.at, m->payload.len);
        *length += m->payload.len;
        if (!cs_option_find(m, CS_OPT_BLOCK2, &option))
            break;
        uint64_t value = cs_option_uint(&option);
        *blocks = true;
        size = (unsigned)(value & 7);
        if ((value & 8) == 0 || size == 7)
            break;
    }
    if (body != NULL)
        body[*length] = '\0';
    return body;
}
