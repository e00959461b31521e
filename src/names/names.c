/* `$names` in scenarios. */
#include "src/names/names.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"

static const struct names_resource resources[] = {
    {"test", "answers GET with 2.05 and at most 1024 octets", "/test"},
    {"writable", "may be written and deleted: PUT, POST, DELETE and GET succeed", "/test"},
    {"readonly", "answers GET with 2.05 and PUT, POST, DELETE with 4.05", "/read-only"},
    {"separate", "answers GET with an empty ACK first and the response later", "/separate"},
    {"slow", "answers GET after more than ACK_TIMEOUT", "/slow"},
    {"observable", "can be observed, and changes by itself", "/obs"},
    {"large", "answers GET with more than 1024 octets", "/large"},
    {"large_update", "can be updated with more than 1024 octets", "/large-update"},
    {"large_create", "creates a resource from more than 1024 octets", "/large-create"},
    {"create", "a POST creates a resource: 2.01 with Location-Path", "/create"},
    {"location_query", "a POST answers 2.01 with Location-Query", "/location-query"},
    {"query", "takes queries: /query?first=1&second=2", "/query"},
    {"segments", "has a path of several segments", "/seg1/seg2/seg3"},
    {"multi_format", "offers text/plain (0) and application/xml (41)", "/multi-format"},
    {"validate", "answers GET with an ETag, and 2.03 to the same ETag", "/validate"},
    {"counter", "GET shows a number that each POST increases by one", "/counter"},
    {"put_create", "a PUT creates it, a DELETE removes it", "/create1"},
    {"post_delete", "a PUT creates it, a POST removes it", "/post-delete"},
    {"unavailable", "answers GET with 5.03", "/unavailable"},
    {"missing", "does not exist", "/coapspec-is-not-here"},
};

static const struct names_ability abilities[] = {
    {"observe", "resources can be observed (RFC 7641)"},
    {"block", "block-wise transfers (RFC 7959)"},
    {"etag", "responses carry an ETag (RFC 7252, 5.10.6)"},
    {"if_match", "If-Match is honoured (RFC 7252, 5.10.8.1)"},
    {"if_none_match", "If-None-Match is honoured (RFC 7252, 5.10.8.2)"},
    {"accept", "Accept is honoured (RFC 7252, 5.10.4)"},
    {"format_checked", "what comes in an unknown Content-Format is refused (RFC 7252, 5.10.3)"},
    {"discovery", "/.well-known/core is there (RFC 6690)"},
    {"extended_tokens", "tokens longer than 8 octets (RFC 8974)"},
    {"proxy", "it is a forward-proxy (RFC 7252, 5.7)"},
    {"cache", "a proxy that keeps responses and uses them again (RFC 7252, 5.6)"},
    {"proxy_to_http", "a proxy that reaches http URIs (RFC 7252, 10.1)"},
    {"proxy_to_coaps", "a proxy that reaches coaps URIs, with us as their server (RFC 7252, 6.2)"},
    {"proxy_from_http", "a proxy that takes HTTP requests for coap URIs (RFC 7252, 10.2)"},
    {"multicast", "it listens to All CoAP Nodes (RFC 7252, 8)"},
    {"icmp", "ICMP errors can be forged: IPv4, this machine, root (known by itself)"},
    {"restart", "we start it, and can start it anew (--exec; known by itself)"},
    {"default_port", "it is reached at port 5683 (known by itself)"},
    {"coaps", "it is spoken to over DTLS (known by itself)"},
    {"coap_and_coaps", "it is reached both in the clear and over DTLS (--also; known by itself)"},
    {"psk", "we share a key with it (--psk-key; known by itself)"},
    {"certificate", "we have a certificate that it trusts (--cert; known by itself)"},
    {"issuer", "we can issue certificates that it trusts (--ca-key; known by itself)"},
    {"clock", "it knows the date"},
    {"renegotiation", "it lets its clients renegotiate DTLS (RFC 7252, 9.1.1)"},
    {"raw_public_key", "it has raw public keys in DTLS (RFC 7252, 9.1.3.2)"},
    {"literal", "the published text of a test, not the RFC, decides (--literal)"},
    {"writes", "state may be changed: resources created, written, deleted"},
};

