/* The words of a line. */
#include "notation/parts.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/nearest.h"

static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

unsigned cs_notation_column(const char *text, const char *at)
{
    unsigned column = 1;
    for (; text < at; text++)
        if (((uint8_t)*text & 0xc0) != 0x80)
            column++;
    return column;
}

bool cs_notation_fail(const struct cs_notation_reader *r, const char *at, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(r->error->text, sizeof r->error->text, format, args);
    va_end(args);
    r->error->column = cs_notation_column(r->text, at);
    return false;
}

/* ------------------------------------------------------------------ types and codes */

static const char *const type_names[] = {"CON", "NON", "ACK", "RST"};
enum { TYPES = sizeof type_names / sizeof type_names[0] };
static const char *const method_names[] = {"EMPTY",  "GET",   "POST",  "PUT",
                                           "DELETE", "FETCH", "PATCH", "iPATCH"};

const char *cs_type_text(uint8_t type) { return type < TYPES ? type_names[type] : ""; }

void cs_code_format(uint8_t code, struct cs_text *text)
{
    if (code < sizeof method_names / sizeof method_names[0])
        cs_text_add(text, "%s", method_names[code]);
    else
        cs_text_add(text, "%u.%02u", CS_CODE_CLASS(code), CS_CODE_DETAIL(code));
}

bool cs_read_type(struct cs_part part, uint8_t *type)
{
    for (size_t i = 0; i < sizeof type_names / sizeof type_names[0]; i++)
        if (cs_part_is(part, type_names[i])) {
            *type = (uint8_t)i;
            return true;
        }
    return false;
}

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool cs_read_code(struct cs_part part, uint8_t *code)
{
    for (size_t i = 0; i < sizeof method_names / sizeof method_names[0]; i++)
        if (cs_part_is(part, method_names[i])) {
            *code = (uint8_t)i;
            return true;
        }
    if (part.end - part.at != 4 || !is_digit(part.at[0]) || part.at[1] != '.' ||
        !is_digit(part.at[2]) || !is_digit(part.at[3]))
        return false;
    unsigned class = (unsigned)(part.at[0] - '0');
    unsigned detail = (unsigned)(part.at[2] - '0') * 10 + (unsigned)(part.at[3] - '0');
    *code = CS_CODE(class & 7u, detail & 31u);
    return class < 8 && detail < 32;
}

/* 4.xx */
static bool read_class(struct cs_part part, uint8_t *class)
{
    if (part.end - part.at != 4 || part.at[0] < '0' || part.at[0] > '7' ||
        !cs_part_is((struct cs_part){part.at + 1, part.end}, ".xx"))
        return false;
    *class = (uint8_t)(part.at[0] - '0');
    return true;
}

/* What one word says of types and codes. */
struct kinds {
    uint8_t types, type, code; /* the first of each */
    uint32_t codes[8];
    bool has_code;
};

static void add_codes(struct kinds *kinds, uint8_t code, uint32_t mask)
{
    if (!kinds->has_code)
        kinds->code = code;
    kinds->has_code = true;
    kinds->codes[code >> 5] |= mask;
}

/* One item of a list of types or of codes; false without an error when it is neither. */
static bool read_kind(struct kinds *kinds, struct cs_part part)
{
    uint8_t value;
    if (cs_read_type(part, &value)) {
        if (kinds->types == 0)
            kinds->type = value;
        kinds->types |= (uint8_t)(1u << value);
    } else if (cs_read_code(part, &value)) {
        add_codes(kinds, value, UINT32_C(1) << (value & 31u));
    } else if (read_class(part, &value)) {
        add_codes(kinds, CS_CODE(value, 0), UINT32_MAX);
    } else if (cs_pattern_word(part) == CS_ANY) {
        for (unsigned class = 0; class < 8; class ++)
            add_codes(kinds, CS_CODE(class, 0), UINT32_MAX);
    } else {
        return false;
    }
    return true;
}

