/* src/device/resource/request.h: the one way from a request to the answer. */
#ifndef SRC_DEVICE_RESOURCE_REQUEST_H
#define SRC_DEVICE_RESOURCE_REQUEST_H

#include "src/device/resource/device.h"

/* The answer to a request for this resource, which is device_unknown for a path that no row of its own has. */
void device_answer_request(struct device *device, const struct device_resource *resource,
                           const coap_pdu_t *pdu, struct device_answer *answer);
/* The answer to a request that a proxy found to be for itself. */
void device_answer_local(struct device *device, const coap_pdu_t *pdu,
                         struct device_answer *answer);

#endif
