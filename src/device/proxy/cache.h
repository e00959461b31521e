/* src/device/proxy/cache.h: what the proxy keeps of responses (RFC 7252 5.6, 5.9.1). */
#ifndef SRC_DEVICE_PROXY_CACHE_H
#define SRC_DEVICE_PROXY_CACHE_H

#include <time.h>

#include "src/device/resource/device.h"

enum { PROXY_KEY_MAX = 512, PROXY_TARGET_MAX = 272, PROXY_STORED_MAX = 64 };

/* What a stored response may be used for. */
struct proxy_key {
    char target[PROXY_TARGET_MAX]; /* "127.0.0.1:5683/path?query", with "coaps " before it */
    uint8_t
        octets[PROXY_KEY_MAX]; /* method, options and payload that must match (5.6, erratum 4948) */
    size_t length;             /* 0: too long for the cache */
};

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
coap_pdu_t *proxy_copy(const struct device *device, const coap_pdu_t *response,
                       coap_session_t *session, size_t token_length, const uint8_t *token,
                       int max_age);
/* With the fault of that name: adds the options that this proxy does not know. */
void proxy_drop_unknown(const struct device *device, const coap_pdu_t *pdu,
                        coap_opt_filter_t *without);
void proxy_cache_fini(struct proxy_cache *cache);

#endif
