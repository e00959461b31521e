/* specimen/specimen.c: see specimen.h. */
#include "tests/specimen/specimen.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "notation/notation.h"
#include "tests/specimen/specimen_dtls.h"

enum { SERVER_PORT = 5683, CLIENT_PORT = 40000, LINE_MAX_OCTETS = 4096 };
static const uint64_t begin_ns = UINT64_C(1700000000) * 1000000000, step_ns = 10000000;

/* Who speaks to whom. */
struct arrow {
    bool to_server, multicast, other_server, other_port;
    unsigned client; /* from 0 */
};

void cs_specimen_init(struct cs_specimen *s, const char *text)
{
    memset(s, 0, sizeof *s);
    s->text = text;
    s->time_ns = begin_ns;
    s->server_mid = 0x7000;
    s->next_token = 0xa0;
    for (unsigned i = 0; i < CS_SPECIMEN_CLIENTS; i++)
        s->client_mid[i] = (uint16_t)(0x1000 * (i + 1));
    while (*s->text == '!') {
        s->whole = s->whole || strncmp(s->text, "! whole", 7) == 0;
        s->lossy = s->lossy || strncmp(s->text, "! lossy", 7) == 0;
        s->declared = s->declared || strncmp(s->text, "! declared", 10) == 0;
        if (strncmp(s->text, "! tcp", 5) == 0)
            s->carrier = CS_TCP;
        if (strncmp(s->text, "! ws", 4) == 0)
            s->carrier = CS_WS;
        s->dtls = s->dtls || strncmp(s->text, "! dtls", 6) == 0;
        s->fragmented = s->fragmented || strncmp(s->text, "! fragmented", 12) == 0;
        if (strncmp(s->text, "! snap ", 7) == 0)
            s->snap = strtoul(s->text + 7, NULL, 10);
        const char *end = strchr(s->text, '\n');
        s->text = end == NULL ? "" : end + 1;
        s->line++;
    }
}

static struct cs_address address(bool server, unsigned number)
{
    struct cs_address a = {.family = 4,
                           .port = (uint16_t)(server ? SERVER_PORT : CLIENT_PORT + number)};
    const uint8_t ip[4] = {192, 0, 2, (uint8_t)(server ? 1 + number : 101 + number)};
    memcpy(a.ip, ip, sizeof ip);
    return a;
}

static struct cs_address group(void)
{
    return (struct cs_address){.ip = {224, 0, 1, 187}, .port = SERVER_PORT, .family = 4};
}

static void skip_blanks(const char **at)
{
    while (**at == ' ' || **at == '\t')
        (*at)++;
}

/* "2>", "s2<", "p2<", "<", ">*"; false when there is no arrow here. */
static bool read_arrow(const char **at, struct arrow *out)
{
    const char *p = *at;
    *out = (struct arrow){0};
    out->other_server = *p == 's';
    out->other_port = *p == 'p';
    p += out->other_server || out->other_port;
    if (*p >= '1' && *p <= '0' + CS_SPECIMEN_CLIENTS && (p[1] == '>' || p[1] == '<'))
        out->client = (unsigned)(*p++ - '1');
    if (*p != '>' && *p != '<')
        return false;
    out->to_server = *p++ == '>';
    out->multicast = *p == '*';
    p += out->multicast;
    if (out->other_server || out->other_port)
        out->client = 0;
    *at = p;
    return true;
}

static bool fail(const struct cs_specimen *s, struct cs_error *error, unsigned column,
                 const char *text)
{
    struct cs_text t;
    cs_text_init(&t, error->text, sizeof error->text);
    cs_text_add(&t, "%s", text);
    error->line = s->line;
    error->column = column;
    error->file[0] = '\0';
    return false;
}

static struct cs_slice default_token(struct cs_specimen *s, const struct arrow *arrow,
                                     const struct cs_line *line)
{
    unsigned c = arrow->client;
    bool request = arrow->to_server && cs_code_is_request(line->code);
    if (line->code == 0)
        return (struct cs_slice){NULL, 0};
    if (request) {
        s->token[c][0] = s->next_token++;
        s->token_length[c] = 1;
    }
    return (struct cs_slice){s->token[c], s->token_length[c]};
}

static uint16_t default_mid(struct cs_specimen *s, const struct arrow *arrow,
                            const struct cs_line *line)
{
    unsigned c = arrow->client;
    bool reply = line->has_type && (line->type == CS_ACK || line->type == CS_RST);
    if (reply)
        return arrow->to_server ? s->server_last[c] : s->client_last[c];
    return arrow->to_server ? s->client_mid[c]++ : s->server_mid++;
}

/* Remembers what later lines may leave open. */
static void remember(struct cs_specimen *s, const struct arrow *arrow, struct cs_slice octets)
{
    struct cs_message m;
    unsigned c = arrow->client;
    cs_message_decode(s->carrier, octets, 0, &m);
    if (!cs_message_header_is_whole(&m))
        return;
    if (m.type == CS_CON || m.type == CS_NON)
        *(arrow->to_server ? &s->client_last[c] : &s->server_last[c]) = m.mid;
    if (arrow->to_server && cs_code_is_request(m.code) && m.token.len <= sizeof s->token[c]) {
        if (m.token.len > 0)
            memcpy(s->token[c], m.token.at, m.token.len);
        s->token_length[c] = m.token.len;
    }
}

