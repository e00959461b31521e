/* RFC 7252 section 7.2.1: the attribute "ct" of a link, in whatever message carries
 * application/link-format (RFC 6690). */
#include <string.h>

#include "coapspec/rule.h"

/* One value of "ct", as it stands: with its quotes. `more` is true when the link has had one
 * before. */
struct ct {
    struct cs_slice value;
    bool more;
};

/* A walk over the attributes "ct" of a payload. It stops at the first octet that is no link, and
 * at an attribute that the end of the payload cuts: the syntax is RFC 6690's affair. */
struct ct_walk {
    struct cs_slice rest;
    const uint8_t *last; /* no "ct=" stands behind this */
    bool in_link, seen;
};

static struct cs_slice skip(struct cs_slice s, size_t n)
{
    return (struct cs_slice){s.at + n, s.len - n};
}

/* How many octets stand before the first of the three. */
static size_t until(struct cs_slice s, uint8_t a, uint8_t b, uint8_t c)
{
    size_t n = 0;
    while (n < s.len && s.at[n] != a && s.at[n] != b && s.at[n] != c)
        n++;
    return n;
}

/* The length of a value, quotes included; 0 when it is empty, or the second quote is not there. */
static size_t value_length(struct cs_slice s)
{
    if (s.len == 0 || s.at[0] != '"')
        return until(s, ';', ',', ',');
    for (size_t n = 1; n < s.len; n++) {
        if (s.at[n] == '\\')
            n++;
        else if (s.at[n] == '"')
            return n + 1;
    }
    return 0;
}

static bool enter_link(struct ct_walk *w)
{
    const size_t blank = w->rest.len - skip(w->rest, until(w->rest, '<', '<', '<')).len;
    if (blank == w->rest.len)
        return false;
    const struct cs_slice target = skip(w->rest, blank);
    const size_t end = until(target, '>', '>', '>');
    if (end == target.len)
        return false;
    w->rest = skip(target, end + 1);
    w->in_link = true;
    w->seen = false;
    return true;
}

static bool next_ct(struct ct_walk *w, struct ct *out)
{
    while (w->rest.at <= w->last && (w->in_link || enter_link(w))) {
        if (w->rest.len == 0 || w->rest.at[0] != ';') {
            w->in_link = false;
            if (w->rest.len > 0 && w->rest.at[0] != ',')
                return false;
            w->rest = w->rest.len > 0 ? skip(w->rest, 1) : w->rest;
            continue;
        }
        const struct cs_slice name = {w->rest.at + 1, until(skip(w->rest, 1), '=', ';', ',')};
        w->rest = skip(w->rest, 1 + name.len);
        if (w->rest.len == 0 || w->rest.at[0] != '=')
            continue;
        w->rest = skip(w->rest, 1);
        const struct cs_slice value = {w->rest.at, value_length(w->rest)};
        if (value.len == 0 && w->rest.len > 0 && w->rest.at[0] == '"')
            return false;
        w->rest = skip(w->rest, value.len);
        if (name.len != 2 || memcmp(name.at, "ct", 2) != 0)
            continue;
        *out = (struct ct){.value = value, .more = w->seen};
        w->seen = true;
        return true;
    }
    return false;
}

/* The last "ct=", which may yet be part of something else; NULL if there is none. Most links have
 * none, and what stands behind it need not be walked. */
static const uint8_t *last_ct(struct cs_slice payload)
{
    const uint8_t *sign;
    while ((sign = memrchr(payload.at, '=', payload.len)) != NULL) {
        payload.len = (size_t)(sign - payload.at);
        if (payload.len >= 2 && memcmp(sign - 2, "ct", 2) == 0)
            return sign - 2;
    }
    return NULL;
}

/* Only what starts with the first link can be read, and of that only what is not at the end of a
 * block. */
static bool begin(struct ct_walk *w, const struct cs_message *m)
{
    struct cs_option o;
    const uint32_t block = (m->code & 0xe0) == 0 ? CS_OPT_BLOCK1 : CS_OPT_BLOCK2;
    *w = (struct ct_walk){.rest = m->payload, .last = last_ct(m->payload)};
    if (w->last == NULL)
        return false;
    if (cs_message_has(m, CS_OPT_Q_BLOCK1) || cs_message_has(m, CS_OPT_Q_BLOCK2))
        return false;
    if (!cs_option_find(m, block, &o))
        return true;
    const uint64_t value = cs_option_uint(&o);
    if (value >> 4 != 0)
        return false;
    if ((value & 8) != 0) { /* more to come: the last link may go on */
        while (w->rest.len > 0 && w->rest.at[w->rest.len - 1] != ',')
            w->rest.len--;
    }
    return true;
}

static uint32_t octet_of(const struct cs_message *m, struct cs_slice value)
{
    return (uint32_t)(value.at - m->octets.at);
}

/* Blanks and line ends around a value are RFC 6690's affair as well. */
static struct cs_slice trimmed(struct cs_slice v)
{
    while (v.len > 0 && v.at[0] <= ' ')
        v = skip(v, 1);
    while (v.len > 0 && v.at[v.len - 1] <= ' ')
        v.len--;
    return v;
}

