/* src/device/common/icmp.c: with a fault, the device believes every ICMP error about a datagram of its own, whatever it is about. The
 * kernel tells libcoap of few of them; a raw socket, which takes root, hears all. */
#include "src/device/common/icmp.h"

#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "src/device/faults.h"

enum { IP_MIN = 20, ICMP_HEADER = 8, UDP_PORT = 2 };

int device_icmp_open(const bool *faults)
{
    if (!faults[DEVICE_ICMP_GIVES_UP])
        return -1;
    const int fd = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_ICMP);
    if (fd < 0)
        perror("coapspec-device: icmp-gives-up");
    return fd;
}

/* Destination Unreachable, Source Quench or Time Exceeded about a datagram from that port of ours. */
static bool is_about(const uint8_t *packet, size_t length, unsigned port)
{
    const size_t ip = length > 0 ? (packet[0] & 15u) * 4u : 0;
    if (ip < IP_MIN || length < ip + ICMP_HEADER + IP_MIN)
        return false;
    const uint8_t type = packet[ip];
    const uint8_t *quoted = packet + ip + ICMP_HEADER;
    const size_t inner = (quoted[0] & 15u) * 4u;
    if ((type != 3 && type != 4 && type != 11) || inner < IP_MIN ||
        length < ip + ICMP_HEADER + inner + UDP_PORT)
        return false;
    return ((unsigned)quoted[inner] << 8 | quoted[inner + 1]) == port;
}

bool device_icmp_came(int fd, unsigned port)
{
    uint8_t packet[2048];
    bool came = false;
    for (ssize_t n = 0; fd >= 0 && (n = recv(fd, packet, sizeof packet, 0)) > 0;)
        came = is_about(packet, (size_t)n, port) || came;
    return came;
}
