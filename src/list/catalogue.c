/* src/list/catalogue.c: requirements joined with what covers them. */
#include "src/list/catalogue.h"

#include <stdlib.h>
#include <string.h>

#include "src/scenario/scenario.h"

/* Takes over what a list needs of a scenario. */
static void take(struct catalogue_scenario *out, const struct scenario_entry *entry,
                 struct scenario *s)
{
    *out = (struct catalogue_scenario){
        .id = strdup(entry->id),
        .file = strdup(entry->path),
        .name = s->name,
        .covers = s->covers,
        .needs = s->needs,
        .role = s->role == SCENARIO_CLIENT ? "client" : "server",
    };
    s->name = NULL;
    s->covers = s->needs = NULL;
    scenario_free(s);
}

static bool read_scenarios(struct catalogue *c, struct cs_error *error)
{
    struct scenario_library library = {0};
    struct cs_error none = {0};
    if (!scenario_library_open(&library, &none))
        return true;
    bool done = true;
    c->scenarios = calloc(library.count + 1, sizeof *c->scenarios);
    for (size_t i = 0; done && c->scenarios != NULL && i < library.count; i++) {
        struct scenario *s = scenario_read(library.entries[i].path, library.entries[i].id, error);
        done = s != NULL;
        if (done)
            take(&c->scenarios[c->scenario_count++], &library.entries[i], s);
    }
    scenario_library_close(&library);
    return done;
}

bool catalogue_open(struct catalogue *c, bool scenarios, struct cs_error *error)
{
    *c = (struct catalogue){0};
    c->rules = cs_rules(&c->rule_count);
    return !scenarios || read_scenarios(c, error);
}

static void free_strings(char **strings)
{
    for (char **s = strings; s != NULL && *s != NULL; s++)
        free(*s);
    free(strings);
}

void catalogue_close(struct catalogue *c)
{
    for (size_t i = 0; i < c->scenario_count; i++) {
        free(c->scenarios[i].id);
        free(c->scenarios[i].name);
        free(c->scenarios[i].file);
        free_strings(c->scenarios[i].covers);
        free_strings(c->scenarios[i].needs);
    }
    free(c->scenarios);
    *c = (struct catalogue){0};
}

static bool holds(const char *const *covers, const char *id)
{
    for (; covers != NULL && *covers != NULL; covers++)
        if (strcmp(*covers, id) == 0)
            return true;
    return false;
}

const char **catalogue_rules_for(const struct catalogue *c, const char *requirement)
{
    const char **out = calloc(c->rule_count + 1, sizeof *out);
    for (size_t i = 0, n = 0; out != NULL && i < c->rule_count; i++)
        if (holds(c->rules[i]->covers, requirement))
            out[n++] = c->rules[i]->id;
    return out;
}

const char **catalogue_scenarios_for(const struct catalogue *c, const char *requirement)
{
    const char **out = calloc(c->scenario_count + 1, sizeof *out);
    for (size_t i = 0, n = 0; out != NULL && i < c->scenario_count; i++)
        if (holds((const char *const *)c->scenarios[i].covers, requirement))
            out[n++] = c->scenarios[i].id;
    return out;
}
