/* src/check/message_lines.h: one line of JSON for each message, fast. docs/results.md describes the lines. */
#ifndef SRC_CHECK_MESSAGE_LINES_H
#define SRC_CHECK_MESSAGE_LINES_H

#include <stdio.h>

#include "coapspec/rule.h"

struct message_lines;

/* NULL when there is no memory. `out` stays the caller's. */
struct message_lines *message_lines_new(FILE *out);
void message_lines_add(struct message_lines *lines, const struct cs_view *view);
/* Hands what is buffered to `out`: before anything else is written there. */
void message_lines_flush(struct message_lines *lines);
void message_lines_free(struct message_lines *lines);

#endif
