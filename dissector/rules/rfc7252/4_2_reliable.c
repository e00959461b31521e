/* RFC 7252 section 4.2: what answers a Confirmable message. Table 1 of section 4.3 sums up which
 * type may carry what: its forbidden places are a request in an ACK, anything in an RST, and an
 * Empty NON (4_3_unreliable.c). */
#include "rules/doubt.h"
#include "track/unanswerable.h"

/* ------------------------------------------------------------------ ACK */

static struct cs_verdict ack_carries_no_request(const struct cs_view *view)
{
    if ((view->traits & CS_T_MISPLACED) != 0)
        return cs_broken(view, view->message->code_at, "the code of this ACK is %u.%02u, a method",
                         CS_CODE_CLASS(view->message->code), CS_CODE_DETAIL(view->message->code));
    return (view->traits & CS_T_RESERVED_CODE) != 0 ? cs_silent() : cs_held();
}

const struct cs_rule cs_rfc7252_acknowledgement_carries_no_request = {
    .id = "rfc7252/4.2/acknowledgement-carries-no-request",
    .spec = "RFC 7252",
    .section = "4.2",
    .level = CS_MUST,
    .says = "An Acknowledgement is Empty or carries a response.",
    .cause = "The type is set before the message is reused for a request, or a code is copied from "
             "the request.",
    .covers = CS_STRINGS("RFC7252-4.2-2b", "RFC7252-2.1-N1"),
    .on = CS_T_ACK,
    .suspect = CS_T_MISPLACED | CS_T_RESERVED_CODE,
    .check = ack_carries_no_request,
    .holds = CS_STRINGS("> CON GET /a mid=7 tok=01\n< ACK 2.05 mid=7 tok=01 | a",
                        "> CON GET /a mid=7 tok=01\n< ACK 0.00 mid=7"),
    .breaks = CS_STRINGS("> CON GET /a mid=7 tok=01\n< ACK GET /a mid=7 tok=01",
                         "> CON GET /a mid=7 tok=01\n< ACK GET mid=7 tok=01 max-age=9 | a"),
};

/* In a capture, an ACK whose Confirmable message is missing proves nothing: the capture may have
 * missed that. It does when all datagrams are known, and when a piggybacked response has the token
 * of a request that still waits for its acknowledgement, under another Message ID. For that to be
 * innocent, the capture must have missed a second request with the same token. Block transfers and
 * observations keep a token, and either side may begin them; other clients have one for everything,
 * a short one, and then the Message ID is one of their next, if they count. */
enum { FEW = 16 };

static bool keeps_token(const struct cs_view *view, const struct cs_sent *request)
{
    const struct cs_message *m = view->message;
    const bool counts = view->flow->counted[request->side] > 0;
    const uint64_t options = CS_OPTION_BIT(CS_OPT_OBSERVE) | CS_OPTION_BIT(CS_OPT_BLOCK1) |
                             CS_OPTION_BIT(CS_OPT_BLOCK2) | CS_OPTION_BIT(CS_OPT_Q_BLOCK1) |
                             CS_OPTION_BIT(CS_OPT_Q_BLOCK2);
    return (m->option_set & options) != 0 ||
           (request->flags & (CS_SENT_BLOCK | CS_SENT_OBSERVE | CS_SENT_TOKEN_AGAIN)) != 0 ||
           (request->token_length < CS_LONG_TOKEN &&
            (!counts || cs_mid_is_near(m->mid, request->mid, FEW)));
}

static bool belongs_to_waiting_request(const struct cs_view *view)
{
    const struct cs_sent *r = view->request;
    if ((view->traits & CS_T_ANSWER) == 0 || r->type != CS_CON || r->token_length == 0)
        return false;
    if (view->capture_lossy || !cs_time_runs(view))
        return false;
    const uint32_t closed = CS_SENT_ACKED | CS_SENT_RESET | CS_SENT_SEPARATE;
    if ((r->flags & closed) != 0 || r->responses > 1 || view->request_flow != view->flow ||
        keeps_token(view, r))
        return false;
    return view->now_ns - cs_sent_last_ns(r) < view->parameters->ack_timeout_ns;
}

