/* src/device/client/client.c: the device as a client: plain requests, one after the other, repeated by libcoap. */
#include "src/device/client/client.h"

#include <arpa/inet.h>
#include <coap3/coap.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "src/device/client/clear.h"
#include "src/device/common/endpoint.h"
#include "src/device/common/icmp.h"
#include "src/device/common/secure.h"

enum { ANSWER_TIMEOUT_S = 100 }; /* longer than MAX_TRANSMIT_WAIT, RFC 7252 4.8.2 */

/* One session, and what it asks at the moment. */
struct lane {
    coap_session_t *session;
    uint8_t token[8];
    bool answered;
};

struct asking {
    const struct device_options *options;
    coap_uri_t uri;
    struct device_authority authority;
    struct lane lanes[DEVICE_SESSIONS_MAX];
    unsigned lane_count;
    uint8_t etag[8]; /* of the last answer that had one */
    size_t etag_length;
    coap_mid_t last_mid;
    bool gave_up, refused;
    int icmp;   /* of device_icmp_open() */
    bool group; /* it is a group that is asked */
    bool faults[DEVICE_FAULTS];
};

static time_t seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec;
}

static void print_answer(const coap_pdu_t *pdu)
{
    const unsigned code = (unsigned)coap_pdu_get_code(pdu);
    size_t length = 0, offset, total;
    const uint8_t *body = NULL;
    coap_get_data_large(pdu, &length, &body, &offset, &total);
    printf("%u.%02u", code >> 5, code & 31);
    if (length > 0)
        putchar(' ');
    for (size_t i = 0; i < length; i++) /* one answer, one line */
        if (body[i] >= ' ' && body[i] < 0x7f && body[i] != '\\')
            putchar(body[i]);
        else
            printf("\\x%02x", body[i]);
    putchar('\n');
    fflush(stdout);
}

static void keep_etag(struct asking *asking, const coap_pdu_t *received)
{
    coap_opt_iterator_t walk;
    const coap_opt_t *etag = coap_check_option(received, COAP_OPTION_ETAG, &walk);
    if (etag == NULL || coap_opt_length(etag) > sizeof asking->etag)
        return;
    asking->etag_length = coap_opt_length(etag);
    memcpy(asking->etag, coap_opt_value(etag), asking->etag_length);
    while (asking->faults[DEVICE_CLIENT_CHANGES_ETAG] && asking->etag_length > 1 &&
           asking->etag[asking->etag_length - 1] == 0)
        asking->etag_length--;
}

/* Options reserved for further Location-* (RFC 7252 5.10.7): a response with one of them is rejected. */
static bool has_reserved_location(const coap_pdu_t *received)
{
    coap_opt_iterator_t walk;
    for (coap_option_num_t number = 128; number <= 140; number = (coap_option_num_t)(number + 4))
        if (coap_check_option(received, number, &walk) != NULL)
            return true;
    return false;
}

/* A response that this client cannot make sense of. */
static bool is_strange(const struct asking *asking, const coap_pdu_t *received)
{
    const unsigned detail = (unsigned)coap_pdu_get_code(received) & 31;
    if (detail > 15 && asking->faults[DEVICE_CLIENT_KNOWS_FEW_CODES])
        return true;
    return has_reserved_location(received) && !asking->faults[DEVICE_CLIENT_KNOWS_ALL_LOCATIONS];
}

static bool has_token(const struct asking *asking, const struct lane *lane,
                      const coap_pdu_t *received)
{
    const coap_bin_const_t token = coap_pdu_get_token(received);
    return token.length == asking->options->token_length &&
           memcmp(token.s, lane->token, token.length) == 0;
}

/* Whose response that is: it comes in the session of its request (RFC 7252 section 9.1.2). */
static struct lane *lane_of(struct asking *asking, const coap_session_t *session,
                            const coap_pdu_t *received)
{
    const bool any = asking->faults[DEVICE_DTLS_CLIENT_TAKES_ANY_SESSION];
    for (unsigned i = 0; i < asking->lane_count; i++)
        if (any ? has_token(asking, &asking->lanes[i], received)
                : asking->lanes[i].session == session)
            return &asking->lanes[i];
    return &asking->lanes[0];
}

/* Ours is what carries the token of the request under way, and in an ACK its Message ID too (RFC 7252 5.3.2): `sent` is
 * the request that libcoap found by that. */
static bool is_ours(const struct asking *asking, const struct lane *lane, const coap_pdu_t *sent,
                    const coap_pdu_t *received)
{
    const bool in_ack = coap_pdu_get_type(received) == COAP_MESSAGE_ACK;
    if (asking->group && asking->faults[DEVICE_CLIENT_WANTS_THE_GROUP])
        return false;
    if (asking->faults[in_ack ? DEVICE_CLIENT_WANTS_SEPARATE : DEVICE_CLIENT_WANTS_ACKS])
        return false;
    if (in_ack && sent == NULL && !asking->faults[DEVICE_CLIENT_TAKES_ANY_MID])
        return false;
    return asking->faults[DEVICE_CLIENT_TAKES_ANY_TOKEN] || has_token(asking, lane, received);
}

