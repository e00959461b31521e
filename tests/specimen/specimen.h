/* specimen/specimen.h: a dialogue in text, played as a stream. docs/writing-a-rule.md is its reference.
 *
 *   [! whole|! lossy|! declared|! dtls|! tcp|! ws|! fragmented|! snap OCTETS]…
 *   [+SECONDS] ARROW MESSAGE       ARROW: > < >* N> N< sN<   MESSAGE: the notation, or hex
 *   [+SECONDS] ARROW dtls: …       a datagram of DTLS in words: specimen_dtls.h
 *   [+SECONDS] ARROW in-dtls: …    a message that came out of DTLS, decrypted
 *   [+SECONDS] ARROW in-epoch-2: … one that came out of the same session after it was renegotiated
 *   [+SECONDS] end
 */
#ifndef TESTS_SPECIMEN_SPECIMEN_H
#define TESTS_SPECIMEN_SPECIMEN_H

#include "coapspec/analysis.h"

enum { CS_SPECIMEN_CLIENTS = 4, CS_SPECIMEN_OCTETS = 4096 };

struct cs_specimen {
    const char *text; /* borrowed; where the next line begins */
    unsigned line;
    bool whole, lossy, declared, dtls, fragmented; /* what the first lines with ! said */
    enum cs_carrier carrier;
    size_t snap; /* of each datagram at most so many octets are captured; 0: all */
    uint64_t time_ns, packet;
    uint16_t client_mid[CS_SPECIMEN_CLIENTS], server_mid; /* the next to give out */
    uint16_t client_last[CS_SPECIMEN_CLIENTS],
        server_last[CS_SPECIMEN_CLIENTS];  /* of the last CON or NON */
    uint8_t token[CS_SPECIMEN_CLIENTS][8]; /* of the last request */
    size_t token_length[CS_SPECIMEN_CLIENTS];
    uint8_t next_token;
    uint8_t octets[CS_SPECIMEN_OCTETS];
};

/* `text` is borrowed. A mistake in it is found on the way. */
void cs_specimen_init(struct cs_specimen *specimen, const char *text);
enum cs_specimen_step {
    CS_SPECIMEN_DATAGRAM,
    CS_SPECIMEN_RECORDS, /* a datagram of DTLS */
    CS_SPECIMEN_END,
    CS_SPECIMEN_ERROR
};
/* The next datagram, borrowed until the next call. At the end `specimen->time_ns` is when the stream ends. */
enum cs_specimen_step cs_specimen_next(struct cs_specimen *specimen, struct cs_datagram *out,
                                       struct cs_error *error);
/* Plays the whole dialogue into an analysis made with `settings` (whole is taken from the specimen) and hands that back, ended;
 * the caller frees it. NULL with `error` when the text is wrong. */
struct cs_analysis *cs_specimen_play(const char *text, const struct cs_settings *settings,
                                     struct cs_error *error);

#endif
