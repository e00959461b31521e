/* wire/certificate.h: what rules ask of a certificate: which key it holds and how it is signed.
 * Nothing is verified. */
#ifndef CS_WIRE_CERTIFICATE_H
#define CS_WIRE_CERTIFICATE_H

#include "coapspec/dtls.h"

/* A Certificate of RFC 5280 section 4.1, or with `raw_key` a SubjectPublicKeyInfo alone, in DER.
 * `at`: where it begins in the handshake message, for the offsets in `out`. True when it could be
 * read. */
bool cs_certificate_decode(struct cs_slice der, bool raw_key, uint32_t at,
                           struct cs_certificate *out);
/* The body of a Certificate message of TLS 1.2 (RFC 5246 section 7.4.2) or, with `raw_key`, of RFC
 * 7250 section 3: how many, at most CS_CERTIFICATES_MAX. */
size_t cs_certificates_decode(struct cs_slice body, bool raw_key,
                              struct cs_certificate out[CS_CERTIFICATES_MAX]);

#endif
