/* Every rule against its own specimens, with all other rules watching. `rules ID` runs one rule and talks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/nearest.h"
#include "coapspec/analysis.h"
#include "rules/requirements.h"
#include "tests/specimen/specimen.h"

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

/* Do dissector/rules/requirements/ have a table of this document? */
static bool has_table(const char *spec)
{
    size_t count;
    const struct cs_requirement *all = cs_requirements(&count);
    for (size_t i = 0; i < count; i++)
        if (strcmp(all[i].spec, spec) == 0)
            return true;
    return false;
}

/* A statement that .covers names and no table has; NULL when there is none. */
static const char *unknown_statement(const struct cs_rule *rule)
{
    for (const char *const *id = rule->covers; *id != NULL; id++)
        if (cs_requirement_by_id(*id) == NULL)
            return *id;
    return NULL;
}

static unsigned complain(const struct cs_rule *rule, const char *what, const char *which)
{
    print_error("%s: %s%s\n", rule->id, what, which);
    return 1;
}

/* While a rule is being written (`make rule`), the table of its document may be missing: that is said, and no failure. */
static unsigned check_covers(const struct cs_rule *rule)
{
    const char *unknown = unknown_statement(rule);
    if (unknown == NULL)
        return 0;
    if (only == NULL || has_table(rule->spec))
        return complain(rule, "dissector/rules/requirements/ has no statement ", unknown);
    printf("  .covers: dissector/rules/requirements/ has no table of %s yet, where %s would be\n",
           rule->spec, unknown);
    return 0;
}

/* What the rule says of itself. */
static unsigned check_words(const struct cs_rule *rule)
{
    size_t says = strlen(rule->says);
    unsigned failures = 0;
    if (says <= 10 || rule->says[says - 1] != '.')
        failures += complain(rule, ".says is no sentence with a full stop", "");
    if (rule->cause[0] == '\0' || rule->covers[0] == NULL || rule->holds[0] == NULL ||
        rule->breaks[0] == NULL)
        failures += complain(rule, ".cause, .covers, .holds or .breaks is empty", "");
    if (rule->of == CS_OF_MESSAGE && (rule->on | rule->to | rule->option | rule->format) == 0)
        failures +=
            complain(rule, ".on, .to, .option and .format are empty: what is it about?", "");
    if (rule->of != CS_OF_MESSAGE && (rule->option | rule->format) != 0)
        failures += complain(rule, ".option and .format are of messages alone", "");
    return failures + check_covers(rule);
}

static unsigned check_rule(const struct cs_rule *rule)
{
    return check_words(rule) + check_list(rule, HOLDS, rule->holds) +
           check_list(rule, BREAKS, rule->breaks) + check_list(rule, OPEN, rule->open);
}

static void every_rule_holds_and_breaks_as_its_specimens_say(void **state)
{
    (void)state;
    size_t count;
    unsigned failures = 0;
    const struct cs_rule *const *rules = cs_rules(&count);
    assert_true(count > 0);
    for (size_t i = 0; i < count; i++)
        failures += check_rule(rules[i]);
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

/* `make rule ID=…`: one rule, step by step. */
static int talk(void)
{
    const struct cs_rule *rule = cs_rule_by_id(only);
    size_t count;
    const struct cs_rule *const *rules = cs_rules(&count);
    if (rule != NULL)
        return check_rule(rule) == 0 ? 0 : 1;
    if (only[0] == '\0') {
        printf("say which: make rule ID=rfc7252/3/version-is-1\n");
        return 1;
    }
    const char **names = calloc(count, sizeof *names);
    for (size_t i = 0; names != NULL && i < count; i++)
        names[i] = rules[i]->id;
    const char *near = names != NULL ? cs_nearest(only, names, count) : NULL;
    printf("no rule is called \"%s\"%s%s%s\n", only, near != NULL ? ": did you mean " : "",
           near != NULL ? near : "", near != NULL ? "?" : "");
    printf("(rules stand in dissector/rules/DOCUMENT/*.c, and begin a line with\n"
           "\"const struct cs_rule cs_\")\n");
    free(names);
    return 1;
}

int main(int argc, char **argv)
{
    only = argc > 1 ? argv[1] : NULL;
    if (only != NULL)
        return talk();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_rule_holds_and_breaks_as_its_specimens_say),
        cmocka_unit_test(names_in_also_exist),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
