/* src/device/server/dispatch.h: the server's state, and libcoap's side of it. */
#ifndef SRC_DEVICE_SERVER_DISPATCH_H
#define SRC_DEVICE_SERVER_DISPATCH_H

#include "src/device/resource/device.h"

enum {
    DEVICE_ANSWERED_MAX = 512, /* answers kept for duplicates */
    DEVICE_WAITING_MAX = 256,  /* separate responses under way */
    DEVICE_PROMISED_MAX = 8
};

struct device_answered;
struct device_proxy;

/* It is libcoap's application data. */
struct device_server {
    struct device device;
    unsigned slow_ms;
    unsigned waiting;    /* separate responses under way */
    coap_mid_t last_mid; /* with a fault: the Message ID that was given last */
    struct device_answered *answered;
    size_t answered_next;
    struct device_proxy *proxy; /* NULL: it is none */
    coap_session_t *promised
        [DEVICE_PROMISED_MAX]; /* with a fault: who waits for a separate response; referenced */
    unsigned port;             /* of the first address */
    int icmp;                  /* of device_icmp_open() */
};

/* Registers all resources with libcoap. False when there is no memory. */
bool device_register(struct device_server *server);
/* Once a second: the observable resources change. */
void device_tick(struct device_server *server);
/* Frees what duplicates need. */
void device_dispatch_fini(struct device_server *server);

#endif
