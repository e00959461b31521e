/* src/device/dispatch.c: the one way from libcoap's requests to the handlers and back.
 *
 * Here is done, for all resources alike, what RFC 7252 asks of any server and libcoap leaves to the application:
 * supernumerary critical options (5.4.5), conditional requests (5.10.8), 4.05, separate responses (5.2.2) and
 * duplicates (4.5), which get the same answer again without being executed. */
#include "src/device/device.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { TEXT_MAX = 256, QUERIES_MAX = 8, METHODS = 7 };

/* A request as read from libcoap's message, with the room that its texts need. */
struct incoming {
    struct device_request request;
    char path[DEVICE_PATH_MAX];
    char query_text[QUERIES_MAX][TEXT_MAX];
    const char *queries[QUERIES_MAX];
    unsigned seen[4]; /* how often Uri-Host, Uri-Port, If-None-Match and Accept occur */
};

static unsigned option_uint(const coap_opt_t *option)
{
    return coap_decode_var_bytes(coap_opt_value(option), coap_opt_length(option));
}

/* False: too long a path or query to be any of ours. */
static bool read_path(struct incoming *in, const coap_opt_t *option)
{
    const size_t have = strlen(in->path);
    const size_t n = coap_opt_length(option);
    if (have + n + 2 > sizeof in->path || (n > 0 && memchr(coap_opt_value(option), 0, n) != NULL))
        return false;
    char *out = in->path + have;
    if (in->request.path != NULL)
        *out++ = '/';
    memcpy(out, coap_opt_value(option), n);
    out[n] = '\0';
    in->request.path = in->path;
    return true;
}

static bool read_query(struct incoming *in, const coap_opt_t *option)
{
    const size_t n = coap_opt_length(option);
    if (in->request.query_count == QUERIES_MAX || n >= TEXT_MAX)
        return false;
    char *out = in->query_text[in->request.query_count];
    memcpy(out, coap_opt_value(option), n);
    out[n] = '\0';
    in->queries[in->request.query_count++] = out;
    return true;
}

static bool read_option(struct incoming *in, unsigned number, const coap_opt_t *option)
{
    switch (number) {
    case COAP_OPTION_URI_PATH:
        return read_path(in, option);
    case COAP_OPTION_URI_QUERY:
        return read_query(in, option);
    case COAP_OPTION_CONTENT_FORMAT:
        in->request.format = (int)option_uint(option);
        return true;
    case COAP_OPTION_ACCEPT:
        in->seen[0]++;
        in->request.accept = (int)option_uint(option);
        return true;
    case COAP_OPTION_URI_HOST:
        in->seen[1]++;
        return true;
    case COAP_OPTION_URI_PORT:
        in->seen[2]++;
        return true;
    case COAP_OPTION_IF_NONE_MATCH:
        in->seen[3]++;
        return true;
    default:
        return true;
    }
}

static bool read_request(struct incoming *in, const coap_pdu_t *pdu)
{
    memset(in, 0, sizeof *in);
    in->request.pdu = pdu;
    in->request.code = (unsigned)coap_pdu_get_code(pdu);
    in->request.format = -1;
    in->request.accept = -1;
    in->request.queries = in->queries;
    size_t offset, total;
    coap_get_data_large(pdu, &in->request.length, &in->request.body, &offset, &total);
    coap_opt_iterator_t iterator;
    coap_option_iterator_init(pdu, &iterator, COAP_OPT_ALL);
    const coap_opt_t *option;
    while ((option = coap_option_next(&iterator)) != NULL)
        if (!read_option(in, iterator.number, option))
            return false;
    if (in->request.path == NULL)
        in->request.path = in->path;
    return true;
}

