/* run/evidence.h: every datagram of a run, as a capture that opens anywhere.
 *
 * Written as it comes to FILE.part, which is a whole capture at any time; at the end written again with the verdicts
 * as comments and put in its place. */
#ifndef SRC_RUN_EVIDENCE_H
#define SRC_RUN_EVIDENCE_H

#include "reports/document/report.h"
#include "source/source.h"

struct run_evidence {
    char path[512], part[528];
    const char *about;
    FILE *out; /* NULL: none is kept */
    struct cs_pcapng_writer writer;
    uint64_t packets; /* counted also when none is kept */
};

/* `path` NULL: only counts. False with `error`. */
bool run_evidence_open(struct run_evidence *evidence, const char *path, const char *about,
                       struct cs_error *error);
/* Returns the packet's number. */
uint64_t run_evidence_add(struct run_evidence *evidence, const struct cs_datagram *datagram);
/* The same for a packet of an interface; its number is the caller's. */
void run_evidence_add_frame(struct run_evidence *evidence, const struct cs_frame *frame);
/* The secret of a session, a line of a key log, before what it protects. */
void run_evidence_secret(struct run_evidence *evidence, const char *line);
/* So many packets were lost on an interface with that link type, until now. */
void run_evidence_drops(struct run_evidence *evidence, uint16_t link_type, uint64_t kernel,
                        uint64_t interface);
/* Puts the findings and verdicts of the report in as comments. False with `error`: then the file without comments is in
 * place, if anything is. */
bool run_evidence_close(struct run_evidence *evidence, const struct report *report,
                        struct cs_error *error);

#endif
