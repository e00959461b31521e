/* Datagram sockets, and coap: messages in them as they are. */
#include "src/net/udp.h"

#include <arpa/inet.h>
#include <errno.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "src/net/address.h"

static bool fail(struct cs_error *error, const char *what, const struct cs_address *address)
{
    char text[64];
    snprintf(error->text, sizeof error->text, "%s %s: %s", what,
             cs_address_format(address, text, sizeof text), strerror(errno));
    return false;
}

/* Which of our addresses does the kernel use towards that peer? A datagram socket's connect() sends nothing. */
static bool source_towards(const struct cs_address *peer, unsigned scope, struct cs_address *out)
{
    struct sockaddr_storage storage;
    socklen_t length = net_to_sockaddr(peer, scope, &storage);
    int fd = socket(storage.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return false;
    bool fine = connect(fd, (struct sockaddr *)&storage, length) == 0;
    length = sizeof storage;
    fine = fine && getsockname(fd, (struct sockaddr *)&storage, &length) == 0;
    int saved = errno;
    close(fd);
    errno = saved;
    if (fine)
        net_from_sockaddr(&storage, out);
    return fine;
}

/* One datagram or one ICMP error; false when there is nothing more. */
/* NOLINTNEXTLINE(readability-non-const-parameter): recvmsg() writes there */
static bool take(struct net_socket *udp, net_udp_pass *pass, uint8_t *buffer)
{
    struct sockaddr_storage from;
    struct iovec part = {buffer, NET_DATAGRAM_MAX};
    union { /* aligned as the kernel's headers want it */
        struct cmsghdr header;
        uint8_t octets[256];
    } control;
    struct msghdr message = {.msg_name = &from,
                             .msg_namelen = sizeof from,
                             .msg_iov = &part,
                             .msg_iovlen = 1,
                             .msg_control = control.octets,
                             .msg_controllen = sizeof control.octets};
    ssize_t n = recvmsg(udp->watch.fd, &message, MSG_DONTWAIT);
    if (n < 0) {
        int error = errno;
        if (error == EAGAIN || error == EINTR)
            return false;
        /* the details of an ICMP error lie in a queue apart; left there they would keep the socket ready */
        message.msg_controllen = sizeof control.octets;
        (void)!recvmsg(udp->watch.fd, &message, MSG_DONTWAIT | MSG_ERRQUEUE);
        if (udp->refused != NULL)
            udp->refused(udp->user, error);
        return false;
    }
    struct net_received received = {
        .octets = {buffer, (size_t)n}, .dst = udp->local, .at_ns = net_now()};
    net_from_sockaddr(&from, &received.src);
    for (struct cmsghdr *c = CMSG_FIRSTHDR(&message); c != NULL; c = CMSG_NXTHDR(&message, c)) {
        if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SO_TIMESTAMPNS) {
            struct timespec stamp;
            memcpy(&stamp, CMSG_DATA(c), sizeof stamp);
            received.at_ns = net_from_kernel(stamp);
        }
    }
    pass(udp, &received);
    return true;
}

void net_udp_read(struct net_socket *udp, net_udp_pass *pass)
{
    /* one thread: the buffer is free again when take() returns */
    static uint8_t buffer[NET_DATAGRAM_MAX];
    for (int i = 0; i < 64 && udp->watch.place != 0 && take(udp, pass, buffer); i++)
        ;
}

static bool set_up(int fd, sa_family_t family)
{
    int yes = 1, large = 1 << 20;
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &large, sizeof large);
    if (setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &yes, sizeof yes) != 0)
        return false;
    if (family == AF_INET6)
        return setsockopt(fd, IPPROTO_IPV6, IPV6_RECVERR, &yes, sizeof yes) == 0;
    return setsockopt(fd, IPPROTO_IP, IP_RECVERR, &yes, sizeof yes) == 0;
}