/* RFC 7252 sections 4.8 and 4.8.2; the last ones are ours. */
static const struct names_parameter parameters[] = {
    {"ack_timeout", "ACK_TIMEOUT", 2, true},
    {"ack_random_factor", "ACK_RANDOM_FACTOR", 1.5, false},
    {"max_retransmit", "MAX_RETRANSMIT", 4, false},
    {"nstart", "NSTART", 1, false},
    {"max_transmit_span", "MAX_TRANSMIT_SPAN", 45, true},
    {"max_transmit_wait", "MAX_TRANSMIT_WAIT", 93, true},
    {"exchange_lifetime", "EXCHANGE_LIFETIME", 247, true},
    {"non_lifetime", "NON_LIFETIME", 145, true},
    {"max_latency", "MAX_LATENCY", 100, true},
    {"processing_delay", "PROCESSING_DELAY", 2, true},
    {"leisure", "DEFAULT_LEISURE: how long an answer to a multicast may be put off", 5, true},
    {"probing_rate", "PROBING_RATE, octets per second", 1, false},
    {"http_port", "the TCP port where a proxy takes HTTP requests; 0: that of CoAP", 0, false},
    {"patience", "how long an expected message is waited for", 5, true},
    {"await", "how long a request of a device that is client is waited for", 20, true},
    {"notify_interval", "how long $observable may take to change by itself", 5, true},
    {"quiet", "how long silence is listened to where no protocol time applies", 1, true},
    {"tolerance", "by how much measured times may differ from those that are due", 0.5, true},
};

const struct names_resource *names_resources(size_t *count)
{
    *count = sizeof resources / sizeof resources[0];
    return resources;
}

const struct names_ability *names_abilities(size_t *count)
{
    *count = sizeof abilities / sizeof abilities[0];
    return abilities;
}

const struct names_parameter *names_parameters(size_t *count)
{
    *count = sizeof parameters / sizeof parameters[0];
    return parameters;
}

static bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
static bool is_digit(char c) { return c >= '0' && c <= '9'; }

size_t names_length(const char *text)
{
    size_t n = 0;
    if (is_letter(text[0]))
        while (is_letter(text[n]) || is_digit(text[n]) || text[n] == '_')
            n++;
    return n;
}

/* Columns count characters, not octets. */
static unsigned column_of(const char *text, const char *at)
{
    unsigned column = 1;
    for (; text < at; text++)
        column += ((uint8_t)*text & 0xc0) != 0x80;
    return column;
}

static bool unknown(const char *name, const char *source, const char *at,
                    const struct names_scope *scope, struct cs_error *error)
{
    enum { WORDS_MAX = 192 };
    const char *words[WORDS_MAX];
    const size_t own =
        sizeof resources / sizeof resources[0] + sizeof parameters / sizeof parameters[0];
    size_t n = scope->others != NULL ? scope->others(scope->user, words, WORDS_MAX - own) : 0;
    for (size_t i = 0; i < sizeof resources / sizeof resources[0]; i++)
        words[n++] = resources[i].name;
    for (size_t i = 0; i < sizeof parameters / sizeof parameters[0]; i++)
        words[n++] = parameters[i].name;
    const char *near = cs_nearest(name, words, n);
    error->column = column_of(source, at);
    if (near != NULL)
        snprintf(error->text, sizeof error->text, "nothing is called $%s: did you mean $%s?", name,
                 near);
    else
        snprintf(error->text, sizeof error->text, "nothing is called $%s", name);
    return false;
}

