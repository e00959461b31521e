/* The run: which case goes when, whether the device lives, what is said of it all. */
#include "src/run/run.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

/* ------------------------------------------------------------------ the stream */

/* Messages in DTLS are judged out of their records; a fault spoils them behind that. */
static bool opens_records(const struct run *run)
{
    return run->options.fault_count == 0 || run->options.capture != NULL;
}

uint64_t run_stream(struct run *run, const struct cs_datagram *datagram)
{
    if (datagram->protection == CS_DTLS && opens_records(run))
        return run->wire_packet;
    if (run->options.capture != NULL)
        return run_capture_expect(run->options.capture, datagram);
    struct cs_datagram numbered = *datagram;
    if (datagram->protection == CS_DTLS) /* what is in the evidence is its record */
        numbered.packet = run->wire_packet;
    else
        numbered.packet = run_evidence_add(&run->evidence, datagram);
    cs_analysis_datagram(run->analysis, &numbered);
    return numbered.packet;
}

void run_wire(struct run *run, const struct cs_datagram *datagram)
{
    struct cs_datagram numbered = *datagram;
    if (run->options.capture != NULL) {
        run->wire_packet = run_capture_expect(run->options.capture, datagram);
        return;
    }
    numbered.packet = run->wire_packet = run_evidence_add(&run->evidence, datagram);
    cs_analysis_records(run->analysis, &numbered);
}

void run_secret(struct run *run, const char *line)
{
    struct cs_error error;
    if (!opens_records(run))
        return; /* they would show what the device said, and not what was judged */
    cs_secrets_line(run->secrets, (struct cs_slice){(const uint8_t *)line, strlen(line)}, &error);
    if (!run->options.no_keys)
        run_evidence_secret(&run->evidence, line);
}

bool run_is_device(const struct run *run, const struct cs_address *address)
{
    return cs_address_equal(address, &run->target.address) ||
           (run->also.uri[0] != '\0' && cs_address_equal(address, &run->also.address));
}

size_t run_case_of(const struct run *run, const struct cs_address *a, const struct cs_address *b)
{
    const struct cs_address *ends[] = {a, b};
    for (size_t i = 0; i < 2; i++) {
        const struct cs_address *other = ends[1 - i];
        bool device = run_is_device(run, other);
        uint32_t place = run->port_case[ends[i]->port];
        if (place != 0 && (device || run->profile->client || run->port_case[other->port] == 0))
            return place - 1;
    }
    return REPORT_NO_CASE;
}

static void on_finding(void *user, const struct cs_finding *finding)
{
    struct run *run = user;
    report_add_finding(run->report, finding, run_case_of(run, &finding->offender, &finding->other));
}

static void on_event(void *user, const struct cs_view *view)
{
    struct run *run = user;
    report_add_event(run->report, view);
}

/* ------------------------------------------------------------------ which case goes when */

/* May it run beside those that run now? Two cases do not touch a resource that one of them changes. */
static bool may_start(const struct run *run, const struct run_case *n)
{
    if (run->running >= run->options.jobs || (n->scenario->alone && run->running > 0))
        return false;
    for (size_t i = 0; i < run->case_count; i++) {
        const struct run_case *c = run->cases[i];
        if (c == NULL || c->began_ns == 0 || c->stage == RUN_OVER)
            continue;
        if (c->scenario->alone || (n->writes & (c->reads | c->writes)) != 0 ||
            (c->writes & n->reads) != 0)
            return false;
    }
    return true;
}

static bool started(const struct run_case *c) { return c->began_ns != 0; }

static void start_what_may(struct run *run)
{
    for (size_t i = 0; i < run->case_count && run->alive == RUN_ALIVE && !run->life_due; i++) {
        struct run_case *c = run->cases[i];
        if (c == NULL || started(c) || !may_start(run, c))
            continue;
        run->started++;
        run->running++;
        run_case_start(c);
    }
}

/* Looks after the device where there is a reason to. */
static bool worth_asking(const struct run_case *c)
{
    return c->scenario->hostile ||
           (c->verdict != REPORT_PASS && c->verdict != REPORT_NOT_APPLICABLE);
}

static void ask(struct run *run)
{
    if (run->life != NULL) {
        run_case_free(run->life);
        for (size_t i = 0; i < run->life->endpoint_count; i++)
            net_socket_close(&run->life->endpoints[i].socket);
        free(run->life);
    }
    run->life_due = false;
    run->life = run_case_new(run, run->options.life, REPORT_NO_CASE);
    if (run->life == NULL)
        return;
    run->life->random = net_random_for(run->options.seed, "life");
    run->life->next_mid = (uint16_t)(run->life->next_mid + run->asked++);
    run->alive = RUN_LIFE_ASKED;
    run_case_start(run->life);
}

static void close_sockets(struct run_case *c)
{
    for (size_t i = 0; i < c->endpoint_count; i++) {
        net_socket_close(&c->endpoints[i].socket);
        c->endpoints[i].open = false;
    }
}

