/* RFC 7252 section 4.1: messages and endpoints. */
#include "coapspec/rule.h"

static struct cs_verdict empty_is_bare(const struct cs_view *view)
{
    const struct cs_message *m = view->message;
    if (m->fault != CS_FAULT_EMPTY_NOT_BARE)
        return m->fault == CS_FAULT_NONE ? cs_held() : cs_silent();
    if (m->token_length > 0)
        return cs_broken(view, 0, "the code is 0.00 and the token length field is %u",
                         m->token_length);
    return cs_broken(view, m->fault_at, "the code is 0.00 and %zu octets follow the Message ID",
                     m->octets.len - m->token_at);
}

const struct cs_rule cs_rfc7252_empty_message_is_bare = {
    .id = "rfc7252/4.1/empty-message-is-bare",
    .spec = "RFC 7252",
    .section = "4.1",
    .level = CS_MUST,
    .says = "An Empty message has token length 0 and ends after the Message ID.",
    .cause = "An ACK, RST or ping is made by changing type and code in the buffer of a request or "
             "response.",
    .covers = CS_STRINGS("RFC7252-4.1-1a", "RFC7252-4.1-1b", "RFC7252-4.1-N1"),
    .on = CS_T_EMPTY | CS_T_TYPED,
    .suspect = CS_T_MALFORMED | CS_T_CUT,
    .check = empty_is_bare,
    .holds = CS_STRINGS("> CON 0.00 mid=7", "> CON GET /a mid=7 tok=01\n< ACK 0.00 mid=7",
                        "> NON GET /a mid=7 tok=01\n< RST 0.00 mid=7"),
    .breaks =
        CS_STRINGS("> raw: 41 00 00 07 aa", "> raw: 40 00 00 07 ff 00", "> raw: 40 00 00 07 00",
                   "> CON GET /a mid=7 tok=01\n< raw: 61 00 00 07 01",
                   "> NON GET /a mid=7 tok=01\n< raw: 70 00 00 07 31"),
};
