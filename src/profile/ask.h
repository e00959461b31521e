/* profile/ask.h: one request after the other, each waited for: for a probe, where nothing happens side by side. */
#ifndef SRC_PROFILE_ASK_H
#define SRC_PROFILE_ASK_H

#include <stdio.h>

#include "notation/notation.h"
#include "coapspec/analysis.h"
#include "src/peer/peer.h"

enum { ASK_BODY_MAX = 65536 };

struct ask {
    struct peer peer;
    struct net_clock clock;
    struct cs_analysis *analysis; /* judges what the device says; may be NULL */
    uint64_t packets, asked, answered;
    unsigned unanswered; /* questions in a row */
    char since[80];      /* the first of them, cut to fit */
    bool lost;           /* it answers no more: nothing is asked any more */
    bool same_token; /* the next request has the token of the last one: it ends an observation */
    bool forwarded;  /* a request came from elsewhere: a proxy made it of ours */
    uint8_t token[PEER_TOKEN]; /* of the present request */
    bool done;                 /* it is answered, or nobody waits for that any more */
    /* the answer */
    uint8_t octets[NET_DATAGRAM_MAX];
    struct cs_message message; /* borrows from octets */
    bool separate;             /* an Empty ACK came first */
    bool reset;
};

/* Opens a socket towards `target` (borrowed); with coaps the handshake is waited for. False with `error`. */
bool ask_open(struct ask *ask, const struct net_target *target, struct cs_error *error);
void ask_close(struct ask *ask);
/* Sends the request of this line as a CON, twice at most, and waits for its response. False when none came (or a Reset, see
 * `reset`), or when the line cannot be sent. A device that has answered and then leaves three in a row without an answer, or
 * whose port is closed, is `lost`. */
bool ask_line(struct ask *ask, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* GET, all of it when it comes block-wise. The body is malloc'ed, with a NUL behind it. NULL when there was no 2.05. */
char *ask_body(struct ask *ask, const char *path, size_t *length, bool *blocks);

#endif
