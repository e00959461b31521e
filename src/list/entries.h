/* src/list/entries.h: what `list` shows in a line and `explain` in full: rules, requirements, options, codes, formats … */
#ifndef SRC_LIST_ENTRIES_H
#define SRC_LIST_ENTRIES_H

#include "reports/json/rows.h"
#include "src/list/catalogue.h"
#include "src/cli/cli.h"

/* Where entries go: lines on stdout, or objects of a JSON array. */
struct entries {
    const struct cli *cli;
    const struct catalogue *catalogue;
    struct report_rows *rows; /* NULL: text */
    struct report_style style;
    bool full; /* explain: everything */
    size_t shown;
};

/* A list: calls of `show` for each entry whose id matches the globs. */
typedef bool entries_match_fn(const void *user, const char *id);
struct entries_kind {
    const char *name, *what;
    bool scenarios; /* it speaks of scenarios: they must be read */
    /* Shows all entries that `match` lets through. */
    void (*list)(struct entries *entries, entries_match_fn *match, const void *user);
};
extern const struct entries_kind entries_kinds[]; /* ends with a row without name */

/* Begins an entry in JSON. */
void entries_next(struct entries *entries);
/* An entry's head line in text: id, then words behind it; a paragraph; a labelled row. */
void entries_head(struct entries *entries, const char *id, const char *words);
void entries_paragraph(struct entries *entries, const char *text);
void entries_row(struct entries *entries, const char *label, const char *text);
void entries_row_list(struct entries *entries, const char *label, const char *const *texts);

/* One for each kind: shows what `match` lets through, in the order of the table behind it. */
void entries_list_rules(struct entries *entries, entries_match_fn *match, const void *user);
void entries_list_requirements(struct entries *entries, entries_match_fn *match, const void *user);
void entries_list_scenarios(struct entries *entries, entries_match_fn *match, const void *user);
void entries_list_suites(struct entries *entries, entries_match_fn *match, const void *user);
void entries_list_faults(struct entries *entries, entries_match_fn *match, const void *user);
void entries_list_device_faults(struct entries *entries, entries_match_fn *match, const void *user);
void entries_list_verbs(struct entries *entries, entries_match_fn *match, const void *user);
void entries_list_names(struct entries *entries, entries_match_fn *match, const void *user);
void entries_list_tests(struct entries *entries, entries_match_fn *match, const void *user);
void entries_list_options(struct entries *entries, entries_match_fn *match, const void *user);
void entries_list_codes(struct entries *entries, entries_match_fn *match, const void *user);
void entries_list_formats(struct entries *entries, entries_match_fn *match, const void *user);

#endif
