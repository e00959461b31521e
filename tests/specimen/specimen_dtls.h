/* specimen/specimen_dtls.h: a datagram of DTLS in words, for specimens. docs/writing-a-rule.md is its reference.
 *
 *   client-hello | server-hello  [version=HEX] [random=HEX] [suites=HEX,…] [sni=NAME] [groups=HEX,…] [points=HEX,…]
 *                                [client-types=HEX,…] [server-types=HEX,…] [versions=HEX] [cid=OCTETS]
 *   certificate  cert=KEY:SIGNATURE[:USAGE] …      raw-key  key=KEY
 *   record  [type=N] [epoch=N] [| HEX]
 */
#ifndef TESTS_SPECIMEN_SPECIMEN_DTLS_H
#define TESTS_SPECIMEN_SPECIMEN_DTLS_H

#include "coapspec/dissect.h"

/* Octets written, or 0 with the place of the wrong word in `*bad` and what is wrong with it in `*why` (static). `number` tells
 * one datagram from another: it goes into the sequence numbers. */
size_t cs_specimen_dtls(const char *text, unsigned number, uint8_t *out, size_t cap, size_t *bad,
                        const char **why);

#endif
