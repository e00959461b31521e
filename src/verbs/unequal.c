/* unequal: values that must not all be the same. */
#include <stdlib.h>
#include <string.h>

#include "src/verbs/match.h"

static enum step_result start(struct run_sequence *t, const struct step *step)
{
    struct names_text *first = malloc(sizeof *first), *next = malloc(sizeof *next);
    bool fine = first != NULL && next != NULL && run_expand(t, &step->values[0], first);
    bool same = fine;
    for (size_t i = 1; i < step->value_count && fine && same; i++) {
        fine = run_expand(t, &step->values[i], next);
        same = fine && strcmp(first->text, next->text) == 0;
    }
    if (fine && same) {
        struct run_failure failure = {.where = &step->values[0],
                                      .message = t->last,
                                      .octet = CS_NO_OCTET,
                                      .expected = "values that vary",
                                      .got = first->text};
        run_fail(t, &failure, "%zu times the same: %.64s", step->value_count, first->text);
    }
    free(first);
    free(next);
    return fine && !same ? STEP_DONE : STEP_BROKEN;
}

const struct step_verb step_unequal = {
    .name = "unequal",
    .summary = "the values of a list must not all be the same",
    .example = "- unequal: [$one, $two, $three]",
    .value = STEP_VALUE_TEXTS,
    .start = start,
};
