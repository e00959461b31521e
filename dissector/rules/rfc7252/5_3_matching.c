/* RFC 7252 section 5.3: which response belongs to which request. */
#include <string.h>

#include "rules/doubt.h"

/* Where its token stands; the field that says that it has none. */
static uint32_t token_octet(const struct cs_message *m)
{
    return m->token_length == 0 ? 0 : m->token_at;
}

/* ------------------------------------------------------------------ the token comes back */

/* The same when the restart itself was before the capture. But where the server has answered rightly before, a wrong token is one;
 * and so is a token of another length, which programs do not change. */
static bool may_be_of_former_life(const struct cs_view *view, const struct cs_sent *request)
{
    const bool answered = (view->flow->asked >> (4 + request->side) & 1u) != 0;
    return !view->flow->whole && !answered && request->mid < CS_COUNTERS_BEGIN &&
           request->token_length >= 2 && view->message->token.len == request->token_length &&
           view->now_ns - view->began_ns < view->parameters->exchange_lifetime_ns;
}

static struct cs_verdict piggybacked_token(const struct cs_view *view)
{
    const struct cs_sent *request = view->acked;
    if (request == NULL || !cs_code_is_request(request->code) || request->fault != CS_FAULT_NONE)
        return cs_silent();
    if (cs_has_token_of(view, request))
        return cs_held();
    if (!cs_replies_surely(view))
        return cs_undecided("another message with this Message ID may have been missed");
    if (may_be_of_former_life(view, request))
        return cs_undecided("an answer from before a restart may have been repeated");
    return cs_with_packet(cs_broken(view, token_octet(view->message),
                                    "the token is not that of the request with Message ID 0x%04x",
                                    request->mid),
                          request->packet);
}

/* A response may come long after its request, and a notification long after the registration. Only
 * a conversation that is known from its beginning, and is younger than the tracker's memory, shows
 * that no request had this token. */
static struct cs_verdict separate_token(const struct cs_view *view)
{
    const struct cs_flow *flow = view->flow;
    if ((view->traits & CS_T_ANSWER) != 0)
        return cs_held();
    if (!flow->whole || cs_message_has(view->message, CS_OPT_OBSERVE) ||
        view->now_ns - view->began_ns >= view->parameters->non_lifetime_ns)
        return cs_undecided("the request may have been missed, or be too old to be remembered");
    if ((flow->asked >> (1 - view->side) & 1u) == 0)
        return cs_silent(); /* no request at all: response-comes-from-where-the-request-went */
    return cs_broken(view, token_octet(view->message), "no request had this token");
}

static struct cs_verdict token_comes_back(const struct cs_view *view)
{
    return (view->traits & CS_T_PIGGYBACKED) != 0 ? piggybacked_token(view) : separate_token(view);
}

const struct cs_rule cs_rfc7252_response_has_the_token_of_the_request = {
    .id = "rfc7252/5.3.1/response-has-the-token-of-the-request",
    .spec = "RFC 7252",
    .section = "5.3.1",
    .level = CS_MUST,
    .says = "A response carries the token of its request, unchanged.",
    .cause = "Error responses are built without the token, or only its first octets are kept.",
    .covers = CS_STRINGS("RFC7252-5.3.1-1", "RFC7252-5.3.1-N1"),
    .on = CS_T_RESPONSE | CS_T_WELL_FORMED,
    .check = token_comes_back,
    .holds = CS_STRINGS(
        "> CON GET /a mid=7 tok=0102\n< ACK 4.04 mid=7 tok=0102",
        "> raw: 40 01 00 07 b1 61\n< raw: 60 84 00 07",
        "! tcp\n> GET /a tok=0102\n> GET /b tok=0103\n< 2.05 tok=0103 | b\n< 4.04 tok=0102",
        "> CON GET /a mid=7 tok=0102 observe=0\n< ACK 2.05 mid=7 tok=0102 observe=1 | a\n"
        "+400 < NON 2.05 mid=90 tok=0102 observe=2 | b"),
    .breaks = CS_STRINGS(
        "> CON GET /a mid=7 tok=0102\n< raw: 60 84 00 07",
        "> CON GET /a mid=700 tok=0102\n< ACK 2.05 mid=700 tok=0103 | a",
        "> CON GET /a mid=7 tok=0102\n< ACK 2.05 mid=7 tok=01 | a",
        "> CON GET /a mid=7 tok=0102\n< ACK 2.05 mid=7 tok=0102 | a\n> CON GET /a mid=8 tok=0103\n"
        "< ACK 2.05 mid=8 tok=0102 | a",
        "! whole\n> NON GET /a mid=7 tok=0102\n< NON 2.05 mid=90 tok=0103 | a",
        "! tcp\n! whole\n> GET /a tok=0102\n< 2.05 tok=0103 | a"),
    .open = CS_STRINGS("> NON GET /a mid=7 tok=0102\n< NON 2.05 mid=90 tok=0103 | a",
                       "> CON GET /a mid=7 tok=0102\n< ACK 2.05 mid=7 tok=0103 | a",
                       "< NON 2.05 mid=90 tok=0103 observe=2 | a",
                       "! whole\n> NON GET /a mid=7 tok=0102\n+200 < NON 2.05 mid=90 tok=0103 | a"),
};

