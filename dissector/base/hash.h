/* base/hash.h: a fast keyed hash for tables. Not for cryptography; the key keeps a sender from
 * choosing collisions. */
#ifndef CS_BASE_HASH_H
#define CS_BASE_HASH_H

#include <string.h>

#include "coapspec/dissect.h"

static inline uint64_t cs_mix(uint64_t a, uint64_t b)
{
    __extension__ typedef unsigned __int128 wide;
    wide r = (wide)(a ^ UINT64_C(0x9e3779b97f4a7c15)) * (b ^ UINT64_C(0xe7037ed1a0b428db));
    return (uint64_t)r ^ (uint64_t)(r >> 64);
}

static inline uint64_t cs_load64(const uint8_t *at)
{
    uint64_t v;
    memcpy(&v, at, sizeof v);
    return v;
}

static inline uint32_t cs_load32(const uint8_t *at)
{
    uint32_t v;
    memcpy(&v, at, sizeof v);
    return v;
}

/* Every octet of less than eight, some twice: no call of memcpy() for a length that the compiler
 * does not know. */
static inline uint64_t cs_load_short(const uint8_t *at, size_t n)
{
    if (n >= 4)
        return (uint64_t)cs_load32(at) << 32 | cs_load32(at + n - 4);
    return n == 0 ? 0 : (uint64_t)at[0] << 16 | (uint64_t)at[n / 2] << 8 | at[n - 1];
}

/* Octets, `n` may be 0. */
static inline uint64_t cs_hash(uint64_t key, const uint8_t *at, size_t n)
{
    uint64_t h = key + n;
    for (; n >= 16; at += 16, n -= 16)
        h = cs_mix(cs_load64(at), cs_load64(at + 8) ^ h);
    if (n < 8)
        return cs_mix(h, cs_load_short(at, n));
    return cs_mix(cs_mix(h, cs_load64(at)), cs_load64(at + n - 8));
}

static inline uint64_t cs_hash_address(uint64_t key, const struct cs_address *a)
{
    uint64_t port = (uint64_t)a->port << 16 | a->family;
    return cs_mix(cs_mix(key ^ cs_load64(a->ip), cs_load64(a->ip + 8)), key + port);
}

#endif
