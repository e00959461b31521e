/* duplicate: the next messages of a kind come twice. */
#include "src/verbs/impair.h"

static enum step_result start(struct run_sequence *sequence, const struct step *step)
{
    return step_impair(sequence, step, RUN_DUPLICATE, "10ms");
}

const struct step_verb step_duplicate = {
    .name = "duplicate",
    .summary = "the next matching message comes twice, 10 ms or `by` apart",
    .example = "- duplicate: out CON POST",
    .value = STEP_VALUE_IMPAIRMENT,
    .keys = STEP_KEY_TIMES | STEP_KEY_BY,
    .start = start,
};
