/* src/cmd/check.c: `coapspec check`: captures, or an interface for a while, are judged by all rules. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/text.h"
#include "source/source.h"
#include "src/cli/cli.h"
#include "src/check/ahead.h"
#include "src/check/filter.h"
#include "src/check/key_log.h"
#include "src/check/message_lines.h"
#include "src/net/interrupt.h"
#include "wire/dtls.h"

enum { PORTS_MAX = 64, BPF_MAX = 8, MEMORY_LEAST = 1 << 20, LINK_ETHERNET = 1 };

struct check {
    struct cli *cli;
    struct report report;
    const struct cs_rule *const *rules;
    size_t rule_count;
    struct filter filter;
    uint64_t *shown; /* per rule: findings that the filter lets through */
    uint64_t hidden; /* findings that it does not */
    const struct report_format *format;
    bool live, failed; /* failed: a source could not be read to its end */
    bool statistics;   /* something is written that has them */
    struct report_style style;
    struct message_lines *lines; /* --messages */
    uint16_t ports[PORTS_MAX];
    size_t port_count;
    uint64_t memory, duration_ns, count, threads;
    struct key_log *key_log;
    struct cs_secrets *secrets; /* of --keylog, and of what the captures hold */
    uint64_t began_ns, findings;
    struct {
        uint16_t link_type;
        struct cs_bpf *bpf;
    } bpf[BPF_MAX]; /* --bpf on files, one for each link type that occurred */
    size_t bpf_count;
};

/* ------------------------------------------------------------------ what the analysis says */

static size_t rule_index(const struct check *c, const struct cs_rule *rule)
{
    size_t low = 0, high = c->rule_count; /* in order of their ids */
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(c->rules[middle]->id, rule->id);
        if (order == 0)
            return middle;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return c->rule_count;
}

/* As far as its octets go: the header of a malformed message may be short. */
static int code_of(const struct cs_message *m)
{
    return m != NULL && m->octets.len > m->code_at ? m->octets.at[m->code_at] : -1;
}

static bool finding_passes(const struct check *c, const struct cs_finding *f)
{
    const struct filter_subject subject = {
        .a = f->offender,
        .b = f->other,
        .code = code_of(f->message),
        .verdict =
            cs_level_is_should(f->rule->level) && !c->report.strict ? REPORT_WARN : REPORT_FAIL,
        .role = f->role,
        .packet = f->packet,
        .time_ns = f->time_ns,
        .began_ns = c->began_ns,
    };
    return c->filter.count == 0 || filter_accepts(&c->filter, &subject);
}

static void on_finding(void *user, const struct cs_finding *finding)
{
    struct check *c = user;
    if (!finding_passes(c, finding)) {
        c->hidden++;
        return;
    }
    size_t index = rule_index(c, finding->rule);
    if (index < c->rule_count)
        c->shown[index]++;
    c->findings++;
    report_add_finding(&c->report, finding, REPORT_NO_CASE);
    if (c->format->finding == NULL || !(c->format->streams || c->live))
        return;
    struct report_finding copy;
    report_copy_finding(&c->report, finding, REPORT_NO_CASE, &copy);
    message_lines_flush(c->lines);
    c->format->finding(&c->report, &c->style, &copy, stdout);
    if (c->live)
        fflush(stdout);
}

static bool event_passes(const struct check *c, const struct cs_view *view)
{
    if (c->filter.count == 0)
        return true;
    const struct cs_datagram *d = &view->event->datagram;
    const struct filter_subject subject = {
        .a = d->src,
        .b = d->dst,
        .code = view->message->octets.len > view->message->code_at ? view->message->code : -1,
        .packet = d->packet,
        .time_ns = d->time_ns,
        .began_ns = view->began_ns,
    };
    return filter_accepts(&c->filter, &subject);
}

static void on_event(void *user, const struct cs_view *view)
{
    struct check *c = user;
    if (!event_passes(c, view))
        return;
    if (c->lines != NULL)
        message_lines_add(c->lines, view);
    if (c->statistics)
        report_add_event(&c->report, view);
}

static void on_ahead(void *user, const struct cs_flow *flow)
{
    report_expect_event(&((const struct check *)user)->report, flow);
}

