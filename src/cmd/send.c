/* src/cmd/send.c: `coapspec send`: one message, and what comes back. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "notation/notation.h"
#include "src/cli/cli.h"
#include "src/cli/line.h"
#include "src/cli/security.h"
#include "src/net/interrupt.h"
#include "src/peer/peer.h"

#define LEISURE_NS    (5 * NET_SECOND)  /* DEFAULT_LEISURE, RFC 7252 section 8.2 */
#define NO_PROMISE_NS (10 * NET_SECOND) /* for what nobody promised: our own choice */

struct job {
    struct cli *cli;
    struct peer peer;
    uint64_t until_ns;  /* when to give up */
    uint64_t linger_ns; /* how long to go on after the first answer */
    bool answered;
};

static void show(const struct cli *cli, const char *arrow, const struct cs_message *message,
                 FILE *out)
{
    static char
        line[NET_DATAGRAM_MAX * 4 + 1024]; /* raw: takes three for each octet, quotes four */
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

/* What was said to it already: time mattered. */
static void show_reply(const struct cli *cli, const struct peer_came *came)
{
    struct cs_message message;
    uint8_t octets[PEER_EMPTY];
    if (came->reply == PEER_SILENT || cli->quiet)
        return;
    peer_empty(came->reply == PEER_ACK ? CS_ACK : CS_RST, came->message->mid, octets);
    cs_message_decode(CS_UDP, (struct cs_slice){octets, sizeof octets}, 0, &message);
    show(cli, "> ", &message, stderr);
}

static void note_source(const struct job *j, const struct cs_address *from)
{
    char text[64];
    if (j->peer.group || !cs_address_equal(from, &j->peer.to))
        cli_note(j->cli, "  from %s", cs_address_format(from, text, sizeof text));
}

static void show_answer(const struct job *j, const struct peer_came *came)
{
    const struct cs_message *m = came->message;
    show(j->cli, "", m, stdout);
    note_source(j, &came->from);
    const uint64_t first_ns = j->peer.first_ns;
    cli_note(j->cli, "  %.1f ms%s",
             came->at_ns > first_ns ? (double)(came->at_ns - first_ns) / 1e6 : 0.0,
             j->peer.backoff.transmissions > 1 ? " after the first of several transmissions" : "");
    if (m->fault != CS_FAULT_NONE)
        cli_note(j->cli, "  malformed: %s", cs_fault_text((enum cs_fault)m->fault));
}

static void on_came(void *user, const struct peer_came *came)
{
    struct job *j = user;
    const char *wrong = peer_meaning_text(came->meaning);
    if (came->meaning == PEER_ANSWER && !j->answered) {
        j->until_ns = came->at_ns + j->linger_ns;
        j->answered = true;
    }
    if (wrong == NULL) {
        show_answer(j, came);
    } else {
        show(j->cli, "? ", came->message, stderr);
        if (came->meaning == PEER_STRANGER)
            note_source(j, &came->from);
        cli_note(j->cli, "  %s", wrong);
    }
    show_reply(j->cli, came);
}

static void on_again(void *user, unsigned transmissions)
{
    const struct job *j = user;
    cli_note(j->cli, "  nothing yet: transmission %u", transmissions);
}

/* ------------------------------------------------------------------ the exchange */

static void wait_for_answers(struct job *j)
{
    while (net_now() < j->until_ns && j->peer.refused == 0 && !net_interrupted() &&
           ferror(stdout) == 0)
        net_loop_turn(j->peer.loop, j->until_ns);
}

static int finish(const struct job *j, const char *uri)
{
    const struct peer *p = &j->peer;
    const double waited = (double)(j->until_ns - p->first_ns) / 1e9;
    if (p->answered)
        return CLI_PASSED;
    if (net_interrupted())
        return CLI_INTERRUPTED;
    if (p->refused != 0)
        return cli_fail(j->cli, CLI_BENCH, "%s does not answer: %s", uri, peer_refused_text(p));
    if (p->acked)
        return cli_fail(j->cli, CLI_BENCH, "acknowledged, but no response from %s within %.0f s",
                        uri, waited);
    return cli_fail(j->cli, CLI_BENCH, "no answer from %s within %.1f s%s", uri, waited,
                    peer_is_reply(&p->message) ? " (none is due to an ACK or RST)" : "");
}

/* Octets for the line, with a random token and Message ID where it names none; 0 with the message printed. */
static size_t encode(struct job *j, const struct net_target *target, const struct cs_line *line,
                     uint8_t *octets)
{
    struct cs_error error = {0};
    uint8_t token[PEER_TOKEN];
    peer_token(&j->peer.random, token);
    const size_t length = cs_line_encode(
        (enum cs_carrier)target->transport->carrier, line, (struct cs_slice){token, sizeof token},
        peer_mid(&j->peer.next_mid, &j->peer.random), octets, NET_DATAGRAM_MAX, &error);
    if (length == 0)
        cli_fail_at(j->cli, j->cli->args[0], error.column, error.text);
    return length;
}

static int send_to(struct job *j, const struct net_target *target, const struct cs_line *line)
{
    static uint8_t octets[NET_DATAGRAM_MAX];
    struct cli *cli = j->cli;
    struct peer *p = &j->peer;
    struct cs_error error = {0};
    const size_t length = encode(j, target, line, octets);
    if (length == 0)
        return CLI_USAGE;
    struct cs_message message;
    cs_message_decode((enum cs_carrier)target->transport->carrier,
                      (struct cs_slice){octets, length}, 0, &message);
    const bool group = cs_address_is_multicast(&target->address);
    uint64_t timeout = group                    ? LEISURE_NS
                       : message.type == CS_CON ? p->parameters.max_transmit_wait_ns
                                                : NO_PROMISE_NS;
    if (!cli_duration(cli, "timeout", &timeout) || !cli_duration(cli, "for", &j->linger_ns))
        return CLI_USAGE;
    if (group && !cli_has(cli, "for"))
        j->linger_ns = timeout;
    if (!peer_open(p, target, &error))
        return cli_fail(cli, CLI_BENCH, "%s: %s", target->uri, error.text);
    if (!cli->quiet)
        show(cli, "> ", &message, stderr);
    if (!peer_say(p, message.octets, !cli_has(cli, "once")))
        return cli_fail(cli, CLI_BENCH, "cannot send to %s: %s", target->uri, strerror(errno));
    j->until_ns = p->first_ns + timeout;
    wait_for_answers(j);
    return finish(j, target->uri);
}

static int run(struct cli *cli)
{
    static struct job job; /* large */
    static struct cs_line line;
    struct net_target target;
    struct net_security security;
    struct cs_error error = {0};

    if (cli->arg_count != 2)
        return cli_fail(
            cli, CLI_USAGE,
            "send: a message in quotes and a URI are due: send 'CON GET /' coap://host");
    if (!cs_line_parse(cli->args[0], false, &line, &error))
        return cli_fail_at(cli, cli->args[0], error.column, error.text);
    if (!net_target_check(cli->args[1], &error))
        return cli_fail_error(cli, CLI_USAGE, &error);
    if (!net_target_parse(cli->args[1], &target, &error))
        return cli_fail_error(cli, CLI_BENCH, &error);
    if (target.path[0] != '\0' && strcmp(target.path, "/") != 0)
        return cli_fail(cli, CLI_USAGE, "send: the path belongs into the message: 'CON GET %s'",
                        target.path);
    int code = cli_security(cli, &target, &security);
    if (code != CLI_PASSED)
        return code;
    job.cli = cli;
    const struct peer_hears hears = {.again = on_again, .came = on_came, .user = &job};
    peer_init(&job.peer, &hears);
    code = send_to(&job, &target, &line);
    peer_close(&job.peer);
    return code;
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
