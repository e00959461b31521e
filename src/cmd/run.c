/* src/cmd/run.c: `coapspec run`: scenarios against a device. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/nearest.h"
#include "reports/json/json.h"
#include "src/cli/security.h"
#include "src/net/interrupt.h"
#include "src/profile/probe.h"
#include "src/list/choose.h"
#include "src/run/target.h"
#include "src/run/run.h"
#include "src/cli/show.h"

struct job {
    struct cli *cli;
    struct run_choice choice;
    struct profile profile;
    struct net_target target, also; /* `also`: without a URI where there is no second address */
    struct net_security security;
    struct run_device device;
    struct run_options options;
    struct scenario *life;
    bool *told_later; /* by case: with --capture its packets are known at the end */
    struct report report;
    const struct report_format *format;
    int code;             /* when it comes to nothing */
    size_t findings_told; /* with --format ndjson */
    char out[400];
    char evidence[480];
};

/* ------------------------------------------------------------------ the command line */

static bool read_faults(struct job *j)
{
    const char *name = NULL;
    for (size_t i = 0; (name = cli_value_at(j->cli, "fault", i)) != NULL; i++) {
        const char *near = NULL;
        const struct net_fault *fault = net_fault_find(name, &near);
        if (fault == NULL || j->options.fault_count == NET_FAULTS_MAX) {
            cli_fail(j->cli, CLI_USAGE,
                     "--fault: nothing is called %s%s%s%s (coapspec list faults)", name,
                     near != NULL ? ": did you mean " : "", near != NULL ? near : "",
                     near != NULL ? "?" : "");
            return false;
        }
        j->options.faults[j->options.fault_count++] = fault;
    }
    return true;
}

static bool read_profile(struct job *j)
{
    struct cs_error error = {0};
    const char *text = cli_value(j->cli, "profile", NULL);
    if (text != NULL && !profile_read(&j->profile, text, &error)) {
        j->code = show_error(j->cli, &error);
        return false;
    }
    for (size_t i = 0; (text = cli_value_at(j->cli, "param", i)) != NULL; i++)
        if (!profile_set(&j->profile, text, &error)) {
            cli_fail(j->cli, CLI_USAGE, "--param %s: %s", text, error.text);
            return false;
        }
    return true;
}

static bool read_seed(struct job *j)
{
    if (cli_has(j->cli, "seed"))
        return cli_number(j->cli, "seed", 0, UINT64_MAX, &j->options.seed);
    uint32_t seed = 1; /* short enough to be typed */
    if (getrandom(&seed, sizeof seed, 0) < 0)
        seed = (uint32_t)time(NULL);
    j->options.seed = seed;
    return true;
}

static bool is_coaps(const char *uri) { return strncmp(uri, "coaps://", 8) == 0; }

static bool read_options(struct job *j)
{
    const struct cli *cli = j->cli;
    struct cs_error error = {0};
    uint64_t jobs = 0;
    j->options.case_limit_ns = 120 * NET_SECOND;
    j->options.run_limit_ns = 3600 * NET_SECOND;
    if (!cli_report_format(cli, REPORT_SHOWN, &j->format) ||
        !cli_number(cli, "jobs", 1, 256, &jobs) ||
        !cli_duration(cli, "timeout", &j->options.run_limit_ns) ||
        !cli_duration(cli, "case-timeout", &j->options.case_limit_ns) || !read_seed(j) ||
        !read_profile(j) || !read_faults(j))
        return false;
    if (cli_has(cli, "report") && !report_check_files(cli_value(cli, "report", ""), &error)) {
        cli_fail(cli, CLI_USAGE, "--report: %s", error.text);
        return false;
    }
    if (cli_value(cli, "out", "x")[0] == '\0') {
        cli_fail(cli, CLI_USAGE, "--out: the name of the folder is empty");
        return false;
    }
    if (!cli_has(cli, "target") && !cli_has(cli, "listen") && !cli_has(cli, "exec")) {
        cli_fail(cli, CLI_USAGE,
                 "run: --target URI says which device, --exec COMMAND starts one, --listen URI "
                 "waits for one that is a client");
        return false;
    }
    if (cli_has(cli, "target") && cli_has(cli, "listen")) {
        cli_fail(cli, CLI_USAGE,
                 "run: --target is for a device that is a server, --listen for a client: one of "
                 "the two");
        return false;
    }
    static const char *const addresses[] = {"target", "listen", "also"};
    for (size_t i = 0; i < 3; i++)
        if (cli_has(cli, addresses[i]) &&
            !net_target_check_endpoint(cli_value(cli, addresses[i], ""), &error)) {
            cli_fail(cli, CLI_USAGE, "--%s: %s", addresses[i], error.text);
            return false;
        }
    if (cli_has(cli, "also") && cli_has(cli, "target") &&
        is_coaps(cli_value(cli, "also", "")) == is_coaps(cli_value(cli, "target", ""))) {
        cli_fail(cli, CLI_USAGE, "--also: the target is %s already, so that %s:// is due here",
                 is_coaps(cli_value(cli, "target", "")) ? "coaps" : "coap",
                 is_coaps(cli_value(cli, "target", "")) ? "coap" : "coaps");
        return false;
    }
    if (cli_has(cli, "capture") && cli_has(cli, "fault")) {
        cli_fail(cli, CLI_USAGE,
                 "--capture shows what passed the interface, --fault spoils what comes from there: "
                 "one of the two");
        return false;
    }
    j->options.jobs = (unsigned)jobs;
    j->options.literal = cli_has(cli, "literal");
    return true;
}

