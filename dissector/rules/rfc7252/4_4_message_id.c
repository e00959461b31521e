/* RFC 7252 section 4.4: Message IDs are not used again while the other side may remember them. */
#include "rules/doubt.h"

/* A Message ID that comes again with another message is an error of its sender, or it has another
 * sender: the device was started again, its port went to somebody else, two captures were joined.
 * The RFC excuses none of these, but whoever reads a report wants to know of errors. A restart
 * takes its time, and does not come after every message: so a reuse within seconds is blamed, a
 * third message with one Message ID, in a row or within EXCHANGE_LIFETIME, and any reuse where the
 * whole conversation is known; else it stays open. A changed retransmission is judged in 4_2_retransmission.c. */
enum { IN_A_ROW = 2 };

static struct cs_verdict mid_is_new(const struct cs_view *view)
{
    const struct cs_sent *own = view->own, *former = view->former;
    if ((view->traits & CS_T_MID_REUSED) == 0 || own == NULL)
        return cs_held();
    const bool answered = (former->flags & (CS_SENT_ACKED | CS_SENT_RESET)) != 0;
    const bool same = own->token == former->token && own->code == former->code;
    if (same && own->type == CS_CON && former->type == CS_CON && !answered &&
        view->now_ns - former->first_ns <= view->parameters->max_transmit_wait_ns)
        return cs_silent();
    if (own->fault == CS_FAULT_CUT || former->fault == CS_FAULT_CUT)
        return cs_undecided("the capture holds only a part of a message");
    if (!cs_time_runs(view))
        return cs_undecided("the stream's time goes back: captures may have been joined");
    const uint64_t gap = view->now_ns - cs_sent_last_ns(former);
    const bool again =
        view->flow->same_mid[view->side] >= IN_A_ROW || (former->traits & CS_T_MID_REUSED) != 0;
    if (!view->flow->whole && gap > CS_RESTART_NS && !again)
        return cs_undecided("the sender may have restarted, or its port may have a new owner");
    return cs_with_packet(cs_broken(view, view->message->mid_at,
                                    "Message ID 0x%04x was used %u.%03u s ago for another message",
                                    own->mid, (unsigned)(gap / 1000000000),
                                    (unsigned)(gap / 1000000 % 1000)),
                          former->packet);
}

const struct cs_rule cs_rfc7252_message_id_is_new = {
    .id = "rfc7252/4.4/message-id-is-new",
    .spec = "RFC 7252",
    .section = "4.4",
    .level = CS_MUST_NOT,
    .says = "A new message has a Message ID that its sender did not use with this endpoint within "
            "EXCHANGE_LIFETIME.",
    .cause = "The Message ID is constant, is random without remembering used ones, or is an 8-bit "
             "counter.",
    .covers = CS_STRINGS("RFC7252-4.4-2", "RFC7252-4.4-N2"),
    .on = CS_T_FIRST | CS_T_TYPED,
    .suspect = CS_T_MID_REUSED,
    .check = mid_is_new,
    .holds = CS_STRINGS(
        "> CON GET /a mid=7 tok=01\n< ACK 2.05 mid=7 tok=01 | a\n> CON GET /b mid=8 tok=02",
        "> NON GET /a mid=7 tok=01\n< NON 2.05 mid=7 tok=01 | a",
        "> CON GET /a mid=7 tok=01\n< ACK 2.05 mid=7 tok=01 | a\n+250 > CON GET /b mid=7 tok=02",
        "> NON GET /a mid=7 tok=01\n2> NON GET /b mid=7 tok=02"),
    .breaks = CS_STRINGS(
        "> CON GET /a mid=7 tok=01\n< ACK 2.05 mid=7 tok=01 | a\n> CON GET /b mid=7 tok=02",
        "> NON PUT /a mid=7 tok=01 | 1\n+1 > NON PUT /a mid=7 tok=01 | 2",
        "> NON PUT /a mid=7 tok=01 | 1\n+4 > NON PUT /a mid=7 tok=02 | 2\n+30 > NON PUT /a mid=7 "
        "tok=03 | 3",
        "> CON GET /a mid=7 tok=01\n< ACK 2.05 mid=7 tok=01 | a\n+30 > CON GET /b mid=8 tok=02\n"
        "< ACK 2.05 mid=8 tok=02 | b\n+30 > CON GET /c mid=7 tok=03\n< ACK 2.05 mid=7 tok=03 | c\n"
        "+30 > CON GET /d mid=8 tok=04\n< ACK 2.05 mid=8 tok=04 | d\n+30 > CON GET /e mid=7 tok=05",
        "! whole\n> NON PUT /a mid=7 tok=01 | 1\n+100 > NON PUT /a mid=7 tok=02 | 2"),
    .open = CS_STRINGS(
        "> CON GET /a mid=7 tok=01\n< ACK 2.05 mid=7 tok=01 | a\n+60 > CON GET /b mid=7 tok=02"),
};
