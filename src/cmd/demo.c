/* src/cmd/demo.c: `coapspec demo`: the reference device misbehaves, and is found out. No hardware, no root. */
#include <stdio.h>

#include "src/cli/cli.h"

/* A mistake of an application that a scenario finds, and one that a rule finds. */
#define DEMO_FAULTS "--fault executes-duplicates --fault diagnostic-not-utf8"
#define DEMO_DEVICE "device --listen coap://127.0.0.1:0"

static void say_what_next(const struct cli *cli, const char *program, const char *directory)
{
    cli_note(cli, "\nWhat next? These can be pasted:");
    cli_note(cli, "  %s check %s/evidence.pcapng", program, directory);
    cli_note(cli, "      the same rules on the record of this run; Wireshark opens it too");
    cli_note(cli, "  %s explain rfc7252/5.5.2/diagnostic-payload-is-utf8", program);
    cli_note(cli, "      the rule that was broken");
    cli_note(cli, "  %s run smoke --exec '%s " DEMO_DEVICE "' -o %s/honest", program, program,
             directory);
    cli_note(cli, "      the device without the faults: every scenario passes, exit code 0");
    cli_note(cli, "Then a device of your own: %s run smoke --target coap://ADDRESS", program);
}

static int run(struct cli *cli)
{
    char command[1000], directory[400], program[500];
    if (cli->arg_count > 0)
        return cli_fail(cli, CLI_USAGE, "demo: what is \"%s\"? It takes options alone",
                        cli->args[0]);
    snprintf(program, sizeof program, "%s", cli->program);
    int length = snprintf(command, sizeof command, "%s " DEMO_DEVICE " " DEMO_FAULTS, program);
    if (length < 0 || (size_t)length >= sizeof command)
        return cli_fail(cli, CLI_BENCH, "the path of this program is too long");
    cli_note(cli,
             "The reference device is started with two faults, executes-duplicates and\n"
             "diagnostic-not-utf8; the suite smoke is run against it, and should find them.\n");

    char word_run[] = "run", suite[] = "smoke", exec[] = "--exec", out[] = "--out", quiet[] = "-q",
         seed[] = "--seed", one[] = "1";
    snprintf(directory, sizeof directory, "%s", cli_value(cli, "out", "coapspec-results"));
    char *argv[] = {program,   word_run, suite, exec,  command, out,
                    directory, seed,     one,   quiet, NULL};
    int code = cli_main((int)(sizeof argv / sizeof argv[0]) - 1 - !cli->quiet, argv);
    if (code == CLI_PASSED || code == CLI_FAILED)
        say_what_next(cli, program, directory);
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
