/* net/port.h: a UDP port for a program that we start, and that binds it later by itself. */
#ifndef SRC_NET_PORT_H
#define SRC_NET_PORT_H

#include <stdbool.h>
#include <stdint.h>

#include "coapspec/dissect.h"

/* A port that nobody has on 127.0.0.1, that the system gives to nobody who asks for any port, and that no other process of ours
 * takes as long as `hold`, a descriptor of the caller's to close, is open. Where the system leaves no such ports, one that is free
 * at the moment, and `hold` is -1. False with `error`. */
bool net_port_take(uint16_t *port, int *hold, struct cs_error *error);

#endif
