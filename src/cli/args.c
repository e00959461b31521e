/* src/cli/args.c: options of a command as they were given, and their values. */
#include "src/cli/cli.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"

static bool known(const struct cli *cli, const char *name)
{
    for (const struct cli_option *o = cli->command->options; o != NULL && o->name != NULL; o++)
        if (strcmp(o->name, name) == 0)
            return true;
    return false;
}

const char *cli_value_at(const struct cli *cli, const char *name, size_t index)
{
    assert(known(cli, name));
    for (size_t i = 0; i < cli->given_count; i++)
        if (strcmp(cli->given[i].option->name, name) == 0 && index-- == 0)
            return cli->given[i].value != NULL ? cli->given[i].value : "";
    return NULL;
}

bool cli_has(const struct cli *cli, const char *name) { return cli_value_at(cli, name, 0) != NULL; }

const char *cli_value(const struct cli *cli, const char *name, const char *otherwise)
{
    const char *value = otherwise;
    const char *next = NULL;
    for (size_t i = 0; (next = cli_value_at(cli, name, i)) != NULL; i++)
        value = next;
    return value;
}

/* Digits only: strtoull alone takes signs and spaces. */
static bool parse_number(const char *text, uint64_t *out, const char **end)
{
    if (!isdigit((unsigned char)text[0]))
        return false;
    errno = 0;
    char *stop = NULL;
    unsigned long long value = strtoull(text, &stop, 10);
    *out = value;
    *end = stop;
    return errno == 0;
}

bool cli_number(const struct cli *cli, const char *name, uint64_t min, uint64_t max, uint64_t *out)
{
    const char *text = cli_value(cli, name, NULL), *end = NULL;
    uint64_t value = 0;
    if (text == NULL)
        return true;
    if (!parse_number(text, &value, &end) || *end != '\0' || value < min || value > max) {
        cli_fail(cli, CLI_USAGE, "--%s: %s is not a number from %llu to %llu", name, text,
                 (unsigned long long)min, (unsigned long long)max);
        return false;
    }
    *out = value;
    return true;
}

bool cli_parse_duration(const char *text, uint64_t *out_ns)
{
    static const struct {
        const char *unit;
        uint64_t ns;
    } units[] = {
        {"", UINT64_C(1000000000)},
        {"s", UINT64_C(1000000000)},
        {"ms", 1000000},
        {"us", 1000},
        {"ns", 1},
        {"m", UINT64_C(60000000000)},
        {"h", UINT64_C(3600000000000)},
    };
    uint64_t whole = 0, part = 0, scale = 1;
    const char *end = NULL;
    if (!parse_number(text, &whole, &end))
        return false;
    if (*end == '.') {
        for (end++; isdigit((unsigned char)*end); end++)
            if (scale < UINT64_C(1000000000)) {
                part = part * 10 + (uint64_t)(*end - '0');
                scale *= 10;
            }
        if (scale == 1)
            return false;
    }
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (strcmp(end, units[i].unit) != 0)
            continue;
        if (whole > UINT64_MAX / 2 / units[i].ns)
            return false;
        *out_ns =
            whole * units[i].ns + (uint64_t)((double)part * (double)units[i].ns / (double)scale);
        return true;
    }
    return false;
}

bool cli_duration(const struct cli *cli, const char *name, uint64_t *out_ns)
{
    const char *text = cli_value(cli, name, NULL);
    if (text == NULL || cli_parse_duration(text, out_ns))
        return true;
    cli_fail(cli, CLI_USAGE, "--%s: %s is not a duration such as 90, 1.5s, 200ms, 5m or 2h", name,
             text);
    return false;
}

bool cli_size(const struct cli *cli, const char *name, uint64_t *out)
{
    static const char suffixes[] = "kMGT";
    const char *text = cli_value(cli, name, NULL), *end = NULL;
    uint64_t value = 0;
    if (text == NULL)
        return true;
    if (parse_number(text, &value, &end)) {
        unsigned shift = 0;
        const char *suffix = *end != '\0' ? strchr(suffixes, *end == 'K' ? 'k' : *end) : NULL;
        if (suffix != NULL) {
            shift = 10 * (unsigned)(suffix - suffixes + 1);
            end++;
        }
        if (*end == '\0' && value <= UINT64_MAX >> shift) {
            *out = value << shift;
            return true;
        }
    }
    cli_fail(cli, CLI_USAGE, "--%s: %s is not a size such as 512k, 48M or 1G", name, text);
    return false;
}

bool cli_word(const struct cli *cli, const char *what, const char *word, const char *const *words,
              size_t *out)
{
    size_t n = 0;
    for (; words[n] != NULL; n++)
        if (strcmp(words[n], word) == 0) {
            *out = n;
            return true;
        }
    const char *near = cs_nearest(word, words, n);
    char list[256] = "";
    for (size_t i = 0, used = 0; i < n && used + 1 < sizeof list; i++) {
        int len = snprintf(list + used, sizeof list - used, "%s%s", i > 0 ? ", " : "", words[i]);
        used += len > 0 ? (size_t)len : 0;
    }
    if (near != NULL)
        cli_fail(cli, CLI_USAGE, "%s: no such thing as %s: did you mean %s? (%s)", what, word, near,
                 list);
    else
        cli_fail(cli, CLI_USAGE, "%s: no such thing as %s: one of %s", what, word, list);
    return false;
}

bool cli_choice(const struct cli *cli, const char *name, const char *const *words, size_t *out)
{
    const char *value = cli_value(cli, name, NULL);
    char what[64];
    snprintf(what, sizeof what, "--%s", name);
    return value == NULL || cli_word(cli, what, value, words, out);
}

bool cli_report_format(const struct cli *cli, enum report_use use, const struct report_format **out)
{
    const char *names[REPORT_FORMATS_MAX];
    size_t choice = report_format_names(use, names);
    const size_t none = choice;
    if (!cli_choice(cli, "format", names, &choice))
        return false;
    if (choice != none)
        *out = report_format(names[choice]);
    return true;
}
