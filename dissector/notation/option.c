/* Options and payload of the notation: from text to octets. */
#include "notation/parts.h"

#include <stdio.h>
#include <string.h>

#include "base/nearest.h"

enum cs_value_form cs_value_form(uint32_t number)
{
    static const struct {
        uint16_t number;
        uint8_t form;
    } forms[] = {
        {CS_OPT_BLOCK1, CS_FORM_BLOCK},         {CS_OPT_BLOCK2, CS_FORM_BLOCK},
        {CS_OPT_Q_BLOCK1, CS_FORM_BLOCK},       {CS_OPT_Q_BLOCK2, CS_FORM_BLOCK},
        {CS_OPT_CONTENT_FORMAT, CS_FORM_MEDIA}, {CS_OPT_ACCEPT, CS_FORM_MEDIA},
        {CS_OPT_URI_PATH, CS_FORM_PATH},        {CS_OPT_LOCATION_PATH, CS_FORM_PATH},
        {CS_OPT_URI_QUERY, CS_FORM_QUERY},      {CS_OPT_LOCATION_QUERY, CS_FORM_QUERY},
    };
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++)
        if (forms[i].number == number)
            return (enum cs_value_form)forms[i].form;
    return CS_FORM_PLAIN;
}

static struct cs_line_option *add_option(const struct cs_notation_reader *r, const char *at,
                                         uint32_t number)
{
    struct cs_line *line = r->line;
    if (line->option_count == CS_LINE_OPTIONS_MAX) {
        cs_notation_fail(r, at, "a line holds %d options at most", CS_LINE_OPTIONS_MAX);
        return NULL;
    }
    struct cs_line_option *option = &line->options[line->option_count++];
    *option = (struct cs_line_option){.number = number, .column = cs_notation_column(r->text, at)};
    return option;
}

/* ------------------------------------------------------------------ keys */

static const struct cs_option_def *def_by_key(struct cs_part key)
{
    if (cs_part_is(key, "cf"))
        return cs_option_def(CS_OPT_CONTENT_FORMAT);
    size_t count;
    const struct cs_option_def *defs = cs_option_defs(&count);
    for (size_t i = 0; i < count; i++)
        if (cs_part_is(key, defs[i].key))
            return &defs[i];
    return NULL;
}

static bool unknown_option(const struct cs_notation_reader *r, struct cs_part key)
{
    const char *words[128] = {"cf", "tok", "mid", "ver", "tkl", "trail"};
    size_t count, n = 6;
    const struct cs_option_def *defs = cs_option_defs(&count);
    for (size_t i = 0; i < count && n < sizeof words / sizeof words[0]; i++)
        words[n++] = defs[i].key;

    char word[64];
    int len = (int)(key.end - key.at);
    snprintf(word, sizeof word, "%.*s", len, key.at);
    const char *near = cs_nearest(word, words, n);
    if (near == NULL)
        return cs_notation_fail(r, key.at,
                                "unknown option '%.40s': an unregistered one is optN=hex", word);
    return cs_notation_fail(r, key.at, "unknown option '%.40s': did you mean %s?", word, near);
}

/* ------------------------------------------------------------------ values */

/* NUM/M/SIZE, RFC 7959 section 2.2. */
static bool read_block(const struct cs_notation_reader *r, struct cs_part part,
                       struct cs_slice *out)
{
    const char *first = memchr(part.at, '/', (size_t)(part.end - part.at));
    const char *second =
        first != NULL ? memchr(first + 1, '/', (size_t)(part.end - first - 1)) : NULL;
    uint64_t num, more, size;
    unsigned szx = 7;

    if (second == NULL || !cs_part_number((struct cs_part){part.at, first}, &num) ||
        !cs_part_number((struct cs_part){first + 1, second}, &more))
        return cs_notation_fail(r, part.at, "a block is NUM/M/SIZE, as 3/1/512");
    if (num > UINT64_MAX >> 4)
        return cs_notation_fail(r, part.at, "this block number does not fit");
    if (more > 1)
        return cs_notation_fail(r, first + 1, "M is 0 or 1");
    if (!cs_part_is((struct cs_part){second + 1, part.end}, "bert")) {
        if (!cs_part_number((struct cs_part){second + 1, part.end}, &size))
            size = 0;
        for (szx = 0; szx < 7 && size != UINT64_C(16) << szx; szx++)
            ;
        if (szx == 7)
            return cs_notation_fail(r, second + 1,
                                    "a block size is 16, 32, 64, 128, 256, 512, 1024 or bert");
    }
    return cs_read_uint(r, part.at, num << 4 | more << 3 | szx, out);
}

