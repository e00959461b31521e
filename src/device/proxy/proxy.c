/* src/device/proxy/proxy.c: the device as a forward-proxy: one request in, one request out (RFC 7252 5.7).
 *
 * Responses go back separately, the request being acknowledged at once. libcoap reassembles blocks on both sides. */
#include "src/device/proxy/proxy.h"

#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/device/common/secure.h"
#include "src/device/proxy/http.h"
#include "src/device/resource/request.h"

enum { EXCHANGES_MAX = 64, ORIGIN_PATIENCE_S = 10, REMEMBERED_S = 247 };

struct device_proxy {
    struct device *device;
    const struct device_options *options;
    struct device_http *http;
    struct proxy_exchange exchanges[EXCHANGES_MAX];
    size_t next;
    struct proxy_cache cache;
};

/* ------------------------------------------------------------------ URIs */

static void add_segment(char *out, size_t cap, char mark, const coap_opt_t *option)
{
    const size_t n = strlen(out);
    snprintf(out + n, cap - n, "%c%.*s", mark, (int)coap_opt_length(option),
             (const char *)coap_opt_value(option));
}

/* An IPv6 address stands in brackets (RFC 7252 5.10.1, RFC 3986 3.2.2). */
static void read_host(struct proxy_destination *to, const coap_opt_t *option)
{
    const char *at = (const char *)coap_opt_value(option);
    size_t n = coap_opt_length(option);
    if (n > 2 && at[0] == '[' && at[n - 1] == ']') {
        at++;
        n -= 2;
    }
    snprintf(to->host, sizeof to->host, "%.*s", (int)n, at);
}

static void read_uri_options(const coap_pdu_t *request, struct proxy_destination *to)
{
    coap_opt_iterator_t walk;
    const coap_opt_t *option;
    bool query = false;
    coap_option_iterator_init(request, &walk, COAP_OPT_ALL);
    while ((option = coap_option_next(&walk)) != NULL) {
        if (walk.number == COAP_OPTION_URI_HOST)
            read_host(to, option);
        else if (walk.number == COAP_OPTION_URI_PORT)
            to->uri.port =
                (uint16_t)coap_decode_var_bytes(coap_opt_value(option), coap_opt_length(option));
        else if (walk.number == COAP_OPTION_URI_PATH)
            add_segment(to->path, sizeof to->path, '/', option);
        else if (walk.number == COAP_OPTION_URI_QUERY) {
            add_segment(to->path, sizeof to->path, query ? '&' : '?', option);
            query = true;
        }
    }
}

static bool resolve(struct proxy_destination *to)
{
    char port[8];
    const struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_DGRAM};
    struct addrinfo *found = NULL;
    snprintf(port, sizeof port, "%u", (unsigned)to->uri.port);
    if (to->host[0] == '\0' || getaddrinfo(to->host, port, &hints, &found) != 0)
        return false;
    coap_address_init(&to->address);
    to->address.size = (socklen_t)found->ai_addrlen;
    memcpy(&to->address.addr, found->ai_addr, found->ai_addrlen);
    freeaddrinfo(found);
    return true;
}

/* The schemes that we reach, from Proxy-Scheme, with their ports. */
static bool read_scheme(struct proxy_destination *to, const coap_opt_t *option)
{
    static const struct {
        const char *name;
        coap_uri_scheme_t scheme;
        uint16_t port;
    } known[] = {{"coap", COAP_URI_SCHEME_COAP, COAP_DEFAULT_PORT},
                 {"coaps", COAP_URI_SCHEME_COAPS, COAPS_DEFAULT_PORT},
                 {"http", COAP_URI_SCHEME_HTTP, 80}};
    for (size_t i = 0; option != NULL && i < sizeof known / sizeof known[0]; i++)
        if (coap_opt_length(option) == strlen(known[i].name) &&
            memcmp(coap_opt_value(option), known[i].name, strlen(known[i].name)) == 0) {
            to->uri.scheme = known[i].scheme;
            to->uri.port = known[i].port;
            return true;
        }
    return false;
}

