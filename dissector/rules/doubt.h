/* rules/doubt.h: how sure is it that a response answers the request which the tracker
 * found for it? */
#ifndef DISSECTOR_RULES_DOUBT_H
#define DISSECTOR_RULES_DOUBT_H

#include "coapspec/rule.h"

/* Does the stream's time stand where it should? When captures are joined, it may go back; then
 * nothing that hangs on how long ago something was can be said. A second is left to clocks and to
 * the order of packets. */
static inline bool cs_time_runs(const struct cs_view *view)
{
    return view->event->datagram.time_ns + UINT64_C(1000000000) >= view->now_ns;
}

/* A device that is started again may begin with the Message IDs and tokens of last time. That takes
 * it a while: what comes sooner than this after a message is of the same life. */
#define CS_RESTART_NS UINT64_C(5000000000)

static inline bool cs_soon_after(const struct cs_view *view, const struct cs_sent *sent)
{
    return view->now_ns - cs_sent_last_ns(sent) <= CS_RESTART_NS;
}

/* Devices that do not begin at random begin at a small Message ID. */
enum { CS_COUNTERS_BEGIN = 256 };

static inline bool cs_mid_is_near(uint16_t mid, uint16_t count, unsigned reach)
{
    const uint16_t ahead = (uint16_t)(mid - count);
    return ahead <= reach || ahead >= UINT16_MAX - reach;
}

/* A server takes what a client says after a restart, under a Message ID of last time, for a duplicate, and repeats the answer of last
 * time (section 4.5). Where the capture missed what was said last time, that answer looks wrong. */
static inline bool cs_may_repeat_answer(const struct cs_view *view, const struct cs_sent *sent)
{
    return !view->flow->whole && sent->mid < CS_COUNTERS_BEGIN &&
           (view->flow->asked >> (2 + sent->side) & 1u) != 0;
}

/* Is the token that of the request? */
static inline bool cs_has_token_of(const struct cs_view *view, const struct cs_sent *request)
{
    return view->token == request->token;
}

/* An ACK or RST is tied to what it answers by the Message ID alone. When its sender uses a Message
 * ID again, after a restart say, and the capture missed the later message, the tracker offers the
 * earlier one. So only the first answer counts, soon after a message whose Message ID was not live
 * before; or any, when every datagram is known. */
static inline bool cs_replies_surely(const struct cs_view *view)
{
    const struct cs_sent *sent = view->acked;
    if ((sent->traits & CS_T_MID_REUSED) != 0 || !cs_time_runs(view) ||
        cs_may_repeat_answer(view, sent))
        return false;
    return view->flow->whole || (sent->replies <= 1 && cs_soon_after(view, sent));
}

/* Clients whose token never changes choose a short one. */
enum { CS_LONG_TOKEN = 4 };

/* A piggybacked response is tied to its request by Message ID and token. A separate one hangs on
 * the token alone, and clients use tokens again: when the capture missed the later request, the
 * tracker offers the earlier one. So a separate response counts only when its token is not a
 * short one, or when every datagram is known. Either must come soon. */
static inline bool cs_answers_surely(const struct cs_view *view)
{
    const struct cs_sent *request = view->request;
    if (request->fault != CS_FAULT_NONE || !cs_time_runs(view) || !cs_has_token_of(view, request))
        return false;
    if (!view->flow->whole && !cs_soon_after(view, request))
        return false;
    if ((view->traits & CS_T_PIGGYBACKED) != 0)
        return view->acked == request && (request->traits & CS_T_MID_REUSED) == 0 &&
               !cs_may_repeat_answer(view, request);
    if ((request->traits & CS_T_TOKEN_SHARED) != 0)
        return false;
    return view->flow->whole ||
           (request->token_length >= CS_LONG_TOKEN && request->responses <= 1 &&
            (request->flags & CS_SENT_TOKEN_AGAIN) == 0);
}

/* Has a response with Message ID and token of a request come from the receiver of this one before? An end that only asks may
 * reject all requests. */
static inline bool cs_serves(const struct cs_view *view, const struct cs_sent *request)
{
    return (view->flow->asked >> (4 + request->side) & 1u) != 0;
}

/* The content of an OSCORE message is encrypted; its outer code and options say nothing about it
 * (RFC 8613 section 4). */
static inline bool cs_is_oscore(const struct cs_view *view)
{
    return cs_message_has(view->message, CS_OPT_OSCORE) ||
           (view->request != NULL && (view->request->flags & CS_SENT_OSCORE) != 0);
}

/* Where the payload marker stands. */
static inline uint32_t cs_marker_at(const struct cs_message *m)
{
    return (uint32_t)(m->payload.at - m->octets.at) - 1;
}

#endif
