/* reports/junit.c: JUnit XML as CI servers read it: a scenario or a rule is a test case.
 *
 *   fail -> <failure>; error -> <error>; warn -> passed, with <system-out>; inconclusive, not applicable, not exercised ->
 *   <skipped> with the reason. */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "reports/base/clean.h"
#include "reports/junit.h"

/* Text or an attribute value: valid UTF-8, what XML forbids replaced, markup escaped. */
static void put(FILE *out, const char *text)
{
    char *clean = text != NULL ? report_utf8(text, true) : NULL;
    for (const char *c = clean; c != NULL && *c != '\0'; c++)
        switch (*c) {
        case '<':
            fputs("&lt;", out);
            break;
        case '>':
            fputs("&gt;", out);
            break;
        case '&':
            fputs("&amp;", out);
            break;
        case '"':
            fputs("&quot;", out);
            break;
        case '\n':
            fputs("&#10;", out);
            break;
        case '\r':
            fputs("&#13;", out);
            break;
        case '\t':
            fputs("&#9;", out);
            break;
        default:
            fputc(*c, out);
        }
    free(clean);
}

__attribute__((format(printf, 2, 3))) static void putf(FILE *out, const char *format, ...)
{
    char text[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    put(out, text);
}

static void attribute(FILE *out, const char *name, const char *value)
{
    fprintf(out, " %s=\"", name);
    put(out, value);
    fputc('"', out);
}

static bool is_skipped(enum report_verdict v)
{
    return v == REPORT_NOT_EXERCISED || v == REPORT_NOT_APPLICABLE || v == REPORT_INCONCLUSIVE;
}

static void open_suite(FILE *out, const char *name, const size_t *counts, size_t tests)
{
    size_t skipped =
        counts[REPORT_NOT_EXERCISED] + counts[REPORT_NOT_APPLICABLE] + counts[REPORT_INCONCLUSIVE];
    fprintf(
        out,
        "  <testsuite name=\"%s\" tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" skipped=\"%zu\">\n",
        name, tests, counts[REPORT_FAIL], counts[REPORT_ERROR], skipped);
}

static void put_skipped(FILE *out, enum report_verdict verdict, const char *reason)
{
    fputs("      <skipped message=\"", out);
    putf(out, "%s%s%s", report_verdict_text(verdict), reason != NULL ? ": " : "",
         reason != NULL ? reason : "");
    fputs("\"/>\n", out);
}

/* ------------------------------------------------------------------ rules */

static void put_findings(FILE *out, const struct report *report, const struct cs_rule *rule)
{
    for (size_t i = 0; i < report->finding_count; i++) {
        const struct report_finding *f = &report->findings[i];
        char offender[64];
        if (f->rule != rule)
            continue;
        cs_address_format(&f->offender, offender, sizeof offender);
        if (f->source_index < report->source_count)
            putf(out, "%s ", report->sources[f->source_index].name);
        putf(out, "packet %" PRIu64 ": %s %s: %s\n", f->packet, f->role, offender, f->why);
    }
}

static void put_rule(FILE *out, const struct report *report, const struct report_rule *r)
{
    const char *element = r->verdict == REPORT_FAIL ? "failure" : "system-out";
    fprintf(out, "    <testcase");
    attribute(out, "classname", "rules");
    attribute(out, "name", r->rule->id);
    if (r->verdict == REPORT_PASS) {
        fputs("/>\n", out);
        return;
    }
    fputs(">\n", out);
    if (is_skipped(r->verdict))
        put_skipped(out, r->verdict, r->tally.undecided_why);
    else {
        fprintf(out, "      <%s", element);
        if (r->verdict == REPORT_FAIL) {
            fputs(" type=\"violation\" message=\"", out);
            putf(out, "%s, section %s (%s), broken %" PRIu64 " time%s: %s", r->rule->spec,
                 r->rule->section, cs_level_text(r->rule->level), r->tally.broken,
                 r->tally.broken == 1 ? "" : "s", r->rule->says);
            fputc('"', out);
        }
        fputc('>', out);
        if (r->verdict == REPORT_WARN)
            putf(out, "warning: %s\n", r->rule->says);
        put_findings(out, report, r->rule);
        putf(out, "cause: %s\n", r->rule->cause);
        fprintf(out, "</%s>\n", element);
    }
    fputs("    </testcase>\n", out);
}

/* ------------------------------------------------------------------ scenarios */

/* The same scenario may have been run several times: test case names are unique, so the later ones get a number. */
static size_t earlier_with_that_id(const struct report *report, size_t index)
{
    size_t n = 0;
    for (size_t i = 0; i < index; i++)
        n += strcmp(report->cases[i].id, report->cases[index].id) == 0;
    return n;
}

static void put_detail(FILE *out, const struct report *report, const struct report_case *c)
{
    if (c->name != NULL)
        putf(out, "what is due: %s\n", c->name);
    if (c->spec != NULL && c->section != NULL)
        putf(out, "clause: %s, section %s (%s)\n", c->spec, c->section,
             c->level != NULL ? c->level : "?");
    if (c->file != NULL)
        putf(out, "at: %s:%u:%u\n", c->file, c->line, c->column);
    if (c->source_line != NULL)
        putf(out, "line: %s\n", c->source_line);
    if (c->expected != NULL)
        putf(out, "expected: %s\n", c->expected);
    if (c->got != NULL)
        putf(out, "got: %s\n", c->got);
    if (c->cause != NULL)
        putf(out, "cause: %s\n", c->cause);
    char *repeat = report_repeat(report, c->id);
    if (repeat != NULL)
        putf(out, "repeat: %s\n", repeat);
    free(repeat);
}

static void put_case(FILE *out, const struct report *report, size_t index)
{
    const struct report_case *c = &report->cases[index];
    enum report_verdict verdict = report_case_verdict(report, c);
    size_t earlier = earlier_with_that_id(report, index);
    const char *element = verdict == REPORT_FAIL    ? "failure"
                          : verdict == REPORT_ERROR ? "error"
                                                    : "system-out";
    fputs("    <testcase classname=\"scenarios\" name=\"", out);
    put(out, c->id);
    if (earlier > 0)
        fprintf(out, " (%zu)", earlier + 1);
    fprintf(out, "\" time=\"%.3f\"", (double)c->duration_ns / 1e9);
    if (c->file != NULL)
        attribute(out, "file", c->file);
    if (verdict == REPORT_PASS) {
        fputs("/>\n", out);
        return;
    }
    fputs(">\n", out);
    if (is_skipped(verdict))
        put_skipped(out, verdict, c->reason);
    else {
        fprintf(out, "      <%s", element);
        if (verdict != REPORT_WARN) {
            attribute(out, "type", verdict == REPORT_FAIL ? "failure" : "bench");
            attribute(out, "message", c->reason != NULL ? c->reason : report_verdict_text(verdict));
        }
        fputc('>', out);
        if (verdict == REPORT_WARN)
            putf(out, "warning: %s\n", c->reason != NULL ? c->reason : "");
        put_detail(out, report, c);
        fprintf(out, "</%s>\n", element);
    }
    fputs("    </testcase>\n", out);
}

bool report_write_junit(const struct report *report, FILE *out)
{
    const struct report_summary s = report_summarise(report);
    errno = 0;
    fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites", out);
    fprintf(out, " name=\"coapspec\" tests=\"%zu\" failures=\"%zu\" errors=\"%zu\">\n",
            report->rule_count + report->case_count, s.rules[REPORT_FAIL] + s.cases[REPORT_FAIL],
            s.rules[REPORT_ERROR] + s.cases[REPORT_ERROR]);
    if (report->case_count > 0) {
        open_suite(out, "scenarios", s.cases, report->case_count);
        for (size_t i = 0; i < report->case_count; i++)
            put_case(out, report, i);
        fputs("  </testsuite>\n", out);
    }
    open_suite(out, "rules", s.rules, report->rule_count);
    for (size_t i = 0; i < report->rule_count; i++)
        put_rule(out, report, &report->rules[i]);
    fputs("  </testsuite>\n</testsuites>\n", out);
    return fflush(out) == 0 && ferror(out) == 0;
}
