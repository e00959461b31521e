/* src/cmd/send.c: `coapspec send`: one message, and what comes back. */
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#include "notation/notation.h"
#include "src/cli/cli.h"
#include "src/cli/line.h"
#include "src/cli/security.h"
#include "src/net/address.h"
#include "src/net/clock.h"
#include "src/net/dtls.h"
#include "src/net/interrupt.h"

/* RFC 7252 section 4.8 */
#define ACK_TIMEOUT_NS       (2 * NET_SECOND)
#define ACK_RANDOM_SPAN_NS   (1 * NET_SECOND) /* ACK_TIMEOUT * (ACK_RANDOM_FACTOR - 1) */
#define MAX_TRANSMIT_WAIT_NS (93 * NET_SECOND)
#define LEISURE_NS           (5 * NET_SECOND) /* DEFAULT_LEISURE, section 8.2 */
#define NO_PROMISE_NS                                                                              \
    (10 * NET_SECOND) /* how long to wait for what nobody promised: our own choice */
enum { MAX_RETRANSMIT = 4, DATAGRAM_MAX = 65536, TOKEN_LENGTH = 4, SEEN_MAX = 64 };

/* A message sent, and what we know of its fate. */
struct exchange {
    struct cli *cli;
    int fd;
    struct net_dtls *dtls; /* NULL: in the clear */
    struct sockaddr_storage peer;
    socklen_t peer_len;
    struct cs_address target;
    struct cs_message sent;
    bool multicast, repeats;
    unsigned transmissions;
    uint64_t first_ns, last_ns;   /* transmissions */
    uint64_t interval_ns, due_ns; /* the next one; 0: none */
    uint64_t until_ns, linger_ns; /* when to give up; how long to go on after the first answer */
    bool acked, answered;
    int refused;             /* errno of a socket that will bring nothing more, or 0 */
    uint16_t seen[SEEN_MAX]; /* Message IDs of answers, so that one sent twice is known for that */
    size_t seen_count;
    uint8_t reply[4]; /* what the last message was answered with */
    bool replied;     /* … and it has not been shown yet */
};

/* ------------------------------------------------------------------ out */

static void show(const struct cli *cli, const char *arrow, const struct cs_message *message,
                 FILE *out)
{
    static char line[DATAGRAM_MAX * 4 + 1024]; /* raw: takes three for each octet, quotes four */
    struct cs_text text;
    cs_text_init(&text, line, sizeof line);
    cs_message_format(message, false, &text);
    fprintf(out, "%s%s\n", arrow, line);
    fflush(out);
    if (cli->verbose) {
        cs_text_init(&text, line, sizeof line);
        for (size_t i = 0; i < message->octets.len; i++)
            cs_text_add(&text, "%s%02x", i % 16 == 0 ? "\n      " : " ", message->octets.at[i]);
        cli_detail(cli, "  %zu octets:%s", message->octets.len, line);
    }
}

static bool transmit(struct exchange *x, struct cs_slice octets)
{
    if (x->dtls != NULL ? net_dtls_send(x->dtls, octets)
                        : sendto(x->fd, octets.at, octets.len, 0, (struct sockaddr *)&x->peer,
                                 x->peer_len) >= 0)
        return true;
    x->refused = errno;
    return false;
}

/* An Empty ACK or RST for a message of the other side. Time matters: it goes out first and is shown afterwards. */
static void reply_empty(struct exchange *x, enum cs_type type, uint16_t mid)
{
    const uint8_t octets[4] = {(uint8_t)(0x40 | type << 4), 0, (uint8_t)(mid >> 8), (uint8_t)mid};
    memcpy(x->reply, octets, sizeof octets);
    x->replied = transmit(x, (struct cs_slice){octets, sizeof octets});
}

static void show_reply(struct exchange *x)
{
    struct cs_message message;
    if (!x->replied)
        return;
    x->replied = false;
    cs_message_decode(CS_UDP, (struct cs_slice){x->reply, sizeof x->reply}, 0, &message);
    if (!x->cli->quiet)
        show(x->cli, "> ", &message, stderr);
}

static uint64_t random_below(uint64_t limit)
{
    uint64_t value = 0;
    if (getrandom(&value, sizeof value, 0) != (ssize_t)sizeof value)
        value = net_now();
    return value % limit;
}