void run_case_over(struct run_case *c)
{
    struct run *run = c->run;
    if (c->counted)
        return;
    c->counted = true;
    c->ended_ns = net_now();
    net_timer_stop(run->loop, &c->limit);
    if (c == run->life) {
        run->alive = c->heard ? RUN_ALIVE : RUN_DEAD; /* whatever it says, it lives */
        if (run->alive == RUN_DEAD)
            snprintf(run->death, sizeof run->death, "%.200s", c->reason);
        return;
    }
    run_client_stop(c);
    if (run->profile->client && run->options.exec == NULL)
        close_sockets(c); /* the next case listens there */
    run->running--;
    run->ended++;
    run->last_end_ns = c->ended_ns;
    run->life_due = !run->profile->client && (run->life_due || worth_asking(c));
    struct report_case *out = &run->report->cases[c->report_index];
    run_case_report(c, out);
    if (run->options.progress != NULL)
        run->options.progress(run->options.user, run, out);
}

/* ------------------------------------------------------------------ the death of a device */

static void declare_dead(struct run *run)
{
    size_t suspects = 0;
    for (size_t i = 0; i < run->case_count; i++) {
        struct run_case *c = run->cases[i];
        if (c != NULL && started(c) && c->scenario->hostile && !c->cleared)
            suspects++;
    }
    for (size_t i = 0; i < run->case_count; i++) {
        struct run_case *c = run->cases[i];
        if (c == NULL || !started(c) || c->cleared)
            continue;
        bool passed = c->verdict == REPORT_PASS;
        run_case_stop(c, REPORT_ERROR, "the device no longer answered");
        if (c->scenario->hostile && suspects == 1) {
            c->verdict = REPORT_FAIL;
            snprintf(c->reason, sizeof c->reason, "the device no longer answers after this");
        } else if (c->scenario->hostile) {
            c->verdict = REPORT_ERROR;
            snprintf(c->reason, sizeof c->reason,
                     "the device no longer answers after this or %zu others", suspects - 1);
        } else if (!passed) {
            c->verdict = REPORT_ERROR;
            snprintf(c->reason, sizeof c->reason, "the device no longer answered");
        }
        run_case_over(c);
        run_case_report(c, &run->report->cases[c->report_index]);
    }
    snprintf(run->bench.text, sizeof run->bench.text, "%.100s does not answer%s%s%.160s",
             run->target.uri, run->ended > 0 ? " any more" : "", run->death[0] != '\0' ? ": " : "",
             run->death);
    run->over = true;
}

/* Whoever ended before the device was last seen alive did not kill it. */
static void clear_suspects(struct run *run)
{
    for (size_t i = 0; run->life != NULL && i < run->case_count; i++) {
        struct run_case *c = run->cases[i];
        if (c != NULL && c->counted && c->ended_ns <= run->life->began_ns)
            c->cleared = true;
    }
}

/* ------------------------------------------------------------------ the loop */

static void reclaim(struct run *run)
{
    for (size_t i = 0; i < run->case_count; i++)
        if (run->cases[i] != NULL && run->cases[i]->counted && !run->cases[i]->freed) {
            run_case_free(run->cases[i]);
            run->cases[i]->freed = true;
        }
}

/* A device that is a client cannot be asked. */
static bool asks(const struct run *run) { return !run->profile->client; }

static void decide(struct run *run)
{
    if (run->alive == RUN_DEAD) {
        declare_dead(run);
        return;
    }
    if (run->alive == RUN_LIFE_ASKED)
        return;
    if (run->alive == RUN_ALIVE)
        clear_suspects(run);
    bool seen_last = !asks(run) || (run->life != NULL && run->life->began_ns >= run->last_end_ns);
    if (run->alive == RUN_ALIVE && run->ended == run->runnable && seen_last) {
        run->over = true;
        return;
    }
    if (run->alive == RUN_LIFE_UNKNOWN || run->life_due || run->ended == run->runnable)
        ask(run);
    else
        start_what_may(run);
}

static void stop_all(struct run *run, const char *reason)
{
    for (size_t i = 0; i < run->case_count; i++) {
        struct run_case *c = run->cases[i];
        if (c == NULL || c->counted)
            continue;
        if (started(c)) {
            run_case_stop(c, REPORT_NOT_EXERCISED, reason);
            run_case_over(c);
        } else {
            run->report->cases[c->report_index].reason = strdup(reason);
        }
    }
    run->over = true;
}

bool run_go(struct run *run, struct cs_error *error)
{
    uint64_t end = net_now() + run->options.run_limit_ns;
    while (!run->over) {
        decide(run);
        if (run->over)
            break;
        net_loop_turn(run->loop, net_now() + 100 * NET_MS);
        reclaim(run);
        if (run->options.progress != NULL)
            run->options.progress(run->options.user, run, NULL);
        if (run->options.device_ended != NULL && run->alive != RUN_DEAD &&
            run->options.device_ended(run->options.user, run->death, sizeof run->death))
            run->alive = RUN_DEAD;
        if (run->options.interrupted != NULL && run->options.interrupted()) {
            run->report->interrupted = true;
            stop_all(run, "interrupted");
        } else if (run->bench.text[0] != '\0' && !run->over) {
            stop_all(run, run->bench.text); /* the interface has gone */
        } else if (net_now() > end) {
            stop_all(run, "the run was not over within its limit of time");
            snprintf(run->bench.text, sizeof run->bench.text,
                     "the run was not over within its limit of time");
        }
    }
    for (size_t i = 0; i < run->case_count; i++) {
        struct run_case *c = run->cases[i];
        if (c != NULL && !started(c) && run->report->cases[c->report_index].reason == NULL)
            run->report->cases[c->report_index].reason =
                strdup("not run: the device does not answer");
    }
    struct cs_error unseen;
    if (run->options.capture != NULL &&
        !run_capture_end(run->options.capture, run->report, &unseen) && run->bench.text[0] == '\0')
        run->bench = unseen;
    cs_analysis_end(run->analysis);
    *error = run->bench;
    return run->bench.text[0] == '\0';
}

