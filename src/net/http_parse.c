/* Reading HTTP/1.1: the start line, the fields, the body by its length, in chunks, or up to the end (RFC 9112). */
#include <string.h>
#include <strings.h>

#include "src/net/http.h"

/* What is left to read. */
struct reader {
    struct cs_slice rest;
    bool ended;
    struct net_http_message *out;
};

static enum net_http_state bad(struct reader *r, const char *why)
{
    r->out->why = why;
    return NET_HTTP_BAD;
}

static struct cs_slice part(struct cs_slice of, size_t from, size_t length)
{
    return (struct cs_slice){of.at + from, length};
}

static bool take(struct reader *r, size_t length, struct cs_slice *out)
{
    if (r->rest.len < length)
        return false;
    *out = part(r->rest, 0, length);
    r->rest = part(r->rest, length, r->rest.len - length);
    return true;
}

/* A line without its end. False: it is not there yet. */
static bool take_line(struct reader *r, struct cs_slice *line)
{
    const uint8_t *end = r->rest.len > 0 ? memchr(r->rest.at, '\n', r->rest.len) : NULL;
    if (end == NULL || !take(r, (size_t)(end - r->rest.at) + 1, line))
        return false;
    line->len--;
    if (line->len > 0 && line->at[line->len - 1] == '\r')
        line->len--;
    return true;
}

/* The line up to a mark, which goes too. */
static bool split(struct cs_slice *line, char mark, struct cs_slice *out)
{
    const uint8_t *at = line->len > 0 ? memchr(line->at, mark, line->len) : NULL;
    if (at == NULL)
        return false;
    const size_t n = (size_t)(at - line->at);
    *out = part(*line, 0, n);
    *line = part(*line, n + 1, line->len - n - 1);
    return true;
}

static struct cs_slice trim(struct cs_slice text)
{
    while (text.len > 0 && (text.at[0] == ' ' || text.at[0] == '\t'))
        text = part(text, 1, text.len - 1);
    while (text.len > 0 && (text.at[text.len - 1] == ' ' || text.at[text.len - 1] == '\t'))
        text.len--;
    return text;
}

static bool is(struct cs_slice text, const char *word)
{
    return text.len == strlen(word) && strncasecmp((const char *)text.at, word, text.len) == 0;
}

static bool is_version(struct cs_slice text)
{
    return text.len == 8 && memcmp(text.at, "HTTP/1.", 7) == 0;
}

static bool digits(struct cs_slice text, unsigned base, size_t *out)
{
    size_t value = 0;
    if (text.len == 0 || text.len > 7)
        return false;
    for (size_t i = 0; i < text.len; i++) {
        const uint8_t c = text.at[i] | 0x20;
        const unsigned digit = text.at[i] >= '0' && text.at[i] <= '9' ? text.at[i] - (unsigned)'0'
                               : c >= 'a' && c <= 'f'                 ? c - (unsigned)'a' + 10
                                                                      : 99;
        if (digit >= base)
            return false;
        value = value * base + digit;
    }
    *out = value;
    return true;
}

static bool read_start(struct cs_slice line, enum net_http_kind kind, struct net_http_message *out)
{
    struct cs_slice word;
    if (kind == NET_HTTP_REQUEST)
        return split(&line, ' ', &out->method) && split(&line, ' ', &out->target) &&
               out->method.len > 0 && out->target.len > 0 && is_version(line);
    size_t status = 0;
    if (!split(&line, ' ', &word) || !is_version(word) || line.len < 3 ||
        !digits(part(line, 0, 3), 10, &status) || (line.len > 3 && line.at[3] != ' '))
        return false;
    out->status = (unsigned)status;
    return status >= 100;
}

static enum net_http_state read_fields(struct reader *r)
{
    struct net_http_message *out = r->out;
    struct cs_slice line;
    while (take_line(r, &line)) {
        struct net_http_field field;
        if (line.len == 0)
            return NET_HTTP_WHOLE;
        if (out->field_count == NET_HTTP_FIELDS_MAX)
            return bad(r, "more fields than are taken");
        if (!split(&line, ':', &field.name) || field.name.len == 0)
            return bad(r, "a field without a colon");
        field.value = trim(line);
        out->fields[out->field_count++] = field;
    }
    return NET_HTTP_MORE;
}

