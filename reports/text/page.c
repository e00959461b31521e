/* reports/text/page.c: rows, headings and octets of the report for people. What comes from a device goes through report_clean()
 * before it is printed. */
#include "reports/text/page.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "reports/base/clean.h"
#include "reports/base/wrap.h"

enum { LABEL = 12 }; /* columns before the text of a row */

void report_running(const struct report_page *page, const char *text, size_t column, size_t indent)
{
    char *clean = report_clean(text, page->style->unicode, true);
    if (clean != NULL)
        report_wrap(page->out, clean, column, indent, page->style->width);
    free(clean);
}

void report_row(const struct report_page *page, const char *label, const char *text)
{
    if (text == NULL || text[0] == '\0')
        return;
    fprintf(page->out, page->style->color ? "  \033[2m%-*s\033[0m" : "  %-*s", LABEL - 2, label);
    report_running(page, text, LABEL, LABEL);
}

void report_rowf(const struct report_page *page, const char *label, const char *format, ...)
{
    char text[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    report_row(page, label, text);
}

void report_item(const struct report_page *page, const char *text)
{
    fputs("  ", page->out);
    report_running(page, text, 2, 4);
}

const char *report_color(enum report_verdict verdict)
{
    static const char *const colors[] = {
        [REPORT_NOT_EXERCISED] = "\033[2m", [REPORT_NOT_APPLICABLE] = "\033[2m",
        [REPORT_PASS] = "\033[32m",         [REPORT_INCONCLUSIVE] = "\033[36m",
        [REPORT_WARN] = "\033[1;33m",       [REPORT_FAIL] = "\033[1;31m",
        [REPORT_ERROR] = "\033[1;35m",
    };
    return colors[verdict];
}

static void print_verdict(const struct report_page *page, enum report_verdict verdict)
{
    char word[24];
    snprintf(word, sizeof word, "%s", report_verdict_text(verdict));
    for (char *c = word; *c != '\0'; c++)
        *c = (char)(*c >= 'a' && *c <= 'z' ? *c - 'a' + 'A' : *c);
    fprintf(page->out, page->style->color ? "%s%s\033[0m" : "%.0s%s", report_color(verdict), word);
}

void report_heading(const struct report_page *page, enum report_verdict verdict, const char *words)
{
    print_verdict(page, verdict);
    fputs("  ", page->out);
    report_running(page, words, strlen(report_verdict_text(verdict)) + 2, 6);
}

void report_packets(const struct report_page *page, const char *label, const uint64_t *packets,
                    size_t count, size_t most)
{
    char list[512] = "";
    size_t used = 0;
    for (size_t i = 0; i < count && i < most && used + 24 < sizeof list; i++)
        used += (size_t)snprintf(list + used, sizeof list - used, "%s%" PRIu64, i > 0 ? ", " : "",
                                 packets[i]);
    if (count > most)
        snprintf(list + used, sizeof list - used, ", …");
    report_row(page, label, list);
}

void report_octets(const struct report_page *page, const uint8_t *octets, size_t kept, size_t whole,
                   uint32_t octet)
{
    enum { PER_ROW = 16, ROWS_SHOWN = 4 };
    size_t rows = (kept + PER_ROW - 1) / PER_ROW, marked = octet < kept ? octet / PER_ROW : 0;
    bool skipped = false;
    for (size_t r = 0; r < rows; r++) {
        bool near = r + 1 >= marked && r <= marked + 1;
        if (rows > ROWS_SHOWN && r > 0 &&
            !near) { /* the first row, and those about the wrong octet */
            skipped = true;
            continue;
        }
        if (skipped)
            report_row(page, "", "…");
        skipped = false;
        fprintf(page->out, "  %-*s%04zx ", LABEL - 2, r == 0 ? "octets" : "", r * PER_ROW);
        for (size_t i = r * PER_ROW; i < kept && i < (r + 1) * PER_ROW; i++)
            fprintf(page->out,
                    page->style->color && i == octet ? " \033[1;31m%02x\033[0m" : " %02x",
                    octets[i]);
        fputc('\n', page->out);
        if (octet < kept && r == marked)
            fprintf(page->out, "%*s^^ octet %u\n", (int)(LABEL + 6 + octet % PER_ROW * 3), "",
                    octet);
    }
    if (skipped || whole > kept)
        report_rowf(page, "", "… (%zu octets in all)", whole);
    if (octet != CS_NO_OCTET && octet >= kept && octet >= whole)
        report_rowf(page, "", "the wrong place is behind the last octet");
}
