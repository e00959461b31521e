/* src/device/client/clear.c: with a fault, a client takes responses in the clear to what it asked over DTLS. libcoap has no way for that: its
 * socket is looked for among those of the process, and read before libcoap does. */
#include "src/device/client/clear.h"

#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

enum { DESCRIPTORS = 64, CON = 0, VERSION = 0x40 };

/* A socket of IPv4 or IPv6 that has that port; -1. */
static int socket_of(unsigned port)
{
    for (int fd = 3; fd < DESCRIPTORS; fd++) {
        struct sockaddr_in6 address = {0}; /* the port stands at the same place in both */
        socklen_t length = sizeof address;
        if (getsockname(fd, (struct sockaddr *)&address, &length) == 0 &&
            (address.sin6_family == AF_INET || address.sin6_family == AF_INET6) &&
            ntohs(address.sin6_port) == port)
            return fd;
    }
    return -1;
}

bool device_clear_came(unsigned port, const uint8_t *token, size_t token_length)
{
    uint8_t octets[2048] = {0};
    struct pollfd ready = {.fd = socket_of(port), .events = POLLIN};
    const int fd = ready.fd;
    const ssize_t n = fd >= 0 && poll(&ready, 1, 100) > 0
                          ? recv(fd, octets, sizeof octets, MSG_DONTWAIT | MSG_PEEK)
                          : -1;
    if (n < 4 + (ssize_t)token_length || (octets[0] & 0xc0) != VERSION ||
        (octets[0] & 0x0fu) != token_length || octets[1] < 0x40 ||
        memcmp(octets + 4, token, token_length) != 0)
        return false;
    struct sockaddr_in6 from;
    socklen_t length = sizeof from;
    (void)!recvfrom(fd, octets, sizeof octets, MSG_DONTWAIT, (struct sockaddr *)&from, &length);
    if ((octets[0] >> 4 & 3) == CON) {
        const uint8_t ack[4] = {VERSION | 2 << 4, 0, octets[2], octets[3]};
        (void)!sendto(fd, ack, sizeof ack, 0, (struct sockaddr *)&from, length);
    }
    return true;
}