static bool unknown_word(const struct cs_notation_reader *r, struct cs_part part)
{
    const char *words[128] = {"CON",    "NON",   "ACK",    "RST",   "GET",
                              "POST",   "PUT",   "DELETE", "FETCH", "PATCH",
                              "iPATCH", "EMPTY", "marker", "any",   "notification"};
    size_t count, n = 15;
    const struct cs_option_def *defs = cs_option_defs(&count);
    for (size_t i = 0; i < count && n < sizeof words / sizeof words[0]; i++)
        words[n++] = defs[i].key;

    char word[64];
    snprintf(word, sizeof word, "%.*s", (int)(part.end - part.at), part.at);
    if (is_digit(word[0]))
        return cs_notation_fail(r, part.at, "'%.40s' is no code: codes run from 0.00 to 7.31",
                                word);
    const char *near = cs_nearest(word, words, n);
    if (near == NULL)
        return cs_notation_fail(
            r, part.at, "'%.40s' is no type, code, /path, ?query, option=value or | payload", word);
    return cs_notation_fail(r, part.at, "unknown word '%.40s': did you mean %s?", word, near);
}

static bool take_types(const struct cs_notation_reader *r, struct cs_part part,
                       const struct kinds *kinds, bool pattern)
{
    struct cs_line *line = r->line;
    if (line->has_type)
        return cs_notation_fail(r, part.at, "the type is there already");
    line->has_type = true;
    line->type = kinds->type;
    line->types = kinds->types;
    line->type_pattern = pattern ? CS_ONE_OF : CS_IS;
    line->type_column = cs_notation_column(r->text, part.at);
    return true;
}

static bool take_codes(const struct cs_notation_reader *r, struct cs_part part,
                       const struct kinds *kinds, enum cs_pattern pattern)
{
    struct cs_line *line = r->line;
    if (line->has_code)
        return cs_notation_fail(r, part.at, "the code is there already");
    line->has_code = true;
    line->code = kinds->code;
    memcpy(line->codes, kinds->codes, sizeof line->codes);
    line->code_pattern = (uint8_t)pattern;
    line->code_column = cs_notation_column(r->text, part.at);
    return true;
}

/* CON, or 2.05, or in an expectation a list of either. */
static bool read_kinds(const struct cs_notation_reader *r, struct cs_part part)
{
    struct kinds kinds = {0};
    size_t items = 1;
    for (const char *at = part.at;; items++) {
        const char *comma = memchr(at, ',', (size_t)(part.end - at));
        struct cs_part item = {at, comma != NULL ? comma : part.end};
        if (!read_kind(&kinds, item))
            return unknown_word(r, item);
        if (comma == NULL)
            break;
        at = comma + 1;
    }
    if (kinds.types != 0 && kinds.has_code)
        return cs_notation_fail(r, part.at, "types and codes are two words");

    uint8_t code;
    bool pattern = items > 1 || (kinds.has_code && !cs_read_code(part, &code));
    if (pattern && !r->expectation)
        return cs_notation_fail(r, part.at, "a pattern can be expected, not sent");
    if (kinds.types != 0)
        return take_types(r, part, &kinds, pattern);
    return take_codes(r, part, &kinds,
                      !pattern                          ? CS_IS
                      : cs_pattern_word(part) == CS_ANY ? CS_ANY
                      : items > 1                       ? CS_ONE_OF
                                                        : CS_CLASS);
}

/* ------------------------------------------------------------------ the fields of the header, and
 * what is illegal */

static bool read_token(const struct cs_notation_reader *r, struct cs_part key, struct cs_part value)
{
    struct cs_line *line = r->line;
    if (line->has_token)
        return cs_notation_fail(r, key.at, "the token is there already");
    line->has_token = true;
    line->token_column = cs_notation_column(r->text, key.at);

    enum cs_pattern word = cs_pattern_word(value);
    if (word == CS_ANY || word == CS_ABSENT || word == CS_SAME) {
        line->token_pattern = (uint8_t)word;
        return r->expectation ||
               cs_notation_fail(r, value.at, "a pattern can be expected, not sent");
    }
    if (cs_part_is(value, "-"))
        return true;
    if (value.at < value.end && *value.at == '"')
        return cs_read_quoted(r, value, &line->token);
    return cs_read_hex(r, value, &line->token);
}

