/* close: one of our sockets goes. */
#include "src/verbs/verbs.h"

static enum step_result start(struct run_sequence *t, const struct step *step)
{
    struct run_case *c = t->owner;
    struct run_endpoint *endpoint = run_endpoint_named(c, step->values[0].text);
    if (endpoint == NULL) {
        run_bench_error(t, &step->values[0], 0, "no socket is called %s", step->values[0].text);
        return STEP_BROKEN;
    }
    net_socket_close(&endpoint->socket);
    endpoint->open = false;
    for (size_t i = 0; i < c->endpoint_count && !c->current->open; i++)
        if (c->endpoints[i].open)
            c->current = &c->endpoints[i];
    return STEP_DONE;
}

const struct step_verb step_close = {
    .name = "close",
    .summary = "closes one of our sockets: the device then gets ICMP port unreachable",
    .example = "- close: second",
    .value = STEP_VALUE_NAME,
    .does = STEP_CLOSES,
    .start = start,
};
