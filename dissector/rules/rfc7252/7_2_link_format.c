/* RFC 7252 section 7.2.1: the attribute "ct" of a link, in whatever message carries
 * application/link-format (RFC 6690). */
#include <string.h>

#include "payload/link_format.h"
#include "rules/doubt.h"

/* Most links have none, and what stands behind the last "ct=", which may yet be part of something else, need not be walked:
 * its offset, or false if there is none. */
static bool last_ct(struct cs_slice payload, uint32_t *at)
{
    const uint8_t *sign;
    while ((sign = memrchr(payload.at, '=', payload.len)) != NULL) {
        payload.len = (size_t)(sign - payload.at);
        *at = (uint32_t)payload.len - 2;
        if (payload.len >= 2 && memcmp(sign - 2, "ct", 2) == 0)
            return true;
    }
    return false;
}

/* Only what starts with the first link can be read, and of that only what is not at the end of a
 * block. What is no link ends the walk: the syntax is RFC 6690's affair. */
static bool begin(struct cs_link_walk *w, const struct cs_message *m)
{
    struct cs_option o;
    struct cs_slice links = m->payload;
    const uint32_t block = (m->code & 0xe0) == 0 ? CS_OPT_BLOCK1 : CS_OPT_BLOCK2;
    uint32_t last;
    if (!last_ct(links, &last))
        return false;
    if (cs_message_has(m, CS_OPT_Q_BLOCK1) || cs_message_has(m, CS_OPT_Q_BLOCK2))
        return false;
    const uint64_t value = cs_option_find(m, block, &o) ? cs_option_uint(&o) : 0;
    if (value >> 4 != 0)
        return false;
    if ((value & 8) != 0) /* more to come: the last link may go on */
        while (links.len > 0 && links.at[links.len - 1] != ',')
            links.len--;
    cs_link_walk_init(w, links);
    w->last = last;
    return true;
}

/* The next "ct" that is given a value. */
static bool next_ct(struct cs_link_walk *w, struct cs_link_attribute *out)
{
    while (cs_link_find(w, "ct", out))
        if (out->has_value)
            return true;
    return false;
}

static uint32_t octet_of(const struct cs_message *m, const struct cs_link_attribute *ct)
{
    return cs_marker_at(m) + 1 + ct->value_at;
}

/* Blanks and line ends around a value are RFC 6690's affair as well. */
static struct cs_slice trimmed(struct cs_slice v)
{
    while (v.len > 0 && v.at[0] <= ' ')
        v = (struct cs_slice){v.at + 1, v.len - 1};
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
    struct cs_link_walk w;
    struct cs_link_attribute ct;
    bool any = false;
    if (!begin(&w, view->message))
        return cs_silent();
    while (next_ct(&w, &ct)) {
        any = true;
        if (ct.value.len == 0)
            return cs_broken(view, octet_of(view->message, &ct) - 1, "ct has no value");
        if (!is_ct_value(ct.value))
            return cs_broken(view, octet_of(view->message, &ct), "ct is %.*s",
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
    .says = "The link attribute ct is a decimal number from 0 to 65535, or a quoted list of such "
            "numbers separated by spaces.",
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
    struct cs_link_walk w;
    struct cs_link_attribute ct;
    uint32_t former = 0; /* the link that has had one; they count from 1 */
    if (!begin(&w, view->message))
        return cs_silent();
    for (; next_ct(&w, &ct); former = w.links)
        if (w.links == former)
            return cs_broken(view, octet_of(view->message, &ct), "ct occurs again in one link");
    return former != 0 ? cs_held() : cs_silent();
}

const struct cs_rule cs_rfc7252_ct_occurs_once = {
    .id = "rfc7252/7.2.1/ct-occurs-once",
    .spec = "RFC 7252",
    .section = "7.2.1",
    .level = CS_MUST_NOT,
    .concern = CS_APPLICATION,
    .says = "The attribute ct occurs at most once in a link (erratum 5078); one value lists "
            "several formats.",
    .cause = "Each format of a resource is written as a separate attribute.",
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
