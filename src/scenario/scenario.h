/* scenario/scenario.h: what a scenario file says, read and checked.
 *
 * A scenario provokes and judges its own plot; the rules watch everything else. docs/writing-a-scenario.md is its
 * reference. */
#ifndef SRC_SCENARIO_SCENARIO_H
#define SRC_SCENARIO_SCENARIO_H

#include "coapspec/dissect.h"
#include "src/plot/scenario.h"

/* Reads and checks. NULL with `error`. `id` is the path below the scenario directory without its ending. */
struct scenario *scenario_read(const char *path, const char *id, struct cs_error *error);
/* The same for a text at hand. */
struct scenario *scenario_parse(const char *path, const char *id, const char *text, size_t length,
                                struct cs_error *error);
void scenario_free(struct scenario *scenario);
/* Asks a device that is a server whether it lives. NULL without memory. */
struct scenario *scenario_of_life(struct cs_error *error);

/* ------------------------------------------------------------------ where they are */

struct scenario_entry {
    char *id, *path;
};

struct scenario_library {
    char *directory;
    struct scenario_entry *entries; /* by id */
    size_t count;
};

/* Looks for the directory: COAPSPEC_SCENARIOS, ../scenarios beside the executable, PREFIX/share/coapspec/scenarios.
 * False with `error` when there is none. */
bool scenario_library_open(struct scenario_library *library, struct cs_error *error);
void scenario_library_close(struct scenario_library *library);

struct scenario_suite {
    char *id, *name, *path;
    size_t *members; /* indices into the library, each once, in order of the suite */
    size_t member_count;
};
/* Reads suites/ID.yaml. False with `error`; `exists` says whether there is such a file. */
bool scenario_suite_read(const struct scenario_library *library, const char *id,
                         struct scenario_suite *suite, bool *exists, struct cs_error *error);
void scenario_suite_free(struct scenario_suite *suite);
/* Ids of all suites, NULL-terminated, malloc'ed each. */
char **scenario_suites(const struct scenario_library *library);

#endif
