/* RFC 7252 section 8: requests to a group. */
#include "coapspec/rule.h"

/* A broadcast address of IPv4 counts as a group to the tracker; section 8.1 speaks of multicast
 * alone. */
static bool is_broadcast(const struct cs_view *view)
{
    const struct cs_address *dst = &view->event->datagram.dst;
    return dst->family == 4 && dst->ip[0] == 255;
}

static struct cs_verdict group_request_is_non(const struct cs_view *view)
{
    if (view->message->type == CS_NON)
        return cs_held();
    if (view->message->type != CS_CON)
        return cs_silent();
    return is_broadcast(view) ? cs_undecided("a broadcast is not a multicast")
                              : cs_broken(view, 0, "a CON is sent to a group");
}

const struct cs_rule cs_rfc7252_multicast_request_is_nonconfirmable = {
    .id = "rfc7252/8.1/multicast-request-is-nonconfirmable",
    .spec = "RFC 7252",
    .section = "8.1",
    .level = CS_MUST,
    .says = "A request to a multicast address is Non-confirmable.",
    .cause = "Discovery uses the same call as a request to one server.",
    .covers = CS_STRINGS("RFC7252-8.1-1"),
    .on = CS_T_REQUEST | CS_T_MULTICAST | CS_T_TYPED,
    .check = group_request_is_non,
    .holds = CS_STRINGS(
        ">* NON GET /.well-known/core mid=7 tok=0102\n< NON 2.05 mid=90 tok=0102 cf=40 | </a>"),
    .breaks = CS_STRINGS(">* CON GET /.well-known/core mid=7 tok=0102"),
};

static struct cs_verdict group_get_has_no_etag(const struct cs_view *view)
{
    struct cs_option o;
    if (view->message->code != CS_CODE(0, 1))
        return cs_silent();
    if (!cs_option_find(view->message, CS_OPT_ETAG, &o))
        return cs_held();
    return is_broadcast(view) ? cs_undecided("a broadcast is not a multicast")
                              : cs_broken(view, o.at, "ETag in a GET to a group");
}

const struct cs_rule cs_rfc7252_multicast_get_has_no_etag = {
    .id = "rfc7252/8.2.1/multicast-get-has-no-etag",
    .spec = "RFC 7252",
    .section = "8.2.1",
    .level = CS_MUST_NOT,
    .says = "A GET to a multicast address has no ETag.",
    .cause = "A cached response is validated with a request to the whole group.",
    .covers = CS_STRINGS("RFC7252-8.2.1-4"),
    .on = CS_T_REQUEST | CS_T_MULTICAST | CS_T_WELL_FORMED,
    .check = group_get_has_no_etag,
    .holds = CS_STRINGS(">* NON GET /a mid=7 tok=0102"),
    .breaks = CS_STRINGS(">* NON GET /a mid=7 tok=0102 etag=aa"),
};
