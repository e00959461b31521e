/* src/list/suites.c: suites and faults as entries of `list` and `explain`. */
#include <stdlib.h>
#include <string.h>

#include "src/device/faults.h"
#include "src/list/entries.h"
#include "src/faults/fault.h"
#include "src/scenario/scenario.h"

static void show_suite(struct entries *e, const struct scenario_library *library,
                       const struct scenario_suite *suite)
{
    const char **members = calloc(suite->member_count + 1, sizeof *members);
    for (size_t i = 0; members != NULL && i < suite->member_count; i++)
        members[i] = library->entries[suite->members[i]].id;
    if (e->rows != NULL) {
        entries_next(e);
        report_rows_text(e->rows, "id", suite->id);
        report_rows_text(e->rows, "name", suite->name);
        report_rows_text(e->rows, "file", suite->path);
        report_rows_list(e->rows, "scenarios", members);
    } else {
        char text[32];
        snprintf(text, sizeof text, "%zu scenario%s", suite->member_count,
                 suite->member_count == 1 ? "" : "s");
        entries_head(e, suite->id, text);
        entries_paragraph(e, suite->name);
        if (e->full)
            entries_row_list(e, "scenarios", members);
    }
    free(members);
}

void entries_list_suites(struct entries *e, entries_match_fn *match, const void *user)
{
    struct scenario_library library = {0};
    struct cs_error error = {0};
    if (!scenario_library_open(&library, &error))
        return;
    char **ids = scenario_suites(&library);
    for (char **id = ids; id != NULL && *id != NULL; id++) {
        struct scenario_suite suite = {0};
        bool exists = false;
        if (match(user, *id) && scenario_suite_read(&library, *id, &suite, &exists, &error)) {
            show_suite(e, &library, &suite);
            scenario_suite_free(&suite);
        }
        free(*id);
    }
    free(ids);
    scenario_library_close(&library);
}

void entries_list_faults(struct entries *e, entries_match_fn *match, const void *user)
{
    const struct net_fault *fault = NULL;
    for (size_t i = 0; (fault = net_fault_at(i)) != NULL; i++) {
        if (!match(user, fault->name))
            continue;
        if (e->rows != NULL) {
            entries_next(e);
            report_rows_text(e->rows, "name", fault->name);
            report_rows_text(e->rows, "does", fault->what);
            report_rows_list(e->rows, "rules", fault->trips);
            continue;
        }
        entries_head(e, fault->name, e->full ? "a fault at our border: run --fault" : "");
        entries_paragraph(e, fault->what);
        if (e->full)
            entries_row_list(e, "trips", fault->trips);
    }
}

/* "a b c" as a NULL-terminated list into `words`, which is cut up; to be freed. */
static const char **split(char *words)
{
    size_t n = 0;
    const char **list = calloc(strlen(words) / 2 + 2, sizeof *list);
    for (char *at = words; list != NULL && *at != '\0';) {
        size_t length = strcspn(at, " ");
        list[n++] = at;
        at += length;
        if (*at != '\0')
            *at++ = '\0';
    }
    return list;
}

void entries_list_device_faults(struct entries *e, entries_match_fn *match, const void *user)
{
    for (size_t i = 0; i < DEVICE_FAULTS; i++) {
        const struct device_fault_row *row = &device_fault_rows[i];
        if (!match(user, row->name))
            continue;
        char *words = strdup(row->breaks);
        const char **breaks = words != NULL ? split(words) : NULL;
        if (e->rows != NULL) {
            entries_next(e);
            report_rows_text(e->rows, "name", row->name);
            report_rows_text(e->rows, "does", row->does);
            report_rows_list(e->rows, "requirements", breaks);
        } else {
            entries_head(e, row->name,
                         e->full ? "a fault of the reference device: device --fault" : "");
            entries_paragraph(e, row->does);
            if (e->full)
                entries_row_list(e, "breaks", breaks);
        }
        free(breaks);
        free(words);
    }
}
