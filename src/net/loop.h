/* net/loop.h: one thread, one poll(): timers and file descriptors.
 *
 * In each turn the descriptors are served before the timers, so that what arrived in time is seen before a deadline
 * is acted upon, even when we were late ourselves. */
#ifndef SRC_NET_LOOP_H
#define SRC_NET_LOOP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "src/net/clock.h"

/* Lives in the owner's memory; the owner stops it before that memory goes. */
struct net_timer {
    uint64_t due_ns;
    /* `late_ns`: how much later than due it is served. */
    void (*fire)(void *user, uint64_t late_ns);
    void *user;
    size_t place; /* in the heap, from 1; 0: not set */
};

/* The same for a descriptor: the owner's memory, and the owner closes it. `ready` is called when it can be read, or has failed. */
struct net_watch {
    int fd;
    void (*ready)(void *user);
    void *user;
    size_t place; /* from 1; 0: not watched */
};

struct net_loop;

/* NULL without memory. */
struct net_loop *net_loop_new(void);
/* The owners keep their timers and watches. */
void net_loop_free(struct net_loop *loop);

/* Sets the timer, or moves it. False without memory. */
bool net_timer_set(struct net_loop *loop, struct net_timer *timer, uint64_t due_ns);
void net_timer_stop(struct net_loop *loop, struct net_timer *timer);

/* False without memory. What is not watched may be stopped. */
bool net_watch_start(struct net_loop *loop, struct net_watch *watch);
void net_watch_stop(struct net_loop *loop, struct net_watch *watch);

/* Waits for something to happen, at most until `until_ns`, and serves it. Returns early on a signal. */
void net_loop_turn(struct net_loop *loop, uint64_t until_ns);

#endif
