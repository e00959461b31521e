/* tests/unit/play.h: plays a scenario against a device that is a socket in this process, served by the run's own event loop. */
#ifndef TESTS_UNIT_PLAY_H
#define TESTS_UNIT_PLAY_H

#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "notation/notation.h"
#include "src/net/address.h"
#include "src/run/run.h"
#include "src/scenario/scenario.h"
#include "tests/unit/support.h"

/* ------------------------------------------------------------------ the device */

/* What it does depends on the path: /a answers "a", /count how often it was asked, /silent never, /slow after 40 ms in a NON
 * of its own, /separate after an Empty ACK, /bare without options and payload. */
static struct device {
    struct run *run;
    struct net_socket socket;
    struct net_timer timer; /* the answer of /slow */
    struct cs_address asker;
    uint8_t late[32];
    size_t late_length;
    unsigned counter;
    char seen[200];     /* the paths that were asked for, in order */
    uint16_t ports[16]; /* from where */
    size_t seen_count;
    bool client;         /* it asks instead: */
    const char *request; /* this line */
    char heard[200];     /* and gets this */
} device;

static inline void speak(const struct cs_address *to, const char *text, struct cs_slice token,
                         uint16_t mid)
{
    static struct cs_line line;
    static uint8_t octets[2048];
    struct cs_error error = {0};
    if (!cs_line_parse(text, false, &line, &error))
        fail_msg("%s: %s", text, error.text);
    size_t n = cs_line_encode(CS_UDP, &line, token, mid, octets, sizeof octets, &error);
    assert_true(n > 0);
    assert_true(net_socket_send(&device.socket, to, (struct cs_slice){octets, n}));
}

static inline void be_late(void *user, uint64_t late_ns)
{
    (void)user;
    (void)late_ns;
    net_socket_send(&device.socket, &device.asker,
                    (struct cs_slice){device.late, device.late_length});
}

static inline void answer(const struct cs_message *m, const struct cs_address *src,
                          const char *path)
{
    static struct cs_line line;
    struct cs_error error = {0};
    char text[100];
    const char *type = m->type == CS_NON ? "NON" : "ACK";
    if (strcmp(path, "silent") == 0)
        return;
    if (strcmp(path, "slow") == 0) {
        snprintf(text, sizeof text, "NON 2.05 | slow");
        assert_true(cs_line_parse(text, false, &line, &error));
        device.late_length = cs_line_encode(CS_UDP, &line, m->token, (uint16_t)(m->mid ^ 0x8000u),
                                            device.late, sizeof device.late, &error);
        device.asker = *src;
        device.timer.fire = be_late;
        net_timer_set(device.run->loop, &device.timer, net_now() + 40 * NET_MS);
    } else if (strcmp(path, "separate") == 0) {
        speak(src, "ACK EMPTY", (struct cs_slice){0}, m->mid);
        speak(src, "CON 2.05 | separate", m->token, (uint16_t)(m->mid ^ 0x8000u));
    } else {
        char what[40];
        snprintf(what, sizeof what, "| %.30s", path);
        if (strcmp(path, "count") == 0)
            snprintf(what, sizeof what, "| %u", ++device.counter);
        snprintf(text, sizeof text, "%s 2.05 %s", type, strcmp(path, "bare") == 0 ? "" : what);
        speak(src, text, m->token, m->mid);
    }
}

static inline void on_datagram(void *user, const struct net_received *received)
{
    (void)user;
    struct cs_message m;
    struct cs_option_walk walk;
    struct cs_option option;
    char path[40] = "";
    cs_message_decode(CS_UDP, received->octets, 0, &m);
    if (device.client && m.code != 0) {
        struct cs_text text;
        cs_text_init(&text, device.heard, sizeof device.heard);
        cs_message_format(&m, true, &text);
        return;
    }
    if (!cs_code_is_request(m.code))
        return;
    cs_option_walk_init(&walk, &m);
    while (cs_option_next(&walk, &option))
        if (option.number == CS_OPT_URI_PATH && path[0] == '\0')
            snprintf(path, sizeof path, "%.*s", (int)option.value.len,
                     (const char *)option.value.at);
    if (strcmp(path, ".well-known") != 0) { /* whether it lives */
        size_t n = strlen(device.seen);
        snprintf(device.seen + n, sizeof device.seen - n, "%s%s", n > 0 ? " " : "", path);
        if (device.seen_count < 16)
            device.ports[device.seen_count++] = received->src.port;
    }
    answer(&m, &received->src, path);
}

/* ------------------------------------------------------------------ one scenario, one run */

static struct outcome {
    enum report_verdict verdict;
    char reason[512];
    unsigned line, column;
} outcome;

static inline void instruct(void *user, const struct scenario *scenario, const char *server)
{
    (void)user;
    (void)scenario;
    struct net_target target;
    struct cs_error error = {0};
    assert_true(net_target_parse(server, &target, &error));
    if (device.request != NULL)
        speak(&target.address, device.request, (struct cs_slice){(const uint8_t *)"\x0a", 1}, 77);
}

