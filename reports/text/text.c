/* reports/text/text.c: the report for people: sources, findings, what came of it. */
#include "reports/text/text.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "reports/base/clean.h"
#include "reports/text/page.h"

/* ------------------------------------------------------------------ sources */

static void add_count(struct cs_text *text, uint64_t count, const char *what)
{
    cs_text_add(text, "%" PRIu64 " %s%s", count, what, count == 1 ? "" : "s");
}

/* What was seen of DTLS, and that most of it could not be judged. */
static void print_dtls(const struct report_page *page, const struct cs_dtls_counts *d)
{
    char line[960], buf[8];
    struct cs_text text;
    if (d->records == 0 && d->unreadable == 0)
        return;
    cs_text_init(&text, line, sizeof line);
    add_count(&text, d->sessions, "session");
    for (size_t i = 0; i < CS_SUITES_COUNTED && d->suites[i].sessions > 0; i++)
        cs_text_add(&text, "%s%" PRIu64 " with %s", i == 0 ? " (" : ", ", d->suites[i].sessions,
                    cs_suite_text(d->suites[i].suite, buf, sizeof buf));
    cs_text_add(&text, "%s, ", d->suites[0].sessions > 0 ? ")" : "");
    add_count(&text, d->records, "record");
    if (d->encrypted > 0)
        cs_text_add(&text, ", %" PRIu64 " of them encrypted", d->encrypted);
    if (d->encrypted > 0 && d->decrypted == 0)
        cs_text_add(&text, ": the messages in those are not judged");
    if (d->decrypted > 0) {
        cs_text_add(&text, "; ");
        add_count(&text, d->decrypted, "message");
        cs_text_add(&text, " %s judged decrypted", d->decrypted == 1 ? "was" : "were");
    }
    const struct {
        uint64_t count;
        const char *what;
    } unopened[] = {{d->decrypted > 0 ? d->sealed : 0, "not opened, for want of a secret"},
                    {d->refused, "not authentic by the secret of their session"},
                    {d->repeated, "passed over, as seen before"}};
    for (size_t i = 0; i < sizeof unopened / sizeof unopened[0]; i++) {
        if (unopened[i].count == 0)
            continue;
        cs_text_add(&text, "; ");
        add_count(&text, unopened[i].count, "record");
        cs_text_add(&text, " %s", unopened[i].what);
    }
    if (d->unreadable > 0)
        cs_text_add(&text, ", %" PRIu64 " unreadable", d->unreadable);
    if (d->evicted > 0)
        cs_text_add(&text, ", %" PRIu64 " sessions forgotten for want of memory", d->evicted);
    report_row(page, "DTLS", line);
}

static void print_source(const struct report_page *page, const struct report_source *s)
{
    char line[1024];
    struct cs_text text;
    const struct cs_counts *c = &s->counts;
    const bool live = strcmp(s->kind, "interface") == 0;
    const struct {
        uint64_t count;
        const char *what;
    } more[] = {
        {c->malformed, "malformed"},
        {c->cut, "cut by the capture"},
        {c->not_decodable, "frames that could not be read"},
        {live ? 0 : s->dropped_kernel + s->dropped_interface, "packets dropped by the capture"},
        {c->evicted_messages + c->evicted_flows,
         "records given up for want of memory (--limit-memory)"},
        {c->evicted_fragments, "fragments given up"},
    };
    cs_text_init(&text, line, sizeof line);
    cs_text_add(&text, "%s: %" PRIu64 " packet%s, %" PRIu64 " CoAP message%s", s->name, c->packets,
                c->packets == 1 ? "" : "s", c->messages, c->messages == 1 ? "" : "s");
    for (size_t i = 0; i < sizeof more / sizeof more[0]; i++)
        if (more[i].count > 0)
            cs_text_add(&text, ", %" PRIu64 " %s", more[i].count, more[i].what);
    if (live)
        cs_text_add(&text, ", dropped by the kernel %" PRIu64 ", by the interface %" PRIu64,
                    s->dropped_kernel, s->dropped_interface);
    if (c->last_ns > c->first_ns)
        cs_text_add(&text, ", %.3f s", (double)(c->last_ns - c->first_ns) / 1e9);
    if (s->format != NULL)
        cs_text_add(&text, " (%s)", s->format);
    report_running(page, line, 0, 2);
    print_dtls(page, &c->dtls);
    if (s->note != NULL)
        report_row(page, "note", s->note);
}

