/* The IANA registry "CoAP Codes": methods, responses, signalling; and 0.00, which RFC 7252 section 4.1 calls Empty. */
#include "coapspec/dissect.h"

static const struct cs_code_def defs[] = {
    {CS_CODE(0, 0), "Empty", "RFC 7252"},
    {CS_CODE(0, 1), "GET", "RFC 7252"},
    {CS_CODE(0, 2), "POST", "RFC 7252"},
    {CS_CODE(0, 3), "PUT", "RFC 7252"},
    {CS_CODE(0, 4), "DELETE", "RFC 7252"},
    {CS_CODE(0, 5), "FETCH", "RFC 8132"},
    {CS_CODE(0, 6), "PATCH", "RFC 8132"},
    {CS_CODE(0, 7), "iPATCH", "RFC 8132"},
    {CS_CODE(2, 1), "Created", "RFC 7252"},
    {CS_CODE(2, 2), "Deleted", "RFC 7252"},
    {CS_CODE(2, 3), "Valid", "RFC 7252"},
    {CS_CODE(2, 4), "Changed", "RFC 7252"},
    {CS_CODE(2, 5), "Content", "RFC 7252"},
    {CS_CODE(2, 31), "Continue", "RFC 7959"},
    {CS_CODE(4, 0), "Bad Request", "RFC 7252"},
    {CS_CODE(4, 1), "Unauthorized", "RFC 7252"},
    {CS_CODE(4, 2), "Bad Option", "RFC 7252"},
    {CS_CODE(4, 3), "Forbidden", "RFC 7252"},
    {CS_CODE(4, 4), "Not Found", "RFC 7252"},
    {CS_CODE(4, 5), "Method Not Allowed", "RFC 7252"},
    {CS_CODE(4, 6), "Not Acceptable", "RFC 7252"},
    {CS_CODE(4, 8), "Request Entity Incomplete", "RFC 7959"},
    {CS_CODE(4, 9), "Conflict", "RFC 8132"},
    {CS_CODE(4, 12), "Precondition Failed", "RFC 7252"},
    {CS_CODE(4, 13), "Request Entity Too Large", "RFC 7252"},
    {CS_CODE(4, 15), "Unsupported Content-Format", "RFC 7252"},
    {CS_CODE(4, 22), "Unprocessable Entity", "RFC 8132"},
    {CS_CODE(4, 29), "Too Many Requests", "RFC 8516"},
    {CS_CODE(5, 0), "Internal Server Error", "RFC 7252"},
    {CS_CODE(5, 1), "Not Implemented", "RFC 7252"},
    {CS_CODE(5, 2), "Bad Gateway", "RFC 7252"},
    {CS_CODE(5, 3), "Service Unavailable", "RFC 7252"},
    {CS_CODE(5, 4), "Gateway Timeout", "RFC 7252"},
    {CS_CODE(5, 5), "Proxying Not Supported", "RFC 7252"},
    {CS_CODE(5, 8), "Hop Limit Reached", "RFC 8768"},
    {CS_CODE(7, 1), "CSM", "RFC 8323"},
    {CS_CODE(7, 2), "Ping", "RFC 8323"},
    {CS_CODE(7, 3), "Pong", "RFC 8323"},
    {CS_CODE(7, 4), "Release", "RFC 8323"},
    {CS_CODE(7, 5), "Abort", "RFC 8323"},
};
enum { DEF_COUNT = sizeof defs / sizeof defs[0] };

const struct cs_code_def *cs_code_defs(size_t *count)
{
    *count = DEF_COUNT;
    return defs;
}

/* Asked for every request and response: the rows of the common classes are found by their place. */
const struct cs_code_def *cs_code_def(uint8_t code)
{
    if (code < 8)
        return &defs[code];
    size_t low = 0, high = DEF_COUNT;
    while (low < high) {
        const size_t middle = (low + high) / 2;
        if (defs[middle].code < code)
            low = middle + 1;
        else
            high = middle;
    }
    return low < DEF_COUNT && defs[low].code == code ? &defs[low] : NULL;
}
