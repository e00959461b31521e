/* src/device/proxy/exchange.h: a request that the proxy forwards, and the way back to its client. */
#ifndef SRC_DEVICE_PROXY_EXCHANGE_H
#define SRC_DEVICE_PROXY_EXCHANGE_H

#include "src/device/proxy/cache.h"

/* A request under way, or remembered so that its copies are not forwarded. */
struct proxy_exchange {
    const struct device *device;     /* for its faults */
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
    bool by_uri; /* its path and query come from Proxy-Uri; else they are Uri-Path and Uri-Query */
    coap_uri_t uri;
    char host[128], path[PROXY_TARGET_MAX - 80];
};

/* Takes the message over and gives it to the client. */
void proxy_give_back(struct proxy_exchange *e, coap_pdu_t *pdu);
/* Gives the client an error. */
void proxy_refuse(struct proxy_exchange *e, unsigned code);
/* Nothing more is due. */
void proxy_finish(struct proxy_exchange *e);

#endif