/* ------------------------------------------------------------------ one source */

static struct cs_analysis *new_analysis(struct check *c, bool evidence)
{
    const struct cs_settings settings = {
        .memory = (size_t)c->memory,
        .ports = c->ports,
        .port_count = c->port_count,
        .no_heuristic = cli_has(c->cli, "no-heuristic"),
        .all_coap = evidence,
        .whole = evidence,
        .secrets = c->secrets,
        .rules = c->rules,
        .rule_count = c->rule_count,
        .user = c,
        .on_finding = on_finding,
        .on_event = on_event,
        .on_ahead = on_ahead,
    };
    struct cs_analysis *analysis = cs_analysis_new(&settings);
    if (analysis == NULL)
        cli_fail(c->cli, CLI_BENCH, "out of memory");
    return analysis;
}

/* The filter for a link type; NULL when it cannot be compiled for it. */
static const struct cs_bpf *bpf_for(struct check *c, uint16_t link_type, struct cs_error *error)
{
    for (size_t i = 0; i < c->bpf_count; i++)
        if (c->bpf[i].link_type == link_type)
            return c->bpf[i].bpf;
    if (c->bpf_count == BPF_MAX) {
        snprintf(error->text, sizeof error->text, "--bpf: more than %d link types", BPF_MAX);
        return NULL;
    }
    struct cs_bpf *bpf = cs_bpf_compile(cli_value(c->cli, "bpf", ""), link_type, error);
    if (bpf != NULL) {
        c->bpf[c->bpf_count].link_type = link_type;
        c->bpf[c->bpf_count++].bpf = bpf;
    }
    return bpf;
}

/* Keeps the frames that --bpf accepts; how many, or CS_SOURCE_ERROR. */
static int apply_bpf(struct check *c, struct cs_frame *frames, int n, struct cs_error *error)
{
    int kept = 0;
    for (int i = 0; i < n; i++) {
        const struct cs_bpf *bpf = bpf_for(c, frames[i].link_type, error);
        if (bpf == NULL)
            return CS_SOURCE_ERROR;
        if (cs_bpf_matches(bpf, &frames[i]))
            frames[kept++] = frames[i];
    }
    return kept;
}

static uint64_t now_ns(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (uint64_t)now.tv_sec * UINT64_C(1000000000) + (uint64_t)now.tv_nsec;
}

static void show_progress(struct check *c, const char *name, const struct cs_source_status *status)
{
    if (status->size > 0)
        cli_progress(c->cli, "%s: %3.0f %%, %llu packets, %llu findings", name,
                     100.0 * (double)status->octets / (double)status->size,
                     (unsigned long long)status->frames, (unsigned long long)c->findings);
    else
        cli_progress(c->cli, "%s: %llu packets, %llu findings, %llu dropped", name,
                     (unsigned long long)status->frames, (unsigned long long)c->findings,
                     (unsigned long long)(status->dropped_kernel + status->dropped_interface));
}

/* What a capture holds of secrets. A bad line is no reason not to judge. */
static void on_secrets(void *user, struct cs_slice text)
{
    const struct check *c = user;
    struct cs_error error = {0};
    if (!cs_secrets_text(c->secrets, text, &error))
        cli_note(c->cli, "secrets in the capture: line %u, column %u: %s", error.line, error.column,
                 error.text);
}

/* What a key log has more than before; `last`: it will not grow. */
static bool read_key_log(struct check *c, bool last)
{
    struct cs_error error;
    if (c->key_log == NULL || key_log_read(c->key_log, last, &error))
        return true;
    cli_fail_error(c->cli, CLI_USAGE, &error);
    return false;
}

static int select_frames(void *user, struct cs_frame *frames, int n, struct cs_error *error)
{
    struct check *c = user;
    return c->live || !cli_has(c->cli, "bpf") ? n : apply_bpf(c, frames, n, error);
}

/* A source that is being read. */
struct feeding {
    struct check *c;
    struct cs_source *source;
    const char *name;
    struct cs_analysis *analysis;    /* NULL: nothing has been read yet */
    struct cs_source_status *status; /* as of what was judged last */
    uint64_t left, until, rounds;    /* packets; monotonic time */
    bool evidence;
    struct cs_error *error;
};