/* RFC 7252 5.10.8.1: any If-Match that is empty or names the current ETag will do. */
static bool if_match_holds(const coap_pdu_t *pdu, const struct device_entry *entry, bool exists)
{
    coap_opt_filter_t filter;
    coap_option_filter_clear(&filter);
    coap_option_filter_set(&filter, COAP_OPTION_IF_MATCH);
    coap_opt_iterator_t iterator;
    coap_option_iterator_init(pdu, &iterator, &filter);
    struct device_answer current = {.etag_length = 0};
    if (entry != NULL)
        device_etag(&current, entry);
    bool asked = false;
    const coap_opt_t *option;
    while ((option = coap_option_next(&iterator)) != NULL) {
        asked = true;
        const size_t n = coap_opt_length(option);
        if (n == 0 && exists)
            return true;
        if (n > 0 && n == current.etag_length &&
            memcmp(coap_opt_value(option), current.etag, n) == 0)
            return true;
    }
    return !asked;
}

static bool preconditions_hold(struct device *device, const struct device_resource *resource,
                               const struct incoming *in)
{
    const bool of_store = resource->stored || resource == &device_unknown;
    const struct device_entry *entry = of_store ? device_find(device, in->request.path) : NULL;
    const bool exists = entry != NULL || !of_store;
    if (!device_has(device, DEVICE_IF_MATCH_IGNORED) &&
        !if_match_holds(in->request.pdu, entry, exists))
        return false;
    return device_has(device, DEVICE_IF_NONE_MATCH_IGNORED) || in->seen[3] == 0 || !exists;
}

static void refuse_precondition(struct device *device, const struct device_resource *resource,
                                const struct incoming *in, struct device_answer *answer)
{
    if (device_has(device, DEVICE_PRECONDITION_EXECUTED))
        resource->handle(device, &in->request, answer);
    const bool bad = device_has(device, DEVICE_PRECONDITION_IS_BAD_REQUEST);
    device_refuse(answer, bad ? DEVICE_CODE(4, 0) : DEVICE_CODE(4, 12), "the condition is not met");
}

static const char *supernumerary(const struct incoming *in)
{
    static const char *const names[] = {"Accept", "Uri-Host", "Uri-Port", "If-None-Match"};
    for (size_t i = 0; i < 4; i++)
        if (in->seen[i] > 1)
            return names[i];
    return NULL;
}

/* libcoap 4.3.4 decides by itself, before we are asked, that If-None-Match fails for each path that it knows, whether
 * something is stored there or not. There it must not know a path under which nothing is at first, nor any of the store
 * when a fault is to decide otherwise. */
static bool unknown_to_libcoap(const struct device *device, const struct device_resource *resource)
{
    return LIBCOAP_VERSION > 4003001 && resource->stored &&
           (resource->initial == NULL || device_has(device, DEVICE_IF_NONE_MATCH_IGNORED) ||
            device_has(device, DEVICE_PRECONDITION_EXECUTED) ||
            device_has(device, DEVICE_PRECONDITION_IS_BAD_REQUEST));
}

static const struct device_resource *by_path(const char *path)
{
    for (size_t i = 0; i < device_resource_count; i++)
        if (device_resources[i].stored && strcmp(device_resources[i].path, path) == 0)
            return &device_resources[i];
    return &device_unknown;
}

static void answer_request(struct device *device, const struct device_resource *resource,
                           const coap_pdu_t *pdu, struct device_answer *answer)
{
    device_answer_init(answer);
    struct incoming in;
    if (!read_request(&in, pdu)) {
        device_refuse(answer, DEVICE_CODE(4, 4), "no path or query here is that long");
        return;
    }
    if (resource == &device_unknown)
        resource = by_path(in.request.path);
    const char *twice = supernumerary(&in);
    if (twice != NULL && !device_has(device, DEVICE_REPEATED_OPTION_TAKEN)) {
        device_refuse(answer, DEVICE_CODE(4, 2), twice);
        return;
    }
    if ((resource->methods & 1u << in.request.code) == 0) {
        if (device_has(device, DEVICE_METHOD_REFUSED_AS_MISSING))
            device_refuse(answer, DEVICE_CODE(4, 4), "no such resource");
        else
            device_refuse(answer, DEVICE_CODE(4, 5), "");
    } else if (!preconditions_hold(device, resource, &in)) {
        refuse_precondition(device, resource, &in, answer);
    } else {
        resource->handle(device, &in.request, answer);
    }
    device_spoil(device, &in.request, answer);
}

