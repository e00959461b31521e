/* src/device/common/icmp.h: ICMP errors that the device believes, with a fault. */
#ifndef SRC_DEVICE_COMMON_ICMP_H
#define SRC_DEVICE_COMMON_ICMP_H

#include <stdbool.h>

/* With the fault that wants it: a socket that hears ICMP errors. Else, or without the right, -1. */
int device_icmp_open(const bool *faults);
/* Has an error come about a datagram from that port? */
bool device_icmp_came(int fd, unsigned port);

#endif
