/* src/device/resource/device.h: a device and its resources: no socket, no message of libcoap but to read it.
 *
 * coapspec-device is the other mind: no code of the tester is in it, and it is a program of its own. libcoap does the messages; what
 * an application owes to RFC 7252 (preconditions, negotiation, conditional requests) is done in request.c, once for all resources.
 * Handlers see a request and fill in an answer; they do not touch libcoap. */
#ifndef SRC_DEVICE_RESOURCE_DEVICE_H
#define SRC_DEVICE_RESOURCE_DEVICE_H

#include <coap3/coap.h>

#include "src/device/common/endpoint.h"
#include "src/device/faults.h"
#include "src/device/resource/answer.h"

enum { DEVICE_GET = 1u << 1, DEVICE_POST = 1u << 2, DEVICE_PUT = 1u << 3, DEVICE_DELETE = 1u << 4 };

/* One resource of the device, a row of the table in resources.c. */
struct device_resource {
    const char *path;
    unsigned methods;
    const char *rt, *iface, *formats; /* link attributes rt, if, ct; NULL: none */
    unsigned size;                    /* sz, 0: none */
    bool hidden;                      /* not listed in /.well-known/core */
    bool multicast;                   /* may be asked by multicast (RFC 7252 11.3) */
    bool observable;
    int observe_flags;   /* libcoap's NOTIFY flags */
    unsigned wait;       /* answers separately after so many times --slow */
    bool stored;         /* the representation is an entry of the store */
    const char *initial; /* of a stored one; NULL: does not exist at first */
    void (*handle)(struct device *device, const struct device_request *request,
                   struct device_answer *answer);
};

struct device {
    coap_context_t *coap;
    bool faults[DEVICE_FAULTS];
    const struct device_resource *resources; /* the table, borrowed */
    size_t resource_count;
    uint64_t made; /* entries made so far */
    uint32_t tags;
    uint32_t counter;             /* /counter */
    uint32_t seconds;             /* ticks of the observable ones */
    struct device_entry *entries; /* DEVICE_ENTRIES_MAX and the fixed ones */
    size_t entry_count;
};

static inline bool device_has(const struct device *device, enum device_fault fault)
{
    return device->faults[fault];
}

#endif
