/* RFC 7252 section 4.2: retransmission.
 *
 * Two things look like a retransmission and are none: the same packet captured twice (on the `any`
 * interface, on both sides of a bridge), and a packet that the network doubled. Both come within
 * moments, no back-off does; so what repeats a message after less than PATH_MS is laid to the
 * path.
 *
 * ACK_TIMEOUT and MAX_RETRANSMIT may be configured (section 4.8.1). Unless the device profile
 * declares them, a verdict that hangs on their values is given only where no values could excuse
 * what is seen. */
#include <stdlib.h>

#include "rules/doubt.h"

enum { PATH_MS = 100, NS_PER_MS = 1000000 };

static bool by_the_path(unsigned gap_ms) { return gap_ms < PATH_MS; }

/* Between this transmission and the one before; only the first four are kept. */
static bool last_gap(const struct cs_sent *own, unsigned *ms)
{
    if (own->copies < 2 || own->copies > 5)
        return false;
    *ms = own->gap_ms[own->copies - 2];
    return true;
}

/* The captures of both ends joined, one clock ahead of the other, show one retransmission as three, whose intervals depend
 * on the clocks, the first and the last being the same. Timers without back-off are alike in all three. */
static bool is_even(const uint16_t *gap_ms)
{
    enum { JITTER_MS = 50, CLOCK_MS = 5 };
    const int inner = abs(gap_ms[1] - gap_ms[0]), outer = abs(gap_ms[2] - gap_ms[0]);
    unsigned least = gap_ms[0], most = gap_ms[0];
    for (unsigned i = 1; i < 3; i++) {
        least = gap_ms[i] < least ? gap_ms[i] : least;
        most = gap_ms[i] > most ? gap_ms[i] : most;
    }
    return most - least <= JITTER_MS + least / 32 && inner <= 2 * outer + CLOCK_MS;
}

/* ------------------------------------------------------------------ spacing */

/* Three retransmissions, each within a second of the one before, and no back-off between them.
 * Section 4.8.1 warns of timeouts below a second, but leaves them to who measures round trips; the
 * doubling it leaves to nobody. */
static bool is_storm(const struct cs_view *view)
{
    const struct cs_sent *own = view->own;
    const uint16_t *g = own->gap_ms;
    if (own->copies < 4)
        return false;
    for (unsigned i = 0; i < 3; i++)
        if (g[i] >= 1000 || (by_the_path(g[i]) && !view->flow->whole))
            return false;
    return 2 * g[2] <= 3 * g[0] + 20 && (view->flow->whole || is_even(g));
}

static struct cs_verdict spacing_is_ack_timeout(const struct cs_view *view)
{
    const struct cs_sent *own = view->own;
    unsigned gap;
    if (own->type != CS_CON || !last_gap(own, &gap) || (by_the_path(gap) && !is_storm(view)))
        return cs_silent();
    /* section 4.2 asks no accuracy of clocks: a tenth is theirs */
    const unsigned timeout = (unsigned)(view->parameters->ack_timeout_ns / NS_PER_MS);
    if (gap >= timeout - timeout / 10)
        return cs_held();
    if (view->parameters->assumed && !is_storm(view))
        return cs_undecided("ACK_TIMEOUT may be configured to less than 2 s");
    return cs_with_packet(cs_broken(view, CS_NO_OCTET,
                                    "transmission %u comes %u.%03u s after the previous one",
                                    own->copies, gap / 1000, gap % 1000),
                          own->packet);
}

const struct cs_rule cs_rfc7252_retransmissions_are_spaced = {
    .id = "rfc7252/4.2/retransmissions-are-spaced",
    .spec = "RFC 7252",
    .section = "4.2",
    .level = CS_SPEC,
    .says = "Two transmissions of a Confirmable message are at least ACK_TIMEOUT apart.",
    .cause = "The retransmission timer is started in the wrong unit, or is not doubled.",
    .covers = CS_STRINGS("RFC7252-4.2-6b"),
    .on = CS_T_CON | CS_T_REPEAT,
    .check = spacing_is_ack_timeout,
    .holds = CS_STRINGS(
        "> CON GET /a mid=7 tok=01\n+2.4 > CON GET /a mid=7 tok=01\n+4.8 > CON GET /a mid=7 tok=01",
        "> CON GET /a mid=7 tok=01\n+0.001 > CON GET /a mid=7 tok=01\n"
        "+2.4 > CON GET /a mid=7 tok=01\n+0.001 > CON GET /a mid=7 tok=01"),
    .breaks = CS_STRINGS("> CON GET /a mid=7 tok=01\n+0.25 > CON GET /a mid=7 tok=01\n"
                         "+0.25 > CON GET /a mid=7 tok=01\n+0.25 > CON GET /a mid=7 tok=01",
                         "! whole\n> CON GET /a mid=7 tok=01\n> CON GET /a mid=7 tok=01\n"
                         "> CON GET /a mid=7 tok=01\n> CON GET /a mid=7 tok=01"),
    .open = CS_STRINGS("> CON GET /a mid=7 tok=01\n+1.2 > CON GET /a mid=7 tok=01",
                       "> CON GET /a mid=7 tok=01\n+0.25 > CON GET /a mid=7 tok=01\n"
                       "+0.5 > CON GET /a mid=7 tok=01\n+1 > CON GET /a mid=7 tok=01"),
};

