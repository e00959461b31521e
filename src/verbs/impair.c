/* drop, delay, duplicate and reorder differ in one word. */
#include "src/verbs/impair.h"

#include <stdlib.h>

#include "src/run/run.h"
#include "src/verbs/check_text.h"

enum step_result step_impair(struct run_sequence *t, const struct step *step,
                             enum run_impairment_kind kind, const char *by)
{
    struct run_impairment *impairment = calloc(1, sizeof *impairment);
    const struct step_text *value = &step->values[0];
    struct step_text line = *value;
    if (impairment == NULL) {
        run_bench_error(t, NULL, 0, "out of memory");
        return STEP_BROKEN;
    }
    const char *rest = step_impairment_line(value->text, &impairment->outgoing);
    size_t skipped = (size_t)(rest - value->text);
    line.text = value->text + skipped;
    line.column += (unsigned)skipped;
    impairment->kind = kind;
    if (!run_parse_line(t, &line, true, &impairment->line) ||
        !run_number(t, &step->times, 1, &impairment->left) ||
        !run_duration(t, &step->by, by, &impairment->by_ns)) {
        free(impairment);
        return STEP_BROKEN;
    }
    run_impair_add(t->owner, impairment);
    return STEP_DONE;
}
