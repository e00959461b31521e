/* src/cmd/explain.c: `coapspec explain`: everything about one thing, whatever kind of thing it is. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/nearest.h"
#include "src/list/entries.h"

static bool matches(const void *user, const char *id)
{
    const char *word = user;
    return strcasecmp(word, id) == 0;
}

/* Words that could have been meant; owned. */
struct words {
    char **at;
    size_t count, cap;
};

/* Lets nothing through, and remembers every name that was offered. */
static bool collect(const void *user, const char *id)
{
    struct words *words = *(struct words *const *)user;
    if (words->count == words->cap) {
        size_t cap = words->cap == 0 ? 1024 : words->cap * 2;
        char **more = realloc(words->at, cap * sizeof *more);
        if (more == NULL)
            return false;
        words->at = more;
        words->cap = cap;
    }
    char *copy = strdup(id);
    if (copy != NULL)
        words->at[words->count++] = copy;
    return false;
}

static int unknown(struct cli *cli, const struct catalogue *catalogue, const char *word)
{
    struct words words = {0}, *all = &words;
    struct entries e = {.cli = cli, .catalogue = catalogue, .full = true};
    for (const struct entries_kind *k = entries_kinds; k->name != NULL; k++)
        k->list(&e, collect, &all);
    const char *near = cs_nearest(word, (const char *const *)words.at, words.count);
    if (near != NULL)
        cli_fail(cli, CLI_NOTHING, "nothing is called %s: did you mean %s?", word, near);
    else
        cli_fail(cli, CLI_NOTHING, "nothing is called %s (coapspec list shows what there is)",
                 word);
    for (size_t i = 0; i < words.count; i++)
        free(words.at[i]);
    free(words.at);
    return CLI_NOTHING;
}

/* Shows it as every kind of thing that it is: 40 is an option and a Content-Format. */
static int explain(struct cli *cli, const struct catalogue *catalogue, bool json)
{
    struct entries e = {.cli = cli, .catalogue = catalogue, .style = cli_style(cli), .full = true};
    int code = CLI_PASSED;
    e.style.quiet = false;
    if (json && (e.rows = report_rows_new(stdout)) == NULL)
        return cli_fail(cli, CLI_BENCH, "out of memory");
    for (size_t i = 0; i < cli->arg_count; i++) {
        bool found = false;
        for (const struct entries_kind *k = entries_kinds; k->name != NULL; k++) {
            size_t before = e.shown;
            k->list(&e, matches, cli->args[i]);
            found |= e.shown > before;
        }
        if (!found)
            code = unknown(cli, catalogue, cli->args[i]);
    }
    if (json && !report_rows_free(e.rows))
        code = cli_fail_output(cli, code);
    return code;
}

static int run(struct cli *cli)
{
    static const char *const formats[] = {"text", "json", NULL};
    struct catalogue catalogue;
    struct cs_error error = {0};
    size_t format = 0;
    if (!cli_choice(cli, "format", formats, &format))
        return CLI_USAGE;
    if (cli->arg_count == 0)
        return cli_fail(cli, CLI_USAGE,
                        "explain: name a rule, requirement, scenario, suite, published test, verb "
                        "or name of scenarios, fault, option, code or Content-Format");
    if (!catalogue_open(&catalogue, true,
                        &error)) /* a broken scenario does not stand in the way of the rest */
        cli_fail_error(cli, CLI_USAGE, &error);
    int code = explain(cli, &catalogue, format == 1);
    catalogue_close(&catalogue);
    return code;
}

static const struct cli_option options[] = {
    {"format", 0, "FORMAT", "text (default) or json: an array of objects"},
    {0},
};

static const char *const examples[] = {
    "explain rfc7252/4.1/empty-message-is-bare",
    "the sentence, its clause, its usual cause, dialogues that keep it and that break it",
    "explain RFC7252-4.2-1",
    "a statement of the document and what covers it",
    "explain expect '$separate'",
    "a verb of scenarios with an example, and a resource that they use",
    "explain observe 4.02 50",
    "an option, a code, a Content-Format",
    NULL,
};

const struct cli_command cli_explain = {
    .name = "explain",
    .order = 85,
    .summary = "everything about a rule, requirement, scenario, verb, fault, option or code",
    .usage = "NAME…",
    .about = "NAME is any name that coapspec list shows, in upper or lower case. For a name with "
             "several meanings, all are shown.",
    .options = options,
    .examples = examples,
    .run = run,
};
