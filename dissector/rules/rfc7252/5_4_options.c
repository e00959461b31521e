/* RFC 7252 section 5.4: what holds for all options. Lengths and repetition are those of the
 * registry's documents. */
#include <string.h>

#include "base/text.h"
#include "coapspec/rule.h"

/* ------------------------------------------------------------------ requests and responses */

static unsigned kind_of(const struct cs_view *view)
{
    return (view->traits & CS_T_REQUEST) != 0    ? CS_IN_REQUEST
           : (view->traits & CS_T_RESPONSE) != 0 ? CS_IN_RESPONSE
                                                 : 0;
}

/* The bits of option_set are the places in the table of options, so most messages need no walk. */
static struct cs_verdict options_are_defined_here(const struct cs_view *view)
{
    const struct cs_message *m = view->message;
    const unsigned kind = kind_of(view);
    size_t count;
    const struct cs_option_def *defs = cs_option_defs(&count);
    if (kind == 0)
        return cs_silent();
    for (uint64_t set = m->option_set; set != 0; set &= set - 1) {
        const size_t place = (size_t)__builtin_ctzll(set);
        struct cs_option o;
        if (place >= count || defs[place].used_in == 0 || (defs[place].used_in & kind) != 0 ||
            !cs_option_find(m, defs[place].number, &o))
            continue;
        return cs_broken(view, o.at, "%s in a %s", defs[place].name,
                         kind == CS_IN_REQUEST ? "request" : "response");
    }
    return cs_held();
}

const struct cs_rule cs_rfc7252_options_are_defined_for_the_message = {
    .id = "rfc7252/5.4/options-are-defined-for-the-message",
    .spec = "RFC 7252",
    .section = "5.4",
    .level = CS_MUST_NOT,
    .says = "A request has no option that is defined only for responses, and a response none that "
            "is defined only for requests.",
    .cause = "The response is built in the buffer of the request and keeps its options, or Max-Age "
             "or ETag handling is "
             "shared by both directions.",
    .covers = CS_STRINGS("RFC7252-5.4-1a", "RFC7252-5.10.5-N2"),
    .on = CS_T_WELL_FORMED | CS_T_HAS_OPTIONS,
    .suspect = CS_T_OPTION_ELSEWHERE | CS_T_SIGNAL,
    .check = options_are_defined_here,
    .holds = CS_STRINGS(
        "> CON GET /a mid=7 tok=01\n< ACK 2.05 mid=7 tok=01 cf=0 max-age=5 etag=aa size2=1 | a",
        "> CON PUT /a mid=7 tok=01 size1=1 echo=aa | 1\n< ACK 4.13 mid=7 tok=01 size1=0 "
        "block1=0/0/16"),
    .breaks = CS_STRINGS("> CON GET /a mid=7 tok=01\n< ACK 2.05 /a mid=7 tok=01 | a",
                         "> CON GET /a mid=7 tok=01 max-age=5", "! tcp\n> GET /a tok=01 max-age=5",
                         "> CON POST /a mid=7 tok=01 location-path=b | 1",
                         "> CON GET /a mid=7 tok=01\n< ACK 2.05 mid=7 tok=01 accept=0 | a"),
};

/* ------------------------------------------------------------------ lengths */

static struct cs_verdict lengths_are_in_range(const struct cs_view *view)
{
    struct cs_option_walk walk;
    struct cs_option o;
    if ((view->traits & CS_T_SIGNAL) != 0) /* RFC 8323 section 5.2: other numbers */
        return cs_silent();
    cs_option_walk_init(&walk, view->message);
    while (cs_option_next(&walk, &o)) {
        const struct cs_option_def *def = cs_option_def(o.number);
        if (def == NULL || (o.value.len >= def->min && o.value.len <= def->max))
            continue;
        return cs_broken(view, o.at, "%s has %zu octets; %u to %u are defined", def->name,
                         o.value.len, def->min, def->max);
    }
    return cs_held();
}

