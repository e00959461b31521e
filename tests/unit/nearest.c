/* "Did you mean": near words are found, far ones are not. */
#include "base/nearest.h"
#include "support.h"

static const char *const words[] = {"check",   "list",     "explain",  "report",
                                    "observe", "uri-path", "uri-query"};

static void assert_nearest(const char *word, const char *expected)
{
    const char *got = cs_nearest(word, words, sizeof words / sizeof words[0]);
    if (expected == NULL ? got != NULL : got == NULL || strcmp(got, expected) != 0)
        fail_msg("%s: expected %s, got %s", word, expected != NULL ? expected : "nothing",
                 got != NULL ? got : "nothing");
}

static void one_slip_is_forgiven(void **state)
{
    (void)state;
    assert_nearest("chekc", "check");     /* swapped */
    assert_nearest("lits", "list");       /* swapped */
    assert_nearest("explan", "explain");  /* one less */
    assert_nearest("reportt", "report");  /* one more */
    assert_nearest("obserwe", "observe"); /* changed */
    assert_nearest("CHECK", "check");     /* case does not count */
}

static void two_slips_are_forgiven_in_a_long_word(void **state)
{
    (void)state;
    assert_nearest("ury-pth", "uri-path");
    assert_nearest("obsreve", "observe");
}

static void the_nearest_of_several_wins(void **state)
{
    (void)state;
    assert_nearest("uri-quary", "uri-query");
    assert_nearest("uri-pat", "uri-path");
}

static void a_beginning_is_near(void **state)
{
    (void)state;
    assert_nearest("exp", "explain");
    assert_nearest("obs", "observe");
}

static void a_part_and_almost_a_beginning_are_near(void **state)
{
    static const char *const ids[] = {"4.2/acknowledgement-echoes-message-id",
                                      "4.2/reset-is-empty"};
    (void)state;
    assert_string_equal(cs_nearest("4.2/acknowledgment-echoes", ids, 2), ids[0]);
    assert_string_equal(cs_nearest("is-empty", ids, 2), ids[1]);
    assert_null(cs_nearest("ids", ids, 2));
}

static void far_words_are_not_suggested(void **state)
{
    (void)state;
    assert_nearest("zebra", NULL);
    assert_nearest("", NULL);
    assert_nearest("x", NULL);
    char longest[200];
    memset(longest, 'a', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    assert_nearest(longest, NULL);
    assert_null(cs_nearest("check", words, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_slip_is_forgiven),
        cmocka_unit_test(two_slips_are_forgiven_in_a_long_word),
        cmocka_unit_test(the_nearest_of_several_wins),
        cmocka_unit_test(a_beginning_is_near),
        cmocka_unit_test(a_part_and_almost_a_beginning_are_near),
        cmocka_unit_test(far_words_are_not_suggested),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
