#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void cs_text_init(struct cs_text *text, char *buf, size_t cap)
{
    *text = (struct cs_text){buf, cap, 0};
    if (cap > 0)
        buf[0] = '\0';
}

void cs_text_add(struct cs_text *text, const char *format, ...)
{
    const size_t room = text->len < text->cap ? text->cap - text->len : 0;
    va_list args;
    va_start(args, format);
    const int n = vsnprintf(room > 0 ? text->at + text->len : NULL, room, format, args);
    va_end(args);
    if (n > 0)
        text->len += (size_t)n;
}

void cs_text_put(struct cs_text *text, char c)
{
    if (text->len + 1 < text->cap) {
        text->at[text->len] = c;
        text->at[text->len + 1] = '\0';
    }
    text->len++;
}

bool cs_error_set(struct cs_error *error, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(error->text, sizeof error->text, format, args);
    va_end(args);
    return false;
}

static void put_string(struct cs_text *text, const char *s)
{
    while (*s != '\0')
        cs_text_put(text, *s++);
}

static void put_hex(struct cs_text *text, uint8_t octet)
{
    static const char digits[] = "0123456789abcdef";
    cs_text_put(text, digits[octet >> 4]);
    cs_text_put(text, digits[octet & 15]);
}

void cs_text_hex(struct cs_text *text, struct cs_slice octets)
{
    for (size_t i = 0; i < octets.len; i++)
        put_hex(text, octets.at[i]);
}

/* RFC 3629 section 4, row by row: how long the sequence is that this octet begins, and what its
 * second octet may be. The third and fourth are always 80 to bf. */
struct utf8_row {
    uint8_t first, last, length, low, high;
};
static const struct utf8_row utf8_rows[] = {
    {0x00, 0x7f, 1, 0, 0},       {0xc2, 0xdf, 2, 0x80, 0xbf}, {0xe0, 0xe0, 3, 0xa0, 0xbf},
    {0xe1, 0xec, 3, 0x80, 0xbf}, {0xed, 0xed, 3, 0x80, 0x9f}, {0xee, 0xef, 3, 0x80, 0xbf},
    {0xf0, 0xf0, 4, 0x90, 0xbf}, {0xf1, 0xf3, 4, 0x80, 0xbf}, {0xf4, 0xf4, 4, 0x80, 0x8f},
};

/* Length of the well-formed sequence at the start of `s`, 0 if there is none. */
static size_t utf8_length(struct cs_slice s)
{
    if (s.len == 0)
        return 0;
    for (size_t i = 0; i < sizeof utf8_rows / sizeof utf8_rows[0]; i++) {
        const struct utf8_row *row = &utf8_rows[i];
        if (s.at[0] < row->first || s.at[0] > row->last)
            continue;
        if (row->length > s.len)
            return 0;
        if (row->length > 1 && (s.at[1] < row->low || s.at[1] > row->high))
            return 0;
        for (size_t k = 2; k < row->length; k++)
            if ((s.at[k] & 0xc0) != 0x80)
                return 0;
        return row->length;
    }
    return 0;
}

bool cs_utf8_valid(struct cs_slice octets, size_t *bad)
{
    for (size_t at = 0; at < octets.len;) {
        const size_t n = utf8_length((struct cs_slice){octets.at + at, octets.len - at});
        if (n == 0) {
            if (bad != NULL)
                *bad = at;
            return false;
        }
        at += n;
    }
    return true;
}

/* C0, DEL and C1: a terminal would act on them. */
static bool is_control(const uint8_t *at, size_t length)
{
    return (length == 1 && (at[0] < 0x20 || at[0] == 0x7f)) ||
           (length == 2 && at[0] == 0xc2 && at[1] < 0xa0);
}

static void quote_octet(struct cs_text *text, uint8_t octet)
{
    if (octet == '\n')
        put_string(text, "\\n");
    else if (octet == '\r')
        put_string(text, "\\r");
    else if (octet == '\t')
        put_string(text, "\\t");
    else {
        put_string(text, "\\x");
        put_hex(text, octet);
    }
}

void cs_text_quote(struct cs_text *text, struct cs_slice octets)
{
    cs_text_put(text, '"');
    for (size_t at = 0; at < octets.len;) {
        const size_t n = utf8_length((struct cs_slice){octets.at + at, octets.len - at});
        const bool escaped = n == 0 || is_control(octets.at + at, n);
        const size_t step = n == 0 ? 1 : n;
        for (size_t k = 0; k < step; k++) {
            const uint8_t octet = octets.at[at + k];
            if (escaped) {
                quote_octet(text, octet);
                continue;
            }
            if (octet == '"' || octet == '\\')
                cs_text_put(text, '\\');
            cs_text_put(text, (char)octet);
        }
        at += step;
    }
    cs_text_put(text, '"');
}

int cs_hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

static bool is_separator(char c) { return c != '\0' && strchr(" \t\r\n,:", c) != NULL; }

long cs_hex_parse(const char *text, uint8_t *out, size_t cap, size_t *bad)
{
    size_t n = 0, i = 0;
    bool fresh = true; /* at the start or behind a separator: 0x may stand here */
    while (text[i] != '\0') {
        if (is_separator(text[i])) {
            fresh = true;
            i++;
            continue;
        }
        if (fresh && text[i] == '0' && (text[i + 1] == 'x' || text[i + 1] == 'X')) {
            i += 2;
            if (cs_hex_digit(text[i]) < 0)
                goto refused;
        }
        fresh = false;
        const int high = cs_hex_digit(text[i]);
        if (high < 0 || n == cap)
            goto refused;
        const int low = cs_hex_digit(text[i + 1]);
        if (low < 0) {
            i += text[i + 1] == '\0' || is_separator(text[i + 1]) ? 0 : 1;
            goto refused;
        }
        out[n++] = (uint8_t)(high << 4 | low);
        i += 2;
    }
    return (long)n;
refused:
    if (bad != NULL)
        *bad = i;
    return -1;
}