/* A name that nobody asks for is a slip of the hand. */
static int check_own_names(const struct job *j)
{
    const char *words[256];
    size_t n = 0;
    for (size_t s = 0; s < j->choice.count; s++)
        for (size_t i = 0; i < j->choice.scenarios[s]->param_count && n < 256; i++)
            words[n++] = j->choice.scenarios[s]->params[i].name;
    for (size_t i = 0; i < j->profile.own_count; i++) {
        const char *name = j->profile.own[i].name;
        size_t w = 0;
        while (w < n && strcmp(words[w], name) != 0)
            w++;
        if (w < n)
            continue;
        const char *near = cs_nearest(name, words, n);
        near = near != NULL ? near : profile_name_in(NULL, name);
        return cli_fail(j->cli, CLI_USAGE,
                        "--param %s: no profile and no chosen scenario has it%s%s%s", name,
                        near != NULL ? ": did you mean " : "", near != NULL ? near : "",
                        near != NULL ? "?" : "");
    }
    return CLI_PASSED;
}

/* ------------------------------------------------------------------ files */

static bool no_directory(const struct job *j, const char *path, int why)
{
    cli_fail(j->cli, CLI_BENCH, "--out: cannot make the folder %s: %s", path, strerror(why));
    return false;
}

static bool make_directories(struct job *j)
{
    char path[sizeof j->out];
    const char *out = cli_value(j->cli, "out", "coapspec-results");
    struct stat st;
    if (strlen(out) >= sizeof j->out)
        return no_directory(j, out, ENAMETOOLONG);
    snprintf(j->out, sizeof j->out, "%s", out);
    for (size_t i = 1; i <= strlen(j->out); i++) {
        if (j->out[i] != '/' && j->out[i] != '\0')
            continue;
        snprintf(path, sizeof path, "%.*s", (int)i, j->out);
        if (mkdir(path, 0777) != 0 && errno != EEXIST)
            return no_directory(j, path, errno);
    }
    if (stat(j->out, &st) != 0 || !S_ISDIR(st.st_mode))
        return no_directory(j, j->out, ENOTDIR);
    if (access(j->out, W_OK) != 0) {
        cli_fail(j->cli, CLI_BENCH, "--out: cannot write into %s: %s", j->out, strerror(errno));
        return false;
    }
    snprintf(j->evidence, sizeof j->evidence, "%s/evidence.pcapng", j->out);
    j->options.evidence = j->evidence;
    return true;
}

static int write_files(struct job *j, int code)
{
    struct cs_error error = {0};
    for (const struct report_format *f = report_formats; f->name != NULL; f++) {
        char path[480];
        if (f->file == NULL)
            continue;
        snprintf(path, sizeof path, "%s/%s", j->out, f->file);
        if (!report_write_file(&j->report, f, path, &error))
            code = cli_fail_error(j->cli, CLI_BENCH, &error);
    }
    if (cli_has(j->cli, "report") &&
        !report_write_files(&j->report, cli_value(j->cli, "report", ""), &error))
        code = cli_fail_error(j->cli, CLI_BENCH, &error);
    return code;
}

static int print(struct job *j, int code)
{
    struct report_style style = cli_style(j->cli);
    bool fine = j->format->write(&j->report, &style, stdout);
    return fine ? code : cli_fail_output(j->cli, code);
}

/* ------------------------------------------------------------------ the run */

/* With --format ndjson: what was found since the last time, then the scenario that has ended, if any; with --capture, that
 * in the end. */
