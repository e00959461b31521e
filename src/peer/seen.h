/* peer/seen.h: messages that have come, so that one that comes again is known for a duplicate and answered as before. RFC 7252
 * sections 4.5 and 4.8.2. Knows no clock. */
#ifndef SRC_PEER_SEEN_H
#define SRC_PEER_SEEN_H

#include "coapspec/stream.h"
#include "src/peer/reply.h"

enum { PEER_SEEN_MAX = 64 }; /* beyond it, the one that came longest ago is forgotten */

struct peer_known {
    struct cs_address from;
    uint64_t until_ns; /* as long its Message ID means it */
    uint16_t mid;
    uint8_t type;
    uint8_t reply; /* enum peer_reply: what we said to it */
};

/* All zero: nothing has come. */
struct peer_seen {
    struct peer_known at[PEER_SEEN_MAX];
    size_t count; /* in all */
};

/* Do two messages have the same origin, type and Message ID? Both were read as far as that. */
bool peer_is_copy(const struct cs_address *from, const struct cs_message *message,
                  const struct cs_address *other_from, const struct cs_message *other);

/* The one that this is a copy of; NULL: it is new. A CON, an ACK and a RST are known for EXCHANGE_LIFETIME, a NON for NON_LIFETIME. */
const struct peer_known *peer_seen_find(const struct peer_seen *seen, const struct cs_address *from,
                                        const struct cs_message *message, uint64_t now_ns);
void peer_seen_add(struct peer_seen *seen, const struct cs_address *from,
                   const struct cs_message *message, const struct cs_parameters *parameters,
                   uint64_t now_ns, enum peer_reply reply);

#endif