static bool goes_on(const struct feeding *f)
{
    return !net_interrupted() && f->left > 0 && ferror(stdout) == 0;
}

/* After each round. False: it is enough. */
static bool look_around(struct feeding *f)
{
    struct check *c = f->c;
    if (c->live) { /* somebody may be reading along */
        message_lines_flush(c->lines);
        fflush(stdout);
    }
    if (!c->live && !f->evidence && ++f->rounds % 64 != 0)
        return true; /* of evidence, the run saw each loss at once, and so do we */
    if (f->status->dropped_kernel + f->status->dropped_interface > 0)
        cs_analysis_lossy(f->analysis);
    show_progress(c, f->name, f->status);
    return !c->live || now_ns(CLOCK_MONOTONIC) < f->until;
}

/* Reads and judges one round. CS_SOURCE_ERROR with f->error on trouble, CS_SOURCE_END when it is over or enough. */
static int one_round(struct feeding *f)
{
    struct check *c = f->c;
    struct cs_frame frames[CS_BATCH_FRAMES];
    const size_t most = f->left < CS_BATCH_FRAMES ? (size_t)f->left : CS_BATCH_FRAMES;
    int n = cs_source_next(f->source, frames, most, f->error);
    *f->status = cs_source_status(f->source);
    if (f->analysis == NULL && n != CS_SOURCE_ERROR) { /* only now is it known what this is */
        f->evidence = f->status->evidence;
        f->analysis = new_analysis(c, f->evidence);
    }
    if (f->analysis == NULL || n < 0)
        return f->analysis == NULL ? CS_SOURCE_ERROR : n;
    if (c->began_ns == 0 && n > 0)
        c->began_ns = frames[0].time_ns;
    f->left -= (uint64_t)n;
    if (c->live)
        read_key_log(c, false); /* its writer had the secret before these packets */
    if ((n = select_frames(c, frames, n, f->error)) == CS_SOURCE_ERROR)
        return CS_SOURCE_ERROR;
    if (!cs_analysis_frames(f->analysis, frames, (size_t)n))
        return cs_error_set(f->error, "out of memory"), CS_SOURCE_ERROR;
    if (c->live && n == 0)
        cs_analysis_time(f->analysis, now_ns(CLOCK_REALTIME));
    return look_around(f) ? n : CS_SOURCE_END;
}

/* The same for what another thread reads. */
static int ahead_round(struct feeding *f, struct ahead *ahead)
{
    const struct ahead_round *round = ahead_next(ahead);
    for (const struct ahead_secrets *s = round->secrets; s != NULL; s = s->next)
        on_secrets(f->c, (struct cs_slice){s->text, s->length});
    *f->status = round->status;
    *f->error = round->error;
    if (round->n < 0)
        return round->n;
    if (f->c->began_ns == 0)
        f->c->began_ns = round->began_ns;
    f->left -= (uint64_t)round->n;
    cs_analysis_judge(f->analysis, round->batch);
    return look_around(f) ? round->n : CS_SOURCE_END;
}

/* Reads a source to its end, or until it is enough. False with `error` on trouble. The first round tells what it is; then one thread
 * reads and decodes while this one judges, when there are two and the source is a file, which never keeps its reader waiting. */
static bool feed(struct feeding *f)
{
    int n = goes_on(f) ? one_round(f) : CS_SOURCE_END;
    struct ahead *ahead = NULL;
    if (n >= 0 && f->c->threads == 2 && f->status->size > 0)
        ahead = ahead_start(f->source, f->analysis, f->left, select_frames, f->c);
    if (ahead == NULL)
        cs_source_on_secrets(f->source, on_secrets, f->c);
    while (n >= 0 && goes_on(f))
        n = ahead != NULL ? ahead_round(f, ahead) : one_round(f);
    ahead_stop(ahead);
    return n != CS_SOURCE_ERROR;
}