void device_answer_local(struct device *device, const coap_pdu_t *pdu, struct device_answer *answer)
{
    struct incoming in;
    const struct device_resource *resource = &device_unknown;
    for (size_t i = 0; read_request(&in, pdu) && i < device_resource_count; i++)
        if (!device_resources[i].stored && strcmp(device_resources[i].path, in.request.path) == 0)
            resource = &device_resources[i];
    answer_request(device, resource, pdu, answer);
}

/* ------------------------------------------------------------------ duplicates */

struct device_answered {
    coap_address_t from;
    coap_mid_t mid;
    time_t at;
    bool con;
    struct device_answer answer;
};

enum { EXCHANGE_LIFETIME = 247, NON_LIFETIME = 145 }; /* seconds, RFC 7252 4.8.2 */

static time_t now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec;
}

static struct device_answered *answered_before(struct device *device, const coap_session_t *session,
                                               const coap_pdu_t *pdu)
{
    const coap_address_t *from = coap_session_get_addr_remote(session);
    const time_t now = now_s();
    for (size_t i = 0; i < DEVICE_ANSWERED_MAX; i++) {
        struct device_answered *one = &device->answered[i];
        if (one->from.size != 0 && one->mid == coap_pdu_get_mid(pdu) &&
            one->con == (coap_pdu_get_type(pdu) == COAP_MESSAGE_CON) &&
            now - one->at < (one->con ? EXCHANGE_LIFETIME : NON_LIFETIME) &&
            coap_address_equals(&one->from, from))
            return one;
    }
    return NULL;
}

static struct device_answered *keep_answer(struct device *device, const coap_session_t *session,
                                           const coap_pdu_t *pdu)
{
    struct device_answered *one = &device->answered[device->answered_next++ % DEVICE_ANSWERED_MAX];
    one->from = *coap_session_get_addr_remote(session);
    one->mid = coap_pdu_get_mid(pdu);
    one->at = now_s();
    one->con = coap_pdu_get_type(pdu) == COAP_MESSAGE_CON;
    return one;
}

/* ------------------------------------------------------------------ libcoap's side */

/* True: the response comes later, and libcoap sends an empty ACK for a CON. */
static bool put_off(struct device *device, const struct device_resource *resource,
                    coap_session_t *session, const coap_pdu_t *request,
                    struct device_answer *answer)
{
    if (resource->wait == 0 || (resource->methods & 1u << coap_pdu_get_code(request)) == 0)
        return false;
    device_answer_init(answer);
    if (device_has(device, DEVICE_NO_ANSWER))
        return true;
    const coap_tick_t delay =
        (coap_tick_t)device->slow_ms * resource->wait * COAP_TICKS_PER_SECOND / 1000;
    if (device->waiting >= DEVICE_WAITING_MAX ||
        coap_register_async(session, request, delay == 0 ? 1 : delay) == NULL) {
        device_refuse(answer, DEVICE_CODE(5, 3), "too many answers under way");
        if (!device_has(device, DEVICE_UNAVAILABLE_WITHOUT_MAX_AGE))
            answer->max_age = 5;
        return true;
    }
    device->waiting++;
    for (size_t i = 0; i < 8 && device_has(device, DEVICE_ICMP_GIVES_UP); i++)
        if (device->promised[i] == NULL) {
            device->promised[i] = coap_session_reference(session);
            break;
        }
    return true;
}

static struct device *device_of(const coap_session_t *session)
{
    return coap_get_app_data(coap_session_get_context(session));
}

/* libcoap acknowledges a request for a proxy at once, and would give the response that follows the Message ID of the
 * request: so it is sent apart. */
