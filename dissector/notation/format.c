/* From a message to a line. */
#include "notation/parts.h"

#include <string.h>

enum { BRIEF_PAYLOAD = 48 };

/* ------------------------------------------------------------------ what can be said */

/* Each delta and each length has one form only, so that the options come back as they were: RFC
 * 7252 section 3.1. */
static bool options_can_be_said(const struct cs_message *message)
{
    struct cs_option_walk walk;
    struct cs_option option;
    size_t count = 0;

    cs_option_walk_init(&walk, message);
    while (cs_option_next(&walk, &option))
        count++;
    return walk.fault == CS_FAULT_NONE && count <= CS_LINE_OPTIONS_MAX;
}

/* Would cs_line_encode give these octets again? */
static bool can_be_said(const struct cs_message *message)
{
    bool marker = message->fault == CS_FAULT_NO_PAYLOAD;
    if (message->fault != CS_FAULT_NONE && message->fault != CS_FAULT_EMPTY_NOT_BARE && !marker)
        return false;

    size_t token = message->token.len, payload = message->payload.len;
    size_t extended = token < 13 ? 0 : token < 269 ? 1 : 2;
    size_t whole = message->token_at + extended + token + message->options.len +
                   (payload > 0 ? 1 + payload : 0) + (marker ? 1 : 0);
    size_t nibble = token < 13 ? token : token < 269 ? 13 : 14; /* of an Empty message it may lie */
    return message->token_length == nibble && whole == message->octets.len &&
           options_can_be_said(message);
}

/* ------------------------------------------------------------------ text */

static bool slice_begins(struct cs_slice octets, const char *word)
{
    return octets.len >= strlen(word) && memcmp(octets.at, word, strlen(word)) == 0;
}

/* UTF-8 in which nothing moves the cursor: no C0 controls but those in `allowed`, no DEL, no C1
 * controls. */
static bool is_text(struct cs_slice octets, const char *allowed)
{
    for (size_t i = 0; i < octets.len; i++) {
        uint8_t c = octets.at[i];
        if ((c < 0x20 && (c == 0 || strchr(allowed, c) == NULL)) || c == 0x7f)
            return false;
        if (c == 0xc2 && i + 1 < octets.len && octets.at[i + 1] < 0xa0)
            return false;
    }
    return cs_utf8_valid(octets, NULL);
}

static bool is_pattern_word(struct cs_slice octets)
{
    const char *text = (const char *)octets.at;
    struct cs_part part = {text, text + octets.len};
    return octets.len > 0 && (cs_pattern_word(part) != CS_IS || cs_part_is(part, "utf8"));
}

static bool holds(struct cs_slice octets, char c)
{
    return octets.len > 0 && memchr(octets.at, c, octets.len) != NULL;
}

/* May a string value stand without quotes, in a message and in an expectation alike? */
static bool string_can_be_bare(struct cs_slice value)
{
    return value.len > 0 && is_text(value, "") && !holds(value, ' ') && !holds(value, '"') &&
           !holds(value, '*') && strchr("#/?", value.at[0]) == NULL && !is_pattern_word(value);
}

void cs_percent_format(struct cs_slice octets, char separator, struct cs_text *text)
{
    static const char plain[] =
        "-._~!'(),;:@+="; /* RFC 3986 section 3.3, without what means something here */
    bool utf8 = is_text(octets, "");
    for (size_t i = 0; i < octets.len; i++) {
        char c = (char)octets.at[i];
        bool letter = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
        bool stands =
            letter || (c != '\0' && strchr(plain, c) != NULL) || (utf8 && octets.at[i] >= 0x80) ||
            (separator == '&' && (c == '/' || c == '?')) || (separator == '/' && c == '&');
        if (stands)
            cs_text_put(text, c);
        else
            cs_text_add(text, "%%%02X", octets.at[i]);
    }
}

static bool payload_can_be_bare(struct cs_slice payload)
{
    return holds(payload, '"') && is_text(payload, "") && strchr(" \"", payload.at[0]) == NULL &&
           payload.at[payload.len - 1] != ' ' && !holds(payload, '*') &&
           !slice_begins(payload, "hex:") && !slice_begins(payload, "HEX:") &&
           !slice_begins(payload, "0x") && !slice_begins(payload, "len:") &&
           !is_pattern_word(payload);
}

void cs_payload_format(struct cs_slice payload, size_t most, struct cs_text *text)
{
    struct cs_slice shown = {payload.at, payload.len < most ? payload.len : most};
    bool readable = is_text(payload, "\n\r\t");

    while (readable && shown.len > 0 && shown.len < payload.len &&
           (payload.at[shown.len] & 0xc0) == 0x80)
        shown.len--; /* not inside a character */
    if (readable && shown.len == payload.len && payload_can_be_bare(payload)) {
        for (size_t i = 0; i < payload.len; i++)
            cs_text_put(text, (char)payload.at[i]);
    } else if (readable) {
        cs_text_quote(text, shown);
    } else {
        cs_text_add(text, "hex:");
        cs_text_hex(text, shown);
    }
    if (shown.len < payload.len)
        cs_text_add(text, "... (%zu octets)", payload.len);
}

/* ------------------------------------------------------------------ options */

static bool is_shortest_uint(struct cs_slice value)
{
    return value.len <= 8 && (value.len == 0 || value.at[0] != 0);
}

static uint64_t uint_of(struct cs_slice value)
{
    uint64_t number = 0;
    for (size_t i = 0; i < value.len; i++)
        number = number << 8 | value.at[i];
    return number;
}

