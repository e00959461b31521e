/* exec: a command of the user's: power-cycle, press a button, change a value. */
#include <stdlib.h>
#include <string.h>

#include "src/run/run.h"
#include "src/verbs/match.h"

static void done(void *user)
{
    struct run_sequence *t = user;
    run_wait_until(t, net_now()); /* served as the end of the time, in its turn */
}

static enum step_result start(struct run_sequence *t, const struct step *step)
{
    struct names_text *text = malloc(sizeof *text);
    struct net_child *child = calloc(1, sizeof *child);
    struct cs_error error = {0};
    uint64_t due;
    bool fine = text != NULL && child != NULL && step_deadline(t, step, "30s", &due) &&
                run_wait_until(t, due) && run_expand(t, &step->values[0], text);
    if (fine) {
        child->done = done;
        child->user = t;
        fine = net_child_start(child, t->owner->run->loop, text->text, NULL, &error);
        if (!fine)
            run_bench_error(t, &step->values[0], 0, "%s", error.text);
    }
    free(text);
    if (!fine) {
        free(child);
        return STEP_BROKEN;
    }
    t->child = child;
    return STEP_WAIT;
}

static enum step_result on_timer(struct run_sequence *t, const struct step *step)
{
    char how[128];
    struct net_child *child = t->child;
    if (!child->ended) {
        run_bench_error(t, &step->values[0], 0, "the command was not done in time");
        return STEP_BROKEN;
    }
    t->since_ns = net_now();
    if (child->status == 0)
        return STEP_DONE;
    net_child_describe(child, how, sizeof how);
    run_bench_error(t, &step->values[0], 0, "the command %s", how);
    return STEP_BROKEN;
}

const struct step_verb step_exec = {
    .name = "exec",
    .summary = "runs a command of the user and waits for its end, 30 s or `within`",
    .example = "- exec: ./power-cycle $host",
    .value = STEP_VALUE_TEXT,
    .keys = STEP_KEY_WITHIN,
    .start = start,
    .on_timer = on_timer,
};
