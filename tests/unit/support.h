/* tests/unit/support.h: octets for unit tests. */
#ifndef TESTS_UNIT_SUPPORT_H
#define TESTS_UNIT_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "coapspec/dissect.h"

/* Octets in an allocation of exactly their length, so that a sanitizer sees one octet read too many. Free `at`. */
static inline struct cs_slice exact_copy(const uint8_t *at, size_t len)
{
    uint8_t *copy = malloc(len > 0 ? len : 1);
    assert_non_null(copy);
    if (len > 0)
        memcpy(copy, at, len);
    return (struct cs_slice){copy, len};
}

static inline struct cs_slice exact_hex(const char *hex)
{
    uint8_t octets[2048];
    size_t bad = 0;
    const long n = cs_hex_parse(hex, octets, sizeof octets, &bad);
    if (n < 0)
        fail_msg("not hex at %zu: %s", bad, hex);
    return exact_copy(octets, n > 0 ? (size_t)n : 0);
}

static inline void release(struct cs_slice octets) { free((void *)(uintptr_t)octets.at); }

#endif
