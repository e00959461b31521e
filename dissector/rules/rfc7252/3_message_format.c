/* RFC 7252 section 3: the header, the token, the code, the payload marker.
 *
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  |Ver| T |  TKL  |      Code     |          Message ID           |
 */
#include <string.h>

#include "coapspec/rule.h"

enum { TOKEN_MAX = 8, TOKEN_RESERVED = 15 };

/* ------------------------------------------------------------------ version */

/* What is not CoAP at all has no version either: scanners and keep-alives send all sorts of things
 * to a CoAP port, zeros among them, and so do STUN (RFC 8489 section 5: a fixed number in the
 * second four octets) and DTLS 1.3 (RFC 9147 section 4: the first three bits are 001). A message
 * whose one fault is the version would decode with another, and say something. */
static bool is_other_protocol(struct cs_slice octets)
{
    static const uint8_t stun[4] = {0x21, 0x12, 0xa4, 0x42};
    return octets.at[0] >> 5 == 1 ||
           (octets.len >= 20 && octets.at[0] >> 6 == 0 && memcmp(octets.at + 4, stun, 4) == 0);
}

static bool decodes_as_version_1(const struct cs_message *m)
{
    uint8_t copy[2048];
    struct cs_message other;
    if (m->octets.len > sizeof copy || is_other_protocol(m->octets) ||
        cs_code_def(m->octets.at[1]) == NULL || m->octets.at[1] == 0)
        return false;
    memcpy(copy, m->octets.at, m->octets.len);
    copy[0] = (uint8_t)((copy[0] & 0x3fu) | 0x40u);
    return cs_message_decode(CS_UDP, (struct cs_slice){copy, m->octets.len}, 0, &other);
}

static struct cs_verdict version_is_1(const struct cs_view *view)
{
    const struct cs_message *m = view->message;
    if (m->fault != CS_FAULT_VERSION)
        return m->octets.len < 4 ? cs_silent() : cs_held();
    if (view->event->datagram.missing > 0 || !decodes_as_version_1(m))
        return cs_undecided("the datagram may not be meant as CoAP");
    return cs_broken(view, 0, "the version is %u", m->version);
}

const struct cs_rule cs_rfc7252_version_is_1 = {
    .id = "rfc7252/3/version-is-1",
    .spec = "RFC 7252",
    .section = "3",
    .level = CS_MUST,
    .says = "The version field of every message is 1.",
    .cause =
        "The header is built with shifted or uninitialised bits, or something other than CoAP is "
        "sent to a CoAP port.",
    .covers = CS_STRINGS("RFC7252-3-1"),
    .on = CS_T_TYPED,
    .suspect = CS_T_MALFORMED | CS_T_CUT,
    .check = version_is_1,
    .holds = CS_STRINGS("> raw: 40 01 12 34"),
    .breaks = CS_STRINGS("> raw: 80 01 12 34", "> raw: 00 01 12 34", "> raw: c0 01 12 34"),
    .open =
        CS_STRINGS("> raw: 00 f1 e2 d3 f4 05", "> raw: 00 00 00 00", "> raw: 20 01 12 34",
                   "> raw: 00 01 00 08 21 12 a4 42 01 02 03 04 05 06 07 08 09 0a 0b 0c 80 22 00 "
                   "04 63 6f 61 70"),
};

/* ------------------------------------------------------------------ token length */

/* RFC 8974 section 2.1 gives 9 to 14 a meaning between peers that have learned of each other's
 * support, which over UDP happens by trial (section 2.2.2): from outside, a legal try and an error
 * look alike. 15 is reserved in both. */
static struct cs_verdict token_is_at_most_8(const struct cs_view *view)
{
    const struct cs_message *m = view->message;
    if (m->token_length == TOKEN_RESERVED)
        return cs_broken(view, 0, "the token length field is 15");
    if (m->token_length <= TOKEN_MAX || view->parameters->extended_tokens)
        return cs_held();
    return cs_undecided("token lengths 9 to 14 are illegal, or RFC 8974 is in use");
}

const struct cs_rule cs_rfc7252_token_length_is_at_most_8 = {
    .id = "rfc7252/3/token-length-is-at-most-8",
    .spec = "RFC 7252",
    .section = "3",
    .level = CS_MUST_NOT,
    .says = "The token length field is 0 to 8; 9 to 14 only with RFC 8974, 15 never.",
    .cause = "The token length is taken from a buffer size without a limit, or the octets are not "
             "those of a CoAP header.",
    .covers = CS_STRINGS("RFC7252-3-3a"),
    .on = CS_T_HAS_TOKEN,
    .suspect = CS_T_LONG_TOKEN | CS_T_MALFORMED | CS_T_CUT,
    .check = token_is_at_most_8,
    .holds = CS_STRINGS("> raw: 48 01 12 34 01 02 03 04 05 06 07 08"),
    .breaks = CS_STRINGS("> raw: 4f 01 12 34 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f"),
    .open = CS_STRINGS("> raw: 49 01 12 34 01 02 03 04 05 06 07 08 09",
                       "> raw: 4d 01 12 34 00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d"),
};

