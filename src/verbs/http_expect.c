/* http_expect: the answer to our last HTTP request. */
#include <stdlib.h>

#include "src/run/http.h"
#include "src/verbs/http_line.h"
#include "src/verbs/match.h"

static enum step_result start(struct run_sequence *t, const struct step *step)
{
    uint64_t due;
    if (t->owner->http == NULL || t->owner->http->asked == NULL) {
        run_bench_error(t, &step->values[0], 0, "no HTTP request was sent before");
        return STEP_BROKEN;
    }
    if (!step_deadline(t, step, "$patience", &due) || !run_wait_until(t, due))
        return STEP_BROKEN;
    return STEP_WAIT;
}

static enum step_result judge(struct run_sequence *t, const struct step *step,
                              const struct net_http *http)
{
    struct http_line *line = malloc(sizeof *line);
    char expected[300], got[300], is[300];
    struct run_failure failure = {.where = &step->values[0],
                                  .octet = CS_NO_OCTET,
                                  .expected = step->values[0].text,
                                  .got = is};
    bool fine = line != NULL && step_http_line(t, &step->values[0], false, line);
    if (fine && !http_line_match(line, &http->message, expected, got, sizeof expected)) {
        http_line_describe(&http->message, is, sizeof is);
        run_fail(t, &failure, "expected %s, got %s", expected, got);
        fine = false;
    }
    free(line);
    t->since_ns = net_now();
    return fine ? STEP_DONE : STEP_BROKEN;
}

static enum step_result on_turn(struct run_sequence *t, const struct step *step)
{
    const struct net_http *http = &t->owner->http->asked->http;
    struct run_failure failure = {.where = &step->values[0],
                                  .octet = CS_NO_OCTET,
                                  .expected = step->values[0].text,
                                  .got = "what is no HTTP"};
    if (http->state == NET_HTTP_WHOLE)
        return judge(t, step, http);
    if (http->state == NET_HTTP_MORE)
        return STEP_WAIT;
    run_fail(t, &failure, "the proxy answers by no HTTP: %s", http->message.why);
    return STEP_BROKEN;
}

static enum step_result on_timer(struct run_sequence *t, const struct step *step)
{
    const struct net_http *http = &t->owner->http->asked->http;
    /* a proxy that keeps the connection open says no more than that */
    const unsigned status = http->message.status;
    if (status == 204 || status == 304 ||
        (status != 0 && http->expects == NET_HTTP_RESPONSE_TO_HEAD))
        return judge(t, step, http);
    step_nothing_came(t, step->values, 1, "HTTP response");
    return STEP_BROKEN;
}

const struct step_verb step_http_expect = {
    .name = "http_expect",
    .summary = "the HTTP response to our last HTTP request must match",
    .example = "- http_send: HEAD $origin/x\n- await: GET /x\n- reply: 2.05 | hello\n"
               "- http_expect: 200 | absent",
    .value = STEP_VALUE_HTTP_STATUS,
    .keys = STEP_KEY_WITHIN,
    .start = start,
    .on_turn = on_turn,
    .on_timer = on_timer,
};