/* The two octets in the other order: of a message that the capture missed, this is one in 65536. */
static bool is_swapped(uint16_t mid, uint16_t other)
{
    return mid == (uint16_t)(other << 8 | other >> 8);
}

/* Or when the other side counts its Message IDs and is nowhere near this one, while it waits. To be
 * innocent, the capture must have missed the real answer and a message of another count. Few ahead
 * or behind is where a missed message would be; so is some way off when one counter serves all
 * peers; and some give a NON response the Message ID of its request. */
enum { SOME_WAY = 4096 };

static bool never_was(const struct cs_view *view)
{
    const struct cs_flow *flow = view->flow;
    const struct cs_sent *waiting = view->waiting;
    if (waiting == NULL || view->capture_lossy || !cs_time_runs(view))
        return false;
    const uint16_t mid = view->message->mid;
    if (is_swapped(mid, waiting->mid)
            ? cs_mid_is_near(mid, waiting->mid, FEW)
            : flow->counted[1 - view->side] == 0 || cs_mid_is_near(mid, waiting->mid, SOME_WAY) ||
                  cs_mid_is_near(mid, flow->last_mid[view->side], SOME_WAY))
        return false;
    return (waiting->type == CS_CON || cs_code_is_request(waiting->code)) &&
           (waiting->traits & CS_T_MULTICAST) == 0 && cs_soon_after(view, waiting);
}

static struct cs_verdict ack_echoes_mid(const struct cs_view *view)
{
    const struct cs_message *m = view->message;
    if ((view->traits & CS_T_STRAY_REPLY) == 0)
        return cs_held();
    if (belongs_to_waiting_request(view))
        return cs_with_packet(
            cs_broken(view, view->message->mid_at,
                      "the request with this token has Message ID 0x%04x, this ACK has 0x%04x",
                      view->request->mid, m->mid),
            view->request->packet);
    if (never_was(view))
        return cs_with_packet(
            cs_broken(view, view->message->mid_at,
                      "the previous message has Message ID 0x%04x, this ACK has 0x%04x",
                      view->waiting->mid, m->mid),
            view->waiting->packet);
    if (view->flow->whole)
        return cs_broken(view, view->message->mid_at,
                         "no message with Message ID 0x%04x was sent to it", m->mid);
    return cs_undecided("the capture may have missed the message that is acknowledged");
}

const struct cs_rule cs_rfc7252_acknowledgement_echoes_message_id = {
    .id = "rfc7252/4.2/acknowledgement-echoes-message-id",
    .spec = "RFC 7252",
    .section = "4.2",
    .level = CS_MUST,
    .says =
        "An Acknowledgement has the Message ID of the Confirmable message that it acknowledges.",
    .cause = "The answer takes the next Message ID of its sender, or the two octets are swapped.",
    .covers = CS_STRINGS("RFC7252-4.2-2a", "RFC7252-4.4-1"),
    .on = CS_T_ACK,
    .suspect = CS_T_STRAY_REPLY,
    .check = ack_echoes_mid,
    .holds = CS_STRINGS("> CON GET /a mid=7 tok=01\n< ACK 2.05 mid=7 tok=01 | a",
                        "! whole\n> CON GET /a mid=7 tok=01\n< ACK 0.00 mid=7"),
    .breaks = CS_STRINGS(
        "> CON GET /a mid=7 tok=01\n< ACK 2.05 mid=1792 tok=01 | a",
        "> CON GET /a mid=7 tok=01020304\n< ACK 2.05 mid=8 tok=01020304 | a",
        "> CON GET /a mid=6 tok=01\n< ACK 2.05 mid=6 tok=01 | a\n> CON GET /b mid=7 tok=02\n"
        "< ACK 0.00 mid=0x8007\n+1 < CON 2.05 mid=90 tok=02 | b\n> ACK 0.00 mid=90",
        "> CON GET /b mid=0x1234 tok=02\n< ACK 0.00 mid=0x3412\n+1 < CON 2.05 mid=90 tok=02 | b\n"
        "> ACK 0.00 mid=90",
        "! whole\n> CON GET /a mid=7 tok=01\n< ACK 0.00 mid=8\n< ACK 2.05 mid=7 tok=01 | a"),
    .open = CS_STRINGS(
        "> CON GET /a mid=7 tok=01\n< ACK 0.00 mid=8", "< ACK 2.05 mid=7 tok=01 | a",
        "> CON GET /a mid=7 tok=01 block2=1/0/64\n< ACK 2.05 mid=8 tok=01 block2=1/0/64 | a",
        "> CON GET /a mid=7 tok=01 observe=0\n< ACK 2.05 mid=8 tok=01 observe=3 | a",
        "> CON GET /a mid=7 tok=01\n< ACK 2.05 mid=8 tok=01 block2=1/0/64 | a",
        "> CON GET /a mid=6 tok=01\n< ACK 2.05 mid=6 tok=01 | a\n> CON GET /b mid=7 tok=01\n"
        "< ACK 2.05 mid=90 tok=01 | c",
        "> CON GET /a mid=7 tok=01\n< ACK 2.05 mid=8 tok=01 | a",
        "> raw: 40 01 00 07 b1 61\n< raw: 60 45 00 08 ff 61"),
};

