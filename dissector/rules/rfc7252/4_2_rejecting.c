/* RFC 7252 section 4.2: what a Confirmable message that cannot be processed is answered by. */
#include "rules/doubt.h"
#include "track/unanswerable.h"

static const char missed[] = "another message with this Message ID may have been missed";

/* ------------------------------------------------------------------ malformed */

/* No sentence calls an option number above 65535 a format error. */
static struct cs_verdict malformed_is_rejected(const struct cs_view *view)
{
    const struct cs_sent *sent = view->acked;
    if (sent->fault == CS_FAULT_OPTION_NUMBER)
        return cs_silent();
    if (view->message->type == CS_RST)
        return cs_held();
    if (!cs_replies_surely(view))
        return cs_undecided(missed);
    return cs_with_packet(cs_broken(view, 0, "the CON with Message ID 0x%04x is malformed: %s",
                                    sent->mid, cs_fault_text((enum cs_fault)sent->fault)),
                          sent->packet);
}

const struct cs_rule cs_rfc7252_malformed_confirmable_is_rejected = {
    .id = "rfc7252/4.2/malformed-confirmable-is-rejected",
    .spec = "RFC 7252",
    .section = "4.2",
    .level = CS_MUST,
    .says = "A Confirmable message with a format error is rejected by a Reset or ignored, and not "
            "acknowledged.",
    .cause = "The message is acknowledged before it is decoded, or a format error is answered by "
             "4.00 or 4.02 instead of a Reset.",
    .covers = CS_STRINGS("RFC7252-4.2-1", "RFC7252-3-3b", "RFC7252-3-4", "RFC7252-3-N3",
                         "RFC7252-3.1-2", "RFC7252-3.1-3", "RFC7252-4.1-2"),
    .on = CS_T_REPLY,
    .to = CS_T_CON | CS_T_MALFORMED,
    .check = malformed_is_rejected,
    .holds = CS_STRINGS("> raw: 41 01 00 07 01 b1\n< RST 0.00 mid=7",
                        "> raw: 4f 01 00 07\n< RST 0.00 mid=7",
                        "> raw: 41 00 00 07 01\n< RST 0.00 mid=7"),
    .breaks = CS_STRINGS("> raw: 41 01 00 07 01 b1\n< ACK 4.00 mid=7 tok=01",
                         "> raw: 41 01 00 07 01 f1\n< ACK 4.02 mid=7 tok=01",
                         "> raw: 41 01 00 07 01 1f\n< ACK 0.00 mid=7",
                         "> raw: 41 01 00 07 01 b1 61 ff\n< ACK 2.05 mid=7 tok=01 | a",
                         "> raw: 4f 01 00 07\n< ACK 0.00 mid=7",
                         "> raw: 41 00 00 07 01\n< ACK 0.00 mid=7",
                         "! whole\n> raw: 41 01 00 07 01 b1\n< RST 0.00 mid=7\n"
                         "+3 > raw: 41 01 00 07 01 b1\n< ACK 4.00 mid=7 tok=01"),
    .open = CS_STRINGS("> raw: 41 01 00 07 01 b1\n+20 < ACK 2.05 mid=7 tok=01 | a",
                       "> CON GET /a mid=7 tok=01\n< ACK 2.05 mid=7 tok=01 | a\n"
                       "+60 > raw: 41 01 00 07 01 b1\n< ACK 2.05 mid=7 tok=01 | a"),
    .also = CS_STRINGS(
        "rfc7252/3.1/options-are-whole", "rfc7252/3.1/delta-15-is-the-payload-marker",
        "rfc7252/3.1/option-length-15-is-reserved", "rfc7252/3/payload-marker-has-payload",
        "rfc7252/3/token-length-is-at-most-8", "rfc7252/4.1/empty-message-is-bare"),
};

/* ------------------------------------------------------------------ reserved classes */

/* Section 4.2 names 1, 6 and 7. Section 3 reserves 3 as well, section 12.1 counts it among the response codes. */
static struct cs_verdict reserved_is_rejected(const struct cs_view *view)
{
    const struct cs_sent *sent = view->acked;
    if (view->message->type == CS_RST)
        return cs_held();
    if (CS_CODE_CLASS(sent->code) == 3)
        return cs_undecided("the document does not say clearly that class 3 is rejected");
    if (!cs_replies_surely(view))
        return cs_undecided(missed);
    return cs_with_packet(cs_broken(view, 0, "the CON with Message ID 0x%04x has code %u.%02u",
                                    sent->mid, CS_CODE_CLASS(sent->code),
                                    CS_CODE_DETAIL(sent->code)),
                          sent->packet);
}

const struct cs_rule cs_rfc7252_reserved_class_is_rejected = {
    .id = "rfc7252/4.2/reserved-class-is-rejected",
    .spec = "RFC 7252",
    .section = "4.2",
    .level = CS_MUST,
    .says = "A Confirmable message with a code of class 1, 6 or 7 is rejected by a Reset or "
            "ignored, and not acknowledged.",
    .cause = "Every message that is not a request is acknowledged as a response, or every CON is "
             "acknowledged before its code is checked.",
    .covers = CS_STRINGS("RFC7252-4.2-1"),
    .on = CS_T_REPLY,
    .to = CS_T_CON | CS_T_RESERVED_CODE | CS_T_WELL_FORMED,
    .check = reserved_is_rejected,
    .holds =
        CS_STRINGS("> raw: 40 21 00 07\n< RST 0.00 mid=7", "> raw: 40 c1 00 07\n< RST 0.00 mid=7"),
    .breaks = CS_STRINGS("> raw: 40 21 00 07\n< ACK 0.00 mid=7",
                         "> raw: 41 c1 00 07 01\n< ACK 4.05 mid=7 tok=01",
                         "> raw: 40 e2 00 07\n< ACK 0.00 mid=7"),
    .open = CS_STRINGS("> raw: 40 61 00 07\n< ACK 0.00 mid=7",
                       "> raw: 40 21 00 07\n+20 < ACK 0.00 mid=7"),
    .also = CS_STRINGS("rfc7252/3/code-class-is-defined"),
};

