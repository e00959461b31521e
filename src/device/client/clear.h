/* src/device/client/clear.h: responses in the clear to what was asked over DTLS, with a fault. */
#ifndef SRC_DEVICE_CLIENT_CLEAR_H
#define SRC_DEVICE_CLIENT_CLEAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Waits a tenth of a second for a datagram at that port of ours. Is it a response with that token, in the clear? Then it is taken from the socket, and acknowledged when it
 * wants that. */
bool device_clear_came(unsigned port, const uint8_t *token, size_t token_length);

#endif