/* A code to refuse with, or 0. */
static unsigned find_destination(const coap_pdu_t *request, struct proxy_destination *to)
{
    coap_opt_iterator_t walk;
    const coap_opt_t *uri = coap_check_option(request, COAP_OPTION_PROXY_URI, &walk);
    memset(to, 0, sizeof *to);
    to->by_uri = uri != NULL;
    to->uri.port = COAP_DEFAULT_PORT;
    if (uri != NULL) {
        if (coap_split_proxy_uri(coap_opt_value(uri), coap_opt_length(uri), &to->uri) < 0 ||
            to->uri.host.length == 0 || to->uri.host.length >= sizeof to->host ||
            to->uri.path.length + to->uri.query.length + 3 > sizeof to->path)
            return DEVICE_CODE(4, 0);
        snprintf(to->host, sizeof to->host, "%.*s", (int)to->uri.host.length,
                 (const char *)to->uri.host.s);
        snprintf(to->path, sizeof to->path, "/%.*s%s%.*s", (int)to->uri.path.length,
                 (const char *)to->uri.path.s, to->uri.query.length > 0 ? "?" : "",
                 (int)to->uri.query.length, (const char *)to->uri.query.s);
    } else {
        const coap_opt_t *scheme = coap_check_option(request, COAP_OPTION_PROXY_SCHEME, &walk);
        if (!read_scheme(to, scheme))
            return DEVICE_CODE(5, 5);
        read_uri_options(request, to);
    }
    to->http = to->uri.scheme == COAP_URI_SCHEME_HTTP;
    to->secure = to->uri.scheme == COAP_URI_SCHEME_COAPS;
    if (!to->http && !to->secure && to->uri.scheme != COAP_URI_SCHEME_COAP)
        return DEVICE_CODE(5, 5);
    return resolve(to) ? 0 : DEVICE_CODE(5, 2);
}

/* One of our own names (5.7.2): an address of ours, plain or mapped into IPv6, and our port. */
static bool is_ourselves(const coap_session_t *session, const struct proxy_destination *to)
{
    const coap_address_t *own = coap_session_get_addr_local(session);
    char a[64], b[64];
    if (coap_address_get_port(own) != coap_address_get_port(&to->address) ||
        getnameinfo(&own->addr.sa, own->size, a, sizeof a, NULL, 0, NI_NUMERICHOST) != 0 ||
        getnameinfo(&to->address.addr.sa, to->address.size, b, sizeof b, NULL, 0, NI_NUMERICHOST) !=
            0)
        return false;
    const char *plain[2] = {a, b};
    for (size_t i = 0; i < 2; i++)
        if (strncmp(plain[i], "::ffff:", 7) == 0)
            plain[i] += 7;
    return strcmp(plain[0], plain[1]) == 0 ||
           (strncmp(plain[0], "127.", 4) == 0 &&
            (strncmp(plain[1], "127.", 4) == 0 || strcmp(plain[1], "::1") == 0));
}

/* The request as its destination is to see it. */
static coap_pdu_t *translate(const struct device *device, const coap_pdu_t *request,
                             coap_session_t *session, const struct proxy_destination *to,
                             size_t token_length, const uint8_t *token)
{
    static const coap_option_num_t ours[] = {COAP_OPTION_PROXY_URI, COAP_OPTION_PROXY_SCHEME,
                                             COAP_OPTION_URI_HOST, COAP_OPTION_URI_PORT};
    coap_opt_filter_t without;
    size_t length = 0;
    const uint8_t *body = NULL;
    coap_option_filter_clear(&without);
    for (size_t i = 0; i < sizeof ours / sizeof ours[0]; i++)
        coap_option_filter_set(&without, ours[i]);
    if (device_has(device, DEVICE_PROXY_FORWARDS_URI))
        coap_option_filter_clear(&without);
    if (to->by_uri) { /* Proxy-Uri takes precedence (5.10.2) */
        coap_option_filter_set(&without, COAP_OPTION_URI_PATH);
        coap_option_filter_set(&without, COAP_OPTION_URI_QUERY);
    }
    proxy_drop_unknown(device, request, &without);
    coap_pdu_t *pdu = coap_pdu_duplicate(request, session, token_length, token, &without);
    if (pdu == NULL)
        return NULL;
    coap_pdu_set_type(pdu, COAP_MESSAGE_CON);
    if (strspn(to->host, "0123456789.") != strlen(to->host) && strchr(to->host, ':') == NULL)
        coap_add_option(pdu, COAP_OPTION_URI_HOST, strlen(to->host), (const uint8_t *)to->host);
    if (to->by_uri) {
        device_add_parts(pdu, COAP_OPTION_URI_PATH, &to->uri.path);
        device_add_parts(pdu, COAP_OPTION_URI_QUERY, &to->uri.query);
    }
    if (coap_get_data(request, &length, &body) != 0)
        coap_add_data(pdu, length, body);
    return pdu;
}

/* ------------------------------------------------------------------ the way back */

static void give_stored(struct proxy_exchange *e, const struct proxy_stored *stored)
{
    const time_t age = proxy_now() - stored->at;
    const int left =
        (int)stored->max_age - (device_has(e->device, DEVICE_PROXY_KEEPS_MAX_AGE) ? 0 : (int)age);
    proxy_give_back(e, proxy_copy(e->device, stored->pdu, e->client, e->token_length, e->token,
                                  left > 0 ? left : 0));
    proxy_finish(e);
}

