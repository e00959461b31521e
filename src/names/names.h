/* names/names.h: `$names` in scenarios, and the durations and numbers written with them. */
#ifndef SRC_NAMES_NAMES_H
#define SRC_NAMES_NAMES_H

#include "coapspec/dissect.h"

/* A resource that scenarios ask for by name and a device profile binds to a path. */
struct names_resource {
    const char *name;  /* "observable", without the $ */
    const char *what;  /* what it must do, for people */
    const char *usual; /* where ETSI's and the reference device have it; may be NULL */
};
const struct names_resource *names_resources(size_t *count); /* at most 64 */

/* An ability that a device may claim, for `needs:` and `when:`. */
struct names_ability {
    const char *name, *what;
};
const struct names_ability *names_abilities(size_t *count);

/* A number or duration with a value from the start: "$ack_timeout". */
struct names_parameter {
    const char *name, *what;
    double value; /* seconds when `duration` */
    bool duration;
};
const struct names_parameter *names_parameters(size_t *count);

/* Where values come from. */
struct names_scope {
    void *user;
    /* The text for `$name`, or NULL when nobody knows it; valid until the next call. */
    const char *(*text)(void *user, const char *name);
    /* Names known beside resources and parameters, for "did you mean"; how many. May be NULL. */
    size_t (*others)(void *user, const char **names, size_t cap);
};

enum { NAMES_TEXT_MAX = 8192, NAMES_JUMPS_MAX = 32 };

/* A text with its names replaced. Remembers where columns moved, so that an error in it can be
 * shown in the file. */
struct names_text {
    char text[NAMES_TEXT_MAX];
    size_t jump_count;
    struct {
        unsigned out, out_end; /* columns in `text` of what was put in, from 1 */
        unsigned in, in_end;   /* columns in the source */
    } jumps[NAMES_JUMPS_MAX];
};
/* "$$" is a dollar sign, "${$n + 1}" a sum. False with `error` (text and column). */
bool names_expand(const char *source, const struct names_scope *scope, struct names_text *out,
                  struct cs_error *error);
/* The column in the source of a column in the text. */
unsigned names_column(const struct names_text *text, unsigned column);

struct names_value {
    double number; /* seconds when `duration` */
    bool duration;
};
/* `1.5 * $ack_timeout + 200ms`: numbers, units ms s m h, names, + - * / from left to right with the
 * usual precedence. False with `error`. */
bool names_evaluate(const char *source, const struct names_scope *scope, struct names_value *out,
                    struct cs_error *error);
/* A duration in nanoseconds, not negative, at most a day. A bare number counts seconds. */
bool names_duration(const char *source, const struct names_scope *scope, uint64_t *out_ns,
                    struct cs_error *error);
/* A whole number from `min` to `max`. */
bool names_number(const char *source, const struct names_scope *scope, uint64_t min, uint64_t max,
                  uint64_t *out, struct cs_error *error);

/* Is it a name: a letter, then letters, digits, underscores? Its length, or 0. */
size_t names_length(const char *text);

#endif
