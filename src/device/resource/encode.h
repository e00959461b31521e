/* src/device/resource/encode.h: how an answer becomes a message of libcoap. */
#ifndef SRC_DEVICE_RESOURCE_ENCODE_H
#define SRC_DEVICE_RESOURCE_ENCODE_H

#include "src/device/resource/device.h"

/* Writes the answer into libcoap's message; a representation too large for one message goes block-wise. */
void device_encode(const struct device *device, const struct device_answer *answer,
                   coap_resource_t *resource, coap_session_t *session, const coap_pdu_t *request,
                   const coap_string_t *query, coap_pdu_t *response);

#endif
