/* http_reply: our answer to the HTTP request that was awaited. */
#include <stdlib.h>

#include "src/run/http.h"
#include "src/verbs/http_line.h"

static enum step_result start(struct run_sequence *t, const struct step *step)
{
    const struct run_http *h = t->owner->http;
    struct http_line *line = malloc(sizeof *line);
    char *octets = malloc(HTTP_LINE_MAX);
    bool fine = line != NULL && octets != NULL && step_http_line(t, &step->values[0], false, line);
    if (fine && (h == NULL || h->request == NULL)) {
        run_bench_error(t, &step->values[0], 0, "no HTTP request was awaited before");
        fine = false;
    }
    if (fine) {
        const size_t length = http_line_write(line, "", octets, HTTP_LINE_MAX);
        /* a proxy that does not wait for it will be found out by what it says */
        net_http_send(&h->request->http, (struct cs_slice){(const uint8_t *)octets, length});
        net_http_finish(&h->request->http);
        t->since_ns = net_now();
    }
    free(line);
    free(octets);
    return fine ? STEP_DONE : STEP_BROKEN;
}

const struct step_verb step_http_reply = {
    .name = "http_reply",
    .summary = "answers the HTTP request that was awaited, and ends the connection",
    .example = "- http_reply: 200 content-type=text/plain cache-control=max-age=10 | hello",
    .value = STEP_VALUE_HTTP_STATUS,
    .start = start,
};