/* ------------------------------------------------------------------ from the right address */

/* The default port, and those that 6LoWPAN compresses (section 7.1). */
static bool is_port_of_servers(uint16_t port) { return port == 5683 || port >> 4 == 61616 >> 4; }

/* Tokens are unique towards one server only (section 5.3.1), so the same token seen with another
 * server is no evidence. That nothing at all was ever sent to the address is, where every datagram
 * is known. In a capture, the request may have been seen before its address was translated, and the
 * response before that was undone; and a device that is asked behind a NAT may get another port in
 * between. That leaves another port of an address that was asked at CoAP's own, to which the
 * capture shows nothing, and a token long enough not to be used for two requests at a time. */
static bool comes_from_another_port(const struct cs_view *view)
{
    const struct cs_sent *request = view->request;
    if (request == NULL || view->capture_lossy || !cs_time_runs(view) ||
        !cs_soon_after(view, request) || view->flow->messages[1 - view->side] != 0)
        return false;
    const struct cs_address *asked = &view->request_flow->address[1 - request->side];
    const struct cs_address *src = &view->event->datagram.src;
    const uint64_t shared = CS_T_TOKEN_SHARED | CS_T_MID_REUSED;
    if (!is_port_of_servers(asked->port) || asked->family != src->family ||
        memcmp(asked->ip, src->ip, sizeof src->ip) != 0)
        return false;
    if (request->token_length < CS_LONG_TOKEN || request->fault != CS_FAULT_NONE ||
        (request->traits & shared) != 0 || (request->flags & CS_SENT_TOKEN_AGAIN) != 0 ||
        request->responses > 1)
        return false;
    return (view->traits & CS_T_SEPARATE) != 0 || view->message->mid == request->mid;
}

static struct cs_verdict comes_from_where_it_went(const struct cs_view *view)
{
    const struct cs_flow *flow = view->flow;
    const struct cs_sent *request = view->request;
    if (request != NULL && (view->request_flow == flow || (request->traits & CS_T_MULTICAST) != 0))
        return cs_held();
    if (comes_from_another_port(view))
        return cs_with_packet(cs_broken(view, CS_NO_OCTET, "the request went to port %u",
                                        view->request_flow->address[1 - request->side].port),
                              request->packet);
    if ((view->traits & CS_T_SEPARATE) == 0)
        return cs_silent();
    if ((view->traits & CS_T_RENEWED) != 0)
        return cs_undecided("its request may belong to an earlier epoch of the DTLS session");
    if (!flow->whole || view->now_ns - view->began_ns >= view->parameters->non_lifetime_ns)
        return cs_undecided(
            "a request to this address may have been missed, or be too old to be remembered");
    if (flow->messages[1 - view->side] != 0 ||
        (request == NULL && cs_message_has(view->message, CS_OPT_OBSERVE)))
        return cs_silent();
    struct cs_verdict broken = cs_broken(
        view, CS_NO_OCTET, "nothing was sent to the address that this response comes from");
    return request == NULL ? broken : cs_with_packet(broken, request->packet);
}

