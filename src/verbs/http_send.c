/* http_send: an HTTP request of ours, to a proxy that takes them for coap URIs. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/run/http.h"
#include "src/run/run.h"
#include "src/verbs/http_line.h"

/* The authority of an absolute URI; else that of the proxy. */
static void host_of(const struct http_line *line, const struct cs_address *proxy, char *out,
                    size_t cap)
{
    const char *at = strstr(line->target, "://");
    if (at == NULL)
        cs_address_format(proxy, out, cap);
    else
        snprintf(out, cap, "%.*s", (int)strcspn(at + 3, "/?"), at + 3);
}

static bool ask(struct run_sequence *t, const struct step *step, const struct http_line *line,
                char *octets)
{
    const struct run *run = t->owner->run;
    const double port = profile_parameter(run->profile, "http_port");
    struct cs_address proxy = run->target.address;
    struct cs_error error = {0};
    char host[128];
    if (port > 0 && port < 65536)
        proxy.port = (uint16_t)port;
    host_of(line, &proxy, host, sizeof host);
    const size_t length = http_line_write(line, host, octets, HTTP_LINE_MAX);
    const enum net_http_kind kind =
        strcmp(line->start, "HEAD") == 0 ? NET_HTTP_RESPONSE_TO_HEAD : NET_HTTP_RESPONSE;
    if (run_http_ask(t->owner, &proxy, kind, (struct cs_slice){(const uint8_t *)octets, length},
                     &error))
        return true;
    run_bench_error(t, &step->values[0], 0, "%s", error.text);
    return false;
}

static enum step_result start(struct run_sequence *t, const struct step *step)
{
    struct http_line *line = malloc(sizeof *line);
    char *octets = malloc(HTTP_LINE_MAX);
    const bool fine = line != NULL && octets != NULL &&
                      step_http_line(t, &step->values[0], true, line) && ask(t, step, line, octets);
    t->since_ns = net_now();
    free(line);
    free(octets);
    return fine ? STEP_DONE : STEP_BROKEN;
}

const struct step_verb step_http_send = {
    .name = "http_send",
    .summary = "sends an HTTP request to the device, a proxy that takes them for coap URIs; on a "
               "connection of its own",
    .example = "- serve: origin\n- http_send: GET $origin/x\n- await: GET /x\n"
               "- reply: 2.05 cf=0 | hello\n- http_expect: 200 content-type=text/plain* | hello",
    .value = STEP_VALUE_HTTP_REQUEST,
    .start = start,
};
