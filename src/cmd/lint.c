/* src/cmd/lint.c: `coapspec lint`: scenarios, suites and profiles are read and checked; nothing is sent. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "src/cli/cli.h"
#include "src/profile/profile.h"
#include "src/cli/show.h"
#include "src/scenario/scenario.h"

static bool is_directory(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* Both return an enum cli_exit. */
static int lint_scenario(struct cli *cli, const char *path, const char *id)
{
    struct cs_error error = {0};
    struct scenario *s = scenario_read(path, id, &error);
    if (s == NULL)
        return show_error(cli, &error);
    cli_detail(cli, "%s: %s", path, s->name);
    scenario_free(s);
    return CLI_PASSED;
}

static int lint_profile(struct cli *cli, const char *path)
{
    struct profile profile;
    struct cs_error error = {0};
    profile_init(&profile);
    int code = profile_read(&profile, path, &error) ? CLI_PASSED : show_error(cli, &error);
    profile_fini(&profile);
    return code;
}

/* The worse of two: a file that cannot be read is worse than one that is wrong. */
static int worse(int a, int b) { return a > b ? a : b; }

/* All of the installation: scenarios and suites. */
static int lint_all(struct cli *cli, size_t *checked)
{
    struct scenario_library library;
    struct cs_error error = {0};
    int code = CLI_PASSED;
    bool exists;
    if (!scenario_library_open(&library, &error))
        return cli_fail_error(cli, CLI_BENCH, &error);
    for (size_t i = 0; i < library.count; i++, (*checked)++)
        code = worse(code, lint_scenario(cli, library.entries[i].path, library.entries[i].id));
    char **suites = scenario_suites(&library);
    for (char **s = suites; s != NULL && *s != NULL; s++, (*checked)++) {
        struct scenario_suite suite;
        if (scenario_suite_read(&library, *s, &suite, &exists, &error))
            scenario_suite_free(&suite);
        else
            code = worse(code, show_error(cli, &error));
        free(*s);
    }
    free(suites);
    scenario_library_close(&library);
    return code;
}

static int run(struct cli *cli)
{
    size_t checked = 0;
    int code = CLI_PASSED;
    for (size_t i = 0; i < cli->arg_count; i++, checked++) {
        const char *path = cli->args[i];
        if (is_directory(path))
            return cli_fail(cli, CLI_USAGE,
                            "%s is a directory: name files, or nothing for all scenarios", path);
        code = worse(code, cli_has(cli, "profile") ? lint_profile(cli, path)
                                                   : lint_scenario(cli, path, path));
    }
    if (cli->arg_count == 0)
        code = lint_all(cli, &checked);
    if (code == CLI_PASSED)
        cli_note(cli, "%zu %s: nothing wrong", checked, checked == 1 ? "file" : "files");
    return code;
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
             "wrong, with its place and a caret; 3 when one cannot be read.",
    .options = options,
    .examples = examples,
    .run = run,
};