/* ------------------------------------------------------------------ the whole series */

/* No back-off: intervals of about the same length, whatever ACK_TIMEOUT and MAX_RETRANSMIT are. A
 * capture that missed transmissions of a doubling series cannot make three of them: a gap holds at
 * least its own doubling, and the third is more than twice the first. Nor can one restart of the
 * sender, after which the same message comes again. */
static bool is_steady(const uint16_t *gap_ms, unsigned count)
{
    unsigned least = UINT16_MAX, most = 0;
    for (unsigned i = 0; i < count; i++) {
        least = gap_ms[i] < least ? gap_ms[i] : least;
        most = gap_ms[i] > most ? gap_ms[i] : most;
    }
    return !by_the_path(least) && most < UINT16_MAX && 2 * most < 3 * least;
}

/* The first interval of the series bounds the sender's own ACK_TIMEOUT from above, and
 * MAX_TRANSMIT_SPAN is 22.5 times that with the default MAX_RETRANSMIT. A series that still backs
 * off, or has more than five transmissions, speaks for a larger MAX_RETRANSMIT. */
static bool no_values_excuse(const struct cs_sent *own)
{
    return own->copies == 5 && !by_the_path(own->gap_ms[0]) && is_steady(own->gap_ms + 1, 3) &&
           own->last_us / 1000 > own->gap_ms[0] * 45u / 2u;
}

static struct cs_verdict series_stays_in_span(const struct cs_view *view)
{
    const struct cs_sent *own = view->own;
    if (own->type != CS_CON)
        return cs_silent();
    if (own->last_us * UINT64_C(1000) <= view->parameters->max_transmit_span_ns)
        return cs_held();
    if (view->parameters->assumed && !no_values_excuse(own))
        return cs_undecided("ACK_TIMEOUT or MAX_RETRANSMIT may be configured to more");
    return cs_with_packet(cs_broken(view, CS_NO_OCTET,
                                    "transmission %u comes %u s after the first one", own->copies,
                                    own->last_us / 1000000),
                          own->packet);
}

const struct cs_rule cs_rfc7252_series_stays_in_max_transmit_span = {
    .id = "rfc7252/4.2/series-stays-in-max-transmit-span",
    .spec = "RFC 7252",
    .section = "4.2",
    .level = CS_MUST,
    .says = "All transmissions of a Confirmable message are within MAX_TRANSMIT_SPAN.",
    .cause = "Retransmissions continue at a constant interval, or wait for a sleeping radio "
             "without checking the time.",
    .covers = CS_STRINGS("RFC7252-4.2-6a"),
    .on = CS_T_CON | CS_T_REPEAT,
    .check = series_stays_in_span,
    .holds = CS_STRINGS(
        "> CON GET /a mid=7 tok=01\n+3 > CON GET /a mid=7 tok=01\n+6 > CON GET /a mid=7 tok=01\n"
        "+12 > CON GET /a mid=7 tok=01\n+24 > CON GET /a mid=7 tok=01"),
    .breaks = CS_STRINGS(
        "> CON GET /a mid=7 tok=01\n+2.1 > CON GET /a mid=7 tok=01\n+20 > CON GET /a mid=7 tok=01\n"
        "+20 > CON GET /a mid=7 tok=01\n+20 > CON GET /a mid=7 tok=01"),
    .open = CS_STRINGS(
        "> CON GET /a mid=7 tok=01\n+60 > CON GET /a mid=7 tok=01",
        "> CON GET /a mid=7 tok=01\n+2.1 > CON GET /a mid=7 tok=01\n+50 > CON GET /a mid=7 tok=01\n"
        "+2.1 > CON GET /a mid=7 tok=01",
        "> CON GET /a mid=7 tok=01\n+4 > CON GET /a mid=7 tok=01\n+8 > CON GET /a mid=7 tok=01\n"
        "+16 > CON GET /a mid=7 tok=01\n+32 > CON GET /a mid=7 tok=01"),
};

/* ------------------------------------------------------------------ back-off */

/* A poller that never changes its Message ID looks the same; then it is each time answered, and one
 * transmission more is asked for. One that sleeps and begins anew each time it wakes looks the same
 * as well; what comes slower than any series may last is open. What comes faster than each second is a storm, above. */