/* ------------------------------------------------------------------ summary */

struct column {
    enum report_verdict verdict;
    int width;
};
static const struct column columns[] = {
    {REPORT_PASS, 6},
    {REPORT_WARN, 6},
    {REPORT_FAIL, 6},
    {REPORT_INCONCLUSIVE, 14},
    {REPORT_NOT_APPLICABLE, 16},
    {REPORT_NOT_EXERCISED, 15},
    {REPORT_ERROR, 7},
};

static void print_counts(const struct report_page *page, const char *what, const size_t *counts)
{
    fprintf(page->out, "%-10s", what);
    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++) {
        size_t n = counts[columns[i].verdict];
        if (n == 0)
            fprintf(page->out, "%*s", columns[i].width, "-");
        else if (page->style->color)
            fprintf(page->out, "%s%*zu\033[0m", report_color(columns[i].verdict), columns[i].width,
                    n);
        else
            fprintf(page->out, "%*zu", columns[i].width, n);
    }
    fputc('\n', page->out);
}

static void print_table(const struct report_page *page, const struct report_summary *s)
{
    fprintf(page->out, "\n%-10s", "");
    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++)
        fprintf(page->out, "%*s", columns[i].width, report_verdict_text(columns[i].verdict));
    fputc('\n', page->out);
    if (page->report->case_count > 0)
        print_counts(page, "scenarios", s->cases);
    print_counts(page, "rules", s->rules);
}

static void print_last_line(const struct report_page *page, const struct report_summary *s)
{
    const struct report *r = page->report;
    char line[400];
    struct cs_text text;
    cs_text_init(&text, line, sizeof line);
    if (s->exit_code == 5)
        cs_text_add(&text, "Nothing was tested.");
    else {
        if (r->case_count > 0)
            cs_text_add(&text, "%zu of %zu scenarios passed, %zu failed", s->cases[REPORT_PASS],
                        r->case_count, s->cases[REPORT_FAIL]);
        if (s->cases[REPORT_WARN] > 0)
            cs_text_add(&text, ", %zu warned", s->cases[REPORT_WARN]);
        if (r->case_count > 0)
            cs_text_add(&text, "; ");
        add_count(&text, s->findings_fail, "violation");
        cs_text_add(&text, ", ");
        add_count(&text, s->findings_warn, "warning");
        cs_text_put(&text, '.');
    }
    if (r->interrupted)
        cs_text_add(&text, " Interrupted: this is what there was until then.");
    if (r->has_seed)
        cs_text_add(&text, " Seed %" PRIu64 ".", r->seed);
    if (!page->style->quiet || r->finding_count > 0 || s->verdict == REPORT_FAIL)
        fputc('\n', page->out); /* something stands above */
    if (s->exit_code == 5)
        report_running(page, line, 0, 0);
    else
        report_heading(page, s->verdict, line);
}

bool report_write_text(const struct report *report, const struct report_style *style, FILE *out)
{
    const struct report_page page = {report, style, out};
    const struct report_summary summary = report_summarise(report);
    errno = 0;
    for (size_t i = 0; i < report->source_count && !style->quiet; i++)
        print_source(&page, &report->sources[i]);
    report_print_cases(&page);
    report_print_findings(&page);
    if (style->verbose ||
        (!style->quiet && report->case_count == 0)) /* in a run, the scenarios say who talks */
        report_print_pairs(&page);
    if (!style->quiet) {
        report_print_reasons(&page);
        print_table(&page, &summary);
    }
    print_last_line(&page, &summary);
    for (char **e = report->evidence; e != NULL && *e != NULL && !style->quiet; e++)
        report_row(&page, "written", *e);
    return fflush(out) == 0 && ferror(out) == 0;
}
