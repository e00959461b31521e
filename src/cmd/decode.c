/* src/cmd/decode.c: `coapspec decode`: one datagram, octet by octet, judged by the rules. */
#include <stdlib.h>
#include <string.h>

#include "notation/notation.h"
#include "coapspec/analysis.h"
#include "reports/decoded/decoded.h"
#include "src/cli/cli.h"
#include "src/cli/line.h"
#include "wire/dtls.h"

enum { INPUT_MAX = 1 << 20, DATAGRAM_MAX = 65536 };

/* ------------------------------------------------------------------ input */

static char *read_stdin(const struct cli *cli)
{
    char *text = malloc(INPUT_MAX + 1);
    if (text == NULL) {
        cli_fail(cli, CLI_BENCH, "no memory");
        return NULL;
    }
    size_t length = fread(text, 1, INPUT_MAX, stdin);
    if (ferror(stdin) || (length == INPUT_MAX && getc(stdin) != EOF)) {
        cli_fail(cli, CLI_BENCH, "standard input: %s",
                 ferror(stdin) ? "cannot be read" : "more than 1 MiB");
        free(text);
        return NULL;
    }
    while (length > 0 && (text[length - 1] == '\n' || text[length - 1] == '\r'))
        length--;
    text[length] = '\0';
    return text;
}

/* The arguments, joined by blanks. malloc'ed; NULL with the message printed. */
static char *read_input(const struct cli *cli)
{
    size_t length = 1, used = 0;
    if (cli->arg_count == 1 && strcmp(cli->args[0], "-") == 0)
        return read_stdin(cli);
    for (size_t i = 0; i < cli->arg_count; i++)
        length += strlen(cli->args[i]) + 1;
    char *text = calloc(length, 1);
    if (text == NULL) {
        cli_fail(cli, CLI_BENCH, "no memory");
        return NULL;
    }
    for (size_t i = 0; i < cli->arg_count; i++)
        used +=
            (size_t)snprintf(text + used, length - used, "%s%s", i > 0 ? " " : "", cli->args[i]);
    return text;
}

/* Is it meant as hex? A digit begins it, but not a code (2.05), or its first word is nothing but hex digits. */
static bool is_hex(const char *text)
{
    text += strspn(text, " \t\r\n");
    if (*text >= '0' && *text <= '9')
        return text[1] != '.';
    size_t digits = strspn(text, "0123456789abcdefABCDEF:,");
    return digits > 1 && (text[digits] == '\0' || strchr(" \t\r\n", text[digits]) != NULL);
}

/* Octets of the input, 0 with the message printed. */
static size_t parse_input(const struct cli *cli, enum cs_carrier carrier, const char *text,
                          uint8_t *octets, bool *from_line)
{
    static const struct cs_slice no_token = {NULL, 0};
    size_t bad = 0;
    *from_line = !is_hex(text);
    if (!*from_line) {
        long length = cs_hex_parse(text, octets, DATAGRAM_MAX, &bad);
        if (length > 0)
            return (size_t)length;
        bool digit = strspn(text + bad, "0123456789abcdefABCDEF") > 0;
        cli_fail_at(cli, text, (unsigned)bad + 1,
                    digit ? "half an octet: hex digits come in pairs" : "not a hex digit");
        return 0;
    }
    struct cs_error error = {0};
    struct cs_line *line = malloc(sizeof *line);
    size_t length = 0;
    if (line == NULL)
        cli_fail(cli, CLI_BENCH, "no memory");
    else if (!cs_line_parse(text, false, line, &error) ||
             (length = cs_line_encode(carrier, line, no_token, 1, octets, DATAGRAM_MAX, &error)) ==
                 0)
        cli_fail_at(cli, text, error.column, error.text);
    free(line);
    return length;
}

/* ------------------------------------------------------------------ rules */

static void keep_violation(void *user, const struct cs_finding *finding)
{
    struct report_decoded *d = user;
    if (d->violation_count == REPORT_VIOLATIONS_MAX)
        return;
    size_t i = d->violation_count++;
    for (; i > 0 && d->violations[i - 1].octet > finding->octet; i--)
        d->violations[i] = d->violations[i - 1];
    d->violations[i].rule = finding->rule;
    d->violations[i].octet = finding->octet;
    snprintf(d->violations[i].why, sizeof d->violations[i].why, "%s", finding->why);
}

