/* src/device/server/server.h: the device as a server. */
#ifndef SRC_DEVICE_SERVER_SERVER_H
#define SRC_DEVICE_SERVER_SERVER_H

#include "src/device/common/options.h"

/* Serves until device_stop; enum device_exit. */
int device_serve(const struct device_options *options);

#endif
