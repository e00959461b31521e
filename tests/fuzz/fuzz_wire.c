/* Frames of any link type and content, fragments among them, under a small memory limit.
 *
 * Each step is four octets: link type, seconds that pass, length of the frame (2); then the frame. What must hold:
 * a datagram lies within its frame, memory stays under the limit, and what is no fragment is decoded the same again. */
#include <stdlib.h>
#include <string.h>

#include "wire/wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define REQUIRE(condition)                                                                         \
    do {                                                                                           \
        if (!(condition))                                                                          \
            abort();                                                                               \
    } while (0)

enum { MEMORY = 64 * 1024, DATAGRAM_MAX = 65535 };
static const uint16_t link_types[] = {101, 1, 113, 276, 0, 108, 228, 229, 12, 14, 147};

static void check(const struct cs_frame *frame, const struct cs_datagram *d, bool borrowed)
{
    REQUIRE(d->src.family == d->dst.family && (d->src.family == 4 || d->src.family == 6));
    REQUIRE(d->octets.len + d->missing <= DATAGRAM_MAX);
    REQUIRE(d->packet == frame->number && d->time_ns == frame->time_ns);
    REQUIRE(d->fragmented == !borrowed);
    uint8_t sum = 0; /* a sanitizer sees it when they are not there */
    for (size_t i = 0; i < d->octets.len; i++)
        sum ^= d->octets.at[i];
    REQUIRE(d->octets.len > 0 || sum == 0);
    if (!borrowed || d->octets.len == 0)
        return;
    REQUIRE(d->octets.at >= frame->octets.at);
    REQUIRE(d->octets.at + d->octets.len <= frame->octets.at + frame->octets.len);
}

static void see(struct cs_wire *wire, const struct cs_frame *frame)
{
    struct cs_datagram d, again;
    enum cs_wire_result result = cs_wire_frame(wire, frame, &d);
    struct cs_wire_counts counts = cs_wire_counts(wire);
    REQUIRE(counts.memory <= MEMORY + DATAGRAM_MAX); /* the whole packet that is lent */
    REQUIRE(counts.evicted <= counts.fragments);
    if (result == CS_WIRE_REASSEMBLED)
        check(frame, &d, false);
    if (result != CS_WIRE_DATAGRAM)
        return;
    check(frame, &d, true);
    REQUIRE(cs_wire_frame(wire, frame, &again) == CS_WIRE_DATAGRAM);
    REQUIRE(again.octets.at == d.octets.at && again.octets.len == d.octets.len);
    REQUIRE(again.missing == d.missing && cs_address_equal(&again.src, &d.src));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct cs_wire *wire = cs_wire_new(MEMORY);
    struct cs_frame frame = {.time_ns = UINT64_C(1700000000000000000)};
    REQUIRE(wire != NULL);
    while (size >= 4) {
        frame.link_type = link_types[data[0] % (sizeof link_types / sizeof link_types[0])];
        frame.time_ns += data[1] * UINT64_C(1000000000);
        size_t length = (size_t)data[2] << 8 | data[3], captured = length;
        data += 4;
        size -= 4;
        if (captured > size)
            captured = size;
        uint8_t *octets = malloc(captured > 0 ? captured : 1); /* of exactly that length */
        REQUIRE(octets != NULL);
        memcpy(octets, data, captured);
        frame.octets = (struct cs_slice){octets, captured};
        frame.wire_length = (uint32_t)length;
        frame.number++;
        see(wire, &frame);
        free(octets);
        data += captured;
        size -= captured;
    }
    cs_wire_free(wire);
    return 0;
}
