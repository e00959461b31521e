/* src/list/entries.c: rules, requirements and scenarios as entries of `list` and `explain`. */
#include "src/list/entries.h"

#include <stdlib.h>
#include <string.h>

#include "reports/base/clean.h"
#include "reports/base/wrap.h"

const struct entries_kind entries_kinds[] = {
    {"rules", "what is judged, sentence by sentence", false, entries_list_rules},
    {"requirements", "the statements of the documents, and what covers each", true,
     entries_list_requirements},
    {"scenarios", "what is provoked", true, entries_list_scenarios},
    {"suites", "scenarios that belong together", false, entries_list_suites},
    {"tests", "published tests, and the scenarios that cover each", true, entries_list_tests},
    {"verbs", "what a step of a scenario can do", false, entries_list_verbs},
    {"names", "what scenarios may ask of a device: $resources, times, abilities", false,
     entries_list_names},
    {"faults", "what a device can be made to appear to do wrong: run --fault", false,
     entries_list_faults},
    {"device-faults", "what the reference device can do wrong: device --fault", false,
     entries_list_device_faults},
    {"options", "registered CoAP options", false, entries_list_options},
    {"codes", "registered methods and response codes", false, entries_list_codes},
    {"formats", "registered Content-Formats", false, entries_list_formats},
    {0},
};

/* ------------------------------------------------------------------ text */

enum { LABEL = 16 };

static void print(const struct entries *e, const char *text, size_t column, size_t indent)
{
    char *clean = report_clean(text, e->style.unicode, true);
    if (clean != NULL)
        report_wrap(stdout, clean, column, indent, e->style.width);
    free(clean);
}

void entries_next(struct entries *e)
{
    e->shown++;
    report_rows_next(e->rows);
}

void entries_head(struct entries *e, const char *id, const char *words)
{
    if (e->full && e->shown > 0)
        putchar('\n');
    e->shown++;
    if (e->style.quiet) {
        puts(id);
        return;
    }
    printf(e->style.color ? "\033[1m%s\033[0m" : "%s", id);
    if (words != NULL && words[0] != '\0') {
        fputs("  ", stdout);
        print(e, words, strlen(id) + 2, 4);
    } else
        putchar('\n');
}

void entries_paragraph(struct entries *e, const char *text)
{
    if (e->style.quiet || text == NULL || text[0] == '\0')
        return;
    fputs("    ", stdout);
    print(e, text, 4, 4);
}

void entries_row(struct entries *e, const char *label, const char *text)
{
    if (e->style.quiet || text == NULL || text[0] == '\0')
        return;
    printf(e->style.color ? "  \033[2m%-*s\033[0m" : "  %-*s", LABEL - 2, label);
    print(e, text, LABEL, LABEL);
}

void entries_row_list(struct entries *e, const char *label, const char *const *texts)
{
    for (size_t i = 0; texts != NULL && texts[i] != NULL; i++)
        entries_row(e, i == 0 ? label : "", texts[i]);
}

static void clause(const char *spec, const char *section, char *out, size_t cap)
{
    const char *title = cs_section_title(spec, section);
    snprintf(out, cap, "%s, section %s%s%s%s", spec, section, title != NULL ? " (" : "",
             title != NULL ? title : "", title != NULL ? ")" : "");
}

/* ------------------------------------------------------------------ rules */

static void rule_as_json(struct entries *e, const struct cs_rule *r)
{
    entries_next(e);
    report_rows_text(e->rows, "id", r->id);
    report_rows_text(e->rows, "spec", r->spec);
    report_rows_text(e->rows, "section", r->section);
    report_rows_text(e->rows, "level", cs_level_text(r->level));
    report_rows_text(e->rows, "says", r->says);
    report_rows_list(e->rows, "requirements", r->covers);
    report_rows_text(e->rows, "concern", r->concern == CS_APPLICATION ? "application" : "stack");
    if (!e->full)
        return;
    report_rows_text(e->rows, "section_title", cs_section_title(r->spec, r->section));
    report_rows_text(e->rows, "cause", r->cause);
    report_rows_list(e->rows, "holds", r->holds);
    report_rows_list(e->rows, "breaks", r->breaks);
    report_rows_list(e->rows, "undecided", r->open);
    report_rows_list(e->rows, "also_broken", r->also);
}

/* A dialogue, a line for each message, below a label. */
static void print_specimens(struct entries *e, const char *label, const char *const *specimens)
{
    for (size_t i = 0; specimens != NULL && specimens[i] != NULL; i++)
        entries_row(e, i == 0 ? label : "or", specimens[i]);
}

