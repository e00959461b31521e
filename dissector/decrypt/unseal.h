/* decrypt/unseal.h: from a master secret to the keys of an epoch, and from a sealed record to what
 * is in it. The only part of the library that computes with keys; on OpenSSL's libcrypto. DTLS 1.2
 * alone (RFC 6347, 5246). */
#ifndef CS_DECRYPT_UNSEAL_H
#define CS_DECRYPT_UNSEAL_H

#include "coapspec/dtls.h"

enum { CS_CIPHER_KEY_MAX = 32, CS_CIPHER_IV_MAX = 16, CS_CIPHER_MAC_MAX = 48 };

/* How a suite protects records; NULL: not known here. */
struct cs_cipher;
const struct cs_cipher *cs_cipher_of(uint16_t suite);

/* RFC 5246 section 6.3. Of the client first. */
struct cs_epoch_keys {
    const struct cs_cipher *cipher;
    bool mac_last; /* RFC 7366: the MAC covers what is encrypted */
    uint8_t key[2][CS_CIPHER_KEY_MAX];
    uint8_t iv[2][CS_CIPHER_IV_MAX]; /* what of the nonce is not in the record */
    uint8_t mac[2][CS_CIPHER_MAC_MAX];
};
/* `cipher` and `mac_last` are set; the randoms have 32 octets, the secret 48. */
bool cs_epoch_keys_derive(struct cs_epoch_keys *keys, const uint8_t *master,
                          const uint8_t *client_random, const uint8_t *server_random);

/* A record as it stands on the wire. */
struct cs_sealed {
    uint8_t type;
    uint16_t version;
    uint64_t sequence; /* with the epoch in the upper 16 bits */
    struct cs_slice cid, body;
};

struct cs_unsealer;
struct cs_unsealer *cs_unsealer_new(void); /* NULL without memory */
void cs_unsealer_free(struct cs_unsealer *unsealer);
/* What a record of `side` (0: the client's) holds: `out` has room for the body. False when it does
 * not authenticate. `*type` is the content type inside, which a record with a connection id hides.
 */
bool cs_unseal(struct cs_unsealer *unsealer, const struct cs_epoch_keys *keys, unsigned side,
               const struct cs_sealed *record, uint8_t *out, size_t *length, uint8_t *type);

#endif
