/* src/cli/talk.c: messages to the user, progress, what the terminal can show, Ctrl-C. */
#include "src/cli/cli.h"

#include <errno.h>
#include <langinfo.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "reports/base/clean.h"
#include "src/net/interrupt.h"

/* Whatever is printed takes the place of the progress line, which is drawn again in time. */
static void clear_progress(const struct cli *cli)
{
    if (cli != NULL && cli->progress_shown)
        fputs("\r\033[K", stderr);
}

/* One line on stderr. File names, device texts and the like may stand in it: nothing of theirs may reach a terminal raw. */
__attribute__((format(printf, 3, 0))) static void say(const struct cli *cli, const char *before,
                                                      const char *format, va_list args)
{
    char text[2048];
    vsnprintf(text, sizeof text, format, args);
    char *clean = report_clean(text, strcmp(nl_langinfo(CODESET), "UTF-8") == 0, true);
    fflush(stdout);
    clear_progress(cli);
    fprintf(stderr, "%s%s\n", before, clean != NULL ? clean : format);
    free(clean);
}

int cli_fail(const struct cli *cli, enum cli_exit code, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    say(cli, "coapspec: ", format, args);
    va_end(args);
    return (int)code;
}

int cli_fail_error(const struct cli *cli, enum cli_exit code, const struct cs_error *error)
{
    if (error->file[0] == '\0')
        return cli_fail(cli, code, "%s", error->text);
    if (error->line == 0)
        return cli_fail(cli, code, "%s: %s", error->file, error->text);
    if (error->column == 0)
        return cli_fail(cli, code, "%s:%u: %s", error->file, error->line, error->text);
    return cli_fail(cli, code, "%s:%u:%u: %s", error->file, error->line, error->column,
                    error->text);
}

int cli_fail_output(const struct cli *cli, int code)
{
    const int why = errno;
    if (why == EPIPE)
        return code;
    return cli_fail(cli, CLI_BENCH, "standard output: %s",
                    why != 0 ? strerror(why) : "cannot be written");
}

void cli_note(const struct cli *cli, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    if (!cli->quiet)
        say(cli, "", format, args);
    va_end(args);
}

void cli_detail(const struct cli *cli, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    if (cli->verbose)
        say(cli, "", format, args);
    va_end(args);
}

void cli_progress(struct cli *cli, const char *format, ...)
{
    enum { REDRAW_NS = 100000000 };
    const char *term = getenv("TERM");
    struct timespec now;
    if (cli->quiet || isatty(STDERR_FILENO) == 0 || (term != NULL && strcmp(term, "dumb") == 0))
        return;
    clock_gettime(CLOCK_MONOTONIC, &now);
    uint64_t now_ns = (uint64_t)now.tv_sec * UINT64_C(1000000000) + (uint64_t)now.tv_nsec;
    if (cli->progress_ns != 0 && now_ns - cli->progress_ns < REDRAW_NS)
        return;
    cli->progress_ns = now_ns;
    char line[256];
    va_list args;
    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    unsigned width = cli_style_of(cli, STDERR_FILENO).width;
    fprintf(stderr, "\r\033[K%.*s", (int)width - 1, line);
    fflush(stderr);
    cli->progress_shown = true;
}

void cli_progress_end(struct cli *cli)
{
    clear_progress(cli);
    cli->progress_shown = false;
    cli->progress_ns = 0;
}

static unsigned columns(int fd)
{
    enum { DEFAULT = 80, LEAST = 40, MOST = 200 };
    const char *given = getenv("COLUMNS");
    unsigned long width = 0;
    struct winsize size;
    if (given != NULL && given[0] >= '1' && given[0] <= '9')
        width = strtoul(given, NULL, 10);
    else if (ioctl(fd, TIOCGWINSZ, &size) == 0)
        width = size.ws_col;
    if (width == 0)
        return DEFAULT;
    return width < LEAST ? LEAST : width > MOST ? MOST : (unsigned)width;
}

struct report_style cli_style_of(const struct cli *cli, int fd)
{
    const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");
    bool terminal = isatty(fd) != 0;
    bool color = terminal && (no_color == NULL || no_color[0] == '\0') &&
                 (term == NULL || strcmp(term, "dumb") != 0);
    if (cli->color != CLI_COLOR_AUTO)
        color = cli->color == CLI_COLOR_ALWAYS;
    return (struct report_style){
        .color = color,
        .unicode = strcmp(nl_langinfo(CODESET), "UTF-8") == 0,
        .verbose = cli->verbose,
        .quiet = cli->quiet,
        .width = columns(fd),
    };
}

struct report_style cli_style(const struct cli *cli) { return cli_style_of(cli, STDOUT_FILENO); }

/* An assert that does not hold is our bug: it has an exit code of its own. */
static void on_abort(int number)
{
    static const char text[] = "coapspec: internal error: please report the line above\n";
    (void)number;
    (void)!write(STDERR_FILENO, text, sizeof text - 1);
    _exit(CLI_BUG);
}

void cli_signals(void)
{
    struct sigaction bug = {.sa_handler = on_abort, .sa_flags = (int)SA_RESETHAND};
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    sigemptyset(&bug.sa_mask);
    sigemptyset(&ignore.sa_mask);
    net_interrupt_watch();
    sigaction(SIGABRT, &bug, NULL);
    sigaction(SIGPIPE, &ignore, NULL);
}

char *cli_now(void)
{
    char text[32];
    time_t now = time(NULL);
    struct tm tm;
    if (gmtime_r(&now, &tm) == NULL || strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &tm) == 0)
        return NULL;
    return strdup(text);
}
