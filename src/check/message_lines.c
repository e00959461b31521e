/* src/check/message_lines.c: JSON by hand. A line is put together in a buffer that is large enough for any: what is of the
 * device's choosing (token, options, payload) is cut at a limit that is said in the line. */
#include "src/check/message_lines.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/text.h"

enum { BUFFER = 1 << 18, VALUE_MAX = 1100, OPTIONS_SHOWN = 24 };

struct message_lines {
    FILE *out;
    uint64_t second; /* whose text is in `clock` */
    char clock[32];
    size_t clock_length;
    size_t used;
    char at[BUFFER];
};

/* ------------------------------------------------------------------ pieces of text */

static void add(struct message_lines *l, const char *text, size_t length)
{
    memcpy(l->at + l->used, text, length);
    l->used += length;
}
#define ADD(l, literal) add((l), literal, sizeof literal - 1)

static void add_text(struct message_lines *l, const char *text) { add(l, text, strlen(text)); }

static void add_number(struct message_lines *l, uint64_t value)
{
    char digits[24];
    size_t n = sizeof digits;
    do
        digits[--n] = (char)('0' + value % 10);
    while ((value /= 10) != 0);
    add(l, digits + n, sizeof digits - n);
}

/* `width` digits, with zeros before. */
static void add_padded(struct message_lines *l, uint64_t value, size_t width)
{
    for (size_t i = width; i > 0; i--, value /= 10)
        l->at[l->used + i - 1] = (char)('0' + value % 10);
    l->used += width;
}

static const char hex_digits[] = "0123456789abcdef";

static void add_hex(struct message_lines *l, struct cs_slice octets)
{
    for (size_t i = 0; i < octets.len; i++) {
        l->at[l->used++] = hex_digits[octets.at[i] >> 4];
        l->at[l->used++] = hex_digits[octets.at[i] & 15];
    }
}

/* Text in quotes; must be UTF-8. */
static void add_quoted(struct message_lines *l, struct cs_slice text)
{
    ADD(l, "\"");
    for (size_t i = 0; i < text.len; i++) {
        uint8_t c = text.at[i];
        if (c >= 0x20 && c != '"' && c != '\\' && c != 0x7f)
            l->at[l->used++] = (char)c;
        else if (c == '"' || c == '\\') {
            l->at[l->used++] = '\\';
            l->at[l->used++] = (char)c;
        } else {
            ADD(l, "\\u00");
            l->at[l->used++] = hex_digits[c >> 4];
            l->at[l->used++] = hex_digits[c & 15];
        }
    }
    ADD(l, "\"");
}

static void add_address(struct message_lines *l, const char *key, const struct cs_address *a)
{
    char text[64];
    add_text(l, key);
    if (a->family != 4) {
        add_text(l, cs_address_format(a, text, sizeof text));
        ADD(l, "\"");
        return;
    }
    for (size_t i = 0; i < 4; i++) {
        add_number(l, a->ip[i]);
        l->at[l->used++] = i < 3 ? '.' : ':';
    }
    add_number(l, a->port);
    ADD(l, "\"");
}

/* Days and hours are computed once a second of the stream, not once a message. */
static void add_time(struct message_lines *l, uint64_t time_ns)
{
    uint64_t second = time_ns / UINT64_C(1000000000);
    if (second != l->second || l->clock_length == 0) {
        time_t seconds = (time_t)second;
        struct tm tm;
        l->second = second;
        l->clock_length = gmtime_r(&seconds, &tm) != NULL
                              ? strftime(l->clock, sizeof l->clock, "%Y-%m-%dT%H:%M:%S.", &tm)
                              : 0;
    }
    add(l, l->clock, l->clock_length);
    add_padded(l, time_ns % UINT64_C(1000000000), 9);
}

/* ------------------------------------------------------------------ parts of a message */

static void add_option(struct message_lines *l, const struct cs_option *o,
                       const struct cs_option_def *def)
{
    bool cut = o->value.len > VALUE_MAX;
    struct cs_slice value = {o->value.at, cut ? VALUE_MAX : o->value.len};
    ADD(l, "{\"number\":");
    add_number(l, o->number);
    if (def != NULL) {
        ADD(l, ",\"name\":\"");
        add_text(l, def->name);
        ADD(l, "\"");
    }
    size_t bad = 0;
    if (def != NULL && def->format == CS_FORMAT_UINT && value.len <= 6) { /* below 2^53 */
        ADD(l, ",\"value\":");
        add_number(l, cs_option_uint(o));
    } else if (def != NULL && def->format == CS_FORMAT_STRING && cs_utf8_valid(value, &bad)) {
        ADD(l, ",\"value\":");
        add_quoted(l, value);
    } else {
        ADD(l, ",\"hex\":\"");
        add_hex(l, value);
        ADD(l, "\"");
    }
    if (cut) {
        ADD(l, ",\"length\":");
        add_number(l, o->value.len);
    }
    ADD(l, "}");
}

