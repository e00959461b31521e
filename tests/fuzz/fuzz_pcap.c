/* A capture file of any content: what is handed out lies in the file, does not depend on how much is asked for at once,
 * and a shorter file gives the same frames as far as it goes. */
#include <stdlib.h>
#include <string.h>

#include "source/source.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define REQUIRE(condition)                                                                         \
    do {                                                                                           \
        if (!(condition))                                                                          \
            abort();                                                                               \
    } while (0)

enum { FRAMES_MAX = 1024 }; /* the rest is read, not compared */

struct reading {
    struct cs_frame frames[FRAMES_MAX];
    size_t count;
    int end;
    struct cs_source_status status;
};

static void check_frame(const struct cs_frame *frame, struct cs_slice file, uint64_t number)
{
    REQUIRE(frame->number > number);
    REQUIRE(frame->wire_length >= frame->octets.len);
    REQUIRE(frame->octets.at >= file.at && frame->octets.len <= file.len);
    REQUIRE(frame->octets.at + frame->octets.len <= file.at + file.len);
}

static void read_all(struct cs_slice file, size_t batch, struct reading *out)
{
    struct cs_error error;
    struct cs_source *source = cs_source_memory(file, &error);
    out->count = 0;
    out->end = 1;
    if (source == NULL) {
        REQUIRE(error.text[0] != '\0');
        return;
    }
    uint64_t number = 0;
    struct cs_frame frames[64];
    while ((out->end = cs_source_next(source, frames, batch, &error)) > 0)
        for (int i = 0; i < out->end; i++) {
            check_frame(&frames[i], file, number);
            number = frames[i].number;
            if (out->count < FRAMES_MAX)
                out->frames[out->count++] = frames[i];
        }
    REQUIRE(out->end == CS_SOURCE_END || (out->end == CS_SOURCE_ERROR && error.text[0] != '\0'));
    out->status = cs_source_status(source);
    REQUIRE(out->status.octets <= file.len && out->status.size == file.len);
    REQUIRE(!out->status.truncated || out->status.truncated_at < file.len);
    REQUIRE(out->status.truncated || out->end == CS_SOURCE_ERROR || out->status.octets == file.len);
    cs_source_free(source);
}

static void check_same(const struct reading *a, const struct reading *b, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct cs_frame *f = &a->frames[i], *g = &b->frames[i];
        REQUIRE(f->octets.at == g->octets.at && f->octets.len == g->octets.len);
        REQUIRE(f->time_ns == g->time_ns && f->number == g->number);
        REQUIRE(f->wire_length == g->wire_length && f->link_type == g->link_type);
        REQUIRE(f->direction == g->direction);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct reading all, single, part;
    read_all((struct cs_slice){data, size}, 64, &all);
    read_all((struct cs_slice){data, size}, 1, &single);
    REQUIRE(all.count == single.count && all.end == single.end);
    check_same(&all, &single, all.count);
    read_all((struct cs_slice){data, size - size / 4}, 7, &part);
    REQUIRE(part.count <= all.count);
    check_same(&all, &part, part.count);
    return 0;
}
