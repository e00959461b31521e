/* when: steps for devices that can do something. */
#include <string.h>

#include "src/verbs/verbs.h"

static enum step_result start(struct run_sequence *t, const struct step *step)
{
    const char *text = step->values[0].text;
    bool negated = strncmp(text, "not ", 4) == 0;
    bool claimed = run_claims(t->owner, negated ? text + 4 : text);
    return run_enter(t, claimed != negated ? &step->body : &step->otherwise, 1, step) ? STEP_DONE
                                                                                      : STEP_BROKEN;
}

const struct step_verb step_when = {
    .name = "when",
    .summary = "steps for a device that claims an ability, or whose profile binds a resource; "
               "`else` for the others",
    .example = "- when: not observe\n  steps:\n    - silence: 1s",
    .value = STEP_VALUE_CLAIM,
    .keys = STEP_KEY_STEPS | STEP_KEY_ELSE,
    .needs = STEP_KEY_STEPS,
    .start = start,
};
