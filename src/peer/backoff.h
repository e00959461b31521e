/* peer/backoff.h: when a Confirmable message is sent again. RFC 7252 section 4.2. Knows no clock: whoever uses it says what
 * time it is. */
#ifndef SRC_PEER_BACKOFF_H
#define SRC_PEER_BACKOFF_H

#include "coapspec/stream.h"
#include "src/net/random.h"

/* All zero before the first transmission. */
struct peer_backoff {
    unsigned transmissions; /* so many were made */
    uint64_t timeout_ns;    /* after the last one; 0: none was drawn yet */
    uint64_t due_ns;        /* of the next one; 0: there is none */
};

/* A transmission was made. */
static inline void peer_backoff_sent(struct peer_backoff *backoff) { backoff->transmissions++; }

/* Plans the next transmission, the last one having been made at `now_ns`. The first timeout lies between ACK_TIMEOUT and
 * ACK_TIMEOUT * ACK_RANDOM_FACTOR, the next ones double; after MAX_RETRANSMIT repetitions there is none. False: there is none. */
bool peer_backoff_plan(struct peer_backoff *backoff, const struct cs_parameters *parameters,
                       uint64_t now_ns, struct net_random *random);

/* It was acknowledged, rejected or answered, or nobody wants it any more. */
static inline void peer_backoff_end(struct peer_backoff *backoff) { backoff->due_ns = 0; }

#endif