/* Reads the name behind a dollar sign at `at`; its end. NULL with `error`. */
static const char *read_name(const char *source, const char *at, const struct names_scope *scope,
                             const char **value, struct cs_error *error)
{
    char name[64];
    size_t length = names_length(at + 1);
    if (length == 0 || length >= sizeof name) {
        error->column = column_of(source, at);
        snprintf(error->text, sizeof error->text, "a name must follow $ ($$ is a dollar sign)");
        return NULL;
    }
    snprintf(name, sizeof name, "%.*s", (int)length, at + 1);
    *value = scope->text(scope->user, name);
    if (*value == NULL) {
        unknown(name, source, at, scope, error);
        return NULL;
    }
    return at + 1 + length;
}

/* Reads `${ … }` at `at`; its end. NULL with `error`. */
static const char *read_sum(const char *source, const char *at, const struct names_scope *scope,
                            char *buf, size_t cap, struct cs_error *error)
{
    char inner[256];
    struct names_value value;
    const char *end = strchr(at, '}');
    if (end == NULL || (size_t)(end - at - 2) >= sizeof inner) {
        error->column = column_of(source, at);
        snprintf(error->text, sizeof error->text, "the } of ${ is missing");
        return NULL;
    }
    snprintf(inner, sizeof inner, "%.*s", (int)(end - at - 2), at + 2);
    if (!names_evaluate(inner, scope, &value, error)) {
        error->column += column_of(source, at) + 1;
        return NULL;
    }
    snprintf(buf, cap, "%.12g", value.number);
    return end + 1;
}

bool names_expand(const char *source, const struct names_scope *scope, struct names_text *out,
                  struct cs_error *error)
{
    size_t length = 0;
    char sum[40];
    out->jump_count = 0;
    for (const char *at = source; *at != '\0';) {
        const char *piece = at, *next = at + 1;
        bool jump = *at == '$';
        if (jump && at[1] == '$') {
            next = at + 2;
        } else if (jump) {
            piece = sum;
            next = at[1] == '{' ? read_sum(source, at, scope, sum, sizeof sum, error)
                                : read_name(source, at, scope, &piece, error);
            if (next == NULL)
                return false;
        }
        size_t n = jump && piece != at ? strlen(piece) : 1;
        if (length + n + 1 >= sizeof out->text) {
            snprintf(error->text, sizeof error->text, "the line is too long");
            return false;
        }
        if (jump && out->jump_count < NAMES_JUMPS_MAX) {
            out->text[length] = '\0';
            unsigned column = column_of(out->text, out->text + length);
            out->jumps[out->jump_count].out = column;
            out->jumps[out->jump_count].out_end = column + column_of(piece, piece + n) - 1;
            out->jumps[out->jump_count].in = column_of(source, at);
            out->jumps[out->jump_count++].in_end = column_of(source, next);
        }
        memcpy(out->text + length, piece, n);
        length += n;
        at = next;
    }
    out->text[length] = '\0';
    return true;
}

unsigned names_column(const struct names_text *text, unsigned column)
{
    unsigned in = 1, out = 1; /* the end of the last jump, on both sides */
    for (size_t i = 0; i < text->jump_count && text->jumps[i].out <= column; i++) {
        if (column < text->jumps[i].out_end)
            return text->jumps[i].in;
        in = text->jumps[i].in_end;
        out = text->jumps[i].out_end;
    }
    return in + (column - out);
}

/* ------------------------------------------------------------------ arithmetic */

struct reader {
    const char *source, *at;
    const struct names_scope *scope;
    struct cs_error *error;
};

static bool fail(struct reader *r, const char *at, const char *text)
{
    r->error->column = column_of(r->source, at);
    snprintf(r->error->text, sizeof r->error->text, "%s", text);
    return false;
}

static void skip_blanks(struct reader *r)
{
    while (*r->at == ' ' || *r->at == '\t')
        r->at++;
}

