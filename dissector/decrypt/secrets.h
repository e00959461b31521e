/* decrypt/secrets.h: finding the secret of a session. Made and filled with coapspec/dtls.h. */
#ifndef CS_DECRYPT_SECRETS_H
#define CS_DECRYPT_SECRETS_H

#include "coapspec/dtls.h"

enum { CS_RANDOM_OCTETS = 32, CS_MASTER_OCTETS = 48 }; /* RFC 5246 sections 7.4.1.2, 8.1 */

/* The 48 octets of the master secret for the random of a ClientHello; NULL: not known. Good until
 * one is added. */
const uint8_t *cs_secrets_find(const struct cs_secrets *secrets, const uint8_t *client_random);
/* The latest secret for a random counts. */
void cs_secrets_add(struct cs_secrets *secrets, const uint8_t *client_random,
                    const uint8_t *master);

#endif
