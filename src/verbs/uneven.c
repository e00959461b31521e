/* uneven: intervals that were saved are not all alike. */
#include <stdio.h>

#include "src/verbs/match.h"

static enum step_result start(struct run_sequence *t, const struct step *step)
{
    uint64_t by, least = 0, most = 0;
    char got[80], shortest[32], longest[32], due[32];
    if (!run_duration(t, &step->by, NULL, &by))
        return STEP_BROKEN;
    if (!run_interval_span(t->owner, step->values[0].text, &least, &most)) {
        run_bench_error(t, &step->values[0], 0, "no interval was saved as %s",
                        step->values[0].text);
        return STEP_BROKEN;
    }
    if (most - least > by)
        return STEP_DONE;
    snprintf(got, sizeof got, "from %s to %s", step_time_text(least, shortest, sizeof shortest),
             step_time_text(most, longest, sizeof longest));
    struct run_failure failure = {.where = &step->values[0],
                                  .octet = CS_NO_OCTET,
                                  .message = t->last,
                                  .timing = true,
                                  .expected = "intervals that differ",
                                  .got = got};
    run_fail(t, &failure, "all lie within %s of each other, %s",
             step_time_text(by, due, sizeof due), got);
    return STEP_BROKEN;
}

const struct step_verb step_uneven = {
    .name = "uneven",
    .summary = "the intervals saved under this name so far must not all be equal",
    .example = "- uneven: first_timeout\n  by: 100ms",
    .value = STEP_VALUE_NAME,
    .keys = STEP_KEY_BY,
    .needs = STEP_KEY_BY,
    .does = STEP_WANTS_INTERVAL,
    .start = start,
};