/* "1.5", "200ms", "2s". */
static bool read_literal(struct reader *r, const char **at, struct names_value *out)
{
    static const struct {
        const char *unit;
        double seconds;
    } units[] = {{"ms", 0.001}, {"s", 1}, {"min", 60}, {"m", 60}, {"h", 3600}};
    const char *start = *at;
    char *end = NULL;
    if (!is_digit(*start) && *start != '.')
        return fail(r, r->at, "a number, a duration (200ms, 2s, 5m) or a $name is missing here");
    *out = (struct names_value){strtod(start, &end), false};
    if (end == start)
        return fail(r, r->at, "this is no number");
    *at = end;
    size_t length = names_length(end);
    if (length == 0)
        return true;
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
        if (strlen(units[i].unit) == length && strncmp(units[i].unit, end, length) == 0) {
            *out = (struct names_value){out->number * units[i].seconds, true};
            *at = end + length;
            return true;
        }
    return fail(r, r->at, "the units of time are ms, s, m and h");
}

static bool read_factor(struct reader *r, struct names_value *out)
{
    skip_blanks(r);
    if (*r->at != '$')
        return read_literal(r, &r->at, out);
    const char *value, *next = read_name(r->source, r->at, r->scope, &value, r->error);
    if (next == NULL)
        return false;
    const char *end = value;
    if (!read_literal(r, &end, out))
        return fail(r, r->at, "this name stands for no number");
    if (*end != '\0')
        return fail(r, r->at, "this name stands for no number");
    r->at = next;
    return true;
}

static bool read_term(struct reader *r, struct names_value *out)
{
    if (!read_factor(r, out))
        return false;
    for (;;) {
        skip_blanks(r);
        const char *op = r->at;
        if (*op != '*' && *op != '/')
            return true;
        r->at++;
        struct names_value factor;
        if (!read_factor(r, &factor))
            return false;
        if (*op == '*' && out->duration && factor.duration)
            return fail(r, op, "a duration times a duration is none");
        if (*op == '/' && factor.number == 0)
            return fail(r, op, "a division by zero");
        out->number = *op == '*' ? out->number * factor.number : out->number / factor.number;
        out->duration =
            *op == '*' ? out->duration || factor.duration : out->duration && !factor.duration;
    }
}

bool names_evaluate(const char *source, const struct names_scope *scope, struct names_value *out,
                    struct cs_error *error)
{
    struct reader r = {source, source, scope, error};
    if (!read_term(&r, out))
        return false;
    for (;;) {
        skip_blanks(&r);
        const char *op = r.at;
        if (*op == '\0')
            return true;
        if (*op != '+' && *op != '-')
            return fail(&r, op, "a unit (ms, s, m, h) or one of + - * / is missing here");
        r.at++;
        struct names_value term;
        if (!read_term(&r, &term))
            return false;
        out->number = *op == '+' ? out->number + term.number : out->number - term.number;
        out->duration = out->duration || term.duration;
    }
}

bool names_duration(const char *source, const struct names_scope *scope, uint64_t *out_ns,
                    struct cs_error *error)
{
    struct names_value value;
    if (!names_evaluate(source, scope, &value, error))
        return false;
    if (!(value.number >= 0 && value.number <= 86400)) {
        error->column = 1;
        snprintf(error->text, sizeof error->text, "a duration lies between 0 and 24h");
        return false;
    }
    *out_ns = (uint64_t)llround(value.number * 1e9);
    return true;
}

bool names_number(const char *source, const struct names_scope *scope, uint64_t min, uint64_t max,
                  uint64_t *out, struct cs_error *error)
{
    struct names_value value;
    if (!names_evaluate(source, scope, &value, error))
        return false;
    if (value.duration || !(value.number >= (double)min && value.number <= (double)max) ||
        value.number != floor(value.number)) {
        error->column = 1;
        snprintf(error->text, sizeof error->text, "a whole number from %llu to %llu is due here",
                 (unsigned long long)min, (unsigned long long)max);
        return false;
    }
    *out = (uint64_t)value.number;
    return true;
}
