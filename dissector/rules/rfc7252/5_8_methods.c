/* RFC 7252 section 5.8: methods. */
#include "rules/doubt.h"

/* A success says that the method is known: it may have been assigned since. */
static struct cs_verdict unknown_method_is_answered(const struct cs_view *view)
{
    const struct cs_message *m = view->message;
    const struct cs_sent *sent = view->acked;
    if (m->code == CS_CODE(4, 5))
        return cs_held();
    if (m->type == CS_RST && cs_serves(view, sent) && cs_replies_surely(view))
        return cs_with_packet(cs_broken(view, 0,
                                        "an RST, where 4.05 is required: the method is 0.%02u",
                                        CS_CODE_DETAIL(sent->code)),
                              sent->packet);
    if (m->type == CS_RST)
        return cs_undecided("the endpoint that rejects the request may not be a server");
    if ((view->traits & CS_T_RESPONSE) == 0)
        return cs_silent();
    return (view->traits & CS_T_SUCCESS) != 0
               ? cs_undecided("the method may have been assigned since")
               : cs_undecided("the server may have found another error first");
}

const struct cs_rule cs_rfc7252_unknown_method_is_answered_by_4_05 = {
    .id = "rfc7252/5.8/unknown-method-is-answered-by-4-05",
    .spec = "RFC 7252",
    .section = "5.8",
    .level = CS_MUST,
    .says = "A server answers a Confirmable request with an unknown method by 4.05 (Method Not "
            "Allowed).",
    .cause = "An unknown method is treated like a message of a reserved class and rejected.",
    .covers = CS_STRINGS("RFC7252-5.8-1"),
    .on = CS_T_REPLY,
    .to = CS_T_CON | CS_T_REQUEST | CS_T_UNASSIGNED_CODE | CS_T_WELL_FORMED,
    .check = unknown_method_is_answered,
    .holds = CS_STRINGS("> raw: 41 1f 00 07 01\n< ACK 4.05 mid=7 tok=01"),
    .breaks = CS_STRINGS("> CON GET /a mid=6 tok=01\n< ACK 2.05 mid=6 tok=01 | a\n"
                         "> raw: 41 1f 00 07 02\n< RST 0.00 mid=7"),
    .open = CS_STRINGS("> raw: 41 1f 00 07 01\n< RST 0.00 mid=7",
                       "> raw: 41 1f 00 07 01\n< ACK 2.04 mid=7 tok=01",
                       "> raw: 41 1f 00 07 01\n< ACK 4.04 mid=7 tok=01"),
    .also = CS_STRINGS("rfc7252/12.1.1/method-code-is-assigned"),
};
