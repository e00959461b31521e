/* reports/text/findings.c: findings and cases of the text report. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "notation/notation.h"
#include "reports/base/clean.h"
#include "reports/document/report.h"
#include "reports/text/page.h"
#include "reports/text/text.h"
#include "wire/dtls.h"

enum { OFFENDERS_SHOWN = 3, PACKETS_SHOWN = 8 };

/* `said` was printed already: the message is not printed twice; may be NULL. */
static void print_message(const struct report_page *page, const char *said, enum cs_carrier carrier,
                          const uint8_t *octets, size_t kept, size_t whole, uint32_t octet)
{
    char line[1024];
    struct cs_text text;
    struct cs_message message;
    if (kept == 0)
        return;
    cs_text_init(&text, line, sizeof line);
    const struct cs_slice datagram = {octets, kept};
    if (carrier == CS_UDP && cs_is_record(datagram)) {
        cs_records_format(datagram, (uint32_t)(whole - kept), &text);
    } else {
        cs_message_decode(carrier, datagram, (uint32_t)(whole - kept), &message);
        cs_message_format(&message, true, &text);
    }
    if (said == NULL || strcmp(said, line) != 0)
        report_row(page, "message", line);
    report_octets(page, octets, kept, whole, octet);
}

static void print_repeat(const struct report_page *page, const char *id)
{
    char *line = report_repeat(page->report, id);
    if (line != NULL) /* not wrapped: it is to be pasted */
        fprintf(page->out, page->style->color ? "  \033[2m%-10s\033[0m%s\n" : "  %-10s%s\n",
                "repeat", line);
    free(line);
}

/* ------------------------------------------------------------------ findings */

static int compare_findings(const void *a, const void *b)
{
    const struct report_finding *x = *(const struct report_finding *const *)a;
    const struct report_finding *y = *(const struct report_finding *const *)b;
    bool warn_x = cs_level_is_should(x->rule->level), warn_y = cs_level_is_should(y->rule->level);
    if (warn_x != warn_y)
        return warn_x ? 1 : -1;
    int by_rule = strcmp(x->rule->id, y->rule->id);
    if (by_rule != 0)
        return by_rule;
    if (x->source_index != y->source_index)
        return x->source_index < y->source_index ? -1 : 1;
    int by_ip = memcmp(x->offender.ip, y->offender.ip, sizeof x->offender.ip);
    if (by_ip != 0)
        return by_ip;
    if (x->offender.port != y->offender.port)
        return x->offender.port < y->offender.port ? -1 : 1;
    return x < y ? -1 : x > y;
}

static bool same_offender(const struct report_finding *a, const struct report_finding *b)
{
    return a->rule == b->rule && a->source_index == b->source_index &&
           cs_address_equal(&a->offender, &b->offender);
}

static void print_where(const struct report_page *page, const struct report_finding *f)
{
    const struct report *r = page->report;
    char offender[64], other[64], text[640];
    cs_address_format(&f->offender, offender, sizeof offender);
    cs_address_format(&f->other, other, sizeof other);
    snprintf(text, sizeof text, "%s %s%s%s", f->role, offender,
             f->other.family != 0 ? ", speaking with " : "", f->other.family != 0 ? other : "");
    report_row(page, "offender", text);
    if (f->case_index < r->case_count)
        report_row(page, "scenario", r->cases[f->case_index].id);
    snprintf(text, sizeof text, "%" PRIu64, f->packet);
    for (size_t i = 0, n = 0; i < f->packet_count; i++)
        if (f->packets[i] != f->packet)
            snprintf(text + strlen(text), sizeof text - strlen(text), "%s%" PRIu64,
                     n++ == 0 ? "; see also " : ", ", f->packets[i]);
    if (r->source_count > 1 && f->source_index < r->source_count)
        snprintf(text + strlen(text), sizeof text - strlen(text), " of %s",
                 r->sources[f->source_index].name);
    report_row(page, "packet", text);
}