/* ------------------------------------------------------------------ RST */

static struct cs_verdict reset_is_empty(const struct cs_view *view)
{
    const uint8_t code = view->message->code;
    if (code == 0)
        return cs_held();
    if ((view->traits & CS_T_RESERVED_CODE) != 0)
        return cs_silent();
    return cs_broken(view, view->message->code_at, "the code of this RST is %u.%02u",
                     CS_CODE_CLASS(code), CS_CODE_DETAIL(code));
}

const struct cs_rule cs_rfc7252_reset_is_empty = {
    .id = "rfc7252/4.2/reset-is-empty",
    .spec = "RFC 7252",
    .section = "4.2",
    .level = CS_MUST,
    .says = "A Reset is Empty: its code is 0.00.",
    .cause = "The RST is made from the rejected message by changing only its type.",
    .covers = CS_STRINGS("RFC7252-4.2-3b", "RFC7252-2.1-N1"),
    .on = CS_T_RST,
    .check = reset_is_empty,
    .holds = CS_STRINGS("> CON 0.00 mid=7\n< RST 0.00 mid=7",
                        "> CON GET /a mid=7 tok=01\n< RST 0.00 mid=7"),
    .breaks = CS_STRINGS("> CON GET /a mid=7 tok=01\n< RST 4.00 mid=7 tok=01",
                         "> CON GET /a mid=7 tok=01\n< RST GET /a mid=7 tok=01"),
};

static struct cs_verdict reset_echoes_mid(const struct cs_view *view)
{
    if ((view->traits & CS_T_STRAY_REPLY) == 0)
        return cs_held();
    if (never_was(view))
        return cs_with_packet(
            cs_broken(view, view->message->mid_at,
                      "the previous message has Message ID 0x%04x, this RST has 0x%04x",
                      view->waiting->mid, view->message->mid),
            view->waiting->packet);
    if (!view->flow->whole)
        return cs_undecided("the capture may have missed the message that is rejected");
    if (view->flow->groups && view->flow->messages[1 - view->side] == 0)
        return cs_undecided("it may reject a message that was sent to a group");
    return cs_broken(view, view->message->mid_at,
                     "no CON or NON with Message ID 0x%04x was sent to it", view->message->mid);
}

const struct cs_rule cs_rfc7252_reset_echoes_message_id = {
    .id = "rfc7252/4.2/reset-echoes-message-id",
    .spec = "RFC 7252",
    .section = "4.2",
    .level = CS_MUST,
    .says = "A Reset has the Message ID of a Confirmable or Non-confirmable message that was sent "
            "to its sender.",
    .cause = "The RST takes the next Message ID of its sender, or answers an ACK or RST, which get "
             "no answer.",
    .covers = CS_STRINGS("RFC7252-4.2-3a", "RFC7252-4.3-N1", "RFC7252-4.2-N6", "RFC7252-4.4-1"),
    .on = CS_T_RST,
    .check = reset_echoes_mid,
    .holds = CS_STRINGS("! whole\n> CON 0.00 mid=7\n< RST 0.00 mid=7",
                        "! whole\n> NON GET /a mid=7 tok=01\n< RST 0.00 mid=7"),
    .breaks = CS_STRINGS(
        "> NON GET /a mid=6 tok=01\n< NON 2.05 mid=90 tok=01 | a\n> CON 0.00 mid=7\n"
        "< RST 0.00 mid=0x8007",
        "> CON 0.00 mid=0x1234\n< RST 0.00 mid=0x3412",
        "! whole\n> CON 0.00 mid=7\n< RST 0.00 mid=8\n< RST 0.00 mid=7",
        "! whole\n> NON GET /a mid=7 tok=01\n< RST 0.00 mid=8",
        "! whole\n> CON GET /a mid=7 tok=01\n< CON 2.05 mid=90 tok=01 | a\n> ACK 0.00 mid=90\n"
        "< RST 0.00 mid=91\n< ACK 0.00 mid=7"),
    .open = CS_STRINGS("> CON 0.00 mid=7\n< RST 0.00 mid=8", "< RST 0.00 mid=8",
                       "! whole\n>* NON GET /a mid=7 tok=01\n< RST 0.00 mid=7"),
};