static bool read_mid(const struct cs_notation_reader *r, struct cs_part key, struct cs_part value)
{
    struct cs_line *line = r->line;
    uint64_t low = 0, high = 0;
    if (line->has_mid)
        return cs_notation_fail(r, key.at, "the Message ID is there already");
    line->has_mid = true;
    line->mid_column = cs_notation_column(r->text, key.at);

    enum cs_pattern word = cs_pattern_word(value);
    if (word != CS_IS)
        line->mid_pattern = (uint8_t)word;
    else if (cs_read_range(value, &low, &high))
        line->mid_pattern = CS_RANGE;
    else if (!cs_part_number(value, &low) || low > 65535)
        return cs_notation_fail(r, value.at, "a Message ID is 0 to 65535 or 0x0000 to 0xffff");
    if (line->mid_pattern != CS_IS && !r->expectation)
        return cs_notation_fail(r, value.at, "a pattern can be expected, not sent");
    if (word == CS_ABSENT || low > 65535)
        return cs_notation_fail(r, value.at, "every message has a Message ID, 0 to 65535");
    line->mid = (uint16_t)low;
    line->mid_high = high > 65535 ? 65535 : (uint16_t)high;
    return true;
}

static bool read_small(const struct cs_notation_reader *r, struct cs_part value, unsigned most,
                       uint8_t *out)
{
    uint64_t number;
    if (!cs_part_number(value, &number) || number > most)
        return cs_notation_fail(r, value.at, "this field is 0 to %u", most);
    *out = (uint8_t)number;
    return true;
}

static bool read_version(const struct cs_notation_reader *r, struct cs_part key,
                         struct cs_part value)
{
    r->line->has_version = true;
    r->line->version_column = cs_notation_column(r->text, key.at);
    return read_small(r, value, 3, &r->line->version);
}

static bool read_token_length(const struct cs_notation_reader *r, struct cs_part key,
                              struct cs_part value)
{
    r->line->has_token_length = true;
    r->line->token_length_column = cs_notation_column(r->text, key.at);
    return read_small(r, value, 15, &r->line->token_length);
}

static bool read_trail(const struct cs_notation_reader *r, struct cs_part key, struct cs_part value)
{
    if (r->expectation)
        return cs_notation_fail(r, key.at, "trail= can be sent, not expected: use raw:");
    return cs_read_hex(r, value, &r->line->trail);
}

static bool read_pair(const struct cs_notation_reader *r, struct cs_part key, struct cs_part value,
                      bool has_value)
{
    static const struct {
        const char *key;
        bool (*read)(const struct cs_notation_reader *, struct cs_part, struct cs_part);
    } fields[] = {
        {"tok", read_token},        {"mid", read_mid},     {"ver", read_version},
        {"tkl", read_token_length}, {"trail", read_trail},
    };
    for (size_t i = 0; has_value && i < sizeof fields / sizeof fields[0]; i++)
        if (cs_part_is(key, fields[i].key))
            return fields[i].read(r, key, value);
    return cs_read_option(r, key, value, has_value);
}

/* ------------------------------------------------------------------ words */

/* Is it the key of an option that may stand without a value? */
static bool is_bare_option(struct cs_part word)
{
    uint64_t number;
    if (word.end - word.at > 3 && cs_part_is((struct cs_part){word.at, word.at + 3}, "opt"))
        return cs_part_number((struct cs_part){word.at + 3, word.end}, &number);
    size_t count;
    const struct cs_option_def *defs = cs_option_defs(&count);
    for (size_t i = 0; i < count; i++)
        if (cs_part_is(word, defs[i].key))
            return true;
    return false;
}

