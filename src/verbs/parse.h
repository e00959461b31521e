/* verbs/parse.h: from YAML to steps. */
#ifndef SRC_VERBS_PARSE_H
#define SRC_VERBS_PARSE_H

#include "src/names/names.h"
#include "src/verbs/verbs.h"
#include "src/yaml/yaml.h"

enum { STEP_DECLARED_MAX = RUN_NAMES_MAX };

struct step_parse {
    struct scenario *scenario;
    struct cs_error *error;
    size_t depth, steps;
    /* names that the scenario itself makes, each with a text that is like the values it will have */
    struct {
        const char *name, *sample;
    } declared[STEP_DECLARED_MAX];
    size_t declared_count;
    uint64_t resources; /* those named since this was last set to 0 */
    char number[32];
};

/* Reads a list of steps. False with `error`; what was read so far is in `out` for scenario_free(). */
bool step_parse_list(struct step_parse *p, const struct yaml_node *node, struct step_list *out);
void step_list_free(struct step_list *list);
/* A name that the scenario makes; both texts are borrowed. False with `error`. */
bool step_declare(struct step_parse *p, unsigned line, unsigned column, const char *name,
                  const char *sample);
#endif
