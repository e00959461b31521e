#include "track/store/entries.h"
#include "tests/unit/support.h"

struct thing {
    uint64_t number;
    uint8_t more[13];
};

static void what_is_added_is_found_by_its_key(void **state)
{
    enum { THINGS = 5000 };
    struct cs_entries entries;
    (void)state;
    cs_entries_init(&entries, 1 << 20, sizeof(struct thing));
    assert_null(cs_entries_find(&entries, 1, NULL));
    for (uint64_t i = 0; i < THINGS; i++) {
        struct thing *thing = cs_entries_add(&entries, i * 64, i);
        assert_non_null(thing);
        assert_int_equal(thing->number, 0);
        assert_int_equal(thing->more[12], 0);
        *thing = (struct thing){.number = i, .more = {[12] = 1}};
    }
    for (uint64_t i = 0; i < THINGS; i++) {
        struct thing *thing = cs_entries_find(&entries, i * 64, NULL);
        assert_non_null(thing);
        assert_int_equal(thing->number, i);
        assert_null(cs_entries_find(&entries, i * 64, thing));
        assert_null(cs_entries_find(&entries, i * 64 + 1, NULL));
    }
    assert_int_equal(entries.live, THINGS);
    cs_entries_fini(&entries);
}

static void two_things_of_one_key_are_both_found(void **state)
{
    struct cs_entries entries;
    (void)state;
    cs_entries_init(&entries, 4096, sizeof(struct thing));
    struct thing *a = cs_entries_add(&entries, 7, 1), *b = cs_entries_add(&entries, 7, 2);
    struct thing *first = cs_entries_find(&entries, 7, NULL);
    struct thing *second = cs_entries_find(&entries, 7, first);
    assert_true((first == a && second == b) || (first == b && second == a));
    assert_null(cs_entries_find(&entries, 7, second));
    cs_entries_remove(&entries, a);
    assert_ptr_equal(cs_entries_find(&entries, 7, NULL), b);
    assert_null(cs_entries_find(&entries, 7, b));
    cs_entries_fini(&entries);
}

static void the_one_used_longest_ago_gives_way(void **state)
{
    enum { MEMORY = 4096 };
    struct cs_entries entries;
    uint64_t used_ns = 0, n = 0;
    (void)state;
    cs_entries_init(&entries, MEMORY, sizeof(struct thing));
    for (; entries.evicted == 0; n++) {
        ((struct thing *)cs_entries_add(&entries, n, n))->number = n;
        if (n == 1) /* the first is used again: the second is the oldest then */
            cs_entries_use(&entries, cs_entries_find(&entries, 0, NULL), n);
        assert_true(cs_entries_memory(&entries) <= MEMORY);
        assert_true(n < 1000);
    }
    assert_true(n > 20);
    assert_null(cs_entries_find(&entries, 1, NULL));
    assert_non_null(cs_entries_find(&entries, 0, NULL));
    assert_int_equal(((struct thing *)cs_entries_oldest(&entries, &used_ns))->number, 0);
    assert_int_equal(used_ns, 1);
    assert_int_equal(entries.live, n - 1);
    cs_entries_fini(&entries);
    assert_int_equal(cs_entries_memory(&entries), 0);
}

static void without_memory_nothing_is_kept(void **state)
{
    struct cs_entries entries;
    uint64_t used_ns;
    (void)state;
    cs_entries_init(&entries, 16, sizeof(struct thing));
    assert_null(cs_entries_add(&entries, 1, 1));
    assert_null(cs_entries_oldest(&entries, &used_ns));
    cs_entries_fini(&entries);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_added_is_found_by_its_key),
        cmocka_unit_test(two_things_of_one_key_are_both_found),
        cmocka_unit_test(the_one_used_longest_ago_gives_way),
        cmocka_unit_test(without_memory_nothing_is_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
