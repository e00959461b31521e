#include "base/table.h"

#include <stdbool.h>
#include <stdlib.h>
#include <sys/mman.h>

enum { LARGE_PAGE = 2 << 20, FIRST_PIECES = 2 };

/* At the beginning of each table of a slab. */
struct cs_slab_table {
    struct cs_slab_table *before;
};

void *cs_table_new(size_t octets)
{
    const bool large = octets >= LARGE_PAGE;
    void *table = aligned_alloc(large ? LARGE_PAGE : CS_CACHE_LINE, octets);
#ifdef MADV_HUGEPAGE
    if (table != NULL && large)
        madvise(table, octets, MADV_HUGEPAGE); /* a wish: it may fail */
#endif
    return table;
}

void cs_slab_init(struct cs_slab *slab, size_t piece)
{
    *slab = (struct cs_slab){.piece = piece};
    const size_t first = CS_CACHE_LINE + FIRST_PIECES * piece;
    slab->table = (first + CS_CACHE_LINE - 1) / CS_CACHE_LINE * CS_CACHE_LINE;
}

void cs_slab_fini(struct cs_slab *slab)
{
    while (slab->tables != NULL) {
        struct cs_slab_table *table = slab->tables;
        slab->tables = table->before;
        free(table);
    }
    slab->left = 0;
}

static bool add_table(struct cs_slab *slab)
{
    struct cs_slab_table *table = cs_table_new(slab->table);
    if (table == NULL)
        return false;
    table->before = slab->tables;
    slab->tables = table;
    slab->at = (uint8_t *)table + CS_CACHE_LINE;
    slab->left = slab->table - CS_CACHE_LINE;
    if (slab->table < LARGE_PAGE)
        slab->table = slab->table * 2 < LARGE_PAGE ? slab->table * 2 : LARGE_PAGE;
    return true;
}

void *cs_slab_take(struct cs_slab *slab)
{
    if (slab->left < slab->piece && !add_table(slab))
        return NULL;
    void *piece = slab->at;
    slab->at += slab->piece;
    slab->left -= slab->piece;
    return piece;
}
