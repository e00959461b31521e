/* reports/formats.h: the formats in which a document is written, and the files. */
#ifndef REPORTS_FORMATS_H
#define REPORTS_FORMATS_H

#include <stdio.h>

#include "reports/base/style.h"
#include "reports/document/report.h"

/* In which formats a document is written: --format of `check` and `run` shows them, --report and `report convert` file them. */
enum report_use { REPORT_SHOWN = 1, REPORT_FILED = 2 };
struct report_format {
    const char *name;
    unsigned uses;    /* enum report_use */
    const char *file; /* its name in the folder of a run; NULL: a run does not leave it */
    bool streams;     /* everything is shown as it is found; write() only ends it */
    bool (*write)(const struct report *report, const struct report_style *style, FILE *out);
    /* one finding, shown as it is found; NULL: all are shown in the end */
    void (*finding)(const struct report *report, const struct report_style *style,
                    const struct report_finding *finding, FILE *out);
};
enum { REPORT_FORMATS_MAX = 16 };
extern const struct report_format report_formats[]; /* ends with a row without name */
/* The names of those that have this use, in order of the table; returns how many. NULL is behind the last. */
size_t report_format_names(enum report_use use, const char *names[REPORT_FORMATS_MAX]);
/* NULL when none is called so. */
const struct report_format *report_format(const char *name);

/* ------------------------------------------------------------------ files.c */

/* "json=F,junit=F,text=F": each written aside and renamed. False with `error`. */
bool report_write_files(const struct report *report, const char *list, struct cs_error *error);
/* One of them, whatever characters are in its name. */
bool report_write_file(const struct report *report, const struct report_format *format,
                       const char *path, struct cs_error *error);
/* Is such a list well-formed? To be asked before the work begins. */
bool report_check_files(const char *list, struct cs_error *error);

#endif
