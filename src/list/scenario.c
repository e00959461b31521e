/* src/list/scenario.c: what scenarios are made of, as entries of `list` and `explain`: verbs, names, published tests. */
#include <stdlib.h>
#include <string.h>

#include "rules/requirements.h"
#include "src/list/entries.h"
#include "src/names/names.h"
#include "src/verbs/verbs.h"

/* ------------------------------------------------------------------ verbs */

static void verb_as_json(struct entries *e, const struct step_verb *v)
{
    size_t n = 0, used = 0;
    const struct step_key *keys = step_keys(&n);
    const char **names = calloc(n + 1, sizeof *names);
    for (size_t i = 0; names != NULL && i < n; i++)
        if ((v->keys & keys[i].bit) != 0)
            names[used++] = keys[i].name;
    entries_next(e);
    report_rows_text(e->rows, "name", v->name);
    report_rows_text(e->rows, "does", v->summary);
    report_rows_text(e->rows, "example", v->example);
    report_rows_list(e->rows, "keys", names);
    free(names);
}

static void print_verb(struct entries *e, const struct step_verb *v)
{
    size_t n = 0;
    const struct step_key *keys = step_keys(&n);
    entries_head(e, v->name, e->full ? "a verb of scenarios" : "");
    if (!e->full) {
        entries_paragraph(e, v->summary);
        return;
    }
    entries_row(e, "does", v->summary);
    entries_row(e, "example", v->example);
    for (size_t i = 0, shown = 0; i < n; i++) {
        char line[256];
        if ((v->keys & keys[i].bit) == 0)
            continue;
        snprintf(line, sizeof line, "%s: %s%s", keys[i].name, keys[i].what,
                 (v->needs & keys[i].bit) != 0 ? " (it must be there)" : "");
        entries_row(e, shown++ == 0 ? "further keys" : "", line);
    }
}

void entries_list_verbs(struct entries *e, entries_match_fn *match, const void *user)
{
    size_t n = 0;
    const struct step_verb *const *verbs = step_verbs(&n);
    for (size_t i = 0; i < n; i++) {
        if (!match(user, verbs[i]->name))
            continue;
        if (e->rows != NULL)
            verb_as_json(e, verbs[i]);
        else
            print_verb(e, verbs[i]);
    }
}

/* ------------------------------------------------------------------ names */

/* `$test` or an ability; `extra` is labelled when it is not NULL. */
static void show_name(struct entries *e, const char *name, const char *kind, const char *what,
                      const char *label, const char *extra)
{
    if (e->rows != NULL) {
        entries_next(e);
        report_rows_text(e->rows, "name", name);
        report_rows_text(e->rows, "kind", kind);
        report_rows_text(e->rows, "means", what);
        report_rows_text(e->rows, label, extra);
        return;
    }
    entries_head(e, name, kind);
    entries_paragraph(e, what);
    if (e->full && extra != NULL)
        entries_row(e, label, extra);
}

/* `$name` and `name` are both understood. */
static bool name_matches(entries_match_fn *match, const void *user, const char *with_dollar)
{
    return match(user, with_dollar) || match(user, with_dollar + 1);
}

void entries_list_names(struct entries *e, entries_match_fn *match, const void *user)
{
    size_t n = 0;
    char name[64], value[64];
    const struct names_resource *resources = names_resources(&n);
    for (size_t i = 0; i < n; i++) {
        snprintf(name, sizeof name, "$%s", resources[i].name);
        if (name_matches(match, user, name))
            show_name(e, name, "resource", resources[i].what, "usual", resources[i].usual);
    }
    const struct names_parameter *parameters = names_parameters(&n);
    for (size_t i = 0; i < n; i++) {
        snprintf(name, sizeof name, "$%s", parameters[i].name);
        snprintf(value, sizeof value, "%g%s", parameters[i].value,
                 parameters[i].duration ? " s" : "");
        if (name_matches(match, user, name))
            show_name(e, name, parameters[i].duration ? "duration" : "number", parameters[i].what,
                      "default", value);
    }
    const struct names_ability *abilities = names_abilities(&n);
    for (size_t i = 0; i < n; i++)
        if (match(user, abilities[i].name))
            show_name(e, abilities[i].name, "ability", abilities[i].what, "default", NULL);
}

/* ------------------------------------------------------------------ published tests */

static int compare(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Whatever scenarios cover that is no statement of the catalogue: sorted, each once, borrowed. */
static const char **published(const struct catalogue *c, size_t *count)
{
    size_t most = 0, n = 0;
    for (size_t i = 0; i < c->scenario_count; i++)
        for (char **id = c->scenarios[i].covers; id != NULL && *id != NULL; id++)
            most++;
    const char **ids = calloc(most + 1, sizeof *ids);
    for (size_t i = 0; ids != NULL && i < c->scenario_count; i++)
        for (char **id = c->scenarios[i].covers; id != NULL && *id != NULL; id++)
            if (cs_requirement_by_id(*id) == NULL)
                ids[n++] = *id;
    *count = 0;
    if (ids == NULL)
        return NULL;
    qsort(ids, n, sizeof *ids, compare);
    for (size_t i = 0; i < n; i++)
        if (*count == 0 || strcmp(ids[i], ids[*count - 1]) != 0)
            ids[(*count)++] = ids[i];
    return ids;
}

void entries_list_tests(struct entries *e, entries_match_fn *match, const void *user)
{
    size_t n = 0;
    const char **ids = published(e->catalogue, &n);
    for (size_t i = 0; i < n; i++) {
        if (!match(user, ids[i]))
            continue;
        const char **scenarios = catalogue_scenarios_for(e->catalogue, ids[i]);
        if (e->rows != NULL) {
            entries_next(e);
            report_rows_text(e->rows, "id", ids[i]);
            report_rows_list(e->rows, "scenarios", scenarios);
        } else {
            entries_head(e, ids[i], e->full ? "a published test" : "");
            entries_row_list(e, "scenarios", scenarios);
        }
        free(scenarios);
    }
    free(ids);
}
