/* Which scenarios a command line means. */
#include "src/list/choose.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/nearest.h"
#include "src/cli/show.h"

static int no_memory(const struct cli *cli) { return cli_fail(cli, CLI_BENCH, "out of memory"); }

static int add_scenario(const struct cli *cli, struct run_choice *choice, const char *path,
                        const char *id)
{
    struct cs_error error = {0};
    for (size_t i = 0; i < choice->count; i++)
        if (strcmp(choice->scenarios[i]->id, id) == 0)
            return CLI_PASSED;
    struct scenario **more = realloc(choice->scenarios, (choice->count + 1) * sizeof *more);
    if (more == NULL)
        return no_memory(cli);
    choice->scenarios = more;
    struct scenario *s = scenario_read(path, id, &error);
    if (s == NULL)
        return show_error(cli, &error);
    choice->scenarios[choice->count++] = s;
    return CLI_PASSED;
}

static int add_entry(const struct cli *cli, struct run_choice *choice,
                     const struct scenario_entry *entry)
{
    return add_scenario(cli, choice, entry->path, entry->id);
}

static int add_suite(const struct cli *cli, struct run_choice *choice, const char *id, bool *exists)
{
    struct scenario_suite suite;
    struct cs_error error = {0};
    if (!scenario_suite_read(&choice->library, id, &suite, exists, &error)) {
        return *exists ? show_error(cli, &error) : CLI_PASSED;
    }
    int code = CLI_PASSED;
    for (size_t i = 0; i < suite.member_count && code == CLI_PASSED; i++)
        code = add_entry(cli, choice, &choice->library.entries[suite.members[i]]);
    scenario_suite_free(&suite);
    return code;
}

static int add_matching(const struct cli *cli, struct run_choice *choice, const char *glob,
                        bool *any)
{
    size_t length = strlen(glob);
    int code = CLI_PASSED;
    for (size_t i = 0; i < choice->library.count && code == CLI_PASSED; i++) {
        const struct scenario_entry *e = &choice->library.entries[i];
        bool below = strncmp(e->id, glob, length) == 0 && e->id[length] == '/';
        if (!below && fnmatch(glob, e->id, 0) != 0)
            continue;
        *any = true;
        code = add_entry(cli, choice, e);
    }
    return code;
}

static int unknown(const struct cli *cli, const struct run_choice *choice, const char *word)
{
    char **suites = scenario_suites(&choice->library);
    const char **words = calloc(choice->library.count + 300, sizeof *words);
    size_t n = 0;
    for (char **s = suites; s != NULL && words != NULL && *s != NULL; s++)
        words[n++] = *s;
    for (size_t i = 0; words != NULL && i < choice->library.count; i++)
        words[n++] = choice->library.entries[i].id;
    const char *near = words != NULL ? cs_nearest(word, words, n) : NULL;
    int code =
        near != NULL
            ? cli_fail(cli, CLI_NOTHING,
                       "no suite, scenario or file is called %s: did you mean %s?", word, near)
            : cli_fail(cli, CLI_NOTHING,
                       "no suite, scenario or file is called %s (coapspec list suites, "
                       "coapspec list scenarios)",
                       word);
    for (char **s = suites; s != NULL && *s != NULL; s++)
        free(*s);
    free(suites);
    free(words);
    return code;
}

/* A folder, or the name of a scenario with .yaml behind it: what was meant is at hand. */
static int no_such_file(const struct cli *cli, const struct run_choice *choice, const char *word,
                        const char *id)
{
    struct stat st;
    if (stat(word, &st) == 0)
        return S_ISDIR(st.st_mode) ? cli_fail(cli, CLI_USAGE,
                                              "%s is a directory: name its files, or, as "
                                              "coapspec list scenarios does, 'core/*'",
                                              word)
                                   : CLI_PASSED;
    for (size_t i = 0; i < choice->library.count; i++)
        if (strcmp(choice->library.entries[i].id, id) == 0)
            return cli_fail(cli, CLI_BENCH, "%s: no such file: did you mean the scenario %s?", word,
                            id);
    return CLI_PASSED;
}

static int add_word(const struct cli *cli, struct run_choice *choice, const char *word)
{
    bool exists = false, any = false;
    int code = add_suite(cli, choice, word, &exists);
    if (exists || code != CLI_PASSED)
        return code;
    code = add_matching(cli, choice, word, &any);
    if (any || code != CLI_PASSED)
        return code;
    char id[256];
    size_t end = strlen(word);
    bool like_a_file = end > 5 && strcmp(word + end - 5, ".yaml") == 0;
    if (access(word, F_OK) != 0 && !like_a_file)
        return unknown(cli, choice, word);
    /* a file of the user's: its name is its id, without ./ and .yaml */
    const char *name = strncmp(word, "./", 2) == 0 ? word + 2 : word;
    size_t length = strlen(name);
    if (length > 5 && strcmp(name + length - 5, ".yaml") == 0)
        length -= 5;
    snprintf(id, sizeof id, "%.*s", (int)length, name);
    code = no_such_file(cli, choice, word, id);
    return code != CLI_PASSED ? code : add_scenario(cli, choice, word, id);
}