static bool read_word(const struct cs_notation_reader *r, struct cs_part word)
{
    struct cs_line *line = r->line;
    struct cs_part nothing = {word.end, word.end};

    if (cs_part_is(word, "notification")) {
        if (!r->expectation)
            return cs_notation_fail(
                r, word.at, "a notification can be expected; to send one say 2.05 observe=N");
        line->notification = true;
        line->notification_column = cs_notation_column(r->text, word.at);
        return true;
    }
    if (cs_part_is(word, "marker")) {
        line->marker = true;
        line->marker_column = cs_notation_column(r->text, word.at);
        return true;
    }
    if (is_bare_option(word))
        return read_pair(r, word, nothing, false);
    return read_kinds(r, word);
}

static bool read_path(const struct cs_notation_reader *r, struct cs_part word)
{
    const char *question = memchr(word.at, '?', (size_t)(word.end - word.at));
    struct cs_part path = {word.at, question != NULL ? question : word.end};
    struct cs_line *line = r->line;

    if (path.end - path.at > 1 && !cs_read_segments(r, CS_OPT_URI_PATH, path, '/'))
        return false;
    if (path.end - path.at == 1 && r->expectation && line->option_count < CS_LINE_OPTIONS_MAX)
        line->options[line->option_count++] =
            (struct cs_line_option){.number = CS_OPT_URI_PATH,
                                    .pattern = CS_ABSENT,
                                    .column = cs_notation_column(r->text, word.at)};
    return question == NULL ||
           cs_read_segments(r, CS_OPT_URI_QUERY, (struct cs_part){question, word.end}, '&');
}

/* The end of the word at `at`: a blank, but not inside quotes that follow an equals sign. */
static const char *word_end(const char *at)
{
    bool quoted = false;
    for (const char *from = at; *at != '\0' && (quoted || !is_blank(*at)); at++) {
        if (quoted && *at == '\\' && at[1] != '\0')
            at++;
        else if (*at == '"' && (quoted || (at > from && at[-1] == '=')))
            quoted = !quoted;
    }
    return at;
}

static bool read_words(const struct cs_notation_reader *r, const char *at)
{
    for (;;) {
        while (is_blank(*at))
            at++;
        if (*at == '\0')
            return true;
        if (*at == '|')
            return cs_read_payload(r, at + 1);

        bool path = *at == '/' || *at == '?'; /* in which a quote is a character like others */
        struct cs_part word = {at, path ? at + strcspn(at, " \t\r\n") : word_end(at)};
        const char *equals = memchr(at, '=', (size_t)(word.end - at));
        bool good;
        if (*at == '/')
            good = read_path(r, word);
        else if (*at == '?')
            good = cs_read_segments(r, CS_OPT_URI_QUERY, word, '&');
        else if (equals != NULL)
            good = read_pair(r, (struct cs_part){at, equals},
                             (struct cs_part){equals + 1, word.end}, true);
        else
            good = read_word(r, word);
        if (!good)
            return false;
        at = word.end;
    }
}

static bool read_raw(const struct cs_notation_reader *r, const char *at)
{
    struct cs_part part = {at, at + strlen(at)};
    while (part.end > part.at && is_blank(part.end[-1]))
        part.end--;
    r->line->raw = true;
    r->line->has_payload = true;
    r->line->payload_column = cs_notation_column(r->text, at);
    if (!cs_read_hex(r, part, &r->line->payload))
        return false;
    return r->line->payload.len > 0 || cs_notation_fail(r, at, "no octets behind raw:");
}

bool cs_line_parse(const char *text, bool expectation, struct cs_line *out, struct cs_error *error)
{
    const struct cs_notation_reader r = {text, expectation, out, error};
    const char *at = text;

    memset(out, 0, sizeof *out);
    while (is_blank(*at))
        at++;
    if (*at == '\0')
        return cs_notation_fail(&r, at, "an empty line is no message");
    if (strlen(at) >= 4 && cs_part_is((struct cs_part){at, at + 4}, "raw:"))
        return read_raw(&r, at + 4);
    if (!read_words(&r, at))
        return false;
    if (out->marker && (out->has_payload && out->payload.len > 0))
        return cs_notation_fail(&r, at, "marker says that there is no payload, but there is one");
    return true;
}
