/* tests/unit/names.c: `$names` in texts, and the durations and numbers written with them. */
#include "src/names/names.h"

#include <math.h>
#include <stdio.h>

#include "tests/unit/support.h"

static const char *text_of(void *user, const char *name)
{
    static const char *const known[][2] = {
        {"test", "/a/b"},       {"n", "41"},       {"wait", "1.5s"}, {"empty", ""},
        {"umlaut", "\xc3\xbc"}, {"word", "hello"},
    };
    (void)user;
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (strcmp(known[i][0], name) == 0)
            return known[i][1];
    return NULL;
}

static size_t others(void *user, const char **names, size_t cap)
{
    (void)user;
    assert_true(cap > 1);
    names[0] = "word";
    return 1;
}

static const struct names_scope scope = {.text = text_of, .others = others};

/* ------------------------------------------------------------------ texts */

static void names_are_replaced_by_their_texts(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"", ""},
        {"CON GET $test", "CON GET /a/b"},
        {"$test$test", "/a/b/a/b"},
        {"| $n$$ $$n", "| 41$ $n"},
        {"${$n + 1}", "42"},
        {"a${ 2 * $n }b", "a82b"},
        {"${1 / 4}", "0.25"},
        {"x$empty.", "x."},
        {"$word-$word_", NULL}, /* the underscore is part of the name */
        {"$word-", "hello-"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        static struct names_text out;
        struct cs_error error = {0};
        bool fine = names_expand(rows[i][0], &scope, &out, &error);
        if (fine != (rows[i][1] != NULL) || (fine && strcmp(out.text, rows[i][1]) != 0))
            fail_msg("%s gives %s", rows[i][0], fine ? out.text : error.text);
    }
}

static void a_mistake_has_its_column_and_the_nearest_name(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        unsigned column;
        const char *why;
    } rows[] = {
        {"a $", 3, "a name must follow $"},
        {"a $1", 3, "a name must follow $"},
        {"\xc3\xbc\xc3\xbc $x", 4, "nothing is called $x"}, /* columns are characters */
        {"$wrod", 1, "did you mean $word?"},
        {"$ack_timout", 1, "did you mean $ack_timeout?"},
        {"$observabel", 1, "did you mean $observable?"},
        {"a ${$n + 1", 3, "the } of ${ is missing"},
        {"a ${$n + }", 10, "is missing here"},
        {"a ${$m}", 5, "nothing is called $m"},
        {"${1 / 0}", 5, "a division by zero"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        static struct names_text out;
        struct cs_error error = {0};
        if (names_expand(rows[i].text, &scope, &out, &error))
            fail_msg("%s gives %s", rows[i].text, out.text);
        if (error.column != rows[i].column || strstr(error.text, rows[i].why) == NULL)
            fail_msg("%s: expected %u: %s\ngot %u: %s", rows[i].text, rows[i].column, rows[i].why,
                     error.column, error.text);
    }
}

static void a_place_in_the_text_is_found_in_the_source(void **state)
{
    (void)state;
    static struct names_text out;
    struct cs_error error = {0};
    /*  source  a $word $umlaut z
     *  text    a hello u z        (u is one character of two octets) */
    assert_true(names_expand("a $word $umlaut z", &scope, &out, &error));
    static const unsigned columns[][2] = {{1, 1}, {2, 2}, {3, 3},   {5, 3},  {7, 3},
                                          {8, 8}, {9, 9}, {10, 16}, {11, 17}};
    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++)
        if (names_column(&out, columns[i][0]) != columns[i][1])
            fail_msg("column %u is %u, not %u", columns[i][0], names_column(&out, columns[i][0]),
                     columns[i][1]);
}

static void a_text_has_a_limit(void **state)
{
    (void)state;
    static struct names_text out;
    static char source[NAMES_TEXT_MAX + 10];
    struct cs_error error = {0};
    memset(source, 'a', sizeof source - 1);
    assert_false(names_expand(source, &scope, &out, &error));
    assert_string_equal(error.text, "the line is too long");
    source[NAMES_TEXT_MAX - 2] = '\0';
    assert_true(names_expand(source, &scope, &out, &error));
    assert_int_equal(strlen(out.text), NAMES_TEXT_MAX - 2);
    /* more names than places are remembered: the text is right all the same */
    for (size_t i = 0; i < (size_t)2 * NAMES_JUMPS_MAX; i++)
        memcpy(source + 2 * i, "$n", 3);
    assert_true(names_expand(source, &scope, &out, &error));
    assert_int_equal(strlen(out.text), 4 * NAMES_JUMPS_MAX);
    assert_int_equal(out.jump_count, NAMES_JUMPS_MAX);
}

/* ------------------------------------------------------------------ values */

