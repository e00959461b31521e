/* src/cli/cli.h: what all commands have in common: the command line, its help, messages to the user, exit codes.
 *
 * A command is one file, src/cmd/NAME.c, with one `const struct cli_command cli_NAME`; the list of them is read off
 * the sources (Makefile: build/commands.c). stdout is data, stderr is talk. */
#ifndef SRC_CLI_CLI_H
#define SRC_CLI_CLI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "coapspec/dissect.h"
#include "reports/formats.h"

/* What the program returns. The device's faults, ours and the user's never share a number. */
enum cli_exit {
    CLI_PASSED = 0,
    CLI_FAILED = 1,       /* the device fails */
    CLI_USAGE = 2,        /* bad command line, scenario or profile */
    CLI_BENCH = 3,        /* no device, no permission, port in use, unreadable file, no memory */
    CLI_BUG = 4,          /* internal error */
    CLI_NOTHING = 5,      /* nothing was tested */
    CLI_INTERRUPTED = 130 /* what was found so far is written */
};

struct cli;

/* One option. `-h --help`, `-q --quiet`, `-v --verbose` and `--color WHEN` are added to every command. */
struct cli_option {
    const char *name;     /* "format", without the dashes */
    char letter;          /* 0: none */
    const char *argument; /* "FORMAT"; NULL: the option takes none */
    const char *help;     /* one sentence, no full stop */
};

struct cli_command {
    const char *name;
    unsigned order;                   /* its place in `coapspec --help`; equal numbers go by name */
    const char *summary;              /* one line, no full stop */
    const char *usage;                /* what follows the name: "FILE…|-|-i IF [OPTION…]" */
    const char *about;                /* a paragraph or more; may be NULL */
    const struct cli_option *options; /* ends with a row without name; may be NULL */
    const char *const
        *examples; /* "check field.pcapng", then what it does, in pairs; NULL-terminated */
    int (*run)(struct cli *cli); /* returns an enum cli_exit */
};

/* All commands of this build. Generated. */
extern const struct cli_command *const cli_commands[];
extern const size_t cli_command_count;

enum cli_color { CLI_COLOR_AUTO, CLI_COLOR_ALWAYS, CLI_COLOR_NEVER };

/* One option as it was given. */
struct cli_given {
    const struct cli_option *option;
    const char *value; /* NULL when it takes none */
};

/* A parsed command line. */
struct cli {
    const struct cli_command *command;
    const char *const *args; /* what is not an option, in order; borrowed from argv */
    size_t arg_count;
    struct cli_given *given;
    size_t given_count, given_cap;
    bool quiet, verbose;
    enum cli_color color;
    const char *program; /* "coapspec", or the path by which it was called; borrowed from argv */
    char *line;          /* the whole command line as one would paste it into a shell */
    bool progress_shown;
    uint64_t progress_ns; /* when it was last drawn */
};

/* ------------------------------------------------------------------ options */

/* `name` must stand in the command's table. */
bool cli_has(const struct cli *cli, const char *name);
/* The last value given, or `otherwise`. */
const char *cli_value(const struct cli *cli, const char *name, const char *otherwise);
/* For options that may be repeated: the value number `index`, from 0; NULL when there are no more. */
const char *cli_value_at(const struct cli *cli, const char *name, size_t index);
/* A decimal number. Leaves `*out` alone when the option was not given. False, with the message printed, when the value
 * is no number or not within bounds. */
bool cli_number(const struct cli *cli, const char *name, uint64_t min, uint64_t max, uint64_t *out);
/* A duration: "90", "1.5s", "200ms", "5m", "2h"; seconds without a unit. In nanoseconds. */
bool cli_duration(const struct cli *cli, const char *name, uint64_t *out_ns);
/* A size: "48M", "512k", "1G" (powers of 1024). */
bool cli_size(const struct cli *cli, const char *name, uint64_t *out);
/* One of a NULL-terminated list of words; its index in `*out`. Says "did you mean" otherwise. */
bool cli_choice(const struct cli *cli, const char *name, const char *const *words, size_t *out);
/* The same for any word; `what` names it in the message ("--format", "kind of list"). */
bool cli_word(const struct cli *cli, const char *what, const char *word, const char *const *words,
              size_t *out);
/* --format, one of the report's formats with that use; `*out` is left when it is not there. */
bool cli_report_format(const struct cli *cli, enum report_use use,
                       const struct report_format **out);
/* Parses "1.5s" and the like. */
bool cli_parse_duration(const char *text, uint64_t *out_ns);

/* ------------------------------------------------------------------ talk, on stderr */

/* "coapspec: …"; returns `code` so that a command can say `return cli_fail(…)`. */
int cli_fail(const struct cli *cli, enum cli_exit code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* "coapspec: FILE:LINE:COLUMN: text". */
int cli_fail_error(const struct cli *cli, enum cli_exit code, const struct cs_error *error);
/* Standard output could not be written, by errno: says so and returns CLI_BENCH. A reader that went away (`| head`) is no
 * error: returns `code`. */
int cli_fail_output(const struct cli *cli, int code);
/* Says nothing with -q. */
void cli_note(const struct cli *cli, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Only with -v. */
void cli_detail(const struct cli *cli, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* One line that is drawn over itself, at most ten times a second; on a terminal only. */
void cli_progress(struct cli *cli, const char *format, ...) __attribute__((format(printf, 2, 3)));
void cli_progress_end(struct cli *cli);

/* How to print on stdout, and on stderr: colour, UTF-8 or ASCII, width in columns. */
struct report_style cli_style(const struct cli *cli);
struct report_style cli_style_of(const struct cli *cli, int fd);

/* The time, as RFC 3339 in UTC: malloc'ed; NULL when there is none. */
char *cli_now(void);

/* ------------------------------------------------------------------ selectors */

/* What `--only` and `--exclude` choose from: rules, scenarios, or both in one list. */
struct cli_candidate {
    const char *id;
    const char *const
        *covers; /* ids of requirements and published tests, NULL-terminated; may be NULL */
};

/* `*` matches any characters, slashes too. A selector without `*` also takes what stands below it: "rfc7252/4.1". */
bool cli_selector_matches(const char *selector, const struct cli_candidate *candidate);
/* Applies `--only LIST` and `--exclude LIST` (both repeatable, selectors separated by commas) of the command line: `chosen[i]` for
 * each candidate. CLI_PASSED, or CLI_NOTHING, with the nearest ids named, when a selector matches nothing or nothing is
 * left. */
int cli_select(const struct cli *cli, const struct cli_candidate *candidates, size_t n,
               bool *chosen);
/* The same for the rules of this build. `*rules` is malloc'ed for the caller. */
int cli_select_rules(const struct cli *cli, const struct cs_rule *const **rules, size_t *count);

/* ------------------------------------------------------------------ for main */

int cli_main(int argc, char **argv);
/* Ctrl-C, SIGPIPE, and asserts that do not hold. */
void cli_signals(void);

#endif
