/* reports/text/page.h: rows and headings of the report for people, and its parts. */
#ifndef REPORTS_TEXT_PAGE_H
#define REPORTS_TEXT_PAGE_H

#include <stdio.h>

#include "reports/base/style.h"
#include "reports/document/report.h"

/* Where the text goes and how. */
struct report_page {
    const struct report *report;
    const struct report_style *style;
    FILE *out;
};

/* Running text, wrapped. `column` is where the cursor stands; further lines are indented by `indent`. */
void report_running(const struct report_page *page, const char *text, size_t column, size_t indent);
/* The terminal's sequence for a verdict; static. */
const char *report_color(enum report_verdict verdict);
/* A row "  label     text", wrapped. Nothing when `text` is NULL or empty. */
void report_row(const struct report_page *page, const char *label, const char *text)
    __attribute__((nonnull(1, 2)));
void report_rowf(const struct report_page *page, const char *label, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* A line "  text", wrapped. */
void report_item(const struct report_page *page, const char *text);
/* "FAIL  words", coloured. */
void report_heading(const struct report_page *page, enum report_verdict verdict, const char *words);
/* Rows of hex with ^^ below the octet. */
void report_octets(const struct report_page *page, const uint8_t *octets, size_t kept, size_t whole,
                   uint32_t octet);
/* "3, 5, 7" into a row; at most `most` of them, then "…". */
void report_packets(const struct report_page *page, const char *label, const uint64_t *packets,
                    size_t count, size_t most);

/* All findings, the like of them together; all cases that did not pass. */
void report_print_findings(const struct report_page *page);
void report_print_cases(const struct report_page *page);
/* What did not come to a verdict, and why: in short, or all of it with -v. */
void report_print_reasons(const struct report_page *page);
/* Who talked to whom. */
void report_print_pairs(const struct report_page *page);

#endif
