/* src/cmd/report.c: `coapspec report`: documents that earlier runs wrote are shown, merged, compared, converted. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "reports/json/json.h"
#include "reports/text/text.h"
#include "src/cli/cli.h"

static bool read_all(const struct cli *cli, size_t first, struct report *report)
{
    struct cs_error error = {0};
    report_init(report, NULL);
    for (size_t i = first; i < cli->arg_count; i++)
        if (!report_read_json(cli->args[i], report, &error)) {
            cli_fail_error(cli, CLI_BENCH, &error);
            return false;
        }
    return true;
}

static int written(const struct cli *cli, bool done, int code)
{
    return done ? code : cli_fail_output(cli, code);
}

/* ------------------------------------------------------------------ show, merge, convert */

static int show(struct cli *cli)
{
    struct report report;
    const struct report_style style = cli_style(cli);
    int code = CLI_BENCH;
    if (read_all(cli, 1, &report))
        code = written(cli, report_write_text(&report, &style, stdout),
                       report_summarise(&report).exit_code);
    report_fini(&report);
    return code;
}

static int merge(struct cli *cli)
{
    struct report report;
    int code = CLI_BENCH;
    if (read_all(cli, 1, &report))
        code = written(cli, report_write_json(&report, stdout), CLI_PASSED);
    report_fini(&report);
    return code;
}

static int convert(struct cli *cli)
{
    const struct report_format *format = report_format("junit");
    struct report report;
    struct cs_error error = {0};
    if (!cli_report_format(cli, REPORT_FILED, &format))
        return CLI_USAGE;
    const char *list = cli_value(cli, "report", NULL);
    if (list != NULL && !report_check_files(list, &error))
        return cli_fail(cli, CLI_USAGE, "--report: %s", error.text);
    int code = CLI_BENCH;
    if (!read_all(cli, 1, &report))
        goto done;
    if (list != NULL)
        code = report_write_files(&report, list, &error) ? CLI_PASSED
                                                         : cli_fail_error(cli, CLI_BENCH, &error);
    else {
        const struct report_style style = cli_style(cli);
        code = written(cli, format->write(&report, &style, stdout), CLI_PASSED);
    }
done:
    report_fini(&report);
    return code;
}

/* ------------------------------------------------------------------ diff */

/* One thing that has a verdict in both documents, or in one of them. */
struct judged {
    const char *id;
    enum report_verdict verdict;
};

static int compare_judged(const void *a, const void *b)
{
    const struct judged *x = a, *y = b;
    return strcmp(x->id, y->id);
}

/* Rules and scenarios of a document by id; of a scenario that ran several times, the gravest verdict. */
static struct judged *judged_of(const struct report *r, size_t *count)
{
    struct judged *all = calloc(r->rule_count + r->case_count + 1, sizeof *all);
    size_t n = 0, kept = 0;
    for (size_t i = 0; all != NULL && i < r->rule_count; i++)
        all[n++] = (struct judged){r->rules[i].rule->id, r->rules[i].verdict};
    for (size_t i = 0; all != NULL && i < r->case_count; i++)
        all[n++] = (struct judged){r->cases[i].id, report_case_verdict(r, &r->cases[i])};
    if (all != NULL)
        qsort(all, n, sizeof *all, compare_judged);
    for (size_t i = 0; i < n; i++) {
        if (kept > 0 && strcmp(all[kept - 1].id, all[i].id) == 0) {
            if (all[i].verdict > all[kept - 1].verdict)
                all[kept - 1].verdict = all[i].verdict;
        } else
            all[kept++] = all[i];
    }
    *count = kept;
    return all;
}

/* Does the later verdict say something worse of the device? */
static bool worse(enum report_verdict before, enum report_verdict after)
{
    return after >= REPORT_WARN && after > before;
}

static void print_change(const struct report_style *style, const char *id, const char *before,
                         const char *after, int sign)
{
    static const char *const colors[] = {"\033[32m", "", "\033[31m"};
    printf("%s%s  %s: %s %s %s%s\n", style->color ? colors[sign + 1] : "",
           sign > 0   ? "worse "
           : sign < 0 ? "better"
                      : "change",
           id, before, style->unicode ? "→" : "->", after, style->color ? "\033[0m" : "");
}

