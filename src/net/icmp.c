/* Forged ICMP errors. */
#include "src/net/icmp.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "src/net/address.h"

enum { IP_HEADER = 20, UDP_HEADER = 8, ICMP_HEADER = 8, PROTOCOL_ICMP = 1, PROTOCOL_UDP = 17 };

static int open_raw(void) { return socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMP); }

bool net_icmp_possible(const struct cs_address *device, char *why, size_t cap)
{
    int fd = -1;
    if (device->family != 4)
        snprintf(why, cap, "ICMP errors are forged over IPv4 alone");
    else if (!net_is_loopback(device))
        snprintf(why, cap, "ICMP errors are forged towards a device on this machine alone");
    else if ((fd = open_raw()) < 0)
        snprintf(why, cap, "ICMP errors cannot be forged: %s (it takes root or CAP_NET_RAW)",
                 strerror(errno));
    if (fd >= 0)
        close(fd);
    return fd >= 0;
}

static void put16(uint8_t *at, size_t value)
{
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
}

/* RFC 1071. */
static uint16_t checksum(const uint8_t *at, size_t length)
{
    uint32_t sum = 0;
    for (size_t i = 0; i < length; i++)
        sum += i % 2 == 0 ? (uint32_t)at[i] << 8 : at[i];
    while (sum >> 16 != 0)
        sum = (sum & 0xffff) + (sum >> 16);
    return (uint16_t)~sum;
}

static void put_ip(uint8_t *at, uint8_t protocol, const struct cs_address *src,
                   const struct cs_address *dst, size_t length)
{
    memset(at, 0, IP_HEADER);
    at[0] = 0x45;
    put16(at + 2, length);
    at[8] = 64; /* time to live */
    at[9] = protocol;
    memcpy(at + 12, src->ip, 4);
    memcpy(at + 16, dst->ip, 4);
    put16(at + 10, checksum(at, IP_HEADER));
}

size_t net_icmp_build(enum net_icmp_kind kind, const struct cs_address *src,
                      const struct cs_address *dst, struct cs_slice octets, uint8_t *out)
{
    static const uint8_t types[][2] = {[NET_ICMP_PORT_UNREACHABLE] = {3, 3},
                                       [NET_ICMP_TIME_EXCEEDED] = {11, 0},
                                       [NET_ICMP_SOURCE_QUENCH] = {4, 0}};
    const size_t quoted = octets.len < NET_ICMP_QUOTE_MAX ? octets.len : NET_ICMP_QUOTE_MAX;
    const size_t length = IP_HEADER + ICMP_HEADER + IP_HEADER + UDP_HEADER + quoted;
    uint8_t *icmp = out + IP_HEADER, *ip = icmp + ICMP_HEADER, *udp = ip + IP_HEADER;
    put_ip(out, PROTOCOL_ICMP, dst, src, length);
    memset(icmp, 0, ICMP_HEADER);
    icmp[0] = types[kind][0];
    icmp[1] = types[kind][1];
    put_ip(ip, PROTOCOL_UDP, src, dst, IP_HEADER + UDP_HEADER + octets.len);
    put16(udp, src->port);
    put16(udp + 2, dst->port);
    put16(udp + 4, UDP_HEADER + octets.len);
    put16(udp + 6, 0); /* no checksum: RFC 768 */
    if (quoted > 0)
        memcpy(udp + UDP_HEADER, octets.at, quoted);
    put16(icmp + 2, checksum(icmp, length - IP_HEADER));
    return length;
}

bool net_icmp_send(const struct cs_address *device, struct cs_slice packet, struct cs_error *error)
{
    struct sockaddr_storage storage;
    struct cs_address to = *device;
    to.port = 0;
    socklen_t length = net_to_sockaddr(&to, 0, &storage);
    int fd = open_raw();
    bool fine = fd >= 0 && packet.len > IP_HEADER &&
                sendto(fd, packet.at + IP_HEADER, packet.len - IP_HEADER, 0,
                       (struct sockaddr *)&storage, length) >= 0;
    if (!fine)
        snprintf(error->text, sizeof error->text, "cannot send an ICMP error: %s", strerror(errno));
    if (fd >= 0)
        close(fd);
    return fine;
}
