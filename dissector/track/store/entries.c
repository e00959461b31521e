/* track/store/entries.c: see entries.h. */
#include "track/store/entries.h"

#include <stdlib.h>
#include <string.h>

struct cs_entry {
    uint64_t key, used_ns;
    struct cs_entry *in_bucket; /* or the next free one */
    struct cs_entry *older, *younger;
};

enum { BUCKETS_FIRST = 64, ENTRY_ALIGN = 8 };

static void *body_of(struct cs_entry *e) { return e == NULL ? NULL : e + 1; }
static struct cs_entry *head_of(void *body) { return (struct cs_entry *)body - 1; }

void cs_entries_init(struct cs_entries *entries, size_t memory, size_t octets)
{
    const size_t size =
        sizeof(struct cs_entry) + (octets + ENTRY_ALIGN - 1) / ENTRY_ALIGN * ENTRY_ALIGN;
    const size_t bucket = 2 * sizeof(struct cs_entry *); /* at most two for each entry */
    *entries = (struct cs_entries){.octets = size, .max = memory / (size + bucket)};
    cs_slab_init(&entries->slab, size);
}

void cs_entries_fini(struct cs_entries *entries)
{
    cs_slab_fini(&entries->slab);
    free(entries->buckets);
    *entries = (struct cs_entries){.buckets = NULL};
}

size_t cs_entries_memory(const struct cs_entries *entries)
{
    const size_t buckets = entries->buckets == NULL ? 0 : entries->bucket_mask + 1;
    return entries->made * entries->octets + buckets * sizeof *entries->buckets;
}

/* ------------------------------------------------------------------ buckets */

static struct cs_entry **bucket_of(const struct cs_entries *entries, uint64_t key)
{
    return &entries->buckets[(key >> 32 ^ key) & entries->bucket_mask];
}

/* Twice as many when there are more entries than buckets. False: there are none, and no memory for the first. */
static bool make_room(struct cs_entries *entries)
{
    const size_t old = entries->buckets == NULL ? 0 : entries->bucket_mask + 1;
    if (entries->live < old)
        return true;
    const size_t count = old == 0 ? BUCKETS_FIRST : 2 * old;
    struct cs_entry **buckets = calloc(count, sizeof(struct cs_entry *));
    if (buckets == NULL)
        return old != 0; /* longer chains do as well */
    free(entries->buckets);
    entries->buckets = buckets;
    entries->bucket_mask = count - 1;
    for (struct cs_entry *e = entries->oldest; e != NULL; e = e->younger) {
        struct cs_entry **bucket = bucket_of(entries, e->key);
        e->in_bucket = *bucket;
        *bucket = e;
    }
    return true;
}

static void leave_bucket(struct cs_entries *entries, struct cs_entry *e)
{
    struct cs_entry **at = bucket_of(entries, e->key);
    while (*at != e)
        at = &(*at)->in_bucket;
    *at = e->in_bucket;
}

/* ------------------------------------------------------------------ age */

static void leave_age(struct cs_entries *entries, struct cs_entry *e)
{
    *(e->older != NULL ? &e->older->younger : &entries->oldest) = e->younger;
    *(e->younger != NULL ? &e->younger->older : &entries->youngest) = e->older;
}

static void become_youngest(struct cs_entries *entries, struct cs_entry *e, uint64_t now_ns)
{
    e->used_ns = now_ns;
    e->older = entries->youngest;
    e->younger = NULL;
    *(entries->youngest != NULL ? &entries->youngest->younger : &entries->oldest) = e;
    entries->youngest = e;
}

/* ------------------------------------------------------------------ entries */

static struct cs_entry *take(struct cs_entries *entries)
{
    struct cs_entry *e = entries->free;
    if (e != NULL) {
        entries->free = e->in_bucket;
        return e;
    }
    if (entries->made < entries->max && (e = cs_slab_take(&entries->slab)) != NULL) {
        entries->made++;
        return e;
    }
    if (entries->oldest == NULL)
        return NULL;
    entries->evicted++;
    cs_entries_remove(entries, body_of(entries->oldest));
    e = entries->free; /* the one that gave way */
    entries->free = e->in_bucket;
    return e;
}

void *cs_entries_find(const struct cs_entries *entries, uint64_t key, const void *after)
{
    if (entries->buckets == NULL)
        return NULL;
    struct cs_entry *e =
        after == NULL ? *bucket_of(entries, key) : ((const struct cs_entry *)after - 1)->in_bucket;
    while (e != NULL && e->key != key)
        e = e->in_bucket;
    return body_of(e);
}

void *cs_entries_add(struct cs_entries *entries, uint64_t key, uint64_t now_ns)
{
    struct cs_entry *e = make_room(entries) ? take(entries) : NULL;
    if (e == NULL)
        return NULL;
    memset(e, 0, entries->octets);
    e->key = key;
    struct cs_entry **bucket = bucket_of(entries, key);
    e->in_bucket = *bucket;
    *bucket = e;
    become_youngest(entries, e, now_ns);
    entries->live++;
    return body_of(e);
}

void cs_entries_use(struct cs_entries *entries, void *entry, uint64_t now_ns)
{
    leave_age(entries, head_of(entry));
    become_youngest(entries, head_of(entry), now_ns);
}

void cs_entries_remove(struct cs_entries *entries, void *entry)
{
    struct cs_entry *e = head_of(entry);
    leave_bucket(entries, e);
    leave_age(entries, e);
    e->in_bucket = entries->free;
    entries->free = e;
    entries->live--;
}

void *cs_entries_oldest(const struct cs_entries *entries, uint64_t *used_ns)
{
    if (entries->oldest != NULL)
        *used_ns = entries->oldest->used_ns;
    return body_of(entries->oldest);
}
