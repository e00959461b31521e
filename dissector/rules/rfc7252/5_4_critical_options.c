/* RFC 7252 section 5.4: what a request with a critical option that cannot be processed is answered by. */
#include "rules/doubt.h"

/* An option that counts as unrecognised, and is critical: 4.02 is due for a CON; a NON may be rejected as well (section
 * 5.4.1). Another error may have been found first. A proxy forwards what it need not understand. `maybe_known`: the
 * receiver may recognise the option all the same. */
static struct cs_verdict is_refused(const struct cs_view *view, uint32_t flag, bool maybe_known,
                                    const char *what)
{
    const struct cs_message *m = view->message;
    const struct cs_sent *sent = view->acked != NULL ? view->acked : view->request;
    if ((sent->flags & flag) == 0 || sent->fault != CS_FAULT_NONE ||
        (sent->traits & (CS_T_PROXIED | CS_T_MULTICAST)) != 0 ||
        (sent->flags & CS_SENT_OSCORE) != 0)
        return cs_silent();
    if (m->type == CS_RST) {
        if (sent->type == CS_NON)
            return cs_held();
        if (!cs_serves(view, sent) || !cs_replies_surely(view))
            return cs_undecided("the endpoint that rejects the request may not be a server");
        return cs_with_packet(cs_broken(view, 0, "an RST, where 4.02 is required: %s", what),
                              sent->packet);
    }
    if ((view->traits & CS_T_ANSWER) == 0)
        return cs_silent();
    if (m->code == CS_CODE(4, 2))
        return cs_held();
    if ((view->traits & CS_T_SUCCESS) == 0)
        return cs_undecided("the server may have found another error first");
    if (maybe_known)
        return cs_undecided("the server may know the option");
    if (!cs_answers_surely(view))
        return cs_undecided("another request with this token may have been missed");
    return cs_with_packet(cs_broken(view, view->message->code_at,
                                    "%u.%02u, where 4.02 is required: %s", CS_CODE_CLASS(m->code),
                                    CS_CODE_DETAIL(m->code), what),
                          sent->packet);
}

/* ------------------------------------------------------------------ unrecognised */

static struct cs_verdict unknown_is_refused(const struct cs_view *view)
{
    return is_refused(view, CS_SENT_UNKNOWN_CRITICAL, true,
                      "a critical option of the request is registered nowhere");
}

const struct cs_rule cs_rfc7252_unrecognised_critical_option_is_refused = {
    .id = "rfc7252/5.4.1/unrecognised-critical-option-is-refused",
    .spec = "RFC 7252",
    .section = "5.4.1",
    .level = CS_MUST,
    .says = "A server answers a Confirmable request with an unrecognised critical option by 4.02 "
            "(Bad Option).",
    .cause = "The request is rejected by a Reset as if it were malformed.",
    .covers = CS_STRINGS("RFC7252-5.4.1-2"),
    .to = CS_T_REQUEST | CS_T_UNKNOWN_OPTION,
    .check = unknown_is_refused,
    .holds = CS_STRINGS("> CON GET /a mid=7 tok=01 opt65001=aa\n< ACK 4.02 mid=7 tok=01",
                        "> NON GET /a mid=7 tok=01 opt65001=aa\n< RST 0.00 mid=7"),
    .breaks = CS_STRINGS("> CON GET /a mid=6 tok=01\n< ACK 2.05 mid=6 tok=01 | a\n"
                         "> CON GET /a mid=7 tok=02 opt65001=aa\n< RST 0.00 mid=7"),
    .open = CS_STRINGS("> CON GET /a mid=7 tok=01 opt65001=aa\n< RST 0.00 mid=7",
                       "> CON GET /a mid=7 tok=01 opt65001=aa\n< ACK 2.05 mid=7 tok=01 | a",
                       "> CON GET /a mid=7 tok=01 opt65001=aa\n< ACK 4.04 mid=7 tok=01"),
};

/* ------------------------------------------------------------------ lengths */

