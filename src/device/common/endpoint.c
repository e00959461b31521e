/* src/device/common/endpoint.c: what a client and a server have in common. */
#include "src/device/common/endpoint.h"

#include <netdb.h>
#include <stdio.h>
#include <string.h>

#include "src/device/faults.h"

volatile sig_atomic_t device_stop;

static void on_signal(int number)
{
    (void)number;
    device_stop = 1;
}

void device_signals(void)
{
    const struct sigaction action = {.sa_handler = on_signal};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    signal(SIGPIPE, SIG_IGN);
}

bool device_uri(const char *uri, coap_uri_t *parts)
{
    if (coap_split_uri((const uint8_t *)uri, strlen(uri), parts) >= 0 &&
        (parts->scheme == COAP_URI_SCHEME_COAP || parts->scheme == COAP_URI_SCHEME_COAPS) &&
        parts->host.length > 0)
        return true;
    fprintf(stderr, "coapspec-device: %s is no URI like coap://127.0.0.1:5683\n", uri);
    return false;
}

bool device_address(const char *uri, coap_uri_t *parts, coap_address_t *out)
{
    if (!device_uri(uri, parts))
        return false;
    char host[256], port[8];
    snprintf(host, sizeof host, "%.*s", (int)parts->host.length, (const char *)parts->host.s);
    snprintf(port, sizeof port, "%u", (unsigned)parts->port);
    const struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_DGRAM};
    struct addrinfo *found = NULL;
    const int error = getaddrinfo(host, port, &hints, &found);
    if (error != 0) {
        fprintf(stderr, "coapspec-device: %s: %s\n", host, gai_strerror(error));
        return false;
    }
    coap_address_init(out);
    out->size = (socklen_t)found->ai_addrlen;
    memcpy(&out->addr, found->ai_addr, found->ai_addrlen);
    freeaddrinfo(found);
    return true;
}

void device_add_parts(coap_pdu_t *pdu, coap_option_num_t option, const coap_str_const_t *text)
{
    if (text->length == 0)
        return;
    unsigned char room[512];
    size_t size = sizeof room;
    const unsigned char *at = room;
    const int n = option == COAP_OPTION_URI_PATH
                      ? coap_split_path(text->s, text->length, room, &size)
                      : coap_split_query(text->s, text->length, room, &size);
    for (int i = 0; i < n; i++) {
        coap_add_option(pdu, option, coap_opt_length(at), coap_opt_value(at));
        at += coap_opt_size(at);
    }
}

coap_mid_t device_new_mid(coap_session_t *session, const bool *faults, coap_mid_t *last)
{
    if (!faults[DEVICE_FIRST_MID_FIXED])
        return coap_new_message_id(session);
    *last = (coap_mid_t)(*last % 65535 + 1);
    return *last;
}
