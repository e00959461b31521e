/* repeat: the same steps several times. */
#include "src/verbs/verbs.h"

static enum step_result start(struct run_sequence *t, const struct step *step)
{
    uint64_t times;
    if (!run_number(t, &step->values[0], 1, &times))
        return STEP_BROKEN;
    return run_enter(t, &step->body, times, step) ? STEP_DONE : STEP_BROKEN;
}

const struct step_verb step_repeat = {
    .name = "repeat",
    .summary = "runs the steps this many times",
    .example = "- repeat: 3\n  steps:\n    - send: GET $test\n    - expect: 2.05",
    .value = STEP_VALUE_NUMBER,
    .keys = STEP_KEY_STEPS,
    .needs = STEP_KEY_STEPS,
    .start = start,
};
