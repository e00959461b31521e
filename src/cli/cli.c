/* src/cli/cli.c: from argv to a command: parsing, help, "did you mean". */
#include "src/cli/cli.h"

#include <errno.h>
#include <locale.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/nearest.h"
#include "reports/base/clean.h"
#include "reports/base/wrap.h"

static const struct cli_option common_options[] = {
    {"help", 'h', NULL, "show this and end"},
    {"quiet", 'q', NULL, "print only the essentials"},
    {"verbose", 'v', NULL, "print more"},
    {"color", 0, "WHEN", "auto, always or never; NO_COLOR in the environment counts too"},
    {0},
};

/* ------------------------------------------------------------------ help */

/* Running text of ours, in what the terminal can show. */
static void print_text(const struct report_style *style, const char *text, size_t column,
                       size_t indent)
{
    char *clean = report_clean(text, style->unicode, true);
    if (clean != NULL)
        report_wrap(stdout, clean, column, indent, style->width);
    free(clean);
}

static void print_options(const struct cli_option *options, const struct report_style *style)
{
    enum { HELP_COLUMN = 26 };
    for (const struct cli_option *o = options; o != NULL && o->name != NULL; o++) {
        char left[80];
        char letter[8] = "    ";
        if (o->letter != 0)
            snprintf(letter, sizeof letter, "-%c, ", o->letter);
        snprintf(left, sizeof left, "  %s--%s%s%s", letter, o->name, o->argument != NULL ? " " : "",
                 o->argument != NULL ? o->argument : "");
        size_t columns = report_columns(left);
        fputs(left, stdout);
        if (columns + 2 > HELP_COLUMN)
            printf("\n%*s", HELP_COLUMN, "");
        else
            printf("%*s", (int)(HELP_COLUMN - columns), "");
        print_text(style, o->help, HELP_COLUMN, HELP_COLUMN);
    }
}

static void print_command_help(const struct cli *cli)
{
    const struct cli_command *c = cli->command;
    const struct report_style style = cli_style(cli);
    printf("coapspec %s: ", c->name);
    print_text(&style, c->summary, 11 + strlen(c->name), 4);
    printf("\nUsage: coapspec %s ", c->name);
    print_text(&style, c->usage, 17 + strlen(c->name), 9);
    if (c->about != NULL) {
        putchar('\n');
        print_text(&style, c->about, 0, 0);
    }
    puts("\nOptions:");
    print_options(c->options, &style);
    print_options(common_options, &style);
    if (c->examples != NULL && c->examples[0] != NULL)
        puts("\nExamples:");
    for (const char *const *e = c->examples; e != NULL && e[0] != NULL && e[1] != NULL; e += 2) {
        printf("  coapspec %s\n      ", e[0]);
        print_text(&style, e[1], 6, 6);
    }
}

static int compare_commands(const void *a, const void *b)
{
    const struct cli_command *const *ca = a, *const *cb = b;
    if ((*ca)->order != (*cb)->order)
        return (*ca)->order < (*cb)->order ? -1 : 1;
    return strcmp((*ca)->name, (*cb)->name);
}

static int print_help(void)
{
    const struct cli_command **sorted = calloc(cli_command_count, sizeof *sorted);
    if (sorted == NULL)
        return cli_fail(NULL, CLI_BENCH, "out of memory");
    memcpy(sorted, cli_commands, cli_command_count * sizeof *sorted);
    qsort(sorted, cli_command_count, sizeof *sorted, compare_commands);
    const struct report_style style = cli_style(&(struct cli){0});
    print_text(&style,
               "coapspec: judges CoAP devices against the text of their specifications\n\n"
               "Usage: coapspec COMMAND [OPTION…] [ARGUMENT…]\n\nCommands:",
               0, 0);
    for (size_t i = 0; i < cli_command_count; i++) {
        printf("  %-10s ", sorted[i]->name);
        print_text(&style, sorted[i]->summary, 13, 13);
    }
    puts("\nOptions:\n"
         "  -h, --help     show this and end; coapspec COMMAND --help shows options\n"
         "      --version  show the version and end\n\n"
         "Exit codes: 0 passed, 1 the device fails, 2 bad command line or scenario,\n"
         "3 the bench failed, 4 internal error, 5 nothing was tested, 130 interrupted\n\n"
         "Examples:\n"
         "  coapspec demo                                a first look, without hardware\n"
         "  coapspec run core --target coap://192.0.2.1  test a server\n"
         "  coapspec check field.pcapng                  judge a capture");
    free(sorted);
    return CLI_PASSED;
}

/* ------------------------------------------------------------------ parsing */

static const struct cli_option *find(const struct cli_option *options, const char *name,
                                     size_t length, char letter)
{
    for (const struct cli_option *o = options; o != NULL && o->name != NULL; o++)
        if (name != NULL ? strlen(o->name) == length && memcmp(o->name, name, length) == 0
                         : o->letter == letter)
            return o;
    return NULL;
}

static const struct cli_option *find_any(const struct cli *cli, const char *name, size_t length,
                                         char letter)
{
    const struct cli_option *o = find(cli->command->options, name, length, letter);
    return o != NULL ? o : find(common_options, name, length, letter);
}

