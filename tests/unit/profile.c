/* A device profile is written such that it is read as it was. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "src/profile/profile.h"

/* The path of $test after a profile that binds it was written and read. */
static void expect_path(const char *bound, const char *read)
{
    struct profile first, second;
    struct cs_error error = {{0}, 0, 0, {0}};
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    profile_init(&first);
    profile_init(&second);
    profile_bind(&first, "test", bound);
    assert_true(profile_write(&first, "a device", out));
    fclose(out);
    if (!profile_parse(&second, "device.yaml", text, length, &error))
        fail_msg("line %u, column %u: %s\n%s", error.line, error.column, error.text, text);
    assert_string_equal(profile_resource(&second, "test"), read);
    free(text);
    profile_fini(&first);
    profile_fini(&second);
}

static void quotes_and_backslashes_in_a_path_stay(void **state)
{
    (void)state;
    expect_path("/a?b=1&c", "/a?b=1&c");
    expect_path("/\"a\"\\b#c: d", "/\"a\"\\b#c: d");
}

static void octets_that_yaml_does_not_take_become_percents(void **state)
{
    (void)state;
    expect_path("/\a\n\x7f", "/%07%0a%7f");
    expect_path("/gr\xc3\xbc\xc3\x9f", "/gr%c3%bc%c3%9f");
    expect_path("/\xff", "/%ff");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quotes_and_backslashes_in_a_path_stay),
        cmocka_unit_test(octets_that_yaml_does_not_take_become_percents),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
