/* src/device/resource/spoil.h: faults that can be put onto a finished answer. */
#ifndef SRC_DEVICE_RESOURCE_SPOIL_H
#define SRC_DEVICE_RESOURCE_SPOIL_H

#include "src/device/resource/device.h"

/* Applies the faults that can be put onto a finished answer. */
void device_spoil(struct device *device, const struct device_request *request,
                  struct device_answer *answer);
/* Options that no honest answer has, in libcoap's message. */
void device_spoil_options(const struct device *device, const struct device_answer *answer,
                          coap_pdu_t *response);

#endif
