/* restart: the device ends and is started anew; what it knew is gone. */
#include "src/run/run.h"
#include "src/verbs/verbs.h"

static enum step_result start(struct run_sequence *t, const struct step *step)
{
    struct cs_error error = {0};
    if (!run_case_restart(t->owner, &error)) {
        run_bench_error(t, &step->values[0], 0, "%s", error.text);
        return STEP_BROKEN;
    }
    t->since_ns = net_now();
    return STEP_DONE;
}

const struct step_verb step_restart = {
    .name = "restart",
    .summary = "restarts the device that --exec started, for scenarios that need `restart`; a "
               "server may come back at another port",
    .example = "- restart: device\n- check: GET $test\n  expect: 2.05",
    .value = STEP_VALUE_DEVICE,
    .start = start,
};
