/* each: the same steps for each of several values. */
#include "src/verbs/verbs.h"

static enum step_result start(struct run_sequence *t, const struct step *step)
{
    return run_enter(t, &step->body, step->each_count, step) ? STEP_DONE : STEP_BROKEN;
}

const struct step_verb step_each = {
    .name = "each",
    .summary = "runs the steps once for each value of a name",
    .example =
        "- each: {code: [1.00, 6.00, 7.00]}\n  steps:\n    - send: CON $code\n    - expect: RST",
    .value = STEP_VALUE_EACH,
    .keys = STEP_KEY_STEPS,
    .needs = STEP_KEY_STEPS,
    .start = start,
};