/* ------------------------------------------------------------------ ping */

static struct cs_verdict ping_gets_reset(const struct cs_view *view)
{
    const struct cs_sent *ping = view->acked;
    if (ping->type != CS_CON || ping->fault != CS_FAULT_NONE)
        return cs_silent();
    if (view->message->type == CS_RST)
        return cs_held();
    if (!cs_replies_surely(view))
        return cs_undecided("another message with this Message ID may have been missed");
    return cs_with_packet(
        cs_broken(view, 0, "the Empty CON with Message ID 0x%04x is acknowledged", ping->mid),
        ping->packet);
}

const struct cs_rule cs_rfc7252_ping_is_answered_by_reset = {
    .id = "rfc7252/4.2/ping-is-answered-by-reset",
    .spec = "RFC 7252",
    .section = "4.2",
    .level = CS_MUST,
    .says =
        "An Empty Confirmable message is rejected: its answer is a Reset, not an Acknowledgement.",
    .cause = "Every CON is acknowledged before its code is checked.",
    .covers = CS_STRINGS("RFC7252-4.2-N5"),
    .on = CS_T_REPLY,
    .to = CS_T_EMPTY,
    .check = ping_gets_reset,
    .holds = CS_STRINGS("> CON 0.00 mid=7\n< RST 0.00 mid=7"),
    .breaks = CS_STRINGS("> CON 0.00 mid=7\n< ACK 0.00 mid=7"),
    .open = CS_STRINGS("> CON GET /a mid=12 tok=01\n< ACK 2.05 mid=12 tok=01 | a\n"
                       "+20 > CON 0.00 mid=1\n< ACK 0.00 mid=1"),
};

/* ------------------------------------------------------------------ no answer to an answer */

/* An Empty ACK or RST that carries the Message ID of its own sender's message, moments after that
 * was answered: it answers the answer. To be innocent, the other side would have had to send a
 * message with that very Message ID, unseen; which happens where both count from the same small
 * number, or otherwise in step: so where a separate response is due, too. */
static const uint64_t at_once_ns = UINT64_C(2000000000);

/* The same of an ACK or RST that answers nothing, or cannot be processed. Here the innocent message is one of the other side
 * that the capture missed. */
static struct cs_verdict strays_are_not_answered(const struct cs_view *view)
{
    const struct cs_unanswerable *u = view->known.unanswerable;
    const uint16_t mid = view->message->mid;
    const unsigned other = 1 - view->side;
    if (u == NULL || u->kind == CS_OTHER_VERSION || u->mid != mid || view->capture_lossy ||
        !cs_time_runs(view) || (view->traits & CS_T_EMPTY) == 0 ||
        view->now_ns - u->time_ns > at_once_ns)
        return cs_silent();
    const bool elsewhere = (view->flow->asked >> other & 1u) != 0 &&
                           !cs_mid_is_near(mid, view->flow->last_mid[other], SOME_WAY);
    if (!view->flow->whole && (mid < CS_COUNTERS_BEGIN || !elsewhere))
        return cs_undecided("the capture may have missed the message that is answered");
    return cs_with_packet(
        cs_broken(view, 0, "Message ID 0x%04x is that of an ACK or RST, which gets no answer", mid),
        u->packet);
}

