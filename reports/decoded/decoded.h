/* reports/decoded/decoded.h: one datagram, octet by octet, for `coapspec decode`. */
#ifndef REPORTS_DECODED_DECODED_H
#define REPORTS_DECODED_DECODED_H

#include <stdio.h>

#include "coapspec/analysis.h"
#include "reports/base/style.h"

enum { REPORT_VIOLATIONS_MAX = 64 };

/* A rule that this datagram breaks by itself. */
struct report_violation {
    const struct cs_rule *rule;
    uint32_t octet; /* or CS_NO_OCTET */
    char why[256];
};

struct report_decoded {
    struct cs_message message; /* borrows the datagram */
    bool from_line;            /* it was given as a line: the octets are the news */
    bool records; /* these are records of DTLS: of the message nothing but its octets counts */
    struct report_violation violations[REPORT_VIOLATIONS_MAX];
    size_t violation_count; /* in order of the octets; those beyond the limit are not kept */
};

/* How many things are wrong with it: broken rules, and faults that its octets show. SIZE_MAX for want of memory. */
size_t report_decoded_wrong(const struct report_decoded *decoded);
/* A table of offset, octets and meaning; with style->verbose long payloads in full. False when writing failed. */
bool report_decoded_text(const struct report_decoded *decoded, const struct report_style *style,
                         FILE *out);
bool report_decoded_json(const struct report_decoded *decoded, FILE *out);

/* What the octets mean. malloc'ed; NULL for want of memory. */
struct cs_span *report_spans(const struct report_decoded *decoded, size_t *count);
/* The message, or the records, as a line. malloc'ed; NULL for want of memory. */
char *report_line(const struct report_decoded *decoded);

#endif
