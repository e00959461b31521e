/* run/http.h: the HTTP side of a case, where the device is a cross-proxy (RFC 7252 section 10). */
#ifndef SRC_RUN_HTTP_H
#define SRC_RUN_HTTP_H

#include "src/net/http.h"
#include "src/run/case.h"

enum { RUN_HTTP_MAX = 32 }; /* connections of one case */

/* A connection, in either direction. */
struct run_http_peer {
    struct run_case *owner;
    struct net_http http;
    bool came;  /* the proxy opened it: it brings a request */
    bool taken; /* by a step */
};

struct run_http {
    struct run_case *owner;
    struct net_watch listener; /* fd -1: none */
    struct cs_address address;
    struct run_http_peer *peers[RUN_HTTP_MAX];
    size_t count;
    struct run_http_peer *request; /* the one that was awaited last */
    struct run_http_peer *asked;   /* where our last request went */
};

/* The HTTP side of the case; made when it is first asked for. NULL without memory. */
struct run_http *run_http(struct run_case *c);
/* We listen, at an address that the device can reach. False with `error`. */
bool run_http_serve(struct run_case *c, struct cs_error *error);
/* Sends a request on a connection of its own. False with `error`. */
bool run_http_ask(struct run_case *c, const struct cs_address *to, enum net_http_kind expects,
                  struct cs_slice octets, struct cs_error *error);
void run_http_free(struct run_case *c);

#endif