bool net_udp_bind(struct net_socket *udp, const struct cs_address *peer,
                  const struct cs_address *local, struct cs_error *error)
{
    if (local != NULL)
        udp->local = *local;
    else if (!source_towards(peer, udp->scope, &udp->local))
        return fail(error, "no way to", peer);
    else
        udp->local.port = 0;

    struct sockaddr_storage storage;
    socklen_t length = net_to_sockaddr(&udp->local, udp->scope, &storage);
    int fd = socket(storage.ss_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return fail(error, "cannot open a socket for", peer);
    udp->watch = (struct net_watch){.fd = fd, .user = udp};
    if (!set_up(fd, storage.ss_family) || bind(fd, (struct sockaddr *)&storage, length) != 0) {
        fail(error, "cannot listen on", &udp->local);
        close(fd);
        return false;
    }
    length = sizeof storage;
    if (getsockname(fd, (struct sockaddr *)&storage, &length) == 0)
        net_from_sockaddr(&storage, &udp->local);
    return true;
}

bool net_udp_watch(struct net_socket *udp, void (*ready)(void *user), struct cs_error *error)
{
    udp->watch.ready = ready;
    if (net_watch_start(udp->loop, &udp->watch))
        return true;
    snprintf(error->text, sizeof error->text, "out of memory");
    return false;
}

bool net_udp_may_listen(const struct cs_address *local, unsigned scope, struct cs_error *error)
{
    struct sockaddr_storage storage;
    socklen_t length = net_to_sockaddr(local, scope, &storage);
    int fd = socket(storage.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    bool fine = fd >= 0 && bind(fd, (struct sockaddr *)&storage, length) == 0;
    if (!fine)
        fail(error, "cannot listen on", local);
    if (fd >= 0)
        close(fd);
    return fine;
}

/* The index of the interface that has this address; 0: none. */
static unsigned interface_of(const struct cs_address *address)
{
    struct ifaddrs *all = NULL;
    unsigned index = 0;
    if (getifaddrs(&all) != 0)
        return 0;
    for (const struct ifaddrs *i = all; i != NULL && index == 0; i = i->ifa_next) {
        struct sockaddr_storage storage = {0};
        struct cs_address its;
        if (i->ifa_addr == NULL)
            continue;
        bool six = i->ifa_addr->sa_family == AF_INET6;
        if (!six && i->ifa_addr->sa_family != AF_INET)
            continue;
        memcpy(&storage, i->ifa_addr,
               six ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in));
        net_from_sockaddr(&storage, &its);
        its.port = address->port;
        if (cs_address_equal(&its, address))
            index = if_nametoindex(i->ifa_name);
    }
    freeifaddrs(all);
    return index;
}

static const uint8_t groups_four[2][4] = {{224, 0, 1, 187}, {224, 0, 0, 1}};

bool net_udp_hear_group(struct net_socket *udp, struct net_loop *loop, const struct cs_address *own,
                        struct cs_error *error)
{
    struct cs_address group = {.port = own->port, .family = 4};
    struct ip_mreqn by = {.imr_ifindex = (int)interface_of(own)};
    if (own->family != 4) {
        snprintf(error->text, sizeof error->text, "groups are heard over IPv4 alone");
        return false;
    }
    memcpy(group.ip, groups_four[0], 4);
    memcpy(&by.imr_multiaddr, group.ip, 4);
    if (!net_socket_open(udp, loop, own, &group, error))
        return false;
    if (setsockopt(udp->watch.fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, &by, sizeof by) == 0)
        return true;
    fail(error, "cannot join", &group);
    net_socket_close(udp);
    return false;
}

bool net_udp_group(const struct net_socket *udp, bool all_nodes, struct cs_address *group,
                   struct cs_error *error)
{
    unsigned interface = interface_of(&udp->local);
    int fd = udp->watch.fd;
    bool fine;
    *group = (struct cs_address){.port = group->port, .family = udp->local.family};
    if (group->family == 6) {
        group->ip[0] = 0xff;
        group->ip[1] = 0x02;
        group->ip[15] = all_nodes ? 0x01 : 0xfd;
        fine = setsockopt(fd, IPPROTO_IPV6, IPV6_MULTICAST_IF, &interface, sizeof interface) == 0;
    } else {
        struct ip_mreqn by = {.imr_ifindex = (int)interface};
        memcpy(group->ip, groups_four[all_nodes], 4);
        fine = setsockopt(fd, IPPROTO_IP, IP_MULTICAST_IF, &by, sizeof by) == 0;
    }
    return fine || fail(error, "no way to send by multicast from", &udp->local);
}

void net_udp_unbind(struct net_socket *udp)
{
    net_watch_stop(udp->loop, &udp->watch);
    close(udp->watch.fd);
    udp->watch.fd = -1;
}

bool net_udp_send(struct net_socket *udp, const struct cs_address *to, struct cs_slice octets)
{
    struct sockaddr_storage storage;
    socklen_t length = net_to_sockaddr(to, udp->scope, &storage);
    ssize_t n = -1;
    /* a pending ICMP error is handed to whoever calls next; it is not about this datagram: try once more */
    for (int i = 0; i < 3 && n < 0; i++)
        n = sendto(udp->watch.fd, octets.at, octets.len, 0, (struct sockaddr *)&storage, length);
    return n >= 0;
}

/* ------------------------------------------------------------------ coap: a datagram is a message */

static void pass_on(struct net_socket *udp, struct net_received *received)
{
    udp->receive(udp->user, received);
}

static void ready(void *user) { net_udp_read(user, pass_on); }

static bool open_clear(struct net_socket *udp, const struct cs_address *peer,
                       const struct cs_address *local, struct cs_error *error)
{
    if (!net_udp_bind(udp, peer, local, error))
        return false;
    if (net_udp_watch(udp, ready, error))
        return true;
    net_udp_unbind(udp);
    return false;
}

const struct net_transport net_transport_udp = {
    .scheme = "coap",
    .port = 5683,
    .carrier = CS_UDP,
    .protection = CS_CLEAR,
    .groups = true,
    .open = open_clear,
    .send = net_udp_send,
    .close = net_udp_unbind,
};
