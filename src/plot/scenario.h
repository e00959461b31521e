/* plot/scenario.h: what a scenario says, once it is read. scenario/ makes it of a file, run/ goes through it. */
#ifndef SRC_PLOT_SCENARIO_H
#define SRC_PLOT_SCENARIO_H

#include <stdint.h>

#include "src/plot/asks.h"
#include "src/plot/step.h"

struct yaml_file;

enum { SCENARIO_STEPS_MAX = 1000, SCENARIO_NEST_MAX = 6, SCENARIO_PARAMS_MAX = 16 };

/* A name of the scenario's own that `run --param` may give another value. */
struct scenario_param {
    char *name, *value;
};

enum scenario_role { SCENARIO_SERVER, SCENARIO_CLIENT }; /* what the device under test is */

struct scenario {
    char *id; /* "core/ping" */
    char *name;
    char **covers, **needs; /* NULL-terminated */
    size_t need_count;
    char *cause;                  /* may be NULL */
    char *spec, *section, *level; /* of the first requirement; may be NULL */
    enum scenario_role role;
    struct asks asks; /* of a device that is a client */
    struct scenario_param params[SCENARIO_PARAMS_MAX];
    size_t param_count;
    bool alone;   /* runs beside no other */
    bool hostile; /* says what no honest peer says: the device is looked after afterwards */
    bool advice;  /* its requirement is a SHOULD */
    struct step_text limit; /* on the whole case; text NULL: the default */
    struct step_list prepare, steps, restore;
    uint64_t reads, writes; /* names_resources() by bit: what must not be changed beside it */
    struct yaml_file *file;
};

#endif