static coap_response_t on_response(coap_session_t *session, const coap_pdu_t *sent,
                                   const coap_pdu_t *received, const coap_mid_t mid)
{
    (void)mid;
    struct asking *asking = coap_get_app_data(coap_session_get_context(session));
    struct lane *lane = lane_of(asking, session, received);
    if (!is_ours(asking, lane, sent, received) || is_strange(asking, received)) {
        const bool in_ack = coap_pdu_get_type(received) == COAP_MESSAGE_ACK;
        return in_ack ? COAP_RESPONSE_OK : COAP_RESPONSE_FAIL; /* an ACK is never reset (4.2) */
    }
    lane->answered = true;
    asking->refused = coap_pdu_get_code(received) >= COAP_RESPONSE_CODE_BAD_REQUEST;
    keep_etag(asking, received);
    print_answer(received);
    return COAP_RESPONSE_OK;
}

static void on_nack(coap_session_t *session, const coap_pdu_t *sent,
                    const coap_nack_reason_t reason, const coap_mid_t mid)
{
    (void)sent, (void)mid;
    struct asking *asking = coap_get_app_data(coap_session_get_context(session));
    asking->gave_up = true;
    fprintf(stderr, "coapspec-device: %s\n",
            reason == COAP_NACK_RST                ? "reset"
            : reason == COAP_NACK_TOO_MANY_RETRIES ? "no answer"
                                                   : "cannot be reached");
}

static bool method_named(const char *name, coap_pdu_code_t *out)
{
    static const struct {
        const char *name;
        coap_pdu_code_t code;
    } methods[] = {{"GET", COAP_REQUEST_CODE_GET},
                   {"POST", COAP_REQUEST_CODE_POST},
                   {"PUT", COAP_REQUEST_CODE_PUT},
                   {"DELETE", COAP_REQUEST_CODE_DELETE}};
    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++)
        if (strcasecmp(name, methods[i].name) == 0) {
            *out = methods[i].code;
            return true;
        }
    fprintf(stderr, "coapspec-device: --method GET, POST, PUT or DELETE, not \"%s\"\n", name);
    return false;
}

static void add_uint(coap_pdu_t *pdu, coap_option_num_t option, unsigned value)
{
    uint8_t octets[4];
    coap_add_option(pdu, option, coap_encode_var_safe(octets, sizeof octets, value), octets);
}

static void add_options(const struct asking *asking, coap_pdu_t *pdu, bool observe)
{
    if (asking->options->validate && asking->etag_length > 0)
        coap_add_option(pdu, COAP_OPTION_ETAG, asking->etag_length, asking->etag);
    if (observe)
        add_uint(pdu, COAP_OPTION_OBSERVE, COAP_OBSERVE_ESTABLISH);
    device_add_parts(pdu, COAP_OPTION_URI_PATH, &asking->uri.path);
    if (asking->options->format >= 0)
        add_uint(pdu, COAP_OPTION_CONTENT_FORMAT, (unsigned)asking->options->format);
    device_add_parts(pdu, COAP_OPTION_URI_QUERY, &asking->uri.query);
    if (asking->options->accept >= 0)
        add_uint(pdu, COAP_OPTION_ACCEPT, (unsigned)asking->options->accept);
}

static bool send_request(struct asking *asking, struct lane *lane, coap_pdu_code_t method,
                         bool observe)
{
    const struct device_options *options = asking->options;
    coap_pdu_t *pdu =
        coap_pdu_init(options->non ? COAP_MESSAGE_NON : COAP_MESSAGE_CON, method,
                      device_new_mid(lane->session, asking->faults, &asking->last_mid),
                      coap_session_max_pdu_size(lane->session));
    if (pdu == NULL)
        return false;
    coap_add_token(pdu, options->token_length, lane->token);
    add_options(asking, pdu, observe);
    if (options->payload != NULL)
        coap_add_data_large_request(lane->session, pdu, strlen(options->payload),
                                    (const uint8_t *)options->payload, NULL, NULL);
    lane->answered = asking->gave_up = false;
    return coap_send(lane->session, pdu) != COAP_INVALID_MID;
}

static bool all_answered(const struct asking *asking)
{
    for (unsigned i = 0; i < asking->lane_count; i++)
        if (!asking->lanes[i].answered)
            return false;
    return true;
}

static bool wait_for_answers(struct asking *asking, coap_context_t *context)
{
    const time_t end = seconds() + ANSWER_TIMEOUT_S;
    struct lane *first = &asking->lanes[0];
    const unsigned port = coap_address_get_port(coap_session_get_addr_local(first->session));
    const bool in_clear = asking->faults[DEVICE_DTLS_CLIENT_TAKES_CLEAR_ANSWERS];
    while (!all_answered(asking) && !asking->gave_up && !device_stop && seconds() < end) {
        if (in_clear && device_clear_came(port, first->token, asking->options->token_length))
            first->answered = true;
        coap_io_process(context, in_clear ? COAP_IO_NO_WAIT : 100);
        asking->gave_up = asking->gave_up || device_icmp_came(asking->icmp, port);
    }
    return all_answered(asking);
}

