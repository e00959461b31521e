/* src/device/resource/resources.h: what the device serves. */
#ifndef SRC_DEVICE_RESOURCE_RESOURCES_H
#define SRC_DEVICE_RESOURCE_RESOURCES_H

#include "src/device/resource/device.h"

extern const struct device_resource device_resources[];
extern const size_t device_resource_count;
/* What answers under paths that no row names: resources made by clients, and 4.04. */
extern const struct device_resource device_unknown;

/* Observers of this path are to be notified. */
void device_changed(struct device *device, const char *path);

#endif
