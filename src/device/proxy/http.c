/* src/device/proxy/http.c: the proxy's HTTP side: connections to HTTP servers, and from HTTP clients (RFC 7252 section 10). One message
 * each way on a connection; names and connections are waited for while everything else waits. */
#include "src/device/proxy/http.h"

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "src/device/proxy/http_map.h"

enum { CONNECTIONS = 16, IN_MAX = 16384, PATIENCE_S = 10 };

struct connection {
    int fd;       /* -1: the place is free */
    bool inbound; /* of an HTTP client */
    time_t since;
    size_t length;
    char in[IN_MAX + 1];
    struct proxy_exchange *exchange; /* outbound: who waits; NULL: nobody any more */
    coap_session_t *origin;          /* inbound: where its request went; NULL: not yet */
    uint8_t token[8];
    char method[8];
};

struct device_http {
    struct device *device;
    int listener; /* -1: none */
    struct connection connections[CONNECTIONS];
};

static struct connection *new_connection(struct device_http *http, int fd, bool inbound)
{
    for (size_t i = 0; i < CONNECTIONS; i++) {
        struct connection *c = &http->connections[i];
        if (c->fd >= 0)
            continue;
        *c = (struct connection){.fd = fd, .inbound = inbound, .since = proxy_now()};
        return c;
    }
    close(fd);
    return NULL;
}

static void drop(struct connection *c)
{
    if (c->origin != NULL)
        coap_session_release(c->origin);
    if (c->fd >= 0)
        close(c->fd);
    c->origin = NULL;
    c->exchange = NULL;
    c->fd = -1;
}

static bool say(const struct connection *c, const char *text, size_t length)
{
    while (length > 0) {
        const ssize_t n = send(c->fd, text, length, MSG_NOSIGNAL);
        if (n <= 0)
            return false;
        text += n;
        length -= (size_t)n;
    }
    return true;
}

static void answer_status(struct connection *c, unsigned status)
{
    char text[128];
    const int n =
        snprintf(text, sizeof text,
                 "HTTP/1.1 %u Refused\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", status);
    say(c, text, (size_t)n);
    drop(c);
}

/* Nobody will answer it any more. */
static void give_up(struct connection *c, bool no_answer)
{
    if (c->inbound)
        answer_status(c, no_answer ? 504 : 502);
    else if (c->exchange != NULL)
        proxy_refuse(c->exchange, no_answer ? DEVICE_CODE(5, 4) : DEVICE_CODE(5, 2));
    drop(c);
}

/* ------------------------------------------------------------------ messages */

/* Has all of it come? A response without a length ends with the connection. */
static bool is_whole(struct connection *c, bool ended, struct http_text *out)
{
    char length[16];
    c->in[c->length] = '\0';
    const char *end = strstr(c->in, "\r\n\r\n");
    if (end == NULL)
        return false;
    *out = (struct http_text){.start = c->in, .head = (size_t)(end - c->in) + 2, .body = end + 4};
    out->length = c->length - out->head - 2;
    if (!http_field(out, "Content-Length", length, sizeof length))
        return c->inbound || ended || strncmp(c->in + 9, "204", 3) == 0;
    const size_t due = strtoul(length, NULL, 10);
    if (out->length < due)
        return false;
    out->length = due;
    return true;
}

/* ------------------------------------------------------------------ to an HTTP server */

void device_http_forward(struct device_http *http, struct proxy_exchange *e,
                         const coap_pdu_t *request, const struct proxy_destination *to)
{
    const struct device *device = http->device;
    char text[IN_MAX];
    const bool con = coap_pdu_get_type(request) == COAP_MESSAGE_CON;
    const size_t length = http_from_request(device, request, to, text, sizeof text);
    const int fd = socket(to->address.addr.sa.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (length == 0 || fd < 0 || (!con && device_has(device, DEVICE_PROXY_HTTP_CON_ONLY)) ||
        connect(fd, &to->address.addr.sa, to->address.size) != 0) {
        if (fd >= 0)
            close(fd);
        proxy_refuse(e, DEVICE_CODE(5, 2));
        return;
    }
    struct connection *c = new_connection(http, fd, false);
    if (c == NULL) {
        proxy_refuse(e, DEVICE_CODE(5, 3));
        return;
    }
    c->exchange = e;
    if (!say(c, text, length))
        give_up(c, false);
}

void device_http_forget(struct device_http *http, const struct proxy_exchange *e)
{
    for (size_t i = 0; i < CONNECTIONS; i++)
        if (http->connections[i].exchange == e)
            drop(&http->connections[i]);
}

static void take_response(const struct device *device, struct connection *c,
                          const struct http_text *message)
{
    if (c->exchange != NULL && c->exchange->client != NULL) {
        proxy_give_back(c->exchange, http_to_response(device, c->exchange, message));
        proxy_finish(c->exchange);
    }
    drop(c);
}

/* ------------------------------------------------------------------ from an HTTP client */

static bool find(const coap_uri_t *uri, coap_address_t *out)
{
    char host[128], port[8];
    const struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_DGRAM};
    struct addrinfo *found = NULL;
    snprintf(host, sizeof host, "%.*s", (int)uri->host.length, (const char *)uri->host.s);
    snprintf(port, sizeof port, "%u", (unsigned)uri->port);
    if (getaddrinfo(host, port, &hints, &found) != 0)
        return false;
    coap_address_init(out);
    out->size = (socklen_t)found->ai_addrlen;
    memcpy(&out->addr, found->ai_addr, found->ai_addrlen);
    freeaddrinfo(found);
    return true;
}

