/* src/device/common/secure.h: what the device has to show in DTLS, and whom it trusts. */
#ifndef SRC_DEVICE_COMMON_SECURE_H
#define SRC_DEVICE_COMMON_SECURE_H

#include <coap3/coap.h>

#include "src/device/common/names.h"
#include "src/device/common/options.h"

/* A client's session with DTLS: with --ca by certificates, else by the key. NULL: it could not be begun; what is missing has been
 * printed. */
coap_session_t *device_reach_secure(coap_context_t *context, const struct device_options *options,
                                    struct device_authority *own, const coap_address_t *local,
                                    const coap_address_t *address);

/* Gives libcoap what DTLS takes, as a server. False with a message printed. */
bool device_secure(coap_context_t *coap, const struct device_options *options, const bool *faults);
/* A session of ours with a server that speaks DTLS, with the same credentials; NULL. */
coap_session_t *device_secure_session(coap_context_t *coap, const struct device_options *options,
                                      const bool *faults, const coap_address_t *to);
/* Tells the TLS library, before it is used, what libcoap cannot: suites and curves. False where that cannot be written. */
bool device_configure_library(const struct device_options *options);

#endif
