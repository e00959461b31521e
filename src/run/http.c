/* The HTTP side of a case. */
#include "src/run/http.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "src/run/run.h"

struct run_http *run_http(struct run_case *c)
{
    if (c->http == NULL && (c->http = calloc(1, sizeof *c->http)) != NULL) {
        c->http->owner = c;
        c->http->listener.fd = -1;
    }
    return c->http;
}

/* A message is whole: the steps look at it. */
static void on_ready(void *user, struct net_http *http)
{
    struct run_http_peer *peer = user;
    (void)http;
    if (peer->came)
        peer->owner->heard = true;
    run_pump(peer->owner);
}

static struct run_http_peer *new_peer(struct run_http *h)
{
    struct run_http_peer *peer = h->count < RUN_HTTP_MAX ? calloc(1, sizeof *peer) : NULL;
    if (peer == NULL)
        return NULL;
    peer->owner = h->owner;
    peer->http.ready = on_ready;
    peer->http.user = peer;
    h->peers[h->count++] = peer;
    return peer;
}

static void drop_last(struct run_http *h) { free(h->peers[--h->count]); }

static void on_connection(void *user)
{
    struct run_http *h = user;
    struct run_http_peer *peer = new_peer(h);
    if (peer ==
        NULL) { /* it goes on waiting in the kernel, and we are not woken for it again and again */
        net_watch_stop(h->owner->run->loop, &h->listener);
        return;
    }
    peer->came = true;
    if (!net_http_accept(&peer->http, h->owner->run->loop, h->listener.fd))
        drop_last(h);
}

bool run_http_serve(struct run_case *c, struct cs_error *error)
{
    struct run_http *h = run_http(c);
    if (h == NULL) {
        snprintf(error->text, sizeof error->text, "out of memory");
        return false;
    }
    if (h->listener.fd >= 0)
        return true;
    h->address = c->endpoints[0].socket.local;
    h->address.port = 0;
    h->listener = (struct net_watch){
        .fd = net_http_listen(&h->address, error), .ready = on_connection, .user = h};
    return h->listener.fd >= 0 && net_watch_start(c->run->loop, &h->listener);
}

bool run_http_ask(struct run_case *c, const struct cs_address *to, enum net_http_kind expects,
                  struct cs_slice octets, struct cs_error *error)
{
    struct run_http *h = run_http(c);
    struct run_http_peer *peer = h != NULL ? new_peer(h) : NULL;
    if (peer == NULL) {
        snprintf(error->text, sizeof error->text, "more than %d connections", RUN_HTTP_MAX);
        return false;
    }
    if (!net_http_connect(&peer->http, c->run->loop, to, expects, error)) {
        drop_last(h);
        return false;
    }
    h->asked = peer;
    if (net_http_send(&peer->http, octets))
        return true;
    snprintf(error->text, sizeof error->text, "the proxy takes no HTTP request");
    return false;
}

void run_http_free(struct run_case *c)
{
    struct run_http *h = c->http;
    if (h == NULL)
        return;
    if (h->listener.fd >= 0) {
        net_watch_stop(c->run->loop, &h->listener);
        close(h->listener.fd);
    }
    for (size_t i = 0; i < h->count; i++) {
        net_http_close(&h->peers[i]->http);
        free(h->peers[i]);
    }
    free(h);
    c->http = NULL;
}