static void print_finding(const struct report_page *page, const struct report_finding *f)
{
    fputc('\n', page->out);
    report_heading(page, report_finding_verdict(page->report, f), f->rule->id);
    report_rowf(page, "clause", "%s, section %s (%s)", f->rule->spec, f->rule->section,
                cs_level_text(f->rule->level));
    print_where(page, f);
    report_row(page, "expected", f->rule->says);
    report_row(page, "got", f->why);
    print_message(page, NULL, (enum cs_carrier)f->carrier, f->octets, f->octet_count,
                  f->octets_whole, f->octet);
}

/* In a run, the scenario in which it was found is enough. */
static void print_repeat_finding(const struct report_page *page, const struct report_finding *f)
{
    char both[256];
    if (f->case_index >= page->report->case_count) {
        print_repeat(page, f->rule->id);
        return;
    }
    snprintf(both, sizeof both, "%s,%s", page->report->cases[f->case_index].id, f->rule->id);
    print_repeat(page, both);
}

/* The rest of a group: how many, and where. */
static void print_more(const struct report_page *page, const struct report_finding *const *group,
                       size_t count)
{
    uint64_t more = 0;
    char text[400];
    for (size_t i = 0; i < count; i++)
        more += group[i]->times;
    more--;
    if (more == 0)
        return;
    int n = snprintf(text, sizeof text, "%" PRIu64 " more like it", more);
    size_t used = (size_t)n;
    for (size_t i = 1; i < count && i <= PACKETS_SHOWN; i++)
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%" PRIu64,
                                 i > 1        ? ", "
                                 : count == 2 ? ": packet "
                                              : ": packets ",
                                 group[i]->packet);
    if (more > PACKETS_SHOWN)
        snprintf(text + used, sizeof text - used, ", … (-v shows all that were kept)");
    report_row(page, "and", text);
}

static void print_brief(const struct report_page *page, const struct report_finding *f)
{
    char text[640], offender[64];
    cs_address_format(&f->offender, offender, sizeof offender);
    snprintf(text, sizeof text, "%s  %s %s, packet %" PRIu64 ": %s", f->rule->id, f->role, offender,
             f->packet, f->why);
    report_heading(page, report_finding_verdict(page->report, f), text);
}

void report_write_finding_text(const struct report *report, const struct report_style *style,
                               const struct report_finding *finding, FILE *out)
{
    const struct report_page page = {report, style, out};
    print_brief(&page, finding);
}

static void print_group(const struct report_page *page, const struct report_finding *const *group,
                        size_t count)
{
    if (page->style->quiet) {
        print_brief(page, group[0]);
        return;
    }
    print_finding(page, group[0]);
    if (!page->style->verbose)
        print_more(page, group, count);
    report_row(page, "cause", group[0]->rule->cause);
    print_repeat_finding(page, group[0]);
    for (size_t i = 1; i < count && page->style->verbose; i++)
        print_finding(page, group[i]);
}

static void print_not_shown(const struct report_page *page, const char *rule, size_t offenders)
{
    if (offenders == 0)
        return;
    fprintf(page->out, "\n%s: %zu more offender%s (-v shows them)\n", rule, offenders,
            offenders == 1 ? "" : "s");
}

void report_print_findings(const struct report_page *page)
{
    const struct report *r = page->report;
    const struct report_finding **sorted = calloc(r->finding_count + 1, sizeof *sorted);
    if (sorted == NULL)
        return;
    for (size_t i = 0; i < r->finding_count; i++)
        sorted[i] = &r->findings[i];
    qsort(sorted, r->finding_count, sizeof *sorted, compare_findings);
    size_t offenders = 0, hidden = 0;
    for (size_t i = 0, n = 0; i < r->finding_count; i += n) {
        for (n = 1; i + n < r->finding_count && same_offender(sorted[i], sorted[i + n]);)
            n++;
        if (i > 0 && sorted[i]->rule != sorted[i - 1]->rule) {
            print_not_shown(page, sorted[i - 1]->rule->id, hidden);
            offenders = hidden = 0;
        }
        if (offenders++ < OFFENDERS_SHOWN || page->style->verbose)
            print_group(page, sorted + i, n);
        else
            hidden++;
    }
    if (r->finding_count > 0)
        print_not_shown(page, sorted[r->finding_count - 1]->rule->id, hidden);
    if (r->findings_not_kept > 0)
        fprintf(page->out, "\n%" PRIu64 " findings more were counted but not kept.\n",
                r->findings_not_kept);
    free(sorted);
}

