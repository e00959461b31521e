/* reports/json/json.h: the document as JSON, written and read (docs/results.md). */
#ifndef REPORTS_JSON_JSON_H
#define REPORTS_JSON_JSON_H

#include <stdio.h>

#include "reports/document/report.h"

/* The whole of it. False when writing failed (errno). */
bool report_write_json(const struct report *report, FILE *out);
/* One line of JSON each, for `--format ndjson`: {"type":"finding",…}, {"type":"scenario",…}, {"type":"summary",…}. */
bool report_write_finding_line(const struct report *report, const struct report_finding *finding,
                               FILE *out);
bool report_write_case_line(const struct report *report, const struct report_case *c, FILE *out);
bool report_write_summary_line(const struct report *report, FILE *out);

/* Reads a document that report_write_json() wrote into `report`, which report_init() has seen to. */
bool report_read_json(const char *path, struct report *report, struct cs_error *error);

#endif
