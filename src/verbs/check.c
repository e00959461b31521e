/* check: a state is read back: a request and what must be answered. */
#include "src/verbs/match.h"

static enum step_result start(struct run_sequence *t, const struct step *step)
{
    uint64_t due;
    if (step_send_line(t, step, &step->values[0], NULL) == NULL ||
        !step_deadline(t, step, "$patience", &due) || !run_wait_until(t, due))
        return STEP_BROKEN;
    return STEP_WAIT;
}

static enum step_take on_datagram(struct run_sequence *t, const struct step *step,
                                  struct run_message *m)
{
    struct cs_mismatch mismatch;
    if ((m->original != NULL && m->message.type == CS_CON) ||
        run_relates(t, m, t->sent) != RUN_RELATED)
        return STEP_LEAVE;
    if (m->message.type == CS_ACK && m->message.code == 0)
        return STEP_ABSORB;
    if (!step_match(t, &step->matching, 1, m, t->sent, &mismatch)) {
        if (!t->owner->broken)
            step_mismatch(t, &step->matching, 1, m, &mismatch);
        return STEP_REFUSE;
    }
    step_give_answer(t, step, m);
    return step_save_fields(t, step, m) ? STEP_TAKE : STEP_REFUSE;
}

static enum step_result on_timer(struct run_sequence *t, const struct step *step)
{
    step_nothing_came(t, &step->matching, 1, "answer");
    return STEP_BROKEN;
}

const struct step_verb step_check = {
    .name = "check",
    .summary = "sends a request and expects its response: to read a state, or to check that the "
               "device is alive",
    .example = "- check: GET $test\n  expect: 2.05 | hello",
    .value = STEP_VALUE_LINE,
    .keys = STEP_KEY_EXPECT | STEP_KEY_WITHIN | STEP_KEY_SAVE | STEP_KEY_FROM | STEP_KEY_FILL,
    .needs = STEP_KEY_EXPECT,
    .does = STEP_SENDS | STEP_TAKES,
    .start = start,
    .on_datagram = on_datagram,
    .on_timer = on_timer,
};
