/* coapspec/analysis.h: octets become findings: the analysis puts the question to the rules and counts. */
#ifndef COAPSPEC_ANALYSIS_H
#define COAPSPEC_ANALYSIS_H

#include "coapspec/rule.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ------------------------------------------------------------------ findings */

/* A broken rule. Everything is borrowed for the one call. */
struct cs_finding {
    const struct cs_rule *rule;
    const char *why;
    struct cs_address offender, other;
    const char *role;                     /* "client", "server" or "endpoint" */
    uint64_t packets[CS_PACKETS_MAX + 1]; /* ascending; the event's own packet among them */
    size_t packet_count;
    uint64_t packet; /* the one to look at */
    uint64_t time_ns;
    struct cs_slice octets;           /* the message; empty when the finding is about an absence */
    const struct cs_message *message; /* decoded; NULL about an absence, and of records of DTLS */
    uint32_t octet;                   /* in `octets`, or CS_NO_OCTET */
};

/* Per rule, over the whole stream. */
struct cs_tally {
    uint64_t held, broken, undecided;
    const char *undecided_why; /* the first reason; static */
};

/* ------------------------------------------------------------------ the analysis: octets to findings */

struct cs_settings {
    size_t memory; /* octets for all tables together; 0: 48 MiB */
    const uint16_t
        *ports; /* UDP ports that carry CoAP besides 5683; borrowed for cs_analysis_new() */
    size_t port_count;
    bool no_heuristic; /* take nothing else for CoAP */
    bool all_coap;     /* every datagram is CoAP, whatever its ports: evidence */
    bool whole;        /* the stream is our own sockets': nothing is missing from it */
    struct cs_parameters parameters; /* all zero: the defaults */
    const struct cs_secrets *
        secrets; /* what opens records of DTLS; NULL: nothing. Borrowed for the life of the analysis */
    const struct cs_rule *const
        *rules; /* which rules; NULL: all. Borrowed for the life of the analysis */
    size_t rule_count;
    void *user; /* handed to the two functions below */
    void (*on_finding)(void *user, const struct cs_finding *finding);
    void (*on_event)(void *user, const struct cs_view *view); /* every CoAP datagram; may be NULL */
    /* A hint: on_event will be called for this flow soon, perhaps. May be NULL. */
    void (*on_ahead)(void *user, const struct cs_flow *flow);
};

/* What was seen of DTLS. */
enum { CS_SUITES_COUNTED = 8 };
struct cs_dtls_counts {
    uint64_t sessions;  /* handshakes, and those that began before the stream did */
    uint64_t records;   /* all of them … */
    uint64_t encrypted; /* … and those that are encrypted */
    uint64_t
        decrypted; /* messages out of them that were judged, or that came decrypted, with CS_DTLS */
    uint64_t sealed;  /* of application data, encrypted: without a secret, and not judged */
    uint64_t refused; /* encrypted, and not authentic by their session's secret */
    uint64_t
        repeated; /* encrypted, and seen before: no receiver takes them (RFC 6347 section 4.1.2.6) */
    uint64_t
        unreadable; /* datagrams with octets in them that are no record; handshake messages that are none */
    uint64_t evicted; /* sessions forgotten for want of memory */
    struct {
        uint64_t sessions; /* 0: no more of them */
        uint16_t suite;
    } suites[CS_SUITES_COUNTED]; /* as the servers chose; in order of appearance */
};

/* What was seen, for reports. */
struct cs_counts {
    uint64_t packets, octets;          /* frames and their captured octets */
    uint64_t fragments, datagrams;     /* IP fragments, UDP datagrams */
    uint64_t not_decodable;            /* frames whose link or IP layer could not be read */
    uint64_t messages, malformed, cut; /* CoAP */
    uint64_t flows, flows_now, sent_now;
    uint64_t evicted_flows, evicted_messages, evicted_fragments;
    uint64_t first_ns, last_ns;
    struct cs_dtls_counts dtls;
    size_t memory; /* octets in tables now */
};

struct cs_analysis;

/* NULL when there is no memory for it. */
struct cs_analysis *cs_analysis_new(const struct cs_settings *settings);
void cs_analysis_free(struct cs_analysis *analysis);
/* Frames in the order of the capture, any number at once. Their octets are read before this returns. False when there is no
 * memory for a datagram that came in fragments: the rest is not judged. */
bool cs_analysis_frames(struct cs_analysis *analysis, const struct cs_frame *frames, size_t count);

/* The same in two halves, for two threads: while one reads a batch, the other may judge the one before; the batches in the order in
 * which they were read. Each half is for one thread at a time, and everything else below belongs to the one that judges. */
enum { CS_BATCH_FRAMES = 64 };
struct cs_batch;
/* `copies`: the octets of the frames need not stay until the batch is judged. NULL without memory. */
struct cs_batch *cs_batch_new(bool copies);
void cs_batch_free(struct cs_batch *batch);
/* Decodes up to CS_BATCH_FRAMES frames into the batch, in place of what it held. False as above. */
bool cs_analysis_read(struct cs_analysis *analysis, const struct cs_frame *frames, size_t count,
                      struct cs_batch *batch);
void cs_analysis_judge(struct cs_analysis *analysis, struct cs_batch *batch);

/* One datagram that is known to be CoAP. */
void cs_analysis_datagram(struct cs_analysis *analysis, const struct cs_datagram *datagram);
/* One datagram that is known to be DTLS records around CoAP. */
void cs_analysis_records(struct cs_analysis *analysis, const struct cs_datagram *datagram);
/* The source lost packets: from here on absence proves nothing. */
void cs_analysis_lossy(struct cs_analysis *analysis);
/* Time passes without traffic: retires what has expired (the monitor, a live run). */
void cs_analysis_time(struct cs_analysis *analysis, uint64_t now_ns);
/* The stream ends: retires everything. */
void cs_analysis_end(struct cs_analysis *analysis);
/* One tally per rule, in the order of the settings' rules (cs_rules() if there were none). Borrowed. */
const struct cs_tally *cs_analysis_tallies(const struct cs_analysis *analysis, size_t *count);
struct cs_counts cs_analysis_counts(const struct cs_analysis *analysis);

#ifdef __cplusplus
}
#endif
#endif
