/* net/clock.h: the time of a run.
 *
 * Timers run by the monotonic clock. The stream (evidence, rules) wants the time of day, which an operator or NTP
 * may set while we run; so the stream's clock is the monotonic one, moved once by the time of day at the start. */
#ifndef SRC_NET_CLOCK_H
#define SRC_NET_CLOCK_H

#include <stdint.h>
#include <time.h>

#define NET_MS     UINT64_C(1000000)
#define NET_SECOND UINT64_C(1000000000)

struct net_clock {
    uint64_t to_stream_ns; /* stream time minus monotonic time */
};

void net_clock_init(struct net_clock *clock);
/* Nanoseconds of the monotonic clock. */
uint64_t net_now(void);
/* Monotonic to stream time. */
static inline uint64_t net_stream_time(const struct net_clock *clock, uint64_t mono_ns)
{
    return mono_ns + clock->to_stream_ns;
}
/* A time of day as the kernel stamps it, taken just now or a moment ago, as monotonic time. Never later than now. */
uint64_t net_from_kernel(struct timespec stamp);

#endif
