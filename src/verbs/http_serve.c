/* http_serve: we are an HTTP origin server, behind a proxy that reaches http URIs. */
#include "src/run/http.h"
#include "src/run/run.h"
#include "src/verbs/verbs.h"

static enum step_result start(struct run_sequence *t, const struct step *step)
{
    struct run_case *c = t->owner;
    struct cs_error error = {0};
    if (!run_http_serve(c, &error)) {
        run_bench_error(t, &step->values[0], 0, "%s", error.text);
        return STEP_BROKEN;
    }
    if (step_name_socket(c, step->values[0].text, "http", &c->http->address))
        return STEP_DONE;
    run_bench_error(t, &step->values[0], 0, "too many names");
    return STEP_BROKEN;
}

const struct step_verb step_http_serve = {
    .name = "http_serve",
    .summary =
        "listens for HTTP, where the device is a proxy that reaches http URIs; its name stands "
        "for its URI from then on",
    .example = "- http_serve: web\n- send: GET proxy-uri=$web/x\n  as: asked\n"
               "- http_await: GET /x\n- http_reply: 200 content-type=text/plain | hello\n"
               "- expect: 2.05 | hello\n  of: asked",
    .value = STEP_VALUE_SOCKET,
    .start = start,
};