static void tell(struct job *j, const struct report_case *ended)
{
    const struct report *r = &j->report;
    bool any = ended != NULL || j->findings_told < r->finding_count;
    if (!j->format->streams || !any)
        return;
    for (; j->findings_told < r->finding_count; j->findings_told++)
        report_write_finding_line(r, &r->findings[j->findings_told], stdout);
    if (ended != NULL && j->options.capture != NULL)
        j->told_later[ended - r->cases] = true;
    else if (ended != NULL)
        report_write_case_line(r, ended, stdout);
    fflush(stdout);
}

static void tell_rest(struct job *j)
{
    tell(j, NULL);
    for (size_t i = 0; i < j->report.case_count && j->format->streams; i++)
        if (j->told_later[i])
            report_write_case_line(&j->report, &j->report.cases[i], stdout);
}

static void progress(void *user, const struct run *run, const struct report_case *ended)
{
    struct job *j = user;
    tell(j, ended);
    if (ended != NULL)
        cli_detail(j->cli, "%s: %s", ended->id,
                   report_verdict_text(report_case_verdict(run->report, ended)));
    cli_progress(j->cli, "%zu of %zu scenarios, %zu running", run->ended, run->runnable,
                 run->running);
}

static void instruct(void *user, const struct scenario *scenario, const char *server)
{
    struct job *j = user;
    char what[200];
    asks_describe(&scenario->asks, what, sizeof what);
    cli_note(j->cli, "%s: let the device send to %s: %s", scenario->id, server, what);
}

static bool device_ended(void *user, char *how, size_t cap)
{
    struct job *j = user;
    return run_device_ended(&j->device, how, cap);
}

static bool restart(void *user, struct net_target *target, struct net_target *also,
                    struct cs_error *error)
{
    struct job *j = user;
    return run_device_restart(&j->device, target, also, error);
}

static void name_file(struct job *j, const char *file)
{
    char path[480];
    snprintf(path, sizeof path, "%s/%s", j->out, file);
    report_add_evidence(&j->report, path);
}

static int finish(struct job *j, struct run *run, bool fine, const struct cs_error *bench)
{
    struct cs_error error = {0};
    cli_progress_end(j->cli);
    report_add_tallies(&j->report, run->analysis, j->choice.rules, j->choice.rule_count);
    j->report.sources[0].counts = cs_analysis_counts(run->analysis);
    int code = CLI_PASSED;
    if (!run_evidence_close(&run->evidence, &j->report, &error))
        code = cli_fail_error(j->cli, CLI_BENCH, &error);
    name_file(j, "evidence.pcapng");
    for (const struct report_format *f = report_formats; f->name != NULL; f++)
        if (f->file != NULL)
            name_file(j, f->file);
    code = write_files(j, code);
    tell_rest(j);
    code = print(j, code);
    if (!fine)
        return cli_fail_error(j->cli, CLI_BENCH, bench);
    return code != CLI_PASSED ? code : report_summarise(&j->report).exit_code;
}

/* A device that we started may need a while until it answers. */
static int ask_device(struct job *j)
{
    const uint64_t until = net_now() + 10 * NET_SECOND;
    const bool started = j->device.child.pid > 0;
    struct cs_error error = {0};
    char how[128];
    cli_note(j->cli, "No --profile: %s is asked first what it can do.", j->target.uri);
    while (!probe_device(&j->target, &j->profile, cli_has(j->cli, "allow-writes"), NULL, &error)) {
        if (net_interrupted())
            return cli_fail(j->cli, CLI_INTERRUPTED,
                            "interrupted while the device was asked what it can do");
        if (run_device_ended(&j->device, how, sizeof how))
            return cli_fail(j->cli, CLI_BENCH, "%s: the device %s", error.text, how);
        if (!started || net_now() > until)
            return cli_fail_error(j->cli, CLI_BENCH, &error);
    }
    return CLI_PASSED;
}

/* What DTLS takes, for the address that is coaps. A second one that the device printed, and that nobody gave keys for, is left
 * alone. */
