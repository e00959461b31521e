#include "coap/option_value.h"

#include <string.h>

/* ------------------------------------------------------------------ what a number means */

static void content_format(struct cs_text *text, uint64_t value, uint8_t code)
{
    const struct cs_content_format_def *def =
        value <= UINT16_MAX ? cs_content_format_def((uint32_t)value) : NULL;
    (void)code;
    cs_text_add(text, " = %s", def != NULL ? def->media_type : "unassigned");
}

/* RFC 7959 section 2.2: number, more, and the exponent of the size. */
static void block(struct cs_text *text, uint64_t value, uint8_t code)
{
    (void)code;
    cs_text_add(text, " = block %u, %s, ", (unsigned)(value >> 4),
                (value & 8) != 0 ? "more follow" : "no more");
    if ((value & 7) == 7)
        cs_text_add(text, "SZX 7");
    else
        cs_text_add(text, "%u octets", 16u << (value & 7));
}

/* RFC 7641 section 2 */
static void observe(struct cs_text *text, uint64_t value, uint8_t code)
{
    if (cs_code_is_response(code))
        cs_text_add(text, " = sequence number");
    else if (cs_code_is_request(code) && value <= 1)
        cs_text_add(text, " = %s", value == 0 ? "register" : "deregister");
}

static void seconds(struct cs_text *text, uint64_t value, uint8_t code)
{
    (void)code;
    cs_text_add(text, " second%s", value == 1 ? "" : "s");
}

static void octets(struct cs_text *text, uint64_t value, uint8_t code)
{
    (void)code;
    cs_text_add(text, " octet%s", value == 1 ? "" : "s");
}

/* RFC 7967 section 2.1: a bit for each class that is not wanted. */
static void no_response(struct cs_text *text, uint64_t value, uint8_t code)
{
    (void)code;
    if ((value & 0x1a) == 0)
        cs_text_add(text, " = all responses wanted");
    else
        cs_text_add(text, " = not wanted:%s%s%s", (value & 2) != 0 ? " 2.xx" : "",
                    (value & 8) != 0 ? " 4.xx" : "", (value & 16) != 0 ? " 5.xx" : "");
}

typedef void meaning_fn(struct cs_text *text, uint64_t value, uint8_t code);
static const struct meaning {
    uint16_t number;
    meaning_fn *add;
} meanings[] = {
    {CS_OPT_OBSERVE, observe},
    {CS_OPT_CONTENT_FORMAT, content_format},
    {CS_OPT_MAX_AGE, seconds},
    {CS_OPT_ACCEPT, content_format},
    {CS_OPT_Q_BLOCK1, block},
    {CS_OPT_BLOCK2, block},
    {CS_OPT_BLOCK1, block},
    {CS_OPT_SIZE2, octets},
    {CS_OPT_Q_BLOCK2, block},
    {CS_OPT_SIZE1, octets},
    {CS_OPT_NO_RESPONSE, no_response},
};

static void add_number(struct cs_text *text, const struct cs_option *option, uint8_t code)
{
    const uint64_t value = cs_option_uint(option);
    cs_text_add(text, "%llu", (unsigned long long)value);
    for (size_t i = 0; i < sizeof meanings / sizeof meanings[0]; i++)
        if (meanings[i].number == option->number)
            meanings[i].add(text, value, code);
}

void cs_option_value_format(struct cs_text *text, const struct cs_option *option, uint8_t code)
{
    const struct cs_option_def *def = cs_option_def(option->number);
    const unsigned format = def != NULL ? def->format : CS_FORMAT_OPAQUE;
    if (format == CS_FORMAT_UINT && option->value.len <= 8)
        add_number(text, option, code);
    else if (format == CS_FORMAT_STRING)
        cs_text_quote(text, option->value);
    else if (option->value.len == 0)
        cs_text_add(text, "empty");
    else
        cs_text_hex(text, option->value);
}

/* ------------------------------------------------------------------ what a value must not be */

static bool is(struct cs_slice value, const char *text)
{
    return value.len == strlen(text) && memcmp(value.at, text, value.len) == 0;
}

const char *cs_option_value_wrong(const struct cs_option *option, enum cs_carrier carrier)
{
    const uint32_t n = option->number;
    const struct cs_option_def *def = cs_option_def(n);
    if (def == NULL || option->value.len < def->min || option->value.len > def->max ||
        option->value.len == 0)
        return NULL;
    if ((n == CS_OPT_URI_PATH || n == CS_OPT_LOCATION_PATH) &&
        (is(option->value, ".") || is(option->value, "..")))
        return "a path segment must not be \".\" or \"..\" (RFC 7252 section 5.10)";
    if (carrier == CS_UDP && /* BERT, RFC 8323 section 6 */
        (n == CS_OPT_BLOCK1 || n == CS_OPT_BLOCK2 || n == CS_OPT_Q_BLOCK1 ||
         n == CS_OPT_Q_BLOCK2) &&
        (cs_option_uint(option) & 7) == 7)
        return "block size exponent 7 is reserved (RFC 7959 section 2.2)";
    if (n == CS_OPT_HOP_LIMIT && option->value.at[0] == 0)
        return "a Hop-Limit of 0 is not allowed (RFC 8768 section 3)";
    return NULL;
}
