/* Any octets as application/link-format: what the walk hands out lies in them, in order, and the two ways agree. */
#include <stdlib.h>
#include <string.h>

#include "payload/link_format.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define REQUIRE(condition)                                                                         \
    do {                                                                                           \
        if (!(condition))                                                                          \
            abort();                                                                               \
    } while (0)

static void check_slice(struct cs_slice payload, struct cs_slice part, uint32_t at)
{
    REQUIRE((size_t)at + part.len <= payload.len);
    REQUIRE(part.len == 0 || part.at == payload.at + at);
}

/* How many attributes are called "ct". */
static unsigned walk_all(struct cs_slice payload)
{
    struct cs_link_walk walk;
    struct cs_link_attribute a;
    unsigned found = 0;
    cs_link_walk_init(&walk, payload);
    for (uint32_t before = 0, links = 0; cs_link_next(&walk);) {
        REQUIRE(walk.links == ++links && walk.target_at > before);
        check_slice(payload, walk.target, walk.target_at);
        before = walk.target_at + (uint32_t)walk.target.len;
        while (cs_link_attribute(&walk, &a)) {
            REQUIRE(a.name_at > before && a.value_at >= a.name_at + a.name.len);
            REQUIRE(a.has_value || a.value.len == 0);
            check_slice(payload, a.name, a.name_at);
            check_slice(payload, a.value, a.value_at);
            before = a.value_at + (uint32_t)a.value.len - 1;
            found += a.name.len == 2 && memcmp(a.name.at, "ct", 2) == 0;
        }
    }
    REQUIRE(walk.at <= payload.len);
    REQUIRE(walk.fault <= CS_LINK_SEPARATOR);
    return found;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct cs_slice payload = {data, size};
    struct cs_link_walk walk;
    struct cs_link_attribute a;
    unsigned found = 0;
    cs_link_walk_init(&walk, payload);
    while (cs_link_find(&walk, "ct", &a))
        found++;
    REQUIRE(found == walk_all(payload));
    return 0;
}