static void sums_follow_the_usual_precedence(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double number;
        bool duration;
    } rows[] = {
        {"1", 1, false},
        {"1 + 2 * 3", 7, false},
        {"10 - 2 - 3", 5, false},
        {"8 / 4 / 2", 1, false},
        {"2 * $wait", 3, true},
        {"$wait / 3", 0.5, true},
        {"$wait / 500ms", 3, false},
        {"1 + 200ms", 1.2, true},
        {".5h", 1800, true},
        {"2m", 120, true},
        {"2min", 120, true},
        {"\t3s ", 3, true},
        {"$n+1", 42, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct names_value value;
        struct cs_error error = {0};
        if (!names_evaluate(rows[i].text, &scope, &value, &error))
            fail_msg("%s: %s", rows[i].text, error.text);
        if (fabs(value.number - rows[i].number) > 1e-9 || value.duration != rows[i].duration)
            fail_msg("%s gives %g%s", rows[i].text, value.number, value.duration ? "s" : "");
    }
}

static void what_is_no_sum_is_refused_at_its_place(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        unsigned column;
        const char *why;
    } rows[] = {
        {"", 1, "is missing here"},
        {"1 +", 4, "is missing here"},
        {"1 2", 3, "one of + - * / is missing"},
        {"-1", 1, "is missing here"},
        {"2 * * 3", 5, "is missing here"},
        {"1s * 1s", 4, "a duration times a duration"},
        {"1 / 0", 3, "a division by zero"},
        {"3 years", 3, "one of + - * /"},
        {"3years", 2, "the units of time"},
        {"$word", 1, "stands for no number"},
        {"1 + $empty", 5, "stands for no number"},
        {"1 + $nothing", 5, "nothing is called $nothing"},
        {"(1)", 1, "is missing here"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct names_value value;
        struct cs_error error = {0};
        if (names_evaluate(rows[i].text, &scope, &value, &error))
            fail_msg("%s gives %g", rows[i].text, value.number);
        if (error.column != rows[i].column || strstr(error.text, rows[i].why) == NULL)
            fail_msg("%s: expected %u: %s\ngot %u: %s", rows[i].text, rows[i].column, rows[i].why,
                     error.column, error.text);
    }
}

static void a_duration_lies_between_nothing_and_a_day(void **state)
{
    (void)state;
    uint64_t ns = 0;
    struct cs_error error = {0};
    assert_true(names_duration("24h", &scope, &ns, &error));
    assert_int_equal(ns, UINT64_C(86400000000000));
    assert_true(names_duration("0", &scope, &ns, &error));
    assert_int_equal(ns, 0);
    assert_true(names_duration("2", &scope, &ns, &error)); /* seconds */
    assert_int_equal(ns, UINT64_C(2000000000));
    static const char *const beyond[] = {"86400.1", "1s - 2s", "1e999", "1e999 - 1e999"};
    for (size_t i = 0; i < sizeof beyond / sizeof beyond[0]; i++) {
        if (names_duration(beyond[i], &scope, &ns, &error))
            fail_msg("%s is a duration", beyond[i]);
        assert_non_null(strstr(error.text, "between 0 and 24h"));
    }
}

static void a_number_is_whole_and_within_bounds(void **state)
{
    (void)state;
    uint64_t number = 0;
    struct cs_error error = {0};
    assert_true(names_number("$n + 1", &scope, 1, 42, &number, &error));
    assert_int_equal(number, 42);
    static const char *const wrong[] = {"43", "0", "1.5", "2s", "1e999", "0 - 1"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        if (names_number(wrong[i], &scope, 1, 42, &number, &error))
            fail_msg("%s is such a number", wrong[i]);
        assert_non_null(strstr(error.text, "a whole number from 1 to 42"));
    }
}

static void a_name_begins_with_a_letter(void **state)
{
    (void)state;
    assert_int_equal(names_length("a_1b-c"), 4);
    assert_int_equal(names_length("_a"), 0);
    assert_int_equal(names_length("1a"), 0);
    assert_int_equal(names_length(""), 0);
    assert_int_equal(names_length("\xc3\xbc"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_replaced_by_their_texts),
        cmocka_unit_test(a_mistake_has_its_column_and_the_nearest_name),
        cmocka_unit_test(a_place_in_the_text_is_found_in_the_source),
        cmocka_unit_test(a_text_has_a_limit),
        cmocka_unit_test(sums_follow_the_usual_precedence),
        cmocka_unit_test(what_is_no_sum_is_refused_at_its_place),
        cmocka_unit_test(a_duration_lies_between_nothing_and_a_day),
        cmocka_unit_test(a_number_is_whole_and_within_bounds),
        cmocka_unit_test(a_name_begins_with_a_letter),
    };
    return cmocka_run_group_tests_name("names", tests, NULL, NULL);
}
