/* delay: the next messages of a kind are late. */
#include "src/verbs/impair.h"

static enum step_result start(struct run_sequence *sequence, const struct step *step)
{
    return step_impair(sequence, step, RUN_DELAY, "1s");
}

const struct step_verb step_delay = {
    .name = "delay",
    .summary = "delays the next matching message by 1 s or by `by`",
    .example = "- delay: out ACK\n  by: 3s",
    .value = STEP_VALUE_IMPAIRMENT,
    .keys = STEP_KEY_TIMES | STEP_KEY_BY,
    .start = start,
};