/* ------------------------------------------------------------------ --only and --exclude */

static bool shares(const char *const *a, char **b)
{
    for (; a != NULL && *a != NULL; a++)
        for (char **c = b; *c != NULL; c++)
            if (strcmp(*a, *c) == 0)
                return true;
    return false;
}

/* What a scenario answers to besides its id: its requirements, and the rules that judge these. malloc'ed. */
static const char **answers_to(const struct scenario *s, const struct cs_rule *const *rules,
                               size_t rule_count)
{
    size_t n = 0;
    while (s->covers[n] != NULL)
        n++;
    const char **words = calloc(n + rule_count + 1, sizeof *words);
    if (words == NULL)
        return NULL;
    for (size_t i = 0; i < n; i++)
        words[i] = s->covers[i];
    for (size_t r = 0; r < rule_count; r++)
        if (shares(rules[r]->covers, s->covers))
            words[n++] = rules[r]->id;
    return words;
}

/* Keeps what was chosen. With only rules chosen, all scenarios run and only these rules judge; with only scenarios
 * chosen, all rules judge them. */
static void keep(struct run_choice *choice, const struct cs_rule *const *all, size_t rule_count,
                 const bool *chosen, bool scenarios_named, bool rules_named,
                 const struct cs_rule **rules)
{
    size_t kept = 0;
    for (size_t i = 0; i < choice->count; i++)
        if (chosen[i] || !scenarios_named)
            choice->scenarios[kept++] = choice->scenarios[i];
        else
            scenario_free(choice->scenarios[i]);
    size_t total = choice->count, n = 0;
    choice->count = kept;
    for (size_t r = 0; r < rule_count; r++)
        if (chosen[total + r] || !rules_named)
            rules[n++] = all[r];
    choice->rules = rules;
    choice->rule_count = n;
}

static int narrow(const struct cli *cli, struct run_choice *choice)
{
    size_t rule_count, n = choice->count;
    const struct cs_rule *const *all = cs_rules(&rule_count);
    struct cli_candidate *candidates = calloc(n + rule_count + 1, sizeof *candidates);
    bool *chosen = calloc(n + rule_count + 1, sizeof *chosen);
    const struct cs_rule **rules = calloc(rule_count + 1, sizeof *rules);
    if (candidates == NULL || chosen == NULL || rules == NULL) {
        free(candidates);
        free(chosen);
        free(rules);
        return no_memory(cli);
    }
    for (size_t i = 0; i < n; i++)
        candidates[i] = (struct cli_candidate){choice->scenarios[i]->id,
                                               answers_to(choice->scenarios[i], all, rule_count)};
    for (size_t r = 0; r < rule_count; r++)
        candidates[n + r] = (struct cli_candidate){all[r]->id, all[r]->covers};
    int code = cli_select(cli, candidates, n + rule_count, chosen);
    bool scenarios_named = !cli_has(cli, "only"), rules_named = scenarios_named;
    for (size_t i = 0; i < n; i++)
        scenarios_named = scenarios_named || chosen[i];
    for (size_t r = 0; r < rule_count; r++)
        rules_named = rules_named || chosen[n + r];
    for (size_t i = 0; i < n; i++) /* the words are ours, the texts in them are not */
        free((void *)(uintptr_t)candidates[i].covers);
    free(candidates);
    if (code == CLI_PASSED)
        keep(choice, all, rule_count, chosen, scenarios_named, rules_named, rules);
    else
        free(rules);
    free(chosen);
    return code;
}

int run_choose(const struct cli *cli, struct run_choice *choice)
{
    struct cs_error error = {0};
    *choice = (struct run_choice){0};
    if (!scenario_library_open(&choice->library, &error))
        return cli_fail_error(cli, CLI_BENCH, &error);
    const char *exec = cli_value(cli, "exec", "");
    const char *usual =
        cli_has(cli, "listen") || strstr(exec, "{server}") != NULL ? "client" : "core";
    int code = cli->arg_count == 0 ? add_word(cli, choice, usual) : CLI_PASSED;
    for (size_t i = 0; i < cli->arg_count && code == CLI_PASSED; i++)
        code = add_word(cli, choice, cli->args[i]);
    return code == CLI_PASSED ? narrow(cli, choice) : code;
}

void run_choice_free(struct run_choice *choice)
{
    for (size_t i = 0; i < choice->count; i++)
        scenario_free(choice->scenarios[i]);
    free(choice->scenarios);
    free((void *)(uintptr_t)choice->rules);
    scenario_library_close(&choice->library);
    *choice = (struct run_choice){0};
}
