/* Is it a cross-proxy? */
#include "src/profile/probe_http.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "src/net/http.h"

#define ANSWER_NS (3 * NET_SECOND)

/* An HTTP server that knows one word. */
struct web {
    struct net_loop *loop;
    struct net_watch listener;
    struct net_http http;
};

static void answer(void *user, struct net_http *http)
{
    static const char text[] = "HTTP/1.1 200 OK\r\nContent-Type: text/plain;charset=utf-8\r\n"
                               "Cache-Control: max-age=0\r\nContent-Length: 8\r\n"
                               "Connection: close\r\n\r\ncoapspec";
    (void)user;
    net_http_send(http, (struct cs_slice){(const uint8_t *)text, sizeof text - 1});
    net_http_finish(http);
}

static void accept_one(void *user)
{
    struct web *web = user;
    net_watch_stop(web->loop, &web->listener);
    web->http.ready = answer;
    net_http_accept(&web->http, web->loop, web->listener.fd);
}

enum profile_claim probe_to_http(struct ask *ask)
{
    struct cs_address address = ask->peer.socket.local;
    struct cs_error error = {0};
    struct web web = {.loop = ask->peer.loop};
    char text[64];
    address.port = 0;
    web.listener = (struct net_watch){
        .fd = net_http_listen(&address, &error), .ready = accept_one, .user = &web};
    if (web.listener.fd < 0 || !net_watch_start(ask->peer.loop, &web.listener))
        return PROFILE_UNKNOWN;
    const bool answered = ask_line(ask, "CON GET proxy-uri=http://%s/coapspec",
                                   cs_address_format(&address, text, sizeof text));
    const struct cs_slice body = ask->message.payload;
    const bool fetched = answered && ask->message.code == CS_CODE(2, 5) && body.len == 8 &&
                         memcmp(body.at, "coapspec", 8) == 0;
    net_watch_stop(ask->peer.loop, &web.listener);
    close(web.listener.fd);
    net_http_close(&web.http);
    return fetched ? PROFILE_YES : answered ? PROFILE_NO : PROFILE_UNKNOWN;
}

enum profile_claim probe_from_http(struct ask *ask, double port)
{
    struct cs_address proxy = ask->peer.to;
    struct cs_error error = {0};
    struct net_http http = {0};
    char text[200], own[64];
    if (port > 0 && port < 65536)
        proxy.port = (uint16_t)port;
    if (!net_http_connect(&http, ask->peer.loop, &proxy, NET_HTTP_RESPONSE, &error))
        return PROFILE_NO;
    cs_address_format(&ask->peer.socket.local, own, sizeof own);
    const int n =
        snprintf(text, sizeof text,
                 "GET coap://%s/ HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n", own, own);
    const uint64_t until = net_now() + ANSWER_NS;
    if (net_http_send(&http, (struct cs_slice){(const uint8_t *)text, (size_t)n}))
        while (http.state == NET_HTTP_MORE && !ask->forwarded && net_now() < until)
            net_loop_turn(ask->peer.loop, until);
    net_http_close(&http);
    return ask->forwarded ? PROFILE_YES : PROFILE_UNKNOWN;
}
