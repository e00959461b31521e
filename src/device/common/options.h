/* src/device/common/options.h: what the command line asks for, and what the program returns. */
#ifndef SRC_DEVICE_COMMON_OPTIONS_H
#define SRC_DEVICE_COMMON_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "src/device/faults.h"

enum { DEVICE_SESSIONS_MAX = 4 }; /* of a client */

/* What the program returns, as the tester does. */
enum device_exit { DEVICE_OK = 0, DEVICE_UNANSWERED = 1, DEVICE_USAGE = 2, DEVICE_BENCH = 3 };

struct device_options {
    const char *listen[4];
    size_t listen_count;
    const char *multicast; /* group to join, with %interface if wanted, or NULL */
    const char *client;    /* URI: be a client */
    const char *local;     /* the address to ask from, or NULL */
    const char *method;
    const char *payload;
    const char *faults[DEVICE_FAULTS];
    size_t fault_count;
    unsigned slow_ms;
    bool non, verbose, validate, proxy;
    bool proxy_secured; /* forwards only what comes over coaps */
    unsigned token_length, count, observe_s, linger_s;
    unsigned sessions;                /* that ask side by side */
    int accept, format;               /* -1: none */
    const char *identity, *key;       /* of the pre-shared key; NULL */
    const char *cert, *cert_key, *ca; /* files, PEM; NULL */
};

/* Switches on what the options name. */
void device_switch_faults(const struct device_options *options, bool *faults);

#endif