/* ------------------------------------------------------------------ nothing is missing */

/* Datagrams of no or few octets keep NAT bindings open. Only one that begins like a CoAP message
 * is taken for its rest. */
static struct cs_verdict header_is_whole(const struct cs_view *view)
{
    const struct cs_message *m = view->message;
    if (m->fault == CS_FAULT_SHORT_HEADER) {
        if (m->octets.len == 0 || m->octets.at[0] >> 6 != 1)
            return cs_undecided("the datagram may be a NAT keep-alive");
        return cs_broken(view, 0, "the datagram has %zu of the 4 octets of a header",
                         m->octets.len);
    }
    if (m->fault == CS_FAULT_TOKEN_SHORT)
        return cs_broken(view, m->fault_at,
                         "the token length field is %u and the message ends after %zu octets",
                         m->token_length, m->octets.len);
    return m->fault == CS_FAULT_CUT || m->fault == CS_FAULT_VERSION ? cs_silent() : cs_held();
}

const struct cs_rule cs_rfc7252_header_and_token_are_whole = {
    .id = "rfc7252/3/header-and-token-are-whole",
    .spec = "RFC 7252",
    .section = "3",
    .level = CS_SPEC,
    .says = "A message has the four octets of the header and as many octets of token as the header "
            "says.",
    .cause = "The datagram is sent with a wrong length, or the token length is set without writing "
             "the token.",
    .covers = CS_STRINGS("RFC7252-3-N1"),
    .on = CS_T_TYPED,
    .suspect = CS_T_MALFORMED | CS_T_CUT,
    .check = header_is_whole,
    .holds = CS_STRINGS("> raw: 40 01 12 34", "> raw: 42 01 12 34 aa bb"),
    .breaks = CS_STRINGS("> raw: 40 01 12", "> raw: 42 01 12 34 aa", "> raw: 44 01 12 34"),
    .open = CS_STRINGS("> raw:", "> raw: 00"),
};

/* ------------------------------------------------------------------ code class */

/* Section 3 reserves every class but 0, 2, 4 and 5. Class 7 has got a meaning since, signalling,
 * on reliable transports alone (RFC 8323 section 5). */
static struct cs_verdict code_class_is_defined(const struct cs_view *view)
{
    const struct cs_message *m = view->message;
    if ((view->traits & CS_T_RESERVED_CODE) == 0)
        return m->has_header ? cs_held() : cs_silent();
    const unsigned class = CS_CODE_CLASS(m->code);
    if (cs_message_is_signal(m))
        return cs_held();
    return cs_broken(view, m->code_at, "the code is %u.%02u, and class %u is reserved", class,
                     CS_CODE_DETAIL(m->code), class);
}

const struct cs_rule cs_rfc7252_code_class_is_defined = {
    .id = "rfc7252/3/code-class-is-defined",
    .spec = "RFC 7252",
    .section = "3",
    .level = CS_SPEC,
    .says = "The class of the code is 0, 2, 4 or 5; the others are reserved.",
    .cause = "A code is written as a decimal number instead of its octet (205 for 2.05), or an "
             "HTTP status is copied.",
    .covers = CS_STRINGS("RFC7252-3-N2"),
    .on = CS_T_MESSAGE,
    .suspect = CS_T_RESERVED_CODE | CS_T_MALFORMED | CS_T_CUT,
    .check = code_class_is_defined,
    .holds = CS_STRINGS("> raw: 40 07 12 34", "! tcp\n> 7.01 opt2=0480 opt4\n< 7.02 tok=42"),
    .breaks = CS_STRINGS("> raw: 50 21 12 34", "> raw: 50 61 12 34", "> raw: 50 cd 12 34",
                         "> raw: 50 e1 12 34", "! tcp\n> raw: 00 21"),
};

/* ------------------------------------------------------------------ payload marker */

static struct cs_verdict marker_has_payload(const struct cs_view *view)
{
    const struct cs_message *m = view->message;
    if (m->fault == CS_FAULT_NO_PAYLOAD)
        return cs_broken(view, m->fault_at, "the payload marker is the last octet");
    return m->fault == CS_FAULT_NONE ? cs_held() : cs_silent();
}

const struct cs_rule cs_rfc7252_payload_marker_has_payload = {
    .id = "rfc7252/3/payload-marker-has-payload",
    .spec = "RFC 7252",
    .section = "3",
    .level = CS_SPEC,
    .says = "A payload marker is followed by at least one octet; an empty payload has no marker.",
    .cause = "The marker is written before it is known whether there is a payload.",
    .covers = CS_STRINGS("RFC7252-3-N1", "RFC7252-3-4"),
    .on = CS_T_MESSAGE,
    .suspect = CS_T_MALFORMED | CS_T_CUT,
    .check = marker_has_payload,
    .holds = CS_STRINGS("> raw: 40 02 12 34 ff 31"),
    .breaks = CS_STRINGS("> raw: 40 02 12 34 ff", "> raw: 40 02 12 34 b1 61 ff",
                         "! tcp\n> raw: 11 01 aa ff"),
};
