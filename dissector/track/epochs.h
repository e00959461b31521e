/* track/epochs.h: the keys of one DTLS session, epoch by epoch, and which records of each came before.
 *
 * Keys are made when the first record comes that they may open, and count from the first that they do: anybody can send a hello.
 * The latest epoch and the one before it are kept, since records come out of order. */
#ifndef CS_TRACK_EPOCHS_H
#define CS_TRACK_EPOCHS_H

#include "decrypt/secrets.h"
#include "decrypt/unseal.h"

/* What the hellos of the latest handshake said. */
struct cs_agreed {
    const uint8_t *client_random, *server_random;
    uint16_t suite;
    bool mac_last;
    uint8_t client_side;
    uint16_t epoch; /* in which they were sent; the next one is theirs */
};

struct cs_epoch {
    struct cs_epoch_keys keys;
    /* RFC 6347 section 4.1.2.6, by side: the highest sequence number, and a bit for it and each of the 63 before it */
    uint64_t highest[2], window[2];
    uint16_t number;
    uint8_t client_side;
    uint8_t association; /* cs_datagram.association */
    bool known;
};

struct cs_epochs {
    struct cs_epoch latest, before, next;
    uint8_t server_random[CS_RANDOM_OCTETS]; /* of the handshake that `next` was made of */
    uint8_t made; /* epochs that have opened something; wraps, but never to 0 */
};

enum cs_opened {
    CS_OPENED,
    CS_NO_SECRET, /* nobody has told it, or the suite is not known here */
    CS_REPEATED,  /* by replay protection: it came before, or long ago */
    CS_REFUSED    /* it does not authenticate */
};

/* May these hellos, with this secret, open records? */
bool cs_epochs_possible(const struct cs_secrets *secrets, const struct cs_agreed *agreed);
/* Opens a record of `side`; `agreed` is NULL when no handshake was seen whole. `out` has room for the body. */
enum cs_opened cs_epochs_open(struct cs_epochs *epochs, struct cs_unsealer *unsealer,
                              const struct cs_secrets *secrets, const struct cs_agreed *agreed,
                              unsigned side, const struct cs_sealed *record, uint8_t *out,
                              size_t *length, uint8_t *type, uint8_t *association);

#endif
