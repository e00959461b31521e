/* reports/wrap.h: text fit for a terminal, within a number of columns. */
#ifndef REPORTS_WRAP_H
#define REPORTS_WRAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Text from a device, a file or ourselves: control characters and what is not UTF-8 become \xNN; without `unicode`,
 * what is beyond ASCII is replaced. Line feeds stay when `lines`. malloc'ed; NULL for want of memory. */
char *report_clean(const char *text, bool unicode, bool lines);

/* Columns that UTF-8 text takes; every code point counts as one. */
size_t report_columns(const char *text);

/* Prints `text`, broken at spaces so that no line goes beyond `width` columns where that is possible. `column` is where
 * the cursor stands; further lines are indented by `indent`. Line feeds in the text are kept. Ends with a line feed. */
void report_wrap(FILE *out, const char *text, size_t column, size_t indent, size_t width);

#endif
