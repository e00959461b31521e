/* RFC 7252 section 12.1: the registry of codes. Section 3 has what is wrong with whole classes
 * (3_message_format.c). */
#include "coapspec/rule.h"

static struct cs_verdict code_is_assigned(const struct cs_view *view)
{
    const uint8_t code = view->message->code;
    if (cs_code_def(code) != NULL)
        return cs_held();
    if (view->request != NULL && (view->request->traits & CS_T_PROXIED) != 0)
        return cs_undecided("a proxy forwards the answer of the origin");
    return cs_broken(view, view->message->code_at, "code %u.%02u is not assigned",
                     CS_CODE_CLASS(code), CS_CODE_DETAIL(code));
}

/* A server owes an unknown method its 4.05 (section 5.8), so tests send one; in the field it is an
 * error, or a document that is younger than this table. */
const struct cs_rule cs_rfc7252_request_code_is_assigned = {
    .id = "rfc7252/12.1.1/method-code-is-assigned",
    .spec = "RFC 7252",
    .section = "12.1.1",
    .level = CS_SPEC,
    .says = "The code of a request is that of a registered method.",
    .cause = "The code is that of a private extension, or is read from the wrong octet.",
    .covers = CS_STRINGS("RFC7252-12.1.1-N1"),
    .on = CS_T_REQUEST | CS_T_WELL_FORMED,
    .suspect = CS_T_UNASSIGNED_CODE,
    .check = code_is_assigned,
    .holds = CS_STRINGS("> CON GET /a mid=7 tok=01", "> CON FETCH /a mid=7 tok=01 cf=60 | a"),
    .breaks = CS_STRINGS("> CON 0.31 /a mid=7 tok=01"),
};

const struct cs_rule cs_rfc7252_response_code_is_assigned = {
    .id = "rfc7252/12.1.2/response-code-is-assigned",
    .spec = "RFC 7252",
    .section = "12.1.2",
    .level = CS_SPEC,
    .says = "The code of a response is a registered response code.",
    .cause =
        "An HTTP status is split into class and detail, or a code of an old draft is still used.",
    .covers = CS_STRINGS("RFC7252-12.1.2-N1"),
    .on = CS_T_RESPONSE | CS_T_WELL_FORMED,
    .suspect = CS_T_UNASSIGNED_CODE,
    .check = code_is_assigned,
    .holds = CS_STRINGS("> CON GET /a mid=7 tok=01\n< ACK 2.05 mid=7 tok=01 | a",
                        "> CON GET /a mid=7 tok=01\n< ACK 4.29 mid=7 tok=01"),
    .breaks = CS_STRINGS("> CON GET /a mid=7 tok=01\n< ACK 2.29 mid=7 tok=01 | a",
                         "> CON GET /a mid=7 tok=01\n< ACK 4.20 mid=7 tok=01"),
    .open = CS_STRINGS("> CON GET proxy-uri=\"coap://a/b\" mid=7 tok=01\n< ACK 2.29 mid=7 tok=01"),
};