/* ------------------------------------------------------------------ cases */

/* A machine that does other things as well is late by a few milliseconds now and then. */
enum { LATE_WORTH_SAYING_NS = 20000000 };

/* The line of the scenario and a caret below the column. */
static void print_source_line(const struct report_page *page, const struct report_case *c)
{
    if (c->file == NULL)
        return;
    if (c->line == 0) {
        report_row(page, "scenario", c->file);
        return;
    }
    report_rowf(page, "scenario", "%s:%u:%u", c->file, c->line, c->column);
    char *line =
        c->source_line != NULL ? report_clean(c->source_line, page->style->unicode, false) : NULL;
    if (line == NULL)
        return;
    fprintf(page->out, "%12u | %s\n", c->line, line);
    if (c->column > 0)
        fprintf(page->out, "%12s | %*s^\n", "", (int)c->column - 1, "");
    free(line);
}

/* A reason that says what the rows below it say again. */
static bool only_repeats(const struct report_case *c)
{
    char both[1024];
    if (c->reason == NULL || c->expected == NULL || c->got == NULL)
        return false;
    snprintf(both, sizeof both, "expected %s, got %s", c->expected, c->got);
    return strcmp(both, c->reason) == 0;
}

static void print_case(const struct report_page *page, const struct report_case *c,
                       enum report_verdict verdict)
{
    char head[512];
    snprintf(head, sizeof head, "%s%s%s", c->id, c->name != NULL ? "  " : "",
             c->name != NULL ? c->name : "");
    bool brief = page->style->quiet || verdict <= REPORT_PASS;
    if (brief && c->reason != NULL)
        snprintf(head + strlen(head), sizeof head - strlen(head), ": %s", c->reason);
    if (!brief)
        fputc('\n', page->out);
    report_heading(page, verdict, head);
    if (brief)
        return;
    if (c->spec != NULL)
        report_rowf(page, "clause", "%s, section %s%s%s%s", c->spec,
                    c->section != NULL ? c->section : "?", c->level != NULL ? " (" : "",
                    c->level != NULL ? c->level : "", c->level != NULL ? ")" : "");
    if (!only_repeats(c))
        report_row(page, "reason", c->reason);
    print_source_line(page, c);
    report_row(page, "expected", c->expected);
    report_row(page, "got", c->got);
    if (c->packet_count > 0)
        report_packets(page, c->packet_count == 1 ? "packet" : "packets", c->packets,
                       c->packet_count, CS_PACKETS_MAX);
    print_message(page, c->got, CS_UDP, c->octets, c->octet_count, c->octet_count, c->octet);
    if (c->late_ns >= LATE_WORTH_SAYING_NS || (page->style->verbose && c->late_ns >= 1000000))
        report_rowf(page, "late", "our own clock was late by %.0f ms at worst",
                    (double)c->late_ns / 1e6);
    report_row(page, "cause", c->cause);
    print_repeat(page, c->id);
}

void report_print_cases(const struct report_page *page)
{
    /* the good news first, so that what matters stands nearest to the end */
    static const enum report_verdict order[] = {
        REPORT_PASS, REPORT_NOT_APPLICABLE, REPORT_NOT_EXERCISED, REPORT_INCONCLUSIVE,
        REPORT_WARN, REPORT_FAIL,           REPORT_ERROR,
    };
    for (size_t o = 0; o < sizeof order / sizeof order[0]; o++)
        for (size_t i = 0; i < page->report->case_count; i++) {
            const struct report_case *c = &page->report->cases[i];
            enum report_verdict verdict = report_case_verdict(page->report, c);
            if (verdict == order[o] && (verdict > REPORT_PASS || page->style->verbose))
                print_case(page, c, verdict);
        }
}
