/* drop: the next messages of a kind get lost on their way. */
#include "src/verbs/impair.h"

static enum step_result start(struct run_sequence *sequence, const struct step *step)
{
    return step_impair(sequence, step, RUN_DROP, "0s");
}

const struct step_verb step_drop = {
    .name = "drop",
    .summary =
        "drops the next matching message (or `times` of them): `in` from the device, `out` from us",
    .example = "- drop: in ACK",
    .value = STEP_VALUE_IMPAIRMENT,
    .keys = STEP_KEY_TIMES,
    .start = start,
};
