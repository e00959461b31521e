/* RFC 7252 section 5.5: payloads. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "rules/doubt.h"

/* ------------------------------------------------------------------ methods without payload */

static struct cs_verdict method_has_no_payload(const struct cs_view *view)
{
    const struct cs_message *m = view->message;
    if ((m->code != CS_CODE(0, 1) && m->code != CS_CODE(0, 4)) || cs_is_oscore(view))
        return cs_silent();
    if (m->payload.len == 0)
        return cs_held();
    return cs_broken(view, cs_marker_at(m), "a %s with %zu octets of payload",
                     m->code == CS_CODE(0, 1) ? "GET" : "DELETE", m->payload.len);
}

const struct cs_rule cs_rfc7252_get_and_delete_have_no_payload = {
    .id = "rfc7252/5.5/get-and-delete-have-no-payload",
    .spec = "RFC 7252",
    .section = "5.5",
    .level = CS_MUST_NOT,
    .concern = CS_APPLICATION,
    .says = "GET and DELETE have no payload, because none is defined for them.",
    .cause = "Parameters are put into the payload instead of Uri-Query or FETCH (RFC 8132).",
    .covers = CS_STRINGS("RFC7252-5.5-1a"),
    .on = CS_T_REQUEST | CS_T_WELL_FORMED,
    .check = method_has_no_payload,
    .holds = CS_STRINGS("> CON GET /a mid=7 tok=01", "> CON DELETE /a mid=7 tok=01"),
    .breaks = CS_STRINGS("> CON GET /a mid=7 tok=01 | 1", "> CON DELETE /a mid=7 tok=01 | 1"),
};

/* ------------------------------------------------------------------ diagnostic payload */

/* An error with a Content-Format has a representation instead (section 5.5.1). */
static bool is_diagnostic(const struct cs_view *view)
{
    return !cs_message_has(view->message, CS_OPT_CONTENT_FORMAT) && !cs_is_oscore(view);
}

static struct cs_verdict diagnostic_is_utf8(const struct cs_view *view)
{
    const struct cs_message *m = view->message;
    size_t bad;
    if (!is_diagnostic(view))
        return cs_silent();
    if (cs_utf8_valid(m->payload, &bad))
        return cs_held();
    if (cs_message_has(m, CS_OPT_BLOCK2) || cs_message_has(m, CS_OPT_Q_BLOCK2))
        return cs_undecided("a character may continue in the next block");
    return cs_broken(view, cs_marker_at(m) + 1 + (uint32_t)bad,
                     "octet %02x of the diagnostic payload is not UTF-8", m->payload.at[bad]);
}

const struct cs_rule cs_rfc7252_diagnostic_payload_is_utf8 = {
    .id = "rfc7252/5.5.2/diagnostic-payload-is-utf8",
    .spec = "RFC 7252",
    .section = "5.5.2",
    .level = CS_MUST,
    .concern = CS_APPLICATION,
    .says = "The payload of an error response without Content-Format is UTF-8 text.",
    .cause = "An error carries binary data without its Content-Format, or more octets than the "
             "text has.",
    .covers = CS_STRINGS("RFC7252-5.5.2-1", "RFC7252-5.5.2-N1"),
    .on = CS_T_ERROR | CS_T_HAS_PAYLOAD | CS_T_WELL_FORMED,
    .check = diagnostic_is_utf8,
    .holds = CS_STRINGS("> CON GET /a mid=7 tok=01\n< ACK 4.00 mid=7 tok=01 | no such unit",
                        "> CON GET /a mid=7 tok=01\n< ACK 4.00 mid=7 tok=01 | no such unit\n"
                        "> raw: 40 01 00 08 b1 61\n< raw: 60 80 00 08 c1 3c ff a1 ff"),
    .breaks = CS_STRINGS("> raw: 40 01 00 07 b1 61\n< raw: 60 80 00 07 ff a1 ff"),
    .open = CS_STRINGS("> raw: 40 01 00 07 b1 61\n< raw: 60 80 00 07 d1 0a 08 ff 41 41 41 41 41 41 "
                       "41 41 41 41 41 41 41 41 41 c3"),
};

/* "4.04", "Not Found", "4.04 Not Found", "4.04: Not Found". */
static bool only_names_code(struct cs_slice payload, uint8_t code, const char *name)
{
    char text[48], digits[8];
    const size_t n = payload.len < sizeof text ? payload.len : sizeof text - 1;
    memcpy(text, payload.at, n);
    text[n] = '\0';
    snprintf(digits, sizeof digits, "%u.%02u", CS_CODE_CLASS(code), CS_CODE_DETAIL(code));
    const char *rest = text;
    if (strncmp(text, digits, strlen(digits)) == 0) {
        rest += strlen(digits);
        rest += strspn(rest, ": ");
        if (*rest == '\0')
            return n == payload.len;
    }
    return n == payload.len && strcasecmp(rest, name) == 0;
}

/* Whether other words add something is for a reader to say; the name of the code surely does not.
 */
static struct cs_verdict diagnostic_adds_something(const struct cs_view *view)
{
    const struct cs_message *m = view->message;
    const struct cs_code_def *def = cs_code_def(m->code);
    if (def == NULL || !is_diagnostic(view))
        return cs_silent();
    if (!only_names_code(m->payload, m->code, def->name))
        return cs_held();
    return cs_broken(view, cs_marker_at(m), "the diagnostic payload is the name of the code");
}

const struct cs_rule cs_rfc7252_diagnostic_payload_adds_something = {
    .id = "rfc7252/5.5.2/diagnostic-payload-adds-something",
    .spec = "RFC 7252",
    .section = "5.5.2",
    .level = CS_SHOULD,
    .concern = CS_APPLICATION,
    .says = "An error response has no diagnostic payload that repeats the response code.",
    .cause = "The stack adds the name of the code to every error.",
    .covers = CS_STRINGS("RFC7252-5.5.2-2"),
    .on = CS_T_ERROR | CS_T_HAS_PAYLOAD | CS_T_WELL_FORMED,
    .check = diagnostic_adds_something,
    .holds = CS_STRINGS("> CON GET /a mid=7 tok=01\n< ACK 4.04 mid=7 tok=01 | Not Found: a"),
    .breaks = CS_STRINGS("> CON GET /a mid=7 tok=01\n< ACK 4.04 mid=7 tok=01 | Not Found",
                         "> CON GET /a mid=7 tok=01\n< ACK 4.04 mid=7 tok=01 | 4.04 Not Found",
                         "> CON GET /a mid=7 tok=01\n< ACK 5.00 mid=7 tok=01 | 5.00"),
};
