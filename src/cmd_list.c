/* src/cmd_list.c: `coapspec list`: what this build knows. */
#include "src/cli.h"

static int run(struct cli *cli) { return cli_fail(cli, CLI_USAGE, "nothing to list yet"); }

const struct cli_command cli_list = {
    .name = "list",
    .order = 80,
    .summary = "rules, requirements, options, codes, formats, scenarios, suites, faults",
    .usage = "KIND [GLOB…]",
    .run = run,
};
