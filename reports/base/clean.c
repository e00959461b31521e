/* reports/base/clean.c: text, whoever wrote it, made fit for where it goes. */
#include "reports/base/clean.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/text.h"

/* One code point of UTF-8 (RFC 3629) at `at`; its length, or 0 when it is none. */
static size_t code_point(const unsigned char *at, uint32_t *out)
{
    size_t n = at[0] < 0x80   ? 1
               : at[0] < 0xc2 ? 0
               : at[0] < 0xe0 ? 2
               : at[0] < 0xf0 ? 3
               : at[0] < 0xf5 ? 4
                              : 0;
    uint32_t value = n == 1 ? at[0] : n == 0 ? 0 : at[0] & (0x7fu >> n);
    for (size_t i = 1; i < n; i++) {
        if ((at[i] & 0xc0u) != 0x80u)
            return 0;
        value = value << 6 | (at[i] & 0x3fu);
    }
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    if (n == 0 || value < least[n] || value > 0x10ffff || (value >= 0xd800 && value < 0xe000))
        return 0;
    *out = value;
    return n;
}

/* What we print ourselves beyond ASCII has a spelling within it. */
static const char *ascii_for(uint32_t c)
{
    static const struct {
        uint32_t c;
        const char *text;
    } table[] = {
        {0x2026, "..."}, {0x2013, "-"},  {0x2014, "-"},  {0x2018, "'"},  {0x2019, "'"},
        {0x201c, "\""},  {0x201d, "\""}, {0xab, "\""},   {0xbb, "\""},   {0xb5, "u"},
        {0xd7, "x"},     {0x2192, "->"}, {0x2190, "<-"}, {0x2264, "<="}, {0x2265, ">="},
        {0xa0, " "},     {0xb7, "*"},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        if (table[i].c == c)
            return table[i].text;
    return NULL;
}

static bool is_control(uint32_t c)
{
    /* C0, DEL, C1, and what turns the direction of a terminal's text */
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || (c >= 0x202a && c <= 0x202e) ||
           (c >= 0x2066 && c <= 0x2069) || c == 0x200e || c == 0x200f || c == 0x2028 || c == 0x2029;
}

char *report_clean(const char *text, bool unicode, bool lines)
{
    size_t cap = strlen(text) * 4 + 1; /* the longest: \xNN for one octet */
    char *out = malloc(cap);
    if (out == NULL)
        return NULL;
    struct cs_text t;
    cs_text_init(&t, out, cap);
    for (const unsigned char *at = (const unsigned char *)text; *at != '\0';) {
        uint32_t c = 0;
        size_t n = code_point(at, &c);
        const char *ascii = n > 1 && !unicode ? ascii_for(c) : NULL;
        if (n == 0 || (is_control(c) && !(c == '\n' && lines))) {
            n = n == 0 ? 1 : n;
            for (size_t i = 0; i < n; i++)
                cs_text_add(&t, "\\x%02x", at[i]);
        } else if (ascii != NULL)
            cs_text_add(&t, "%s", ascii);
        else if (n > 1 && !unicode)
            cs_text_put(&t, '?');
        else
            for (size_t i = 0; i < n; i++)
                cs_text_put(&t, (char)at[i]);
        at += n;
    }
    return out;
}

/* XML 1.0 section 2.2: no control characters but tab, line feed, carriage return; no U+FFFE, U+FFFF. */
static bool xml_allows(uint32_t c)
{
    return c >= 0x20 ? c != 0xfffe && c != 0xffff : c == '\t' || c == '\n' || c == '\r';
}

char *report_utf8(const char *text, bool xml)
{
    size_t cap = strlen(text) * 3 + 1;
    char *out = malloc(cap);
    if (out == NULL)
        return NULL;
    struct cs_text t;
    cs_text_init(&t, out, cap);
    for (const unsigned char *at = (const unsigned char *)text; *at != '\0';) {
        uint32_t c = 0;
        size_t n = code_point(at, &c);
        if (n == 0 || (xml && !xml_allows(c))) {
            cs_text_add(&t, "\xef\xbf\xbd");
            n = n == 0 ? 1 : n;
        } else
            for (size_t i = 0; i < n; i++)
                cs_text_put(&t, (char)at[i]);
        at += n;
    }
    return out;
}

char *report_code_text(uint8_t code, char *buf)
{
    snprintf(buf, 8, "%u.%02u", CS_CODE_CLASS(code), CS_CODE_DETAIL(code));
    return buf;
}

char *report_time_text(uint64_t time_ns, char *buf)
{
    enum { TIME_TEXT = 48 };
    time_t seconds = (time_t)(time_ns / UINT64_C(1000000000));
    struct tm tm;
    size_t n =
        gmtime_r(&seconds, &tm) != NULL ? strftime(buf, TIME_TEXT, "%Y-%m-%dT%H:%M:%S", &tm) : 0;
    snprintf(buf + n, TIME_TEXT - n, ".%09uZ", (unsigned)(time_ns % UINT64_C(1000000000)));
    return buf;
}
