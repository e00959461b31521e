/* src/device/client/client.h: the device as a client. */
#ifndef SRC_DEVICE_CLIENT_CLIENT_H
#define SRC_DEVICE_CLIENT_CLIENT_H

#include "src/device/common/options.h"

/* Asks what the options say, and prints the answers; enum device_exit. */
int device_ask(const struct device_options *options);

#endif
