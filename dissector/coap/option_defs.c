/* The IANA registry "CoAP Option Numbers". Critical, unsafe and cache-key follow from the number (RFC 7252 section
 * 5.4.6) and so have no column.
 *
 * A registered option has a bit of its own in cs_message.option_set: its place in this table. */
#include "coap/option_read.h"
#include "coapspec/dissect.h"

#define REQ  CS_IN_REQUEST
#define RSP  CS_IN_RESPONSE
#define BOTH (CS_IN_REQUEST | CS_IN_RESPONSE)

/* bit, number, format, used in, repeatable, least and most octets, name, key, document.
 * Where a document gives no length, the most is what an option can hold at all. The low ones are those
 * below CS_OPTION_PLACES. */
/* clang-format off */
#define LOW_OPTIONS(X) \
    X( 0,    0, OPAQUE, 0,    true,  0, 65535, "(Reserved)",     "opt0",           "RFC 7252") \
    X( 1,    1, OPAQUE, REQ,  true,  0,     8, "If-Match",       "if-match",       "RFC 7252") \
    X( 2,    3, STRING, REQ,  false, 1,   255, "Uri-Host",       "uri-host",       "RFC 7252") \
    X( 3,    4, OPAQUE, BOTH, true,  1,     8, "ETag",           "etag",           "RFC 7252") \
    X( 4,    5, EMPTY,  REQ,  false, 0,     0, "If-None-Match",  "if-none-match",  "RFC 7252") \
    X( 5,    6, UINT,   BOTH, false, 0,     3, "Observe",        "observe",        "RFC 7641") \
    X( 6,    7, UINT,   REQ,  false, 0,     2, "Uri-Port",       "uri-port",       "RFC 7252") \
    X( 7,    8, STRING, RSP,  true,  0,   255, "Location-Path",  "location-path",  "RFC 7252") \
    X( 8,    9, OPAQUE, BOTH, false, 0,   255, "OSCORE",         "oscore",         "RFC 8613") \
    X( 9,   11, STRING, REQ,  true,  0,   255, "Uri-Path",       "uri-path",       "RFC 7252") \
    X(10,   12, UINT,   BOTH, false, 0,     2, "Content-Format", "content-format", "RFC 7252") \
    X(11,   14, UINT,   RSP,  false, 0,     4, "Max-Age",        "max-age",        "RFC 7252") \
    X(12,   15, STRING, REQ,  true,  0,   255, "Uri-Query",      "uri-query",      "RFC 7252") \
    X(13,   16, UINT,   REQ,  false, 1,     1, "Hop-Limit",      "hop-limit",      "RFC 8768") \
    X(14,   17, UINT,   REQ,  false, 0,     2, "Accept",         "accept",         "RFC 7252") \
    X(15,   19, UINT,   BOTH, false, 0,     3, "Q-Block1",       "q-block1",       "RFC 9177") \
    X(16,   20, STRING, RSP,  true,  0,   255, "Location-Query", "location-query", "RFC 7252") \
    X(17,   21, EMPTY,  REQ,  false, 0,     0, "EDHOC",          "edhoc",          "RFC 9668") \
    X(18,   23, UINT,   BOTH, false, 0,     3, "Block2",         "block2",         "RFC 7959") \
    X(19,   27, UINT,   BOTH, false, 0,     3, "Block1",         "block1",         "RFC 7959") \
    X(20,   28, UINT,   BOTH, false, 0,     4, "Size2",          "size2",          "RFC 7959") \
    X(21,   31, UINT,   BOTH, true,  0,     3, "Q-Block2",       "q-block2",       "RFC 9177") \
    X(22,   35, STRING, REQ,  false, 1,  1034, "Proxy-Uri",      "proxy-uri",      "RFC 7252") \
    X(23,   39, STRING, REQ,  false, 1,   255, "Proxy-Scheme",   "proxy-scheme",   "RFC 7252") \
    X(24,   60, UINT,   BOTH, false, 0,     4, "Size1",          "size1",          "RFC 7252") \
    X(25,  128, OPAQUE, BOTH, true,  0, 65535, "(Reserved)",     "opt128",         "RFC 7252") \
    X(26,  132, OPAQUE, BOTH, true,  0, 65535, "(Reserved)",     "opt132",         "RFC 7252") \
    X(27,  136, OPAQUE, BOTH, true,  0, 65535, "(Reserved)",     "opt136",         "RFC 7252") \
    X(28,  140, OPAQUE, BOTH, true,  0, 65535, "(Reserved)",     "opt140",         "RFC 7252") \
    X(29,  235, OPAQUE, REQ,  false, 1,  1023, "Proxy-Cri",      "proxy-cri",      "draft-ietf-core-href") \
    X(30,  239, UINT,   REQ,  false, 0,     3, "Proxy-Scheme-Number", "proxy-scheme-number", \
      "draft-ietf-core-href") \
    X(31,  252, OPAQUE, BOTH, false, 1,    40, "Echo",           "echo",           "RFC 9175") \
    X(32,  258, UINT,   REQ,  false, 0,     1, "No-Response",    "no-response",    "RFC 7967") \
    X(33,  292, OPAQUE, REQ,  true,  0,     8, "Request-Tag",    "request-tag",    "RFC 9175")