static void print_rule(struct entries *e, const struct cs_rule *r)
{
    char text[256];
    entries_head(e, r->id, cs_level_text(r->level));
    if (!e->full) {
        entries_paragraph(e, r->says);
        return;
    }
    clause(r->spec, r->section, text, sizeof text);
    entries_row(e, "clause", text);
    entries_row(e, "says", r->says);
    entries_row(e, "judges", r->concern == CS_APPLICATION ? "the application" : "the stack");
    entries_row(e, "usual cause", r->cause);
    for (size_t i = 0; r->covers != NULL && r->covers[i] != NULL; i++) {
        const struct cs_requirement *q = cs_requirement_by_id(r->covers[i]);
        char line[640];
        snprintf(line, sizeof line, "%s%s%s", r->covers[i], q != NULL ? ": " : "",
                 q != NULL ? q->text : "");
        entries_row(e, i == 0 ? "requirements" : "", line);
    }
    print_specimens(e, "held by", r->holds);
    print_specimens(e, "broken by", r->breaks);
    print_specimens(e, "undecided by", r->open);
}

void entries_list_rules(struct entries *e, entries_match_fn *match, const void *user)
{
    for (size_t i = 0; i < e->catalogue->rule_count; i++) {
        const struct cs_rule *r = e->catalogue->rules[i];
        if (!match(user, r->id))
            continue;
        if (e->rows != NULL)
            rule_as_json(e, r);
        else
            print_rule(e, r);
    }
}

/* ------------------------------------------------------------------ requirements */

/* Why nothing covers it; NULL when something does. */
static const char *reason_of(const struct cs_requirement *q, const char *const *rules,
                             const char *const *scenarios)
{
    if ((rules != NULL && rules[0] != NULL) || (scenarios != NULL && scenarios[0] != NULL))
        return NULL;
    return q->reason[0] != '\0' ? q->reason : CATALOGUE_MISSING;
}

static void requirement_as_json(struct entries *e, const struct cs_requirement *q,
                                const char *const *rules, const char *const *scenarios)
{
    entries_next(e);
    report_rows_text(e->rows, "id", q->id);
    report_rows_text(e->rows, "spec", q->spec);
    report_rows_text(e->rows, "section", q->section);
    report_rows_text(e->rows, "level", q->level);
    report_rows_text(e->rows, "who", q->who);
    report_rows_text(e->rows, "observable", q->observable);
    report_rows_text(e->rows, "text", q->text);
    report_rows_text(e->rows, "trigger", q->trigger[0] != '\0' ? q->trigger : NULL);
    report_rows_list(e->rows, "rules", rules);
    report_rows_list(e->rows, "scenarios", scenarios);
    report_rows_text(e->rows, "reason", reason_of(q, rules, scenarios));
    report_rows_text(e->rows, "section_title", cs_section_title(q->spec, q->section));
}

static void print_requirement(struct entries *e, const struct cs_requirement *q,
                              const char *const *rules, const char *const *scenarios)
{
    char text[256];
    snprintf(text, sizeof text, "%s, %s, %s", q->level, q->who, q->observable);
    entries_head(e, q->id, text);
    if (e->full) {
        clause(q->spec, q->section, text, sizeof text);
        entries_row(e, "clause", text);
    }
    entries_row(e, "says", q->text);
    if (e->full)
        entries_row(e, "provoke", q->trigger);
    entries_row_list(e, "rules", rules);
    entries_row_list(e, "scenarios", scenarios);
    entries_row(e, "reason", reason_of(q, rules, scenarios));
}

void entries_list_requirements(struct entries *e, entries_match_fn *match, const void *user)
{
    size_t n = 0;
    const struct cs_requirement *all = cs_requirements(&n);
    for (size_t i = 0; i < n; i++) {
        if (!match(user, all[i].id))
            continue;
        const char **rules = catalogue_rules_for(e->catalogue, all[i].id);
        const char **scenarios = catalogue_scenarios_for(e->catalogue, all[i].id);
        if (e->rows != NULL)
            requirement_as_json(e, &all[i], rules, scenarios);
        else
            print_requirement(e, &all[i], rules, scenarios);
        free(rules);
        free(scenarios);
    }
}

/* ------------------------------------------------------------------ scenarios */

void entries_list_scenarios(struct entries *e, entries_match_fn *match, const void *user)
{
    for (size_t i = 0; i < e->catalogue->scenario_count; i++) {
        const struct catalogue_scenario *s = &e->catalogue->scenarios[i];
        if (!match(user, s->id))
            continue;
        if (e->rows != NULL) {
            entries_next(e);
            report_rows_text(e->rows, "id", s->id);
            report_rows_text(e->rows, "file", s->file);
            report_rows_text(e->rows, "name", s->name);
            report_rows_list(e->rows, "covers", (const char *const *)s->covers);
            report_rows_list(e->rows, "needs", (const char *const *)s->needs);
            report_rows_text(e->rows, "role", s->role);
            continue;
        }
        entries_head(e, s->id, s->role);
        entries_paragraph(e, s->name);
        if (!e->full)
            continue;
        entries_row(e, "file", s->file);
        entries_row_list(e, "covers", (const char *const *)s->covers);
        entries_row_list(e, "needs", (const char *const *)s->needs);
    }
}
