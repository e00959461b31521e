/* list/choose.h: which scenarios a command line means. */
#ifndef SRC_LIST_CHOOSE_H
#define SRC_LIST_CHOOSE_H

#include "src/cli/cli.h"
#include "src/scenario/scenario.h"

struct run_choice {
    struct scenario_library library;
    struct scenario **scenarios; /* owned; in order of suite and command line, each once */
    size_t count;
    const struct cs_rule *const *rules; /* malloc'ed */
    size_t rule_count;
};

/* Suites, ids, globs on ids, and files; suite "core" when nothing is named; then --only and --exclude on scenarios and rules.
 * An exit code; 0: fine. Messages are printed. */
int run_choose(const struct cli *cli, struct run_choice *choice);
void run_choice_free(struct run_choice *choice);

#endif
