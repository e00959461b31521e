/* A UDP port for a program that we start.
 *
 * Between our choice and its bind() anybody may come. A program that asks for any port gets one of the system's range, so ours
 * is below that; and who shares ports (libcoap does, with SO_REUSEADDR) would otherwise not even notice. Beside another process of
 * ours, which chooses in the same way, the number is a name: an abstract UNIX socket, which ends with its process. */
#include "src/net/port.h"

#include <errno.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { LOWEST = 10000, ATTEMPTS = 100 };

/* The first port of those that the system chooses from. */
static unsigned system_range(void)
{
    unsigned first = 0;
    FILE *file = fopen("/proc/sys/net/ipv4/ip_local_port_range", "re");
    if (file == NULL)
        return 0;
    if (fscanf(file, "%u", &first) != 1)
        first = 0;
    fclose(file);
    return first;
}

/* Can 127.0.0.1:*port be bound? 0 becomes the port that the system chose. */
static bool is_free(uint16_t *port)
{
    struct sockaddr_in in = {
        .sin_family = AF_INET, .sin_port = htons(*port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof in;
    const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    const bool fine = fd >= 0 && bind(fd, (struct sockaddr *)&in, sizeof in) == 0 &&
                      getsockname(fd, (struct sockaddr *)&in, &length) == 0;
    const int error = errno;
    if (fd >= 0)
        close(fd);
    *port = ntohs(in.sin_port);
    errno = error;
    return fine;
}

/* The name of the port, or -1 when another process has it. */
static int take_name(uint16_t port)
{
    struct sockaddr_un name = {.sun_family = AF_UNIX};
    const int n =
        snprintf(name.sun_path + 1, sizeof name.sun_path - 1, "coapspec-port-%u", (unsigned)port);
    const socklen_t length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)n);
    const int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && bind(fd, (struct sockaddr *)&name, length) == 0)
        return fd;
    if (fd >= 0)
        close(fd);
    return -1;
}

bool net_port_take(uint16_t *port, int *hold, struct cs_error *error)
{
    const unsigned end = system_range();
    *hold = -1;
    for (int i = 0; i < ATTEMPTS && end > LOWEST; i++) {
        uint32_t chance;
        if (getrandom(&chance, sizeof chance, 0) != (ssize_t)sizeof chance)
            break;
        *port = (uint16_t)(LOWEST + chance % (end - LOWEST));
        *hold = take_name(*port);
        if (*hold >= 0 && is_free(port))
            return true;
        if (*hold >= 0)
            close(*hold);
        *hold = -1;
    }
    *port = 0;
    if (is_free(port))
        return true;
    snprintf(error->text, sizeof error->text, "no free port: %s", strerror(errno));
    return false;
}
