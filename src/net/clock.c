/* The time of a run. */
#include "src/net/clock.h"

static uint64_t read_clock(clockid_t id)
{
    struct timespec t;
    clock_gettime(id, &t);
    return (uint64_t)t.tv_sec * NET_SECOND + (uint64_t)t.tv_nsec;
}

uint64_t net_now(void) { return read_clock(CLOCK_MONOTONIC); }

void net_clock_init(struct net_clock *clock)
{
    clock->to_stream_ns = read_clock(CLOCK_REALTIME) - net_now();
}

uint64_t net_from_kernel(struct timespec stamp)
{
    uint64_t now = net_now(), day = read_clock(CLOCK_REALTIME);
    uint64_t then = (uint64_t)stamp.tv_sec * NET_SECOND + (uint64_t)stamp.tv_nsec;
    uint64_t age = day > then ? day - then : 0;
    /* an age above an hour is a clock that was set, not a datagram that waited */
    return age < 3600 * NET_SECOND && age < now ? now - age : now;
}
