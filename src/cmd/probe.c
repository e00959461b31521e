/* src/cmd/probe.c: `coapspec probe`: what a device speaks, as a profile. */
#include <errno.h>
#include <string.h>

#include "src/cli/security.h"
#include "src/net/interrupt.h"
#include "src/profile/probe.h"

static int run(struct cli *cli)
{
    struct net_target target;
    struct net_security security;
    struct profile profile;
    struct cs_error error = {0};
    char heading[400];
    if (cli->arg_count != 1)
        return cli_fail(cli, CLI_USAGE, "probe: one URI, as in coap://192.0.2.7");
    if (!net_target_check_endpoint(cli->args[0], &error))
        return cli_fail_error(cli, CLI_USAGE, &error);
    if (!net_target_parse(cli->args[0], &target, &error))
        return cli_fail_error(cli, CLI_BENCH, &error);
    int code = cli_security(cli, &target, &security);
    if (code != CLI_PASSED)
        return code;
    profile_init(&profile);
    bool fine = probe_device(&target, &profile, cli_has(cli, "allow-writes"),
                             cli->quiet ? NULL : stderr, &error);
    snprintf(heading, sizeof heading, "device profile of %.300s, found out by coapspec probe",
             target.uri);
    if (!fine)
        code = cli_fail_error(cli, net_interrupted() ? CLI_INTERRUPTED : CLI_BENCH, &error);
    /* what was found until a device fell silent is kept */
    if (profile.source != PROFILE_EMPTY &&
        (!profile_write(&profile, heading, stdout) || fflush(stdout) != 0))
        code = cli_fail_output(cli, code);
    profile_fini(&profile);
    return code;
}

static const struct cli_option options[] = {
    {"allow-writes", 0, NULL, "resources of any name may be written to find out what they do"},
    CLI_SECURITY_OPTIONS,
    {0},
};

static const char *const examples[] = {
    "probe coap://192.0.2.7 > device.yaml",
    "a profile for `coapspec run --profile device.yaml`; observations go to stderr",
    NULL,
};

const struct cli_command cli_probe = {
    .name = "probe",
    .order = 20,
    .summary = "find out what a device supports and what it does wrong, in half a minute",
    .usage = "URI [OPTION…]",
    .about = "Reads /.well-known/core and sends requests to the resources in it. Writes only to "
             "resources whose names say that they are for tests (/test, /create1, …), and restores "
             "their content. The profile goes to standard output.",
    .options = options,
    .examples = examples,
    .run = run,
};