static void format_uint(uint32_t number, struct cs_slice value, struct cs_text *text)
{
    unsigned long long n = uint_of(value);
    if (!is_shortest_uint(value)) {
        cs_text_put(text, '#');
        cs_text_hex(text, value);
    } else if (cs_value_form(number) == CS_FORM_BLOCK) {
        cs_text_add(text, "%llu/%llu/", n >> 4, n >> 3 & 1);
        if ((n & 7) == 7)
            cs_text_add(text, "bert");
        else
            cs_text_add(text, "%u", 16u << (n & 7));
    } else {
        cs_text_add(text, "%llu", n);
    }
}

static void format_value(const struct cs_option_def *def, struct cs_slice value,
                         struct cs_text *text)
{
    cs_text_add(text, "%s", def->key);
    if (def->format == CS_FORMAT_EMPTY && value.len == 0)
        return;
    cs_text_put(text, '=');
    switch ((enum cs_option_format)def->format) {
    case CS_FORMAT_UINT:
        format_uint(def->number, value, text);
        break;
    case CS_FORMAT_STRING:
        if (string_can_be_bare(value))
            cs_text_add(text, "%.*s", (int)value.len, (const char *)value.at);
        else
            cs_text_quote(text, value);
        break;
    case CS_FORMAT_EMPTY:
        cs_text_put(text, '#');
        cs_text_hex(text, value);
        break;
    case CS_FORMAT_OPAQUE:
        cs_text_hex(text, value);
        break;
    }
}

void cs_option_format(uint8_t code, uint32_t number, struct cs_slice value, struct cs_text *text)
{
    const struct cs_option_def *def = CS_CODE_CLASS(code) == 7 ? NULL : cs_option_def(number);
    if (def != NULL) {
        format_value(def, value, text);
        return;
    }
    cs_text_add(text, "opt%u", (unsigned)number);
    if (value.len > 0) {
        cs_text_put(text, '=');
        cs_text_hex(text, value);
    }
}

/* All options with one number as a path or a query. */
static void format_joined(const struct cs_message *message, uint32_t number, char first,
                          char separator, struct cs_text *text)
{
    struct cs_option_walk walk;
    struct cs_option option;
    cs_option_walk_init(&walk, message);
    while (cs_option_next(&walk, &option)) {
        if (option.number != number)
            continue;
        cs_text_put(text, first);
        cs_percent_format(option.value, separator, text);
        first = separator;
    }
}

/* Can the options with that number be written as /a/b? One empty segment would be mistaken for
 * none. */
static bool is_path(const struct cs_message *message, uint32_t number)
{
    struct cs_option option;
    return CS_CODE_CLASS(message->code) != 7 && cs_option_find(message, number, &option) &&
           (option.value.len > 0 || cs_option_count(message, number) > 1);
}

static void format_options(const struct cs_message *message, struct cs_text *text)
{
    bool uri_path = is_path(message, CS_OPT_URI_PATH),
         location = is_path(message, CS_OPT_LOCATION_PATH);
    bool query = CS_CODE_CLASS(message->code) != 7, location_said = false;
    if (uri_path) {
        cs_text_put(text, ' ');
        format_joined(message, CS_OPT_URI_PATH, '/', '/', text);
    }
    if (query && cs_option_count(message, CS_OPT_URI_QUERY) > 0) {
        cs_text_put(text, ' ');
        format_joined(message, CS_OPT_URI_QUERY, '?', '&', text);
    }

    struct cs_option_walk walk;
    struct cs_option option;
    cs_option_walk_init(&walk, message);
    while (cs_option_next(&walk, &option)) {
        if ((option.number == CS_OPT_URI_PATH && uri_path) ||
            (option.number == CS_OPT_URI_QUERY && query))
            continue;
        if (option.number == CS_OPT_LOCATION_PATH && location) {
            if (!location_said) {
                cs_text_add(text, " location-path=");
                format_joined(message, CS_OPT_LOCATION_PATH, '/', '/', text);
            }
            location_said = true;
            continue;
        }
        cs_text_put(text, ' ');
        cs_option_format(message->code, option.number, option.value, text);
    }
}

/* ------------------------------------------------------------------ the line */

static void format_raw(struct cs_slice octets, bool brief, struct cs_text *text)
{
    size_t most = brief && octets.len > BRIEF_PAYLOAD ? BRIEF_PAYLOAD : octets.len;
    cs_text_add(text, "raw:");
    for (size_t i = 0; i < most; i++)
        cs_text_add(text, " %02x", octets.at[i]);
    if (most < octets.len)
        cs_text_add(text, " ... (%zu octets)", octets.len);
}

void cs_message_format(const struct cs_message *message, bool brief, struct cs_text *text)
{
    bool cut = brief && message->fault == CS_FAULT_CUT && cs_message_header_is_whole(message);
    if (!cut && !can_be_said(message)) {
        format_raw(message->octets, brief, text);
        return;
    }
    if (cs_message_is_typed(message))
        cs_text_add(text, "%s ", cs_type_text(message->type));
    cs_code_format(message->code, text);
    format_options(message, text);
    if (message->code != CS_CODE(0, 0) || message->token.len > 0) {
        cs_text_add(text, " tok=");
        cs_text_hex(text, message->token);
        if (message->token.len == 0)
            cs_text_put(text, '-');
    }
    if (cs_message_is_typed(message))
        cs_text_add(text, " mid=0x%04x", message->mid);
    if (message->fault == CS_FAULT_NO_PAYLOAD)
        cs_text_add(text, " marker");
    if (message->payload.len > 0) {
        cs_text_add(text, " | ");
        cs_payload_format(message->payload, brief ? BRIEF_PAYLOAD : SIZE_MAX, text);
    }
    if (cut)
        cs_text_add(text, " ... (cut)");
}