/* What the report says of a source that has been read. */
static void describe(struct report_source *entry, const struct cs_source_status *status,
                     const struct cs_analysis *analysis)
{
    char note[160];
    entry->format = status->description != NULL ? strdup(status->description) : NULL;
    entry->dropped_kernel = status->dropped_kernel;
    entry->dropped_interface = status->dropped_interface;
    if (analysis != NULL)
        entry->counts = cs_analysis_counts(analysis);
    if (!status->truncated)
        return;
    snprintf(note, sizeof note,
             "the file ends inside packet %llu, at offset %llu: judged up to there",
             (unsigned long long)status->frames + 1, (unsigned long long)status->truncated_at);
    entry->note = strdup(note);
}

static void judge(struct check *c, struct cs_source *source, const char *name)
{
    struct cs_error error = {0};
    struct cs_source_status status = cs_source_status(source);
    struct feeding f = {
        .c = c,
        .source = source,
        .name = name,
        .status = &status,
        .left = c->count > 0 ? c->count : UINT64_MAX,
        .until = c->duration_ns > 0 ? now_ns(CLOCK_MONOTONIC) + c->duration_ns : UINT64_MAX,
        .error = &error,
    };
    c->began_ns = 0;
    const bool done = feed(&f);
    if (f.analysis != NULL) {
        if (status.dropped_kernel + status.dropped_interface > 0)
            cs_analysis_lossy(f.analysis);
        cs_analysis_end(f.analysis);
        report_add_tallies(&c->report, f.analysis, c->rules, c->rule_count);
    }
    describe(&c->report.sources[c->report.source_count - 1], &status, f.analysis);
    cs_analysis_free(f.analysis);
    message_lines_flush(c->lines);
    cli_progress_end(c->cli);
    if (done)
        return;
    c->failed = true;
    if (error.text[0] != '\0') {
        if (error.file[0] == '\0')
            snprintf(error.file, sizeof error.file, "%s", name);
        cli_fail_error(c->cli, CLI_BENCH, &error);
    }
}

static void check_one(struct check *c, const char *name)
{
    struct cs_error error = {0};
    struct cs_source *source = c->live
                                   ? cs_source_live(name, cli_value(c->cli, "bpf", NULL), &error)
                                   : cs_source_file(name, &error);
    if (source == NULL && net_interrupted()) /* while it waited for the first octet */
        return;
    if (source == NULL) {
        cli_fail_error(c->cli, CLI_BENCH, &error);
        c->failed = true;
        return;
    }
    cs_source_on_secrets(source, on_secrets, c);
    if (report_add_source(&c->report, c->live ? "interface" : "capture", name) != NULL)
        judge(c, source, name);
    cs_source_free(source);
}

/* ------------------------------------------------------------------ the command line */

static bool read_ports(struct check *c)
{
    const char *text = NULL;
    for (size_t i = 0; (text = cli_value_at(c->cli, "port", i)) != NULL; i++) {
        char *end = NULL;
        unsigned long port = text[0] >= '0' && text[0] <= '9' ? strtoul(text, &end, 10) : 0;
        if (port == 0 || port > 65535 || *end != '\0' || c->port_count == PORTS_MAX) {
            cli_fail(c->cli, CLI_USAGE, "--port: %s is not a port, or there are more than %d", text,
                     PORTS_MAX);
            return false;
        }
        c->ports[c->port_count++] = (uint16_t)port;
    }
    return true;
}

