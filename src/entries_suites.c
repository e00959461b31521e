/* src/entries_suites.c: suites and faults as entries of `list` and `explain`. */
#include <stdlib.h>
#include <string.h>

#include "src/entries.h"
#include "src/net/fault.h"
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
        snprintf(text, sizeof text, "%zu scenarios", suite->member_count);
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
        entries_head(e, fault->name, "");
        entries_paragraph(e, fault->what);
        if (e->full)
            entries_row_list(e, "trips", fault->trips);
    }
}
