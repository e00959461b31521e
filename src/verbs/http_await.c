/* http_await: an HTTP request of the proxy, where we are the origin server. */
#include <stdlib.h>

#include "src/run/http.h"
#include "src/verbs/http_line.h"
#include "src/verbs/match.h"

static enum step_result start(struct run_sequence *t, const struct step *step)
{
    uint64_t due;
    if (run_http(t->owner) == NULL || !step_deadline(t, step, "$patience", &due) ||
        !run_wait_until(t, due))
        return STEP_BROKEN;
    return STEP_WAIT;
}

static enum step_result take(struct run_sequence *t, const struct step *step,
                             struct run_http_peer *peer, struct http_line *line)
{
    char expected[300], got[300], is[300];
    struct run_failure failure = {.where = &step->values[0],
                                  .octet = CS_NO_OCTET,
                                  .expected = step->values[0].text,
                                  .got = is};
    if (!step_http_line(t, &step->values[0], true, line))
        return STEP_BROKEN;
    peer->taken = true;
    t->owner->http->request = peer;
    t->since_ns = peer->http.at_ns;
    if (peer->http.state == NET_HTTP_BAD)
        run_fail(t, &failure, "the proxy sends no HTTP: %s", peer->http.message.why);
    else if (http_line_match(line, &peer->http.message, expected, got, sizeof expected))
        return STEP_DONE;
    else {
        http_line_describe(&peer->http.message, is, sizeof is);
        run_fail(t, &failure, "expected %s, got %s", expected, got);
    }
    return STEP_BROKEN;
}

static enum step_result on_turn(struct run_sequence *t, const struct step *step)
{
    const struct run_http *h = t->owner->http;
    for (size_t i = 0; i < h->count; i++) {
        struct run_http_peer *peer = h->peers[i];
        if (!peer->came || peer->taken || peer->http.state == NET_HTTP_MORE)
            continue;
        struct http_line *line = malloc(sizeof *line);
        const enum step_result result = line != NULL ? take(t, step, peer, line) : STEP_BROKEN;
        free(line);
        return result;
    }
    return STEP_WAIT;
}

static enum step_result on_timer(struct run_sequence *t, const struct step *step)
{
    step_nothing_came(t, step->values, 1, "HTTP request");
    return STEP_BROKEN;
}

const struct step_verb step_http_await = {
    .name = "http_await",
    .summary = "an HTTP request of the proxy must come and match",
    .example = "- http_await: PUT /x content-type=text/plain* | hello\n- http_reply: 204",
    .value = STEP_VALUE_HTTP_REQUEST,
    .keys = STEP_KEY_WITHIN,
    .start = start,
    .on_turn = on_turn,
    .on_timer = on_timer,
};
