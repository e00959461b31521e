/* Values of the notation: from text to octets in the store of the line. */
#include "notation/parts.h"

#include <string.h>

static char lower(char c) { return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c; }

bool cs_part_is(struct cs_part part, const char *word)
{
    for (; part.at < part.end && *word != '\0'; part.at++, word++)
        if (lower(*part.at) != lower(*word))
            return false;
    return part.at == part.end && *word == '\0';
}

bool cs_part_has(struct cs_part part, char c)
{
    return part.at < part.end && memchr(part.at, c, (size_t)(part.end - part.at)) != NULL;
}

bool cs_part_number(struct cs_part part, uint64_t *out)
{
    unsigned base = 10;
    if (part.end - part.at > 2 && part.at[0] == '0' && lower(part.at[1]) == 'x') {
        base = 16;
        part.at += 2;
    }
    if (part.at == part.end)
        return false;

    uint64_t value = 0;
    for (; part.at < part.end; part.at++) {
        int digit = cs_hex_digit(*part.at);
        if (digit < 0 || (unsigned)digit >= base || value > (UINT64_MAX - (unsigned)digit) / base)
            return false;
        value = value * base + (unsigned)digit;
    }
    *out = value;
    return true;
}

uint8_t *cs_store_open(const struct cs_notation_reader *r)
{
    return r->line->store + r->line->store_used;
}

bool cs_store_put(const struct cs_notation_reader *r, const char *at, uint8_t octet)
{
    if (r->line->store_used == sizeof r->line->store)
        return cs_notation_fail(r, at, "a line holds %d octets of values at most",
                                CS_LINE_TEXT_MAX);
    r->line->store[r->line->store_used++] = octet;
    return true;
}

struct cs_slice cs_store_close(const struct cs_notation_reader *r, const uint8_t *from)
{
    return (struct cs_slice){from, (size_t)(r->line->store + r->line->store_used - from)};
}

static bool skip_in_hex(struct cs_part *part)
{
    if (part->end - part->at >= 2 && part->at[0] == '0' && lower(part->at[1]) == 'x') {
        part->at += 2;
        return true;
    }
    if (memchr(" \t,:", *part->at, 4) != NULL) {
        part->at++;
        return true;
    }
    return false;
}

bool cs_read_hex(const struct cs_notation_reader *r, struct cs_part part, struct cs_slice *out)
{
    const uint8_t *from = cs_store_open(r);
    while (part.at < part.end) {
        if (skip_in_hex(&part))
            continue;
        int high = cs_hex_digit(part.at[0]);
        if (high < 0)
            return cs_notation_fail(r, part.at, "'%c' is no hex digit", part.at[0]);
        int low = part.end - part.at > 1 ? cs_hex_digit(part.at[1]) : -1;
        if (low < 0)
            return cs_notation_fail(r, part.at, "half an octet: hex digits come in pairs");
        if (!cs_store_put(r, part.at, (uint8_t)(high << 4 | low)))
            return false;
        part.at += 2;
    }
    *out = cs_store_close(r, from);
    return true;
}

/* One escape behind a backslash at `*at`; moves on behind it. */
static bool read_escape(const struct cs_notation_reader *r, const char **at, const char *end,
                        uint8_t *out)
{
    static const char names[] = "nrt0\"\\", octets[] = "\n\r\t\0\"\\";
    const char *p = *at + 1;

    const char *name = p < end ? memchr(names, *p, sizeof names - 1) : NULL;
    if (name != NULL) {
        *out = (uint8_t)octets[name - names];
        *at = p + 1;
        return true;
    }
    if (end - p >= 3 && *p == 'x' && cs_hex_digit(p[1]) >= 0 && cs_hex_digit(p[2]) >= 0) {
        *out = (uint8_t)(cs_hex_digit(p[1]) << 4 | cs_hex_digit(p[2]));
        *at = p + 3;
        return true;
    }
    return cs_notation_fail(r, *at,
                            "unknown escape: there are \\n \\r \\t \\0 \\\" \\\\ and \\xNN");
}

