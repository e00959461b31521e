/* Does a message keep what a line expects? */
#include <stdio.h>
#include <string.h>

#include "notation/parts.h"

enum { SHOWN_PAYLOAD = 48 };

/* A comparison under way. `text` of the mismatch's two clauses is written only where they differ.
 */
struct match {
    const struct cs_line *line;
    const struct cs_message *message, *previous;
    struct cs_text expected, got;
    unsigned column;
    uint32_t octet;
};

/* Each comparison ends here, with its two clauses written. */
static bool verdict(struct match *m, bool good, unsigned column, uint32_t octet)
{
    if (good) {
        cs_text_init(&m->expected, m->expected.at, m->expected.cap);
        cs_text_init(&m->got, m->got.at, m->got.cap);
        return true;
    }
    m->column = column;
    m->octet = octet;
    return false;
}

static bool differ(struct match *m, unsigned column, uint32_t octet)
{
    return verdict(m, false, column, octet);
}

static bool slices_equal(struct cs_slice a, struct cs_slice b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

/* `*` stands for any octets, `\` before an octet for that octet. */
static bool glob_matches(struct cs_slice glob, struct cs_slice octets)
{
    size_t g = 0, o = 0, star = SIZE_MAX, star_o = 0;
    while (o < octets.len) {
        bool escaped = g + 1 < glob.len && glob.at[g] == '\\';
        if (g < glob.len && glob.at[g] == '*') {
            star = ++g; /* at first it stands for nothing */
            star_o = o;
        } else if (g < glob.len && glob.at[g + (escaped ? 1 : 0)] == octets.at[o]) {
            g += escaped ? 2 : 1;
            o++;
        } else if (star != SIZE_MAX) {
            g = star; /* let the last star have one octet more */
            o = ++star_o;
        } else {
            return false;
        }
    }
    while (g < glob.len && glob.at[g] == '*')
        g++;
    return g == glob.len;
}

static void add_range(struct cs_text *text, uint64_t low, uint64_t high)
{
    if (low > 0)
        cs_text_add(text, "%llu", (unsigned long long)low);
    cs_text_add(text, "..");
    if (high < UINT64_MAX)
        cs_text_add(text, "%llu", (unsigned long long)high);
}

static void add_glob(struct cs_text *text, struct cs_slice glob)
{
    for (size_t i = 0; i < glob.len; i++) {
        if (glob.at[i] == '\\' && i + 1 < glob.len)
            i++;
        if (glob.at[i] < 0x20 || glob.at[i] == 0x7f)
            cs_text_add(text, "\\x%02x", glob.at[i]);
        else
            cs_text_put(text, (char)glob.at[i]);
    }
}

/* ------------------------------------------------------------------ the header */

static bool type_matches(struct match *m)
{
    const struct cs_line *line = m->line;
    if (!line->has_type || (line->types >> m->message->type & 1u) != 0)
        return true;
    const char *comma = "";
    for (uint8_t type = 0; type < 4; type++)
        if ((line->types >> type & 1u) != 0) {
            cs_text_add(&m->expected, "%s%s", comma, cs_type_text(type));
            comma = ",";
        }
    cs_text_add(&m->got, "%s",
                cs_message_is_typed(m->message) ? cs_type_text(m->message->type) : "no type");
    return differ(m, line->type_column, 0);
}

static void add_codes(struct cs_text *text, const uint32_t codes[8])
{
    const char *comma = "";
    for (unsigned code = 0; code < 256; code++) {
        uint32_t of_class = codes[code >> 5];
        if ((of_class >> (code & 31u) & 1u) == 0 || (of_class == UINT32_MAX && (code & 31u) != 0))
            continue;
        cs_text_add(text, "%s", comma);
        if (of_class == UINT32_MAX)
            cs_text_add(text, "%u.xx", code >> 5);
        else
            cs_code_format((uint8_t)code, text);
        comma = ",";
    }
}

static bool code_matches(struct match *m)
{
    uint8_t code = m->message->code;
    const uint32_t *codes = m->line->codes;
    if (!m->line->has_code || (codes[code >> 5] >> (code & 31u) & 1u) != 0)
        return true;
    add_codes(&m->expected, codes);
    cs_code_format(code, &m->got);
    return differ(m, m->line->code_column, m->message->code_at);
}

static void add_token(struct cs_text *text, struct cs_slice token)
{
    cs_text_add(text, "tok=");
    cs_text_hex(text, token);
    if (token.len == 0)
        cs_text_put(text, '-');
}

static bool token_matches(struct match *m)
{
    const struct cs_line *line = m->line;
    struct cs_slice got = m->message->token, wanted = line->token;
    bool good = true;
    if (!line->has_token)
        return true;
    switch ((enum cs_pattern)line->token_pattern) {
    case CS_ANY:
        good = got.len > 0;
        cs_text_add(&m->expected, "tok=any");
        break;
    case CS_SAME:
        if (m->previous == NULL)
            return true;
        wanted = m->previous->token;
        break;
    default: /* absent is a token of no octets */
        break;
    }
    if (line->token_pattern != CS_ANY) {
        good = slices_equal(got, wanted);
        add_token(&m->expected, wanted);
    }
    add_token(&m->got, got);
    return verdict(m, good, line->token_column, got.len > 0 ? m->message->token_at : 0);
}

static bool mid_matches(struct match *m)
{
    const struct cs_line *line = m->line;
    uint16_t got = m->message->mid, before = m->previous != NULL ? m->previous->mid : 0;
    bool good = true;
    if (!line->has_mid)
        return true;
    if (!cs_message_is_typed(m->message)) {
        cs_text_add(&m->expected, "a Message ID");
        cs_text_add(&m->got, "none");
        return differ(m, line->mid_column, CS_NO_OCTET);
    }
    switch ((enum cs_pattern)line->mid_pattern) {
    case CS_IS:
        good = got == line->mid;
        cs_text_add(&m->expected, "mid=0x%04x", line->mid);
        break;
    case CS_RANGE:
        good = got >= line->mid && got <= line->mid_high;
        cs_text_add(&m->expected, "mid=0x%04x..0x%04x", line->mid, line->mid_high);
        break;
    case CS_SAME:
        good = m->previous == NULL || got == before;
        cs_text_add(&m->expected, "mid=0x%04x (same)", before);
        break;
    case CS_INCREASING: /* numbers that come round: up to half the way is forwards */
        good = m->previous == NULL || (uint16_t)(got - before - 1) < 0x7fff;
        cs_text_add(&m->expected, "mid above 0x%04x", before);
        break;
    default:
        break;
    }
    cs_text_add(&m->got, "mid=0x%04x", got);
    return verdict(m, good, line->mid_column, m->message->mid_at);
}

static bool header_matches(struct match *m)
{
    const struct cs_line *line = m->line;
    if (line->has_version && line->version != m->message->version) {
        cs_text_add(&m->expected, "ver=%u", line->version);
        cs_text_add(&m->got, "ver=%u", m->message->version);
        return differ(m, line->version_column, 0);
    }
    if (line->has_token_length && line->token_length != m->message->token_length) {
        cs_text_add(&m->expected, "tkl=%u", line->token_length);
        cs_text_add(&m->got, "tkl=%u", m->message->token_length);
        return differ(m, line->token_length_column, 0);
    }
    if (!type_matches(m) || !code_matches(m))
        return false;
    if (line->notification &&
        !(cs_code_is_response(m->message->code) && cs_message_has(m->message, CS_OPT_OBSERVE))) {
        cs_text_add(&m->expected, "a notification");
        cs_code_format(m->message->code, &m->got);
        cs_text_add(&m->got, " without observe");
        return differ(m, line->notification_column, CS_NO_OCTET);
    }
    return token_matches(m) && mid_matches(m);
}

/* ------------------------------------------------------------------ options */

static void add_key(struct match *m, struct cs_text *text, uint32_t number)
{
    const struct cs_option_def *def =
        CS_CODE_CLASS(m->message->code) == 7 ? NULL : cs_option_def(number);
    if (def != NULL)
        cs_text_add(text, "%s", def->key);
    else
        cs_text_add(text, "opt%u", (unsigned)number);
}

/* The option number `index`, from 0, among those with that number. */
static bool option_at(const struct cs_message *message, uint32_t number, size_t index,
                      struct cs_option *out)
{
    struct cs_option_walk walk;
    cs_option_walk_init(&walk, message);
    while (cs_option_next(&walk, out))
        if (out->number == number && index-- == 0)
            return true;
    return false;
}

/* RFC 7641 section 3.4, by the numbers alone; other options by their value. */
static bool option_increases(const struct cs_option *before, const struct cs_option *now)
{
    uint64_t v1 = cs_option_uint(before), v2 = cs_option_uint(now);
    if (now->number != CS_OPT_OBSERVE)
        return v2 > v1;
    const uint64_t half = UINT64_C(1) << 23;
    return (v1 < v2 && v2 - v1 < half) || (v1 > v2 && v1 - v2 > half);
}

/* `same` and `increasing`. */
static bool relation_holds(struct match *m, const struct cs_line_option *wanted, size_t index,
                           const struct cs_option *got)
{
    struct cs_option before;
    bool same = wanted->pattern == CS_SAME;
    if (m->previous == NULL)
        return true;
    if (!option_at(m->previous, wanted->number, index, &before)) {
        add_key(m, &m->expected, wanted->number);
        cs_text_add(&m->expected, "=%s, though there was none before",
                    same ? "same" : "increasing");
        return false;
    }
    if (!same)
        cs_text_add(&m->expected, "above ");
    cs_option_format(m->message->code, wanted->number, before.value, &m->expected);
    return same ? slices_equal(before.value, got->value) : option_increases(&before, got);
}

/* A number is the same number with zeros before it: who receives it has to take it so (RFC
 * 7252 3.2). What a line itself gives zeros or octets (`accept=#0000`) is compared octet by octet.
 */
static bool is_value(const struct cs_line_option *wanted, const struct cs_option *got)
{
    const struct cs_option_def *def = cs_option_def(wanted->number);
    const bool padded = wanted->value.len > 0 && wanted->value.at[0] == 0;
    struct cs_slice value = got->value;
    if (def != NULL && def->format == CS_FORMAT_UINT && !padded)
        while (value.len > 0 && value.at[0] == 0)
            value = (struct cs_slice){value.at + 1, value.len - 1};
    return slices_equal(wanted->value, value);
}

static bool value_matches(struct match *m, const struct cs_line_option *wanted, size_t index,
                          const struct cs_option *got)
{
    uint64_t number;
    switch ((enum cs_pattern)wanted->pattern) {
    case CS_IS:
        cs_option_format(m->message->code, wanted->number, wanted->value, &m->expected);
        return is_value(wanted, got);
    case CS_RANGE:
        number = cs_option_uint(got);
        add_key(m, &m->expected, wanted->number);
        cs_text_put(&m->expected, '=');
        add_range(&m->expected, wanted->low, wanted->high);
        return number >= wanted->low && number <= wanted->high;
    case CS_GLOB:
        add_key(m, &m->expected, wanted->number);
        cs_text_put(&m->expected, '=');
        add_glob(&m->expected, wanted->value);
        return glob_matches(wanted->value, got->value);
    case CS_SAME:
    case CS_INCREASING:
        return relation_holds(m, wanted, index, got);
    default: /* any */
        return true;
    }
}

static bool option_missing(struct match *m, const struct cs_line_option *wanted)
{
    if (wanted->pattern == CS_IS) {
        cs_option_format(m->message->code, wanted->number, wanted->value, &m->expected);
    } else {
        add_key(m, &m->expected, wanted->number);
    }
    cs_text_add(&m->got, "no ");
    add_key(m, &m->got, wanted->number);
    return differ(m, wanted->column, CS_NO_OCTET);
}

/* How often a number is in the line, up to `end`. */
static size_t times_in_line(const struct cs_line *line, uint32_t number, size_t end)
{
    size_t n = 0;
    for (size_t i = 0; i < end; i++)
        n += line->options[i].number == number;
    return n;
}

/* There are more of them than the line has: the first too many. */
static bool option_too_often(struct match *m, const struct cs_line_option *wanted, size_t times)
{
    struct cs_option option;
    size_t got = cs_option_count(m->message, wanted->number);
    if (got <= times || !option_at(m->message, wanted->number, times, &option))
        return false;
    if (times == 0)
        cs_text_add(&m->expected, "no ");
    add_key(m, &m->expected, wanted->number);
    if (times > 0)
        cs_text_add(&m->expected, ", %zu of it", times);
    cs_option_format(m->message->code, wanted->number, option.value, &m->got);
    if (times > 0)
        cs_text_add(&m->got, " too, %zu in all", got);
    differ(m, wanted->column, option.at);
    return true;
}

static bool option_matches(struct match *m, size_t i)
{
    const struct cs_line_option *wanted = &m->line->options[i];
    size_t index = times_in_line(m->line, wanted->number, i);
    size_t times = times_in_line(m->line, wanted->number, m->line->option_count);
    struct cs_option got;

    if (wanted->pattern == CS_ABSENT)
        return !option_too_often(m, wanted, 0);
    if (!option_at(m->message, wanted->number, index, &got))
        return option_missing(m, wanted);

    bool good = value_matches(m, wanted, index, &got);
    cs_option_format(m->message->code, wanted->number, got.value, &m->got);
    if (!verdict(m, good, wanted->column, got.value.len > 0 ? got.value_at : got.at))
        return false;
    bool any = wanted->pattern == CS_ANY && times == 1;
    return any || index + 1 < times || !option_too_often(m, wanted, times);
}

/* ------------------------------------------------------------------ payload */

static size_t first_difference(struct cs_slice a, struct cs_slice b)
{
    size_t i = 0;
    while (i < a.len && i < b.len && a.at[i] == b.at[i])
        i++;
    return i;
}

static void add_payload(struct cs_text *text, struct cs_slice payload)
{
    if (payload.len == 0) {
        cs_text_add(text, "no payload");
        return;
    }
    cs_text_add(text, "| ");
    cs_payload_format(payload, SHOWN_PAYLOAD, text);
}

/* `*bad`: the octet of the payload that differs. */
static bool payload_keeps(struct match *m, struct cs_slice got, size_t *bad)
{
    const struct cs_line *line = m->line;
    struct cs_slice wanted = line->payload;
    switch ((enum cs_pattern)line->payload_pattern) {
    case CS_ANY:
        cs_text_add(&m->expected, "| any");
        return got.len > 0;
    case CS_ABSENT:
        cs_text_add(&m->expected, "no payload");
        return got.len == 0;
    case CS_GLOB:
        cs_text_add(&m->expected, "| ");
        add_glob(&m->expected, wanted);
        return glob_matches(wanted, got);
    case CS_LENGTH:
        cs_text_add(&m->expected, "| len:");
        add_range(&m->expected, line->payload_low, line->payload_high);
        return got.len >= line->payload_low && got.len <= line->payload_high;
    case CS_UTF8:
        cs_text_add(&m->expected, "| utf8");
        return cs_utf8_valid(got, bad);
    case CS_SAME:
        if (m->previous == NULL)
            return true;
        wanted = m->previous->payload;
        break;
    default:
        break;
    }
    add_payload(&m->expected, wanted);
    *bad = first_difference(wanted, got);
    return slices_equal(wanted, got);
}

static bool payload_matches(struct match *m)
{
    struct cs_slice got = m->message->payload;
    size_t bad = 0;
    if (!m->line->has_payload)
        return true;
    bool good = payload_keeps(m, got, &bad);
    add_payload(&m->got, got);
    if (bad >= got.len && got.len > 0)
        bad = got.len - 1;
    size_t at = m->message->octets.len - got.len + bad;
    return verdict(m, good, m->line->payload_column, got.len > 0 ? (uint32_t)at : CS_NO_OCTET);
}

/* ------------------------------------------------------------------ the whole */

static void add_octets(struct cs_text *text, struct cs_slice octets)
{
    struct cs_slice shown = {octets.at, octets.len < 32 ? octets.len : 32};
    cs_text_add(text, "raw: ");
    cs_text_hex(text, shown);
    if (shown.len < octets.len)
        cs_text_add(text, "... (%zu octets)", octets.len);
}

static bool raw_matches(struct match *m)
{
    struct cs_slice wanted = m->line->payload, got = m->message->octets;
    size_t bad = first_difference(wanted, got);
    add_octets(&m->expected, wanted);
    add_octets(&m->got, got);
    return verdict(m, slices_equal(wanted, got), m->line->payload_column,
                   bad < got.len ? (uint32_t)bad : CS_NO_OCTET);
}

static bool marker_matches(struct match *m)
{
    if (!m->line->marker || m->message->fault == CS_FAULT_NO_PAYLOAD)
        return true;
    cs_text_add(&m->expected, "a payload marker with nothing behind it");
    add_payload(&m->got, m->message->payload);
    return differ(m, m->line->marker_column, CS_NO_OCTET);
}

static bool malformed(struct match *m)
{
    cs_text_add(&m->expected, "a well-formed message");
    cs_text_add(&m->got, "malformed: %s", cs_fault_text((enum cs_fault)m->message->fault));
    return differ(m, 1, m->message->fault_at);
}

/* What stands before the fault can be compared; what stands behind it is not there. */
static bool matches(struct match *m)
{
    uint8_t fault = m->message->fault;
    const struct cs_line *line = m->line;
    bool body = line->option_count > 0 || line->has_payload;
    bool whole =
        fault == CS_FAULT_NONE || fault == CS_FAULT_EMPTY_NOT_BARE || fault == CS_FAULT_NO_PAYLOAD;

    if (line->raw)
        return raw_matches(m);
    if (!cs_message_header_is_whole(m->message) ||
        (fault == CS_FAULT_VERSION && !line->has_version))
        return malformed(m);
    if (!header_matches(m))
        return false;
    if (body && !whole)
        return malformed(m);
    for (size_t i = 0; i < line->option_count; i++)
        if (!option_matches(m, i))
            return false;
    return marker_matches(m) && payload_matches(m);
}

bool cs_line_match(const struct cs_line *line, const struct cs_message *message,
                   const struct cs_message *previous, struct cs_mismatch *mismatch)
{
    struct cs_mismatch unused = {0}, *out = mismatch != NULL ? mismatch : &unused;
    struct match m = {.line = line, .message = message, .previous = previous, .octet = CS_NO_OCTET};

    cs_text_init(&m.expected, out->expected, sizeof out->expected);
    cs_text_init(&m.got, out->got, sizeof out->got);
    if (matches(&m))
        return true;
    out->column = m.column;
    out->octet = m.octet;
    return false;
}
