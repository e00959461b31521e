/* peer/reply.h: what a message has to do with one of ours, and which Empty message is due to it. RFC 7252 sections 4.2, 4.3
 * and 5.3.2. What has no type (RFC 8323) is matched by its token alone, and gets no Empty message. */
#ifndef SRC_PEER_REPLY_H
#define SRC_PEER_REPLY_H

#include "coapspec/dissect.h"
#include "src/net/random.h"

enum { PEER_EMPTY = 4, PEER_TOKEN = 4 }; /* octets: of an Empty message; of a token of ours */

/* Are its type and Message ID there, whatever else is wrong with it? */
static inline bool peer_has_mid(const struct cs_message *message)
{
    return cs_message_is_typed(message) && message->octets.len >= PEER_EMPTY;
}

/* An ACK or a RST. */
static inline bool peer_is_reply(const struct cs_message *message)
{
    return message->type == CS_ACK || message->type == CS_RST;
}

/* A code that answers a request, those of reserved classes above 1 too. */
static inline bool peer_has_answer(const struct cs_message *message)
{
    return CS_CODE_CLASS(message->code) >= 2;
}

bool peer_tokens_equal(const struct cs_message *a, const struct cs_message *b);

/* Does `message` belong to `sent`, a message of ours, which went to whom it came from? An ACK or RST by
 * its Message ID, a response by its token. */
bool peer_belongs(const struct cs_message *message, const struct cs_message *sent);

/* Has it neither a critical option that is in no registry nor a reserved Location option? With one, a response is rejected
 * (sections 5.4.1 and 5.10.7). */
bool peer_understands(const struct cs_message *message);

/* The Empty message that is due when nothing else answers. */
enum peer_reply { PEER_SILENT, PEER_ACK, PEER_RST };

/* `known`: it is a response to a message of ours; `serves`: requests are for us, and answered elsewhere. A CON is acknowledged or
 * rejected; a NON that nobody waits for is rejected, so that no more of them come (section 4.3; RFC 7641 section 3.6); ACK, RST and
 * what cannot be read meet silence. */
enum peer_reply peer_due(const struct cs_message *message, bool known, bool serves);

/* Writes an Empty ACK or RST. */
void peer_empty(enum cs_type type, uint16_t mid, uint8_t octets[static PEER_EMPTY]);

/* The next Message ID, which `*next` is; a random step follows, lest a device that counts copy ours once and for all when two
 * counters meet. So it takes 65536 / PEER_MID_STEP of them until one comes again. */
enum { PEER_MID_STEP = 64 };
uint16_t peer_mid(uint16_t *next, struct net_random *random);

/* A token at random. */
void peer_token(struct net_random *random, uint8_t token[static PEER_TOKEN]);

#endif
