/* connect: a further socket of ours, with a port of its own. */
#include "src/verbs/verbs.h"

static enum step_result start(struct run_sequence *t, const struct step *step)
{
    struct run_case *c = t->owner;
    const char *name = step->values[0].text;
    struct run_endpoint *endpoint = run_endpoint_named(c, name);
    if (endpoint == NULL)
        endpoint = step->over.text != NULL ? run_endpoint_over(c, name, false, step->over.text)
                                           : run_endpoint_open(c, name, false);
    if (endpoint == NULL) {
        run_bench_error(t, &step->values[0], 0, "%.400s", c->reason);
        return STEP_BROKEN;
    }
    c->current = endpoint;
    return STEP_DONE;
}

const struct step_verb step_connect = {
    .name = "connect",
    .summary = "opens a socket with a new port, for the next messages; the one at the start is "
               "called first",
    .example = "- connect: second\n- send: GET $test",
    .value = STEP_VALUE_NAME,
    .keys = STEP_KEY_OVER,
    .does = STEP_OPENS,
    .start = start,
};
