/* RFC 7252 section 5.10: what holds for single options. */
#include "rules/doubt.h"

/* ------------------------------------------------------------------ option numbers */

/* Numbers are assigned all the time: one that this build does not know is no error. Number 0 is
 * reserved for good. */
static struct cs_verdict number_is_registered(const struct cs_view *view)
{
    const struct cs_message *m = view->message;
    struct cs_option o;
    if ((view->traits & CS_T_SIGNAL) != 0) /* RFC 8323 section 5.2: their numbers are others */
        return cs_silent();
    if (cs_message_has(m, 0) && cs_option_find(m, 0, &o))
        return cs_broken(view, o.at, "option number 0 is reserved");
    if ((view->traits & CS_T_UNKNOWN_OPTION) != 0)
        return cs_undecided("the number may have been assigned since, or be experimental");
    return cs_held();
}

const struct cs_rule cs_rfc7252_option_numbers_are_registered = {
    .id = "rfc7252/5.10/option-numbers-are-registered",
    .spec = "RFC 7252",
    .section = "5.10",
    .level = CS_SPEC,
    .says = "An option number is one of the registry; number 0 is reserved and names no option.",
    .cause = "There are zero octets between the token and the options, or the message is padded.",
    .covers = CS_STRINGS("RFC7252-5.10-N1"),
    .on = CS_T_WELL_FORMED | CS_T_HAS_OPTIONS,
    .suspect = CS_T_UNKNOWN_OPTION | CS_T_OPTION_ELSEWHERE | CS_T_SIGNAL,
    .check = number_is_registered,
    .holds = CS_STRINGS("> CON GET /a mid=7 tok=01"),
    .breaks = CS_STRINGS("> raw: 40 01 00 07 00 b1 61"),
    .open = CS_STRINGS("> CON GET /a mid=7 tok=01 opt2049=aa opt65001=aa",
                       "> CON GET /a mid=7 tok=01 opt65000=aa"),
};

/* ------------------------------------------------------------------ path segments */

static struct cs_verdict no_dot_segments(const struct cs_view *view, uint32_t number,
                                         const char *name)
{
    struct cs_option_walk walk;
    struct cs_option o;
    cs_option_walk_init(&walk, view->message);
    while (cs_option_next(&walk, &o) && o.number <= number) {
        if (o.number != number || o.value.len == 0 || o.value.len > 2 || o.value.at[0] != '.')
            continue;
        if (o.value.at[o.value.len - 1] == '.')
            return cs_broken(view, o.value_at, "%s is \"%.*s\"", name, (int)o.value.len,
                             (const char *)o.value.at);
    }
    return cs_held();
}

static struct cs_verdict uri_path_is_resolved(const struct cs_view *view)
{
    return no_dot_segments(view, CS_OPT_URI_PATH, "a Uri-Path");
}

const struct cs_rule cs_rfc7252_uri_path_is_resolved = {
    .id = "rfc7252/5.10.1/uri-path-is-resolved",
    .spec = "RFC 7252",
    .section = "5.10.1",
    .level = CS_MUST_NOT,
    .says = "No Uri-Path is \".\" or \"..\": a URI is resolved before it is split.",
    .cause = "The path of the URI is split at the slashes as it was typed.",
    .covers = CS_STRINGS("RFC7252-5.10.1-1"),
    .on = CS_T_REQUEST | CS_T_WELL_FORMED,
    .option = CS_OPT_URI_PATH,
    .suspect = CS_T_DOT_SEGMENT,
    .check = uri_path_is_resolved,
    .holds = CS_STRINGS("> CON GET mid=7 tok=01 uri-path=a uri-path=.b uri-path=..."),
    .breaks = CS_STRINGS("> CON GET mid=7 tok=01 uri-path=a uri-path=..",
                         "> CON GET mid=7 tok=01 uri-path=. uri-path=a"),
};

static struct cs_verdict location_path_is_resolved(const struct cs_view *view)
{
    return no_dot_segments(view, CS_OPT_LOCATION_PATH, "a Location-Path");
}

const struct cs_rule cs_rfc7252_location_path_is_resolved = {
    .id = "rfc7252/5.10.7/location-path-is-resolved",
    .spec = "RFC 7252",
    .section = "5.10.7",
    .level = CS_MUST_NOT,
    .concern = CS_APPLICATION,
    .says = "No Location-Path is \".\" or \"..\".",
    .cause = "The location is written relative to the request URI; it is an absolute path.",
    .covers = CS_STRINGS("RFC7252-5.10.7-2"),
    .on = CS_T_RESPONSE | CS_T_WELL_FORMED,
    .option = CS_OPT_LOCATION_PATH,
    .suspect = CS_T_DOT_SEGMENT,
    .check = location_path_is_resolved,
    .holds = CS_STRINGS(
        "> CON POST /a mid=7 tok=01 | 1\n< ACK 2.01 mid=7 tok=01 location-path=a location-path=1"),
    .breaks = CS_STRINGS(
        "> CON POST /a mid=7 tok=01 | 1\n< ACK 2.01 mid=7 tok=01 location-path=.. location-path=1"),
};