/* RFC 7252 section 4.2: the first interval is random, each one after it twice the one before. */
static bool transmit_request(struct exchange *x)
{
    uint64_t now = net_now();
    if (!transmit(x, x->sent.octets))
        return false;
    if (x->transmissions++ == 0) {
        x->first_ns = now;
        x->interval_ns = ACK_TIMEOUT_NS + random_below(ACK_RANDOM_SPAN_NS);
    } else {
        x->interval_ns *= 2;
    }
    x->last_ns = now;
    x->due_ns = x->repeats && x->transmissions <= MAX_RETRANSMIT ? now + x->interval_ns : 0;
    return true;
}

/* ------------------------------------------------------------------ in */

static void answered(struct exchange *x, uint64_t now)
{
    if (!x->answered)
        x->until_ns = now + x->linger_ns;
    x->answered = true;
    x->due_ns = 0;
}

static bool is_known(struct exchange *x, uint16_t mid)
{
    for (size_t i = 0; i < x->seen_count; i++)
        if (x->seen[i] == mid)
            return true;
    x->seen[x->seen_count % SEEN_MAX] = mid;
    x->seen_count += x->seen_count < SEEN_MAX;
    return false;
}

static bool tokens_equal(const struct cs_message *a, const struct cs_message *b)
{
    return a->token.len == b->token.len &&
           (a->token.len == 0 || memcmp(a->token.at, b->token.at, a->token.len) == 0);
}

/* What is this message to us? Sends what is due for it, and says why it is no answer where it is none. */
static const char *receive(struct exchange *x, const struct cs_message *m, uint64_t now)
{
    bool reply = m->type == CS_ACK || m->type == CS_RST;
    bool ours = tokens_equal(m, &x->sent) && cs_code_is_response(m->code);

    if (m->octets.len < 4 || m->version != 1)
        return "this is no CoAP message";
    if (reply && m->mid != x->sent.mid)
        return "its Message ID is not ours";
    if (reply) {
        x->acked = true;
        x->due_ns = 0;
        bool awaited = cs_code_is_request(x->sent.code);
        if (m->type == CS_RST || ours || !awaited)
            answered(x, now);
        else if (m->code != CS_CODE(0, 0))
            return "its token is not ours";
        return NULL;
    }
    if (!ours) {
        if (m->type == CS_CON)
            reply_empty(x, CS_RST, m->mid);
        return cs_code_is_response(m->code) ? "its token is not ours" : "it is no response";
    }
    if (m->type == CS_CON)
        reply_empty(x, CS_ACK, m->mid);
    bool known = !x->multicast && is_known(x, m->mid);
    answered(x, now);
    return known ? "it came before: a duplicate" : NULL;
}

static void note_source(const struct exchange *x, const struct cs_address *from)
{
    char text[64];
    if (x->multicast || !cs_address_equal(from, &x->target))
        cli_note(x->cli, "  from %s", cs_address_format(from, text, sizeof text));
}

/* One datagram, if there is one. */
static void read_one(struct exchange *x)
{
    static uint8_t octets[DATAGRAM_MAX], inside[DATAGRAM_MAX];
    struct sockaddr_storage storage;
    socklen_t storage_len = sizeof storage;
    struct cs_message message;
    struct cs_address from;
    ssize_t length = recvfrom(x->fd, octets, sizeof octets, MSG_DONTWAIT,
                              (struct sockaddr *)&storage, &storage_len);
    uint64_t now = net_now();

    if (length < 0) {
        if (errno != EAGAIN && errno != EINTR)
            x->refused = errno; /* what ICMP said */
        return;
    }
    net_from_sockaddr(&storage, &from);
    if (x->dtls != NULL && cs_address_equal(&from, &x->target)) {
        net_dtls_take(x->dtls, (struct cs_slice){octets, (size_t)length}, now);
        length = net_dtls_next(x->dtls, inside, sizeof inside);
        if (length < 0)
            x->refused = ENOTCONN;
        if (length <= 0)
            return;
        memcpy(octets, inside, (size_t)length);
    }
    cs_message_decode(CS_UDP, (struct cs_slice){octets, (size_t)length}, 0, &message);
    if (!x->multicast && !cs_address_equal(&from, &x->target)) {
        note_source(x, &from);
        show(x->cli, "? ", &message, stderr);
        cli_note(x->cli, "  not from where the message went: ignored");
        return;
    }
    struct sockaddr_storage target =
        x->peer; /* a member of a group gets its ACK at its own address */
    memcpy(&x->peer, &storage, sizeof storage);
    const char *wrong = receive(x, &message, now);
    x->peer = target;
    if (wrong != NULL) {
        show(x->cli, "? ", &message, stderr);
        cli_note(x->cli, "  %s", wrong);
        show_reply(x);
        return;
    }
    show(x->cli, "", &message, stdout);
    note_source(x, &from);
    cli_note(x->cli, "  %.1f ms%s", (double)(now - x->first_ns) / 1e6,
             x->transmissions > 1 ? " after the first of several transmissions" : "");
    if (message.fault != CS_FAULT_NONE)
        cli_note(x->cli, "  malformed: %s", cs_fault_text((enum cs_fault)message.fault));
    show_reply(x);
}