/* A stream of one datagram between two addresses of RFC 5737; a server answers from its port. */
static bool judge(struct report_decoded *decoded)
{
    enum { MEMORY = 1 << 20 };
    const struct cs_settings settings = {
        .memory = MEMORY, .user = decoded, .on_finding = keep_violation};
    const struct cs_address client = {{192, 0, 2, 1}, 49152, 4}, server = {{192, 0, 2, 2}, 5683, 4};
    const struct cs_message *m = &decoded->message;
    bool answer = cs_code_is_response(m->code) || m->type == CS_ACK || m->type == CS_RST;
    struct cs_analysis *analysis = cs_analysis_new(&settings);
    if (analysis == NULL)
        return false;
    const struct cs_datagram datagram = {
        .time_ns = 1,
        .packet = 1,
        .src = answer ? server : client,
        .dst = answer ? client : server,
        .octets = m->octets,
        .carrier = m->carrier,
    };
    if (decoded->records)
        cs_analysis_records(analysis, &datagram);
    else
        cs_analysis_datagram(analysis, &datagram);
    cs_analysis_end(analysis);
    cs_analysis_free(analysis);
    return true;
}

/* ------------------------------------------------------------------ the command */

static int decode(const struct cli *cli, enum cs_carrier carrier, const char *text, bool json)
{
    static uint8_t octets[DATAGRAM_MAX];
    static struct report_decoded decoded;
    size_t length = parse_input(cli, carrier, text, octets, &decoded.from_line);
    if (length == 0)
        return CLI_USAGE;

    cs_message_decode(carrier, (struct cs_slice){octets, length}, 0, &decoded.message);
    decoded.records =
        carrier == CS_UDP && !decoded.from_line && cs_is_record(decoded.message.octets);
    if (!judge(&decoded))
        return cli_fail(cli, CLI_BENCH, "no memory");
    const struct report_style style = cli_style(cli);
    const int code = report_decoded_wrong(&decoded) > 0 ? CLI_FAILED : CLI_PASSED;
    const bool written = json ? report_decoded_json(&decoded, stdout)
                              : report_decoded_text(&decoded, &style, stdout);
    return written ? code : cli_fail_output(cli, code);
}

static int run(struct cli *cli)
{
    static const char *const formats[] = {"text", "json", NULL};
    static const char *const framings[] = {
        [CS_UDP] = "udp", [CS_TCP] = "tcp", [CS_WS] = "ws", NULL};
    size_t format = 0, framing = CS_UDP;
    if (!cli_choice(cli, "format", formats, &format) ||
        !cli_choice(cli, "framing", framings, &framing))
        return CLI_USAGE;
    if (cli->arg_count == 0)
        return cli_fail(cli, CLI_USAGE,
                        "decode: give it hex, a message line, or - for standard input");
    char *text = read_input(cli);
    if (text == NULL)
        return CLI_BENCH;
    int code = text[strspn(text, " \t\r\n")] != '\0'
                   ? decode(cli, (enum cs_carrier)framing, text, format == 1)
                   : cli_fail(cli, CLI_USAGE, "decode: the input is empty");
    free(text);
    return code;
}

static const struct cli_option options[] = {
    {"format", 0, "FORMAT", "text or json"},
    {"framing", 0, "FRAMING", "udp, or tcp and ws: messages over TCP and WebSocket (RFC 8323)"},
    {0},
};

const struct cli_command cli_decode = {
    .name = "decode",
    .order = 50,
    .summary = "one message: what each octet means, and what is wrong with it",
    .usage = "HEX…|LINE|- [OPTION…]",
    .about = "Takes the octets of one datagram as hex (blanks, colons, commas and 0x do not "
             "matter; several arguments are joined) and prints it as a line and as a table. Given "
             "a line (docs/notation.md), it prints the octets; a token left open is empty, a "
             "Message ID left open is 1. DTLS records are decoded as far as they are not "
             "encrypted.\nThe message is judged by the rules that a single message can break. Exit "
             "code 0: nothing is wrong with it, 1: something is, 2: the input is neither hex nor a "
             "line. -q prints the first line alone, -v long payloads in full.",
    .options = options,
    .examples =
        (const char *const[]){
            "decode 44 01 41 ee 5b90 0001 60 51 33",
            "octets of a capture, as Wireshark copies them",
            "decode 'CON GET /3/0/9 observe=0 tok=5b90 mid=0x41ee'",
            "octets of a message",
            "decode --format json 7100c0deaa | jq .findings",
            "the rules that it breaks",
            "decode --framing tcp 50e12380010020",
            "a message over TCP: the first one of a connection",
            NULL,
        },
    .run = run,
};