/* An option in it that we neither know nor may forward (5.7.1). */
static bool has_unknown_unsafe(const coap_pdu_t *pdu)
{
    coap_opt_iterator_t walk;
    coap_option_iterator_init(pdu, &walk, COAP_OPT_ALL);
    while (coap_option_next(&walk) != NULL)
        if ((walk.number & 2) != 0 && !proxy_knows(walk.number))
            return true;
    return false;
}

static struct proxy_exchange *exchange_of(struct device_proxy *proxy, const coap_session_t *origin)
{
    for (size_t i = 0; i < EXCHANGES_MAX; i++)
        if (origin != NULL && proxy->exchanges[i].origin == origin)
            return &proxy->exchanges[i];
    return NULL;
}

bool device_proxy_response(struct device_proxy *proxy, coap_session_t *session,
                           const coap_pdu_t *received)
{
    struct proxy_exchange *e = exchange_of(proxy, session);
    const coap_bin_const_t token = coap_pdu_get_token(received);
    if (e == NULL || token.length != sizeof e->own_token ||
        memcmp(token.s, e->own_token, token.length) != 0)
        return false;
    struct proxy_cache *cache = &proxy->cache;
    struct proxy_stored *stored = proxy_cache_find(cache, &e->key);
    if (has_unknown_unsafe(received) && !device_has(proxy->device, DEVICE_PROXY_FORWARDS_UNSAFE)) {
        proxy_refuse(e, DEVICE_CODE(5, 2));
    } else if (coap_pdu_get_code(received) == COAP_RESPONSE_CODE_VALID && !e->has_etag &&
               stored != NULL) {
        proxy_cache_validate(cache, stored, received, session);
        give_stored(e, stored);
    } else {
        proxy_cache_learn(cache, &e->key, e->method, received, session);
        proxy_give_back(e,
                        proxy_copy(e->device, received, e->client, e->token_length, e->token, -1));
        proxy_finish(e);
    }
    return true;
}

void device_proxy_failed(struct device_proxy *proxy, const coap_session_t *session, bool no_answer)
{
    struct proxy_exchange *e = exchange_of(proxy, session);
    if (e != NULL)
        proxy_refuse(e, no_answer ? DEVICE_CODE(5, 4) : DEVICE_CODE(5, 2));
}

void device_proxy_tick(struct device_proxy *proxy)
{
    for (size_t i = 0; i < EXCHANGES_MAX; i++)
        if (proxy->exchanges[i].origin != NULL &&
            proxy_now() - proxy->exchanges[i].since >= ORIGIN_PATIENCE_S)
            proxy_refuse(&proxy->exchanges[i], DEVICE_CODE(5, 4));
}

/* ------------------------------------------------------------------ the way there */

static bool is_copy(struct device_proxy *proxy, const coap_session_t *session,
                    const coap_pdu_t *request)
{
    const coap_address_t *from = coap_session_get_addr_remote(session);
    for (size_t i = 0; i < EXCHANGES_MAX; i++) {
        const struct proxy_exchange *e = &proxy->exchanges[i];
        if (e->since != 0 && e->mid == coap_pdu_get_mid(request) &&
            e->type == coap_pdu_get_type(request) && coap_address_equals(&e->from, from) &&
            proxy_now() - e->since < REMEMBERED_S)
            return true;
    }
    return false;
}

static struct proxy_exchange *new_exchange(struct device_proxy *proxy, coap_session_t *session,
                                           const coap_pdu_t *request)
{
    struct proxy_exchange *e = &proxy->exchanges[proxy->next++ % EXCHANGES_MAX];
    const coap_bin_const_t token = coap_pdu_get_token(request);
    coap_opt_iterator_t walk;
    if (e->client != NULL)
        proxy_refuse(e, DEVICE_CODE(5, 3));
    device_http_forget(proxy->http, e);
    *e = (struct proxy_exchange){.device = proxy->device,
                                 .client = coap_session_reference(session),
                                 .from = *coap_session_get_addr_remote(session),
                                 .mid = coap_pdu_get_mid(request),
                                 .type = coap_pdu_get_type(request),
                                 .since = proxy_now(),
                                 .token_length = token.length,
                                 .method = (unsigned)coap_pdu_get_code(request),
                                 .has_etag =
                                     coap_check_option(request, COAP_OPTION_ETAG, &walk) != NULL};
    if (token.length > 0)
        memcpy(e->token, token.s, token.length);
    coap_prng(e->own_token, sizeof e->own_token);
    return e;
}

/* May this client have anything forwarded? */
static bool may_ask(const struct device_options *options, const coap_session_t *client)
{
    return !options->proxy_secured || coap_session_get_proto(client) == COAP_PROTO_DTLS;
}