static struct cs_verdict replies_are_not_answered(const struct cs_view *view)
{
    const struct cs_sent *own = view->former;
    if ((view->traits & CS_T_STRAY_REPLY) == 0)
        return cs_held();
    if (own == NULL)
        return strays_are_not_answered(view);
    if ((own->flags & (CS_SENT_ACKED | CS_SENT_RESET)) == 0 || view->capture_lossy ||
        !cs_time_runs(view))
        return cs_silent();
    if (view->now_ns - cs_sent_reply_ns(own) > at_once_ns || (view->traits & CS_T_EMPTY) == 0)
        return cs_silent();
    const uint32_t answer = CS_SENT_ACKED | CS_SENT_REPLY_EMPTY | CS_SENT_RESPONDED;
    const bool promised = cs_code_is_request(own->code) &&
                          (own->flags & answer) == (CS_SENT_ACKED | CS_SENT_REPLY_EMPTY);
    const bool in_step =
        (view->flow->asked >> (1 - view->side) & 1u) != 0 &&
        cs_mid_is_near(own->mid, view->flow->last_mid[1 - view->side], CS_COUNTERS_BEGIN);
    if ((own->mid < CS_COUNTERS_BEGIN || in_step || promised) && !view->flow->whole)
        return cs_undecided("two counters of Message IDs may have met");
    return cs_with_packet(
        cs_with_packet(cs_broken(view, 0,
                                 "Message ID 0x%04x is that of its own message, which was answered",
                                 own->mid),
                       own->packet + own->reply_packets),
        own->packet);
}

const struct cs_rule cs_rfc7252_reply_is_not_acknowledged = {
    .id = "rfc7252/4.2/reply-is-not-acknowledged",
    .spec = "RFC 7252",
    .section = "4.2",
    .level = CS_MUST_NOT,
    .says = "An Acknowledgement or Reset is not answered by an Acknowledgement.",
    .cause = "Every incoming message is acknowledged, whatever its type.",
    .covers = CS_STRINGS("RFC7252-4.2-4"),
    .on = CS_T_ACK,
    .suspect = CS_T_STRAY_REPLY,
    .check = replies_are_not_answered,
    .holds = CS_STRINGS("> CON GET /a mid=7 tok=01\n< ACK 2.05 mid=7 tok=01 | a"),
    .breaks = CS_STRINGS(
        "> CON GET /a mid=700 tok=01\n< ACK 2.05 mid=700 tok=01 | a\n> ACK 0.00 mid=700"),
    .open = CS_STRINGS("> CON GET /a mid=1 tok=01\n< ACK 2.05 mid=1 tok=01 | a\n> ACK 0.00 mid=1",
                       "< NON 2.05 mid=699 tok=0102 observe=4 | a\n> CON GET /a mid=700 tok=01\n"
                       "< ACK 2.05 mid=700 tok=01 | a\n> ACK 0.00 mid=700"),
};

const struct cs_rule cs_rfc7252_reply_is_not_rejected = {
    .id = "rfc7252/4.2/reply-is-not-rejected",
    .spec = "RFC 7252",
    .section = "4.2",
    .level = CS_MUST_NOT,
    .says = "An Acknowledgement or Reset is not answered by a Reset; it is ignored.",
    .cause = "A late or duplicate answer is rejected as if it were a CON.",
    .covers = CS_STRINGS("RFC7252-4.2-4"),
    .on = CS_T_RST,
    .suspect = CS_T_STRAY_REPLY,
    .check = replies_are_not_answered,
    .holds = CS_STRINGS("> CON 0.00 mid=7\n< RST 0.00 mid=7"),
    .breaks =
        CS_STRINGS("> CON GET /a mid=700 tok=01\n< ACK 2.05 mid=700 tok=01 | a\n> RST 0.00 mid=700",
                   "> CON 0.00 mid=700\n< RST 0.00 mid=700\n> RST 0.00 mid=700",
                   "> NON GET /a mid=700 tok=01\n< NON 2.05 mid=90 tok=01 | a\n"
                   "> ACK 0.00 mid=0x6564\n< RST 0.00 mid=0x6564",
                   "> NON GET /a mid=700 tok=01\n< NON 2.05 mid=90 tok=01 | a\n"
                   "> raw: 60 45 65 64 ff\n< RST 0.00 mid=0x6564"),
    .also = CS_STRINGS("rfc7252/3/payload-marker-has-payload"),
    .open = CS_STRINGS("> RST 0.00 mid=0\n< RST 0.00 mid=0",
                       "> NON GET /a mid=0x6500 tok=01\n< NON 2.05 mid=90 tok=01 | a\n"
                       "> ACK 0.00 mid=0x6564\n< RST 0.00 mid=0x6564",
                       "> CON GET /a mid=1 tok=01\n< ACK 2.05 mid=1 tok=01 | a\n> RST 0.00 mid=1"),
};

