/* reports/decoded/decoded.c: the table of `coapspec decode`.
 *
 *   offset  octets                   meaning
 *        4  5b 90                    Token: 5b90
 *        6  61 00                    …
 *                                    ! what is wrong there */
#include "reports/decoded/decoded.h"

#include <stdlib.h>
#include <string.h>

#include "coap/explain.h"
#include "notation/notation.h"
#include "reports/base/clean.h"
#include "reports/base/wrap.h"
#include "wire/dtls.h"

enum { PER_ROW = 8, ROWS_SHOWN = 8, MEANING = 34 /* the column where meanings begin */ };

static size_t explain(const struct report_decoded *decoded, struct cs_span *spans, size_t max)
{
    const struct cs_message *message = &decoded->message;
    return decoded->records ? cs_explain_records(message->octets, spans, max)
                            : cs_explain(message, spans, max);
}

struct cs_span *report_spans(const struct report_decoded *decoded, size_t *count)
{
    size_t n = explain(decoded, NULL, 0);
    struct cs_span *spans = calloc(n + 1, sizeof *spans);
    *count = spans != NULL ? explain(decoded, spans, n) : 0;
    return spans;
}

char *report_line(const struct report_decoded *decoded)
{
    size_t cap = 256;
    for (;;) {
        char *line = malloc(cap);
        struct cs_text text;
        if (line == NULL)
            return NULL;
        cs_text_init(&text, line, cap);
        if (decoded->records)
            cs_records_format(decoded->message.octets, 0, &text);
        else
            cs_message_format(&decoded->message, false, &text);
        if (text.len < cap)
            return line;
        cap = text.len + 1;
        free(line);
    }
}

size_t report_decoded_wrong(const struct report_decoded *decoded)
{
    size_t count, wrong = decoded->violation_count;
    struct cs_span *spans = report_spans(decoded, &count);
    if (spans == NULL)
        return SIZE_MAX;
    for (size_t i = 0; i < count; i++)
        wrong += spans[i].kind == CS_SPAN_FAULT;
    free(spans);
    return wrong;
}

/* ------------------------------------------------------------------ rows */

struct table {
    const struct report_decoded *decoded;
    const struct report_style *style;
    FILE *out;
    size_t next_violation;
};

/* How much of `text` goes into a line of `width` columns, broken at a space where there is one. */
static size_t line_length(const char *text, size_t width)
{
    size_t columns = 0, space = 0, i = 0;
    for (; text[i] != '\0'; i++) {
        if (((unsigned char)text[i] & 0xc0) != 0x80 && ++columns > width)
            return space > 0 ? space : i;
        if (text[i] == ' ')
            space = i;
    }
    return i;
}

static size_t print_octets(const struct table *t, uint32_t at, uint32_t len)
{
    const struct cs_slice octets = t->decoded->message.octets;
    size_t used = 0;
    for (uint32_t i = at; i < at + len && i < at + PER_ROW; i++, used += 3)
        fprintf(t->out, "%02x ", octets.at[i]);
    return used;
}

/* One entry: `len` octets from `at` on, and beside them the text, both over as many lines as they take. `color` is an
 * escape sequence for the text, or "". */
static void print_entry(const struct table *t, uint32_t at, uint32_t len, const char *text,
                        const char *color)
{
    char *clean = report_clean(text, t->style->unicode, false);
    const char *rest = clean != NULL ? clean : "";
    size_t width = t->style->width > MEANING + 20 ? t->style->width - MEANING : 20;

    for (uint32_t row = 0; row == 0 || row * PER_ROW < len || *rest != '\0'; row++) {
        bool octets = row * PER_ROW < len, cut = row >= ROWS_SHOWN && !t->style->verbose;
        size_t column = 9;
        if (octets && cut && row == ROWS_SHOWN)
            fprintf(t->out, "%6s   %u more (-v shows them)", "", len - row * PER_ROW);
        else if (octets && !cut)
            fprintf(t->out, "%6u   ", at + row * PER_ROW);
        else
            fprintf(t->out, "%9s", "");
        if (octets && !cut)
            column += print_octets(t, at + row * PER_ROW, len - row * PER_ROW);
        size_t piece = line_length(rest, width);
        if (piece > 0) {
            fprintf(t->out, "%*s%s%.*s%s", (int)(MEANING - column), "", color, (int)piece, rest,
                    color[0] != '\0' ? "\033[0m" : "");
            rest += piece;
            rest += *rest == ' ' ? 1 : 0;
        }
        fputc('\n', t->out);
        if (octets && cut && *rest == '\0')
            break;
    }
    free(clean);
}