/* "text/plain" finds "text/plain; charset=utf-8" as well. */
static bool media_matches(const char *registered, struct cs_part name)
{
    const char *end = registered + strlen(registered), *semicolon = strchr(registered, ';');
    size_t len = (size_t)(name.end - name.at);
    char word[128];
    if (len >= sizeof word)
        return false;
    memcpy(word, name.at, len);
    word[len] = '\0';
    return cs_part_is((struct cs_part){registered, end}, word) ||
           (semicolon != NULL && cs_part_is((struct cs_part){registered, semicolon}, word));
}

static bool unknown_media(const struct cs_notation_reader *r, struct cs_part part)
{
    char word[64], media[64];
    size_t count;
    const struct cs_content_format_def *defs = cs_content_format_defs(&count);
    snprintf(word, sizeof word, "%.*s", (int)(part.end - part.at), part.at);
    for (size_t i = 0; i < count; i++) { /* one by one, since their parameters are not compared */
        snprintf(media, sizeof media, "%.*s", (int)strcspn(defs[i].media_type, ";"),
                 defs[i].media_type);
        const char *candidate = media;
        if (cs_nearest(word, &candidate, 1) != NULL)
            return cs_notation_fail(r, part.at, "unknown media type '%.40s': did you mean %s?",
                                    word, media);
    }
    return cs_notation_fail(r, part.at, "'%.40s' is neither a number nor a media type", word);
}

static bool read_media(const struct cs_notation_reader *r, struct cs_part part,
                       struct cs_slice *out)
{
    uint64_t number;
    if (cs_part_number(part, &number))
        return cs_read_uint(r, part.at, number, out);

    struct cs_part name = part;
    if (part.at < part.end && *part.at == '"') {
        name.at++;
        if (name.end > name.at && name.end[-1] == '"')
            name.end--;
    }
    size_t count;
    const struct cs_content_format_def *defs = cs_content_format_defs(&count);
    for (size_t i = 0; i < count; i++)
        if (media_matches(defs[i].media_type, name))
            return cs_read_uint(r, part.at, defs[i].number, out);
    return unknown_media(r, name);
}

/* `#hex`, quoted, or as the option's format wants it. */
static bool read_value(const struct cs_notation_reader *r, uint32_t number,
                       enum cs_option_format format, struct cs_part part, struct cs_slice *out)
{
    bool quoted = part.at < part.end && *part.at == '"';
    uint64_t value;

    if (part.at < part.end && *part.at == '#')
        return cs_read_hex(r, (struct cs_part){part.at + 1, part.end}, out);
    if (cs_value_form(number) == CS_FORM_BLOCK)
        return read_block(r, part, out);
    if (cs_value_form(number) == CS_FORM_MEDIA)
        return read_media(r, part, out);
    switch (format) {
    case CS_FORMAT_UINT:
        if (!cs_part_number(part, &value))
            return cs_notation_fail(
                r, part.at, "a number is due here: 60, 0x3c, or #hex for octets as they are");
        return cs_read_uint(r, part.at, value, out);
    case CS_FORMAT_STRING:
        return quoted ? cs_read_quoted(r, part, out) : cs_read_bare(r, part, out);
    case CS_FORMAT_EMPTY:
        if (part.at < part.end)
            return cs_notation_fail(r, part.at, "this option has no value (#hex gives it one)");
        break;
    case CS_FORMAT_OPAQUE:
        break;
    }
    return quoted ? cs_read_quoted(r, part, out) : cs_read_hex(r, part, out);
}

/* Patterns of an expectation. `*done` says that it was one. */
static bool read_pattern(const struct cs_notation_reader *r, struct cs_line_option *option,
                         enum cs_option_format format, struct cs_part part, bool *done)
{
    enum cs_pattern word = cs_pattern_word(part);
    bool range = format == CS_FORMAT_UINT && cs_value_form(option->number) != CS_FORM_BLOCK &&
                 cs_read_range(part, &option->low, &option->high);
    bool glob = format == CS_FORMAT_STRING && part.at < part.end && *part.at != '"' &&
                *part.at != '#' && cs_part_has(part, '*');

    *done = false;
    if (!r->expectation) {
        if (format != CS_FORMAT_STRING && (word != CS_IS || range))
            return cs_notation_fail(r, part.at, "a pattern can be expected, not sent");
        return true;
    }
    if (word == CS_INCREASING && format != CS_FORMAT_UINT)
        return cs_notation_fail(r, part.at, "only a number can increase");
    *done = word != CS_IS || range || glob;
    option->pattern = (uint8_t)(word != CS_IS ? word : range ? CS_RANGE : glob ? CS_GLOB : CS_IS);
    if (option->pattern == CS_GLOB)
        return cs_read_glob(r, part, &option->value);
    return true;
}

