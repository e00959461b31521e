/* src/device/proxy/cache.c: what the proxy keeps of responses (RFC 7252 5.6, 5.9.1). */
#include "src/device/proxy/cache.h"

#include <stdio.h>
#include <string.h>

enum { DEFAULT_MAX_AGE = 60 }; /* 5.10.5 */

time_t proxy_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec;
}

bool proxy_knows(coap_option_num_t number)
{
    static const coap_option_num_t known[] = {
        COAP_OPTION_IF_MATCH,       COAP_OPTION_URI_HOST,  COAP_OPTION_ETAG,
        COAP_OPTION_IF_NONE_MATCH,  COAP_OPTION_OBSERVE,   COAP_OPTION_URI_PORT,
        COAP_OPTION_LOCATION_PATH,  COAP_OPTION_URI_PATH,  COAP_OPTION_CONTENT_FORMAT,
        COAP_OPTION_MAXAGE,         COAP_OPTION_URI_QUERY, COAP_OPTION_ACCEPT,
        COAP_OPTION_LOCATION_QUERY, COAP_OPTION_BLOCK2,    COAP_OPTION_BLOCK1,
        COAP_OPTION_SIZE2,          COAP_OPTION_PROXY_URI, COAP_OPTION_PROXY_SCHEME,
        COAP_OPTION_SIZE1};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (known[i] == number)
            return true;
    return false;
}

/* ------------------------------------------------------------------ keys */

static void add(struct proxy_key *key, const void *octets, size_t length)
{
    if (key->length == 0 || key->length + length > sizeof key->octets) {
        key->length = 0;
        return;
    }
    memcpy(key->octets + key->length, octets, length);
    key->length += length;
}

/* Options that need not match: those of the URI, which is compared apart, NoCacheKey (5.4.6) and, since this cache knows
 * what it means, ETag. */
static bool is_of_key(coap_option_num_t number)
{
    static const coap_option_num_t not_of[] = {COAP_OPTION_URI_HOST,  COAP_OPTION_URI_PORT,
                                               COAP_OPTION_URI_PATH,  COAP_OPTION_URI_QUERY,
                                               COAP_OPTION_PROXY_URI, COAP_OPTION_PROXY_SCHEME,
                                               COAP_OPTION_ETAG};
    for (size_t i = 0; i < sizeof not_of / sizeof not_of[0]; i++)
        if (not_of[i] == number)
            return false;
    return (number & 0x1e) != 0x1c;
}

void proxy_key_make(const struct proxy_cache *cache, struct proxy_key *key,
                    const coap_pdu_t *request)
{
    const uint8_t method = (uint8_t)coap_pdu_get_code(request);
    coap_opt_iterator_t walk;
    const coap_opt_t *option;
    size_t length = 0;
    const uint8_t *body = NULL;
    key->octets[0] = method;
    key->length = 1;
    if (device_has(cache->device, DEVICE_PROXY_KEYS_BY_URI))
        return;
    coap_option_iterator_init(request, &walk, COAP_OPT_ALL);
    while ((option = coap_option_next(&walk)) != NULL) {
        const uint16_t head[2] = {walk.number, (uint16_t)coap_opt_length(option)};
        if (!is_of_key(walk.number))
            continue;
        add(key, head, sizeof head);
        add(key, coap_opt_value(option), coap_opt_length(option));
    }
    if (coap_get_data(request, &length, &body) != 0) {
        add(key, "\xff", 1);
        add(key, body, length);
    }
}

void proxy_key_own(struct proxy_key *key, const coap_session_t *client)
{
    const coap_bin_const_t *who = coap_session_get_proto(client) == COAP_PROTO_DTLS
                                      ? coap_session_get_psk_identity(client)
                                      : NULL;
    if (who == NULL) {
        key->length = 0;
        return;
    }
    add(key, "\xfe", 1);
    add(key, who->s, who->length);
}

static bool same(const struct proxy_key *a, const struct proxy_key *b)
{
    return a->length == b->length && memcmp(a->octets, b->octets, a->length) == 0 &&
           strcmp(a->target, b->target) == 0;
}

/* ------------------------------------------------------------------ responses */

static void drop(struct proxy_stored *stored)
{
    coap_delete_pdu(stored->pdu);
    stored->pdu = NULL;
}

struct proxy_stored *proxy_cache_find(struct proxy_cache *cache, const struct proxy_key *key)
{
    for (size_t i = 0; i < PROXY_STORED_MAX && key->length > 0; i++)
        if (cache->stored[i].pdu != NULL && same(&cache->stored[i].key, key))
            return &cache->stored[i];
    return NULL;
}

bool proxy_is_fresh(const struct proxy_stored *stored)
{
    return proxy_now() - stored->at < (time_t)stored->max_age;
}

static unsigned max_age_of(const coap_pdu_t *pdu)
{
    coap_opt_iterator_t walk;
    const coap_opt_t *option = coap_check_option(pdu, COAP_OPTION_MAXAGE, &walk);
    if (option == NULL)
        return DEFAULT_MAX_AGE;
    return coap_decode_var_bytes(coap_opt_value(option), coap_opt_length(option));
}

void proxy_drop_unknown(const struct device *device, const coap_pdu_t *pdu,
                        coap_opt_filter_t *without)
{
    coap_opt_iterator_t walk;
    coap_option_iterator_init(pdu, &walk, COAP_OPT_ALL);
    while (device_has(device, DEVICE_PROXY_DROPS_UNKNOWN) && coap_option_next(&walk) != NULL)
        if (!proxy_knows(walk.number))
            coap_option_filter_set(without, walk.number);
}

