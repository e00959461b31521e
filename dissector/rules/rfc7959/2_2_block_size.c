/* RFC 7959 section 2.2: the last three bits of a Block value are the exponent of the size. 7 has
 * got a meaning since, BERT, on reliable transports alone (RFC 8323 section 6). */
#include "coapspec/rule.h"

static struct cs_verdict exponent_is_below_7(const struct cs_view *view, uint32_t number)
{
    struct cs_option o;
    if (!cs_option_find(view->message, number, &o) || o.value.len > 3)
        return cs_silent();
    if ((cs_option_uint(&o) & 7) != 7)
        return cs_held();
    return cs_broken(view, o.value_at + (uint32_t)o.value.len - 1, "the exponent in %s is 7",
                     cs_option_def(number)->name);
}

static struct cs_verdict block1_exponent(const struct cs_view *view)
{
    return exponent_is_below_7(view, CS_OPT_BLOCK1);
}

static struct cs_verdict block2_exponent(const struct cs_view *view)
{
    return exponent_is_below_7(view, CS_OPT_BLOCK2);
}

const struct cs_rule cs_rfc7959_block1_size_is_defined = {
    .id = "rfc7959/2.2/block1-size-is-defined",
    .spec = "RFC 7959",
    .section = "2.2",
    .level = CS_MUST_NOT,
    .says =
        "The size exponent of Block1 is 0 to 6 over UDP and DTLS; 7 is for reliable transports.",
    .cause = "BERT of CoAP over TCP is used on UDP, or the size is not written as an exponent.",
    .covers = CS_STRINGS("RFC7959-2.2-2a"),
    .on = CS_T_WELL_FORMED | CS_T_TYPED,
    .option = CS_OPT_BLOCK1,
    .check = block1_exponent,
    .holds = CS_STRINGS("> CON PUT /a mid=7 tok=01 block1=0/0/1024 | 1"),
    .breaks = CS_STRINGS("> raw: 41 03 00 07 01 b1 61 d1 03 07 ff 31"),
};

const struct cs_rule cs_rfc7959_block2_size_is_defined = {
    .id = "rfc7959/2.2/block2-size-is-defined",
    .spec = "RFC 7959",
    .section = "2.2",
    .level = CS_MUST_NOT,
    .says =
        "The size exponent of Block2 is 0 to 6 over UDP and DTLS; 7 is for reliable transports.",
    .cause = "BERT of CoAP over TCP is used on UDP, or the size is not written as an exponent.",
    .covers = CS_STRINGS("RFC7959-2.2-2a"),
    .on = CS_T_WELL_FORMED | CS_T_TYPED,
    .option = CS_OPT_BLOCK2,
    .check = block2_exponent,
    .holds = CS_STRINGS("> CON GET /a mid=7 tok=01 block2=0/0/1024"),
    .breaks = CS_STRINGS("> raw: 41 01 00 07 01 b1 61 c1 07"),
};
