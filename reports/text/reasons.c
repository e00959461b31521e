/* reports/text/reasons.c: what did not come to a verdict, and why. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "reports/text/page.h"

enum { REASONS_SHOWN = 8, RULES_SHOWN = 3 };

/* Scenarios that share a reason. */
struct reason {
    const char *text;
    size_t count;
};

static int commonest_first(const void *a, const void *b)
{
    const struct reason *x = a, *y = b;
    if (x->count != y->count)
        return x->count > y->count ? -1 : 1;
    return strcmp(x->text, y->text);
}

static size_t gather(const struct report *report, struct reason *reasons)
{
    size_t count = 0;
    for (size_t i = 0; i < report->case_count; i++) {
        const struct report_case *c = &report->cases[i];
        if (c->verdict != REPORT_NOT_APPLICABLE)
            continue;
        const char *text = c->reason != NULL ? c->reason : "no reason given";
        size_t r = 0;
        while (r < count && strcmp(reasons[r].text, text) != 0)
            r++;
        if (r == count)
            reasons[count++] = (struct reason){text, 0};
        reasons[r].count++;
    }
    qsort(reasons, count, sizeof *reasons, commonest_first);
    return count;
}

static void print_not_applicable(const struct report_page *page)
{
    struct reason *reasons = calloc(page->report->case_count + 1, sizeof *reasons);
    if (reasons == NULL)
        return;
    size_t count = gather(page->report, reasons), rest = 0;
    if (count > 0)
        fputs("\nScenarios not applicable:\n", page->out);
    for (size_t i = 0; i < count; i++) {
        char number[24];
        snprintf(number, sizeof number, "%zu", reasons[i].count);
        if (i < REASONS_SHOWN)
            report_row(page, number, reasons[i].text);
        else
            rest += reasons[i].count;
    }
    if (rest > 0)
        fprintf(page->out, "  and %zu for other reasons (-v shows them)\n", rest);
    free(reasons);
}

/* The rules of one verdict, each with its reason. */
static void print_rules(const struct report_page *page, enum report_verdict verdict, size_t most)
{
    size_t count = 0;
    for (size_t i = 0; i < page->report->rule_count; i++) {
        const struct report_rule *r = &page->report->rules[i];
        if (r->verdict != verdict)
            continue;
        if (count == 0)
            fprintf(page->out, "\nRules %s:\n", report_verdict_text(verdict));
        if (count++ >= most)
            continue;
        char text[400];
        snprintf(text, sizeof text, "%s%s%s", r->rule->id,
                 r->tally.undecided_why != NULL ? ": " : "",
                 r->tally.undecided_why != NULL ? r->tally.undecided_why : "");
        report_item(page, text);
    }
    if (count > most)
        fprintf(page->out, "  and %zu more (-v shows them)\n", count - most);
}

void report_print_reasons(const struct report_page *page)
{
    if (page->style->verbose) { /* the scenarios have been named, each with its reason */
        print_rules(page, REPORT_INCONCLUSIVE, SIZE_MAX);
        print_rules(page, REPORT_NOT_EXERCISED, SIZE_MAX);
        return;
    }
    print_not_applicable(page);
    print_rules(page, REPORT_INCONCLUSIVE, RULES_SHOWN);
}
