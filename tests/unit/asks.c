/* How a command of the user's is told what a client must do. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "src/plot/asks.h"
#include "src/scenario/scenario.h"

static const char server[] = "coap://127.0.0.1:5683";

static void becomes(const struct asks *asks, const char *command, const char *due)
{
    char *text = asks_command(asks, command, server);
    assert_non_null(text);
    assert_string_equal(text, due);
    free(text);
}

static void placeholders_are_replaced(void **state)
{
    (void)state;
    struct asks none = {{NULL}};
    struct asks put = {{[ASKS_METHOD] = (char[]){"PUT"},
                        [ASKS_PATH] = (char[]){"/a"},
                        [ASKS_PAYLOAD] = (char[]){"hello"}}};
    struct asks group = {{[ASKS_GROUP] = (char[]){"yes"}}};
    becomes(&none, "c {server}/x", "c coap://127.0.0.1:5683/x");
    becomes(&none, "c -m {method} {uri}", "c -m GET coap://127.0.0.1:5683/test");
    becomes(&put, "c -m {method} {uri}", "c -m PUT coap://127.0.0.1:5683/a");
    becomes(&put, "c {payload:-e %}{non:-N}", "c -e hello");
    becomes(&none, "c {payload:-e %}{non:-N}", "c ");
    becomes(&put, "c {payload:%,%}", "c hello,hello");
    becomes(&group, "c {group:-a 127.0.0.1} {uri}", "c -a 127.0.0.1 coap://127.0.0.1:5683/test");
    becomes(&none, "c {group:-a 127.0.0.1} {uri}", "c  coap://127.0.0.1:5683/test");
}

static void other_braces_stay(void **state)
{
    (void)state;
    struct asks none = {{NULL}};
    becomes(&none, "awk '{print}' {serverx} {server", "awk '{print}' {serverx} {server");
    becomes(&none, "{", "{");
}

static void what_cannot_be_told_is_named(void **state)
{
    (void)state;
    struct asks put = {{[ASKS_METHOD] = (char[]){"PUT"}}},
                usual = {{[ASKS_METHOD] = (char[]){"GET"}}};
    struct asks path = {{[ASKS_PATH] = (char[]){"/a"}}}, count = {{[ASKS_COUNT] = (char[]){"2"}}};
    assert_int_equal(asks_untellable(&put, "c {server}"), ASKS_METHOD);
    assert_int_equal(asks_untellable(&put, "c {method} {server}"), ASKS_WORDS);
    assert_int_equal(asks_untellable(&usual, "c {server}"), ASKS_WORDS);
    assert_int_equal(asks_untellable(&path, "c {server}"), ASKS_PATH);
    assert_int_equal(asks_untellable(&path, "c {uri}"), ASKS_WORDS);
    assert_int_equal(asks_untellable(&count, "c {counts}"), ASKS_COUNT);
    assert_int_equal(asks_untellable(&count, "c {count:-G %}"), ASKS_WORDS);
}

static void values_are_safe_for_a_shell(void **state)
{
    (void)state;
    static const char *const bad[] = {"", "a b", "a;b", "$x", "`x`", "a\"", "a'", "a&b", "a\nb"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(asks_value_is_plain(bad[i]));
    assert_true(asks_value_is_plain("/a/b-c_d.e9"));
}

static void a_person_is_told(void **state)
{
    (void)state;
    struct asks asks = {{[ASKS_METHOD] = (char[]){"PUT"},
                         [ASKS_NON] = (char[]){"yes"},
                         [ASKS_PAYLOAD] = (char[]){"hello"}}};
    char text[100], small[8];
    asks_describe(&asks, text, sizeof text);
    assert_string_equal(text, "PUT /test, non yes, payload hello");
    asks_describe(&asks, small, sizeof small);
    assert_string_equal(small, "PUT /te");
}

static void refused(const char *text, unsigned line, const char *why)
{
    struct cs_error error = {{0}, 0, 0, {0}};
    struct scenario *s = scenario_parse("t.yaml", "t", text, strlen(text), &error);
    assert_null(s);
    assert_int_equal(error.line, line);
    if (strstr(error.text, why) == NULL)
        fail_msg("expected '%s' in '%s'", why, error.text);
}

static void mistakes_are_found_where_they_are(void **state)
{
    (void)state;
    refused("name: n\nrole: client\nasks: {methode: PUT}\nsteps:\n  - await: GET /x\n", 3,
            "did you mean method?");
    refused("name: n\nrole: client\nasks: {payload: a b}\nsteps:\n  - await: GET /x\n", 3,
            "letters, digits");
    refused("name: n\nasks: {method: PUT}\nsteps:\n  - send: GET /x\n", 2, "role: client");
    refused("name: n\nrole: client\nasks: PUT\nsteps:\n  - await: GET /x\n", 3, "a mapping");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(placeholders_are_replaced),
        cmocka_unit_test(other_braces_stay),
        cmocka_unit_test(what_cannot_be_told_is_named),
        cmocka_unit_test(values_are_safe_for_a_shell),
        cmocka_unit_test(a_person_is_told),
        cmocka_unit_test(mistakes_are_found_where_they_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
