/* tests/unit/capture.h: capture files and frames built in memory. */
#ifndef TESTS_UNIT_CAPTURE_H
#define TESTS_UNIT_CAPTURE_H

#include "source/source.h"
#include "support.h"

/* Octets that are added to; `big` is the byte order of the numbers. */
struct image {
    uint8_t at[65536 * 2];
    size_t len;
    bool big;
};

static inline void put(struct image *image, const void *octets, size_t n)
{
    assert_true(n <= sizeof image->at - image->len);
    if (n > 0)
        memcpy(image->at + image->len, octets, n);
    image->len += n;
}

static inline void put_number(struct image *image, uint64_t value, unsigned octets)
{
    for (unsigned i = 0; i < octets; i++) {
        unsigned shift = image->big ? 8 * (octets - 1 - i) : 8 * i;
        uint8_t octet = (uint8_t)(value >> shift);
        put(image, &octet, 1);
    }
}

static inline void put16(struct image *image, unsigned value) { put_number(image, value, 2); }
static inline void put32(struct image *image, uint32_t value) { put_number(image, value, 4); }
static inline void put64(struct image *image, uint64_t value) { put_number(image, value, 8); }

static inline void put_hex(struct image *image, const char *hex)
{
    struct cs_slice octets = exact_hex(hex);
    put(image, octets.at, octets.len);
    release(octets);
}

static inline struct cs_slice slice_of(const struct image *image)
{
    return (struct cs_slice){image->at, image->len};
}

/* The whole of a file in memory, frame by frame, `batch` at a time; the octets are copied to be looked at later. */
struct reading {
    struct cs_frame frames[64];
    size_t count;
    int end; /* CS_SOURCE_END or CS_SOURCE_ERROR; 1 when the file was not opened */
    struct cs_source_status status;
    char description[96];
    struct cs_error error;
};

static inline void reading_fini(struct reading *reading)
{
    for (size_t i = 0; i < reading->count; i++)
        release(reading->frames[i].octets);
}

static inline void read_source(struct cs_source *source, size_t batch, struct reading *out)
{
    struct cs_frame frames[64];
    assert_true(batch <= 64);
    for (;;) {
        out->end = cs_source_next(source, frames, batch, &out->error);
        if (out->end < 0)
            break;
        assert_true(out->end > 0 && (size_t)out->end <= batch);
        for (int i = 0; i < out->end; i++) {
            assert_true(out->count < 64);
            out->frames[out->count] = frames[i];
            out->frames[out->count++].octets =
                exact_copy(frames[i].octets.at, frames[i].octets.len);
        }
    }
    out->status = cs_source_status(source);
    snprintf(out->description, sizeof out->description, "%s", out->status.description);
    cs_source_free(source);
}

static inline struct reading read_memory(struct cs_slice octets, size_t batch)
{
    struct reading out = {.end = 1};
    struct cs_slice exact = exact_copy(octets.at, octets.len);
    struct cs_source *source = cs_source_memory(exact, &out.error);
    if (source != NULL)
        read_source(source, batch, &out);
    release(exact);
    return out;
}

static inline struct reading read_image(const struct image *image)
{
    return read_memory(slice_of(image), 32);
}

/* Equal in all but the link type. */
static inline void assert_same_frames(const struct reading *a, const struct reading *b)
{
    assert_int_equal(a->count, b->count);
    for (size_t i = 0; i < a->count; i++) {
        const struct cs_frame *f = &a->frames[i], *g = &b->frames[i];
        assert_int_equal(f->time_ns, g->time_ns);
        assert_int_equal(f->number, g->number);
        assert_int_equal(f->wire_length, g->wire_length);
        assert_int_equal(f->direction, g->direction);
        assert_int_equal(f->octets.len, g->octets.len);
        assert_memory_equal(f->octets.at, g->octets.at, f->octets.len);
    }
}

#endif
