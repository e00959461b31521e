/* net/fault.h: the device appears to misbehave, by our own doing: for testing the tester.
 *
 * The filter stands between our sockets and the stream. What the device says passes through it and may be changed, lost,
 * repeated, delayed or followed by something invented; what we say is shown to it, so that it knows what to answer. Scenarios, rules and evidence
 * see only what comes out. docs/faults.md lists them. */
#ifndef SRC_NET_FAULT_H
#define SRC_NET_FAULT_H

#include "coapspec/dissect.h"
#include "src/net/loop.h"

enum { NET_FAULTS_MAX = 8, NET_FAULT_ROOM = 2048 };

/* A datagram of the device in the filter's hands, to be changed in place. */
struct net_faulty {
    uint8_t octets[NET_FAULT_ROOM];
    size_t length;
    struct cs_message message; /* as the device sent it; borrows from elsewhere */
    bool lost;
    uint64_t delay_ns;
    unsigned copies; /* further ones, each `copy_after_ns` after the one before */
    uint64_t copy_after_ns;
    /* a second datagram, right behind it */
    uint8_t second[NET_FAULT_ROOM];
    size_t second_length;
    uint64_t second_after_ns;
    /* the request that it answers, if that is known */
    const struct cs_message *request;
    uint64_t count; /* datagrams of the device before this one, in this flow */
};

struct net_fault {
    const char *name;
    const char *what;         /* what the device appears to do */
    const char *const *trips; /* ids of rules that it must trip; NULL-terminated */
    /* Changes the datagram if this is one of those that it concerns. */
    void (*change)(struct net_faulty *f);
};

const struct net_fault *net_faults(size_t *count);
/* NULL if there is none; then `*near` is the nearest name, or NULL. */
const struct net_fault *net_fault_find(const char *name, const char **near);

struct net_fault_filter;

/* `deliver` gets what comes out, with the `endpoint` that went in. */
struct net_fault_filter *
net_fault_filter_new(struct net_loop *loop, const struct net_fault *const *faults, size_t count,
                     void (*deliver)(void *endpoint, const struct cs_address *src,
                                     struct cs_slice octets, uint64_t at_ns));
void net_fault_filter_free(struct net_fault_filter *filter);
/* A message of ours that goes out. */
void net_fault_sent(struct net_fault_filter *filter, const void *endpoint, struct cs_slice octets);
/* A message of the device. */
void net_fault_received(struct net_fault_filter *filter, void *endpoint,
                        const struct cs_address *src, struct cs_slice octets, uint64_t at_ns);

#endif
