/* faults/fault.h: the device appears to misbehave, by our own doing: for testing the tester. (Not
 * to be confused: run/impair.c loses and delays what a scenario says; device/spoil.c and
 * device/faults.c make the reference device itself misbehave.)
 *
 * The filter stands between our sockets and the stream. What the device says passes through it and
 * may be changed, lost, repeated, delayed or followed by something invented; what we say is shown
 * to it, so that it knows what is answered. Scenarios, rules and evidence see only what comes out.
 * docs/faults.md lists them. */
#ifndef SRC_FAULTS_FAULT_H
#define SRC_FAULTS_FAULT_H

#include "coapspec/dissect.h"
#include "src/net/loop.h"

enum { NET_FAULTS_MAX = 8, NET_FAULT_ROOM = 2048 };

/* Octets that a fault may rewrite. */
struct net_octets {
    uint8_t at[NET_FAULT_ROOM];
    size_t length;
};

/* A datagram of the device in the hands of a fault. */
struct net_faulty {
    struct net_octets out;
    struct cs_message message;        /* as it came in; borrows from elsewhere */
    const struct cs_message *request; /* ours that it answers; NULL when that is not known */
    unsigned answers;        /* messages with this type and Message ID, or token, before this one */
    unsigned request_copies; /* how often we had sent that request */
    bool lost;
    uint64_t delay_ns;
    struct net_octets second; /* comes `second_after_ns` after it, when its length is not 0 */
    uint64_t second_after_ns;
};

struct net_fault {
    const char *name;
    const char *what;         /* what the device appears to do */
    const char *const *trips; /* ids of rules that it must trip; NULL-terminated; may be empty where
                                 scenarios find it */
    /* Changes a datagram of the device; may be NULL. */
    void (*change)(struct net_faulty *f);
    /* What the device appears to say to a message of ours, besides what it says; may be NULL.
     * `copies`: how often we had said it before. */
    void (*invent)(const struct cs_message *ours, unsigned copies, struct net_octets *out);
};

/* The tables of the faults, read off src/faults/DOCUMENT/SECTION_TOPIC.c by list.awk: `const struct
 * net_fault net_faults_of_NAME[]`, which ends with a row without name. NULL behind the last. */
extern const struct net_fault *const net_fault_tables[];
/* The fault number `index`, from 0, in the order of the sections; NULL behind the last. */
const struct net_fault *net_fault_at(size_t index);
/* NULL if there is none; then `*near` is the nearest name, or NULL. */
const struct net_fault *net_fault_find(const char *name, const char **near);

struct net_fault_filter;

/* `deliver` gets what comes out, with the `endpoint` that went in. The loop and the list of faults
 * are borrowed; what was late is dropped with the filter. NULL without memory. */
struct net_fault_filter *
net_fault_filter_new(struct net_loop *loop, const struct net_fault *const *faults, size_t count,
                     void (*deliver)(void *endpoint, const struct cs_address *src,
                                     struct cs_slice octets, uint64_t at_ns));
void net_fault_filter_free(struct net_fault_filter *filter);
/* A message of ours that goes out to `peer`. */
void net_fault_sent(struct net_fault_filter *filter, void *endpoint, const struct cs_address *peer,
                    struct cs_slice octets);
/* A message of the device. */
void net_fault_received(struct net_fault_filter *filter, void *endpoint,
                        const struct cs_address *src, struct cs_slice octets, uint64_t at_ns);

#endif
