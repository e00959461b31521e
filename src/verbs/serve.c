/* serve: a further socket of ours, where requests come in: behind a proxy we are the origin as well. */
#include <stdio.h>
#include <string.h>

#include "src/verbs/verbs.h"

bool step_name_socket(struct run_case *c, const char *name, const char *scheme,
                      const struct cs_address *address)
{
    char text[64], uri[80], part[48], port[8];
    snprintf(uri, sizeof uri, "%.8s://%s", scheme, cs_address_format(address, text, sizeof text));
    snprintf(port, sizeof port, "%u", address->port);
    *strrchr(text, ':') = '\0';
    snprintf(part, sizeof part, "%.40s_port", name);
    if (!run_set_variable(c, name, uri) || !run_set_variable(c, part, port))
        return false;
    snprintf(part, sizeof part, "%.40s_host", name);
    return run_set_variable(c, part, text);
}

static enum step_result start(struct run_sequence *t, const struct step *step)
{
    struct run_case *c = t->owner;
    const char *name = step->values[0].text;
    struct run_endpoint *endpoint = run_endpoint_named(c, name);
    const char *scheme = step->over.text != NULL ? step->over.text : "coap";
    if (endpoint == NULL)
        endpoint = run_endpoint_over(c, name, true, scheme);
    if (endpoint == NULL) {
        run_bench_error(t, &step->values[0], 0, "%.400s", c->reason);
        return STEP_BROKEN;
    }
    if (step_name_socket(c, name, scheme, &endpoint->socket.local))
        return STEP_DONE;
    run_bench_error(t, &step->values[0], 0, "too many names");
    return STEP_BROKEN;
}

const struct step_verb step_serve = {
    .name = "serve",
    .summary =
        "opens a socket of ours where requests are awaited, of a proxy; its name stands for its "
        "URI from then on",
    .example = "- serve: origin\n- send: GET proxy-uri=$origin/x\n  as: asked\n- await: GET /x\n"
               "- reply: 2.05 | hello\n- expect: 2.05 | hello\n  of: asked",
    .value = STEP_VALUE_SOCKET,
    .keys = STEP_KEY_OVER,
    .does = STEP_OPENS,
    .start = start,
};