static struct cs_verdict timeout_is_doubled(const struct cs_view *view)
{
    const struct cs_sent *own = view->own;
    const struct cs_parameters *p = view->parameters;
    const uint16_t *g = own->gap_ms;
    if (own->type != CS_CON || own->copies < 4 || own->copies > 5 || is_storm(view))
        return cs_silent();
    if (!is_steady(g, own->copies - 1u))
        return cs_held();
    if (own->copies == 4 && !is_even(g))
        return cs_undecided("captures with two clocks may have been joined");
    if (!cs_time_runs(view))
        return cs_undecided("the stream's time goes back: captures may have been joined");
    if ((own->copies == 4 && own->replies > 0) ||
        g[0] * UINT64_C(1000000) > p->max_transmit_span_ns)
        return cs_undecided("the Message ID may have been reused after a restart");
    return cs_with_packet(
        cs_broken(view, CS_NO_OCTET, "the last three intervals are %u.%03u, %u.%03u and %u.%03u s",
                  g[own->copies - 4] / 1000, g[own->copies - 4] % 1000, g[own->copies - 3] / 1000,
                  g[own->copies - 3] % 1000, g[own->copies - 2] / 1000, g[own->copies - 2] % 1000),
        own->packet);
}

const struct cs_rule cs_rfc7252_retransmission_timeout_is_doubled = {
    .id = "rfc7252/4.2/retransmission-timeout-is-doubled",
    .spec = "RFC 7252",
    .section = "4.2",
    .level = CS_SPEC,
    .says = "Each retransmission of a Confirmable message doubles the timeout.",
    .cause = "The retransmission timer always starts with the same value, or all messages have the "
             "same Message ID.",
    .covers = CS_STRINGS("RFC7252-4.2-N1"),
    .on = CS_T_CON | CS_T_REPEAT,
    .check = timeout_is_doubled,
    .holds = CS_STRINGS(
        "> CON GET /a mid=7 tok=01\n+2 > CON GET /a mid=7 tok=01\n+4 > CON GET /a mid=7 tok=01\n"
        "+8 > CON GET /a mid=7 tok=01\n+16 > CON GET /a mid=7 tok=01",
        "> CON GET /a mid=7 tok=01\n+14 > CON GET /a mid=7 tok=01\n+16 > CON GET /a mid=7 "
        "tok=01\n+32 > CON GET /a mid=7 tok=01",
        "> CON GET /a mid=7 tok=01\n+5 > CON GET /a mid=7 tok=01\n+60 > CON GET /a mid=7 tok=01\n"
        "+5 > CON GET /a mid=7 tok=01"),
    .breaks = CS_STRINGS(
        "> CON GET /a mid=7 tok=01\n+2 > CON GET /a mid=7 tok=01\n+2 > CON GET /a mid=7 tok=01\n"
        "+2 > CON GET /a mid=7 tok=01",
        "> CON GET /a mid=7 tok=01\n< ACK 2.05 mid=7 tok=01 | a\n"
        "+10 > CON GET /a mid=7 tok=01\n< ACK 2.05 mid=7 tok=01 | b\n"
        "+10 > CON GET /a mid=7 tok=01\n< ACK 2.05 mid=7 tok=01 | c\n"
        "+10 > CON GET /a mid=7 tok=01\n< ACK 2.05 mid=7 tok=01 | c\n"
        "+10 > CON GET /a mid=7 tok=01\n< ACK 2.05 mid=7 tok=01 | d"),
    .open = CS_STRINGS("> CON GET /a mid=7 tok=01\n< ACK 2.05 mid=7 tok=01 | a\n"
                       "+10 > CON GET /a mid=7 tok=01\n+10 > CON GET /a mid=7 tok=01\n"
                       "+10 > CON GET /a mid=7 tok=01",
                       "> CON GET /a mid=7 tok=01\n+2.4 > CON GET /a mid=7 tok=01\n"
                       "+3 > CON GET /a mid=7 tok=01\n+2.4 > CON GET /a mid=7 tok=01",
                       "> CON GET /a mid=1 tok=01\n+60 > CON GET /a mid=1 tok=01\n"
                       "+60 > CON GET /a mid=1 tok=01\n+60 > CON GET /a mid=1 tok=01"),
};

/* ------------------------------------------------------------------ identical */

/* The tracker compares everything but Message ID, type, Observe and Max-Age, which may change (RFC
 * 7641 section 4.5.2, section 5.10.5). With another token or code it is no retransmission but a
 * second message: message-id-is-new judges that. */