static int read_security(struct job *j)
{
    const struct net_security *s = &j->security;
    const bool given = cli_has(j->cli, "also");
    if (given && j->profile.client)
        return cli_fail(j->cli, CLI_USAGE, "--also: not for a device that is a client");
    if (!given && net_target_is_secure(&j->also) && !cli_has_security(j->cli))
        j->also = (struct net_target){.uri = ""};
    const int code =
        cli_security(j->cli, net_target_is_secure(&j->also) ? &j->also : &j->target, &j->security);
    j->security.ca_key = cli_value(j->cli, "ca-key", NULL);
    if (code != CLI_PASSED || !(net_target_is_secure(&j->target) || net_target_is_secure(&j->also)))
        return code;
    if (j->profile.client && s->key_length == 0 && s->cert == NULL &&
        (s->ca == NULL || s->ca_key == NULL))
        return cli_fail(j->cli, CLI_USAGE,
                        "a device that comes over coaps wants to see something of us: "
                        "--psk-identity and --psk-key, --cert, or --ca and --ca-key");
    return CLI_PASSED;
}

/* Where a client comes to: with something to show in DTLS it is coaps. */
static const char *own_uri(const struct cli *cli)
{
    const bool secure = cli_has(cli, "psk-key") || cli_has(cli, "cert") || cli_has(cli, "ca");
    return secure ? "coaps://127.0.0.1:0" : "coap://127.0.0.1:0";
}

static int go(struct job *j)
{
    struct cs_error error = {0};
    const struct run_device_words words = {
        .target = cli_value(j->cli, "target", NULL),
        .also = cli_value(j->cli, "also", NULL),
        .command = cli_value(j->cli, "exec", NULL),
        .listen = cli_value(j->cli, "listen", NULL),
        .own = own_uri(j->cli),
    };
    if (!make_directories(j))
        return CLI_BENCH;
    if (!run_device_find(&j->device, &words, &j->profile, &j->target, &j->also, &error))
        return cli_fail_error(j->cli, CLI_BENCH, &error);
    const int secured = read_security(j);
    if (secured != CLI_PASSED)
        return secured;
    if (cli_has(j->cli, "capture")) {
        j->options.capture = run_capture_open(cli_value(j->cli, "capture", ""), &error);
        if (j->options.capture == NULL)
            return cli_fail_error(j->cli, CLI_BENCH, &error);
    }
    if (j->options.jobs == 0)
        j->options.jobs = j->profile.jobs > 0                   ? j->profile.jobs
                          : net_is_loopback(&j->target.address) ? 64
                                                                : 4;
    if (j->profile.client && !j->device.per_case)
        j->options.jobs = 1; /* one socket for all of them */
    if (!j->profile.client && j->profile.source == PROFILE_EMPTY) {
        int code = ask_device(j);
        if (code != CLI_PASSED)
            return code;
    }
    j->options.no_keys = cli_has(j->cli, "no-keys-in-evidence");
    j->options.rules = j->choice.rules;
    j->options.rule_count = j->choice.rule_count;
    j->options.about = j->cli->line;
    j->options.exec = j->device.per_case ? cli_value(j->cli, "exec", NULL) : NULL;
    j->options.progress = progress;
    j->options.instruct = instruct;
    j->options.user = j;
    j->options.interrupted = net_interrupted;
    j->options.device_ended = device_ended;
    j->options.restart = j->device.command != NULL ? restart : NULL;
    j->report.seed = j->options.seed;
    j->report.has_seed = true;
    j->report.strict = cli_has(j->cli, "strict");
    j->report.started = cli_now();
    j->told_later = calloc(j->choice.count + 1, sizeof *j->told_later);
    if (j->told_later == NULL || report_add_source(&j->report, "run", j->target.uri) == NULL)
        return cli_fail(j->cli, CLI_BENCH, "out of memory");
    if ((j->life = scenario_of_life(&error)) == NULL)
        return cli_fail_error(j->cli, CLI_BENCH, &error);
    j->options.life = j->life;
    struct run *run = run_new(&j->options, &j->target, &j->also, &j->profile, j->choice.scenarios,
                              j->choice.count, &j->report, &error);
    if (run == NULL)
        return cli_fail_error(j->cli, CLI_BENCH, &error);
    bool fine = run_go(run, &error);
    int code = finish(j, run, fine, &error);
    run_free(run);
    return code;
}

static int run(struct cli *cli)
{
    struct job *j = calloc(1, sizeof *j);
    if (j == NULL)
        return cli_fail(cli, CLI_BENCH, "out of memory");
    j->cli = cli;
    j->format = report_format("text");
    profile_init(&j->profile);
    report_init(&j->report, cli->line);
    j->code = CLI_USAGE;
    int code = read_options(j) ? CLI_PASSED : j->code;
    if (code == CLI_PASSED) {
        code = run_choose(cli, &j->choice);
        if (code == CLI_PASSED)
            code = check_own_names(j);
        if (code == CLI_PASSED)
            code = go(j);
    }
    run_device_stop(&j->device);
    run_capture_free(j->options.capture);
    free(j->told_later);
    report_fini(&j->report);
    profile_fini(&j->profile);
    run_choice_free(&j->choice);
    scenario_free(j->life);
    free(j);
    return code;
}

