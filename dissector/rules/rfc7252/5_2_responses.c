/* RFC 7252 section 5.2: responses and the messages that carry them. */
#include "rules/doubt.h"

/* ------------------------------------------------------------------ the ACK of a response */

static struct cs_verdict ack_of_response_is_empty(const struct cs_view *view)
{
    const struct cs_sent *sent = view->acked;
    const uint8_t code = view->message->code;
    if (sent->type != CS_CON || cs_code_is_request(code))
        return cs_silent();
    if (code == 0)
        return cs_held();
    if (!cs_replies_surely(view))
        return cs_undecided("a request with this Message ID may have been missed");
    return cs_with_packet(cs_broken(view, view->message->code_at,
                                    "this ACK of a response has code %u.%02u", CS_CODE_CLASS(code),
                                    CS_CODE_DETAIL(code)),
                          sent->packet);
}

const struct cs_rule cs_rfc7252_ack_of_response_is_empty = {
    .id = "rfc7252/5.2.2/acknowledgement-of-response-is-empty",
    .spec = "RFC 7252",
    .section = "5.2.2",
    .level = CS_MUST,
    .says = "The Acknowledgement of a separate Confirmable response is Empty.",
    .cause = "The client acknowledges with the code of what it received.",
    .covers = CS_STRINGS("RFC7252-5.2.2-3"),
    .on = CS_T_REPLY | CS_T_ACK,
    .to = CS_T_RESPONSE,
    .check = ack_of_response_is_empty,
    .holds = CS_STRINGS("> CON GET /a mid=7 tok=01\n< ACK 0.00 mid=7\n+1 < CON 2.05 mid=90 tok=01 "
                        "| a\n> ACK 0.00 mid=90"),
    .breaks =
        CS_STRINGS("> CON GET /a mid=7 tok=01\n< ACK 0.00 mid=7\n+1 < CON 2.05 mid=90 tok=01 | a\n"
                   "> ACK 2.05 mid=90 tok=01"),
};

/* ------------------------------------------------------------------ the response after an ACK */

/* Told apart from a relaxed deduplication, where the second ACK carries what the first one did:
 * here the first was Empty. A client that starts anew and says the same under the same Message ID,
 * though, may get another kind of answer: what comes later than a retransmission can does not
 * count. */
static struct cs_verdict promised_response_is_separate(const struct cs_view *view)
{
    const struct cs_sent *sent = view->acked;
    if (!cs_code_is_request(sent->code) || sent->type != CS_CON)
        return cs_silent();
    if ((view->traits & CS_T_REPEAT_REPLY) == 0 || (sent->flags & CS_SENT_REPLY_EMPTY) == 0 ||
        sent->reply_code != 0)
        return cs_held();
    if ((view->traits & CS_T_RESPONSE) == 0)
        return cs_held();
    const bool soon = view->now_ns - cs_sent_reply_ns(sent) <= CS_RESTART_NS && cs_time_runs(view);
    if ((sent->flags & CS_SENT_RESET) != 0)
        return cs_undecided(
            "the request was rejected as well: two endpoints may share the address");
    if ((sent->traits & CS_T_MID_REUSED) != 0 || (!soon && !view->flow->whole))
        return cs_undecided("one of the two may have restarted");
    return cs_with_packet(
        cs_with_packet(cs_broken(view, view->message->code_at,
                                 "an Empty ACK came before for Message ID 0x%04x", sent->mid),
                       sent->packet + sent->reply_packets),
        sent->packet);
}

const struct cs_rule cs_rfc7252_promised_response_is_separate = {
    .id = "rfc7252/5.2.2/promised-response-is-separate",
    .spec = "RFC 7252",
    .section = "5.2.2",
    .level = CS_MUST_NOT,
    .says = "After an Empty Acknowledgement the response does not come in another Acknowledgement.",
    .cause = "A timer sends the Empty ACK and does not inform the code that builds the response.",
    .covers = CS_STRINGS("RFC7252-5.2.2-1"),
    .on = CS_T_REPLY | CS_T_ACK,
    .check = promised_response_is_separate,
    .holds = CS_STRINGS("> CON GET /a mid=7 tok=01\n< ACK 0.00 mid=7\n+1 < CON 2.05 mid=90 tok=01 "
                        "| a\n> ACK 0.00 mid=90"),
    .breaks =
        CS_STRINGS("> CON GET /a mid=7 tok=01\n< ACK 0.00 mid=7\n+1 < ACK 2.05 mid=7 tok=01 | a"),
};

/* ------------------------------------------------------------------ NON for NON */

/* Whether a notification is confirmable is the server's choice, whatever the registration was (RFC
 * 7641 section 4.5). */