/* libcoap keeps an observation under a token of its own, so that it must take it back itself. */
static bool cancel_observation(struct asking *asking)
{
    struct lane *lane = &asking->lanes[0];
    coap_binary_t token = {asking->options->token_length, lane->token};
    lane->answered = asking->gave_up = false;
    return coap_cancel_observe(lane->session, &token,
                               asking->options->non ? COAP_MESSAGE_NON : COAP_MESSAGE_CON) != 0;
}

static bool ask_once(struct asking *asking, coap_context_t *context, coap_pdu_code_t method)
{
    const bool observe = asking->options->observe_s > 0;
    for (unsigned i = 0; i < asking->lane_count; i++) {
        struct lane *lane = &asking->lanes[i];
        coap_prng(lane->token, sizeof lane->token);
        if (!send_request(asking, lane, method, observe))
            return false;
    }
    if (asking->options->non && asking->faults[DEVICE_CLIENT_POURS]) {
        coap_io_process(context, 500);
        return true;
    }
    if (!wait_for_answers(asking, context))
        return false;
    if (!observe)
        return true;
    const time_t end = seconds() + (time_t)asking->options->observe_s;
    while (seconds() < end && !device_stop && !asking->gave_up)
        coap_io_process(context, 100);
    return cancel_observation(asking) && wait_for_answers(asking, context);
}

/* Leaves time to acknowledge what is still on its way. */
static void linger(coap_context_t *context, unsigned for_s)
{
    const time_t end = seconds() + (time_t)for_s;
    while (seconds() < end && !device_stop)
        coap_io_process(context, 100);
    for (int i = 0; i < 2; i++)
        coap_io_process(context, 50);
}

/* A session towards the URI; NULL: cannot be reached. */
static coap_session_t *reach(struct asking *asking, coap_context_t *context,
                             const coap_address_t *address)
{
    const char *from = asking->options->local;
    coap_address_t local;
    coap_address_init(&local);
    asking->group = coap_is_mcast(address) != 0;
    if (from != NULL) {
        local.size = sizeof local.addr.sin;
        local.addr.sin.sin_family = AF_INET;
        if (inet_pton(AF_INET, from, &local.addr.sin.sin_addr) != 1)
            return NULL;
    }
    if (asking->uri.scheme == COAP_URI_SCHEME_COAPS)
        return device_reach_secure(context, asking->options, &asking->authority,
                                   from != NULL ? &local : NULL, address);
    return coap_new_client_session(context, from != NULL ? &local : NULL, address, COAP_PROTO_UDP);
}

/* All sessions that it asks by. */
static bool reach_all(struct asking *asking, coap_context_t *context, const coap_address_t *address)
{
    struct device_authority *own = &asking->authority;
    *own = (struct device_authority){.port = asking->uri.port, .faults = asking->faults};
    snprintf(own->host, sizeof own->host, "%.*s", (int)asking->uri.host.length,
             (const char *)asking->uri.host.s);
    while (asking->lane_count < asking->options->sessions) {
        struct lane *lane = &asking->lanes[asking->lane_count];
        lane->session = reach(asking, context, address);
        if (lane->session == NULL)
            return false;
        asking->lane_count++;
    }
    return asking->lane_count > 0;
}

static void release_all(struct asking *asking)
{
    for (unsigned i = 0; i < asking->lane_count; i++)
        coap_session_release(asking->lanes[i].session);
}

int device_ask(const struct device_options *options)
{
    struct asking asking = {.options = options};
    device_switch_faults(options, asking.faults);
    asking.icmp = device_icmp_open(asking.faults);
    coap_address_t address;
    coap_pdu_code_t method;
    if (!method_named(options->method, &method) ||
        !device_address(options->client, &asking.uri, &address))
        return DEVICE_USAGE;
    coap_context_t *context = coap_new_context(NULL);
    if (context != NULL) /* a session takes over the block mode when it is made */
        coap_context_set_block_mode(context, COAP_BLOCK_USE_LIBCOAP | COAP_BLOCK_SINGLE_BODY);
    if (context == NULL || !reach_all(&asking, context, &address)) {
        fprintf(stderr, "coapspec-device: cannot reach %s\n", options->client);
        release_all(&asking);
        coap_free_context(context);
        return DEVICE_BENCH;
    }
    coap_set_app_data(context, &asking);
    coap_register_response_handler(context, on_response);
    coap_register_nack_handler(context, on_nack);
    if (asking.faults[DEVICE_CRITICAL_IGNORED])
        coap_register_option(context, 65001);
    bool ok = true;
    for (unsigned i = 0; i < options->count && ok && !device_stop; i++) {
        ok = ask_once(&asking, context, method);
        if (ok && asking.refused && asking.faults[DEVICE_CLIENT_INSISTS])
            ok = ask_once(&asking, context, method);
    }
    linger(context, options->linger_s);
    release_all(&asking);
    coap_free_context(context);
    return ok ? DEVICE_OK : DEVICE_UNANSWERED;
}
