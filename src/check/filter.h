/* src/check/filter.h: `check --filter`: which findings and messages are shown.
 *
 *   TERM[,TERM]…   host=ADDRESS  port=N  code=2.05|4.xx|GET  verdict=fail|warn  role=client|server|endpoint
 *                  from=TIME  to=TIME  packet=N|N-M
 *
 * Terms of one kind are alternatives, kinds must all hold. A time is RFC 3339 in UTC (2024-05-01T12:00:00Z) or, with a
 * plus before it, the time since the first packet (+90, +1.5s, +2m). A filter does not change how things are judged. */
#ifndef SRC_CHECK_FILTER_H
#define SRC_CHECK_FILTER_H

#include "reports/document/report.h"

enum { FILTER_TERMS_MAX = 32 };

enum filter_kind {
    FILTER_HOST,
    FILTER_PORT,
    FILTER_CODE,
    FILTER_VERDICT,
    FILTER_ROLE,
    FILTER_PACKET,
    FILTER_FROM,
    FILTER_TO,
    FILTER_KINDS
};

struct filter_term {
    uint8_t kind;  /* enum filter_kind */
    bool relative; /* a time since the first packet */
    uint64_t low, high;
    struct cs_address host;
};

struct filter {
    struct filter_term terms[FILTER_TERMS_MAX];
    size_t count;
};

/* Adds the terms of one expression. False with `error` (column and text). */
bool filter_parse(const char *text, struct filter *filter, struct cs_error *error);

/* What a term is held against. `code` is that of the message, or -1 where there is none. */
struct filter_subject {
    struct cs_address a, b;
    int code;
    enum report_verdict
        verdict; /* of a finding; REPORT_NOT_EXERCISED for a message: the term does not count */
    const char *role; /* of a finding; NULL for a message */
    uint64_t packet, time_ns, began_ns;
};
bool filter_accepts(const struct filter *filter, const struct filter_subject *subject);

#endif
