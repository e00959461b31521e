/* silence: nothing may come. */
#include "src/verbs/match.h"

static enum step_result start(struct run_sequence *t, const struct step *step)
{
    uint64_t quiet;
    if (!run_duration(t, &step->values[0], NULL, &quiet) || !run_wait_until(t, t->since_ns + quiet))
        return STEP_BROKEN;
    return STEP_WAIT;
}

/* An Empty ACK before the response of a confirmable message of ours says nothing that could break a silence. */
static bool is_due_ack(const struct run_sequence *t, const struct run_message *m)
{
    if (m->message.type != CS_ACK || m->message.code != 0 || m->message.fault != CS_FAULT_NONE)
        return false;
    for (size_t i = 0; i < t->owner->sent_count; i++) {
        const struct run_sent *s = t->owner->sent[i];
        if (peer_has_mid(&s->message) && s->message.type == CS_CON &&
            s->message.mid == m->message.mid && cs_code_is_request(s->message.code) &&
            s->message.fault == CS_FAULT_NONE && (!s->answered || m->at_ns <= s->answered_ns))
            return true;
    }
    return false;
}

static enum step_take on_datagram(struct run_sequence *t, const struct step *step,
                                  struct run_message *m)
{
    struct cs_mismatch mismatch;
    if (step->matching.text == NULL ? is_due_ack(t, m)
                                    : !step_match(t, &step->matching, 1, m, NULL, &mismatch))
        return STEP_LEAVE;
    char got[300];
    struct run_failure failure = {.where = &step->values[0],
                                  .message = m,
                                  .octet = CS_NO_OCTET,
                                  .expected = "silence",
                                  .got = step_describe(&m->message, got, sizeof got),
                                  .timing = true};
    run_fail(t, &failure, "expected silence, got %s", failure.got);
    return STEP_REFUSE;
}

static enum step_result on_timer(struct run_sequence *t, const struct step *step)
{
    (void)step;
    t->since_ns = t->timer.due_ns;
    return STEP_DONE;
}

const struct step_verb step_silence = {
    .name = "silence",
    .summary = "no message may come for this time (or none that matches `matching`)",
    .example = "- silence: 2 * $ack_timeout",
    .value = STEP_VALUE_DURATION,
    .keys = STEP_KEY_MATCHING,
    .start = start,
    .on_datagram = on_datagram,
    .on_timer = on_timer,
};
