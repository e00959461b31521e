/* RFC 7252 section 3.1: how an option is encoded.
 *
 *     0   1   2   3   4   5   6   7
 *   +---------------+---------------+
 *   | Option Delta  | Option Length |   1 octet
 *   +---------------+---------------+
 *   /  Option Delta (extended)      /   0 to 2 octets
 *   /  Option Length (extended)     /   0 to 2 octets
 *   /  Option Value                 /
 *   +-------------------------------+
 */
#include "coapspec/rule.h"

/* The message breaks a rule of this file by one fault of the decoder and keeps it otherwise. */
static bool has_fault(const struct cs_view *view, enum cs_fault fault)
{
    return view->message->fault == fault;
}

/* A fault in the header or in the token says nothing about the options behind it. */
static struct cs_verdict options_held(const struct cs_view *view)
{
    return view->message->fault < CS_FAULT_OPTION_DELTA && view->message->fault != CS_FAULT_NONE
               ? cs_silent()
               : cs_held();
}

/* ------------------------------------------------------------------ delta 15 */

static struct cs_verdict delta_15_is_the_marker(const struct cs_view *view)
{
    const struct cs_message *m = view->message;
    if (!has_fault(view, CS_FAULT_OPTION_DELTA))
        return options_held(view);
    return cs_broken(view, m->fault_at,
                     "an option begins with %02x: delta 15, and not the payload marker ff",
                     m->octets.at[m->fault_at]);
}

const struct cs_rule cs_rfc7252_delta_15_is_the_payload_marker = {
    .id = "rfc7252/3.1/delta-15-is-the-payload-marker",
    .spec = "RFC 7252",
    .section = "3.1",
    .level = CS_SPEC,
    .says = "An option delta of 15 occurs only as part of the payload marker.",
    .cause = "The payload is written without its marker, or an option length is wrong, so that the "
             "next option starts in the middle of a value.",
    .covers = CS_STRINGS("RFC7252-3.1-N1", "RFC7252-3.1-2"),
    .on = CS_T_HAS_OPTIONS,
    .suspect = CS_T_MALFORMED | CS_T_CUT,
    .check = delta_15_is_the_marker,
    .holds = CS_STRINGS("> raw: 40 02 12 34 b1 61 ff 31"),
    .breaks = CS_STRINGS("> raw: 40 02 12 34 b1 61 f1 31", "> raw: 40 02 12 34 f0",
                         "! ws\n> raw: 00 02 f1 31"),
};

/* ------------------------------------------------------------------ length 15 */

static struct cs_verdict length_15_is_reserved(const struct cs_view *view)
{
    const struct cs_message *m = view->message;
    if (!has_fault(view, CS_FAULT_OPTION_LENGTH))
        return options_held(view);
    return cs_broken(view, m->fault_at, "an option begins with %02x: length 15",
                     m->octets.at[m->fault_at]);
}

const struct cs_rule cs_rfc7252_option_length_15_is_reserved = {
    .id = "rfc7252/3.1/option-length-15-is-reserved",
    .spec = "RFC 7252",
    .section = "3.1",
    .level = CS_SPEC,
    .says = "The length field of an option is 0 to 14.",
    .cause = "A long option is encoded as in the drafts before RFC 7252, or the octets are not "
             "options at all.",
    .covers = CS_STRINGS("RFC7252-3.1-N1", "RFC7252-3.1-3"),
    .on = CS_T_HAS_OPTIONS,
    .suspect = CS_T_MALFORMED | CS_T_CUT,
    .check = length_15_is_reserved,
    .holds = CS_STRINGS("> raw: 40 01 12 34 bd 02 61 61 61 61 61 61 61 61 61 61 61 61 61 61 61"),
    .breaks = CS_STRINGS("> raw: 40 01 12 34 bf 02 61 61 61 61 61 61 61 61 61 61 61 61 61 61 61"),
};

/* ------------------------------------------------------------------ the end of the message */

static struct cs_verdict option_is_whole(const struct cs_view *view)
{
    const struct cs_message *m = view->message;
    if (!has_fault(view, CS_FAULT_OPTION_SHORT))
        return options_held(view);
    return cs_broken(view, m->fault_at,
                     "the option that begins here extends beyond the end of the message");
}

const struct cs_rule cs_rfc7252_options_are_whole = {
    .id = "rfc7252/3.1/options-are-whole",
    .spec = "RFC 7252",
    .section = "3.1",
    .level = CS_SPEC,
    .says = "Each option has all the octets that its delta and length fields announce.",
    .cause = "A buffer that is too small cuts the datagram, or the payload has no marker.",
    .covers = CS_STRINGS("RFC7252-3-N1", "RFC7252-3-N3"),
    .on = CS_T_HAS_OPTIONS,
    .suspect = CS_T_MALFORMED | CS_T_CUT,
    .check = option_is_whole,
    .holds = CS_STRINGS("> raw: 40 01 12 34 b4 74 65 6d 70"),
    .breaks = CS_STRINGS("> raw: 40 01 12 34 b4 74 65 6d", "> raw: 40 01 12 34 bd",
                         "> raw: 40 01 12 34 e0 01", "> raw: 40 02 12 34 68 65 6c 6c 6f"),
};

/* ------------------------------------------------------------------ numbers ascend */

/* A delta cannot be negative: who writes options in the wrong order must subtract, and the number
 * wraps. That, or a wrongly encoded delta, is all that can be seen of it. The ranges of the three
 * forms of a delta do not overlap, so a form longer than needed cannot be written. */
static struct cs_verdict numbers_ascend(const struct cs_view *view)
{
    const struct cs_message *m = view->message;
    if (!has_fault(view, CS_FAULT_OPTION_NUMBER))
        return options_held(view);
    return cs_broken(view, m->fault_at, "the deltas up to here add up to more than 65535");
}

const struct cs_rule cs_rfc7252_option_numbers_ascend = {
    .id = "rfc7252/3.1/option-numbers-ascend",
    .spec = "RFC 7252",
    .section = "3.1",
    .level = CS_MUST,
    .says = "Options are in the order of their numbers, and no number exceeds 65535.",
    .cause = "Options are written in the order in which the application added them, and the delta "
             "wraps around.",
    .covers = CS_STRINGS("RFC7252-3.1-1", "RFC7252-3.1-N1", "RFC7252-3.1-N2"),
    .on = CS_T_HAS_OPTIONS,
    .suspect = CS_T_MALFORMED | CS_T_CUT,
    .check = numbers_ascend,
    .holds = CS_STRINGS("> raw: 40 01 12 34 b1 61 e0 fe e6"),
    .breaks = CS_STRINGS("> raw: 40 01 12 34 b1 61 e0 fe ef 00"),
};
