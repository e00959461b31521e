/* base/table.h: memory for tables that are read at random.
 *
 * Half of what a cache miss costs in such a table is the translation of its address, and a prefetch
 * waits for that as well: so large tables stand in large pages where the system has them. Nothing
 * but speed depends on it. */
#ifndef CS_BASE_TABLE_H
#define CS_BASE_TABLE_H

#include <stddef.h>
#include <stdint.h>

enum { CS_CACHE_LINE = 64 };

/* Memory that begins with a cache line, its content undefined; free() releases it. NULL when there
 * is none. `octets` is a multiple of CS_CACHE_LINE. */
void *cs_table_new(size_t octets);

/* Pieces of one size, cut from tables that double as they come, up to the size of a large page.
 * They are freed together. */
struct cs_slab {
    size_t piece; /* octets */
    size_t table; /* octets of the next table */
    uint8_t *at;  /* what is left of the last table */
    size_t left;
    struct cs_slab_table *tables; /* owned */
};

/* `piece`: octets of each. Pieces are given back all at once, by _fini. */
void cs_slab_init(struct cs_slab *slab, size_t piece);
void cs_slab_fini(struct cs_slab *slab);
/* Its content is undefined; NULL when there is no memory. It begins with a cache line if its size
 * is a multiple of one. */
void *cs_slab_take(struct cs_slab *slab);

#endif