/* ------------------------------------------------------------------ the exchange */

static void wait_for_answers(struct exchange *x)
{
    for (uint64_t now = net_now();
         now < x->until_ns && x->refused == 0 && !net_interrupted() && ferror(stdout) == 0;
         now = net_now()) {
        if (x->due_ns != 0 && now >= x->due_ns) {
            if (transmit_request(x))
                cli_note(x->cli, "  nothing yet: transmission %u", x->transmissions);
            continue;
        }
        uint64_t next = x->due_ns != 0 && x->due_ns < x->until_ns ? x->due_ns : x->until_ns;
        struct pollfd ready = {.fd = x->fd, .events = POLLIN};
        if (poll(&ready, 1, (int)((next - now + NET_MS - 1) / NET_MS)) > 0)
            read_one(x);
    }
}

static bool open_socket(struct exchange *x, unsigned scope)
{
    int on = 1, family = x->target.family == 6 ? AF_INET6 : AF_INET;
    x->peer_len = net_to_sockaddr(&x->target, scope, &x->peer);
    x->fd = socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (x->fd < 0)
        return false;
    /* so that "port unreachable" comes back although the socket is not connected */
    if (family == AF_INET)
        setsockopt(x->fd, IPPROTO_IP, IP_RECVERR, &on, sizeof on);
    else
        setsockopt(x->fd, IPPROTO_IPV6, IPV6_RECVERR, &on, sizeof on);
    return true;
}

/* With coaps, the handshake. */
static int secure(struct exchange *x, const struct net_target *target)
{
    struct cs_error error = {0};
    struct net_dtls_end end = {
        .fd = x->fd, .peer = x->peer, .peer_length = x->peer_len, .name = target->host};
    if (target->security == NULL ||
        net_dtls_connect(target->security, NULL, &end, NULL, 10 * NET_SECOND, &x->dtls, &error) ==
            NET_SESSION_DONE)
        return CLI_PASSED;
    return cli_fail(x->cli, CLI_BENCH, "%s: %s", target->uri, error.text);
}

static int finish(struct exchange *x, const char *uri)
{
    if (x->answered)
        return CLI_PASSED;
    if (net_interrupted())
        return CLI_INTERRUPTED;
    if (x->refused != 0)
        return cli_fail(x->cli, CLI_BENCH, "%s does not answer: %s", uri,
                        x->refused == ECONNREFUSED ? "nobody listens there" : strerror(x->refused));
    if (x->acked)
        return cli_fail(x->cli, CLI_BENCH, "acknowledged, but no response from %s within %.0f s",
                        uri, (double)(x->until_ns - x->first_ns) / 1e9);
    bool due = x->sent.type == CS_CON || x->sent.type == CS_NON;
    return cli_fail(x->cli, CLI_BENCH, "no answer from %s within %.1f s%s", uri,
                    (double)(x->until_ns - x->first_ns) / 1e9,
                    due ? "" : " (none is due to an ACK or RST)");
}

/* Octets for the line, with a random token and Message ID where it names none; 0 with the message printed. */
static size_t encode(const struct cli *cli, const char *text, uint8_t *octets)
{
    struct cs_error error = {0};
    struct cs_line *line = malloc(sizeof *line);
    uint8_t token[TOKEN_LENGTH];
    size_t length = 0;
    if (line == NULL) {
        cli_fail(cli, CLI_BENCH, "no memory");
        return 0;
    }
    for (size_t i = 0; i < sizeof token; i++)
        token[i] = (uint8_t)random_below(256);
    if (cs_line_parse(text, false, line, &error))
        length = cs_line_encode(CS_UDP, line, (struct cs_slice){token, sizeof token},
                                (uint16_t)random_below(65536), octets, DATAGRAM_MAX, &error);
    if (length == 0)
        cli_fail_at(cli, text, error.column, error.text);
    free(line);
    return length;
}

