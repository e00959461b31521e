/* reports/document/report.h: what was found, folded into one document.
 *
 * `check` and `run` fill in a struct report; every format is written from it and from nothing else. */
#ifndef REPORTS_DOCUMENT_REPORT_H
#define REPORTS_DOCUMENT_REPORT_H

#include "coapspec/analysis.h"

/* Per rule and per scenario; docs/results.md: a pass that never looked cannot be expressed. In order of gravity. */
enum report_verdict {
    REPORT_NOT_EXERCISED,  /* the rule never applied; the scenario was not run */
    REPORT_NOT_APPLICABLE, /* the device does not claim it */
    REPORT_PASS,
    REPORT_INCONCLUSIVE,
    REPORT_WARN, /* a SHOULD was broken */
    REPORT_FAIL,
    REPORT_ERROR /* the bench failed, not the device */
};
const char *report_verdict_text(enum report_verdict verdict); /* "not exercised" */

enum { REPORT_OCTETS_MAX = 256, REPORT_FINDINGS_MAX = 10000, REPORT_SAME_MAX = 200 };

/* An owned copy of a cs_finding. */
struct report_finding {
    const struct cs_rule *rule;
    char why[256];
    struct cs_address offender, other;
    const char *role; /* static */
    uint64_t packets[CS_PACKETS_MAX + 1];
    size_t packet_count;
    uint64_t packet, time_ns;
    uint8_t octets[REPORT_OCTETS_MAX]; /* the first of them */
    size_t octet_count, octets_whole;  /* kept, of the message */
    uint8_t carrier;                   /* enum cs_carrier: how they are framed */
    uint32_t octet;                    /* or CS_NO_OCTET */
    /* 1, and 1 more for each further one of the same rule, offender, source and scenario that was not kept:
     * REPORT_SAME_MAX of a kind and REPORT_FINDINGS_MAX in all are. */
    uint64_t times;
    size_t case_index;   /* the scenario in which it was found, or REPORT_NO_CASE */
    size_t source_index; /* the source that was last added before it */
};
#define REPORT_NO_CASE SIZE_MAX

/* One scenario that was run, or not run. Strings are owned by the report. */
struct report_case {
    char *id, *name; /* "core/ping", "An Empty CON is answered by RST" */
    char *file;      /* "scenarios/core/ping.yaml" */
    char **covers;   /* NULL-terminated: requirement and published test ids */
    enum report_verdict verdict;
    bool advice;           /* its requirement is a SHOULD: a failure is REPORT_WARN */
    char *reason;          /* why not pass: one sentence; NULL when passed */
    char *expected, *got;  /* of the step that failed; may be NULL */
    char *source_line;     /* the text of that step's line */
    unsigned line, column; /* where it stands; 0: none */
    char *cause;           /* what usually causes it; may be NULL */
    char *spec, *section;  /* "RFC 7252", "4.2" of the sentence at stake; may be NULL */
    char *level;           /* "MUST"; may be NULL */
    uint64_t packets[CS_PACKETS_MAX];
    size_t packet_count;
    uint8_t octets[REPORT_OCTETS_MAX];
    size_t octet_count;
    uint32_t octet;
    uint64_t duration_ns, late_ns; /* how long it took; how late our own clock was at worst */
    size_t attempts;
};

struct report_rule { /* one per rule of the analysis */
    const struct cs_rule *rule;
    struct cs_tally tally;
    enum report_verdict verdict;
};

/* Requests of one endpoint to another and what came of them, for the statistics of `check`. An endpoint that is both client
 * and server has a pair for each role. What every message counts stands in the first three cache lines. */