static const struct cli_option options[] = {
    {"target", 't', "URI", "the device under test: coap:// or coaps://HOST[:PORT]"},
    {"also", 0, "URI",
     "the same device under the other scheme: coaps:// beside a target that is coap://, or the "
     "other way "
     "round; for scenarios that need both. What --exec starts may print both"},
    {"exec", 0, "COMMAND",
     "starts the device under test and ends it afterwards; {port} is a free port for it to listen "
     "on, {server} our URI, for a device that is a client"},
    {"listen", 0, "URI", "the device under test is a client and comes to this address of ours"},
    {"profile", 'p', "FILE", "what the device claims (coapspec probe writes one)"},
    {"param", 0, "NAME=VALUE", "set a value of the profile, or one of the params of a scenario"},
    {"only", 0, "LIST",
     "scenarios, rules, requirements, published tests: ids and globs, separated by commas"},
    {"exclude", 0, "LIST", "leave these out"},
    {"jobs", 'j', "N", "number of scenarios that run in parallel"},
    {"seed", 0, "N", "seed of Message IDs, tokens and random values; a run prints its seed"},
    {"timeout", 0, "TIME", "limit on the whole run (1h)"},
    {"case-timeout", 0, "TIME", "limit on each scenario (120s)"},
    {"strict", 0, NULL, "a broken SHOULD fails, too"},
    {"literal", 0, NULL, "judge published tests by their own text where it differs from the RFC"},
    {"allow-writes", 0, NULL,
     "without a profile: resources of any name may be written to find out what they do"},
    {"out", 'o', "DIR", "where results.json, junit.xml and evidence.pcapng go (coapspec-results)"},
    {"capture", 0, "IF",
     "judge the traffic on this interface instead of that of our sockets, and keep it as "
     "evidence.pcapng (needs root or CAP_NET_RAW)"},
    CLI_SECURITY_OPTIONS,
    {"ca-key", 0, "FILE",
     "the private key of --ca, PEM: to issue certificates, also some that the device must refuse"},
    {"no-keys-in-evidence", 0, NULL,
     "omit the secrets of the DTLS sessions from evidence.pcapng: its messages cannot be "
     "decrypted"},
    {"report", 0, "LIST", "further files: json=FILE,junit=FILE,text=FILE"},
    {"format", 0, "FORMAT", "on standard output: text (default), json or ndjson"},
    {"fault", 0, "NAME",
     "for testing the tester: change the messages of the device on their way to us"},
    {0},
};

static const char *const examples[] = {
    "run smoke --target coap://192.0.2.7",
    "the shortest suite against a device",
    "run core --target coap://192.0.2.7 --profile device.yaml --report junit=junit.xml",
    "in CI: exit 0 passed, 1 the device fails, 3 the bench failed",
    "run --exec './zephyr.exe --port {port}' --only 'RFC7252-4.2-*,TD_COAP_CORE_31'",
    "starts the firmware and runs what covers these",
    "run core --target coaps://192.0.2.7 --psk-identity lamp --psk-key env:LAMP_KEY",
    "over DTLS, with the key in the environment",
    "run proxy --target coap://192.0.2.7 --also coaps://192.0.2.7 --psk-identity lamp --psk-key "
    "env:LAMP_KEY "
    "--profile proxy.yaml",
    "a proxy that is reached in the clear and over DTLS",
    "run client --exec 'coap-client -m {method} {payload:-e %} {uri}'",
    "the device is a client: each scenario starts it with our address and says what to send "
    "(docs/testing-a-device.md)",
    "run my/scenario.yaml --target coap://[::1]:5683 --seed 42 -v",
    "your own scenario, with the same octets as in the run with that seed",
    NULL,
};

const struct cli_command cli_run = {
    .name = "run",
    .order = 10,
    .summary = "scripted scenarios against a device",
    .usage = "[SUITE|SCENARIO|FILE…] --target URI | --exec COMMAND | --listen URI [OPTION…]",
    .about = "Without a name: the suite core, or client for a device that is a client. Every rule "
             "watches every scenario. Leaves "
             "results.json, junit.xml and "
             "evidence.pcapng, which `coapspec check` judges the same way and Wireshark opens.",
    .options = options,
    .examples = examples,
    .run = run,
};
