/* scenario/scenario.h: what a scenario file says, read and checked.
 *
 * A scenario provokes and judges its own plot; the rules watch everything else. docs/writing-a-scenario.md is its
 * reference. */
#ifndef SRC_SCENARIO_SCENARIO_H
#define SRC_SCENARIO_SCENARIO_H

#include "coapspec/dissect.h"
#include "src/scenario/asks.h"
#include "src/yaml/yaml.h"

struct step_verb;
struct scenario;

enum {
    STEP_SAVES_MAX = 8,
    STEP_ALTERNATIVES_MAX = 8,
    SCENARIO_STEPS_MAX = 1000,
    SCENARIO_NEST_MAX = 6,
    SCENARIO_PARAMS_MAX = 16
};

/* What our side does with a confirmable message that an `expect` took. */
enum step_answer { STEP_ANSWER_DUTY, STEP_ANSWER_ACK, STEP_ANSWER_RST, STEP_ANSWER_NONE };

struct step_list {
    struct step *steps;
    size_t count;
};

/* A text of the file and where it stands. */
struct step_text {
    char *text;
    unsigned line, column;
};

/* One step. Which of the fields are used is the verb's business; all texts are as written, `$names` in them. */
struct step {
    const struct step_verb *verb;
    unsigned line, column; /* of the verb's name */
    struct step_text
        values[STEP_ALTERNATIVES_MAX]; /* the verb's value: one text, or alternatives */
    size_t value_count;
    struct step_text within, after, by; /* durations */
    struct step_text from, as, of;      /* names: a socket, a message */
    struct step_text times, fill;       /* numbers */
    struct step_text matching;          /* a line to expect */
    struct step_text over;              /* a scheme: coap or coaps; text NULL: the run's */
    enum step_answer answer;
    bool again;    /* a further transmission of the message that was taken last */
    bool optional; /* nothing is lost when it does not come */
    bool no_retransmit;
    bool in_clear;      /* by a socket that speaks DTLS, outside of it */
    bool other_session; /* not that of the request awaited before */
    struct {
        char *name, *field;
    } saves[STEP_SAVES_MAX];
    size_t save_count;
    char *variable;         /* each: its name … */
    struct step_text *each; /* … and its values */
    size_t each_count;
    struct step_list body, otherwise; /* repeat, each, when */
    struct step_list *branches;       /* parallel */
    size_t branch_count;
};

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

/* Reads and checks. NULL with `error`. `id` is the path below the scenario directory without its ending. */
struct scenario *scenario_read(const char *path, const char *id, struct cs_error *error);
/* The same for a text at hand. */
struct scenario *scenario_parse(const char *path, const char *id, const char *text, size_t length,
                                struct cs_error *error);
void scenario_free(struct scenario *scenario);

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
