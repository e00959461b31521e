/* verbs/impair.h: drop, delay, duplicate and reorder differ in one word. */
#ifndef SRC_VERBS_IMPAIR_H
#define SRC_VERBS_IMPAIR_H

#include "src/verbs/verbs.h"

/* The `start` of such a verb: from now on the messages that its line describes meet `kind`. `by`: how long where the step does
 * not say, "1s". */
enum step_result step_impair(struct run_sequence *sequence, const struct step *step,
                             enum run_impairment_kind kind, const char *by);

#endif
