/* coap/recognise.h: is a datagram on some port CoAP? */
#ifndef DISSECTOR_COAP_RECOGNISE_H
#define DISSECTOR_COAP_RECOGNISE_H

#include "coapspec/stream.h"

/* On a port that is not CoAP's. Says yes only to what cannot well be DNS, DTLS, QUIC, RTP, STUN or random octets;
 * docs/heuristic.md says how that was measured. `message` is the decoded datagram. */
bool cs_looks_like_coap(const struct cs_datagram *datagram, const struct cs_message *message);

#endif
