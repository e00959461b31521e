/* send: one message of ours. */
#include "src/verbs/match.h"

static enum step_result start(struct run_sequence *sequence, const struct step *step)
{
    return step_send_line(sequence, step, &step->values[0], NULL) != NULL ? STEP_DONE : STEP_BROKEN;
}

const struct step_verb step_send = {
    .name = "send",
    .summary = "sends one message; retransmits a confirmable one until it is answered",
    .example = "- send: CON GET $test accept=0",
    .value = STEP_VALUE_LINE,
    .keys = STEP_KEY_FROM | STEP_KEY_AS | STEP_KEY_FILL | STEP_KEY_RETRANSMIT | STEP_KEY_CLEAR,
    .does = STEP_SENDS,
    .start = start,
};
