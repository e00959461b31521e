/* track/unanswerable.h: messages that nobody may answer, RFC 7252: those of another version (section 3), and the ACKs and RSTs that
 * cannot be processed (section 4.2). What comes back under their Message ID, or with their token, answers them all the same.
 *
 * One is kept for seconds; nothing is held while there are none. */
#ifndef DISSECTOR_TRACK_UNANSWERABLE_H
#define DISSECTOR_TRACK_UNANSWERABLE_H

#include "coapspec/rule.h"

enum cs_unanswerable_kind {
    CS_OTHER_VERSION,
    CS_STRAY, /* an ACK or RST for which nothing is known */
    CS_UNUSABLE, /* an ACK or RST that is malformed, or has the code of a request or of a reserved class */
};

/* With CS_T_AFTER_UNANSWERABLE: the message of the other side that has the Message ID of this ACK or RST, or else the token of this
 * response, or else the latest one. */
struct cs_unanswerable {
    uint64_t packet, time_ns;
    struct cs_address src, dst;
    uint32_t token; /* hash, as view->token */
    uint16_t mid;   /* of another version: what stands in its place */
    uint8_t kind;   /* enum cs_unanswerable_kind */
    uint8_t code, token_length;
};

#endif
