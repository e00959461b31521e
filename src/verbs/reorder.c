/* reorder: the next message of a kind is overtaken. */
#include "src/verbs/impair.h"

static enum step_result start(struct run_sequence *sequence, const struct step *step)
{
    return step_impair(sequence, step, RUN_REORDER, "1s");
}

const struct step_verb step_reorder = {
    .name = "reorder",
    .summary = "delays the next matching message until another one has passed, at most 1 s or `by`",
    .example = "- reorder: out CON",
    .value = STEP_VALUE_IMPAIRMENT,
    .keys = STEP_KEY_TIMES | STEP_KEY_BY,
    .start = start,
};
