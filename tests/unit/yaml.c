/* YAML as scenarios and profiles have it: what is no text, or would keep libfyaml busy for ever, is refused with its place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "src/yaml/yaml.h"

static void refused(const char *text, size_t length, unsigned line, unsigned column,
                    const char *why)
{
    struct cs_error error;
    struct yaml_file *file = yaml_parse("a.yaml", text, length, &error);
    assert_null(file);
    assert_int_equal(error.line, line);
    assert_int_equal(error.column, column);
    assert_non_null(strstr(error.text, why));
    assert_string_equal(error.file, "a.yaml");
}

static void directives_are_refused_at_once(void **state)
{
    (void)state;
    refused("%YAML 1.2\n---\na: 1\n", 20, 1, 1, "directives");
    refused("a: 1\n%M-Zame", 12, 2, 1, "directives");
    refused("a: 1\r\n%b", 8, 2, 1, "directives");
}

static void what_is_no_text_is_refused_at_its_place(void **state)
{
    (void)state;
    refused("a: \x01", 4, 1, 4, "octet 01");
    refused("a: 1\nb: \xc0\xaf", 10, 2, 4, "octet c0");
    refused("a: \0b", 5, 1, 4, "octet 00");
}

static void anchors_and_tags_are_refused_wherever_they_stand(void **state)
{
    (void)state;
    static const char *const texts[] = {"a: &b c\n",   "a: !b c\n",      "a: &b [c]\n",
                                        "a: !b [c]\n", "a: &b {c: d}\n", "a: !!map {c: d}\n"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        refused(texts[i], strlen(texts[i]), 1, 4, "anchors and tags");
    refused("a: *b\n", 6, 1, 4, "alias");
}

static void a_percent_elsewhere_is_a_character_like_others(void **state)
{
    (void)state;
    struct cs_error error;
    struct yaml_file *file = yaml_parse("a.yaml", "a: 5 % of ä\n", 13, &error);
    assert_non_null(file);
    assert_string_equal(yaml_get(file->root, "a")->text, "5 % of ä");
    yaml_free(file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(directives_are_refused_at_once),
        cmocka_unit_test(what_is_no_text_is_refused_at_its_place),
        cmocka_unit_test(anchors_and_tags_are_refused_wherever_they_stand),
        cmocka_unit_test(a_percent_elsewhere_is_a_character_like_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
