/* reports/text/text.h: the report for people. */
#ifndef REPORTS_TEXT_TEXT_H
#define REPORTS_TEXT_TEXT_H

#include <stdio.h>

#include "reports/base/style.h"
#include "reports/document/report.h"

/* The whole of it. False when writing failed (errno). */
bool report_write_text(const struct report *report, const struct report_style *style, FILE *out);
/* One line of text: verdict, rule, offender, packet, what was seen. */
void report_write_finding_text(const struct report *report, const struct report_style *style,
                               const struct report_finding *finding, FILE *out);

#endif