static struct cs_verdict non_gets_non(const struct cs_view *view)
{
    const struct cs_sent *request = view->request;
    if (request->type != CS_NON || (request->flags & CS_SENT_OBSERVE) != 0 ||
        cs_message_has(view->message, CS_OPT_OBSERVE))
        return cs_silent();
    if (view->message->type == CS_NON)
        return cs_held();
    if (!cs_answers_surely(view))
        return cs_undecided("another request with this token may have been missed");
    return cs_with_packet(cs_broken(view, 0, "a CON answers a NON"), request->packet);
}

const struct cs_rule cs_rfc7252_nonconfirmable_request_gets_nonconfirmable_response = {
    .id = "rfc7252/5.2.3/nonconfirmable-request-gets-nonconfirmable-response",
    .spec = "RFC 7252",
    .section = "5.2.3",
    .level = CS_SHOULD,
    .says = "The response to a Non-confirmable request is Non-confirmable.",
    .cause = "Separate responses are always sent as CON.",
    .covers = CS_STRINGS("RFC7252-5.2.3-1"),
    .on = CS_T_ANSWER | CS_T_SEPARATE | CS_T_FIRST,
    .check = non_gets_non,
    .holds = CS_STRINGS("> NON GET /a mid=7 tok=0102\n< NON 2.05 mid=90 tok=0102 | a"),
    .breaks = CS_STRINGS(
        "> NON GET /a mid=7 tok=01020304\n< CON 2.05 mid=90 tok=01020304 | a\n> ACK 0.00 mid=90"),
    .open =
        CS_STRINGS("> NON GET /a mid=7 tok=01\n< CON 2.05 mid=90 tok=01 | a\n> ACK 0.00 mid=90"),
};

/* ------------------------------------------------------------------ a Message ID of its own */

/* The two ends count their Message IDs each for itself, and now and then they meet. Once is
 * chance, and two that count in step go on meeting. Where the other end is ours, its Message IDs
 * begin at random and do not stand in a row: twice is one in millions and taken for copying. Only of a Confirmable response the text says that its Message ID is
 * new and the server's choice. Stacks that copy it into a NON response break nothing by that, as
 * long as it does not meet another of their own: message-id-is-new sees that. */
static struct cs_verdict response_has_own_mid(const struct cs_view *view)
{
    const struct cs_sent *request = view->request;
    if (view->message->mid != request->mid)
        return cs_held();
    if (view->message->type == CS_NON)
        return cs_undecided("no sentence forbids copying the Message ID into a NON");
    if (!view->flow->whole || request->responses > 1 || view->flow->copied < 2)
        return cs_undecided("two counters of Message IDs may have met");
    return cs_with_packet(cs_broken(view, view->message->mid_at,
                                    "the Message ID 0x%04x is that of the request", request->mid),
                          request->packet);
}

const struct cs_rule cs_rfc7252_separate_response_has_own_message_id = {
    .id = "rfc7252/5.2.2/separate-response-has-own-message-id",
    .spec = "RFC 7252",
    .section = "5.2.2",
    .level = CS_SPEC,
    .says = "A separate Confirmable response has its own Message ID, not that of the request.",
    .cause = "The response is built in the buffer of the request, or the Message ID is copied as "
             "for an ACK.",
    .covers = CS_STRINGS("RFC7252-5.2.2-N1"),
    .on = CS_T_ANSWER | CS_T_SEPARATE | CS_T_FIRST,
    .check = response_has_own_mid,
    .holds = CS_STRINGS("> NON GET /a mid=7 tok=0102\n< NON 2.05 mid=90 tok=0102 | a"),
    .breaks = CS_STRINGS("! whole\n> CON GET /a mid=7 tok=0102\n< ACK 0.00 mid=7\n"
                         "< CON 2.05 mid=7 tok=0102 | a\n> ACK 0.00 mid=7\n"
                         "> CON GET /a mid=40 tok=0103\n< ACK 0.00 mid=40\n"
                         "< CON 2.05 mid=40 tok=0103 | a\n> ACK 0.00 mid=40"),
    .open = CS_STRINGS("> CON GET /a mid=7 tok=0102\n< ACK 0.00 mid=7\n< CON 2.05 mid=7 tok=0102 | "
                       "a\n> ACK 0.00 mid=7",
                       "! whole\n> NON GET /a mid=7 tok=0102\n< NON 2.05 mid=7 tok=0102 | a",
                       "! whole\n> CON GET /a mid=7 tok=0102\n< ACK 0.00 mid=7\n"
                       "< CON 2.05 mid=7 tok=0102 | a\n> ACK 0.00 mid=7\n"
                       "> CON GET /a mid=8 tok=0103\n< ACK 0.00 mid=8\n"
                       "< CON 2.05 mid=8 tok=0103 | a\n> ACK 0.00 mid=8"),
};
