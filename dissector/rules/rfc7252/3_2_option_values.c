/* RFC 7252 section 3.2: the formats of option values. */
#include "base/text.h"
#include "coapspec/rule.h"

/* ------------------------------------------------------------------ uint */

/* Where the option leaves a choice of lengths. Section 3.2 lets a templated sender keep its zeros,
 * so this is advice. */
static bool is_padded(const struct cs_option *option)
{
    if (option->value.len == 0 || option->value.at[0] != 0)
        return false;
    const struct cs_option_def *def = cs_option_def(option->number);
    return def != NULL && def->format == CS_FORMAT_UINT && option->value.len > def->min;
}

static struct cs_verdict uint_is_short(const struct cs_view *view)
{
    struct cs_option_walk walk;
    struct cs_option o;
    cs_option_walk_init(&walk, view->message);
    while (cs_option_next(&walk, &o))
        if (is_padded(&o))
            return cs_broken(view, o.value_at, "the value of %s begins with a zero octet",
                             cs_option_def(o.number)->name);
    return cs_held();
}

const struct cs_rule cs_rfc7252_uint_has_no_leading_zeros = {
    .id = "rfc7252/3.2/uint-has-no-leading-zeros",
    .spec = "RFC 7252",
    .section = "3.2",
    .level = CS_SHOULD,
    .says = "An option value that is a number has no leading zero octets; 0 is an empty value.",
    .cause = "The number is written with the width of its variable, or 0 is written as one octet.",
    .covers = CS_STRINGS("RFC7252-3.2-1"),
    .on = CS_T_WELL_FORMED | CS_T_HAS_UINT,
    .suspect = CS_T_UINT_PADDED,
    .check = uint_is_short,
    .holds = CS_STRINGS("> raw: 40 02 12 34 c0 ff 31", "> raw: 40 02 12 34 c1 32 ff 31"),
    .breaks = CS_STRINGS("> raw: 40 02 12 34 c1 00 ff 31", "> raw: 40 02 12 34 c2 00 32 ff 31"),
};

/* ------------------------------------------------------------------ string */

static struct cs_verdict string_is_utf8(const struct cs_view *view)
{
    struct cs_option_walk walk;
    struct cs_option o;
    bool seen = false;
    cs_option_walk_init(&walk, view->message);
    while (cs_option_next(&walk, &o)) {
        const struct cs_option_def *def = cs_option_def(o.number);
        if (def == NULL || def->format != CS_FORMAT_STRING)
            continue;
        size_t bad;
        seen = true;
        if (!cs_utf8_valid(o.value, &bad))
            return cs_broken(view, o.value_at + (uint32_t)bad, "octet %02x of %s is not UTF-8",
                             o.value.at[bad], def->name);
    }
    return seen ? cs_held() : cs_silent();
}

const struct cs_rule cs_rfc7252_strings_are_utf8 = {
    .id = "rfc7252/3.2/strings-are-utf8",
    .spec = "RFC 7252",
    .section = "3.2",
    .level = CS_SPEC,
    .says = "An option value that is a string is UTF-8.",
    .cause = "Binary data or a local character set such as Latin-1 is put into a path or query.",
    .covers = CS_STRINGS("RFC7252-3.2-N1"),
    .on = CS_T_WELL_FORMED | CS_T_HAS_STRING,
    .suspect = CS_T_STRING_NOT_ASCII,
    .check = string_is_utf8,
    .holds = CS_STRINGS("> raw: 40 01 12 34 b2 c3 a4", "> CON GET /temperature?unit=c"),
    .breaks = CS_STRINGS("> raw: 40 01 12 34 b1 e4", "> raw: 40 01 12 34 b2 c3 28"),
};
