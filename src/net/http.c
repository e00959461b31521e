/* One connection of HTTP. */
#include "src/net/http.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "src/net/address.h"

static bool fail(struct cs_error *error, const char *what, const struct cs_address *address)
{
    char text[64];
    snprintf(error->text, sizeof error->text, "%s %s (TCP): %s", what,
             cs_address_format(address, text, sizeof text), strerror(errno));
    return false;
}

int net_http_listen(struct cs_address *address, struct cs_error *error)
{
    struct sockaddr_storage storage;
    socklen_t length = net_to_sockaddr(address, 0, &storage);
    int fd = socket(storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd >= 0 && bind(fd, (struct sockaddr *)&storage, length) == 0 && listen(fd, 16) == 0 &&
        getsockname(fd, (struct sockaddr *)&storage, &length) == 0) {
        net_from_sockaddr(&storage, address);
        return fd;
    }
    fail(error, "cannot listen on", address);
    if (fd >= 0)
        close(fd);
    return -1;
}

static void ended(struct net_http *http)
{
    net_watch_stop(http->loop, &http->watch);
    http->at_ns = net_now();
    if (http->ready != NULL)
        http->ready(http->user, http);
}

static void readable(void *user)
{
    struct net_http *http = user;
    const ssize_t n =
        recv(http->watch.fd, http->in + http->length, NET_HTTP_MAX - http->length, MSG_DONTWAIT);
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (n > 0)
        http->length += (size_t)n;
    const bool end = n <= 0 || http->length == NET_HTTP_MAX;
    http->state = net_http_parse(http->expects, (struct cs_slice){http->in, http->length}, end,
                                 http->body, &http->message);
    if (http->state != NET_HTTP_MORE)
        ended(http);
}

static bool watch(struct net_http *http, struct net_loop *loop, int fd)
{
    http->loop = loop;
    http->in = malloc(NET_HTTP_MAX);
    http->body = malloc(NET_HTTP_BODY_MAX);
    http->watch = (struct net_watch){.fd = fd, .ready = readable, .user = http};
    if (http->in != NULL && http->body != NULL && net_watch_start(loop, &http->watch))
        return true;
    net_http_close(http);
    return false;
}

/* What we say is short and goes into the kernel's buffer at once; a peer that takes nothing costs a second. */
static void set_patience(int fd)
{
    const struct timeval second = {.tv_sec = 1};
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &second, sizeof second);
}

bool net_http_accept(struct net_http *http, struct net_loop *loop, int listener)
{
    const int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    if (fd < 0)
        return false;
    set_patience(fd);
    http->expects = NET_HTTP_REQUEST;
    return watch(http, loop, fd);
}

bool net_http_connect(struct net_http *http, struct net_loop *loop, const struct cs_address *to,
                      enum net_http_kind expects, struct cs_error *error)
{
    struct sockaddr_storage storage;
    const socklen_t length = net_to_sockaddr(to, 0, &storage);
    const int fd = socket(storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0)
        set_patience(fd);
    if (fd < 0 || connect(fd, (struct sockaddr *)&storage, length) != 0) {
        fail(error, "cannot reach", to);
        if (fd >= 0)
            close(fd);
        return false;
    }
    http->expects = expects;
    if (watch(http, loop, fd))
        return true;
    snprintf(error->text, sizeof error->text, "out of memory");
    return false;
}

bool net_http_send(const struct net_http *http, struct cs_slice octets)
{
    while (octets.len > 0) {
        const ssize_t n = send(http->watch.fd, octets.at, octets.len, MSG_NOSIGNAL);
        if (n <= 0)
            return false;
        octets = (struct cs_slice){octets.at + n, octets.len - (size_t)n};
    }
    return true;
}

void net_http_finish(const struct net_http *http) { shutdown(http->watch.fd, SHUT_WR); }

void net_http_close(struct net_http *http)
{
    if (http->loop == NULL)
        return;
    net_watch_stop(http->loop, &http->watch);
    close(http->watch.fd);
    free(http->in);
    free(http->body);
    *http = (struct net_http){0};
}
