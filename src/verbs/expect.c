/* expect: the next message of the device that answers ours. */
#include <string.h>

#include "src/verbs/match.h"

static const struct run_sent *ours_of(struct run_sequence *t, const struct step *step)
{
    return step->of.text != NULL ? run_sent_named(t->owner, step->of.text) : t->sent;
}

static bool takes_silence(const struct step *step)
{
    for (size_t i = 0; i < step->value_count; i++)
        if (strcmp(step->values[i].text, "silence") == 0)
            return true;
    return false;
}

static enum step_result start(struct run_sequence *t, const struct step *step)
{
    uint64_t due;
    if (step->of.text != NULL && run_sent_named(t->owner, step->of.text) == NULL) {
        run_bench_error(t, &step->of, 0, "no message of ours is called %s: `as` names them",
                        step->of.text);
        return STEP_BROKEN;
    }
    if (!step_deadline(t, step, "$patience", &due) || !run_wait_until(t, due))
        return STEP_BROKEN;
    return STEP_WAIT;
}

/* A further transmission of the last message: word for word the same. */
static bool is_again(const struct run_sequence *t, const struct run_message *m)
{
    const struct run_message *last = t->last;
    const struct run_message *first =
        last != NULL && last->original != NULL ? last->original : last;
    return m->original != NULL && m->original == first;
}

static enum step_take finish(struct run_sequence *t, const struct step *step, struct run_message *m)
{
    if (step_came_too_early(t, step, m))
        return STEP_REFUSE;
    step_give_answer(t, step, m);
    return step_save_fields(t, step, m) ? STEP_TAKE : STEP_REFUSE;
}

static enum step_take on_datagram(struct run_sequence *t, const struct step *step,
                                  struct run_message *m)
{
    const struct run_sent *ours = ours_of(t, step);
    struct cs_mismatch mismatch;
    bool repeated = m->original != NULL && (m->message.type == CS_CON || m->message.type == CS_NON);
    if (m->at_ns > t->timer.due_ns || (step->again ? !is_again(t, m) : repeated))
        return STEP_LEAVE;
    enum run_relation relation = step->again ? RUN_RELATED : run_relates(t, m, ours);
    if (relation == RUN_ANOTHERS)
        return STEP_LEAVE;
    if (relation == RUN_UNRELATED) {
        t->near = m;
        return STEP_LEAVE;
    }
    if (step_match(t, step->values, step->value_count, m, ours, &mismatch))
        return finish(t, step, m);
    if (t->owner->broken)
        return STEP_REFUSE;
    /* the response may come separately: RFC 7252 section 5.2.2 */
    bool empty_ack =
        m->message.type == CS_ACK && m->message.code == 0 && m->message.fault == CS_FAULT_NONE;
    if (empty_ack && (ours == NULL || m->message.mid == ours->message.mid) &&
        !step_wants_empty_ack(t, step->values, step->value_count))
        return STEP_ABSORB;
    if (step->optional)
        return STEP_LEAVE;
    step_mismatch(t, step->values, step->value_count, m, &mismatch);
    return STEP_REFUSE;
}

static enum step_result on_timer(struct run_sequence *t, const struct step *step)
{
    if (step->optional || takes_silence(step)) {
        t->since_ns = t->timer.due_ns;
        return STEP_DONE;
    }
    step_nothing_came(t, step->values, step->value_count,
                      step->again ? "further transmission" : "answer");
    return STEP_BROKEN;
}

const struct step_verb step_expect = {
    .name = "expect",
    .summary = "the next answer to our last message must match the line, or one line of a list; "
               "`silence` may be in the list",
    .example = "- expect: 2.05 cf=0\n  within: $ack_timeout\n- expect: [RST, silence]",
    .value = STEP_VALUE_EXPECTATION,
    .keys = STEP_KEY_WITHIN | STEP_KEY_AFTER | STEP_KEY_ANSWER | STEP_KEY_AGAIN |
            STEP_KEY_OPTIONAL | STEP_KEY_SAVE | STEP_KEY_OF,
    .does = STEP_TAKES,
    .start = start,
    .on_datagram = on_datagram,
    .on_timer = on_timer,
};