/* cardinal, or cardinals between quotes with spaces between them; each 0 to 65535. */
static bool is_ct_value(struct cs_slice v)
{
    v = trimmed(v);
    const bool quoted = v.len >= 2 && v.at[0] == '"';
    if (quoted)
        v = (struct cs_slice){v.at + 1, v.len - 2};
    unsigned number = 0, digits = 0, numbers = 0;
    for (size_t i = 0; i < v.len; i++) {
        if (v.at[i] >= '0' && v.at[i] <= '9') {
            number = number * 10 + (unsigned)(v.at[i] - '0');
            numbers += digits++ == 0;
            if (number > 65535)
                return false;
        } else if (quoted && v.at[i] == ' ' && numbers > 0) {
            number = digits = 0;
        } else {
            return false;
        }
    }
    return numbers > 0;
}

static struct cs_verdict ct_is_a_number(const struct cs_view *view)
{
    struct ct_walk w;
    struct ct ct;
    bool any = false;
    if (!begin(&w, view->message))
        return cs_silent();
    while (next_ct(&w, &ct)) {
        any = true;
        if (ct.value.len == 0)
            return cs_broken(view, octet_of(view->message, ct.value) - 1, "ct has no value");
        if (!is_ct_value(ct.value))
            return cs_broken(view, octet_of(view->message, ct.value), "ct is %.*s",
                             ct.value.len > 60 ? 60 : (int)ct.value.len, (const char *)ct.value.at);
    }
    return any ? cs_held() : cs_silent();
}

const struct cs_rule cs_rfc7252_ct_is_a_number = {
    .id = "rfc7252/7.2.1/ct-is-a-number",
    .spec = "RFC 7252",
    .section = "7.2.1",
    .level = CS_MUST,
    .concern = CS_APPLICATION,
    .says = "The link attribute ct is a decimal number from 0 to 65535, or several between quotes "
            "with spaces between them.",
    .cause =
        "A media type is written where its number belongs, or commas stand between the numbers.",
    .covers = CS_STRINGS("RFC7252-7.2.1-1"),
    .on = CS_T_WELL_FORMED,
    .format = 40,
    .option = CS_OPT_CONTENT_FORMAT,
    .check = ct_is_a_number,
    .holds = CS_STRINGS("> CON GET /.well-known/core mid=7 tok=01\n< ACK 2.05 mid=7 tok=01 cf=40 | "
                        "</a>;ct=0,</b>;title=\"x,y;ct=z\";ct=\"0 41\"",
                        "> CON GET /.well-known/core mid=7 tok=01\n< ACK 2.05 mid=7 tok=01 cf=40 "
                        "block2=0/1/16 | </a>;ct=0,</b>;ct"),
    .breaks = CS_STRINGS(
        "> CON GET /.well-known/core mid=7 tok=01\n< ACK 2.05 mid=7 tok=01 cf=40 | </a>;ct=text",
        "> CON GET /.well-known/core mid=7 tok=01\n< ACK 2.05 mid=7 tok=01 cf=40 | </a>;ct=65536",
        "> CON GET /.well-known/core mid=7 tok=01\n< ACK 2.05 mid=7 tok=01 cf=40 | </a>;ct=",
        "> CON GET /.well-known/core mid=7 tok=01\n< ACK 2.05 mid=7 tok=01 cf=40 | </a>;rt=;ct=x",
        "> CON GET /.well-known/core mid=7 tok=01\n< ACK 2.05 mid=7 tok=01 cf=40 | "
        "</a>;ct=\"0,41\""),
};

static struct cs_verdict ct_occurs_once(const struct cs_view *view)
{
    struct ct_walk w;
    struct ct ct;
    bool any = false;
    if (!begin(&w, view->message))
        return cs_silent();
    while (next_ct(&w, &ct)) {
        any = true;
        if (ct.more)
            return cs_broken(view, octet_of(view->message, ct.value),
                             "ct occurs again in one link");
    }
    return any ? cs_held() : cs_silent();
}

const struct cs_rule cs_rfc7252_ct_occurs_once = {
    .id = "rfc7252/7.2.1/ct-occurs-once",
    .spec = "RFC 7252",
    .section = "7.2.1",
    .level = CS_MUST_NOT,
    .concern = CS_APPLICATION,
    .says = "The attribute ct occurs once in a link at most (erratum 5078); several formats stand "
            "in one value.",
    .cause = "Each format of a resource is written as an attribute of its own.",
    .covers = CS_STRINGS("RFC7252-7.2.1-N1"),
    .on = CS_T_WELL_FORMED,
    .format = 40,
    .option = CS_OPT_CONTENT_FORMAT,
    .check = ct_occurs_once,
    .holds = CS_STRINGS("> CON GET /.well-known/core mid=7 tok=01\n< ACK 2.05 mid=7 tok=01 cf=40 | "
                        "</a>;ct=0,</b>;ct=41"),
    .breaks = CS_STRINGS("> CON GET /.well-known/core mid=7 tok=01\n< ACK 2.05 mid=7 tok=01 cf=40 "
                         "| </a>;ct=0;ct=41"),
};
