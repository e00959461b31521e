/* src/list/catalogue.h: requirements joined with what covers them. */
#ifndef SRC_LIST_CATALOGUE_H
#define SRC_LIST_CATALOGUE_H

#include "coapspec/rule.h"
#include "rules/requirements.h"

/* A scenario file, as far as lists are concerned. Owned by the catalogue. */
struct catalogue_scenario {
    char *id, *name, *file;
    char **covers, **needs; /* NULL-terminated */
    const char *role;       /* "server" or "client": what the device under test is */
};

struct catalogue {
    const struct cs_rule *const *rules;
    size_t rule_count;
    struct catalogue_scenario *scenarios; /* by id */
    size_t scenario_count;
};

/* With `scenarios`, reads those of this installation; where there is no such directory, there are none. False with `error`
 * when one of them is broken: what was read so far is there. */
bool catalogue_open(struct catalogue *catalogue, bool scenarios, struct cs_error *error);
void catalogue_close(struct catalogue *catalogue);

/* Ids of what covers a requirement, NULL-terminated, borrowed; `out` is malloc'ed for the caller. */
const char **catalogue_rules_for(const struct catalogue *catalogue, const char *requirement);
const char **catalogue_scenarios_for(const struct catalogue *catalogue, const char *requirement);

/* Of a statement that neither a rule nor a scenario covers. */
#define CATALOGUE_MISSING "missing"

#endif
