/* RFC 7252 sections 5.8 and 5.9: methods and response codes. */
#include "rules/doubt.h"

/* ------------------------------------------------------------------ success codes and methods */

#define METHOD(code) (1u << (code))
enum { ACE_CBOR = 19 }; /* application/ace+cbor, RFC 9200 */
enum { GET = 1, POST, PUT, DELETE, FETCH, PATCH, IPATCH, METHOD_COUNT };

/* By the detail of the code: sections 5.9.1.1 to 5.9.1.5, with the methods of RFC 8132. "Such as DELETE" in 5.9.1.2 leaves
 * room for any method that can end a resource. */
static const uint8_t fitting[] = {
    [1] = METHOD(POST) | METHOD(PUT) | METHOD(PATCH) | METHOD(IPATCH),
    [2] = METHOD(DELETE) | METHOD(POST) | METHOD(PUT) | METHOD(PATCH) | METHOD(IPATCH),
    [3] = METHOD(GET) | METHOD(FETCH),
    [4] = METHOD(POST) | METHOD(PUT) | METHOD(PATCH) | METHOD(IPATCH),
    [5] = METHOD(GET) | METHOD(FETCH),
};

static struct cs_verdict code_fits_method(const struct cs_view *view)
{
    const uint8_t code = view->message->code, method = view->request->code;
    if (method >= METHOD_COUNT || cs_is_oscore(view))
        return cs_silent();
    const unsigned detail = CS_CODE_DETAIL(code);
    if (detail >= sizeof fitting || fitting[detail] == 0)
        return cs_silent();
    if ((fitting[detail] & METHOD(method)) != 0)
        return cs_held();
    if (view->message->content_format == ACE_CBOR && method == POST)
        return cs_undecided("the examples of RFC 9200 answer like this");
    if (!cs_answers_surely(view))
        return cs_undecided("another request with this token may have been missed");
    return cs_with_packet(cs_broken(view, view->message->code_at, "%u.%02u %s answers a %s",
                                    CS_CODE_CLASS(code), detail, cs_code_def(code)->name,
                                    cs_code_def(method)->name),
                          view->request->packet);
}

const struct cs_rule cs_rfc7252_success_code_fits_the_method = {
    .id = "rfc7252/5.9.1/success-code-fits-the-method",
    .spec = "RFC 7252",
    .section = "5.9.1",
    .level = CS_SPEC,
    .concern = CS_APPLICATION,
    .says = "2.01 and 2.04 answer POST, PUT and PATCH; 2.02 answers DELETE and other requests that "
            "delete a resource; 2.03 and 2.05 answer GET and FETCH.",
    .cause = "One success code is used for all methods, as with 200 in HTTP.",
    .covers = CS_STRINGS("RFC7252-5.9-N1", "RFC7252-5.9.1-N1", "RFC7252-5.8.1-1"),
    .on = CS_T_ANSWER | CS_T_SUCCESS,
    .check = code_fits_method,
    .holds = CS_STRINGS("> CON GET /a mid=7 tok=01\n< ACK 2.05 mid=7 tok=01 | a",
                        "> CON POST /a mid=7 tok=01 | a\n< ACK 2.02 mid=7 tok=01",
                        "> CON FETCH /a mid=7 tok=01 cf=0 | a\n< ACK 2.05 mid=7 tok=01 | a",
                        "> CON iPATCH /a mid=7 tok=01 cf=0 | a\n< ACK 2.04 mid=7 tok=01"),
    .breaks = CS_STRINGS("> CON GET /a mid=7 tok=01\n< ACK 2.04 mid=7 tok=01 | a",
                         "! tcp\n> GET /a tok=01020304\n< 2.04 tok=01020304 | a",
                         "> CON POST /a mid=7 tok=01 | a\n< ACK 2.05 mid=7 tok=01 | a",
                         "> CON DELETE /a mid=7 tok=01\n< ACK 2.04 mid=7 tok=01",
                         "> CON GET /a mid=7 tok=01\n< ACK 2.01 mid=7 tok=01",
                         "> NON PUT /a mid=7 tok=01020304 | a\n< NON 2.05 mid=90 tok=01020304"),
    .open =
        CS_STRINGS("> NON GET /a mid=7\n< NON 2.04 mid=90",
                   "> CON GET /a mid=12 tok=01\n< ACK 2.05 mid=12 tok=01 | a\n"
                   "+20 > CON DELETE /a mid=1 tok=01\n< ACK 2.05 mid=1 tok=01 | a",
                   "> CON POST /token mid=7 tok=01 cf=19 | a\n< ACK 2.05 mid=7 tok=01 cf=19 | a"),
};

/* ------------------------------------------------------------------ 2.03 Valid */

static struct cs_verdict valid_names_etag(const struct cs_view *view)
{
    if (cs_is_oscore(view))
        return cs_silent();
    return cs_message_has(view->message, CS_OPT_ETAG)
               ? cs_held()
               : cs_broken(view, view->message->code_at, "2.03 Valid without an ETag");
}

const struct cs_rule cs_rfc7252_valid_has_an_etag = {
    .id = "rfc7252/5.9.1.3/valid-has-an-etag",
    .spec = "RFC 7252",
    .section = "5.9.1.3",
    .level = CS_MUST,
    .concern = CS_APPLICATION,
    .says = "A 2.03 (Valid) response carries the ETag that is valid.",
    .cause = "2.03 is used as a general success, or the ETag of the request is not copied.",
    .covers = CS_STRINGS("RFC7252-5.9.1.3-1a"),
    .on = CS_T_VALID | CS_T_WELL_FORMED,
    .check = valid_names_etag,
    .holds = CS_STRINGS("> CON GET /a mid=7 tok=01 etag=aa\n< ACK 2.03 mid=7 tok=01 etag=aa"),
    .breaks = CS_STRINGS("> CON GET /a mid=7 tok=01 etag=aa\n< ACK 2.03 mid=7 tok=01"),
};

static struct cs_verdict valid_has_no_payload(const struct cs_view *view)
{
    const struct cs_message *m = view->message;
    if (cs_is_oscore(view))
        return cs_silent();
    return m->payload.len == 0 ? cs_held()
                               : cs_broken(view, cs_marker_at(m),
                                           "2.03 Valid with %zu octets of payload", m->payload.len);
}

const struct cs_rule cs_rfc7252_valid_has_no_payload = {
    .id = "rfc7252/5.9.1.3/valid-has-no-payload",
    .spec = "RFC 7252",
    .section = "5.9.1.3",
    .level = CS_MUST_NOT,
    .concern = CS_APPLICATION,
    .says = "A 2.03 (Valid) response has no payload: the client has it already.",
    .cause = "Only the code is changed when the ETag matches.",
    .covers = CS_STRINGS("RFC7252-5.9.1.3-1b"),
    .on = CS_T_VALID | CS_T_WELL_FORMED,
    .check = valid_has_no_payload,
    .holds = CS_STRINGS("> CON GET /a mid=7 tok=01 etag=aa\n< ACK 2.03 mid=7 tok=01 etag=aa"),
    .breaks = CS_STRINGS("> CON GET /a mid=7 tok=01 etag=aa\n< ACK 2.03 mid=7 tok=01 etag=aa | a"),
};
