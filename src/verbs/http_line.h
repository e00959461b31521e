/* verbs/http_line.h: an HTTP message in one line, to send or to expect.
 *
 *     GET /thing accept="text/plain"
 *     200 content-type="text/plain" cache-control="max-age=10" | hello
 *
 * A field is name=value, the value in quotes where it has a blank in it. In an expectation the status may be 2xx or 200,204;
 * values and body may have a star in them, or be `any` or `absent`; and `max-age=0..10` is the directive of Cache-Control. */
#ifndef SRC_VERBS_HTTP_LINE_H
#define SRC_VERBS_HTTP_LINE_H

#include "src/net/http.h"
#include "src/verbs/verbs.h"

enum { HTTP_LINE_FIELDS_MAX = 12, HTTP_LINE_MAX = 8192 };

struct http_line {
    bool request, has_body;
    char start[48]; /* the method or the status */
    char target[512];
    struct {
        char name[40], value[256];
    } fields[HTTP_LINE_FIELDS_MAX];
    size_t field_count;
    char body[2048];
};

/* False with `error` (text and column). */
bool http_line_parse(const char *text, bool request, struct http_line *out, struct cs_error *error);
/* The octets of a message to send; `host` for a request. Adds Content-Length, and says that the connection ends. */
size_t http_line_write(const struct http_line *line, const char *host, char *out, size_t cap);
/* Is the message like that? Else what is expected and what there is instead, in the texts. */
bool http_line_match(const struct http_line *line, const struct net_http_message *message,
                     char *expected, char *got, size_t cap);
/* A message as a line; `buf` is returned. */
const char *http_line_describe(const struct net_http_message *message, char *buf, size_t cap);
/* The line of a step with its names replaced. False: the case has failed for it. */
bool step_http_line(struct run_sequence *sequence, const struct step_text *text, bool request,
                    struct http_line *out);

#endif