/* ------------------------------------------------------------------ one of the two */

/* A copy of the message may find the receiver in another state: it has forgotten, or was started again. A message that
 * was sent once is answered once, and what comes within a second answers no copy that the capture missed. */
static const uint64_t one_second_ns = UINT64_C(1000000000);

static struct cs_verdict ack_or_reset(const struct cs_view *view)
{
    const struct cs_sent *sent = view->acked;
    if ((sent->flags & CS_SENT_ACKED) == 0 || (sent->flags & CS_SENT_RESET) == 0)
        return cs_held();
    if (sent->copies > 1 || view->now_ns - sent->first_ns > one_second_ns)
        return cs_undecided("a copy of the message may have been answered");
    if ((sent->traits & (CS_T_MID_REUSED | CS_T_MULTICAST)) != 0 || !cs_time_runs(view))
        return cs_undecided(missed);
    return cs_with_packet(
        cs_with_packet(
            cs_broken(view, 0, "there is an ACK and an RST for Message ID 0x%04x", sent->mid),
            sent->packet + sent->reply_packets),
        sent->packet);
}

const struct cs_rule cs_rfc7252_confirmable_is_acknowledged_or_rejected = {
    .id = "rfc7252/4.2/confirmable-is-acknowledged-or-rejected",
    .spec = "RFC 7252",
    .section = "4.2",
    .level = CS_MUST,
    .says = "A Confirmable message is either acknowledged or rejected by a Reset, not both.",
    .cause = "The stack acknowledges every message, and later finds that it is unexpected, such as "
             "a notification of a cancelled observation.",
    .covers = CS_STRINGS("RFC7252-4.2-1"),
    .on = CS_T_REPLY | CS_T_REPEAT_REPLY,
    .to = CS_T_CON,
    .check = ack_or_reset,
    .holds = CS_STRINGS("> CON GET /a mid=7 tok=01\n< ACK 2.05 mid=7 tok=01 | a\n"
                        "+2.4 > CON GET /a mid=7 tok=01\n< ACK 2.05 mid=7 tok=01 | a"),
    .breaks =
        CS_STRINGS("< CON 2.05 mid=90 tok=0102 observe=4 | a\n> ACK 0.00 mid=90\n"
                   "+0.001 > RST 0.00 mid=90",
                   "> CON GET /a mid=7 tok=01\n< RST 0.00 mid=7\n< ACK 2.05 mid=7 tok=01 | a"),
    .open = CS_STRINGS("< CON 2.05 mid=90 tok=0102 observe=4 | a\n> ACK 0.00 mid=90\n"
                       "+2.4 < CON 2.05 mid=90 tok=0102 observe=4 | a\n> RST 0.00 mid=90",
                       "< CON 2.05 mid=90 tok=0102 observe=4 | a\n> ACK 0.00 mid=90\n"
                       "+1.4 > RST 0.00 mid=90"),
};

/* ------------------------------------------------------------------ a request in an ACK or RST */

/* Without a token, or with one that is used again and again, another request may be answered. */
static struct cs_verdict request_in_reply_is_ignored(const struct cs_view *view)
{
    const struct cs_unanswerable *u = view->known.unanswerable;
    if (u->kind != CS_UNUSABLE || !cs_code_is_request(u->code))
        return cs_silent();
    if ((view->traits & CS_T_STRAY_RESPONSE) == 0 || u->token_length == 0 ||
        u->token != view->token)
        return cs_held();
    if (!cs_time_runs(view) || view->capture_lossy ||
        (!view->flow->whole && u->token_length < CS_LONG_TOKEN))
        return cs_undecided("a request with this token may have been missed");
    return cs_with_packet(
        cs_broken(view, 1, "it answers a 0.%02u in an ACK or RST", CS_CODE_DETAIL(u->code)),
        u->packet);
}

const struct cs_rule cs_rfc7252_request_in_reply_is_ignored = {
    .id = "rfc7252/4.2/request-in-reply-is-ignored",
    .spec = "RFC 7252",
    .section = "4.2",
    .level = CS_MUST,
    .says = "A request in an Acknowledgement or Reset is rejected, which is to ignore it.",
    .cause = "Requests are told by their code, whatever the type of the message is.",
    .covers = CS_STRINGS("RFC7252-4.2-4"),
    .on = CS_T_AFTER_UNANSWERABLE | CS_T_RESPONSE,
    .check = request_in_reply_is_ignored,
    .holds = CS_STRINGS("> ACK GET /a mid=700 tok=01020304\n> CON GET /b mid=7 tok=02\n"
                        "< ACK 2.05 mid=7 tok=02 | a"),
    .breaks = CS_STRINGS("> ACK GET /a mid=700 tok=01020304\n< ACK 2.05 mid=700 tok=01020304 | a",
                         "> RST GET /a mid=700 tok=01020304\n< NON 2.05 mid=90 tok=01020304 | a"),
    .open = CS_STRINGS("> ACK GET /a mid=700 tok=01\n< ACK 2.05 mid=700 tok=01 | a"),
    .also =
        CS_STRINGS("rfc7252/4.2/acknowledgement-carries-no-request", "rfc7252/4.2/reset-is-empty"),
};