static void take_request(struct device *device, struct connection *c,
                         const struct http_text *message)
{
    const size_t method = strcspn(message->start, " \r"), target = method + 1;
    const size_t length = strcspn(message->start + target, " \r");
    coap_uri_t uri;
    coap_address_t address;
    unsigned status = 502;
    snprintf(c->method, sizeof c->method, "%.*s", (int)method, message->start);
    if (device_has(device, DEVICE_PROXY_WEB_ANSWERS_OPTIONS) &&
        (strcmp(c->method, "OPTIONS") == 0 || strcmp(c->method, "TRACE") == 0)) {
        answer_status(c, 200);
        return;
    }
    if (coap_split_uri((const uint8_t *)message->start + target, length, &uri) < 0 ||
        uri.scheme != COAP_URI_SCHEME_COAP) {
        answer_status(c, 501); /* RFC 7252 10.2: unable to service it */
        return;
    }
    if (find(&uri, &address))
        c->origin = coap_new_client_session(device->coap, NULL, &address, COAP_PROTO_UDP);
    coap_prng(c->token, sizeof c->token);
    coap_pdu_t *pdu = c->origin != NULL ? http_to_request(message, &uri, c->origin, c->token,
                                                          sizeof c->token, &status)
                                        : NULL;
    if (pdu == NULL || coap_send(c->origin, pdu) == COAP_INVALID_MID)
        answer_status(c, status);
}

static struct connection *of_session(struct device_http *http, const coap_session_t *session)
{
    for (size_t i = 0; i < CONNECTIONS; i++)
        if (http->connections[i].origin == session)
            return &http->connections[i];
    return NULL;
}

bool device_http_response(struct device_http *http, const coap_session_t *session,
                          const coap_pdu_t *received)
{
    char text[IN_MAX];
    struct connection *c = of_session(http, session);
    const coap_bin_const_t token = coap_pdu_get_token(received);
    if (c == NULL || token.length != sizeof c->token ||
        memcmp(token.s, c->token, sizeof c->token) != 0)
        return false;
    const size_t length = http_from_response(http->device, c->method, received, text, sizeof text);
    if (length == 0) {
        give_up(c, false);
    } else {
        say(c, text, length);
        shutdown(c->fd, SHUT_WR);
        drop(c);
    }
    return true;
}

bool device_http_failed(struct device_http *http, const coap_session_t *session, bool no_answer)
{
    struct connection *c = of_session(http, session);
    if (c != NULL)
        give_up(c, no_answer);
    return c != NULL;
}

/* ------------------------------------------------------------------ the sockets */

static void serve(struct device *device, struct connection *c)
{
    struct http_text message;
    const ssize_t n = recv(c->fd, c->in + c->length, IN_MAX - c->length, MSG_DONTWAIT);
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (n > 0)
        c->length += (size_t)n;
    const bool waits = c->inbound && c->origin != NULL; /* for the origin server: nothing is read */
    if (!waits && is_whole(c, n <= 0, &message)) {
        if (c->inbound)
            take_request(device, c, &message);
        else
            take_response(device, c, &message);
    } else if (n <= 0) {
        if (c->inbound)
            drop(c);
        else
            give_up(c, false);
    }
}

void device_http_wait(struct device_http *http, unsigned ms)
{
    coap_context_t *coap = http->device->coap;
    struct pollfd polls[CONNECTIONS + 2] = {
        {.fd = coap_context_get_coap_fd(coap), .events = POLLIN},
        {.fd = http->listener, .events = POLLIN}};
    for (size_t i = 0; i < CONNECTIONS; i++)
        polls[i + 2] = (struct pollfd){.fd = http->connections[i].fd, .events = POLLIN};
    poll(polls, CONNECTIONS + 2, polls[0].fd >= 0 ? (int)ms : 10);
    coap_io_process(coap, COAP_IO_NO_WAIT);
    for (size_t i = 0; i < CONNECTIONS; i++) {
        struct connection *c = &http->connections[i];
        if (c->fd >= 0 && c->fd == polls[i + 2].fd && polls[i + 2].revents != 0)
            serve(http->device, c);
        else if (c->fd >= 0 && proxy_now() - c->since >= PATIENCE_S)
            give_up(c, true);
    }
    if (polls[1].revents != 0) {
        const int fd = accept4(http->listener, NULL, NULL, SOCK_CLOEXEC);
        if (fd >= 0)
            new_connection(http, fd, true);
    }
}

/* At the port of our UDP socket, on all addresses. Without it, the proxy takes no HTTP requests. */
static int listen_at(unsigned port)
{
    const int yes = 1, no = 0;
    struct sockaddr_in6 any = {.sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port)};
    const int fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) == 0 &&
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &no, sizeof no) == 0 &&
        bind(fd, (struct sockaddr *)&any, sizeof any) == 0 && listen(fd, CONNECTIONS) == 0)
        return fd;
    fprintf(stderr, "coapspec-device: no HTTP at port %u: %s\n", port, strerror(errno));
    if (fd >= 0)
        close(fd);
    return -1;
}

struct device_http *device_http_new(struct device *device, unsigned port)
{
    struct device_http *http = calloc(1, sizeof *http);
    if (http == NULL)
        return NULL;
    http->device = device;
    for (size_t i = 0; i < CONNECTIONS; i++)
        http->connections[i].fd = -1;
    http->listener = port == 0 ? -1 : listen_at(port);
    return http;
}

void device_http_free(struct device_http *http)
{
    if (http == NULL)
        return;
    for (size_t i = 0; i < CONNECTIONS; i++)
        drop(&http->connections[i]);
    if (http->listener >= 0)
        close(http->listener);
    free(http);
}
