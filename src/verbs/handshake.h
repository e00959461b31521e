/* verbs/handshake.h: the words of a handshake: "succeeds suite=TLS_PSK_WITH_AES_128_CCM_8". */
#ifndef SRC_VERBS_HANDSHAKE_H
#define SRC_VERBS_HANDSHAKE_H

#include "src/net/dtls.h"

struct step_handshake {
    bool refused;  /* the device must not go through with it */
    bool answered; /* its flight must take what is offered; a session need not come of it */
    struct net_handshake is;
};

/* Outcome first: succeeds, refused or answered; then suite=NAME, curve=NAME, certificate=NAME. `answered` and
 * certificate=raw-key go together. False with the place of the wrong word,
 * from 1. `out` points to static text. */
bool step_handshake_parse(const char *text, struct step_handshake *out, unsigned *column);

#endif
