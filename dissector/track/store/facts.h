/* track/store/facts.h: what one message says by itself: traits and the facts of its record. */
#ifndef DISSECTOR_TRACK_STORE_FACTS_H
#define DISSECTOR_TRACK_STORE_FACTS_H

#include "base/hash.h"
#include "coapspec/stream.h"

/* What leaves a record: a CON, a NON, and a request that has no type. An ACK or RST is no REQUEST. */
#define CS_T_RECORDED (CS_T_CON | CS_T_NON | CS_T_REQUEST)

/* Everything but Message ID, type, Observe and Max-Age (which a retransmission may update: RFC 7641 section 4.5.2,
 * RFC 7252 section 5.10.5). */
uint32_t cs_facts_content(const struct cs_message *message);
/* A token, 0 octets included. */
static inline uint32_t cs_facts_token(const struct cs_message *message)
{
    return (uint32_t)(cs_hash(2, message->token.at, message->token.len) >> 32);
}
/* What is looked up, not computed, for each message. */
struct cs_facts_map {
    uint64_t of_code[256]; /* traits that a code alone gives */
    uint64_t location, proxied,
        conditional; /* the options that give these traits: bits of cs_message.option_set */
    uint32_t
        flag[64]; /* which CS_SENT_ flag the presence of an option sets, by cs_option_index() */
    /* What a record is copied from: a few moves, where compilers clear a structure of this size by a slow loop in microcode. */
    struct cs_sent blank;
};
void cs_facts_map_init(struct cs_facts_map *map);
/* The traits that need no memory of earlier messages. */
uint64_t cs_facts_traits(const struct cs_facts_map *map, const struct cs_event *event);
/* Fills in a new record with what comes from the message alone; the rest is zero. `token` and `content` are
 * those of cs_facts_token() and cs_facts_content(). */
void cs_facts_record(const struct cs_facts_map *map, const struct cs_event *event, uint32_t token,
                     uint32_t content, struct cs_sent *record);

#endif
