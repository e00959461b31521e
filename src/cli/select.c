/* src/cli/select.c: `--only` and `--exclude`. */
#include "src/cli/cli.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"

static bool word_matches(const char *selector, const char *word)
{
    size_t length = strlen(selector);
    return fnmatch(selector, word, 0) == 0 ||
           (strncmp(word, selector, length) == 0 && word[length] == '/');
}

bool cli_selector_matches(const char *selector, const struct cli_candidate *candidate)
{
    if (word_matches(selector, candidate->id))
        return true;
    for (const char *const *c = candidate->covers; c != NULL && *c != NULL; c++)
        if (word_matches(selector, *c))
            return true;
    return false;
}

/* The length of the first `parts` parts of an id. */
static size_t length_of_parts(const char *id, size_t parts)
{
    size_t length = 0;
    for (; id[length] != '\0'; length++)
        if (id[length] == '/' && --parts == 0)
            break;
    return length;
}

/* What was meant may be a whole id, or the first parts of one with `*` for the rest: ids are cut to as many parts. */
static int matches_nothing(const struct cli *cli, const char *option, const char *selector,
                           const struct cli_candidate *candidates, size_t n)
{
    char **words = calloc(n + 1, sizeof *words);
    char wanted[160];
    snprintf(wanted, sizeof wanted, "%s", selector);
    size_t length = strlen(wanted);
    bool open = length > 2 && strcmp(wanted + length - 2, "/*") == 0;
    if (open)
        wanted[length - 2] = '\0';
    size_t parts = 1;
    for (const char *c = wanted; *c != '\0'; c++)
        parts += *c == '/';
    for (size_t i = 0; words != NULL && i < n; i++)
        if ((words[i] = strndup(candidates[i].id, length_of_parts(candidates[i].id, parts))) ==
            NULL)
            n = i;
    const char *near = words != NULL ? cs_nearest(wanted, (const char *const *)words, n) : NULL;
    open = open && near != NULL;
    for (size_t i = 0; near == NULL && length > 3 && i < n; i++)
        near = strstr(candidates[i].id, wanted) != NULL ? candidates[i].id : NULL;
    if (near != NULL)
        cli_fail(cli, CLI_NOTHING, "--%s: nothing is called %s: did you mean %s%s?", option,
                 selector, near, open ? "/*" : "");
    else
        cli_fail(cli, CLI_NOTHING,
                 "--%s: nothing is called %s (coapspec list rules, coapspec list scenarios)",
                 option, selector);
    for (size_t i = 0; words != NULL && i < n; i++)
        free(words[i]);
    free(words);
    return CLI_NOTHING;
}

/* Sets `chosen[i]` to `value` where a selector of the option matches. */
static int apply(const struct cli *cli, const char *option, const struct cli_candidate *candidates,
                 size_t n, bool *chosen, bool value)
{
    const char *list = NULL;
    for (size_t given = 0; (list = cli_value_at(cli, option, given)) != NULL; given++) {
        for (const char *at = list; *at != '\0'; at += *at == ',') {
            char selector[160];
            size_t length = strcspn(at, ",");
            bool any = false;
            snprintf(selector, sizeof selector, "%.*s", (int)(length < 159 ? length : 159), at);
            at += length;
            if (selector[0] == '\0')
                continue;
            for (size_t i = 0; i < n; i++)
                if (cli_selector_matches(selector, &candidates[i])) {
                    chosen[i] = value;
                    any = true;
                }
            if (!any)
                return matches_nothing(cli, option, selector, candidates, n);
        }
    }
    return CLI_PASSED;
}

int cli_select(const struct cli *cli, const struct cli_candidate *candidates, size_t n,
               bool *chosen)
{
    for (size_t i = 0; i < n; i++)
        chosen[i] = !cli_has(cli, "only");
    int code = apply(cli, "only", candidates, n, chosen, true);
    if (code == CLI_PASSED)
        code = apply(cli, "exclude", candidates, n, chosen, false);
    if (code != CLI_PASSED)
        return code;
    for (size_t i = 0; i < n; i++)
        if (chosen[i])
            return CLI_PASSED;
    return n == 0 ? CLI_PASSED : cli_fail(cli, CLI_NOTHING, "--only and --exclude leave nothing");
}

int cli_select_rules(const struct cli *cli, const struct cs_rule *const **rules, size_t *count)
{
    size_t n = 0, kept = 0;
    const struct cs_rule *const *all = cs_rules(&n);
    struct cli_candidate *candidates = calloc(n + 1, sizeof *candidates);
    bool *chosen = calloc(n + 1, sizeof *chosen);
    const struct cs_rule **out = calloc(n + 1, sizeof *out);
    int code = CLI_BENCH;
    if (candidates == NULL || chosen == NULL || out == NULL) {
        cli_fail(cli, CLI_BENCH, "out of memory");
        goto done;
    }
    for (size_t i = 0; i < n; i++)
        candidates[i] = (struct cli_candidate){all[i]->id, all[i]->covers};
    code = cli_select(cli, candidates, n, chosen);
    for (size_t i = 0; code == CLI_PASSED && i < n; i++)
        if (chosen[i])
            out[kept++] = all[i];
done:
    free(candidates);
    free(chosen);
    if (code != CLI_PASSED) {
        free(out);
        return code;
    }
    *rules = out;
    *count = kept;
    return CLI_PASSED;
}