static int unknown_option(const struct cli *cli, const char *text, size_t length)
{
    enum { MOST = 64 };
    const char *names[MOST];
    size_t n = 0;
    char word[64];
    const struct cli_option *tables[] = {cli->command->options, common_options};
    for (size_t t = 0; t < 2; t++)
        for (const struct cli_option *o = tables[t]; o != NULL && o->name != NULL && n < MOST; o++)
            names[n++] = o->name;
    snprintf(word, sizeof word, "%.*s", (int)(length < 60 ? length : 60), text);
    const char *near = cs_nearest(word, names, n);
    if (near != NULL)
        return cli_fail(cli, CLI_USAGE, "%s: unknown option --%s: did you mean --%s?",
                        cli->command->name, word, near);
    return cli_fail(cli, CLI_USAGE, "%s: unknown option --%s (coapspec %s --help lists them)",
                    cli->command->name, word, cli->command->name);
}

static bool add_given(struct cli *cli, const struct cli_option *option, const char *value)
{
    if (cli->given_count == cli->given_cap) {
        size_t cap = cli->given_cap == 0 ? 16 : cli->given_cap * 2;
        struct cli_given *more = realloc(cli->given, cap * sizeof *more);
        if (more == NULL)
            return false;
        cli->given = more;
        cli->given_cap = cap;
    }
    cli->given[cli->given_count++] = (struct cli_given){option, value};
    return true;
}

/* An option of ours, or one more for the command. */
static int take(struct cli *cli, const struct cli_option *option, const char *value)
{
    static const char *const whens[] = {"auto", "always", "never", NULL};
    size_t when = 0;
    if (option == &common_options[1])
        cli->quiet = true;
    else if (option == &common_options[2])
        cli->verbose = true;
    else if (option == &common_options[3]) {
        if (!cli_word(cli, "--color", value, whens, &when))
            return CLI_USAGE;
        cli->color = (enum cli_color)when;
    } else if (!add_given(cli, option, value))
        return cli_fail(cli, CLI_BENCH, "out of memory");
    return CLI_PASSED;
}

static int take_long(struct cli *cli, const char *text, const char *next, bool *used_next)
{
    size_t length = strcspn(text, "=");
    const char *value = text[length] == '=' ? text + length + 1 : NULL;
    const struct cli_option *o = find_any(cli, text, length, 0);
    if (o == NULL)
        return unknown_option(cli, text, length);
    if (o->argument == NULL && value != NULL)
        return cli_fail(cli, CLI_USAGE, "%s: --%s takes no value", cli->command->name, o->name);
    if (o->argument != NULL && value == NULL) {
        if (next == NULL)
            return cli_fail(cli, CLI_USAGE, "%s: --%s needs a value: --%s %s", cli->command->name,
                            o->name, o->name, o->argument);
        value = next;
        *used_next = true;
    }
    return take(cli, o, value);
}

static int take_short(struct cli *cli, const char *letters, const char *next, bool *used_next)
{
    for (const char *l = letters; *l != '\0'; l++) {
        const struct cli_option *o = find_any(cli, NULL, 0, *l);
        if (o == NULL)
            return cli_fail(cli, CLI_USAGE,
                            "%s: unknown option -%c (coapspec %s --help lists them)",
                            cli->command->name, *l, cli->command->name);
        if (o->argument == NULL) {
            int code = take(cli, o, NULL);
            if (code != CLI_PASSED)
                return code;
            continue;
        }
        if (l[1] == '\0' && next == NULL)
            return cli_fail(cli, CLI_USAGE, "%s: -%c needs a value: -%c %s", cli->command->name, *l,
                            *l, o->argument);
        *used_next = l[1] == '\0';
        return take(cli, o, l[1] != '\0' ? l + 1 : next);
    }
    return CLI_PASSED;
}

/* Options may stand anywhere; `--` ends them; `-` is an argument. */
static int parse(struct cli *cli, int argc, char **argv, const char **args)
{
    bool options = true;
    for (int i = 0; i < argc; i++) {
        const char *text = argv[i], *next = i + 1 < argc ? argv[i + 1] : NULL;
        bool used_next = false;
        int code = CLI_PASSED;
        if (!options || text[0] != '-' || text[1] == '\0')
            args[cli->arg_count++] = text;
        else if (strcmp(text, "--") == 0)
            options = false;
        else if (text[1] == '-')
            code = take_long(cli, text + 2, next, &used_next);
        else
            code = take_short(cli, text + 1, next, &used_next);
        if (code != CLI_PASSED)
            return code;
        i += used_next ? 1 : 0;
    }
    return CLI_PASSED;
}

/* ------------------------------------------------------------------ the command line, for repeating */