static bool read_options(struct check *c)
{
    struct cs_error error = {0};
    const struct cli *cli = c->cli;
    const char *text = NULL;
    if (!cli_report_format(cli, REPORT_SHOWN, &c->format) || !read_ports(c) ||
        !cli_size(cli, "limit-memory", &c->memory) ||
        !cli_duration(cli, "duration", &c->duration_ns) ||
        !cli_number(cli, "count", 1, UINT64_MAX / 2, &c->count) ||
        !cli_number(cli, "threads", 1, 2, &c->threads))
        return false;
    if (c->threads == 0)
        c->threads = ahead_processors() >= 2 ? 2 : 1;
    if (cli_has(cli, "duration") && (c->duration_ns == 0 || !cli_has(cli, "interface"))) {
        cli_fail(cli, CLI_USAGE, "--duration is more than 0, and goes with -i");
        return false;
    }
    if (cli_has(cli, "limit-memory") && c->memory < MEMORY_LEAST) {
        cli_fail(cli, CLI_USAGE, "--limit-memory: 1M is the least");
        return false;
    }
    for (size_t i = 0; (text = cli_value_at(cli, "filter", i)) != NULL; i++)
        if (!filter_parse(text, &c->filter, &error)) {
            cli_fail(cli, CLI_USAGE, "--filter: column %u: %s", error.column, error.text);
            return false;
        }
    if (cli_has(cli, "report") && !report_check_files(cli_value(cli, "report", ""), &error)) {
        cli_fail(cli, CLI_USAGE, "--report: %s", error.text);
        return false;
    }
    if (cli_has(cli, "messages") && !c->format->streams) {
        cli_fail(cli, CLI_USAGE, "--messages goes with --format ndjson");
        return false;
    }
    const char *bpf = cli_value(cli, "bpf", NULL);
    if (bpf !=
        NULL) { /* said before the first file is read; other link types follow when they occur */
        struct cs_bpf *compiled = cs_bpf_compile(bpf, LINK_ETHERNET, &error);
        if (compiled == NULL) {
            cli_fail(cli, CLI_USAGE, "--bpf: %s", error.text);
            return false;
        }
        cs_bpf_free(compiled);
    }
    c->live = cli_has(cli, "interface");
    if (c->live == (cli->arg_count > 0)) {
        cli_fail(cli, CLI_USAGE,
                 c->live ? "check: either files or -i INTERFACE"
                         : "check: name a capture file, - or -i INTERFACE (coapspec check --help)");
        return false;
    }
    return true;
}

/* False, and said, when --keylog cannot be read. */
static bool open_secrets(struct check *c, int *code)
{
    enum { MEMORY = 48 << 20, SHARE = 24 };
    struct cs_error error;
    const char *path = cli_value(c->cli, "keylog", NULL);
    c->secrets = cs_secrets_new((size_t)(c->memory > 0 ? c->memory : MEMORY) / SHARE);
    if (c->secrets == NULL)
        *code = cli_fail(c->cli, CLI_BENCH, "out of memory");
    else if (path != NULL && (c->key_log = key_log_open(path, c->secrets, &error)) == NULL)
        *code = cli_fail_error(c->cli, CLI_BENCH, &error);
    else if (!read_key_log(c, !c->live))
        *code = CLI_USAGE;
    return *code == CLI_PASSED;
}

/* With a filter, a rule counts as broken as often as the filter lets through. */
static void apply_filter_to_rules(struct check *c)
{
    for (size_t i = 0; c->filter.count > 0 && i < c->report.rule_count; i++) {
        struct report_rule *r = &c->report.rules[i];
        size_t index = rule_index(c, r->rule);
        if (index < c->rule_count)
            r->tally.broken = c->shown[index];
    }
    report_judge_rules(&c->report);
}

static int write_reports(struct check *c)
{
    struct cs_error error = {0};
    int code = report_summarise(&c->report).exit_code;
    if (!c->format->write(&c->report, &c->style, stdout))
        code = cli_fail_output(c->cli, code);
    if (cli_has(c->cli, "report") &&
        !report_write_files(&c->report, cli_value(c->cli, "report", ""), &error))
        code = cli_fail_error(c->cli, CLI_BENCH, &error);
    if (c->hidden > 0)
        cli_note(c->cli, "%" PRIu64 " findings are left out by --filter and counted nowhere.",
                 c->hidden);
    return c->failed && code != CLI_INTERRUPTED ? CLI_BENCH : code;
}

