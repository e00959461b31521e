#include "coapspec/dissect.h"

#include <string.h>

/* ------------------------------------------------------------------ to text */

static unsigned group_of(const uint8_t ip[16], unsigned i)
{
    return (unsigned)ip[2 * i] << 8 | ip[2 * i + 1];
}

/* Without printf(): a line for each message has two addresses in it. Each of these writes where
 * `at` points and returns where it ended. */
static char *put_number(char *at, unsigned value, unsigned base)
{
    char digits[8];
    size_t n = sizeof digits;
    do
        digits[--n] = "0123456789abcdef"[value % base];
    while ((value /= base) != 0);
    while (n < sizeof digits)
        *at++ = digits[n++];
    return at;
}

static char *put_ipv4(char *at, const uint8_t ip[4])
{
    for (unsigned i = 0; i < 4; i++) {
        if (i > 0)
            *at++ = '.';
        at = put_number(at, ip[i], 10);
    }
    return at;
}

/* RFC 5952 section 4.2: the longest run of two zero groups or more, the first of equals. */
static unsigned longest_zeros(const uint8_t ip[16], unsigned *length)
{
    unsigned best = 8;
    *length = 1;
    for (unsigned i = 0; i < 8;) {
        unsigned n = 0;
        while (i + n < 8 && group_of(ip, i + n) == 0)
            n++;
        if (n > *length) {
            best = i;
            *length = n;
        }
        i += n > 0 ? n : 1;
    }
    return best;
}

static char *put_ipv6(char *at, const uint8_t ip[16])
{
    static const uint8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    if (memcmp(ip, mapped, sizeof mapped) == 0) {
        memcpy(at, "::ffff:", 7);
        return put_ipv4(at + 7, ip + 12);
    }
    unsigned zeros = 0;
    const unsigned run = longest_zeros(ip, &zeros);
    for (unsigned i = 0; i < 8; i++) {
        if (i == run) {
            *at++ = ':';
            *at++ = ':';
            i += zeros - 1;
            continue;
        }
        if (i > 0 && i != run + zeros)
            *at++ = ':';
        at = put_number(at, group_of(ip, i), 16);
    }
    return at;
}

char *cs_address_format(const struct cs_address *a, char *buf, size_t cap)
{
    enum { LONGEST = 64 }; /* eight groups of four digits, brackets and a port are 47 */
    char text[LONGEST] = "none", *end = text + 4;
    if (a->family == 4) {
        end = put_ipv4(text, a->ip);
    } else if (a->family == 6) {
        text[0] = '[';
        end = put_ipv6(text + 1, a->ip);
        *end++ = ']';
    }
    if (a->family == 4 || a->family == 6) {
        *end++ = ':';
        end = put_number(end, a->port, 10);
    }
    const size_t length = (size_t)(end - text);
    if (cap > 0) {
        const size_t kept = length < cap ? length : cap - 1;
        memcpy(buf, text, kept);
        buf[kept] = '\0';
    }
    return buf;
}

/* ------------------------------------------------------------------ from text */

/* A decimal number up to `most` that fills [at, end). */
static bool parse_decimal(const char *at, const char *end, unsigned most, unsigned *value)
{
    *value = 0;
    if (at == end)
        return false;
    for (; at < end; at++) {
        if (*at < '0' || *at > '9')
            return false;
        *value = *value * 10 + (unsigned)(*at - '0');
        if (*value > most)
            return false;
    }
    return true;
}

static bool parse_ipv4(const char *at, const char *end, uint8_t ip[4])
{
    for (unsigned i = 0; i < 4; i++) {
        const char *dot = i < 3 ? memchr(at, '.', (size_t)(end - at)) : end;
        unsigned value;
        if (dot == NULL || (dot - at > 1 && *at == '0') || !parse_decimal(at, dot, 255, &value))
            return false;
        ip[i] = (uint8_t)value;
        at = dot + 1;
    }
    return true;
}

/* One to four hex digits; where they end, or NULL. */
static const char *parse_group(const char *at, const char *end, uint8_t octets[2])
{
    static const char digits[] = "0123456789abcdef0123456789ABCDEF";
    const char *start = at;
    unsigned value = 0;
    for (; at < end && at - start < 4; at++) {
        const char *digit = memchr(digits, *at, sizeof digits - 1);
        if (digit == NULL)
            break;
        value = value << 4 | ((unsigned)(digit - digits) & 15u);
    }
    octets[0] = (uint8_t)(value >> 8);
    octets[1] = (uint8_t)value;
    return at > start ? at : NULL;
}

/* RFC 4291 section 2.2: eight groups, one run of them as ::, the last two perhaps as IPv4. */
static bool parse_ipv6(const char *at, const char *end, uint8_t ip[16])
{
    unsigned used = 0, gap = 16; /* octets; 16: no gap seen */
    if (end - at >= 2 && at[0] == ':' && at[1] == ':') {
        gap = 0;
        at += 2;
    }
    while (at < end) {
        if (used <= 12 && parse_ipv4(at, end, ip + used)) {
            used += 4;
            break;
        }
        if (used > 14 || (at = parse_group(at, end, ip + used)) == NULL)
            return false;
        used += 2;
        if (at == end)
            break;
        if (*at++ != ':' || at == end)
            return false;
        if (*at == ':') {
            if (gap != 16)
                return false;
            gap = used;
            at++;
        }
    }
    if (gap == 16 || used == 16)
        return gap == 16 && used == 16;
    memmove(ip + 16 - (used - gap), ip + gap, used - gap);
    memset(ip + gap, 0, 16 - used);
    return true;
}

static bool parse_ip(const char *text, size_t length, struct cs_address *out)
{
    const bool v6 = memchr(text, ':', length) != NULL;
    out->family = v6 ? 6 : 4;
    return v6 ? parse_ipv6(text, text + length, out->ip) : parse_ipv4(text, text + length, out->ip);
}

bool cs_address_parse(const char *text, uint16_t default_port, struct cs_address *out)
{
    *out = (struct cs_address){.port = default_port};
    const char *host = text;
    const char *colon = strchr(text, ':');
    size_t length = strlen(text);
    const char *port = NULL;
    if (text[0] == '[') {
        const char *close = strchr(text, ']');
        if (close == NULL || (close[1] != '\0' && close[1] != ':'))
            return false;
        host = text + 1;
        length = (size_t)(close - host);
        port = close[1] == ':' ? close + 2 : NULL;
        if (memchr(host, ':', length) == NULL)
            return false; /* brackets are for IPv6 alone */
    } else if (colon != NULL && strchr(colon + 1, ':') == NULL) {
        length = (size_t)(colon - text);
        port = colon + 1;
    }
    unsigned number = default_port;
    if (!parse_ip(host, length, out) ||
        (port != NULL && !parse_decimal(port, port + strlen(port), 65535, &number)))
        return false;
    out->port = (uint16_t)number;
    return true;
}
