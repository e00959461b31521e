/* reports/junit.h: the document as JUnit's XML, for a CI. */
#ifndef REPORTS_JUNIT_H
#define REPORTS_JUNIT_H

#include <stdio.h>

#include "reports/document/report.h"

/* False when writing failed (errno). */
bool report_write_junit(const struct report *report, FILE *out);

#endif