/* ------------------------------------------------------------------ the body */

static bool keep(struct reader *r, uint8_t *body, struct cs_slice octets)
{
    if (octets.len > NET_HTTP_BODY_MAX - r->out->body.len)
        return false;
    if (octets.len > 0)
        memcpy(body + r->out->body.len, octets.at, octets.len);
    r->out->body = (struct cs_slice){body, r->out->body.len + octets.len};
    return true;
}

static enum net_http_state read_chunks(struct reader *r, uint8_t *body)
{
    struct cs_slice line, octets;
    for (;;) {
        size_t size = 0;
        if (!take_line(r, &line))
            return NET_HTTP_MORE;
        if (!split(&line, ';', &octets))
            octets = line;
        if (!digits(trim(octets), 16, &size))
            return bad(r, "a chunk without a size");
        if (size == 0)
            break;
        if (size > NET_HTTP_BODY_MAX)
            return bad(r, "a body longer than is taken");
        if (!take(r, size, &octets))
            return NET_HTTP_MORE;
        if (!keep(r, body, octets))
            return bad(r, "a body longer than is taken");
        if (!take_line(r, &line))
            return NET_HTTP_MORE;
        if (line.len > 0)
            return bad(r, "a chunk longer than its size");
    }
    do { /* trailers */
        if (!take_line(r, &line))
            return NET_HTTP_MORE;
    } while (line.len > 0);
    return NET_HTTP_WHOLE;
}

static enum net_http_state read_body(struct reader *r, enum net_http_kind kind, uint8_t *body)
{
    struct cs_slice value, octets;
    size_t length = 0;
    const unsigned status = r->out->status;
    const bool to_the_end = kind == NET_HTTP_RESPONSE_TO_HEAD || status == 204 || status == 304;
    if (!to_the_end && net_http_field(r->out, "transfer-encoding", &value))
        return is(value, "chunked") ? read_chunks(r, body) : bad(r, "a coding that is not known");
    if (!to_the_end && net_http_field(r->out, "content-length", &value)) {
        if (!digits(value, 10, &length) || length > NET_HTTP_BODY_MAX)
            return bad(r, "a Content-Length that is none, or too long");
        if (!take(r, length, &octets))
            return NET_HTTP_MORE;
        return keep(r, body, octets) ? NET_HTTP_WHOLE : bad(r, "a body longer than is taken");
    }
    if (kind == NET_HTTP_REQUEST)
        return NET_HTTP_WHOLE;
    if (!keep(r, body, r->rest))
        return bad(r, "a body longer than is taken");
    return r->ended ? NET_HTTP_WHOLE : NET_HTTP_MORE;
}

enum net_http_state net_http_parse(enum net_http_kind kind, struct cs_slice octets, bool ended,
                                   uint8_t *body, struct net_http_message *out)
{
    struct reader r = {octets, ended, out};
    struct cs_slice line;
    enum net_http_state state = NET_HTTP_MORE;
    *out = (struct net_http_message){.body = {body, 0}};
    if (take_line(&r, &line)) {
        if (!read_start(line, kind, out))
            return bad(&r, "no HTTP/1.1 at all");
        state = read_fields(&r);
    }
    const size_t head = octets.len - r.rest.len;
    if (state == NET_HTTP_BAD)
        return state;
    if (head > NET_HTTP_HEAD_MAX || (state == NET_HTTP_MORE && octets.len > NET_HTTP_HEAD_MAX))
        return bad(&r, "a head longer than is taken");
    if (state == NET_HTTP_WHOLE)
        state = read_body(&r, kind, body);
    return state == NET_HTTP_MORE && ended ? bad(&r, "it ends in the middle") : state;
}

bool net_http_field(const struct net_http_message *message, const char *name,
                    struct cs_slice *value)
{
    for (size_t i = 0; i < message->field_count; i++)
        if (is(message->fields[i].name, name)) {
            *value = message->fields[i].value;
            return true;
        }
    return false;
}