static void handle_for_proxy(coap_resource_t *where, coap_session_t *session,
                             const coap_pdu_t *request, const coap_string_t *query)
{
    struct device *device = device_of(session);
    const coap_bin_const_t token = coap_pdu_get_token(request);
    struct device_answer answer;
    device_proxy_request(device, session, request, &answer);
    if (answer.code == 0)
        return;
    coap_pdu_t *pdu =
        coap_pdu_init(coap_pdu_get_type(request), (coap_pdu_code_t)answer.code,
                      coap_new_message_id(session), coap_session_max_pdu_size(session));
    if (pdu == NULL)
        return;
    coap_add_token(pdu, token.length, token.s);
    device_encode(device, &answer, where, session, request, query, pdu);
    coap_send(session, pdu);
}

static void handle(coap_resource_t *where, coap_session_t *session, const coap_pdu_t *request,
                   const coap_string_t *query, coap_pdu_t *response)
{
    struct device *device = device_of(session);
    const struct device_resource *resource = coap_resource_get_userdata(where);
    struct device_answer answer;
    if (resource == NULL) {
        handle_for_proxy(where, session, request, query);
        return;
    }
    /* libcoap hands over a request in an ACK as well; the answer without a code is sent to nobody */
    if (coap_pdu_get_type(request) == COAP_MESSAGE_ACK &&
        !device_has(device, DEVICE_REQUEST_IN_ACK_EXECUTED))
        return;
    /* libcoap calls again for a separate response when its time has come, and for each notification */
    if (resource->wait > 0 && coap_find_async(session, coap_pdu_get_token(request)) != NULL) {
        device->waiting--;
        if (device_has(device, DEVICE_NO_RANDOM_FACTOR))
            coap_session_set_ack_random_factor(session, (coap_fixed_point_t){1, 0});
        answer_request(device, resource, request, &answer);
        device_encode(device, &answer, where, session, request, query, response);
        return;
    }
    coap_opt_iterator_t iterator;
    if (resource->observable &&
        coap_check_option(request, COAP_OPTION_OBSERVE, &iterator) != NULL) {
        answer_request(device, resource, request, &answer);
        device_encode(device, &answer, where, session, request, query, response);
        return;
    }
    /* libcoap gives a NON response the Message ID of the request; it is to have one of its own (RFC 7252 5.2.3).
     * Not so above, where a notification has one already, by which libcoap will know a Reset. */
    if (coap_pdu_get_type(response) == COAP_MESSAGE_NON)
        coap_pdu_set_mid(response, device_new_mid(session, device->faults, &device->last_mid));
    struct device_answered *before = answered_before(device, session, request);
    if (before != NULL && !device_has(device, DEVICE_EXECUTES_DUPLICATES)) {
        if (before->con) /* a duplicate NON is passed over in silence */
            device_encode(device, &before->answer, where, session, request, query, response);
        return;
    }
    if (!put_off(device, resource, session, request, &answer))
        answer_request(device, resource, request, &answer);
    keep_answer(device, session, request)->answer = answer;
    device_encode(device, &answer, where, session, request, query, response);
}

/* The device never asks anything, so each response is one that nobody waits for. A CON is rejected (RFC 7252 4.2), the
 * others are passed over in silence: an ACK must be, a NON may be. */
static coap_response_t handle_response(coap_session_t *session, const coap_pdu_t *sent,
                                       const coap_pdu_t *received, const coap_mid_t mid)
{
    (void)sent, (void)mid;
    if (device_http_response(device_of(session), session, received) ||
        device_proxy_response(device_of(session), session, received))
        return COAP_RESPONSE_OK;
    const bool rejected = coap_pdu_get_type(received) == COAP_MESSAGE_CON &&
                          !coap_is_mcast(coap_session_get_addr_local(session)) &&
                          !device_has(device_of(session), DEVICE_STRAY_RESPONSE_ACKNOWLEDGED);
    return rejected ? COAP_RESPONSE_FAIL : COAP_RESPONSE_OK;
}