/* ------------------------------------------------------------------ Proxy-Uri */

static struct cs_verdict proxy_uri_is_alone(const struct cs_view *view)
{
    static const uint32_t parts[] = {CS_OPT_URI_HOST, CS_OPT_URI_PORT, CS_OPT_URI_PATH,
                                     CS_OPT_URI_QUERY};
    struct cs_option o;
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        if (cs_option_find(view->message, parts[i], &o))
            return cs_broken(view, o.at, "%s in a request with Proxy-Uri",
                             cs_option_def(o.number)->name);
    return cs_held();
}

const struct cs_rule cs_rfc7252_proxy_uri_stands_alone = {
    .id = "rfc7252/5.10.2/proxy-uri-stands-alone",
    .spec = "RFC 7252",
    .section = "5.10.2",
    .level = CS_MUST_NOT,
    .says = "A request with Proxy-Uri has no Uri-Host, Uri-Port, Uri-Path or Uri-Query.",
    .cause = "The proxy option is added to a request that was built for the server itself.",
    .covers = CS_STRINGS("RFC7252-5.10.2-4b"),
    .on = CS_T_REQUEST | CS_T_WELL_FORMED,
    .option = CS_OPT_PROXY_URI,
    .check = proxy_uri_is_alone,
    .holds = CS_STRINGS("> CON GET mid=7 tok=01 proxy-uri=coap://b.example/a"),
    .breaks = CS_STRINGS("> CON GET /a mid=7 tok=01 proxy-uri=coap://b.example/a"),
};

/* ------------------------------------------------------------------ Accept */

static struct cs_verdict format_is_accepted(const struct cs_view *view)
{
    const struct cs_sent *request = view->request;
    struct cs_option o;
    if ((request->flags & CS_SENT_ACCEPT) == 0 || view->message->code != CS_CODE(2, 5) ||
        cs_is_oscore(view))
        return cs_silent();
    if (!cs_message_has(view->message, CS_OPT_CONTENT_FORMAT))
        return cs_undecided("the response does not say its Content-Format");
    if (view->message->content_format == request->accept)
        return cs_held();
    if (!cs_answers_surely(view) || !cs_option_find(view->message, CS_OPT_CONTENT_FORMAT, &o))
        return cs_undecided("another request with this token may have been missed");
    return cs_with_packet(cs_broken(view, o.at, "Content-Format %u where Accept was %u",
                                    (unsigned)cs_option_uint(&o), request->accept),
                          request->packet);
}

const struct cs_rule cs_rfc7252_content_format_is_the_accepted_one = {
    .id = "rfc7252/5.10.4/content-format-is-the-accepted-one",
    .spec = "RFC 7252",
    .section = "5.10.4",
    .level = CS_MUST,
    .concern = CS_APPLICATION,
    .says = "A 2.05 response to a request with Accept has the accepted Content-Format; otherwise "
            "the response is an error such as 4.06.",
    .cause = "The handler has one format and ignores Accept.",
    .covers = CS_STRINGS("RFC7252-5.10.4-N1"),
    .on = CS_T_ANSWER | CS_T_SUCCESS,
    .check = format_is_accepted,
    .holds =
        CS_STRINGS("> CON GET /a mid=7 tok=01 accept=40\n< ACK 2.05 mid=7 tok=01 cf=40 | </a>"),
    .breaks = CS_STRINGS("> CON GET /a mid=7 tok=01 accept=50\n< ACK 2.05 mid=7 tok=01 cf=0 | a"),
    .open = CS_STRINGS("> CON GET /a mid=7 tok=01 accept=0\n< ACK 2.05 mid=7 tok=01 | a"),
};

/* ------------------------------------------------------------------ ETag */

static struct cs_verdict one_etag(const struct cs_view *view)
{
    struct cs_option_walk walk;
    struct cs_option o;
    unsigned seen = 0;
    cs_option_walk_init(&walk, view->message);
    while (cs_option_next(&walk, &o) && o.number <= CS_OPT_ETAG)
        if (o.number == CS_OPT_ETAG && ++seen > 1)
            return cs_broken(view, o.at, "ETag occurs again");
    return cs_held();
}