static bool encode(struct cs_specimen *s, const struct arrow *arrow, const char *text,
                   size_t *length, struct cs_error *error)
{
    static const char raw[] = "raw:";
    size_t bad = 0;
    const char *hex = strncmp(text, raw, sizeof raw - 1) == 0 ? text + sizeof raw - 1 : text;
    long octets = cs_hex_parse(hex, s->octets, sizeof s->octets, &bad);
    if (octets > 0 || (octets == 0 && hex != text)) {
        *length = (size_t)octets;
        return true;
    }
    struct cs_line *line = malloc(sizeof *line);
    if (line == NULL)
        return fail(s, error, 0, "no memory");
    bool ok = cs_line_parse(text, false, line, error);
    if (ok) {
        struct cs_slice token = default_token(s, arrow, line);
        *length = cs_line_encode(s->carrier, line, token, default_mid(s, arrow, line), s->octets,
                                 sizeof s->octets, error);
        ok = *length > 0;
    }
    error->line = s->line;
    free(line);
    return ok;
}

/* "dtls: …": false when it is none, or wrong: then with `error`. */
static bool encode_dtls(struct cs_specimen *s, const char *text, size_t *length,
                        struct cs_error *error)
{
    const char *why;
    size_t bad;
    text += strspn(text, " ");
    *length = cs_specimen_dtls(text, (unsigned)s->packet, s->octets, sizeof s->octets, &bad, &why);
    return *length > 0 || fail(s, error, (unsigned)bad + 1, why);
}

static bool read_delay(struct cs_specimen *s, const char **at, bool first)
{
    if (**at != '+') {
        s->time_ns += first ? 0 : step_ns;
        return false;
    }
    char *end;
    double seconds = strtod(*at + 1, &end);
    s->time_ns += (uint64_t)(int64_t)(seconds * 1e9 + (seconds < 0 ? -0.5 : 0.5));
    *at = end;
    skip_blanks(at);
    return true;
}

enum cs_specimen_step cs_specimen_next(struct cs_specimen *s, struct cs_datagram *out,
                                       struct cs_error *error)
{
    char line[LINE_MAX_OCTETS];
    while (*s->text == '\n' || *s->text == ' ')
        s->text++;
    if (*s->text == '\0')
        return CS_SPECIMEN_END;
    size_t length = strcspn(s->text, "\n");
    s->line++;
    if (length >= sizeof line)
        return fail(s, error, 1, "the line is too long"), CS_SPECIMEN_ERROR;
    memcpy(line, s->text, length);
    line[length] = '\0';
    s->text += length;

    const char *at = line;
    struct arrow arrow = {.to_server = true};
    read_delay(s, &at, s->packet == 0);
    if (strncmp(at, "end", 3) == 0)
        return CS_SPECIMEN_END;
    bool has_arrow = read_arrow(&at, &arrow);
    skip_blanks(&at);
    if (!has_arrow && !isxdigit((unsigned char)*at))
        return fail(s, error, (unsigned)(at - line) + 1, "an arrow is missing: > < >* 2> s2< p2<"),
               CS_SPECIMEN_ERROR;

    size_t octets;
    const bool records = strncmp(at, "dtls:", 5) == 0;
    const bool inside = s->dtls || strncmp(at, "in-dtls:", 8) == 0;
    const bool renewed = strncmp(at, "in-epoch-2:", 11) == 0;
    at += renewed ? 11 : strncmp(at, "in-dtls:", 8) == 0 ? 8 : 0;
    skip_blanks(&at);
    if (!(records ? encode_dtls(s, at + 5, &octets, error)
                  : encode(s, &arrow, at, &octets, error))) {
        error->column += (unsigned)(at - line);
        return CS_SPECIMEN_ERROR;
    }
    struct cs_address client = address(false, arrow.client);
    struct cs_address server =
        arrow.multicast ? group() : address(true, arrow.other_server ? 1 : 0);
    server.port = (uint16_t)(server.port + arrow.other_port);
    *out = (struct cs_datagram){.time_ns = s->time_ns,
                                .packet = ++s->packet,
                                .src = arrow.to_server ? client : server,
                                .dst = arrow.to_server ? server : client,
                                .octets = {s->octets, octets},
                                .carrier = (uint8_t)s->carrier,
                                .protection = (inside || renewed) && !records ? CS_DTLS : CS_CLEAR,
                                .association = renewed,
                                .renewed = renewed,
                                .fragmented = s->fragmented};
    if (!records)
        remember(s, &arrow, out->octets);
    if (s->snap != 0 && octets > s->snap) {
        out->missing = (uint32_t)(octets - s->snap);
        out->octets.len = s->snap;
    }
    return records ? CS_SPECIMEN_RECORDS : CS_SPECIMEN_DATAGRAM;
}

struct cs_analysis *cs_specimen_play(const char *text, const struct cs_settings *settings,
                                     struct cs_error *error)
{
    struct cs_specimen *s = malloc(sizeof *s);
    if (s == NULL)
        return NULL;
    cs_specimen_init(s, text);
    struct cs_settings with = *settings;
    with.whole = s->whole;
    if (s->declared) {
        with.parameters = cs_parameters_default;
        with.parameters.assumed = false;
    }
    struct cs_analysis *analysis = cs_analysis_new(&with);
    struct cs_datagram datagram;
    enum cs_specimen_step step = CS_SPECIMEN_ERROR;
    if (analysis != NULL && s->lossy)
        cs_analysis_lossy(analysis);
    while (analysis != NULL && (step = cs_specimen_next(s, &datagram, error)) < CS_SPECIMEN_END) {
        if (step == CS_SPECIMEN_RECORDS)
            cs_analysis_records(analysis, &datagram);
        else
            cs_analysis_datagram(analysis, &datagram);
    }
    if (analysis != NULL && step == CS_SPECIMEN_END) {
        cs_analysis_time(analysis, s->time_ns);
        cs_analysis_end(analysis);
    } else {
        cs_analysis_free(analysis);
        analysis = NULL;
    }
    free(s);
    return analysis;
}
