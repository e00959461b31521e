/* reports/document/private.h: how a document is filled, from an analysis here and from a file in json/. */
#ifndef REPORTS_DOCUMENT_PRIVATE_H
#define REPORTS_DOCUMENT_PRIVATE_H

#include "reports/document/report.h"

/* Findings of one kind: same rule, offender, source and scenario. */
struct report_kind {
    uint32_t first, kept; /* index of the first finding; how many were kept, 0: the entry is free */
    uint32_t tag;         /* of their hash: most strangers are told by it */
};

enum { REPORT_KINDS_MAX = 16384, REPORT_SLOTS_MAX = 16384, REPORT_NO_PAIR = 0xffff };

struct report_index {
    struct report_kind kinds[REPORT_KINDS_MAX];
    struct {
        uint16_t tag, pair;    /* pair: 1 + index; 0: free */
    } slots[REPORT_SLOTS_MAX]; /* open addressing over the two addresses of a pair */
    uint64_t random;
};

/* Each is added to what the report has of its kind, for an analysis and for a document that is read. What is pointed to is
 * copied, but `rule`: this build's, or the report's own. Beyond the limits it is counted alone (findings_not_kept, pairs_not_kept). */
void report_add_tally(struct report *report, const struct cs_rule *rule,
                      const struct cs_tally *tally);
void report_add_copy(struct report *report, const struct report_finding *finding);
void report_add_pair(struct report *report, const struct report_pair *pair);

#endif
