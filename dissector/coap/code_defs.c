/* The IANA registry "CoAP Codes": methods, responses, signalling; and 0.00, which RFC 7252 section 4.1 calls Empty. */
#include "coapspec/dissect.h"

/* clang-format off */
#define CODES(X) \
    X( 0, 0,  0, "Empty",                         "RFC 7252") \
    X( 1, 0,  1, "GET",                           "RFC 7252") \
    X( 2, 0,  2, "POST",                          "RFC 7252") \
    X( 3, 0,  3, "PUT",                           "RFC 7252") \
    X( 4, 0,  4, "DELETE",                        "RFC 7252") \
    X( 5, 0,  5, "FETCH",                         "RFC 8132") \
    X( 6, 0,  6, "PATCH",                         "RFC 8132") \
    X( 7, 0,  7, "iPATCH",                        "RFC 8132") \
    X( 8, 2,  1, "Created",                       "RFC 7252") \
    X( 9, 2,  2, "Deleted",                       "RFC 7252") \
    X(10, 2,  3, "Valid",                         "RFC 7252") \
    X(11, 2,  4, "Changed",                       "RFC 7252") \
    X(12, 2,  5, "Content",                       "RFC 7252") \
    X(13, 2, 31, "Continue",                      "RFC 7959") \
    X(14, 4,  0, "Bad Request",                   "RFC 7252") \
    X(15, 4,  1, "Unauthorized",                  "RFC 7252") \
    X(16, 4,  2, "Bad Option",                    "RFC 7252") \
    X(17, 4,  3, "Forbidden",                     "RFC 7252") \
    X(18, 4,  4, "Not Found",                     "RFC 7252") \
    X(19, 4,  5, "Method Not Allowed",            "RFC 7252") \
    X(20, 4,  6, "Not Acceptable",                "RFC 7252") \
    X(21, 4,  8, "Request Entity Incomplete",     "RFC 7959") \
    X(22, 4,  9, "Conflict",                      "RFC 8132") \
    X(23, 4, 12, "Precondition Failed",           "RFC 7252") \
    X(24, 4, 13, "Request Entity Too Large",      "RFC 7252") \
    X(25, 4, 15, "Unsupported Content-Format",    "RFC 7252") \
    X(26, 4, 22, "Unprocessable Entity",          "RFC 8132") \
    X(27, 4, 29, "Too Many Requests",             "RFC 8516") \
    X(28, 5,  0, "Internal Server Error",         "RFC 7252") \
    X(29, 5,  1, "Not Implemented",               "RFC 7252") \
    X(30, 5,  2, "Bad Gateway",                   "RFC 7252") \
    X(31, 5,  3, "Service Unavailable",           "RFC 7252") \
    X(32, 5,  4, "Gateway Timeout",               "RFC 7252") \
    X(33, 5,  5, "Proxying Not Supported",        "RFC 7252") \
    X(34, 5,  8, "Hop Limit Reached",             "RFC 8768") \
    X(35, 7,  1, "CSM",                           "RFC 8323") \
    X(36, 7,  2, "Ping",                          "RFC 8323") \
    X(37, 7,  3, "Pong",                          "RFC 8323") \
    X(38, 7,  4, "Release",                       "RFC 8323") \
    X(39, 7,  5, "Abort",                         "RFC 8323")
/* clang-format on */

static const struct cs_code_def defs[] = {
#define X(place, class, detail, name, spec) [place] = {CS_CODE(class, detail), name, spec},
    CODES(X)
#undef X
};
enum { DEF_COUNT = sizeof defs / sizeof defs[0] };

const struct cs_code_def *cs_code_defs(size_t *count)
{
    *count = DEF_COUNT;
    return defs;
}

const uint8_t cs_code_place[256] = {
#define X(place, class, detail, name, spec) [CS_CODE(class, detail)] = (place) + 1,
    CODES(X)
#undef X
};

const struct cs_code_def *cs_code_def(uint8_t code)
{
    const unsigned place = cs_code_place[code];
    return place != 0 ? &defs[place - 1] : NULL;
}