static int run(struct cli *cli)
{
    struct check c = {.cli = cli, .style = cli_style(cli), .format = report_format("text")};
    int code = CLI_USAGE;
    report_init(&c.report, cli->line);
    if (!read_options(&c))
        goto done;
    code = cli_select_rules(cli, &c.rules, &c.rule_count);
    if (code != CLI_PASSED || !open_secrets(&c, &code))
        goto done;
    c.report.strict = cli_has(cli, "strict");
    c.statistics = !c.format->streams || cli_has(cli, "report");
    c.report.started = cli_now();
    c.shown = calloc(c.rule_count + 1, sizeof *c.shown);
    c.lines = cli_has(cli, "messages") ? message_lines_new(stdout) : NULL;
    if (c.live)
        check_one(&c, cli_value(cli, "interface", ""));
    for (size_t i = 0; !c.live && i < cli->arg_count && !net_interrupted(); i++)
        check_one(&c, cli->args[i]);
    c.report.interrupted = net_interrupted();
    if (c.report.source_count == 0) {
        code = c.report.interrupted ? CLI_INTERRUPTED : CLI_BENCH;
        goto done;
    }
    apply_filter_to_rules(&c);
    code = write_reports(&c);
    const uint64_t given_up = cs_secrets_counts(c.secrets).given_up;
    if (given_up > 0)
        cli_note(cli,
                 "%" PRIu64 " secrets of sessions were given up for want of memory "
                 "(--limit-memory).",
                 given_up);
done:
    key_log_close(c.key_log);
    for (size_t i = 0; i < c.bpf_count; i++)
        cs_bpf_free(c.bpf[i].bpf);
    message_lines_free(c.lines);
    report_fini(&c.report);
    cs_secrets_free(c.secrets);
    free(c.shown);
    free((void *)(uintptr_t)c.rules);
    return code;
}

static const struct cli_option options[] = {
    {"interface", 'i', "IF",
     "judge the traffic on this interface, until Ctrl-C, --duration or --count"},
    {"format", 0, "FORMAT",
     "text (default), json: the whole document on stdout, ndjson: a line for each finding at once"},
    {"messages", 0, NULL, "with --format ndjson: a line for each CoAP message as well"},
    {"report", 0, "LIST", "write files as well: json=FILE,junit=FILE,text=FILE"},
    {"port", 'p', "N", "this UDP port carries CoAP too, beside 5683; may be repeated"},
    {"keylog", 0, "FILE",
     "secrets of DTLS 1.2 sessions, in the format of SSLKEYLOGFILE: their records are decrypted "
     "and judged; secrets in a pcapng file are always used"},
    {"no-heuristic", 0, NULL, "do not look for CoAP on other ports"},
    {"only", 0, "SELECTOR",
     "judge only by these rules: globs on rule ids or requirement ids, comma-separated"},
    {"exclude", 0, "SELECTOR", "leave these rules out"},
    {"filter", 0, "TERMS",
     "show only: host=ADDRESS, port=N, code=4.xx, verdict=fail|warn, role=client|server, "
     "packet=N-M, from=TIME, to=TIME; comma-separated. This changes what is shown, not how it is "
     "judged"},
    {"strict", 0, NULL, "a SHOULD counts like a MUST"},
    {"bpf", 0, "EXPRESSION", "look only at packets that this tcpdump expression accepts"},
    {"duration", 0, "TIME", "with -i: stop after 30s, 5m, 2h"},
    {"count", 'c', "N", "stop after N packets"},
    {"threads", 0, "N",
     "1 or 2: with 2 (the default where there are two processors) a file is read by one while "
     "another judges; the output is "
     "the same"},
    {"limit-memory", 0, "SIZE",
     "memory for all tables (default 48M); what is discarded is counted"},
    {0},
};

static const char *const examples[] = {
    "check field.pcapng",
    "judge a capture and show who broke which clause, at which packet and octet",
    "check a.pcap b.pcap --format json",
    "one document for both on standard output",
    "check field.pcapng --only 'rfc7252/4.*' --filter host=192.0.2.7,verdict=fail",
    "message layer only, and only what that endpoint did",
    "check -i eth0 --duration 10m --report json=results.json,junit=results.xml",
    "watch an interface for ten minutes",
    "check field.pcapng --keylog keys.log",
    "judges the content of DTLS as well, with the key log of the client or server",
    "check - --format ndjson --messages",
    "a line of JSON for each message and each finding of a capture on standard input",
    NULL,
};

const struct cli_command cli_check = {
    .name = "check",
    .order = 40,
    .summary = "judge captures, or the traffic on an interface",
    .usage = "FILE…|-|-i IF [OPTION…]",
    .about = "Reads pcap and pcapng and judges every endpoint by every rule. Exit code 0: nothing "
             "is wrong; 1: a MUST is "
             "broken; 3: a file could not be read; 5: there was no CoAP in it.",
    .options = options,
    .examples = examples,
    .run = run,
};