static struct cs_verdict retransmission_is_identical(const struct cs_view *view)
{
    const struct cs_sent *own = view->own, *former = view->former;
    if ((view->traits & CS_T_REPEAT) != 0)
        return cs_held();
    if (own == NULL)
        return cs_silent();
    if (former->type != CS_CON || own->token != former->token || own->code != former->code)
        return cs_silent();
    if (own->fault == CS_FAULT_CUT || former->fault == CS_FAULT_CUT)
        return cs_undecided("the capture holds only a part of a message");
    if (!cs_time_runs(view))
        return cs_undecided("the stream's time goes back: captures may have been joined");
    if ((former->flags & (CS_SENT_ACKED | CS_SENT_RESET)) != 0 ||
        view->now_ns - former->first_ns > view->parameters->max_transmit_wait_ns)
        return cs_silent();
    if (!view->flow->whole && view->now_ns - cs_sent_last_ns(former) > CS_RESTART_NS)
        return cs_undecided("the sender may have restarted, or its port may have a new owner");
    return cs_with_packet(
        cs_broken(view, view->message->token_at,
                  "Message ID 0x%04x and token are those of an unanswered message, the rest is not",
                  own->mid),
        former->packet);
}

const struct cs_rule cs_rfc7252_retransmission_is_identical = {
    .id = "rfc7252/4.2/retransmission-is-identical",
    .spec = "RFC 7252",
    .section = "4.2",
    .level = CS_SPEC,
    .says = "A retransmission is identical to the first transmission.",
    .cause = "Each transmission is built again, from data that has changed.",
    .covers = CS_STRINGS("RFC7252-4.2-N3"),
    .on = CS_T_CON | CS_T_MID_LIVE,
    .check = retransmission_is_identical,
    .holds = CS_STRINGS("> CON PUT /a mid=7 tok=01 | 20\n+2.4 > CON PUT /a mid=7 tok=01 | 20",
                        "< CON 2.05 mid=7 tok=01 observe=3 max-age=9 | 20\n+2.4 < CON 2.05 mid=7 "
                        "tok=01 observe=4 max-age=7 | 20"),
    .breaks = CS_STRINGS("> CON PUT /a mid=7 tok=01 | 20\n+2.4 > CON PUT /a mid=7 tok=01 | 21"),
    .open = CS_STRINGS("> CON PUT /a mid=7 tok=01 | 20\n+30 > CON PUT /a mid=7 tok=01 | 21"),
};

/* ------------------------------------------------------------------ the end */

/* The answer that the capture shows may have been lost behind it. Where we are one of the two ends
 * and answered three times already, that is no excuse any more. */
static struct cs_verdict answer_ends_series(const struct cs_view *view)
{
    const struct cs_sent *own = view->own;
    unsigned gap;
    if (own->type != CS_CON || (last_gap(own, &gap) && by_the_path(gap)))
        return cs_silent();
    if ((own->flags & (CS_SENT_ACKED | CS_SENT_RESET)) == 0)
        return cs_held();
    if (!view->flow->whole || own->replies < 3)
        return cs_undecided("the answer may have been lost after the capture point");
    return cs_with_packet(
        cs_with_packet(cs_broken(view, CS_NO_OCTET, "transmission %u comes after %u answers",
                                 own->copies, own->replies),
                       own->packet + own->reply_packets),
        own->packet);
}

const struct cs_rule cs_rfc7252_answer_ends_retransmission = {
    .id = "rfc7252/4.2/answer-ends-retransmission",
    .spec = "RFC 7252",
    .section = "4.2",
    .level = CS_SPEC,
    .says = "A message is not retransmitted after its ACK or RST.",
    .cause = "The answer is matched by token instead of Message ID, or its arrival does not stop "
             "the timer.",
    .covers = CS_STRINGS("RFC7252-4.2-N4"),
    .on = CS_T_CON | CS_T_REPEAT,
    .check = answer_ends_series,
    .holds = CS_STRINGS(
        "> CON GET /a mid=7 tok=01\n+2.4 > CON GET /a mid=7 tok=01\n< ACK 2.05 mid=7 tok=01 | a"),
    .breaks = CS_STRINGS(
        "! whole\n> CON GET /a mid=7 tok=01\n< ACK 0.00 mid=7\n+2.4 > CON GET /a mid=7 tok=01\n"
        "< ACK 0.00 mid=7\n+4.8 > CON GET /a mid=7 tok=01\n< ACK 0.00 mid=7\n"
        "+9.6 > CON GET /a mid=7 tok=01\n< ACK 0.00 mid=7"),
    .open = CS_STRINGS(
        "> CON GET /a mid=7 tok=01\n< ACK 2.05 mid=7 tok=01 | a\n+2.4 > CON GET /a mid=7 tok=01\n"
        "< ACK 2.05 mid=7 tok=01 | a"),
};