const struct cs_rule cs_rfc7252_option_lengths_are_in_range = {
    .id = "rfc7252/5.4.3/option-lengths-are-in-range",
    .spec = "RFC 7252",
    .section = "5.4.3",
    .level = CS_SPEC,
    .says = "The value of an option has a length that its definition allows.",
    .cause = "A number is written as text or with the width of its variable, or an empty host or "
             "ETag is not left out.",
    .covers = CS_STRINGS("RFC7252-5.4.3-N1", "RFC7252-5.10.1-N1", "RFC7252-6.1-1a"),
    .on = CS_T_WELL_FORMED | CS_T_HAS_OPTIONS,
    .suspect = CS_T_OPTION_LENGTH | CS_T_SIGNAL,
    .check = lengths_are_in_range,
    .holds = CS_STRINGS("> CON GET /a mid=7 tok=01 etag=0102030405060708",
                        "> raw: 40 03 00 07 10 a1 61"),
    .breaks = CS_STRINGS("> CON GET /a mid=7 tok=01 etag=010203040506070809",
                         "> raw: 40 01 00 07 30 81 61", "> raw: 40 01 00 07 40",
                         "> raw: 40 01 00 07 51 01 61 61"),
};

/* ------------------------------------------------------------------ repetition */

static struct cs_verdict options_occur_once(const struct cs_view *view)
{
    struct cs_option_walk walk;
    struct cs_option o;
    uint32_t before = UINT32_MAX;
    if ((view->traits & CS_T_SIGNAL) != 0) /* RFC 8323 section 5.2: other numbers */
        return cs_silent();
    cs_option_walk_init(&walk, view->message);
    for (; cs_option_next(&walk, &o); before = o.number) {
        if (o.number != before)
            continue;
        const struct cs_option_def *def = cs_option_def(o.number);
        if (def != NULL && !def->repeatable)
            return cs_broken(view, o.at, "%s occurs again", def->name);
    }
    return cs_held();
}

const struct cs_rule cs_rfc7252_options_occur_once = {
    .id = "rfc7252/5.4.5/options-occur-once",
    .spec = "RFC 7252",
    .section = "5.4.5",
    .level = CS_MUST_NOT,
    .says = "An option that is not repeatable occurs at most once.",
    .cause = "Stack and application both add it, or a request is sent again and its options are "
             "added a second time.",
    .covers = CS_STRINGS("RFC7252-5.4.5-2"),
    .on = CS_T_WELL_FORMED | CS_T_HAS_OPTIONS,
    .suspect = CS_T_OPTION_REPEATED | CS_T_SIGNAL,
    .check = options_occur_once,
    .holds = CS_STRINGS("> CON GET /a/a?b?b mid=7 tok=01 if-match=01 if-match=01"),
    .breaks = CS_STRINGS("> CON GET /a mid=7 tok=01 accept=0 accept=40",
                         "> CON PUT /a mid=7 tok=01 cf=0 cf=0 | 1"),
};

/* ------------------------------------------------------------------ default values */

static struct cs_verdict default_left_out(const struct cs_view *view, const struct cs_option *o,
                                          bool is_default, const char *text)
{
    return is_default ? cs_broken(view, o->at, "%s", text) : cs_held();
}

static struct cs_verdict max_age_is_not_60(const struct cs_view *view)
{
    struct cs_option o;
    if (!cs_option_find(view->message, CS_OPT_MAX_AGE, &o))
        return cs_silent();
    return default_left_out(view, &o, cs_option_uint(&o) == 60,
                            "Max-Age is 60, which is what its absence means");
}

const struct cs_rule cs_rfc7252_default_max_age_is_left_out = {
    .id = "rfc7252/5.4.4/default-max-age-is-left-out",
    .spec = "RFC 7252",
    .section = "5.4.4",
    .level = CS_SHOULD_NOT,
    .says = "A response omits Max-Age when it is 60 seconds.",
    .cause = "The option is always added.",
    .covers = CS_STRINGS("RFC7252-5.4.4-1"),
    .on = CS_T_RESPONSE | CS_T_WELL_FORMED,
    .option = CS_OPT_MAX_AGE,
    .check = max_age_is_not_60,
    .holds = CS_STRINGS("> CON GET /a mid=7 tok=01\n< ACK 2.05 mid=7 tok=01 max-age=61 | a",
                        "> CON GET /a mid=7 tok=01\n< ACK 2.05 mid=7 tok=01 max-age=0 | a"),
    .breaks = CS_STRINGS("> CON GET /a mid=7 tok=01\n< ACK 2.05 mid=7 tok=01 max-age=60 | a"),
};

