/* src/device/proxy.h: the device as a forward-proxy for coap URIs (RFC 7252 5.6, 5.7), between proxy.c and its cache. */
#ifndef SRC_DEVICE_PROXY_H
#define SRC_DEVICE_PROXY_H

#include "src/device/device.h"

#include <time.h>

enum { PROXY_KEY_MAX = 512, PROXY_TARGET_MAX = 272, PROXY_STORED_MAX = 64 };

/* What a stored response may be used for. */
struct proxy_key {
    char target[PROXY_TARGET_MAX]; /* "127.0.0.1:5683/path?query", with "coaps " before it */
    uint8_t
        octets[PROXY_KEY_MAX]; /* method, options and payload that must match (5.6, erratum 4948) */
    size_t length;             /* 0: too long for the cache */
};

/* A request under way, or remembered so that its copies are not forwarded. */
struct proxy_exchange {
    coap_session_t *client, *origin; /* referenced while the response is due; NULL later */
    coap_address_t from;
    coap_mid_t mid;
    coap_pdu_type_t type;
    time_t since;
    uint8_t token[8], own_token[8];
    size_t token_length;
    unsigned method;
    bool has_etag; /* the client validates something of its own */
    struct proxy_key key;
};

/* Where a request is to go. */
struct proxy_destination {
    coap_address_t address;
    bool http;   /* by HTTP */
    bool secure; /* over DTLS */
    bool
        by_uri; /* its path and query come from Proxy-Uri; else from Uri-Path and Uri-Query as they are */
    coap_uri_t uri;
    char host[128], path[PROXY_TARGET_MAX - 80];
};

/* Takes the message over and gives it to the client. */
void proxy_give_back(struct proxy_exchange *e, coap_pdu_t *pdu);
/* Gives the client an error. */
void proxy_refuse(struct proxy_exchange *e, unsigned code);
/* Nothing more is due. */
void proxy_finish(struct proxy_exchange *e);

/* A stored response. */
struct proxy_stored {
    struct proxy_key key;
    coap_pdu_t *pdu; /* NULL: the place is free */
    time_t at;       /* when it came, or was validated last */
    unsigned max_age;
};

struct proxy_cache {
    const struct device *device; /* for its faults */
    struct proxy_stored stored[PROXY_STORED_MAX];
    size_t next;
};

time_t proxy_now(void);
/* An option that this proxy knows. */
bool proxy_knows(coap_option_num_t number);
/* The key of a request; Uri-* and Proxy-* are in `target` already. */
void proxy_key_make(const struct proxy_cache *cache, struct proxy_key *key,
                    const coap_pdu_t *request);
/* What answers a coaps request is for the client alone that asked for it, by the identity of its key; without one it is not kept
 * (11.2). */
void proxy_key_own(struct proxy_key *key, const coap_session_t *client);
/* The stored response to such a request, fresh or not; NULL. */
struct proxy_stored *proxy_cache_find(struct proxy_cache *cache, const struct proxy_key *key);
bool proxy_is_fresh(const struct proxy_stored *stored);
/* Takes note of what the origin said to a request: stores, or marks as stale (5.9.1). */
void proxy_cache_learn(struct proxy_cache *cache, const struct proxy_key *key, unsigned method,
                       const coap_pdu_t *response, coap_session_t *session);
/* A 2.03 of the origin: freshness and options of the stored response are renewed (5.9.1.3). */
void proxy_cache_validate(const struct proxy_cache *cache, struct proxy_stored *stored,
                          const coap_pdu_t *valid, coap_session_t *session);
/* A copy of a response for a client: with its payload, and with Max-Age less its age; NULL without memory. */
coap_pdu_t *proxy_copy(const coap_pdu_t *response, coap_session_t *session, size_t token_length,
                       const uint8_t *token, int max_age);
/* With the fault of that name: adds the options that this proxy does not know. */
void proxy_drop_unknown(const struct device *device, const coap_pdu_t *pdu,
                        coap_opt_filter_t *without);
void proxy_cache_fini(struct proxy_cache *cache);

/* ------------------------------------------------------------------ http.c, http_map.c */

/* Sends the request to an HTTP server; the response goes back by proxy_give_back() when it is there. */
void device_http_forward(struct device *device, struct proxy_exchange *e, const coap_pdu_t *request,
                         const struct proxy_destination *to);
/* The exchange is used for another request: an answer to this one goes nowhere. */
void device_http_forget(struct device *device, const struct proxy_exchange *e);
/* Listens for HTTP requests at the TCP port that has the number of our UDP port. False when there is no memory. */
bool device_http_init(struct device *device);
void device_http_fini(struct device *device);

/* An HTTP message as it came in: text up to `head`, then the body. */
struct http_text {
    const char *start; /* its first line, and the fields behind it */
    size_t head;
    const char *body;
    size_t length;
};
/* The value of a field, up to the end of its line, copied; false: there is none. */
bool http_field(const struct http_text *message, const char *name, char *out, size_t cap);
/* The HTTP request for a CoAP request; the length, 0: does not fit. */
size_t http_from_request(const struct device *device, const coap_pdu_t *request,
                         const struct proxy_destination *to, char *out, size_t cap);
/* The CoAP response for an HTTP response, to hand to proxy_give_back(); NULL without memory. */
coap_pdu_t *http_to_response(const struct device *device, const struct proxy_exchange *e,
                             const struct http_text *message);
/* The CoAP request for an HTTP request; `uri` is its target. NULL: an HTTP status in `*status` says why not. */
coap_pdu_t *http_to_request(const struct http_text *message, const coap_uri_t *uri,
                            coap_session_t *session, const uint8_t *token, size_t token_length,
                            unsigned *status);
/* The HTTP response for a CoAP response to `method`; the length, 0: does not fit. */
size_t http_from_response(const struct device *device, const char *method,
                          const coap_pdu_t *response, char *out, size_t cap);

#endif