static inline void device_open(struct run *run, const struct cs_address *at)
{
    struct cs_error error = {0};
    device.run = run;
    device.socket = (struct net_socket){.receive = on_datagram};
    if (!net_socket_open(&device.socket, run->loop, at, at, &error))
        fail_msg("%s", error.text);
}

/* A free port for the device. */
static inline struct cs_address free_address(void)
{
    struct cs_address a = {.ip = {127, 0, 0, 1}, .family = 4};
    struct sockaddr_storage storage;
    socklen_t length = net_to_sockaddr(&a, 0, &storage);
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&storage, length), 0);
    length = sizeof storage;
    assert_int_equal(getsockname(fd, (struct sockaddr *)&storage, &length), 0);
    net_from_sockaddr(&storage, &a);
    close(fd);
    return a;
}

static inline void perform(struct scenario *s, struct profile *profile)
{
    struct run_options options = {.seed = 1,
                                  .jobs = 1,
                                  .case_limit_ns = 20 * NET_SECOND,
                                  .run_limit_ns = 60 * NET_SECOND,
                                  .instruct = instruct};
    struct net_target target = {.uri = "coap://127.0.0.1", .address = free_address()};
    struct report report;
    struct cs_error error = {0};
    report_init(&report, "test");
    assert_non_null(report_add_source(&report, "run", target.uri));
    options.rules = cs_rules(&options.rule_count);
    if (profile->client)
        target.address.port = 0;
    struct scenario *life = scenario_of_life(&error);
    assert_non_null(life);
    options.life = life;
    struct run *run = run_new(&options, &target, NULL, profile, &s, 1, &report, &error);
    if (run == NULL)
        fail_msg("%s", error.text);
    struct cs_address any = {.ip = {127, 0, 0, 1}, .family = 4};
    device_open(run, profile->client ? &any : &target.address);
    if (!run_go(run, &error))
        fail_msg("%s", error.text);
    net_loop_turn(run->loop, 0); /* the device hears what was said last */
    const struct report_case *c = &report.cases[0];
    outcome = (struct outcome){.verdict = c->verdict, .line = c->line, .column = c->column};
    snprintf(outcome.reason, sizeof outcome.reason, "%s", c->reason != NULL ? c->reason : "");
    net_timer_stop(run->loop, &device.timer);
    net_socket_close(&device.socket);
    run_free(run);
    scenario_free(life);
    report_fini(&report);
}

static inline void set(struct profile *profile, const char *assignment)
{
    struct cs_error error = {0};
    if (!profile_set(profile, assignment, &error))
        fail_msg("%s: %s", assignment, error.text);
}

/* `rest`: the scenario from its fourth line on. A client asks `request`. */
static inline void play(const char *rest, const char *request)
{
    static char text[4000];
    struct cs_error error = {0};
    struct profile profile;
    const bool client = request != NULL;
    snprintf(text, sizeof text, "name: a\ncovers: []\nrole: %s\n%s", client ? "client" : "server",
             rest);
    struct scenario *s = scenario_parse("a.yaml", "a", text, strlen(text), &error);
    if (s == NULL)
        fail_msg("%u:%u: %s\nin:\n%s", error.line, error.column, error.text, rest);
    memset(&device, 0, sizeof device);
    device.client = client;
    device.request = request != NULL && request[0] != '\0' ? request : NULL;
    profile_init(&profile);
    profile.client = client;
    set(&profile, "observe=yes");
    set(&profile, "etag=no");
    set(&profile, "test=/a");
    set(&profile, "ack_timeout=0.05");
    perform(s, &profile);
    profile_fini(&profile);
    scenario_free(s);
}

struct row {
    const char *steps;
    enum report_verdict verdict;
    const char *reason; /* holds this */
    const char *seen;   /* what the device was asked; NULL: whatever */
};

#define SEND(path) "  - send: CON GET /" path "\n    retransmit: no\n"
#define NON(path)  "  - send: NON GET /" path "\n"
#define TOLD(what) "  - expect: 2.05 | " what "\n"
#define NOTHING    "    within: 60ms\n"

static inline void assert_rows(const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        play(rows[i].steps, NULL);
        if (outcome.verdict != rows[i].verdict || strstr(outcome.reason, rows[i].reason) == NULL)
            fail_msg("expected %s: %s\ngot %s: %s\nof:\n%s", report_verdict_text(rows[i].verdict),
                     rows[i].reason, report_verdict_text(outcome.verdict), outcome.reason,
                     rows[i].steps);
        if (rows[i].seen != NULL && strcmp(rows[i].seen, device.seen) != 0)
            fail_msg("expected the device to be asked \"%s\", not \"%s\"\nof:\n%s", rows[i].seen,
                     device.seen, rows[i].steps);
    }
}

#define ASSERT_ROWS(rows) assert_rows(rows, sizeof(rows) / sizeof(rows)[0])

#endif
