/* RFC 7252 section 11.3: amplification.
 *
 * Whether a request is authenticated, or comes from a closed network, a capture does not show; our
 * own requests in a run are not. The section gives no number: RFC 9175 section 2.4 speaks of 3,
 * and the section's own example calls eight octets for one an improvement over a hundred. So up to
 * 3 is fine, a hundred is not, and between them a reader must judge. */
#include "rules/doubt.h"

#define TEN          "0123456789"
#define HUNDRED      TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN
#define NINE_HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED

enum { FINE = 3, LARGE = 100 };

static struct cs_verdict response_is_not_much_larger(const struct cs_view *view)
{
    const struct cs_sent *request = view->request;
    const size_t length = view->message->octets.len + view->event->datagram.missing;
    if (request->length == 0 || cs_is_oscore(view) || view->event->datagram.protection != CS_CLEAR)
        return cs_silent();
    if (length <= FINE * (size_t)request->length)
        return cs_held();
    if (!view->flow->whole)
        return cs_undecided("the request may come from a closed network or be authenticated below");
    if (length < LARGE * (size_t)request->length)
        return cs_undecided(
            "more than 3 octets for one, less than the 100 of the example in section 11.3");
    return cs_with_packet(
        cs_broken(view, CS_NO_OCTET, "%zu octets answer a request of %u", length, request->length),
        request->packet);
}

const struct cs_rule cs_rfc7252_amplification_is_small = {
    .id = "rfc7252/11.3/amplification-is-small",
    .spec = "RFC 7252",
    .section = "11.3",
    .level = CS_SHOULD_NOT,
    .concern = CS_APPLICATION,
    .says = "The response to an unauthenticated request is not many times its size.",
    .cause =
        "A large representation is sent in one message, or with a large block size, to any client.",
    .covers = CS_STRINGS("RFC7252-11.3-1"),
    .on = CS_T_ANSWER | CS_T_TYPED,
    .check = response_is_not_much_larger,
    .holds = CS_STRINGS("> CON GET /a mid=7 tok=01\n< ACK 2.05 mid=7 tok=01 | a"),
    .breaks =
        CS_STRINGS("! whole\n> CON GET /a mid=7 tok=01\n< ACK 2.05 mid=7 tok=01 | " NINE_HUNDRED),
    .open = CS_STRINGS(
        "> CON GET /a mid=7 tok=01\n< ACK 2.05 mid=7 tok=01 | " NINE_HUNDRED,
        "! whole\n> CON GET /temperature mid=7 tok=01\n< ACK 2.05 mid=7 tok=01 | " NINE_HUNDRED),
};
