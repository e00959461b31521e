/* The statements of the documents and the rules that cover them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "coapspec/rule.h"
#include "rules/requirements.h"

static const struct cs_rule *rule_for(const char *requirement)
{
    size_t count;
    const struct cs_rule *const *rules = cs_rules(&count);
    for (size_t i = 0; i < count; i++)
        for (const char *const *id = rules[i]->covers; *id != NULL; id++)
            if (strcmp(*id, requirement) == 0)
                return rules[i];
    return NULL;
}

static void every_passive_statement_has_a_rule_or_a_reason(void **state)
{
    (void)state;
    size_t count;
    unsigned missing = 0, passive = 0;
    const struct cs_requirement *all = cs_requirements(&count);
    for (size_t i = 0; i < count; i++) {
        if (strcmp(all[i].observable, "passive") != 0)
            continue;
        passive++;
        if (all[i].reason[0] == '\0' && rule_for(all[i].id) == NULL) {
            print_error("%s has neither rule nor reason: %s\n", all[i].id, all[i].text);
            missing++;
        }
    }
    assert_true(passive >= 95);
    assert_int_equal(missing, 0);
}

static void no_statement_with_a_reason_has_a_rule(void **state)
{
    (void)state;
    size_t count;
    const struct cs_requirement *all = cs_requirements(&count);
    for (size_t i = 0; i < count; i++)
        if (all[i].reason[0] != '\0' && rule_for(all[i].id) != NULL)
            fail_msg("%s has a rule, %s, and a reason to have none", all[i].id,
                     rule_for(all[i].id)->id);
}

static bool document_is_listed(const char *spec)
{
    size_t count;
    const struct cs_requirement *all = cs_requirements(&count);
    for (size_t i = 0; i < count; i++)
        if (strcmp(all[i].spec, spec) == 0)
            return true;
    return false;
}

static void rules_cover_statements_that_exist(void **state)
{
    (void)state;
    size_t count;
    const struct cs_rule *const *rules = cs_rules(&count);
    for (size_t i = 0; i < count; i++)
        for (const char *const *id = rules[i]->covers; *id != NULL; id++)
            if (document_is_listed(rules[i]->spec) && cs_requirement_by_id(*id) == NULL)
                fail_msg("%s covers %s, which is not in the list", rules[i]->id, *id);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_passive_statement_has_a_rule_or_a_reason),
        cmocka_unit_test(no_statement_with_a_reason_has_a_rule),
        cmocka_unit_test(rules_cover_statements_that_exist),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
