/* RFC 7252 section 9.1.1: what is repeated is repeated in its epoch. */
#include "rules/sessions.h"

/* Messages of two epochs do not belong together, so the tracker calls it new, and says of which it is the copy. */
static struct cs_verdict epoch_has_its_own(const struct cs_view *view)
{
    const struct cs_sent *own = view->own, *former = view->former;
    if (own == NULL)
        return cs_silent();
    if (former == NULL || former->flow == own->flow || former->mid != own->mid ||
        former->content != own->content)
        return cs_held();
    if (own->code == 0)
        return cs_undecided("all Empty messages look the same");
    if ((former->flags & (CS_SENT_ACKED | CS_SENT_RESET)) != 0)
        return cs_undecided(
            "the former one has its reply: this one may be a new, identical message");
    /* in a capture its reply may be missing, and whoever counts from the beginning again says the same soon */
    if (!view->flow->whole &&
        view->now_ns < cs_sent_last_ns(former) + view->parameters->ack_timeout_ns)
        return cs_undecided(
            "it comes too soon for a repetition: it may be a new, identical message");
    return cs_with_packet(
        cs_broken(view, view->message->mid_at,
                  "it repeats packet %llu, which was sent before the renegotiation",
                  (unsigned long long)former->packet),
        former->packet);
}

const struct cs_rule cs_rfc7252_epochs_share_no_retransmission = {
    .id = "rfc7252/9.1.1/epochs-share-no-retransmission",
    .spec = "RFC 7252",
    .section = "9.1.1",
    .level = CS_MUST_NOT,
    .says = "A CON sent before a DTLS renegotiation is not retransmitted after it.",
    .cause = "The retransmission queue stores the session, but not the epoch in which the message "
             "was sent.",
    .covers = CS_STRINGS("RFC7252-9.1.1-3"),
    .on = CS_T_RENEWED | CS_T_CON | CS_T_FIRST | CS_T_WELL_FORMED,
    .check = epoch_has_its_own,
    .holds = CS_STRINGS("> in-dtls: CON GET /a mid=7 tok=01\n"
                        "+3 > in-epoch-2: CON GET /a mid=8 tok=01",
                        "> in-dtls: CON GET /a mid=7 tok=01\n"
                        "+3 > in-epoch-2: CON GET /b mid=7 tok=02"),
    .breaks = CS_STRINGS("> in-dtls: CON GET /a mid=7 tok=01\n"
                         "+3 > in-epoch-2: CON GET /a mid=7 tok=01",
                         "> in-dtls: CON GET /a mid=7 tok=01\n< in-dtls: ACK 0.00 mid=7\n"
                         "< in-dtls: CON 2.05 mid=90 tok=01 | a\n"
                         "+3 < in-epoch-2: CON 2.05 mid=90 tok=01 | a"),
    .open = CS_STRINGS("> in-dtls: CON 0.00 mid=7\n+3 > in-epoch-2: CON 0.00 mid=7",
                       "> in-dtls: CON GET /a mid=7 tok=01\n< in-dtls: ACK 2.05 mid=7 tok=01 | a\n"
                       "+3 > in-epoch-2: CON GET /a mid=7 tok=01",
                       "> in-dtls: CON GET /a mid=7 tok=01\n"
                       "+1 > in-epoch-2: CON GET /a mid=7 tok=01"),
};