static void print_wrong(const struct table *t, const char *text, bool should)
{
    const char *color = !t->style->color ? "" : should ? "\033[1;33m" : "\033[1;31m";
    print_entry(t, 0, 0, text, color);
}

static void print_violation(const struct table *t, const struct report_violation *v)
{
    char text[640], octet[32] = "";
    if (v->octet != CS_NO_OCTET)
        snprintf(octet, sizeof octet, "octet %u: ", v->octet);
    snprintf(text, sizeof text, "! %s%s (%s, section %s, %s: %s)", octet, v->why, v->rule->spec,
             v->rule->section, cs_level_text(v->rule->level), v->rule->id);
    print_wrong(t, text, cs_level_is_should(v->rule->level));
}

/* The violations whose octet lies before `end`. */
static void print_violations(struct table *t, uint32_t end)
{
    const struct report_decoded *d = t->decoded;
    for (; t->next_violation < d->violation_count; t->next_violation++) {
        const struct report_violation *v = &d->violations[t->next_violation];
        if (v->octet >= end)
            return;
        print_violation(t, v);
    }
}

/* Those that no octet can be blamed for come last: CS_NO_OCTET is above every offset. */
static void print_homeless(struct table *t)
{
    for (; t->next_violation < t->decoded->violation_count; t->next_violation++)
        print_violation(t, &t->decoded->violations[t->next_violation]);
}

/* A broken rule at the same octet says the same, and where it is written. */
static bool a_rule_says_it(const struct report_decoded *decoded, uint32_t octet)
{
    for (size_t i = 0; i < decoded->violation_count; i++)
        if (decoded->violations[i].octet == octet)
            return true;
    return false;
}

static void print_spans(struct table *t, const struct cs_span *spans, size_t count)
{
    uint32_t shown = 0; /* octets before this offset stand in the table */
    char text[256];
    for (size_t i = 0; i < count; i++) {
        const struct cs_span *s = &spans[i];
        if (s->kind == CS_SPAN_FAULT) {
            if (a_rule_says_it(t->decoded, s->at))
                continue;
            snprintf(text, sizeof text, "! octet %u: %s (%s)", s->at, s->text, s->label);
            print_wrong(t, text, false);
            continue;
        }
        uint32_t end = s->at + s->len;
        if (s->at >= shown)
            print_violations(t, s->at);
        snprintf(text, sizeof text, s->text[0] != '\0' ? "%s: %s" : "%s%s", s->label, s->text);
        print_entry(t, s->at, s->at >= shown ? s->len : 0, text, "");
        shown = end > shown ? end : shown;
    }
    print_violations(t, shown);
}

/* ------------------------------------------------------------------ the whole */

static void print_first_line(const struct report_decoded *decoded, const struct report_style *style,
                             const char *line, FILE *out)
{
    const struct cs_slice octets = decoded->message.octets;
    if (decoded->from_line) {
        for (size_t i = 0; i < octets.len; i++)
            fprintf(out, "%02x", octets.at[i]);
        fputs("\n", out);
        return;
    }
    char *clean = report_clean(line, style->unicode, false);
    fprintf(out, "%s\n", clean != NULL ? clean : "");
    free(clean);
}

/* Everything that the rules say, once, below the table. */
static void print_rules(const struct report_decoded *decoded, const struct report_style *style,
                        FILE *out)
{
    for (size_t i = 0; i < decoded->violation_count; i++) {
        const struct cs_rule *rule = decoded->violations[i].rule;
        bool said = false;
        for (size_t j = 0; j < i; j++)
            said |= decoded->violations[j].rule == rule;
        if (said)
            continue;
        fprintf(out, "%s%s\n  ", i == 0 ? "\n" : "", rule->id);
        report_wrap(out, rule->says, 2, 2, style->width);
    }
}

bool report_decoded_text(const struct report_decoded *decoded, const struct report_style *style,
                         FILE *out)
{
    size_t count;
    struct cs_span *spans = report_spans(decoded, &count);
    char *line = report_line(decoded);
    bool good = spans != NULL && line != NULL;

    if (good) {
        struct table t = {decoded, style, out, 0};
        print_first_line(decoded, style, line, out);
        if (!style->quiet) {
            fputc('\n', out);
            print_spans(&t, spans, count);
            print_homeless(&t);
            print_rules(decoded, style, out);
        }
    }
    free(spans);
    free(line);
    return good && fflush(out) == 0 && ferror(out) == 0;
}