coap_pdu_t *proxy_copy(const struct device *device, const coap_pdu_t *response,
                       coap_session_t *session, size_t token_length, const uint8_t *token,
                       int max_age)
{
    coap_opt_filter_t without;
    size_t length = 0;
    const uint8_t *body = NULL;
    uint8_t octets[4];
    coap_option_filter_clear(&without);
    if (max_age >= 0)
        coap_option_filter_set(&without, COAP_OPTION_MAXAGE);
    proxy_drop_unknown(device, response, &without);
    coap_pdu_t *copy = coap_pdu_duplicate(response, session, token_length, token, &without);
    if (copy == NULL)
        return NULL;
    if (max_age >= 0)
        coap_add_option(copy, COAP_OPTION_MAXAGE,
                        coap_encode_var_safe(octets, sizeof octets, (unsigned)max_age), octets);
    if (coap_get_data(response, &length, &body) != 0)
        coap_add_data(copy, length, body);
    return copy;
}

static void store(struct proxy_cache *cache, const struct proxy_key *key,
                  const coap_pdu_t *response, coap_session_t *session)
{
    struct proxy_stored *place = proxy_cache_find(cache, key);
    if (place == NULL)
        place = &cache->stored[cache->next++ % PROXY_STORED_MAX];
    if (place->pdu != NULL)
        drop(place);
    *place = (struct proxy_stored){.key = *key,
                                   .pdu = proxy_copy(cache->device, response, session, 0, NULL, -1),
                                   .at = proxy_now(),
                                   .max_age = max_age_of(response)};
}

static void forget(struct proxy_cache *cache, const char *target)
{
    for (size_t i = 0; i < PROXY_STORED_MAX; i++)
        if (cache->stored[i].pdu != NULL && strcmp(cache->stored[i].key.target, target) == 0)
            cache->stored[i].max_age = 0;
}

/* The URI that Location-* names, at the same origin (5.10.7). False: there is none. */
static bool location_of(const coap_pdu_t *response, const char *target, char *out, size_t cap)
{
    coap_opt_iterator_t walk;
    const coap_opt_t *option;
    size_t n = strcspn(target, "/");
    bool any = false, query = false;
    snprintf(out, cap, "%.*s", (int)n, target);
    coap_option_iterator_init(response, &walk, COAP_OPT_ALL);
    while ((option = coap_option_next(&walk)) != NULL) {
        const bool path = walk.number == COAP_OPTION_LOCATION_PATH;
        if (!path && walk.number != COAP_OPTION_LOCATION_QUERY)
            continue;
        any = true;
        n = strlen(out);
        snprintf(out + n, cap - n, "%s%.*s",
                 path    ? "/"
                 : query ? "&"
                         : "?",
                 (int)coap_opt_length(option), (const char *)coap_opt_value(option));
        query = !path;
    }
    return any;
}

void proxy_cache_learn(struct proxy_cache *cache, const struct proxy_key *key, unsigned method,
                       const coap_pdu_t *response, coap_session_t *session)
{
    const unsigned code = (unsigned)coap_pdu_get_code(response);
    char location[PROXY_TARGET_MAX];
    const bool changed =
        code == DEVICE_CODE(2, 1) || code == DEVICE_CODE(2, 2) || code == DEVICE_CODE(2, 4);
    if (changed && !device_has(cache->device, DEVICE_PROXY_NEVER_STALE)) {
        forget(cache, key->target);
        if (location_of(response, key->target, location, sizeof location))
            forget(cache, location);
    }
    const bool all = device_has(cache->device, DEVICE_PROXY_STORES_ALL_SUCCESS);
    const bool by_uri = device_has(cache->device, DEVICE_PROXY_KEYS_BY_URI);
    if ((method == COAP_REQUEST_GET || by_uri) && key->length > 0 &&
        (code == DEVICE_CODE(2, 5) || (all && code < DEVICE_CODE(4, 0))))
        store(cache, key, response, session);
}

void proxy_cache_validate(const struct proxy_cache *cache, struct proxy_stored *stored,
                          const coap_pdu_t *valid, coap_session_t *session)
{
    if (device_has(cache->device, DEVICE_PROXY_IGNORES_VALID))
        return;
    coap_opt_filter_t without;
    coap_opt_iterator_t walk;
    const coap_opt_t *option;
    size_t length = 0;
    const uint8_t *body = NULL;
    coap_option_filter_clear(&without);
    coap_option_iterator_init(valid, &walk, COAP_OPT_ALL);
    while (coap_option_next(&walk) != NULL)
        coap_option_filter_set(&without, walk.number);
    coap_pdu_t *renewed = coap_pdu_duplicate(stored->pdu, session, 0, NULL, &without);
    stored->at = proxy_now();
    stored->max_age = max_age_of(valid);
    if (renewed == NULL)
        return;
    coap_option_iterator_init(valid, &walk, COAP_OPT_ALL);
    while ((option = coap_option_next(&walk)) != NULL)
        coap_add_option(renewed, walk.number, coap_opt_length(option), coap_opt_value(option));
    if (coap_get_data(stored->pdu, &length, &body) != 0)
        coap_add_data(renewed, length, body);
    coap_delete_pdu(stored->pdu);
    stored->pdu = renewed;
}

void proxy_cache_fini(struct proxy_cache *cache)
{
    for (size_t i = 0; i < PROXY_STORED_MAX; i++)
        if (cache->stored[i].pdu != NULL)
            drop(&cache->stored[i]);
}
