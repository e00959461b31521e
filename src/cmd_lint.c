/* src/cmd_lint.c: `coapspec lint`: scenarios, suites and profiles are read and checked; nothing is sent. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "src/cli.h"
#include "src/profile/profile.h"
#include "src/run/show.h"
#include "src/scenario/scenario.h"

static bool is_directory(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static bool lint_scenario(struct cli *cli, const char *path, const char *id)
{
    struct cs_error error = {0};
    struct scenario *s = scenario_read(path, id, &error);
    if (s == NULL) {
        show_error(cli, &error);
        return false;
    }
    cli_detail(cli, "%s: %s", path, s->name);
    scenario_free(s);
    return true;
}

static bool lint_profile(struct cli *cli, const char *path)
{
    struct profile profile;
    struct cs_error error = {0};
    profile_init(&profile);
    bool fine = profile_read(&profile, path, &error);
    if (!fine)
        show_error(cli, &error);
    profile_fini(&profile);
    return fine;
}

/* All of the installation: scenarios and suites. */
static bool lint_all(struct cli *cli, size_t *checked)
{
    struct scenario_library library;
    struct cs_error error = {0};
    bool fine = true, exists;
    if (!scenario_library_open(&library, &error)) {
        cli_fail_error(cli, CLI_USAGE, &error);
        return false;
    }
    for (size_t i = 0; i < library.count; i++, (*checked)++)
        fine = lint_scenario(cli, library.entries[i].path, library.entries[i].id) && fine;
    char **suites = scenario_suites(&library);
    for (char **s = suites; s != NULL && *s != NULL; s++, (*checked)++) {
        struct scenario_suite suite;
        if (scenario_suite_read(&library, *s, &suite, &exists, &error)) {
            scenario_suite_free(&suite);
        } else {
            show_error(cli, &error);
            fine = false;
        }
        free(*s);
    }
    free(suites);
    scenario_library_close(&library);
    return fine;
}

static int run(struct cli *cli)
{
    size_t checked = 0;
    bool fine = true;
    for (size_t i = 0; i < cli->arg_count; i++, checked++) {
        if (is_directory(cli->args[i]))
            return cli_fail(cli, CLI_USAGE,
                            "%s is a directory: name files, or nothing for all scenarios",
                            cli->args[i]);
        fine = (cli_has(cli, "profile") ? lint_profile(cli, cli->args[i])
                                        : lint_scenario(cli, cli->args[i], cli->args[i])) &&
               fine;
    }
    if (cli->arg_count == 0)
        fine = lint_all(cli, &checked);
    if (fine)
        cli_note(cli, "%zu %s: nothing wrong", checked, checked == 1 ? "file" : "files");
    return fine ? CLI_PASSED : CLI_USAGE;
}

static const struct cli_option options[] = {
    {"profile", 0, NULL, "the files are device profiles"},
    {0},
};

static const char *const examples[] = {
    "lint my/scenario.yaml",
    "checks one file",
    "lint",
    "checks all scenarios and suites that are installed",
    "lint --profile device.yaml",
    "checks a device profile",
    NULL,
};

const struct cli_command cli_lint = {
    .name = "lint",
    .order = 90,
    .summary = "reads and checks scenarios; sends nothing",
    .usage = "[FILE…]",
    .about = "Without a file: all scenarios and suites that are installed. Exit 2 when one is "
             "wrong, with its place and a caret.",
    .options = options,
    .examples = examples,
    .run = run,
};
