/* net/http.h: as much of HTTP/1.1 (RFC 9112) as a peer of a cross-proxy needs: one request, one response, one connection.
 *
 * Everything is bounded: a head of 8 KiB, 64 fields, a body of 64 KiB. What is more is refused, not cut. */
#ifndef SRC_NET_HTTP_H
#define SRC_NET_HTTP_H

#include "coapspec/dissect.h"
#include "src/net/loop.h"

enum { NET_HTTP_HEAD_MAX = 8192, NET_HTTP_BODY_MAX = 65536, NET_HTTP_FIELDS_MAX = 64 };
enum {
    NET_HTTP_MAX = NET_HTTP_HEAD_MAX + 2 * NET_HTTP_BODY_MAX
}; /* octets, chunk sizes included */

enum net_http_kind {
    NET_HTTP_REQUEST,
    NET_HTTP_RESPONSE,
    NET_HTTP_RESPONSE_TO_HEAD /* whatever follows its head should not be there; it ends with the connection */
};

enum net_http_state { NET_HTTP_MORE, NET_HTTP_WHOLE, NET_HTTP_BAD };

struct net_http_field {
    struct cs_slice name, value;
};

/* Borrows from what was parsed, its body from the room given. */
struct net_http_message {
    struct cs_slice method, target; /* of a request */
    unsigned status;                /* of a response */
    struct net_http_field fields[NET_HTTP_FIELDS_MAX];
    size_t field_count;
    struct cs_slice body;
    const char *why; /* when it is bad */
};

/* Reads a message at the beginning of `octets`; `ended`: nothing comes behind them. `body` has room for NET_HTTP_BODY_MAX. */
enum net_http_state net_http_parse(enum net_http_kind kind, struct cs_slice octets, bool ended,
                                   uint8_t *body, struct net_http_message *out);
/* The value of the first field of that name, whatever its case. */
bool net_http_field(const struct net_http_message *message, const char *name,
                    struct cs_slice *value);

/* A connection: one message comes in, one goes out. */
struct net_http {
    struct net_loop *loop;
    struct net_watch watch;
    enum net_http_kind expects;
    struct net_http_message message;
    enum net_http_state state;
    uint8_t *in, *body; /* owned */
    size_t length;
    uint64_t at_ns;                                   /* when the message was whole, or bad */
    void (*ready)(void *user, struct net_http *http); /* the state is no longer NET_HTTP_MORE */
    void *user;
};

/* A socket that listens on the address, any port where that is 0; `address` becomes what it got. -1 with `error`. */
int net_http_listen(struct cs_address *address, struct cs_error *error);
/* Takes a connection in. False: there is none, or no memory. */
bool net_http_accept(struct net_http *http, struct net_loop *loop, int listener);
/* Connects, within a second. False with `error`. */
bool net_http_connect(struct net_http *http, struct net_loop *loop, const struct cs_address *to,
                      enum net_http_kind expects, struct cs_error *error);
/* Sends all of it, within a second. */
bool net_http_send(const struct net_http *http, struct cs_slice octets);
/* Nothing more will be said by us. */
void net_http_finish(const struct net_http *http);
void net_http_close(struct net_http *http);

#endif