bool cs_read_quoted(const struct cs_notation_reader *r, struct cs_part part, struct cs_slice *out)
{
    const uint8_t *from = cs_store_open(r);
    const char *at = part.at + 1;
    while (at < part.end && *at != '"') {
        uint8_t octet = (uint8_t)*at;
        if (*at == '\\') {
            if (!read_escape(r, &at, part.end, &octet))
                return false;
        } else {
            at++;
        }
        if (!cs_store_put(r, at - 1, octet))
            return false;
    }
    if (at == part.end)
        return cs_notation_fail(r, part.at, "this quote is not closed");
    if (at + 1 != part.end)
        return cs_notation_fail(r, at + 1,
                                "text behind the closing quote: write \\\" for a quote inside");
    *out = cs_store_close(r, from);
    return true;
}

bool cs_read_bare(const struct cs_notation_reader *r, struct cs_part part, struct cs_slice *out)
{
    const uint8_t *from = cs_store_open(r);
    for (; part.at < part.end; part.at++)
        if (!cs_store_put(r, part.at, (uint8_t)*part.at))
            return false;
    *out = cs_store_close(r, from);
    return true;
}

/* An octet that stands for itself in a glob. */
static bool put_literal(const struct cs_notation_reader *r, const char *at, uint8_t octet,
                        bool glob)
{
    if (glob && (octet == '*' || octet == '\\') && !cs_store_put(r, at, '\\'))
        return false;
    return cs_store_put(r, at, octet);
}

bool cs_read_glob(const struct cs_notation_reader *r, struct cs_part part, struct cs_slice *out)
{
    const uint8_t *from = cs_store_open(r);
    for (; part.at < part.end; part.at++)
        if (*part.at == '*' ? !cs_store_put(r, part.at, '*')
                            : !put_literal(r, part.at, (uint8_t)*part.at, true))
            return false;
    *out = cs_store_close(r, from);
    return true;
}

bool cs_read_percent(const struct cs_notation_reader *r, struct cs_part part, bool glob,
                     struct cs_slice *out)
{
    const uint8_t *from = cs_store_open(r);
    for (; part.at < part.end; part.at++) {
        bool stored;
        if (*part.at == '%') {
            int high = part.end - part.at > 2 ? cs_hex_digit(part.at[1]) : -1;
            int low = high >= 0 ? cs_hex_digit(part.at[2]) : -1;
            if (low < 0)
                return cs_notation_fail(r, part.at,
                                        "two hex digits follow a %%: write %%25 for itself");
            stored = put_literal(r, part.at, (uint8_t)(high << 4 | low), glob);
            part.at += 2;
        } else if (glob && *part.at == '*') {
            stored = cs_store_put(r, part.at, '*');
        } else {
            stored = put_literal(r, part.at, (uint8_t)*part.at, glob);
        }
        if (!stored)
            return false;
    }
    *out = cs_store_close(r, from);
    return true;
}

bool cs_read_uint(const struct cs_notation_reader *r, const char *at, uint64_t value,
                  struct cs_slice *out)
{
    const uint8_t *from = cs_store_open(r);
    for (unsigned shift = 64; shift > 0; shift -= 8)
        if (value >> (shift - 8) != 0 && !cs_store_put(r, at, (uint8_t)(value >> (shift - 8))))
            return false;
    *out = cs_store_close(r, from);
    return true;
}

bool cs_read_range(struct cs_part part, uint64_t *low, uint64_t *high)
{
    const char *dots = part.at;
    while (dots < part.end && !(dots[0] == '.' && part.end - dots > 1 && dots[1] == '.'))
        dots++;
    if (dots >= part.end)
        return false;

    struct cs_part first = {part.at, dots}, last = {dots + 2, part.end};
    if (first.at == first.end && last.at == last.end)
        return false;
    *low = 0;
    *high = UINT64_MAX;
    return (first.at == first.end || cs_part_number(first, low)) &&
           (last.at == last.end || cs_part_number(last, high)) && *low <= *high;
}

enum cs_pattern cs_pattern_word(struct cs_part part)
{
    static const struct {
        const char *word;
        enum cs_pattern pattern;
    } words[] = {
        {"any", CS_ANY},
        {"*", CS_ANY},
        {"absent", CS_ABSENT},
        {"same", CS_SAME},
        {"increasing", CS_INCREASING},
    };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (cs_part_is(part, words[i].word))
            return words[i].pattern;
    return CS_IS;
}
