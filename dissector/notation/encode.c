/* From a line to octets.
 *
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   |Ver| T |  TKL  |      Code     |          Message ID           |
 *   | token length, RFC 8974 (0, 1 or 2 octets) | token | options | 0xff payload |
 *
 * RFC 7252 section 3. */
#include "notation/parts.h"

#include <stdio.h>
#include <string.h>

/* Octets that are built up; `full` once there was no room. */
struct out {
    uint8_t *at;
    size_t cap, len;
    bool full;
};

static void put(struct out *out, size_t octet)
{
    if (out->len < out->cap)
        out->at[out->len++] = (uint8_t)octet;
    else
        out->full = true;
}

static void put_slice(struct out *out, struct cs_slice octets)
{
    if (octets.len > out->cap - out->len) {
        out->full = true;
        return;
    }
    if (octets.len > 0)
        memcpy(out->at + out->len, octets.at, octets.len);
    out->len += octets.len;
}

/* The nibble for a delta, an option length or a token length, and what follows it. */
static unsigned nibble(size_t value)
{
    return value < 13 ? (unsigned)value : value < 269 ? 13 : 14;
}

static void put_extended(struct out *out, size_t value)
{
    if (value >= 269) {
        put(out, (value - 269) >> 8);
        put(out, (value - 269) & 0xff);
    } else if (value >= 13) {
        put(out, value - 13);
    }
}

static void put_options(struct out *out, const struct cs_line *line)
{
    uint8_t order[CS_LINE_OPTIONS_MAX];
    for (size_t i = 0; i < line->option_count; i++) { /* insertion keeps equal numbers in order */
        size_t j = i;
        for (; j > 0 && line->options[order[j - 1]].number > line->options[i].number; j--)
            order[j] = order[j - 1];
        order[j] = (uint8_t)i;
    }

    uint32_t last = 0;
    for (size_t i = 0; i < line->option_count; i++) {
        const struct cs_line_option *option = &line->options[order[i]];
        size_t delta = option->number - last;
        put(out, (size_t)nibble(delta) << 4 | nibble(option->value.len));
        put_extended(out, delta);
        put_extended(out, option->value.len);
        put_slice(out, option->value);
        last = option->number;
    }
}

static size_t refuse(struct cs_error *error, unsigned column, const char *text)
{
    snprintf(error->text, sizeof error->text, "%s", text);
    error->column = column;
    return 0;
}

/* The first pattern in the line: its column, or 0. */
static unsigned pattern_column(const struct cs_line *line)
{
    if (line->type_pattern != CS_IS)
        return line->type_column;
    if (line->code_pattern != CS_IS)
        return line->code_column;
    if (line->token_pattern != CS_IS)
        return line->token_column;
    if (line->mid_pattern != CS_IS)
        return line->mid_column;
    if (line->payload_pattern != CS_IS)
        return line->payload_column;
    for (size_t i = 0; i < line->option_count; i++)
        if (line->options[i].pattern != CS_IS)
            return line->options[i].column;
    return line->notification_column;
}

static bool says_more_than_empty(const struct cs_line *line)
{
    return line->has_token || line->option_count > 0 || line->payload.len > 0 || line->marker;
}

/* ------------------------------------------------------------------ headers */

static unsigned token_nibble(const struct cs_line *line, struct cs_slice token)
{
    return line->has_token_length ? line->token_length : nibble(token.len);
}

static void put_udp_header(struct out *out, const struct cs_line *line, struct cs_slice token,
                           uint16_t mid)
{
    const unsigned version = line->has_version ? line->version : 1;
    const unsigned type = line->has_type ? line->type : CS_CON;
    put(out, version << 6 | type << 4 | token_nibble(line, token));
    put(out, line->code);
    put(out, (size_t)mid >> 8);
    put(out, mid & 0xffu);
}

/* RFC 8323 section 3.2: | Len | TKL | extended length (0, 1, 2 or 4 octets) | Code |, and
 * section 4.2, without a length. `length` octets follow the token. */
static void put_reliable_header(struct out *out, enum cs_carrier carrier,
                                const struct cs_line *line, struct cs_slice token, size_t length)
{
    if (carrier == CS_WS)
        length = 0;
    put(out, (length < 65805 ? nibble(length) : 15u) << 4 | token_nibble(line, token));
    if (length < 65805)
        put_extended(out, length);
    else
        for (unsigned shift = 32; shift > 0; shift -= 8)
            put(out, (length - 65805) >> (shift - 8) & 0xff);
    put(out, line->code);
}

static void put_body(struct out *out, const struct cs_line *line)
{
    put_options(out, line);
    if (line->payload.len > 0 || line->marker)
        put(out, 0xff);
    put_slice(out, line->payload);
}

/* Written a first time only to be counted. */
static size_t body_length(const struct cs_line *line)
{
    uint8_t scratch[CS_LINE_TEXT_MAX * 2];
    struct out counted = {.at = scratch, .cap = sizeof scratch};
    put_body(&counted, line);
    return counted.len;
}

static void put_message(struct out *out, enum cs_carrier carrier, const struct cs_line *line,
                        struct cs_slice token, uint16_t mid)
{
    if (carrier == CS_UDP)
        put_udp_header(out, line, token, mid);
    else
        put_reliable_header(out, carrier, line, token, body_length(line));
    if (!line->has_token_length)
        put_extended(out, token.len);
    put_slice(out, token);
    put_body(out, line);
    put_slice(out, line->trail);
}

/* What the framing of the carrier has no place for: its column, or 0. */
static unsigned untyped_column(const struct cs_line *line)
{
    if (line->has_type)
        return line->type_column;
    if (line->has_mid)
        return line->mid_column;
    return line->has_version ? line->version_column : 0;
}

size_t cs_line_encode(enum cs_carrier carrier, const struct cs_line *line, struct cs_slice token,
                      uint16_t mid, uint8_t *out, size_t cap, struct cs_error *error)
{
    struct out buffer = {.at = out, .cap = cap};
    unsigned column = pattern_column(line);

    if (column != 0)
        return refuse(error, column, "a pattern can be expected, not sent");
    column = carrier != CS_UDP ? untyped_column(line) : 0;
    if (column != 0)
        return refuse(error, column,
                      "over TCP and WebSocket a message has no type, Message ID or version");
    if (line->raw) {
        put_slice(&buffer, line->payload);
    } else {
        if (!line->has_code && says_more_than_empty(line))
            return refuse(error, 1, "neither method nor code: GET, 2.05, EMPTY");
        bool empty = line->code == CS_CODE(0, 0);
        if (line->has_token)
            token = line->token;
        else if (empty)
            token = (struct cs_slice){NULL, 0};
        if (token.len > 65804)
            return refuse(error, line->token_column, "this token is too long for RFC 8974");
        put_message(&buffer, carrier, line, token, line->has_mid ? line->mid : mid);
    }
    return buffer.full ? refuse(error, 1, "the message does not fit into the buffer") : buffer.len;
}
