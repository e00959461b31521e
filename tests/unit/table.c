#include "base/table.h"
#include "tests/unit/support.h"

static void a_table_begins_with_a_cache_line(void **state)
{
    static const size_t sizes[] = {64, 4096, 1 << 20, 2 << 20, 8 << 20};
    (void)state;
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        uint8_t *table = cs_table_new(sizes[i]);
        assert_non_null(table);
        assert_int_equal((uintptr_t)table % CS_CACHE_LINE, 0);
        memset(table, 0xa5, sizes[i]);
        free(table);
    }
}

/* Each piece is filled with its number; all are read again when the last is there. */
static void pieces_of_a_slab_do_not_touch(void **state)
{
    static const size_t sizes[] = {8, 24, 1000, 24576, 53256};
    enum { PIECES = 200 };
    (void)state;
    for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++) {
        struct cs_slab slab;
        uint8_t *pieces[PIECES];
        cs_slab_init(&slab, sizes[s]);
        for (unsigned i = 0; i < PIECES; i++) {
            pieces[i] = cs_slab_take(&slab);
            assert_non_null(pieces[i]);
            memset(pieces[i], (int)i, sizes[s]);
        }
        for (unsigned i = 0; i < PIECES; i++)
            for (size_t at = 0; at < sizes[s]; at++)
                if (pieces[i][at] != i)
                    fail_msg("piece %u of %zu octets was overwritten at %zu", i, sizes[s], at);
        cs_slab_fini(&slab);
    }
}

static void a_slab_starts_small(void **state)
{
    struct cs_slab slab;
    (void)state;
    cs_slab_init(&slab, 1000);
    assert_non_null(cs_slab_take(&slab));
    assert_true(slab.left < 4000);
    cs_slab_fini(&slab);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_table_begins_with_a_cache_line),
        cmocka_unit_test(pieces_of_a_slab_do_not_touch),
        cmocka_unit_test(a_slab_starts_small),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
