/* sleep: time passes. */
#include "src/verbs/verbs.h"

static enum step_result start(struct run_sequence *t, const struct step *step)
{
    uint64_t pause;
    if (!run_duration(t, &step->values[0], NULL, &pause) || !run_wait_until(t, t->since_ns + pause))
        return STEP_BROKEN;
    return STEP_WAIT;
}

static enum step_result on_timer(struct run_sequence *t, const struct step *step)
{
    (void)step;
    run_was_late(t->owner, t->timer.due_ns);
    t->since_ns = t->timer.due_ns;
    return STEP_DONE;
}

const struct step_verb step_sleep = {
    .name = "sleep",
    .summary =
        "time passes; what comes is kept for the next steps, and answered as the RFC wants it",
    .example = "- sleep: 500ms",
    .value = STEP_VALUE_DURATION,
    .start = start,
    .on_timer = on_timer,
};
