/* reports/text/pairs.c: statistics of the text report. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "reports/base/clean.h"
#include "reports/text/page.h"

enum { PAIRS_SHOWN = 5 };

static int compare_pairs(const void *a, const void *b)
{
    const struct report_pair *x = *(const struct report_pair *const *)a;
    const struct report_pair *y = *(const struct report_pair *const *)b;
    uint64_t nx = x->requests + x->responses, ny = y->requests + y->responses;
    if (nx != ny)
        return nx > ny ? -1 : 1;
    return x < y ? -1 : x > y;
}

static void add_methods(struct cs_text *text, const struct report_pair *p)
{
    bool any = false;
    for (unsigned i = 0; i < 8; i++) {
        if (p->methods[i] == 0)
            continue;
        const struct cs_code_def *def = i > 0 ? cs_code_def(CS_CODE(0, i)) : NULL;
        cs_text_add(text, "%s%s %" PRIu64, any ? ", " : " (", def != NULL ? def->name : "other",
                    p->methods[i]);
        any = true;
    }
    if (any)
        cs_text_put(text, ')');
}

static void add_codes(struct cs_text *text, const struct report_pair *p)
{
    char code[8];
    for (size_t i = 0; i < REPORT_CODES_MAX && p->codes[i] != 0; i++)
        cs_text_add(text, "%s%s %u", i > 0 ? ", " : " (", report_code_text(p->codes[i], code),
                    p->code_counts[i]);
    if (p->codes_other > 0)
        cs_text_add(text, ", others %" PRIu64, p->codes_other);
    if (p->codes[0] != 0)
        cs_text_put(text, ')');
}

static void add_count(struct cs_text *text, uint64_t count, const char *what, const char *after)
{
    cs_text_add(text, "%" PRIu64 " %s%s%s", count, what, count == 1 ? "" : "s", after);
}

/* With the unit in which the number has at most three digits before its point. */
static void add_time(struct cs_text *text, uint32_t us, bool unicode)
{
    if (us < 1000)
        cs_text_add(text, "%" PRIu32 " %s", us, unicode ? "µs" : "us");
    else if (us < 1000000)
        cs_text_add(text, "%.1f ms", us / 1e3);
    else
        cs_text_add(text, "%.2f s", us / 1e6);
}

static void print_pair(const struct report_page *page, const struct report_pair *p)
{
    char line[640], client[64], server[64];
    struct cs_text text;
    cs_address_format(&p->client, client, sizeof client);
    cs_address_format(&p->server, server, sizeof server);
    fprintf(page->out, "  %s %s %s\n", client, page->style->unicode ? "→" : "->", server);
    cs_text_init(&text, line, sizeof line);
    add_count(&text, p->requests, "request", "");
    add_methods(&text, p);
    cs_text_add(&text, ", ");
    add_count(&text, p->responses, "response", "");
    add_codes(&text, p);
    cs_text_add(&text, ", %" PRIu64 " unanswered", p->unanswered);
    report_row(page, "", line);
    cs_text_init(&text, line, sizeof line);
    if (p->rtt_seen > 0) {
        cs_text_add(&text, "round trip p50 ");
        add_time(&text, report_pair_rtt(p, 50), page->style->unicode);
        cs_text_add(&text, ", p95 ");
        add_time(&text, report_pair_rtt(p, 95), page->style->unicode);
        cs_text_add(&text, "; ");
    }
    add_count(&text, p->retransmissions, "retransmission", ", ");
    add_count(&text, p->duplicates, "duplicate", ", ");
    add_count(&text, p->resets, "reset", "; ");
    cs_text_add(&text, "%" PRIu64 " octets there, %" PRIu64 " back", p->octets[0], p->octets[1]);
    report_row(page, "", line);
}

void report_print_pairs(const struct report_page *page)
{
    const struct report *r = page->report;
    const struct report_pair **sorted = calloc(r->pair_count + 1, sizeof *sorted);
    if (sorted == NULL || r->pair_count == 0) {
        free(sorted);
        return;
    }
    for (size_t i = 0; i < r->pair_count; i++)
        sorted[i] = &r->pairs[i];
    qsort(sorted, r->pair_count, sizeof *sorted, compare_pairs);
    size_t shown =
        page->style->verbose || r->pair_count < PAIRS_SHOWN ? r->pair_count : PAIRS_SHOWN;
    fputs("\nConversations:\n", page->out);
    for (size_t i = 0; i < shown; i++)
        print_pair(page, sorted[i]);
    if (r->pair_count > shown)
        fprintf(page->out, "  and %zu more (-v shows them)\n", r->pair_count - shown);
    if (r->pairs_not_kept > 0)
        fprintf(page->out, "  and %" PRIu64 " beyond the %d that are kept\n", r->pairs_not_kept,
                REPORT_PAIRS_MAX);
    free(sorted);
}