/* ------------------------------------------------------------------ every CON is answered */

/* "Nothing came" is known only where every datagram is; and the way may lose a message or two there
 * as well. So it takes a whole series of transmissions, and a conversation that went on until its
 * sender may give up, MAX_TRANSMIT_WAIT after the first one. How long the stream goes on with
 * others does not count: that is a matter of what else a run has to do. A message of another
 * version is silently ignored by right (section 3), and so is one too short to have a Message ID. */
static struct cs_verdict con_is_answered(const struct cs_view *view)
{
    const struct cs_sent *own = view->own;
    const struct cs_parameters *p = view->parameters;
    if (own->type != CS_CON || (own->traits & CS_T_MULTICAST) != 0)
        return cs_silent();
    if ((own->flags & (CS_SENT_ACKED | CS_SENT_RESET)) != 0)
        return cs_blame_receiver(cs_held());
    if (!view->flow->whole || view->capture_lossy || (own->flags & CS_SENT_EVICTED) != 0)
        return cs_blame_receiver(cs_undecided("the capture may have missed the answer"));
    if (view->flow->messages[1 - own->side] == 0)
        return cs_blame_receiver(cs_undecided("no message at all came from that address"));
    if (own->copies <= p->max_retransmit)
        return cs_blame_receiver(cs_undecided("this few transmissions may all have been lost"));
    if (view->flow->last_ns < own->first_ns + p->max_transmit_wait_ns)
        return cs_blame_receiver(
            cs_undecided("the conversation ended before there was time for an answer"));
    return cs_blame_receiver(cs_broken(view, CS_NO_OCTET,
                                       "%u transmissions of this CON brought neither ACK nor RST",
                                       own->copies));
}

const struct cs_rule cs_rfc7252_confirmable_is_answered = {
    .id = "rfc7252/4.2/confirmable-is-answered",
    .spec = "RFC 7252",
    .section = "4.2",
    .level = CS_MUST,
    .says = "A Confirmable message is acknowledged, or rejected by a Reset.",
    .cause = "The receiver drops messages that it cannot process, or sends a separate response "
             "without the ACK.",
    .covers = CS_STRINGS("RFC7252-4.2-1"),
    .of = CS_OF_CLOSED,
    .on = CS_C_CLOSED,
    .check = con_is_answered,
    .holds = CS_STRINGS("! whole\n> CON GET /a mid=7 tok=01\n< ACK 2.05 mid=7 tok=01 | a\n+300 end",
                        "! whole\n> CON 0.00 mid=7\n< RST 0.00 mid=7\n+300 end"),
    .breaks = CS_STRINGS("! whole\n< NON 2.05 mid=90 tok=0102 observe=4 | a\n"
                         "> CON 0.00 mid=7\n+2.5 > CON 0.00 mid=7\n+5 > CON 0.00 mid=7\n"
                         "+10 > CON 0.00 mid=7\n+20 > CON 0.00 mid=7\n"
                         "+60 < NON 2.05 mid=91 tok=0102 observe=5 | b"),
    .open = CS_STRINGS("> CON GET /a mid=7 tok=01\n< NON 2.05 mid=90 tok=01 | a\n+300 end",
                       "! whole\n> CON GET /a mid=7 tok=01\n< NON 2.05 mid=90 tok=01 | a\n+300 end",
                       "! whole\n< NON 2.05 mid=90 tok=0102 observe=4 | a\n"
                       "> CON 0.00 mid=7\n+2.5 > CON 0.00 mid=7\n+5 > CON 0.00 mid=7\n"
                       "+10 > CON 0.00 mid=7\n+20 > CON 0.00 mid=7\n+300 end",
                       "! lossy\n> CON GET /a mid=7 tok=01\n+300 end"),
};
