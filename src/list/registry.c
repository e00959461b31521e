/* src/list/registry.c: options, codes and Content-Formats as entries of `list` and `explain`. */
#include <stdlib.h>
#include <string.h>

#include "src/list/entries.h"

/* By name or by number. */
static bool either(entries_match_fn *match, const void *user, const char *number, const char *name)
{
    return match(user, number) || match(user, name);
}

static const char *format_name(unsigned format)
{
    static const char *const names[] = {"empty", "opaque", "uint", "string"};
    return names[format & 3];
}

static void used_in(unsigned bits, char *out, size_t cap)
{
    static const char *const names[] = {"requests", "responses", "signals"};
    size_t used = 0;
    out[0] = '\0';
    for (unsigned i = 0; i < 3; i++)
        if ((bits >> i & 1u) != 0)
            used +=
                (size_t)snprintf(out + used, cap - used, "%s%s", used > 0 ? " and " : "", names[i]);
}

static void option_as_json(struct entries *e, const struct cs_option_def *o)
{
    entries_next(e);
    report_rows_number(e->rows, "number", o->number);
    report_rows_text(e->rows, "name", o->name);
    report_rows_text(e->rows, "key", o->key);
    report_rows_text(e->rows, "format", format_name(o->format));
    report_rows_number(e->rows, "min", o->min);
    report_rows_number(e->rows, "max", o->max);
    report_rows_bool(e->rows, "repeatable", o->repeatable);
    report_rows_bool(e->rows, "critical", CS_OPTION_IS_CRITICAL(o->number));
    report_rows_bool(e->rows, "unsafe", CS_OPTION_IS_UNSAFE(o->number));
    report_rows_bool(e->rows, "no_cache_key",
                     !CS_OPTION_IS_UNSAFE(o->number) && CS_OPTION_IS_NO_CACHE_KEY(o->number));
    report_rows_bool(e->rows, "in_requests", (o->used_in & CS_IN_REQUEST) != 0);
    report_rows_bool(e->rows, "in_responses", (o->used_in & CS_IN_RESPONSE) != 0);
    report_rows_text(e->rows, "spec", o->spec);
}

static void print_option(struct entries *e, const struct cs_option_def *o)
{
    char number[8], words[160], where[64];
    snprintf(number, sizeof number, "%5u", o->number);
    used_in(o->used_in, where, sizeof where);
    snprintf(words, sizeof words, "%-15s %-8s %-9s %-7s %4u..%-5u %s", o->name,
             CS_OPTION_IS_CRITICAL(o->number) ? "critical" : "elective",
             CS_OPTION_IS_UNSAFE(o->number) ? "unsafe" : "safe", format_name(o->format), o->min,
             o->max, o->spec);
    entries_head(e, number, words);
    if (!e->full)
        return;
    entries_row(e, "in notation", o->key);
    entries_row(e, "defined for", where);
    entries_row(e, "repeatable", o->repeatable ? "yes" : "no");
    if (!CS_OPTION_IS_UNSAFE(o->number))
        entries_row(e, "cache key", CS_OPTION_IS_NO_CACHE_KEY(o->number) ? "no" : "yes");
}

void entries_list_options(struct entries *e, entries_match_fn *match, const void *user)
{
    size_t n = 0;
    const struct cs_option_def *all = cs_option_defs(&n);
    for (size_t i = 0; i < n; i++) {
        char number[8];
        snprintf(number, sizeof number, "%u", all[i].number);
        if (!either(match, user, number, all[i].name) && !match(user, all[i].key))
            continue;
        if (e->rows != NULL)
            option_as_json(e, &all[i]);
        else
            print_option(e, &all[i]);
    }
}

void entries_list_codes(struct entries *e, entries_match_fn *match, const void *user)
{
    size_t n = 0;
    const struct cs_code_def *all = cs_code_defs(&n);
    for (size_t i = 0; i < n; i++) {
        char code[8], words[160];
        snprintf(code, sizeof code, "%u.%02u", CS_CODE_CLASS(all[i].code),
                 CS_CODE_DETAIL(all[i].code));
        if (!either(match, user, code, all[i].name))
            continue;
        if (e->rows != NULL) {
            entries_next(e);
            report_rows_text(e->rows, "code", code);
            report_rows_text(e->rows, "name", all[i].name);
            report_rows_text(e->rows, "spec", all[i].spec);
            continue;
        }
        snprintf(words, sizeof words, "%-32s %s", all[i].name, all[i].spec);
        entries_head(e, code, words);
        if (e->full)
            entries_row(e, "kind",
                        cs_code_is_request(all[i].code)   ? "method of a request"
                        : CS_CODE_CLASS(all[i].code) == 2 ? "response: success"
                        : CS_CODE_CLASS(all[i].code) == 4 ? "response: the client's fault"
                        : CS_CODE_CLASS(all[i].code) == 5 ? "response: the server's fault"
                        : CS_CODE_CLASS(all[i].code) == 7 ? "signal, on reliable transports only"
                                                          : "Empty message");
    }
}

void entries_list_formats(struct entries *e, entries_match_fn *match, const void *user)
{
    size_t n = 0;
    const struct cs_content_format_def *all = cs_content_format_defs(&n);
    for (size_t i = 0; i < n; i++) {
        char number[8], words[200];
        snprintf(number, sizeof number, "%u", all[i].number);
        if (!either(match, user, number, all[i].media_type))
            continue;
        if (e->rows != NULL) {
            entries_next(e);
            report_rows_number(e->rows, "number", all[i].number);
            report_rows_text(e->rows, "media_type", all[i].media_type);
            report_rows_text(e->rows, "spec", all[i].spec);
            continue;
        }
        snprintf(number, sizeof number, "%5u", all[i].number);
        snprintf(words, sizeof words, "%s  %s", all[i].media_type, all[i].spec);
        entries_head(e, number, words);
    }
}
