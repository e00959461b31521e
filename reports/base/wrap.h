/* reports/base/wrap.h: text fit for a terminal, within a number of columns. */
#ifndef REPORTS_BASE_WRAP_H
#define REPORTS_BASE_WRAP_H

#include <stddef.h>
#include <stdio.h>

/* Columns that UTF-8 text takes; every code point counts as one. */
size_t report_columns(const char *text);

/* Prints `text`, broken at spaces so that no line goes beyond `width` columns where that is possible. `column` is where
 * the cursor stands; further lines are indented by `indent`. Line feeds in the text are kept. Ends with a line feed. */
void report_wrap(FILE *out, const char *text, size_t column, size_t indent, size_t width);

#endif
