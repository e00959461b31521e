/* RFC 7252 section 4.7: congestion control. */
#include "coapspec/rule.h"

/* NSTART may be configured (section 4.8.1), and a client may stop waiting whenever it likes: only
 * a declared value, and a conversation known in full, allow to count. */
static struct cs_verdict at_most_nstart(const struct cs_view *view)
{
    const unsigned open = view->flow->open_requests[view->side], nstart = view->parameters->nstart;
    if (view->parameters->assumed)
        return cs_undecided("NSTART may be configured to more than 1");
    if (!view->flow->whole)
        return cs_undecided("the capture may have missed answers");
    return cs_broken(view, CS_NO_OCTET, "%u requests are open at once, NSTART is %u", open, nstart);
}

const struct cs_rule cs_rfc7252_at_most_nstart_outstanding = {
    .id = "rfc7252/4.7/at-most-nstart-outstanding",
    .spec = "RFC 7252",
    .section = "4.7",
    .level = CS_MUST,
    .says = "A client has at most NSTART outstanding interactions with a server.",
    .cause =
        "Requests are sent when the application asks, instead of being queued behind the open one.",
    .covers = CS_STRINGS("RFC7252-4.7-1"),
    .on = CS_T_CON | CS_T_REQUEST | CS_T_FIRST,
    .suspect = CS_T_OVER_NSTART,
    .check = at_most_nstart,
    .holds = CS_STRINGS(
        "> CON GET /a mid=7 tok=01\n< ACK 2.05 mid=7 tok=01 | a\n> CON GET /b mid=8 tok=02"),
    .breaks =
        CS_STRINGS("! whole\n! declared\n> CON GET /a mid=7 tok=01\n> CON GET /b mid=8 tok=02"),
    .open = CS_STRINGS("> CON GET /a mid=7 tok=01\n> CON GET /b mid=8 tok=02"),
};