static size_t print_changes(const struct report_style *style, const struct judged *old,
                            size_t old_count, const struct judged *new, size_t new_count,
                            size_t *changes)
{
    size_t got_worse = 0;
    for (size_t i = 0, j = 0; i < old_count || j < new_count;) {
        int order = i == old_count ? 1 : j == new_count ? -1 : strcmp(old[i].id, new[j].id);
        enum report_verdict before = order <= 0 ? old[i].verdict : REPORT_NOT_EXERCISED;
        enum report_verdict after = order >= 0 ? new[j].verdict : REPORT_NOT_EXERCISED;
        const char *id = order <= 0 ? old[i].id : new[j].id;
        i += order <= 0;
        j += order >= 0;
        if (before == after)
            continue;
        int sign = worse(before, after) ? 1 : worse(after, before) ? -1 : 0;
        print_change(style, id, order > 0 ? "not there" : report_verdict_text(before),
                     order < 0 ? "not there" : report_verdict_text(after), sign);
        got_worse += sign > 0;
        ++*changes;
    }
    return got_worse;
}

static int diff(struct cli *cli)
{
    struct report old, new;
    struct cs_error error = {0};
    const struct report_style style = cli_style(cli);
    int code = CLI_BENCH;
    if (cli->arg_count != 3)
        return cli_fail(cli, CLI_USAGE, "report diff: two documents, the older one first");
    report_init(&old, NULL);
    report_init(&new, NULL);
    if (!report_read_json(cli->args[1], &old, &error) ||
        !report_read_json(cli->args[2], &new, &error)) {
        cli_fail_error(cli, CLI_BENCH, &error);
        goto done;
    }
    size_t old_count = 0, new_count = 0, changes = 0;
    struct judged *before = judged_of(&old, &old_count), *after = judged_of(&new, &new_count);
    size_t got_worse = print_changes(&style, before, old_count, after, new_count, &changes);
    if (!cli->quiet)
        printf("%zu verdicts changed, %zu for the worse\n", changes, got_worse);
    free(before);
    free(after);
    code = got_worse > 0 ? CLI_FAILED : CLI_PASSED;
done:
    report_fini(&old);
    report_fini(&new);
    return code;
}

/* ------------------------------------------------------------------ */

static int run(struct cli *cli)
{
    static const char *const words[] = {"show", "merge", "diff", "convert", NULL};
    static int (*const actions[])(struct cli *) = {show, merge, diff, convert};
    size_t action = 0;
    if (cli->arg_count == 0)
        return cli_fail(cli, CLI_USAGE,
                        "report: show, merge, diff or convert (coapspec report --help)");
    if (!cli_word(cli, "report", cli->args[0], words, &action))
        return CLI_USAGE;
    if (cli->arg_count < 2)
        return cli_fail(cli, CLI_USAGE, "report %s: name a results.json", words[action]);
    return actions[action](cli);
}

static const struct cli_option options[] = {
    {"format", 0, "FORMAT", "convert: junit (default), json or text, on stdout"},
    {"report", 0, "LIST", "convert: into files, json=FILE,junit=FILE,text=FILE"},
    {0},
};

static const char *const examples[] = {
    "report show results.json",
    "as the run printed it; the exit code is the run's",
    "report merge a.json b.json",
    "one document for both, on standard output",
    "report diff yesterday.json today.json",
    "which verdicts changed; exit code 1 when one is worse",
    "report convert results.json --format junit",
    "JUnit XML on standard output",
    NULL,
};

const struct cli_command cli_report = {
    .name = "report",
    .order = 70,
    .summary = "show, merge, compare or convert documents of earlier runs",
    .usage = "show|merge|diff|convert RESULTS.JSON… [OPTION…]",
    .about = "Reads what --report json=FILE wrote; - is standard input.",
    .options = options,
    .examples = examples,
    .run = run,
};