static void add_etag(coap_pdu_t *pdu, const struct proxy_stored *stored)
{
    coap_opt_iterator_t walk;
    const coap_opt_t *etag = coap_check_option(stored->pdu, COAP_OPTION_ETAG, &walk);
    if (etag != NULL)
        coap_add_option(pdu, COAP_OPTION_ETAG, coap_opt_length(etag), coap_opt_value(etag));
}

static void ask_origin(struct device_proxy *proxy, struct proxy_exchange *e,
                       const coap_pdu_t *request, const struct proxy_destination *to)
{
    const struct proxy_stored *stored = proxy_cache_find(&proxy->cache, &e->key);
    if (stored != NULL && proxy_is_fresh(stored) && !e->has_etag) {
        give_stored(e, stored);
        return;
    }
    if (!may_ask(proxy->options, e->client)) {
        proxy_refuse(e, DEVICE_CODE(4, 1));
        return;
    }
    e->origin = to->secure ? device_secure_session(proxy->device->coap, proxy->options,
                                                   proxy->device->faults, &to->address)
                           : coap_new_client_session(proxy->device->coap, NULL, &to->address,
                                                     COAP_PROTO_UDP);
    coap_pdu_t *pdu = e->origin == NULL ? NULL
                                        : translate(proxy->device, request, e->origin, to,
                                                    sizeof e->own_token, e->own_token);
    if (pdu != NULL && stored != NULL && !e->has_etag)
        add_etag(pdu, stored);
    if (pdu == NULL || coap_send(e->origin, pdu) == COAP_INVALID_MID)
        proxy_refuse(e, DEVICE_CODE(5, 2));
}

static void forward(struct device_proxy *proxy, struct proxy_exchange *e, const coap_pdu_t *request,
                    const struct proxy_destination *to)
{
    char where[64];
    getnameinfo(&to->address.addr.sa, to->address.size, where, sizeof where, NULL, 0,
                NI_NUMERICHOST);
    snprintf(e->key.target, sizeof e->key.target, "%s%s:%u%s", to->secure ? "coaps " : "", where,
             (unsigned)to->uri.port, to->path);
    proxy_key_make(&proxy->cache, &e->key, request);
    if (to->secure && !device_has(proxy->device, DEVICE_PROXY_SHARES_COAPS))
        proxy_key_own(&e->key, e->client);
    ask_origin(proxy, e, request, to);
}

void device_proxy_request(struct device_proxy *proxy, coap_session_t *session,
                          const coap_pdu_t *request, struct device_answer *answer)
{
    struct device *device = proxy->device;
    struct proxy_destination to;
    device_answer_init(answer);
    if (is_copy(proxy, session, request))
        return;
    struct proxy_exchange *e = new_exchange(proxy, session, request);
    const bool first = device_has(device, DEVICE_PROXY_CACHE_FOR_ANYONE);
    unsigned code = has_unknown_unsafe(request) && !device_has(device, DEVICE_PROXY_FORWARDS_UNSAFE)
                        ? DEVICE_CODE(4, 2)
                        : find_destination(request, &to);
    if (code == 0 && !may_ask(proxy->options, session) && (to.http || !first))
        code = DEVICE_CODE(4, 1); /* before the cache is looked at (11.2) */
    if (code == 0 && to.http) {
        device_http_forward(proxy->http, e, request, &to);
        return;
    }
    if (code == 0 && !is_ourselves(session, &to)) {
        forward(proxy, e, request, &to);
        return;
    }
    proxy_finish(e);
    if (code != 0 || device_has(device, DEVICE_PROXY_REFUSES_ITSELF)) {
        device_refuse(answer, code != 0 ? code : DEVICE_CODE(5, 5), "");
        return;
    }
    coap_pdu_t *local = translate(device, request, session, &to, 0, NULL);
    if (local != NULL)
        device_answer_local(device, local, answer);
    coap_delete_pdu(local);
}

struct device_proxy *device_proxy_new(struct device *device, const struct device_options *options,
                                      unsigned port)
{
    struct device_proxy *proxy = calloc(1, sizeof *proxy);
    struct device_http *http = device_http_new(device, options->proxy_secured ? 0 : port);
    if (proxy == NULL || http == NULL) {
        free(proxy);
        device_http_free(http);
        return NULL;
    }
    proxy->device = device;
    proxy->options = options;
    proxy->http = http;
    proxy->cache.device = device;
    return proxy;
}

struct device_http *device_proxy_http(const struct device_proxy *proxy) { return proxy->http; }

void device_proxy_free(struct device_proxy *proxy)
{
    if (proxy == NULL)
        return;
    device_http_free(proxy->http);
    for (size_t i = 0; i < EXCHANGES_MAX; i++)
        proxy_finish(&proxy->exchanges[i]);
    proxy_cache_fini(&proxy->cache);
    free(proxy);
}