static void add_options(struct message_lines *l, const struct cs_message *m)
{
    struct cs_option_walk walk;
    struct cs_option option;
    size_t n = 0;
    ADD(l, ",\"options\":[");
    cs_option_walk_init(&walk, m);
    for (; cs_option_next(&walk, &option); n++) {
        if (n >= OPTIONS_SHOWN)
            continue;
        if (n > 0)
            ADD(l, ",");
        add_option(l, &option, cs_option_def_in(m, option.number));
    }
    ADD(l, "]");
    if (n > OPTIONS_SHOWN) {
        ADD(l, ",\"option_count\":");
        add_number(l, n);
    }
}

static void add_header(struct message_lines *l, const struct cs_message *m)
{
    static const char *const types[] = {"CON", "NON", "ACK", "RST"};
    if (cs_message_is_typed(m)) {
        ADD(l, ",\"message_type\":\"");
        add_text(l, types[m->type & 3]);
        ADD(l, "\"");
    } else {
        ADD(l, ",\"carrier\":\"");
        add_text(l, cs_carrier_text(m->carrier));
        ADD(l, "\"");
    }
    ADD(l, ",\"code\":\"");
    l->at[l->used++] = (char)('0' + CS_CODE_CLASS(m->code));
    ADD(l, ".");
    add_padded(l, CS_CODE_DETAIL(m->code), 2);
    ADD(l, "\"");
    if (cs_message_is_typed(m)) {
        ADD(l, ",\"mid\":");
        add_number(l, m->mid);
    }
    ADD(l, ",\"token\":\"");
    add_hex(l, (struct cs_slice){m->token.at, m->token.len < VALUE_MAX ? m->token.len : VALUE_MAX});
    ADD(l, "\"");
}

void message_lines_add(struct message_lines *l, const struct cs_view *view)
{
    const struct cs_datagram *d = &view->event->datagram;
    const struct cs_message *m = view->message;
    /* the longest line: OPTIONS_SHOWN values and a token, at most six characters an octet, and the fixed parts */
    if (BUFFER - l->used < (OPTIONS_SHOWN + 1) * (VALUE_MAX * 6 + 128) + 1024)
        message_lines_flush(l);
    ADD(l, "{\"type\":\"message\",\"packet\":");
    add_number(l, d->packet);
    ADD(l, ",\"time\":\"");
    add_time(l, d->time_ns);
    ADD(l, "Z\"");
    add_address(l, ",\"src\":\"", &d->src);
    add_address(l, ",\"dst\":\"", &d->dst);
    ADD(l, ",\"length\":");
    add_number(l, m->octets.len + d->missing);
    if (cs_message_header_is_whole(m))
        add_header(l, m);
    if (m->options.len > 0)
        add_options(l, m);
    if (m->payload.len > 0) {
        ADD(l, ",\"payload_length\":");
        add_number(l, m->payload.len);
    }
    if (m->fault != CS_FAULT_NONE) {
        ADD(l, ",\"fault\":\"");
        add_text(l, cs_fault_id((enum cs_fault)m->fault));
        ADD(l, "\",\"fault_at\":");
        add_number(l, m->fault_at);
    }
    if ((view->traits & CS_T_REPEAT) != 0)
        ADD(l, ",\"repeat\":true");
    if (view->request != NULL && (view->traits & CS_T_ANSWER) != 0) {
        ADD(l, ",\"request_packet\":");
        add_number(l, view->request->packet);
    }
    ADD(l, "}\n");
}

/* ------------------------------------------------------------------ */

struct message_lines *message_lines_new(FILE *out)
{
    struct message_lines *l = malloc(sizeof *l);
    if (l == NULL)
        return NULL;
    l->out = out;
    l->second = 0;
    l->clock_length = 0;
    l->used = 0;
    return l;
}

void message_lines_flush(struct message_lines *l)
{
    if (l != NULL && l->used > 0)
        fwrite(l->at, 1, l->used, l->out);
    if (l != NULL)
        l->used = 0;
}

void message_lines_free(struct message_lines *l)
{
    message_lines_flush(l);
    free(l);
}