const struct cs_rule cs_rfc7252_response_comes_from_where_the_request_went = {
    .id = "rfc7252/5.3.2/response-comes-from-where-the-request-went",
    .spec = "RFC 7252",
    .section = "5.3.2",
    .level = CS_MUST,
    .says = "A response comes from the address and port to which its request was sent.",
    .cause = "The server has several addresses and lets the system choose the source address, or "
             "answers from another socket.",
    .covers = CS_STRINGS("RFC7252-5.3.2-1"),
    .on = CS_T_RESPONSE | CS_T_WELL_FORMED | CS_T_TYPED,
    .suspect = CS_T_SEPARATE | CS_T_STRAY_REPLY,
    .check = comes_from_where_it_went,
    .holds = CS_STRINGS("> NON GET /a mid=7 tok=0102\n< NON 2.05 mid=90 tok=0102 | a",
                        ">* NON GET /a mid=7 tok=0102\n< NON 2.05 mid=90 tok=0102 | a\ns2< NON "
                        "2.05 mid=91 tok=0102 | b"),
    .breaks = CS_STRINGS("! whole\n> NON GET /a mid=7 tok=0102\ns2< NON 2.05 mid=90 tok=0102 | a",
                         "> NON GET /a mid=7 tok=01020304\np2< NON 2.05 mid=90 tok=01020304 | a",
                         "> CON GET /a mid=7 tok=01020304\np2< ACK 2.05 mid=7 tok=01020304 | a"),
    .open = CS_STRINGS("> NON GET /a mid=7 tok=0102\ns2< NON 2.05 mid=90 tok=0102 | a",
                       "> NON GET /a mid=7 tok=0102\np2< NON 2.05 mid=90 tok=0102 | a",
                       "> NON GET /a mid=7 tok=01020304\ns2< NON 2.05 mid=90 tok=01020304 | a"),
};

/* ------------------------------------------------------------------ tokens in use differ */

/* The client may have given up the former request, or got its answer where the capture did not
 * look. Block-wise transfers and observations use a token on purpose for what they continue; so
 * does a client that asks the same again. */
static struct cs_verdict token_is_unique(const struct cs_view *view)
{
    const struct cs_sent *own = view->own, *former = view->former;
    const uint32_t keeps = CS_SENT_BLOCK | CS_SENT_OBSERVE;
    if ((view->traits & CS_T_TOKEN_SHARED) == 0 || own == NULL || former->flow != own->flow)
        return cs_held();
    if (own->fault != CS_FAULT_NONE || former->fault != CS_FAULT_NONE)
        return cs_silent();
    if (((own->flags | former->flags) & keeps) != 0 ||
        ((own->traits | former->traits) & CS_T_MULTICAST) != 0 || own->content == former->content)
        return cs_held();
    if (!view->flow->whole ||
        view->now_ns - former->first_ns > view->parameters->max_transmit_wait_ns)
        return cs_undecided("the former request may have been answered or abandoned");
    return cs_with_packet(cs_broken(view, token_octet(view->message),
                                    "a request with this token still waits for its response"),
                          former->packet);
}

const struct cs_rule cs_rfc7252_tokens_in_use_are_unique = {
    .id = "rfc7252/5.3.1/tokens-in-use-are-unique",
    .spec = "RFC 7252",
    .section = "5.3.1",
    .level = CS_SHOULD,
    .says = "Requests that wait for a response from the same server have different tokens.",
    .cause = "The token is a constant, or empty, and requests overlap.",
    .covers = CS_STRINGS("RFC7252-5.3.1-2"),
    .on = CS_T_REQUEST | CS_T_FIRST,
    .suspect = CS_T_TOKEN_SHARED,
    .check = token_is_unique,
    .holds = CS_STRINGS(
        "> NON GET /a mid=7 tok=01\n> NON GET /b mid=8 tok=02",
        "> CON GET /a mid=7 tok=01\n< ACK 2.05 mid=7 tok=01 | a\n> CON GET /b mid=8 tok=01\n< ACK "
        "2.05 mid=8 tok=01 | b",
        "! whole\n> CON GET /a mid=7 tok=01 block2=1/0/64\n> CON GET /a mid=8 tok=01 block2=2/0/64",
        "! whole\n> NON GET /a mid=7 tok=01\n+5 > NON GET /a mid=8 tok=01",
        "> NON GET /a mid=7 tok=01\n2> NON GET /b mid=8 tok=01"),
    .breaks = CS_STRINGS("! whole\n> NON GET /a mid=7 tok=01\n> NON GET /b mid=8 tok=01",
                         "! ws\n! whole\n> GET /a tok=01\n> GET /b tok=01"),
    .open = CS_STRINGS("> NON GET /a mid=7 tok=01\n> NON GET /b mid=8 tok=01"),
};
