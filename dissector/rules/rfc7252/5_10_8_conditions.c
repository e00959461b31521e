/* RFC 7252 section 5.10.8: conditional requests. */
#include "rules/doubt.h"

/* A PUT that creates is answered by 2.01, one that changes by 2.04 (section 5.8.3): so 2.04 says that the resource
 * existed. A block of a transfer may change what an earlier one created. */
static struct cs_verdict existing_is_not_changed(const struct cs_view *view)
{
    const struct cs_message *m = view->message;
    const struct cs_sent *request = view->request;
    const uint32_t hidden = CS_SENT_OSCORE | CS_SENT_BLOCK;
    if ((request->flags & CS_SENT_IF_NONE_MATCH) == 0 || request->code != CS_CODE(0, 3) ||
        (request->flags & hidden) != 0 || cs_is_oscore(view))
        return cs_silent();
    if (m->code == CS_CODE(2, 1) || m->code == CS_CODE(4, 12))
        return cs_held();
    if (m->code != CS_CODE(2, 4))
        return cs_silent();
    if (request->copies > 1)
        return cs_undecided("the resource may have been created by the first transmission");
    if ((request->traits & CS_T_PROXIED) != 0 || !cs_answers_surely(view))
        return cs_undecided("another request with this token may have been missed");
    return cs_with_packet(cs_broken(view, view->message->code_at,
                                    "2.04 to a PUT with If-None-Match: the resource existed"),
                          request->packet);
}

const struct cs_rule cs_rfc7252_if_none_match_changes_nothing_that_exists = {
    .id = "rfc7252/5.10.8/if-none-match-changes-nothing-that-exists",
    .spec = "RFC 7252",
    .section = "5.10.8",
    .level = CS_MUST,
    .concern = CS_APPLICATION,
    .says = "A server does not perform a PUT with If-None-Match on an existing resource, and "
            "answers 4.12 (Precondition Failed).",
    .cause =
        "The server does not implement the option, or answers 2.04 after it created the resource.",
    .covers = CS_STRINGS("RFC7252-5.10.8-1", "RFC7252-5.10.8-2"),
    .on = CS_T_ANSWER,
    .to = CS_T_CONDITIONAL,
    .check = existing_is_not_changed,
    .holds = CS_STRINGS("> CON PUT /a mid=7 tok=01 if-none-match | 1\n< ACK 4.12 mid=7 tok=01",
                        "> CON PUT /a mid=7 tok=01 if-none-match | 1\n< ACK 2.01 mid=7 tok=01"),
    .breaks = CS_STRINGS("> CON PUT /a mid=7 tok=01 if-none-match | 1\n< ACK 2.04 mid=7 tok=01"),
    .open = CS_STRINGS("> CON PUT /a mid=7 tok=01 if-none-match | 1\n"
                       "+2.4 > CON PUT /a mid=7 tok=01 if-none-match | 1\n< ACK 2.04 mid=7 tok=01",
                       "> NON PUT /a mid=7 tok=01 if-none-match | 1\n< NON 2.04 mid=90 tok=01"),
};