/* ------------------------------------------------------------------ beginning and end */

static bool make_cases(struct run *run, struct scenario *const *scenarios, size_t count)
{
    run->cases = calloc(count + 1, sizeof(struct run_case *));
    if (run->cases == NULL)
        return false;
    for (size_t i = 0; i < count; i++) {
        char why[256];
        size_t index = run->report->case_count;
        struct report_case *r = report_add_case(run->report, scenarios[i]->id);
        if (r == NULL)
            return false;
        run_case_describe(scenarios[i], r);
        run->case_count++;
        if (run_not_applicable(run, scenarios[i], why, sizeof why)) {
            r->verdict = REPORT_NOT_APPLICABLE;
            r->reason = strdup(why);
            continue;
        }
        run->cases[i] = run_case_new(run, scenarios[i], index);
        if (run->cases[i] == NULL)
            return false;
        run->runnable++;
    }
    return true;
}

static bool make_analysis(struct run *run)
{
    enum { SECRETS_OCTETS = 8 << 20 };
    run->secrets = cs_secrets_new(SECRETS_OCTETS);
    struct cs_settings settings = {.whole = true,
                                   .all_coap = true,
                                   .no_heuristic = true,
                                   .parameters = profile_parameters(run->profile),
                                   .secrets = opens_records(run) ? run->secrets : NULL,
                                   .rules = run->options.rules,
                                   .rule_count = run->options.rule_count,
                                   .user = run,
                                   .on_finding = on_finding,
                                   .on_event = on_event};
    run->analysis = cs_analysis_new(&settings);
    return run->analysis != NULL && run->secrets != NULL;
}

/* Each case keeps its socket until the run ends, so that what comes late is still heard. */
static void raise_limit_of_files(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max < 16384 ? limit.rlim_max : 16384;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

static void deliver_filtered(void *endpoint, const struct cs_address *src, struct cs_slice octets,
                             uint64_t at_ns)
{
    run_deliver(endpoint, src, octets, at_ns);
}

static bool set_up(struct run *run, struct scenario *const *scenarios, size_t count,
                   struct cs_error *error)
{
    raise_limit_of_files();
    net_clock_init(&run->clock);
    run->loop = net_loop_new();
    if (run->loop == NULL || !make_analysis(run) || !make_cases(run, scenarios, count)) {
        if (error->text[0] == '\0')
            snprintf(error->text, sizeof error->text, "out of memory");
        return false;
    }
    if (run->options.fault_count > 0)
        run->filter = net_fault_filter_new(run->loop, run->options.faults, run->options.fault_count,
                                           deliver_filtered);
    return run_evidence_open(&run->evidence, run->options.evidence, run->options.about, error) &&
           (run->options.capture == NULL || run_capture_start(run->options.capture, run, error));
}

struct run *run_new(const struct run_options *options, const struct net_target *target,
                    const struct net_target *also, const struct profile *profile,
                    struct scenario *const *scenarios, size_t count, struct report *report,
                    struct cs_error *error)
{
    struct run *run = calloc(1, sizeof *run);
    *error = (struct cs_error){0};
    if (run == NULL) {
        snprintf(error->text, sizeof error->text, "out of memory");
        return NULL;
    }
    run->options = *options;
    run->target = *target;
    if (also != NULL)
        run->also = *also;
    run->profile = profile;
    run->report = report;
    run->local = net_is_loopback(&target->address);
    run->alive = profile->client ? RUN_ALIVE : RUN_LIFE_UNKNOWN;
    if (set_up(run, scenarios, count, error))
        return run;
    run_free(run);
    return NULL;
}

void run_free(struct run *run)
{
    if (run == NULL)
        return;
    for (size_t i = 0; run->cases != NULL && i <= run->case_count; i++) {
        struct run_case *c = i < run->case_count ? run->cases[i] : run->life;
        if (c == NULL)
            continue;
        run_case_free(c);
        run_client_free(c);
        for (size_t e = 0; e < c->endpoint_count; e++)
            net_socket_close(&c->endpoints[e].socket);
        free(c);
    }
    free(run->cases);
    if (run->options.capture != NULL)
        run_capture_stop(run->options.capture);
    net_fault_filter_free(run->filter);
    cs_analysis_free(run->analysis);
    cs_secrets_free(run->secrets);
    net_loop_free(run->loop);
    free(run);
}
