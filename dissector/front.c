/* front.c: see front.h. */
#include "front.h"

#include <stdlib.h>
#include <string.h>

struct cs_kept {
    struct cs_kept *next;
    uint8_t octets[];
};

struct cs_batch *cs_batch_new(bool copies)
{
    struct cs_batch *batch = calloc(1, sizeof *batch);
    if (batch != NULL)
        batch->copies = copies;
    return batch;
}

static void forget(struct cs_batch *batch)
{
    while (batch->kept != NULL) {
        struct cs_kept *next = batch->kept->next;
        free(batch->kept);
        batch->kept = next;
    }
}

void cs_batch_free(struct cs_batch *batch)
{
    if (batch == NULL)
        return;
    forget(batch);
    free(batch->copied);
    free(batch);
}

struct cs_front *cs_front_new(size_t memory, const struct cs_key_maker *maker)
{
    struct cs_front *front = calloc(1, sizeof *front);
    if (front == NULL)
        return NULL;
    front->maker = maker;
    front->wire = cs_wire_new(memory);
    if (front->wire != NULL)
        return front;
    free(front);
    return NULL;
}

void cs_front_free(struct cs_front *front)
{
    if (front != NULL)
        cs_wire_free(front->wire);
    free(front);
}

void cs_front_decode(const struct cs_front *front, struct cs_item *item)
{
    const struct cs_datagram *d = &item->event.datagram;
    cs_message_decode((enum cs_carrier)d->carrier, d->octets, d->missing, &item->event.message);
    cs_keys_make(front->maker, &item->event, &item->keys);
}

/* Empties the batch, with room for copies of all that the frames hold. */
static bool begin(struct cs_batch *batch, const struct cs_frame *frames, size_t count)
{
    size_t room = 0;
    for (size_t i = 0; i < count && batch->copies; i++)
        room += frames[i].octets.len;
    if (room > batch->copied_cap) {
        uint8_t *more = realloc(batch->copied, room);
        if (more == NULL)
            return false;
        batch->copied = more;
        batch->copied_cap = room;
    }
    forget(batch);
    batch->count = batch->copied_length = 0;
    batch->packets = batch->octets = batch->not_decodable = 0;
    batch->first_ns = batch->last_ns = 0;
    return true;
}

/* The octets of a datagram that was put together are gone at the next frame; where the batch copies, so are all. */
static bool keep(struct cs_batch *batch, struct cs_slice *octets, bool put_together)
{
    uint8_t *to = batch->copied + batch->copied_length;
    if (put_together) {
        struct cs_kept *kept = malloc(sizeof *kept + octets->len);
        if (kept == NULL)
            return false;
        kept->next = batch->kept;
        batch->kept = kept;
        to = kept->octets;
    } else if (batch->copies) {
        batch->copied_length += octets->len;
    } else {
        return true;
    }
    if (octets->len > 0)
        memcpy(to, octets->at, octets->len);
    octets->at = to;
    return true;
}

bool cs_front_read(struct cs_front *front, const struct cs_frame *frames, size_t count,
                   struct cs_batch *batch)
{
    if (!begin(batch, frames, count))
        return false;
    for (size_t i = 0; i < count; i++) {
        struct cs_item *item = &batch->items[batch->count];
        struct cs_datagram *d = &item->event.datagram;
        const uint64_t time_ns = frames[i].time_ns;
        batch->first_ns = batch->first_ns == 0 ? time_ns : batch->first_ns;
        batch->last_ns = time_ns > batch->last_ns ? time_ns : batch->last_ns;
        batch->packets++;
        batch->octets += frames[i].octets.len;
        const enum cs_wire_result result = cs_wire_frame(front->wire, &frames[i], d);
        batch->not_decodable += result == CS_WIRE_UNDECODABLE;
        if (result != CS_WIRE_DATAGRAM && result != CS_WIRE_REASSEMBLED)
            continue;
        if (!keep(batch, &d->octets, result == CS_WIRE_REASSEMBLED))
            return false;
        cs_front_decode(front, item);
        batch->count++;
    }
    batch->wire = cs_wire_counts(front->wire);
    return true;
}
