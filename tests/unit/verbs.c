/* Values of steps that are no messages: what is wrong with them is found when a scenario is read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "src/scenario/scenario.h"

static struct scenario *parse(const char *step, struct cs_error *error)
{
    char text[300];
    snprintf(text, sizeof text, "name: n\nsteps:\n  - %s\n", step);
    return scenario_parse("a.yaml", "a", text, strlen(text), error);
}

static void taken(const char *step)
{
    struct cs_error error = {0};
    struct scenario *s = parse(step, &error);
    if (s == NULL)
        fail_msg("%s: %s", step, error.text);
    scenario_free(s);
}

static void refused(const char *step, const char *why)
{
    struct cs_error error = {0};
    assert_null(parse(step, &error));
    assert_int_equal(error.line, 3);
    if (strstr(error.text, why) == NULL)
        fail_msg("expected '%s' in '%s'", why, error.text);
}

static void values_that_differ_are_two_at_least(void **state)
{
    (void)state;
    taken("unequal: [$mid, $token]");
    refused("unequal: [$mid]", "at least two values");
    refused("unequal: $mid", "at least two values");
    refused("unequal: [$mid, $tokem]", "nothing is called $tokem");
}

static void only_a_device_is_started_anew(void **state)
{
    (void)state;
    taken("restart: device");
    refused("restart: server", "the word device");
}

static void icmp_errors_have_names(void **state)
{
    (void)state;
    taken("expect: CON\n  - icmp: time_exceeded");
    taken("expect: CON\n  - icmp: port_unreachable_other_mid");
    refused("icmp: host_unreachable", "port_unreachable");
    refused("icmp: time_exceeded", "nothing was taken so far");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_that_differ_are_two_at_least),
        cmocka_unit_test(only_a_device_is_started_anew),
        cmocka_unit_test(icmp_errors_have_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