const struct cs_rule cs_rfc7252_response_has_one_etag = {
    .id = "rfc7252/5.10.6.1/response-has-one-etag",
    .spec = "RFC 7252",
    .section = "5.10.6.1",
    .level = CS_MUST_NOT,
    .says = "A response has at most one ETag.",
    .cause = "The ETags of the request are copied into the response.",
    .covers = CS_STRINGS("RFC7252-5.10.6.1-1"),
    .on = CS_T_RESPONSE | CS_T_WELL_FORMED,
    .option = CS_OPT_ETAG,
    .check = one_etag,
    .holds =
        CS_STRINGS("> CON GET /a mid=7 tok=01 etag=aa etag=bb\n< ACK 2.03 mid=7 tok=01 etag=bb"),
    .breaks = CS_STRINGS(
        "> CON GET /a mid=7 tok=01 etag=aa etag=bb\n< ACK 2.03 mid=7 tok=01 etag=aa etag=bb"),
};

/* ------------------------------------------------------------------ Location-* */

/* Other documents may use Location-* with other success codes. An error has no place to point to.
 */
static struct cs_verdict location_is_of_success(const struct cs_view *view)
{
    struct cs_option o;
    if (!cs_option_find(view->message, CS_OPT_LOCATION_PATH, &o) &&
        !cs_option_find(view->message, CS_OPT_LOCATION_QUERY, &o))
        return cs_silent();
    if (view->message->code == CS_CODE(2, 1))
        return cs_held();
    if ((view->traits & CS_T_SUCCESS) != 0)
        return cs_undecided("another document may define Location-* for this code");
    return cs_broken(view, o.at, "%s in an error response", cs_option_def(o.number)->name);
}

const struct cs_rule cs_rfc7252_location_is_of_created = {
    .id = "rfc7252/5.10.7/location-is-of-created",
    .spec = "RFC 7252",
    .section = "5.10.7",
    .level = CS_SPEC,
    .concern = CS_APPLICATION,
    .says = "Location-Path and Location-Query come with 2.01 (Created), not with an error.",
    .cause = "The options are added before the outcome of the request is known.",
    .covers = CS_STRINGS("RFC7252-5.10.7-N1"),
    .on = CS_T_RESPONSE | CS_T_WELL_FORMED | CS_T_LOCATION,
    .check = location_is_of_success,
    .holds = CS_STRINGS(
        "> CON POST /a mid=7 tok=01 | 1\n< ACK 2.01 mid=7 tok=01 location-path=a location-path=1"),
    .breaks =
        CS_STRINGS("> CON POST /a mid=7 tok=01 | 1\n< ACK 4.00 mid=7 tok=01 location-path=a",
                   "> CON POST /a mid=7 tok=01 | 1\n< ACK 5.00 mid=7 tok=01 location-query=a"),
    .open = CS_STRINGS("> CON POST /a mid=7 tok=01 | 1\n< ACK 2.04 mid=7 tok=01 location-path=a"),
};

/* ------------------------------------------------------------------ Size1 */

/* RFC 7959 section 4 names the same two places. In the other responses of a block-wise request it
 * is harmless, and some say there how much they have got. */
static struct cs_verdict size1_is_of_request(const struct cs_view *view)
{
    const struct cs_message *m = view->message;
    struct cs_option o;
    if ((view->traits & CS_T_REQUEST) != 0 || m->code == CS_CODE(4, 13))
        return cs_held();
    if ((view->traits & CS_T_RESPONSE) == 0 || !cs_option_find(m, CS_OPT_SIZE1, &o))
        return cs_silent();
    if (cs_message_has(m, CS_OPT_BLOCK1) || cs_message_has(m, CS_OPT_Q_BLOCK1) ||
        (view->traits & CS_T_ERROR) != 0)
        return cs_undecided("it may have a meaning in a block-wise transfer");
    return cs_broken(view, o.at, "Size1 in a %u.%02u response", CS_CODE_CLASS(m->code),
                     CS_CODE_DETAIL(m->code));
}

const struct cs_rule cs_rfc7252_size1_is_of_requests = {
    .id = "rfc7252/5.10.9/size1-is-of-requests",
    .spec = "RFC 7252",
    .section = "5.10.9",
    .level = CS_SPEC,
    .concern = CS_APPLICATION,
    .says = "Size1 occurs in requests and in 4.13 responses; the size of a response is Size2.",
    .cause = "Size1 and Size2 are mixed up.",
    .covers = CS_STRINGS("RFC7252-5.10.9-N1"),
    .on = CS_T_WELL_FORMED,
    .option = CS_OPT_SIZE1,
    .check = size1_is_of_request,
    .holds = CS_STRINGS("> CON PUT /a mid=7 tok=01 size1=1 | 1",
                        "> CON PUT /a mid=7 tok=01 | 1\n< ACK 4.13 mid=7 tok=01 size1=100"),
    .breaks = CS_STRINGS("> CON GET /a mid=7 tok=01\n< ACK 2.05 mid=7 tok=01 size1=1 | a"),
    .open = CS_STRINGS("> CON PUT /a mid=7 tok=01 block1=0/1/16 | 0123456789abcdef\n< ACK 2.31 "
                       "mid=7 tok=01 block1=0/1/16 size1=100"),
};