/* With Proxy-Scheme the Uri-* options name the origin server, whose port or host may well be that
 * of the proxy. */
static struct cs_verdict port_is_another(const struct cs_view *view)
{
    struct cs_option o;
    if (cs_message_has(view->message, CS_OPT_PROXY_SCHEME) ||
        !cs_option_find(view->message, CS_OPT_URI_PORT, &o))
        return cs_silent();
    return default_left_out(view, &o, cs_option_uint(&o) == view->event->datagram.dst.port,
                            "Uri-Port is the destination port, which is what its absence means");
}

const struct cs_rule cs_rfc7252_default_uri_port_is_left_out = {
    .id = "rfc7252/5.4.4/default-uri-port-is-left-out",
    .spec = "RFC 7252",
    .section = "5.4.4",
    .level = CS_SHOULD_NOT,
    .says = "A request omits Uri-Port when it is the destination port.",
    .cause = "The port of the URI is copied without comparing it with the destination port.",
    .covers = CS_STRINGS("RFC7252-5.4.4-1", "RFC7252-6.4-N1"),
    .on = CS_T_REQUEST | CS_T_WELL_FORMED,
    .option = CS_OPT_URI_PORT,
    .check = port_is_another,
    .holds = CS_STRINGS("> CON GET /a mid=7 tok=01 uri-port=5688"),
    .breaks = CS_STRINGS("> CON GET /a mid=7 tok=01 uri-port=5683"),
};

/* "192.0.2.1", "[2001:db8::1]" and, against the letter, 2001:db8::1 without brackets. */
static bool names_address(struct cs_slice host, const struct cs_address *address)
{
    char buf[80];
    struct cs_text text;
    struct cs_address named;
    if (host.len == 0 || host.len > 60)
        return false;
    const bool bare6 = host.at[0] != '[' && memchr(host.at, ':', host.len) != NULL;
    cs_text_init(&text, buf, sizeof buf);
    cs_text_add(&text, bare6 ? "[%.*s]" : "%.*s", (int)host.len, (const char *)host.at);
    if (!cs_address_parse(buf, address->port, &named))
        return false;
    return cs_address_equal(&named, address);
}

/* Over TLS and WebSocket the default is what the client named when it connected (RFC 8323 section 8.5). */
static struct cs_verdict host_is_another(const struct cs_view *view)
{
    struct cs_option o;
    const struct cs_datagram *d = &view->event->datagram;
    if (d->carrier == CS_WS || d->protection == CS_TLS)
        return cs_silent();
    if (cs_message_has(view->message, CS_OPT_PROXY_SCHEME) ||
        !cs_option_find(view->message, CS_OPT_URI_HOST, &o))
        return cs_silent();
    return default_left_out(view, &o, names_address(o.value, &view->event->datagram.dst),
                            "Uri-Host is the destination address, which is what its absence means");
}

const struct cs_rule cs_rfc7252_default_uri_host_is_left_out = {
    .id = "rfc7252/5.4.4/default-uri-host-is-left-out",
    .spec = "RFC 7252",
    .section = "5.4.4",
    .level = CS_SHOULD_NOT,
    .says = "A request omits Uri-Host when it is the destination address.",
    .cause = "The host of the URI is copied without checking whether it is a name or an address.",
    .covers = CS_STRINGS("RFC7252-5.4.4-1", "RFC7252-6.4-N1"),
    .on = CS_T_REQUEST | CS_T_WELL_FORMED,
    .option = CS_OPT_URI_HOST,
    .check = host_is_another,
    .holds = CS_STRINGS("> CON GET /a mid=7 tok=01 uri-host=example.com",
                        "> CON GET /a mid=7 tok=01 uri-host=192.0.2.77"),
    .breaks = CS_STRINGS("> CON GET /a mid=7 tok=01 uri-host=192.0.2.1"),
};