enum { REPORT_PAIRS_MAX = 4096, REPORT_RTT_MAX = 64, REPORT_CODES_MAX = 12 };
struct report_pair {
    uint64_t octets[2];           /* CoAP octets, from the client and from the server */
    uint64_t requests, responses; /* each counted once, however often it was transmitted */
    uint64_t unanswered;          /* a response was due, and none nor a Reset was seen */
    uint64_t resets;
    uint64_t duplicates; /* sooner than half a second: the path did it; and ACK or RST again */
    uint64_t rtt_seen;
    uint8_t codes[REPORT_CODES_MAX];
    uint32_t code_counts[REPORT_CODES_MAX]; /* of the responses */
    uint64_t methods[8];                    /* by code 0.01 to 0.07; 0: others */
    uint64_t codes_other;
    uint64_t retransmissions; /* CON and NON again, half a second or more after the last time */
    struct cs_address client, server;
    /* A fair sample: from a request's first transmission to its first response. */
    uint32_t rtt_us[REPORT_RTT_MAX];
};
/* The sample value below which `percent` of the sample lies, in microseconds; 0 without a sample. */
uint32_t report_pair_rtt(const struct report_pair *pair, unsigned percent);

struct report_source {
    char *kind;   /* "capture", "interface", "run" */
    char *name;   /* file, interface, target URI */
    char *format; /* "pcapng, Ethernet"; may be NULL */
    char *note;   /* "ends inside packet 812 at offset 65530"; may be NULL */
    struct cs_counts counts;
    uint64_t dropped_kernel, dropped_interface;
};

struct report {
    char *command; /* the command line, for the line that repeats it */
    char *started; /* RFC 3339, UTC */
    uint64_t seed;
    bool has_seed, strict, interrupted;
    struct report_source *sources;
    size_t source_count;
    struct report_finding *findings;
    size_t finding_count, finding_cap;
    uint64_t findings_not_kept;
    struct report_rule *rules;
    size_t rule_count;
    struct report_case *cases;
    size_t case_count, case_cap;
    struct report_pair *pairs;
    size_t pair_count;
    uint64_t pairs_not_kept;
    char **evidence; /* NULL-terminated: files written; owned; may be NULL */
    /* Private: to fold.c and pairs.c; to read.c, rules of a document that this build does not have, and texts. */
    struct report_index *index;
    struct cs_rule **own_rules;
    char **own_texts;
};

/* The caller's memory. `command`, the command line, is copied; may be NULL. */
void report_init(struct report *report, const char *command);
void report_fini(struct report *report);
/* For cs_settings.on_finding and .on_event through a small adaptor of the caller. `case_index` or REPORT_NO_CASE. */
void report_add_finding(struct report *report, const struct cs_finding *finding, size_t case_index);
/* What report_add_finding() keeps. */
void report_copy_finding(const struct report *report, const struct cs_finding *finding,
                         size_t case_index, struct report_finding *out);
void report_add_event(struct report *report, const struct cs_view *view); /* statistics */
/* Such a message comes soon: brings what it will count into the cache. */
void report_expect_event(const struct report *report, const struct cs_flow *flow);
/* Takes the tallies of an analysis that has ended, adding to those of earlier sources. */
void report_add_tallies(struct report *report, const struct cs_analysis *analysis,
                        const struct cs_rule *const *rules, size_t rule_count);
/* Valid until the next one is added. */
struct report_source *report_add_source(struct report *report, const char *kind, const char *name);
/* The case stays the report's, and its address valid until the next one is added; strings in it are malloc'ed by the caller
 * and handed over. */
struct report_case *report_add_case(struct report *report, const char *id);

/* Adds a file to `evidence`. */
void report_add_evidence(struct report *report, const char *path);
/* Computes the verdict of every rule again, from its tally and `strict`. */
void report_judge_rules(struct report *report);
/* The verdict of a case with `advice` and `strict` taken into account, and of a finding. */
enum report_verdict report_case_verdict(const struct report *report, const struct report_case *c);
enum report_verdict report_finding_verdict(const struct report *report,
                                           const struct report_finding *finding);
/* The command line that repeats one rule's or scenario's verdict: `command` with --only ID, and with the seed if there is
 * one. malloc'ed; NULL when there is no command or no memory. */
char *report_repeat(const struct report *report, const char *id);

struct report_summary {
    size_t rules[REPORT_ERROR + 1], cases[REPORT_ERROR + 1]; /* by verdict */
    uint64_t findings_fail, findings_warn;
    enum report_verdict verdict; /* of the whole */
    int exit_code; /* docs/results.md: 0 passed, 1 the device fails, 3 the bench failed, 5 nothing tested */
};
struct report_summary report_summarise(const struct report *report);

#endif
