/* parallel: several lists of steps at once. */
#include "src/verbs/verbs.h"

static enum step_result start(struct run_sequence *t, const struct step *step)
{
    for (size_t i = 0; i < step->branch_count; i++)
        if (!run_branch(t, &step->branches[i]))
            return STEP_BROKEN;
    return STEP_WAIT;
}

static enum step_result on_turn(struct run_sequence *t, const struct step *step)
{
    (void)step;
    if (t->children > 0)
        return STEP_WAIT;
    t->since_ns = net_now();
    return STEP_DONE;
}

const struct step_verb step_parallel = {
    .name = "parallel",
    .summary = "several lists of steps at the same time; over when all of them are",
    .example = "- parallel:\n    - - send: GET $slow\n      - expect: 2.05\n    - - send: GET "
               "$test\n      - expect: 2.05",
    .value = STEP_VALUE_BRANCHES,
    .start = start,
    .on_turn = on_turn,
};