bool cs_read_option(const struct cs_notation_reader *r, struct cs_part key, struct cs_part value,
                    bool has_value)
{
    const struct cs_option_def *def = def_by_key(key);
    uint64_t number = def != NULL ? def->number : 0;
    bool by_number = def == NULL && key.end - key.at > 3 &&
                     cs_part_is((struct cs_part){key.at, key.at + 3}, "opt") &&
                     cs_part_number((struct cs_part){key.at + 3, key.end}, &number);
    if (by_number && number > 65535)
        return cs_notation_fail(r, key.at, "option numbers end at 65535");
    if (def == NULL && !by_number)
        return unknown_option(r, key);

    enum cs_option_format format =
        def != NULL ? (enum cs_option_format)def->format : CS_FORMAT_OPAQUE;
    bool bare = format == CS_FORMAT_EMPTY || by_number || strncmp(def->key, "opt", 3) == 0;
    if (!has_value && !bare)
        return cs_notation_fail(r, key.at, "%s needs a value: %s=...", def->key, def->key);

    enum cs_value_form form = by_number ? CS_FORM_PLAIN : cs_value_form((uint32_t)number);
    if (form == CS_FORM_PATH && value.at < value.end && *value.at == '/') {
        if (value.end - value.at == 1)
            return cs_notation_fail(r, value.at,
                                    "this path has no segment: one that is empty is \"\"");
        return cs_read_segments(r, (uint32_t)number, value, '/');
    }
    if (form == CS_FORM_QUERY && value.at < value.end && *value.at == '?')
        return cs_read_segments(r, (uint32_t)number, value, '&');

    struct cs_line_option *option = add_option(r, key.at, (uint32_t)number);
    bool done;
    if (option == NULL || !read_pattern(r, option, format, value, &done))
        return false;
    /* by number the octets count, whatever the option is */
    return done || read_value(r, by_number ? 0 : (uint32_t)number, format, value, &option->value);
}

bool cs_read_segments(const struct cs_notation_reader *r, uint32_t number, struct cs_part part,
                      char separator)
{
    const char *at = part.at + 1;
    for (;;) {
        const char *end = at < part.end ? memchr(at, separator, (size_t)(part.end - at)) : NULL;
        struct cs_part segment = {at, end != NULL ? end : part.end};
        bool glob = r->expectation && cs_part_has(segment, '*');
        struct cs_line_option *option = add_option(r, at, number);
        if (option == NULL || !cs_read_percent(r, segment, glob, &option->value))
            return false;
        option->pattern = glob ? CS_GLOB : CS_IS;
        if (end == NULL)
            return true;
        at = end + 1;
    }
}

/* ------------------------------------------------------------------ payload */

static bool payload_pattern(const struct cs_notation_reader *r, struct cs_part part, bool *done)
{
    struct cs_line *line = r->line;
    enum cs_pattern word = cs_pattern_word(part);
    bool length =
        part.end - part.at > 4 && cs_part_is((struct cs_part){part.at, part.at + 4}, "len:");

    *done = true;
    if (word != CS_IS && word != CS_INCREASING) {
        line->payload_pattern = (uint8_t)word;
        return true;
    }
    if (cs_part_is(part, "utf8")) {
        line->payload_pattern = CS_UTF8;
        return true;
    }
    if (length) {
        struct cs_part range = {part.at + 4, part.end};
        line->payload_pattern = CS_LENGTH;
        if (cs_part_number(range, &line->payload_low)) {
            line->payload_high = line->payload_low;
            return true;
        }
        if (cs_read_range(range, &line->payload_low, &line->payload_high))
            return true;
        return cs_notation_fail(r, range.at, "a length is len:4 or len:0..64");
    }
    if (*part.at != '"' && cs_part_has(part, '*')) {
        line->payload_pattern = CS_GLOB;
        return cs_read_glob(r, part, &line->payload);
    }
    *done = false;
    return true;
}

bool cs_read_payload(const struct cs_notation_reader *r, const char *at)
{
    struct cs_line *line = r->line;
    struct cs_part part = {at, at + strlen(at)};
    line->has_payload = true;
    line->payload_column = cs_notation_column(r->text, at > r->text ? at - 1 : at);

    while (part.at < part.end && memchr(" \t", *part.at, 2) != NULL)
        part.at++;
    while (part.end > part.at && memchr(" \t\r\n", part.end[-1], 4) != NULL)
        part.end--;
    if (part.at == part.end)
        return cs_notation_fail(r, at, "nothing behind the |: an empty payload is \"\"");
    line->payload_column = cs_notation_column(r->text, part.at);

    bool done = false;
    if (r->expectation && !payload_pattern(r, part, &done))
        return false;
    if (done)
        return true;
    if (*part.at == '"')
        return cs_read_quoted(r, part, &line->payload);
    if (part.end - part.at >= 4 && cs_part_is((struct cs_part){part.at, part.at + 4}, "hex:"))
        return cs_read_hex(r, (struct cs_part){part.at + 4, part.end}, &line->payload);
    if (part.end - part.at >= 2 && cs_part_is((struct cs_part){part.at, part.at + 2}, "0x"))
        return cs_read_hex(r, part, &line->payload);
    return cs_read_bare(r, part, &line->payload);
}
