/* RFC 7252 section 5.7: proxying. */
#include <string.h>
#include <strings.h>

#include "coapspec/rule.h"

/* Schemes of which the document or their registration says that they are secured. */
static bool is_secure_scheme(struct cs_slice text)
{
    static const char *const schemes[] = {"coaps", "https", "coaps+tcp", "coaps+ws"};
    const uint8_t *colon = memchr(text.at, ':', text.len);
    const size_t length = colon == NULL ? text.len : (size_t)(colon - text.at);
    for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++)
        if (strlen(schemes[i]) == length &&
            strncasecmp((const char *)text.at, schemes[i], length) == 0)
            return true;
    return false;
}

/* A link below may be as secure as DTLS, and no capture shows that. At the bench there is none. */
static struct cs_verdict secure_scheme_is_asked_securely(const struct cs_view *view)
{
    struct cs_option o;
    if (!cs_option_find(view->message, CS_OPT_PROXY_URI, &o) &&
        !cs_option_find(view->message, CS_OPT_PROXY_SCHEME, &o))
        return cs_silent();
    if (o.value.len == 0 || !is_secure_scheme(o.value))
        return cs_silent();
    if (view->event->datagram.protection != CS_CLEAR)
        return cs_held();
    if (!view->flow->whole)
        return cs_undecided("a lower layer may secure the way to the proxy");
    return cs_broken(view, o.value_at, "a request in the clear asks a proxy for a secure scheme");
}

const struct cs_rule cs_rfc7252_secure_scheme_is_asked_securely = {
    .id = "rfc7252/5.7/secure-scheme-is-asked-securely",
    .spec = "RFC 7252",
    .section = "5.7",
    .level = CS_SHOULD,
    .says = "A request to a proxy for a secure scheme uses DTLS or an equivalent.",
    .cause = "The proxy is configured with a coap URI while the resource has a coaps or https one.",
    .covers = CS_STRINGS("RFC7252-5.7-1"),
    .on = CS_T_PROXIED | CS_T_REQUEST | CS_T_WELL_FORMED,
    .check = secure_scheme_is_asked_securely,
    .holds = CS_STRINGS("! dtls\n> CON GET mid=7 tok=01 proxy-uri=coaps://b.example/a"),
    .breaks = CS_STRINGS("! whole\n> CON GET mid=7 tok=01 proxy-uri=coaps://b.example/a",
                         "! whole\n> CON GET /a mid=7 tok=01 uri-host=b.example proxy-scheme=https",
                         "! whole\n! tcp\n> GET tok=01 proxy-uri=coaps://b.example/a"),
    .open = CS_STRINGS("> CON GET mid=7 tok=01 proxy-uri=coaps://b.example/a"),
};
