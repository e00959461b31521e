/* multicast: a further socket of ours, which talks to a group; the devices answer it from their own addresses. */
#include <string.h>

#include "src/net/udp.h"
#include "src/verbs/verbs.h"

static enum step_result start(struct run_sequence *t, const struct step *step)
{
    struct run_case *c = t->owner;
    const char *name = step->values[0].text;
    struct run_endpoint *endpoint = run_endpoint_named(c, name);
    struct cs_error error = {0};
    if (endpoint != NULL) {
        c->current = endpoint;
        return STEP_DONE;
    }
    endpoint = run_endpoint_open(c, name, false);
    if (endpoint == NULL) {
        run_bench_error(t, &step->values[0], 0, "%.400s", c->reason);
        return STEP_BROKEN;
    }
    if (!net_udp_group(&endpoint->socket, strcmp(name, "all_nodes") == 0, &endpoint->peer,
                       &error)) {
        run_bench_error(t, &step->values[0], 0, "%.400s", error.text);
        return STEP_BROKEN;
    }
    c->current = endpoint;
    return STEP_DONE;
}

const struct step_verb step_multicast = {
    .name = "multicast",
    .summary = "opens a socket that sends to a group, for the next messages: all_coap_nodes or "
               "all_nodes, at the device's port",
    .example = "- multicast: all_coap_nodes\n- send: NON GET /.well-known/core\n"
               "- expect: NON 2.05\n  within: 6s",
    .value = STEP_VALUE_GROUP,
    .does = STEP_OPENS,
    .start = start,
};