static bool plain(const char *word)
{
    static const char fine[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=:,./@%[]";
    /* brackets are globs only where a file matches; an IPv6 URI is pasted more often */
    return word[0] != '\0' && word[strspn(word, fine)] == '\0' && strchr(word, '[') == NULL;
}

/* `word` as a shell takes it; at most 4 * strlen + 2 octets. Returns where it ends. */
static char *put_word(char *at, const char *word)
{
    const bool quoted = !plain(word);
    if (quoted)
        *at++ = '\'';
    for (const char *c = word; *c != '\0'; c++) {
        if (*c == '\'') {
            memcpy(at, "'\\''", 4);
            at += 4;
        } else
            *at++ = *c;
    }
    if (quoted)
        *at++ = '\'';
    *at = '\0';
    return at;
}

/* A program that was not found by the shell's PATH is named as it was called, so that the line can be pasted. */
static const char *program_name(const char *called)
{
    return called != NULL && strchr(called, '/') != NULL ? called : "coapspec";
}

static char *join(int argc, char **argv)
{
    const char *program = program_name(argv[0]);
    size_t size = 4 * strlen(program) + 3;
    for (int i = 1; i < argc; i++)
        size += 4 * strlen(argv[i]) + 3;
    char *line = malloc(size);
    if (line == NULL)
        return NULL;
    char *at = put_word(line, program);
    for (int i = 1; i < argc; i++) {
        *at++ = ' ';
        at = put_word(at, argv[i]);
    }
    return line;
}

/* ------------------------------------------------------------------ main */

static const struct cli_command *find_command(const char *name)
{
    for (size_t i = 0; i < cli_command_count; i++)
        if (strcmp(cli_commands[i]->name, name) == 0)
            return cli_commands[i];
    return NULL;
}

static int unknown_command(const char *name)
{
    const char **names = calloc(cli_command_count + 1, sizeof *names);
    const char *near = NULL;
    for (size_t i = 0; names != NULL && i < cli_command_count; i++)
        names[i] = cli_commands[i]->name;
    if (names != NULL)
        near = cs_nearest(name, names, cli_command_count);
    free(names);
    if (name[0] == '-') {
        static const char *const options[] = {"--help", "--version"};
        near = cs_nearest(name, options, 2);
        if (near != NULL)
            return cli_fail(NULL, CLI_USAGE, "unknown option %s: did you mean %s?", name, near);
        return cli_fail(NULL, CLI_USAGE, "unknown option %s: options stand behind the command",
                        name);
    }
    if (near != NULL)
        return cli_fail(NULL, CLI_USAGE, "unknown command %s: did you mean %s?", name, near);
    return cli_fail(NULL, CLI_USAGE, "unknown command %s (coapspec --help lists them)", name);
}

static bool reader_is_gone(void)
{
    struct pollfd output = {.fd = STDOUT_FILENO};
    return poll(&output, 1, 0) > 0 && (output.revents & POLLERR) != 0;
}

/* A reader that went away (`| head`) is no error; a full disk is. Of what an earlier write met, only that it failed is known. */
static int finish(int code)
{
    errno = 0;
    const bool written = fflush(stdout) == 0 && ferror(stdout) == 0;
    if (written || code == CLI_BENCH || (errno == 0 && reader_is_gone()))
        return code;
    return cli_fail_output(NULL, code);
}

static int run_command(const struct cli_command *command, int argc, char **argv)
{
    struct cli cli = {
        .command = command, .program = program_name(argv[0]), .line = join(argc, argv)};
    const char **args = calloc((size_t)argc + 1, sizeof *args);
    int code = CLI_BENCH;
    if (cli.line == NULL || args == NULL) {
        cli_fail(NULL, CLI_BENCH, "out of memory");
        goto done;
    }
    cli.args = args;
    code = parse(&cli, argc - 2, argv + 2, args);
    if (code == CLI_PASSED && cli.quiet && cli.verbose)
        code = cli_fail(NULL, CLI_USAGE, "%s: -q says less, -v says more: one of the two",
                        command->name);
    if (code != CLI_PASSED)
        goto done;
    bool help = false;
    for (size_t i = 0; i < cli.given_count; i++)
        help |= cli.given[i].option == &common_options[0];
    if (help)
        print_command_help(&cli);
    else
        code = command->run(&cli);
    cli_progress_end(&cli);
done:
    free(args);
    free(cli.given);
    free(cli.line);
    return code;
}

int cli_main(int argc, char **argv)
{
    setlocale(LC_CTYPE, "");
    cli_signals();
    const char *name = argc > 1 ? argv[1] : "--help";
    if (strcmp(name, "--version") == 0) {
        puts("coapspec " COAPSPEC_VERSION);
        return finish(CLI_PASSED);
    }
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 ||
        (strcmp(name, "help") == 0 && argc < 3)) {
        int code = print_help();
        return finish(argc > 1 ? code : CLI_USAGE);
    }
    if (strcmp(name, "help") == 0) {
        const struct cli_command *asked = find_command(argv[2]);
        if (asked == NULL)
            return unknown_command(argv[2]);
        struct cli cli = {.command = asked};
        print_command_help(&cli);
        return finish(CLI_PASSED);
    }
    const struct cli_command *command = find_command(name);
    if (command == NULL)
        return unknown_command(name);
    return finish(run_command(command, argc, argv));
}