static struct cs_verdict illegal_length_is_refused(const struct cs_view *view)
{
    return is_refused(view, CS_SENT_CRITICAL_LENGTH, false,
                      "a critical option of the request has a length outside its range");
}

const struct cs_rule cs_rfc7252_critical_option_of_illegal_length_is_refused = {
    .id = "rfc7252/5.4.3/critical-option-of-illegal-length-is-refused",
    .spec = "RFC 7252",
    .section = "5.4.3",
    .level = CS_MUST,
    .says = "A critical option whose length is outside its range is treated as unrecognised: a "
            "Confirmable request with it is answered by 4.02 (Bad Option).",
    .cause = "The option is read with the width of its variable, and its length is not checked.",
    .covers = CS_STRINGS("RFC7252-5.4.3-1"),
    .to = CS_T_REQUEST | CS_T_OPTION_LENGTH,
    .check = illegal_length_is_refused,
    .holds = CS_STRINGS("> CON GET /a mid=7 tok=01 accept=#010203\n< ACK 4.02 mid=7 tok=01",
                        "> NON GET /a mid=7 tok=01 accept=#010203\n< RST 0.00 mid=7"),
    .breaks = CS_STRINGS(
        "> CON GET /a mid=7 tok=01 accept=#010203\n< ACK 2.05 mid=7 tok=01 | a",
        "> NON GET /a mid=7 tok=01020304 accept=#010203\n< NON 2.05 mid=90 tok=01020304 | a",
        "> CON GET /a mid=6 tok=01\n< ACK 2.05 mid=6 tok=01 | a\n"
        "> CON GET /a mid=7 tok=02 accept=#010203\n< RST 0.00 mid=7"),
    .open = CS_STRINGS("> CON GET /a mid=7 tok=01 accept=#010203\n< RST 0.00 mid=7",
                       "> CON GET /a mid=7 tok=01 accept=#010203\n< ACK 4.04 mid=7 tok=01",
                       "> NON GET /a mid=7 tok=01 accept=#010203\n< NON 2.05 mid=90 tok=01 | a"),
    .also = CS_STRINGS("rfc7252/5.4.3/option-lengths-are-in-range"),
};

/* ------------------------------------------------------------------ repetition */

static struct cs_verdict supernumerary_is_refused(const struct cs_view *view)
{
    return is_refused(view, CS_SENT_CRITICAL_AGAIN, false,
                      "a critical option of the request occurs more often than it may");
}

const struct cs_rule cs_rfc7252_supernumerary_critical_option_is_refused = {
    .id = "rfc7252/5.4.5/supernumerary-critical-option-is-refused",
    .spec = "RFC 7252",
    .section = "5.4.5",
    .level = CS_MUST,
    .says = "A critical option that occurs more often than it may is treated as unrecognised: a "
            "Confirmable request with it is answered by 4.02 (Bad Option).",
    .cause = "The first or the last of several options is used, and they are not counted.",
    .covers = CS_STRINGS("RFC7252-5.4.5-3"),
    .to = CS_T_REQUEST | CS_T_OPTION_REPEATED,
    .check = supernumerary_is_refused,
    .holds = CS_STRINGS("> CON GET /a mid=7 tok=01 accept=0 accept=40\n< ACK 4.02 mid=7 tok=01",
                        "> NON GET /a mid=7 tok=01 accept=0 accept=40\n< RST 0.00 mid=7"),
    .breaks =
        CS_STRINGS("> CON GET /a mid=7 tok=01 uri-host=b uri-host=c\n< ACK 2.05 mid=7 tok=01 | a",
                   "> CON GET /a mid=6 tok=01\n< ACK 2.05 mid=6 tok=01 | a\n"
                   "> CON GET /a mid=7 tok=02 accept=0 accept=40\n< RST 0.00 mid=7"),
    .open = CS_STRINGS("> CON GET /a mid=7 tok=01 accept=0 accept=40\n< RST 0.00 mid=7",
                       "> CON GET /a mid=7 tok=01 accept=0 accept=40\n< ACK 4.06 mid=7 tok=01"),
    .also = CS_STRINGS("rfc7252/5.4.5/options-occur-once"),
};
