/* src/device/server/dispatch.c: libcoap's requests become the device's, and its answers messages.
 *
 * Here is done what RFC 7252 asks of any server and is no matter of a resource: separate responses (5.2.2) and duplicates (4.5),
 * which get the same answer again without being executed. */
#include "src/device/server/dispatch.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "src/device/proxy/http.h"
#include "src/device/proxy/proxy.h"
#include "src/device/resource/encode.h"
#include "src/device/resource/request.h"
#include "src/device/resource/resources.h"

enum { METHODS = 7 };

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

static struct device_answered *answered_before(const struct device_server *server,
                                               const coap_session_t *session, const coap_pdu_t *pdu)
{
    const coap_address_t *from = coap_session_get_addr_remote(session);
    const time_t now = now_s();
    for (size_t i = 0; i < DEVICE_ANSWERED_MAX; i++) {
        struct device_answered *one = &server->answered[i];
        if (one->from.size != 0 && one->mid == coap_pdu_get_mid(pdu) &&
            one->con == (coap_pdu_get_type(pdu) == COAP_MESSAGE_CON) &&
            now - one->at < (one->con ? EXCHANGE_LIFETIME : NON_LIFETIME) &&
            coap_address_equals(&one->from, from))
            return one;
    }
    return NULL;
}

static struct device_answered *keep_answer(struct device_server *server,
                                           const coap_session_t *session, const coap_pdu_t *pdu)
{
    struct device_answered *one = &server->answered[server->answered_next++ % DEVICE_ANSWERED_MAX];
    one->from = *coap_session_get_addr_remote(session);
    one->mid = coap_pdu_get_mid(pdu);
    one->at = now_s();
    one->con = coap_pdu_get_type(pdu) == COAP_MESSAGE_CON;
    return one;
}

/* ------------------------------------------------------------------ libcoap's side */

/* True: the response comes later, and libcoap sends an empty ACK for a CON. */
static bool put_off(struct device_server *server, const struct device_resource *resource,
                    coap_session_t *session, const coap_pdu_t *request,
                    struct device_answer *answer)
{
    const struct device *device = &server->device;
    if (resource->wait == 0 || (resource->methods & 1u << coap_pdu_get_code(request)) == 0)
        return false;
    device_answer_init(answer);
    if (device_has(device, DEVICE_NO_ANSWER))
        return true;
    const coap_tick_t delay =
        (coap_tick_t)server->slow_ms * resource->wait * COAP_TICKS_PER_SECOND / 1000;
    if (server->waiting >= DEVICE_WAITING_MAX ||
        coap_register_async(session, request, delay == 0 ? 1 : delay) == NULL) {
        device_refuse(answer, DEVICE_CODE(5, 3), "too many answers under way");
        if (!device_has(device, DEVICE_UNAVAILABLE_WITHOUT_MAX_AGE))
            answer->max_age = 5;
        return true;
    }
    server->waiting++;
    for (size_t i = 0; i < DEVICE_PROMISED_MAX && device_has(device, DEVICE_ICMP_GIVES_UP); i++)
        if (server->promised[i] == NULL) {
            server->promised[i] = coap_session_reference(session);
            break;
        }
    return true;
}

static struct device_server *server_of(const coap_session_t *session)
{
    return coap_get_app_data(coap_session_get_context(session));
}

/* libcoap acknowledges a request for a proxy at once, and would give the response that follows the Message ID of the
 * request: so it is sent apart. */
static void handle_for_proxy(coap_resource_t *where, coap_session_t *session,
                             const coap_pdu_t *request, const coap_string_t *query)
{
    struct device_server *server = server_of(session);
    const coap_bin_const_t token = coap_pdu_get_token(request);
    struct device_answer answer;
    device_proxy_request(server->proxy, session, request, &answer);
    if (answer.code == 0)
        return;
    coap_pdu_t *pdu =
        coap_pdu_init(coap_pdu_get_type(request), (coap_pdu_code_t)answer.code,
                      coap_new_message_id(session), coap_session_max_pdu_size(session));
    if (pdu == NULL)
        return;
    coap_add_token(pdu, token.length, token.s);
    device_encode(&server->device, &answer, where, session, request, query, pdu);
    coap_send(session, pdu);
}

