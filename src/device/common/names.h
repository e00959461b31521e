/* src/device/common/names.h: for whom a server's certificate is. */
#ifndef SRC_DEVICE_COMMON_NAMES_H
#define SRC_DEVICE_COMMON_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whom a client asks: the authority of its URI. */
struct device_authority {
    char host[256];
    unsigned port;
    const bool *faults;
};
/* Is that the server's certificate, in DER? */
bool device_is_named(const struct device_authority *own, const uint8_t *certificate, size_t length);

#endif
