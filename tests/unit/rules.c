/* Every rule against its own specimens, with all other rules watching. `rules ID` runs one rule and talks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "coapspec/rules.h"
#include "rules/specimen.h"

enum kind { HOLDS, BREAKS, OPEN };
static const char *const kind_names[] = {"holds", "breaks", "open"};
static const char *only;

struct result {
    const struct cs_rule *rule;
    uint64_t broken;
    char others[600]; /* what else was found */
};

static bool listed(const char *const *list, const char *id)
{
    for (; list != NULL && *list != NULL; list++)
        if (strcmp(*list, id) == 0)
            return true;
    return false;
}

static void on_finding(void *user, const struct cs_finding *finding)
{
    struct result *result = user;
    if (only != NULL)
        printf("    packet %llu octet %ld: %s: %s (%s)\n", (unsigned long long)finding->packet,
               finding->octet == CS_NO_OCTET ? -1L : (long)finding->octet, finding->rule->id,
               finding->why, finding->role);
    if (finding->rule == result->rule)
        result->broken++;
    else if (!listed(result->rule->also, finding->rule->id))
        snprintf(result->others + strlen(result->others),
                 sizeof result->others - strlen(result->others), "\n    %s: %s", finding->rule->id,
                 finding->why);
}

static struct cs_tally tally_of(const struct cs_analysis *analysis, const struct cs_rule *rule)
{
    size_t count, rule_count;
    const struct cs_tally *tallies = cs_analysis_tallies(analysis, &count);
    const struct cs_rule *const *rules = cs_rules(&rule_count);
    assert_int_equal(count, rule_count);
    for (size_t i = 0; i < count; i++)
        if (rules[i] == rule)
            return tallies[i];
    fail_msg("%s is not in the list", rule->id);
    return (struct cs_tally){0};
}

/* What is wrong with this specimen; NULL when nothing is. */
static const char *judge(const struct cs_rule *rule, enum kind kind, const char *text,
                         struct result *result)
{
    struct cs_error error = {{0}, 0, 0, {0}};
    struct cs_settings settings = {.user = result, .on_finding = on_finding};
    static char wrong[512];
    *result = (struct result){.rule = rule};
    struct cs_analysis *analysis = cs_specimen_play(text, &settings, &error);
    if (analysis == NULL) {
        snprintf(wrong, sizeof wrong, "line %u, column %u: %s", error.line, error.column,
                 error.text);
        return wrong;
    }
    struct cs_tally tally = tally_of(analysis, rule);
    cs_analysis_free(analysis);
    assert_int_equal(tally.broken, result->broken);
    snprintf(wrong, sizeof wrong, "held %llu, broken %llu, undecided %llu (%s)",
             (unsigned long long)tally.held, (unsigned long long)tally.broken,
             (unsigned long long)tally.undecided,
             tally.undecided_why != NULL ? tally.undecided_why : "-");
    bool as_said = kind == HOLDS    ? tally.held > 0 && tally.broken == 0
                   : kind == BREAKS ? tally.broken > 0
                                    : tally.undecided > 0 && tally.broken == 0;
    if (only != NULL)
        printf("  %s: %s\n", kind_names[kind], wrong);
    if (!as_said)
        return wrong;
    return result->others[0] != '\0' ? "other rules are broken as well:" : NULL;
}

static unsigned check_list(const struct cs_rule *rule, enum kind kind, const char *const *list)
{
    unsigned failures = 0;
    for (; list != NULL && *list != NULL; list++) {
        struct result result;
        const char *wrong = judge(rule, kind, *list, &result);
        if (wrong == NULL)
            continue;
        print_error("%s: this specimen should be «%s»: %s%s\n  | %s\n  repeat: make rule ID=%s\n",
                    rule->id, kind_names[kind], wrong, result.others, *list, rule->id);
        failures++;
    }
    return failures;
}

static bool well_said(const struct cs_rule *rule)
{
    size_t says = strlen(rule->says);
    return says > 10 && rule->says[says - 1] == '.' && rule->cause[0] != '\0' &&
           strchr(rule->id, '/') != NULL && rule->covers[0] != NULL && rule->holds[0] != NULL &&
           rule->breaks[0] != NULL && (rule->on != 0 || rule->option != 0);
}

static void every_rule_holds_and_breaks_as_its_specimens_say(void **state)
{
    (void)state;
    size_t count;
    unsigned failures = 0, seen = 0;
    const struct cs_rule *const *rules = cs_rules(&count);
    for (size_t i = 0; i < count; i++) {
        if (only != NULL && strcmp(only, rules[i]->id) != 0)
            continue;
        seen++;
        if (!well_said(rules[i])) {
            print_error("%s: a part is empty, or .says does not end in a full stop\n",
                        rules[i]->id);
            failures++;
        }
        failures += check_list(rules[i], HOLDS, rules[i]->holds);
        failures += check_list(rules[i], BREAKS, rules[i]->breaks);
        failures += check_list(rules[i], OPEN, rules[i]->open);
    }
    if (seen == 0)
        fail_msg("no rule is called %s (it begins a line with `const struct cs_rule cs_`)",
                 only != NULL ? only : "anything");
    if (failures > 0)
        fail_msg("%u wrong: see above", failures);
}

static void names_in_also_exist(void **state)
{
    (void)state;
    size_t count;
    const struct cs_rule *const *rules = cs_rules(&count);
    for (size_t i = 0; i < count; i++)
        for (const char *const *also = rules[i]->also; also != NULL && *also != NULL; also++)
            if (cs_rule_by_id(*also) == NULL)
                fail_msg("%s: there is no rule %s", rules[i]->id, *also);
}

int main(int argc, char **argv)
{
    only = argc > 1 ? argv[1] : NULL;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_rule_holds_and_breaks_as_its_specimens_say),
        cmocka_unit_test(names_in_also_exist),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
