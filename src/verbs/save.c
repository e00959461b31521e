/* save: fields of the last message to names. */
#include "src/verbs/match.h"

static enum step_result start(struct run_sequence *t, const struct step *step)
{
    if (t->last == NULL) {
        run_bench_error(t, NULL, 0, "nothing was taken yet that could be saved");
        return STEP_BROKEN;
    }
    return step_save_fields(t, step, t->last) ? STEP_DONE : STEP_BROKEN;
}

const struct step_verb step_save = {
    .name = "save",
    .summary = "saves fields of the last message taken as names",
    .example = "- save: {tag: etag, where: location}",
    .value = STEP_VALUE_SAVES,
    .does = STEP_WANTS_TAKEN,
    .start = start,
};
