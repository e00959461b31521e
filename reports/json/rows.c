/* reports/json/rows.c: an array of flat JSON objects. */
#include "reports/json/rows.h"

#include <cjson/cJSON.h>
#include <stdlib.h>

#include "reports/base/clean.h"

struct report_rows {
    FILE *out;
    cJSON *row;
    size_t written;
    bool failed;
};

struct report_rows *report_rows_new(FILE *out)
{
    struct report_rows *rows = calloc(1, sizeof *rows);
    if (rows == NULL)
        return NULL;
    rows->out = out;
    fputc('[', out);
    return rows;
}

static void finish_row(struct report_rows *rows)
{
    if (rows->row == NULL)
        return;
    char *text = cJSON_PrintUnformatted(rows->row);
    rows->failed |= text == NULL;
    if (text != NULL)
        fprintf(rows->out, "%s\n%s", rows->written++ > 0 ? "," : "", text);
    cJSON_free(text);
    cJSON_Delete(rows->row);
    rows->row = NULL;
}

void report_rows_next(struct report_rows *rows)
{
    finish_row(rows);
    rows->row = cJSON_CreateObject();
}

void report_rows_text(struct report_rows *rows, const char *key, const char *text)
{
    char *clean = text != NULL ? report_utf8(text, false) : NULL;
    if (clean != NULL)
        cJSON_AddStringToObject(rows->row, key, clean);
    free(clean);
}

void report_rows_number(struct report_rows *rows, const char *key, uint64_t value)
{
    cJSON_AddNumberToObject(rows->row, key, (double)value);
}

void report_rows_bool(struct report_rows *rows, const char *key, bool value)
{
    cJSON_AddBoolToObject(rows->row, key, value);
}

void report_rows_list(struct report_rows *rows, const char *key, const char *const *texts)
{
    cJSON *list = cJSON_AddArrayToObject(rows->row, key);
    for (const char *const *t = texts; t != NULL && *t != NULL; t++)
        cJSON_AddItemToArray(list, cJSON_CreateString(*t));
}

bool report_rows_free(struct report_rows *rows)
{
    finish_row(rows);
    fputs("\n]\n", rows->out);
    bool done = !rows->failed && fflush(rows->out) == 0 && ferror(rows->out) == 0;
    free(rows);
    return done;
}
