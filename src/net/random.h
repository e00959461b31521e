/* net/random.h: numbers that follow from a seed (splitmix64), so that a run can be repeated octet for octet. */
#ifndef SRC_NET_RANDOM_H
#define SRC_NET_RANDOM_H

#include <stdint.h>

struct net_random {
    uint64_t state;
};

static inline uint64_t net_random_next(struct net_random *r)
{
    uint64_t z = (r->state += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/* A stream of numbers of its own for each name, whatever the order in which they are drawn. */
static inline struct net_random net_random_for(uint64_t seed, const char *name)
{
    struct net_random r = {seed ^ UINT64_C(0xcbf29ce484222325)};
    for (; *name != '\0'; name++)
        r.state = (r.state ^ (uint8_t)*name) * UINT64_C(0x100000001b3);
    net_random_next(&r);
    return r;
}

#endif
