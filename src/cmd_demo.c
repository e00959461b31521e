/* src/cmd_demo.c: `coapspec demo`: the reference device misbehaves, and is found out. No hardware, no root. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "src/cli.h"
#include "src/run/device.h"

/* A mistake of an application that a scenario finds, and one that a rule finds. */
#define DEMO_FAULTS "--fault executes-duplicates --fault diagnostic-not-utf8"

static int run(struct cli *cli)
{
    char device[600], command[1000];
    if (!run_device_path(device, sizeof device))
        return cli_fail(cli, CLI_BENCH,
                        "coapspec-device is not there: it is built and installed beside coapspec");
    bool plain = strpbrk(device, " '\"$`\\&;()<>|*?") == NULL;
    snprintf(command, sizeof command,
             plain ? "%s --listen coap://127.0.0.1:0 " DEMO_FAULTS
                   : "'%s' --listen coap://127.0.0.1:0 " DEMO_FAULTS,
             device);
    cli_note(cli, "The reference device is started with two faults (" DEMO_FAULTS ");\n"
                  "the suite smoke is run against it, and should find them.\n");

    char program[] = "coapspec", word_run[] = "run", suite[] = "smoke", exec[] = "--exec",
         out[] = "--out", quiet[] = "-q", seed[] = "--seed", one[] = "1";
    char directory[400];
    snprintf(directory, sizeof directory, "%s", cli_value(cli, "out", "coapspec-results"));
    char *argv[] = {program,   word_run, suite, exec,  command, out,
                    directory, seed,     one,   quiet, NULL};
    int code = cli_main((int)(sizeof argv / sizeof argv[0]) - 1 - !cli->quiet, argv);
    if (code != CLI_PASSED && code != CLI_FAILED)
        return code;
    cli_note(
        cli,
        "\nWhat next:\n"
        "  coapspec check %s/evidence.pcapng          the same rules on the record of this run\n"
        "  coapspec explain rfc7252/5.5.2/diagnostic-payload-is-utf8\n"
        "  coapspec run core --target coap://YOUR-DEVICE",
        directory);
    return code;
}

static const struct cli_option options[] = {
    {"out", 'o', "DIR", "where results.json, junit.xml and evidence.pcapng go (coapspec-results)"},
    {0},
};

static const char *const examples[] = {
    "demo",
    "ends with exit 1, as with any device that fails",
    NULL,
};

const struct cli_command cli_demo = {
    .name = "demo",
    .order = 0,
    .summary = "see it work: a misbehaving device is found out, without hardware",
    .usage = "[OPTION…]",
    .about = "Starts the reference device on a free port of 127.0.0.1 with two faults switched on, "
             "runs the suite smoke "
             "against it, prints the report and leaves its files.",
    .options = options,
    .examples = examples,
    .run = run,
};