static int send_to(struct exchange *x, const struct net_target *target)
{
    struct cli *cli = x->cli;
    uint64_t timeout = x->multicast             ? LEISURE_NS
                       : x->sent.type == CS_CON ? MAX_TRANSMIT_WAIT_NS
                                                : NO_PROMISE_NS;
    if (!cli_duration(cli, "timeout", &timeout) || !cli_duration(cli, "for", &x->linger_ns))
        return CLI_USAGE;
    if (x->multicast && !cli_has(cli, "for"))
        x->linger_ns = timeout;
    if (!open_socket(x, target->scope))
        return cli_fail(cli, CLI_BENCH, "no socket: %s", strerror(errno));
    int code = secure(x, target);
    if (code != CLI_PASSED) {
        close(x->fd);
        return code;
    }
    if (!cli->quiet)
        show(cli, "> ", &x->sent, stderr);
    if (!transmit_request(x)) {
        code = cli_fail(cli, CLI_BENCH, "cannot send to %s: %s", target->uri, strerror(errno));
    } else {
        x->until_ns = x->first_ns + timeout;
        wait_for_answers(x);
        code = finish(x, target->uri);
    }
    net_dtls_free(x->dtls);
    close(x->fd);
    return code;
}

static int run(struct cli *cli)
{
    static uint8_t octets[DATAGRAM_MAX];
    struct net_target target;
    struct net_security security;
    struct cs_error error = {0};
    struct exchange x = {.cli = cli};

    if (cli->arg_count != 2)
        return cli_fail(
            cli, CLI_USAGE,
            "send: a message in quotes and a URI are due: send 'CON GET /' coap://host");
    size_t length = encode(cli, cli->args[0], octets);
    if (length == 0)
        return CLI_USAGE;
    if (!net_target_check(cli->args[1], &error))
        return cli_fail_error(cli, CLI_USAGE, &error);
    if (!net_target_parse(cli->args[1], &target, &error))
        return cli_fail_error(cli, CLI_BENCH, &error);
    if (target.path[0] != '\0' && strcmp(target.path, "/") != 0)
        return cli_fail(cli, CLI_USAGE, "send: the path belongs into the message: 'CON GET %s'",
                        target.path);
    const int code = cli_security(cli, &target, &security);
    if (code != CLI_PASSED)
        return code;
    cs_message_decode(CS_UDP, (struct cs_slice){octets, length}, 0, &x.sent);
    x.target = target.address;
    x.multicast = cs_address_is_multicast(&x.target);
    x.repeats = x.sent.type == CS_CON && length >= 4 && !x.multicast && !cli_has(cli, "once");
    return send_to(&x, &target);
}

static const struct cli_option options[] = {
    {"timeout", 't', "TIME",
     "how long to wait for the first answer (93 s for a CON, 5 s for a group, else 10 s)"},
    {"for", 0, "TIME", "go on listening for this long after the first answer (notifications)"},
    {"once", 0, NULL, "do not retransmit a CON"},
    CLI_SECURITY_OPTIONS,
    {0},
};

const struct cli_command cli_send = {
    .name = "send",
    .order = 55,
    .summary = "one message to a device, and its answer",
    .usage = "LINE URI [OPTION…]",
    .about = "Sends what the line says (docs/notation.md), illegal messages included, and prints "
             "what comes back in the same notation on standard output. Token and Message ID are "
             "random unless the line names them. A CON is retransmitted as in RFC 7252 section "
             "4.2; a CON response is acknowledged, any other CON is answered by RST.\nExit code 0: "
             "there was an answer (a response; RST counts), 3: there was none.",
    .options = options,
    .examples =
        (const char *const[]){
            "send 'CON GET /.well-known/core' coap://192.0.2.1",
            "one request; -v shows the octets",
            "send 'CON EMPTY' coap://[2001:db8::1]:5683",
            "a ping: RST is its answer",
            "send 'CON GET /temp observe=0' coap://192.0.2.1 --for 60s",
            "notifications for a minute",
            "send 'NON GET /.well-known/core' coap://224.0.1.187 --for 5s",
            "everybody in the group",
            "send 'raw: 41 01 00 01' coap://192.0.2.1 --once",
            "a message that ends inside its token",
            NULL,
        },
    .run = run,
};
