/* await: a request of the device, where we are the server. */
#include "src/verbs/match.h"

static enum step_result start(struct run_sequence *t, const struct step *step)
{
    uint64_t due;
    if (!step_deadline(t, step, "$await", &due) || !run_wait_until(t, due))
        return STEP_BROKEN;
    return STEP_WAIT;
}

static enum step_take on_datagram(struct run_sequence *t, const struct step *step,
                                  struct run_message *m)
{
    struct cs_mismatch mismatch;
    const struct run_message *first =
        t->request != NULL && t->request->original != NULL ? t->request->original : t->request;
    if (step->again ? m->original == NULL || m->original != first
                    : m->original != NULL || m->message.type == CS_ACK || m->message.type == CS_RST)
        return STEP_LEAVE;
    if (step->other_session && (first == NULL || cs_address_equal(&m->src, &first->src))) {
        t->near = m;
        return STEP_LEAVE;
    }
    if (!step_match(t, step->values, step->value_count, m, NULL, &mismatch)) {
        t->near = m;
        return t->owner->broken ? STEP_REFUSE : STEP_LEAVE;
    }
    if (step_came_too_early(t, step, m))
        return STEP_REFUSE;
    t->request = m;
    step_give_answer(t, step, m);
    return step_save_fields(t, step, m) ? STEP_TAKE : STEP_REFUSE;
}

static enum step_result on_timer(struct run_sequence *t, const struct step *step)
{
    if (step->optional) {
        if (!step->again)
            t->request = NULL; /* an optional reply is to none */
        t->since_ns = t->timer.due_ns;
        return STEP_DONE;
    }
    step_nothing_came(t, step->values, step->value_count,
                      step->again ? "further transmission" : "such request");
    return STEP_BROKEN;
}

const struct step_verb step_await = {
    .name = "await",
    .summary = "a request of the device must come (the device is the client)",
    .example = "- await: CON GET /test\n- reply: 2.05 cf=0 | hello",
    .value = STEP_VALUE_EXPECTATION,
    .keys = STEP_KEY_WITHIN | STEP_KEY_AFTER | STEP_KEY_ANSWER | STEP_KEY_AGAIN |
            STEP_KEY_OPTIONAL | STEP_KEY_SAVE | STEP_KEY_SESSION,
    .does = STEP_TAKES | STEP_AWAITS,
    .start = start,
    .on_datagram = on_datagram,
    .on_timer = on_timer,
};