static void handle(coap_resource_t *where, coap_session_t *session, const coap_pdu_t *request,
                   const coap_string_t *query, coap_pdu_t *response)
{
    struct device_server *server = server_of(session);
    struct device *device = &server->device;
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
        server->waiting--;
        if (device_has(device, DEVICE_NO_RANDOM_FACTOR))
            coap_session_set_ack_random_factor(session, (coap_fixed_point_t){1, 0});
        device_answer_request(device, resource, request, &answer);
        device_encode(device, &answer, where, session, request, query, response);
        return;
    }
    coap_opt_iterator_t iterator;
    if (resource->observable &&
        coap_check_option(request, COAP_OPTION_OBSERVE, &iterator) != NULL) {
        device_answer_request(device, resource, request, &answer);
        device_encode(device, &answer, where, session, request, query, response);
        return;
    }
    /* libcoap gives a NON response the Message ID of the request; it is to have one of its own (RFC 7252 5.2.3).
     * Not so above, where a notification has one already, by which libcoap will know a Reset. */
    if (coap_pdu_get_type(response) == COAP_MESSAGE_NON)
        coap_pdu_set_mid(response, device_new_mid(session, device->faults, &server->last_mid));
    struct device_answered *before = answered_before(server, session, request);
    if (before != NULL && !device_has(device, DEVICE_EXECUTES_DUPLICATES)) {
        if (before->con) /* a duplicate NON is passed over in silence */
            device_encode(device, &before->answer, where, session, request, query, response);
        return;
    }
    if (!put_off(server, resource, session, request, &answer))
        device_answer_request(device, resource, request, &answer);
    keep_answer(server, session, request)->answer = answer;
    device_encode(device, &answer, where, session, request, query, response);
}

/* The device never asks anything, so each response is one that nobody waits for. A CON is rejected (RFC 7252 4.2), the
 * others are passed over in silence: an ACK must be, a NON may be. */
static coap_response_t handle_response(coap_session_t *session, const coap_pdu_t *sent,
                                       const coap_pdu_t *received, const coap_mid_t mid)
{
    (void)sent, (void)mid;
    const struct device_server *server = server_of(session);
    if (server->proxy != NULL &&
        (device_http_response(device_proxy_http(server->proxy), session, received) ||
         device_proxy_response(server->proxy, session, received)))
        return COAP_RESPONSE_OK;
    const bool rejected = coap_pdu_get_type(received) == COAP_MESSAGE_CON &&
                          !coap_is_mcast(coap_session_get_addr_local(session)) &&
                          !device_has(&server->device, DEVICE_STRAY_RESPONSE_ACKNOWLEDGED);
    return rejected ? COAP_RESPONSE_FAIL : COAP_RESPONSE_OK;
}

static void handle_failure(coap_session_t *session, const coap_pdu_t *sent,
                           const coap_nack_reason_t reason, const coap_mid_t mid)
{
    (void)sent, (void)mid;
    const bool no_answer = reason == COAP_NACK_TOO_MANY_RETRIES;
    const struct device_server *server = server_of(session);
    if (server->proxy != NULL &&
        !device_http_failed(device_proxy_http(server->proxy), session, no_answer))
        device_proxy_failed(server->proxy, session, no_answer);
}

/* In a new epoch libcoap goes on with what it repeats, which RFC 7252 section 9.1.1 forbids. It cannot be told to forget it, but
 * how often: what has been repeated is then given up. */
static int handle_event(coap_session_t *session, const coap_event_t event)
{
    const struct device *device = &server_of(session)->device;
    if (event == COAP_EVENT_DTLS_RENEGOTIATE &&
        !device_has(device, DEVICE_DTLS_REPEATS_ACROSS_EPOCHS))
        coap_session_set_max_retransmit(session, 1);
    return 0;
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

bool device_register(struct device_server *server)
{
    struct device *device = &server->device;
    server->answered = calloc(DEVICE_ANSWERED_MAX, sizeof *server->answered);
    if (server->answered == NULL)
        return false;
    for (size_t i = 0; i < device->resource_count; i++) {
        if (unknown_to_libcoap(device, &device->resources[i]))
            continue;
        coap_str_const_t *path = coap_make_str_const(device->resources[i].path);
        const int flags = multicast_flags(device, device->resources[i].multicast);
        if (!register_one(device,
                          coap_resource_init(path, device->resources[i].observe_flags | flags),
                          &device->resources[i]))
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
    if (server->proxy != NULL) { /* a name is wanted; our own addresses are known by proxy.c */
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
    coap_register_event_handler(device->coap, handle_event);
    return true;
}

void device_dispatch_fini(struct device_server *server) { free(server->answered); }

void device_tick(struct device_server *server)
{
    struct device *device = &server->device;
    device->seconds++;
    if (server->proxy != NULL)
        device_proxy_tick(server->proxy);
    for (size_t i = 0; i < device->resource_count; i++)
        if (device->resources[i].observable)
            device_changed(device, device->resources[i].path);
}
