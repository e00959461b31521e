/* reports/json/rows.h: an array of flat JSON objects on a stream, for `list` and `explain`. */
#ifndef REPORTS_JSON_ROWS_H
#define REPORTS_JSON_ROWS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct report_rows;

/* Begins the array. NULL when there is no memory. */
struct report_rows *report_rows_new(FILE *out);
/* Begins an object; what follows goes into it. */
void report_rows_next(struct report_rows *rows);
/* NULL is left out. */
void report_rows_text(struct report_rows *rows, const char *key, const char *text);
void report_rows_number(struct report_rows *rows, const char *key, uint64_t value);
void report_rows_bool(struct report_rows *rows, const char *key, bool value);
/* NULL-terminated; NULL gives an empty array. */
void report_rows_list(struct report_rows *rows, const char *key, const char *const *texts);
/* Ends the array. False when something could not be written. */
bool report_rows_free(struct report_rows *rows);

#endif
