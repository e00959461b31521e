/* src/cmd/list.c: `coapspec list`: what this build knows. */
#include <stdlib.h>
#include <string.h>

#include "src/list/entries.h"

static bool matches(const void *user, const char *id)
{
    const struct cli *cli = user;
    const struct cli_candidate candidate = {id, NULL};
    for (size_t i = 1; i < cli->arg_count; i++)
        if (cli_selector_matches(cli->args[i], &candidate))
            return true;
    return cli->arg_count < 2;
}

static int list(struct cli *cli, const struct entries_kind *kind, const struct catalogue *catalogue,
                bool json)
{
    struct entries e = {.cli = cli, .catalogue = catalogue, .style = cli_style(cli)};
    if (json && (e.rows = report_rows_new(stdout)) == NULL)
        return cli_fail(cli, CLI_BENCH, "out of memory");
    kind->list(&e, matches, cli);
    if (json && !report_rows_free(e.rows))
        return cli_fail_output(cli, CLI_PASSED);
    if (!json && e.shown == 0 && cli->arg_count > 1)
        return cli_fail(cli, CLI_NOTHING, "%s: nothing is called %s", kind->name, cli->args[1]);
    return CLI_PASSED;
}

static int run(struct cli *cli)
{
    static const char *const formats[] = {"text", "json", NULL};
    enum { KINDS_MAX = 16 };
    const char *names[KINDS_MAX + 1] = {NULL};
    struct catalogue catalogue;
    struct cs_error error = {0};
    size_t format = 0, kind = 0;
    for (size_t k = 0; k < KINDS_MAX && entries_kinds[k].name != NULL; k++)
        names[k] = entries_kinds[k].name;
    if (!cli_choice(cli, "format", formats, &format))
        return CLI_USAGE;
    if (cli->arg_count == 0) {
        for (size_t k = 0; entries_kinds[k].name != NULL; k++)
            printf("%-13s %s\n", entries_kinds[k].name, entries_kinds[k].what);
        return cli_fail(cli, CLI_USAGE, "list: name one of these kinds");
    }
    if (!cli_word(cli, "list", cli->args[0], names, &kind))
        return CLI_USAGE;
    int code = CLI_USAGE;
    if (catalogue_open(&catalogue, entries_kinds[kind].scenarios, &error))
        code = list(cli, &entries_kinds[kind], &catalogue, format == 1);
    else
        cli_fail_error(cli, CLI_USAGE, &error);
    catalogue_close(&catalogue);
    return code;
}

static const struct cli_option options[] = {
    {"format", 0, "FORMAT", "text (default) or json: an array of objects"},
    {0},
};

static const char *const examples[] = {
    "list rules 'rfc7252/4.*'",
    "the rules of section 4",
    "list requirements --format json",
    "each statement of the documents with the rules and scenarios that cover it",
    "list options -q",
    "only the numbers",
    NULL,
};

const struct cli_command cli_list = {
    .name = "list",
    .order = 80,
    .summary = "what this build knows: rules, requirements, scenarios, faults and more",
    .usage = "KIND [GLOB…]",
    .about = "KIND is rules, requirements, scenarios, suites, tests, verbs, names, faults, "
             "device-faults, options, codes or formats; without KIND, it explains each of them. A "
             "glob matches ids, and names and numbers in registries. -q shows only ids.",
    .options = options,
    .examples = examples,
    .run = run,
};
