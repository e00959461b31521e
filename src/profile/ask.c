/* One request after the other. */
#include "src/profile/ask.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "src/net/interrupt.h"

/* RFC 7252: ACK_TIMEOUT * ACK_RANDOM_FACTOR, and once more for what takes its time. */
#define ASK_AGAIN_NS   (2500 * NET_MS)
#define ASK_GIVE_UP_NS (6 * NET_SECOND)

/* So many questions in a row without an answer: it is not the questions. */
enum { ASK_UNANSWERED_MAX = 3 };

static void judge(struct ask *a, struct cs_slice octets, bool ours, uint64_t at_ns)
{
    struct cs_datagram d = {.time_ns = net_stream_time(&a->clock, at_ns),
                            .packet = ++a->packets,
                            .src = ours ? a->socket.local : a->peer,
                            .dst = ours ? a->peer : a->socket.local,
                            .octets = octets,
                            .carrier = a->socket.transport->carrier,
                            .protection = a->socket.transport->protection,
                            .direction = ours ? CS_FROM_TESTER : CS_FROM_DEVICE};
    if (a->analysis != NULL)
        cs_analysis_datagram(a->analysis, &d);
}

static void say(struct ask *a, const uint8_t *octets, size_t length)
{
    judge(a, (struct cs_slice){octets, length}, true, net_now());
    net_socket_send(&a->socket, &a->peer, (struct cs_slice){octets, length});
}

static void say_empty(struct ask *a, enum cs_type type, uint16_t mid)
{
    uint8_t octets[4] = {(uint8_t)(0x40 | (unsigned)type << 4), 0, (uint8_t)(mid >> 8),
                         (uint8_t)mid};
    say(a, octets, sizeof octets);
}

/* We are no server: a Reset, so that it is not sent again. */
static void take_forwarded(struct ask *a, const struct net_received *received)
{
    struct cs_message m;
    if (!cs_message_decode(CS_UDP, received->octets, 0, &m) || CS_CODE_CLASS(m.code) != 0 ||
        m.code == 0)
        return;
    const uint8_t reset[4] = {0x70, 0, (uint8_t)(m.mid >> 8), (uint8_t)m.mid};
    net_socket_send(&a->socket, &received->src, (struct cs_slice){reset, sizeof reset});
    a->forwarded = true;
}

static void receive(void *user, const struct net_received *received)
{
    struct ask *a = user;
    struct cs_message m;
    if (!cs_address_equal(&received->src, &a->peer)) {
        take_forwarded(a, received);
        return;
    }
    judge(a, received->octets, false, received->at_ns);
    bool fine = cs_message_decode(CS_UDP, received->octets, 0, &m);
    bool reply = m.type == CS_ACK || m.type == CS_RST;
    bool mine = fine && !a->done &&
                (reply ? m.mid == a->request_mid
                       : m.token.len == sizeof a->token &&
                             memcmp(m.token.at, a->token, sizeof a->token) == 0);
    bool response = fine && CS_CODE_CLASS(m.code) >= 2;
    if (m.type == CS_CON && received->octets.len >= 4)
        say_empty(a, mine && response ? CS_ACK : CS_RST, m.mid);
    else if (m.type == CS_NON && response && !mine)
        say_empty(a, CS_RST, m.mid); /* a notification that nobody wants any more */
    if (!mine)
        return;
    if (m.type == CS_ACK && m.code == 0) {
        a->acked = a->separate = true;
        return;
    }
    a->reset = m.type == CS_RST;
    memcpy(a->octets, received->octets.at, received->octets.len);
    a->length = received->octets.len;
    cs_message_decode(CS_UDP, (struct cs_slice){a->octets, a->length}, 0, &a->message);
    a->done = true;
}

static void refused(void *user, int error)
{
    struct ask *a = user;
    (void)error;
    a->refused = true;
}

bool ask_open(struct ask *ask, const struct net_target *target, struct cs_error *error)
{
    uint64_t seed = 0;
    *ask = (struct ask){.loop = net_loop_new(), .peer = target->address};
    ask->socket.receive = receive;
    ask->socket.refused = refused;
    ask->socket.user = ask;
    ask->socket.transport = target->transport;
    ask->socket.scope = target->scope;
    ask->socket.security = target->security;
    ask->socket.name = target->host;
    net_clock_init(&ask->clock);
    if (getrandom(&seed, sizeof seed, 0) < 0)
        seed = net_now();
    ask->random = seed;
    ask->mid = (uint16_t)(seed >> 48);
    if (ask->loop == NULL) {
        snprintf(error->text, sizeof error->text, "out of memory");
        return false;
    }
    return net_socket_open(&ask->socket, ask->loop, &target->address, NULL, error);
}

void ask_close(struct ask *ask)
{
    net_socket_close(&ask->socket);
    net_loop_free(ask->loop);
    ask->loop = NULL;
}

/* A port that is closed before the first answer may be opened yet; later it is the end. */
static bool is_gone(const struct ask *a) { return a->refused && a->answered > 0; }

static void wait_for(struct ask *a, uint64_t until)
{
    while (!a->done && net_now() < until && !is_gone(a) && !net_interrupted())
        net_loop_turn(a->loop, until);
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
    ask->random = ask->random * UINT64_C(6364136223846793005) + 1;
    if (!ask->same_token)
        memcpy(ask->token, (uint8_t *)&ask->random + 4, sizeof ask->token);
    ask->same_token = false;
    ask->request_mid = ask->mid++;
    if (!cs_line_parse(text, false, &line, &error))
        return false;
    size_t length = cs_line_encode(CS_UDP, &line, (struct cs_slice){ask->token, sizeof ask->token},
                                   ask->request_mid, octets, sizeof octets, &error);
    if (length == 0)
        return false;
    ask->done = ask->acked = ask->refused = ask->separate = ask->reset = false;
    ask->length = 0;
    uint64_t began = net_now();
    ask->asked++;
    say(ask, octets, length);
    wait_for(ask, began + ASK_AGAIN_NS);
    if (!ask->done && !ask->acked && !is_gone(ask) && !net_interrupted())
        say(ask, octets, length);
    wait_for(ask, began + ASK_GIVE_UP_NS);
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