#define HIGH_OPTIONS(X) \
    X(34, 2049, UINT,   REQ,  false, 0,     2, "OCF-Accept-Content-Format-Version", \
      "ocf-accept-content-format-version", "OCF Core") \
    X(35, 2053, UINT,   BOTH, false, 0,     2, "OCF-Content-Format-Version", \
      "ocf-content-format-version", "OCF Core") \
    X(36, 2055, OPAQUE, BOTH, false, 0, 65535, "SCP82-Params",   "scp82-params",   "GPC SPE 207") \
    X(37, 2056, OPAQUE, BOTH, false, 0, 65535, "X-Admin-Protocol", "x-admin-protocol", "GSMA SGP.32")
/* clang-format on */

static const struct cs_option_def defs[] = {
#define X(bit, number, format, in, repeatable, min, max, name, key, spec)                          \
    [bit] = {number, CS_FORMAT_##format, in, repeatable, min, max, name, key, spec},
    LOW_OPTIONS(X) HIGH_OPTIONS(X)
#undef X
};
enum { DEF_COUNT = sizeof defs / sizeof defs[0] };
_Static_assert((int)DEF_COUNT <= (int)CS_OPTION_INDEX_UNKNOWN_ELECTIVE,
               "no bit left for another option");

enum {
    NOTE_EMPTY = 0,
    NOTE_OPAQUE = 0,
    NOTE_UINT = CS_NOTE_UINT,
    NOTE_STRING = CS_NOTE_STRING,
};
#define EVERYWHERE (CS_IN_REQUEST | CS_IN_RESPONSE)

const struct cs_option_check cs_option_checks[64] = {
#define X(bit, number, format, in, repeatable, min, max, name, key, spec)                          \
    [bit] = {min, (max) - (min), NOTE_##format, (repeatable) ? 0 : CS_NOTE_REPEATED,               \
             EVERYWHERE & ~(in)},
    LOW_OPTIONS(X) HIGH_OPTIONS(X)
#undef X
        [CS_OPTION_INDEX_UNKNOWN_ELECTIVE] = {.range = 65535},
    [CS_OPTION_INDEX_UNKNOWN_CRITICAL] = {.range = 65535},
};

const uint8_t cs_option_place[CS_OPTION_PLACES] = {
#define X(bit, number, format, in, repeatable, min, max, name, key, spec) [number] = (bit) + 1,
    LOW_OPTIONS(X)
#undef X
};

unsigned cs_option_high_index(uint32_t number)
{
    switch (number) {
#define X(bit, number, format, in, repeatable, min, max, name, key, spec)                          \
    case number:                                                                                   \
        return bit;
        HIGH_OPTIONS(X)
#undef X
    default:
        return CS_OPTION_INDEX_UNKNOWN_ELECTIVE + (number & 1);
    }
}

const struct cs_option_def *cs_option_def(uint32_t number)
{
    const unsigned index = cs_option_index(number);
    return index < DEF_COUNT ? &defs[index] : NULL;
}

const struct cs_option_def *cs_option_defs(size_t *count)
{
    *count = DEF_COUNT;
    return defs;
}
