/* track/store/entries.h: what a ledger keeps, found by a key, forgotten in order of use.
 *
 * Entries of one size. Each belongs to a key of 64 bits, which the ledger makes with the hash of base/hash.h; two things may
 * have the same key, so the ledger looks at what is in an entry before it believes it. When memory is short, the entry that was
 * used longest ago gives way, and that is counted. Memory follows what is kept, up to the bound, and is given back at the end.
 */
#ifndef DISSECTOR_TRACK_STORE_ENTRIES_H
#define DISSECTOR_TRACK_STORE_ENTRIES_H

#include "base/table.h"

#include <stdbool.h>

struct cs_entry; /* the head of an entry; what the ledger sees begins behind it */

struct cs_entries {
    struct cs_slab slab;
    struct cs_entry *
        *buckets; /* owned; `bucket_mask` + 1 of them; NULL while nothing was ever kept */
    size_t bucket_mask;
    struct cs_entry *free, *oldest, *youngest;
    size_t octets;    /* of one, head included */
    size_t made, max; /* entries */
    uint64_t live;    /* entries now */
    uint64_t evicted; /* gave way for want of memory */
};

/* `octets` is the size of what the ledger keeps in each; `memory` bounds all that it takes, in octets. Takes none yet. */
void cs_entries_init(struct cs_entries *entries, size_t memory, size_t octets);
void cs_entries_fini(struct cs_entries *entries);
/* Octets in use. */
size_t cs_entries_memory(const struct cs_entries *entries);

/* The first with that key, or the next one after `after`; NULL when there is none. Good until it is removed or gives way. */
void *cs_entries_find(const struct cs_entries *entries, uint64_t key, const void *after);
/* A new one, all zero, used at `now_ns` (stream time). NULL when there is no memory at all. */
void *cs_entries_add(struct cs_entries *entries, uint64_t key, uint64_t now_ns);
/* It is used now. */
void cs_entries_use(struct cs_entries *entries, void *entry, uint64_t now_ns);
void cs_entries_remove(struct cs_entries *entries, void *entry);
/* The one used longest ago, and when; NULL when there is none. */
void *cs_entries_oldest(const struct cs_entries *entries, uint64_t *used_ns);

#endif
