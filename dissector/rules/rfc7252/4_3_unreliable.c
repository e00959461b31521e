/* RFC 7252 section 4.3: Non-confirmable messages. */
#include "rules/doubt.h"

static struct cs_verdict non_is_not_empty(const struct cs_view *view)
{
    return (view->traits & CS_T_EMPTY) != 0
               ? cs_broken(view, view->message->code_at, "this NON has code 0.00")
               : cs_held();
}

const struct cs_rule cs_rfc7252_nonconfirmable_is_not_empty = {
    .id = "rfc7252/4.3/nonconfirmable-is-not-empty",
    .spec = "RFC 7252",
    .section = "4.3",
    .level = CS_MUST_NOT,
    .says = "A Non-confirmable message is never Empty.",
    .cause = "A keep-alive is sent as NON; a ping is an Empty CON.",
    .covers = CS_STRINGS("RFC7252-4.3-1", "RFC7252-2.1-N1", "RFC7252-4.1-N1"),
    .on = CS_T_NON,
    .suspect = CS_T_EMPTY,
    .check = non_is_not_empty,
    .holds = CS_STRINGS("> NON GET /a mid=7 tok=01"),
    .breaks = CS_STRINGS("> raw: 50 00 00 07"),
};

static struct cs_verdict non_is_not_acknowledged(const struct cs_view *view)
{
    const struct cs_sent *sent = view->acked;
    if (view->message->type == CS_RST)
        return cs_held();
    if (!cs_replies_surely(view))
        return cs_undecided("a CON with this Message ID may have been missed");
    return cs_with_packet(
        cs_broken(view, 0, "the message with Message ID 0x%04x is a NON", sent->mid), sent->packet);
}

const struct cs_rule cs_rfc7252_nonconfirmable_is_not_acknowledged = {
    .id = "rfc7252/4.3/nonconfirmable-is-not-acknowledged",
    .spec = "RFC 7252",
    .section = "4.3",
    .level = CS_MUST_NOT,
    .says = "A Non-confirmable message is never acknowledged; a Reset may reject it.",
    .cause = "The answer is always an ACK, whatever the type of the message that it answers.",
    .covers = CS_STRINGS("RFC7252-4.3-2", "RFC7252-2.1-N1"),
    .on = CS_T_REPLY,
    .to = CS_T_NON,
    .check = non_is_not_acknowledged,
    .holds = CS_STRINGS("> NON GET /a mid=7 tok=01\n< RST 0.00 mid=7"),
    .breaks = CS_STRINGS("> NON GET /a mid=7 tok=01\n< ACK 2.05 mid=7 tok=01 | a",
                         "> NON GET /a mid=7 tok=01\n< ACK 0.00 mid=7",
                         ">* NON GET /a mid=7 tok=0102\n< ACK 2.05 mid=7 tok=0102 | a"),
};