static void handle_failure(coap_session_t *session, const coap_pdu_t *sent,
                           const coap_nack_reason_t reason, const coap_mid_t mid)
{
    (void)sent, (void)mid;
    const bool no_answer = reason == COAP_NACK_TOO_MANY_RETRIES;
    if (!device_http_failed(device_of(session), session, no_answer))
        device_proxy_failed(device_of(session), session, no_answer);
}

static int multicast_flags(const struct device *device, bool answers)
{
    int flags = 0;
    if (answers || device_has(device, DEVICE_MULTICAST_EVERYWHERE))
        flags |= COAP_RESOURCE_FLAGS_HAS_MCAST_SUPPORT;
    if (device_has(device, DEVICE_MULTICAST_ERRORS))
        flags |=
            COAP_RESOURCE_FLAGS_HAS_MCAST_SUPPORT | COAP_RESOURCE_FLAGS_LIB_DIS_MCAST_SUPPRESS_4_XX;
    if (device_has(device, DEVICE_MULTICAST_AT_ONCE))
        flags |= COAP_RESOURCE_FLAGS_LIB_DIS_MCAST_DELAYS;
    return flags;
}

static bool register_one(struct device *device, coap_resource_t *where,
                         const struct device_resource *resource)
{
    if (where == NULL)
        return false;
    /* all methods, so that 4.05 is said after the options were looked at */
    for (int method = 1; method <= METHODS; method++)
        coap_register_request_handler(where, (coap_request_t)method, handle);
    union {
        const struct device_resource *constant;
        void *plain;
    } data = {.constant = resource};
    coap_resource_set_userdata(where, data.plain);
    coap_resource_set_get_observable(where, resource != NULL && resource->observable);
    coap_add_resource(device->coap, where);
    return true;
}

bool device_register(struct device *device)
{
    device->answered = calloc(DEVICE_ANSWERED_MAX, sizeof *device->answered);
    if (device->answered == NULL)
        return false;
    for (size_t i = 0; i < device_resource_count; i++) {
        if (unknown_to_libcoap(device, &device_resources[i]))
            continue;
        coap_str_const_t *path = coap_make_str_const(device_resources[i].path);
        const int flags = multicast_flags(device, device_resources[i].multicast);
        if (!register_one(device,
                          coap_resource_init(path, device_resources[i].observe_flags | flags),
                          &device_resources[i]))
            return false;
    }
    if (!register_one(device, coap_resource_unknown_init2(handle, multicast_flags(device, false)),
                      &device_unknown))
        return false;
    if (device_has(device, DEVICE_PROXY_ANSWERED)) {
        const char *hosts[] = {"nowhere.example"};
        if (!register_one(device, coap_resource_proxy_uri_init(handle, 1, hosts), &device_unknown))
            return false;
    }
    if (device->proxy != NULL) { /* a name is wanted; our own addresses are known by proxy.c */
        const char *hosts[] = {"proxy.invalid"};
        if (!register_one(device, coap_resource_proxy_uri_init(handle, 1, hosts), NULL))
            return false;
    }
    if (device_has(device, DEVICE_CRITICAL_IGNORED)) {
        coap_register_option(device->coap, 65001);
        coap_register_option(device->coap, 65003);
    }
    coap_mcast_per_resource(device->coap);
    coap_register_response_handler(device->coap, handle_response);
    coap_register_nack_handler(device->coap, handle_failure);
    return true;
}

void device_dispatch_fini(struct device *device) { free(device->answered); }

void device_changed(struct device *device, const char *path)
{
    coap_str_const_t *name = coap_make_str_const(path);
    coap_resource_t *where = coap_get_resource_from_uri_path(device->coap, name);
    if (where != NULL)
        coap_resource_notify_observers(where, NULL);
}

void device_tick(struct device *device)
{
    device->seconds++;
    device_proxy_tick(device);
    for (size_t i = 0; i < device_resource_count; i++)
        if (device_resources[i].observable)
            device_changed(device, device_resources[i].path);
}
