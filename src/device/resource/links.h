/* src/device/resource/links.h: /.well-known/core. */
#ifndef SRC_DEVICE_RESOURCE_LINKS_H
#define SRC_DEVICE_RESOURCE_LINKS_H

#include "src/device/resource/device.h"

/* /.well-known/core (RFC 6690), filtered by the request's query. */
void device_links(struct device *device, const struct device_request *request,
                  struct device_answer *answer);

#endif
