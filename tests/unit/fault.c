/* tests/unit/fault.c: what each fault does to a message, and which messages it leaves alone. */
#include "src/faults/fault.h"

#include <stdio.h>

#include "notation/notation.h"
#include "coapspec/rule.h"
#include "tests/unit/support.h"

enum { OUT_MAX = 4, MESSAGES_MAX = 3 };

#define ASKED      "CON GET /a tok=0a0b mid=1"
#define PIGGY      "ACK 2.05 tok=0a0b mid=1 | hi"
#define SEPARATE   "CON 2.05 tok=0a0b mid=9 | hi"
#define NON_ANSWER "NON 2.05 tok=0a0b mid=9 | hi"
#define ACKED      "ACK EMPTY mid=1"

/* What comes out, and how long after what went in. */
struct out {
    const char *line;
    unsigned after_ms;
};

static const struct row {
    const char *fault, *ours, *theirs;
    unsigned before; /* how often the device had said its message before */
    struct out out[OUT_MAX];
    const char *spared[MESSAGES_MAX]; /* messages of the device that stay as they are */
} rows[] = {
    /* the format */
    {"version-0", ASKED, PIGGY, .out = {{"raw: 22 45 00 01 0a 0b ff 68 69", 0}}},
    {"token-length-9", ASKED, PIGGY,
     .out = {{"raw: 69 45 00 01 01 02 03 04 05 06 07 08 09 ff 68 69", 0}},
     .spared = {ACKED, "RST mid=1"}},
    {"token-length-15", ASKED, PIGGY, .out = {{"raw: 6f 45 00 01 0a 0b ff 68 69", 0}},
     .spared = {ACKED, "RST mid=1"}},
    {"marker-alone", ASKED, PIGGY, .out = {{"raw: 62 45 00 01 0a 0b ff", 0}}, .spared = {ACKED}},
    {"marker-alone", ASKED, "ACK 2.04 tok=0a0b mid=1", .out = {{"raw: 62 44 00 01 0a 0b ff", 0}}},
    {"header-cut", ASKED, PIGGY, .out = {{"raw: 62 45 00", 0}}, .spared = {ACKED}},
    {"token-cut", ASKED, PIGGY, .out = {{"raw: 62 45 00 01 0a", 0}},
     .spared = {ACKED, "ACK 2.05 tok=0a mid=1 | hi"}},
    {"option-cut", ASKED, PIGGY, .out = {{"raw: 62 45 00 01 0a 0b dd f0 10", 0}},
     .spared = {ACKED}},
    {"option-delta-15", ASKED, PIGGY, .out = {{"raw: 62 45 00 01 0a 0b f1 ff 68 69", 0}},
     .spared = {ACKED}},
    {"option-length-15", ASKED, PIGGY, .out = {{"raw: 62 45 00 01 0a 0b 1f ff 68 69", 0}},
     .spared = {ACKED}},
    {"option-number-large", ASKED, PIGGY, .out = {{"raw: 62 45 00 01 0a 0b e0 ff ff ff 68 69", 0}},
     .spared = {ACKED}},
    {"padded-uint", ASKED, PIGGY, .out = {{"raw: 62 45 00 01 0a 0b d2 01 00 1e ff 68 69", 0}},
     .spared = {ACKED, "ACK 2.04 tok=0a0b mid=1", "ACK 2.05 size2=9 tok=0a0b mid=1 | hi"}},
    {"padded-uint", ASKED, "ACK 2.05 cf=0 tok=0a0b mid=1 | hi",
     .out = {{"raw: 62 45 00 01 0a 0b c0 22 00 1e ff 68 69", 0}}},
    {"padded-uint", ASKED, "ACK 2.05 etag=07 tok=0a0b mid=1 | hi",
     .out = {{"raw: 62 45 00 01 0a 0b 41 07 a2 00 1e ff 68 69", 0}}},
    {"reserved-class-6", ASKED, PIGGY, .out = {{"raw: 62 c5 00 01 0a 0b ff 68 69", 0}},
     .spared = {ACKED}},
    {"reserved-class-1", ASKED, PIGGY, .out = {{"raw: 62 21 00 01 0a 0b ff 68 69", 0}},
     .spared = {ACKED}},
    {"empty-with-payload", ASKED, ACKED, .out = {{"raw: 60 00 00 01 ff 61", 0}},
     .spared = {PIGGY, "RST mid=1"}},
    {"empty-with-token", ASKED, ACKED, .out = {{"raw: 61 00 00 01 01", 0}},
     .spared = {PIGGY, "RST mid=1"}},
    {"reset-with-payload", ASKED, "RST mid=1", .out = {{"raw: 70 00 00 01 ff 61", 0}},
     .spared = {PIGGY, ACKED}},
    {"reset-with-code", ASKED, "RST mid=1", .out = {{"raw: 70 80 00 01", 0}},
     .spared = {PIGGY, ACKED}},

    /* the exchange of messages */
    {"ping-acknowledged", "CON EMPTY mid=1", "RST mid=1", .out = {{ACKED, 0}}, .spared = {PIGGY}},
    {"resets-lost", ASKED, "RST mid=1", .spared = {PIGGY, ACKED}},
    {"reset-mid", ASKED, "RST mid=1", .out = {{"RST mid=0x5aa4", 0}}, .spared = {PIGGY, ACKED}},
    {"ack-mid", ASKED, PIGGY, .out = {{"ACK 2.05 tok=0a0b mid=0x5aa4 | hi", 0}},
     .spared = {SEPARATE, "RST mid=1"}},
    {"ack-carries-request", ASKED, PIGGY, .out = {{"ACK GET tok=0a0b mid=1 | hi", 0}},
     .spared = {ACKED, SEPARATE}},
    {"ack-becomes-non", ASKED, PIGGY, .out = {{"NON 2.05 tok=0a0b mid=1 | hi", 0}},
     .spared = {ACKED, SEPARATE}},
    {"ack-becomes-con", ASKED, PIGGY, .out = {{"CON 2.05 tok=0a0b mid=1 | hi", 0}},
     .spared = {ACKED, NON_ANSWER}},
    {"ack-becomes-con", ASKED, PIGGY, .before = 1, .out = {{PIGGY, 0}}},
    {"ack-becomes-reset", ASKED, PIGGY, .out = {{"RST mid=1", 0}}, .spared = {ACKED, SEPARATE}},
    {"response-missing", ASKED, PIGGY, .out = {{ACKED, 0}}, .spared = {SEPARATE}},
    {"non-acknowledged", "NON GET /a tok=0a0b mid=1", NON_ANSWER, .out = {{PIGGY, 0}},
     .spared = {"NON 2.05 tok=0c mid=9 | hi"}},
    {"non-acknowledged", ASKED, NON_ANSWER, .out = {{NON_ANSWER, 0}}},
    {"non-gets-empty-ack", "NON GET /a tok=0a0b mid=1", NON_ANSWER,
     .out = {{NON_ANSWER, 0}, {ACKED, 0}}},
    {"non-gets-empty-ack", "NON GET /a tok=0a0b mid=1", NON_ANSWER, .before = 1,
     .out = {{NON_ANSWER, 0}}},
    {"non-gets-empty-ack", ASKED, NON_ANSWER, .out = {{NON_ANSWER, 0}}},
    {"empty-non", ASKED, PIGGY, .out = {{PIGGY, 0}, {"NON EMPTY mid=0x5aa4", 0}},
     .spared = {ACKED, "ACK 4.04 tok=0a0b mid=1"}},
    {"separate-mid-of-request", ASKED, SEPARATE, .out = {{"CON 2.05 tok=0a0b mid=1 | hi", 0}},
     .spared = {PIGGY, "CON 2.05 tok=0c mid=9 | hi"}},
    {"separate-lost", ASKED, SEPARATE, .spared = {PIGGY, ACKED}},
    {"separate-lost", ASKED, NON_ANSWER, .before = 1},
    {"empty-ack-lost", ASKED, ACKED, .spared = {PIGGY, "RST mid=1"}},
    {"repeats-after-ack", ASKED, SEPARATE, .out = {{SEPARATE, 0}, {SEPARATE, 2500}},
     .spared = {PIGGY, NON_ANSWER}},
    {"repeats-after-ack", ASKED, SEPARATE, .before = 1, .out = {{SEPARATE, 0}}},
    {"repeats-too-soon", ASKED, SEPARATE, .out = {{SEPARATE, 0}, {SEPARATE, 600}},
     .spared = {PIGGY, NON_ANSWER}},
    {"repeats-too-soon", ASKED, SEPARATE, .before = 1, .out = {{SEPARATE, 0}}},
    {"repeats-changed", ASKED, SEPARATE,
     .out = {{SEPARATE, 0}, {"CON 2.05 tok=0a0b mid=9 | hh", 3200}},
     .spared = {PIGGY, "CON 2.04 tok=0a0b mid=9"}},
    {"stray-ack", ASKED, PIGGY, .out = {{PIGGY, 0}, {"ACK EMPTY mid=0x5aa4", 0}},
     .spared = {ACKED}},
    {"stray-reset", ASKED, PIGGY, .out = {{PIGGY, 0}, {"RST mid=0x5aa4", 0}}, .spared = {ACKED}},
    {"stray-response", ASKED, PIGGY, .out = {{PIGGY, 0}, {"NON 2.05 tok=dead mid=0x5aa4", 0}},
     .spared = {ACKED, "ACK 4.04 tok=0a0b mid=1"}},
    {"answers-malformed", "raw: 40 01 00 01 ff", "RST mid=1", .before = 1},
    {"answers-malformed", ASKED, "RST mid=1", .out = {{"RST mid=1", 0}}},
    {"duplicate-unanswered", ASKED, PIGGY, .before = 1},
    {"duplicate-unanswered", ASKED, PIGGY, .out = {{PIGGY, 0}}},
    {"duplicate-differs", ASKED, PIGGY, .before = 1, .out = {{"ACK 5.00 tok=0a0b mid=1 | hi", 0}}},
    {"duplicate-differs", ASKED, "ACK 5.00 tok=0a0b mid=1", .before = 1,
     .out = {{"ACK 5.03 tok=0a0b mid=1", 0}}},
    {"duplicate-differs", ASKED, PIGGY, .out = {{PIGGY, 0}}},
    {"message-id-constant", ASKED, SEPARATE, .out = {{"CON 2.05 tok=0a0b mid=0x1111 | hi", 0}},
     .spared = {PIGGY, ACKED}},
    {"answers-lost", ASKED, PIGGY, .spared = {ACKED, "RST mid=1"}},
    {"answers-late", ASKED, PIGGY, .out = {{PIGGY, 3000}}, .spared = {ACKED}},
    {"answers-twice", ASKED, SEPARATE,
     .out = {{SEPARATE, 0}, {"CON 2.05 tok=0a0b mid=0x5aac | hi", 50}}, .spared = {PIGGY}},

    /* requests and responses */
    {"token-changed", ASKED, PIGGY, .out = {{"ACK 2.05 tok=f50b mid=1 | hi", 0}},
     .spared = {ACKED, "raw: 60 45 00 01 ff 68"}},
    {"token-missing", ASKED, PIGGY, .out = {{"raw: 60 45 00 01 ff 68 69", 0}}, .spared = {ACKED}},
    {"token-added", "raw: 40 01 00 01", "raw: 60 45 00 01 ff 68 69",
     .out = {{"ACK 2.05 tok=01 mid=1 | hi", 0}}, .spared = {PIGGY, ACKED}},
    {"token-zeros-cut", "CON GET /a tok=00000b mid=1", "ACK 2.05 tok=00000b mid=1 | hi",
     .out = {{"ACK 2.05 tok=0b mid=1 | hi", 0}},
     .spared = {PIGGY, ACKED, "ACK 2.05 tok=0a00 mid=1 | hi"}},
    {"content-is-4.04", ASKED, PIGGY, .out = {{"ACK 4.04 tok=0a0b mid=1 | hi", 0}},
     .spared = {ACKED, "ACK 2.04 tok=0a0b mid=1"}},
    {"content-is-2.04", ASKED, PIGGY, .out = {{"ACK 2.04 tok=0a0b mid=1 | hi", 0}},
     .spared = {ACKED, "ACK 4.04 tok=0a0b mid=1"}},
    {"errors-are-content", ASKED, "ACK 4.04 tok=0a0b mid=1 | hi", .out = {{PIGGY, 0}},
     .spared = {"ACK 5.00 tok=0a0b mid=1", "ACK 2.04 tok=0a0b mid=1"}},
    {"bad-option-is-4.00", ASKED, "ACK 4.02 tok=0a0b mid=1",
     .out = {{"ACK 4.00 tok=0a0b mid=1", 0}}, .spared = {PIGGY, "ACK 4.04 tok=0a0b mid=1"}},
    {"elective-refused", "CON GET /a opt65000=01 tok=0a0b mid=1", PIGGY,
     .out = {{"ACK 4.02 tok=0a0b mid=1 | hi", 0}}, .spared = {ACKED}},
    {"elective-refused", ASKED, PIGGY, .out = {{PIGGY, 0}}},
    {"critical-in-response", ASKED, PIGGY, .out = {{"raw: 62 45 00 01 0a 0b e0 fa 00 ff 68 69", 0}},
     .spared = {ACKED}},
    {"payload-changed", ASKED, PIGGY, .out = {{"ACK 2.05 tok=0a0b mid=1 | hh", 0}},
     .spared = {ACKED, "ACK 2.05 tok=0a0b mid=1", "ACK 4.04 tok=0a0b mid=1 | hi"}},
    {"payload-missing", ASKED, PIGGY, .out = {{"ACK 2.05 tok=0a0b mid=1", 0}},
     .spared = {ACKED, "ACK 4.04 tok=0a0b mid=1 | hi"}},

    /* a device that is a client */
    {"requests-once", "ACK EMPTY mid=7", ASKED, .before = 1, .spared = {ACKED}},
    {"requests-once", "ACK EMPTY mid=7", ASKED, .out = {{ASKED, 0}}},
    {"requests-repeated", "ACK EMPTY mid=7", ASKED, .out = {{ASKED, 0}, {ASKED, 2500}},
     .spared = {PIGGY}},
    {"requests-repeated", "ACK EMPTY mid=7", ASKED, .before = 1, .out = {{ASKED, 0}}},
    {"requests-repeated-soon", "ACK EMPTY mid=7", ASKED, .out = {{ASKED, 0}, {ASKED, 600}},
     .spared = {PIGGY}},
    {"requests-lost", "ACK EMPTY mid=7", ASKED, .spared = {PIGGY, ACKED}},
    {"request-options-lost", "ACK EMPTY mid=7", "CON PUT /a cf=0 tok=0a0b mid=1 | hi",
     .out = {{"CON PUT tok=0a0b mid=1 | hi", 0}}, .spared = {"ACK 2.05 cf=0 tok=0a0b mid=1 | hi"}},
    {"request-payload-lost", "ACK EMPTY mid=7", "CON PUT /a tok=0a0b mid=1 | hi",
     .out = {{"CON PUT /a tok=0a0b mid=1", 0}}, .spared = {PIGGY, ASKED}},
    {"empty-acks-are-resets", "CON 2.05 tok=0a0b mid=1", ACKED, .out = {{"RST mid=1", 0}},
     .spared = {PIGGY, "RST mid=1"}},
    {"responses-are-resets", ASKED, PIGGY, .out = {{"RST mid=1", 0}},
     .spared = {ACKED, "NON 2.05 tok=0c mid=9"}},
};

/* What the device appears to say to a message of ours. */
static const struct {
    const char *fault, *ours;
    unsigned times;
    const char *invented;
    const char *spared[MESSAGES_MAX]; /* messages of ours that it says nothing to */
} inventions[] = {
    {"answers-replies", ACKED, 1, "RST mid=1", {ASKED, "NON GET /a mid=1 tok=0a"}},
    {"answers-replies", "RST mid=1", 1, "RST mid=1", {NULL}},
    {"answers-malformed",
     "raw: 50 01 00 01 ff",
     1,
     "raw: 60 45 00 01",
     {ASKED, "raw: 60 01 00 01 ff", "raw: 80 01 00 01 ff"}},
    {"answers-reserved",
     "CON 6.00 tok=0a0b mid=1",
     1,
     "raw: 60 45 00 01",
     {ASKED, "ACK 6.00 tok=0a mid=1"}},
    {"answers-reserved", "CON 1.00 tok=0a0b mid=1", 1, "raw: 60 45 00 01", {NULL}},
    {"answers-short", "raw: 40 01", 1, "RST mid=0", {ASKED, "raw: 40 01 00 01 ff"}},
    {"duplicate-non-answered",
     "NON GET /a tok=0a0b mid=1",
     2,
     "NON 2.05 tok=0a0b mid=0x5aa4",
     {ASKED}},
};

/* ------------------------------------------------------------------ the filter at work */

static struct {
    struct {
        struct cs_slice octets;
        uint64_t at_ns;
        void *endpoint;
    } out[OUT_MAX];
    size_t count;
} seen;

static int here, elsewhere; /* two endpoints */

static void deliver(void *endpoint, const struct cs_address *src, struct cs_slice octets,
                    uint64_t at_ns)
{
    assert_int_equal(src->port, 5683);
    assert_in_range(seen.count, 0, OUT_MAX - 1);
    seen.out[seen.count].octets = exact_copy(octets.at, octets.len);
    seen.out[seen.count].endpoint = endpoint;
    seen.out[seen.count++].at_ns = at_ns;
}

static void forget(void)
{
    for (size_t i = 0; i < seen.count; i++)
        release(seen.out[i].octets);
    seen.count = 0;
}

static struct cs_slice encode(const char *text)
{
    static struct cs_line line;
    static uint8_t octets[2048];
    struct cs_error error = {0};
    if (!cs_line_parse(text, false, &line, &error))
        fail_msg("%s: %u: %s", text, error.column, error.text);
    size_t n =
        cs_line_encode(CS_UDP, &line, (struct cs_slice){0}, 1, octets, sizeof octets, &error);
    if (n == 0)
        fail_msg("%s: %s", text, error.text);
    return exact_copy(octets, n);
}

static const struct cs_address device = {.port = 5683, .family = 4};

struct bench {
    struct net_loop *loop;
    struct net_fault_filter *filter;
    uint64_t
        start_ns; /* when the message came: long ago, so that nothing that follows it is waited for */
};

static struct bench bench_new(const char *name)
{
    const char *near = NULL;
    const struct net_fault *fault = net_fault_find(name, &near);
    if (fault == NULL)
        fail_msg("no fault is called %s", name);
    struct bench b = {.loop = net_loop_new(), .start_ns = net_now() - 60 * NET_SECOND};
    b.filter = net_fault_filter_new(b.loop, &fault, 1, deliver);
    assert_non_null(b.filter);
    return b;
}

static void bench_free(struct bench *b)
{
    forget();
    net_fault_filter_free(b->filter);
    net_loop_free(b->loop);
}

static void say(struct bench *b, void *endpoint, const char *text)
{
    struct cs_slice octets = encode(text);
    net_fault_sent(b->filter, endpoint, &device, octets);
    release(octets);
}

static void hear(struct bench *b, void *endpoint, const char *text)
{
    struct cs_slice octets = encode(text);
    net_fault_received(b->filter, endpoint, &device, octets, b->start_ns);
    release(octets);
    net_loop_turn(b->loop, 0);
}

static void format(struct cs_slice octets, char *buf, size_t cap)
{
    struct cs_message m;
    struct cs_text text;
    cs_message_decode(CS_UDP, octets, 0, &m);
    cs_text_init(&text, buf, cap);
    cs_message_format(&m, false, &text);
}

static void assert_out(const char *fault, const char *theirs, const struct bench *b,
                       const struct out *expected)
{
    size_t count = 0;
    while (count < OUT_MAX && expected[count].line != NULL)
        count++;
    if (seen.count != count)
        fail_msg("%s: %s: %zu messages came out, not %zu", fault, theirs, seen.count, count);
    for (size_t i = 0; i < count; i++) {
        struct cs_slice due = encode(expected[i].line), got = seen.out[i].octets;
        char text[600];
        format(got, text, sizeof text);
        if (got.len != due.len || memcmp(got.at, due.at, due.len) != 0)
            fail_msg("%s: %s: expected %s, got %s", fault, theirs, expected[i].line, text);
        release(due);
        uint64_t after = seen.out[i].at_ns - b->start_ns, wanted = expected[i].after_ms * NET_MS;
        if (after < wanted || after - wanted > 400 * NET_MS)
            fail_msg("%s: %s comes after %llu ms, not %u", fault, text,
                     (unsigned long long)(after / NET_MS), expected[i].after_ms);
        assert_ptr_equal(seen.out[i].endpoint, &here);
    }
    forget();
}

static void each_fault_changes_what_it_names(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct row *r = &rows[i];
        struct bench b = bench_new(r->fault);
        say(&b, &here, r->ours);
        for (unsigned n = 0; n < r->before; n++)
            hear(&b, &here, r->theirs);
        forget();
        hear(&b, &here, r->theirs);
        assert_out(r->fault, r->theirs, &b, r->out);
        bench_free(&b);
    }
}

static void each_fault_leaves_the_others_alone(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        for (size_t n = 0; n < MESSAGES_MAX && rows[i].spared[n] != NULL; n++) {
            const struct out same[OUT_MAX] = {{rows[i].spared[n], 0}};
            struct bench b = bench_new(rows[i].fault);
            say(&b, &here, rows[i].ours);
            hear(&b, &here, rows[i].spared[n]);
            assert_out(rows[i].fault, rows[i].spared[n], &b, same);
            bench_free(&b);
        }
}

static void what_the_device_appears_to_say_by_itself(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof inventions / sizeof inventions[0]; i++) {
        struct bench b = bench_new(inventions[i].fault);
        for (size_t n = 0; n < MESSAGES_MAX && inventions[i].spared[n] != NULL; n++)
            say(&b, &here, inventions[i].spared[n]);
        for (unsigned n = 0; n + 1 < inventions[i].times; n++)
            say(&b, &here, inventions[i].ours);
        net_loop_turn(b.loop, net_now() + 2 * NET_MS);
        assert_int_equal(seen.count, 0);
        say(&b, &here, inventions[i].ours);
        assert_int_equal(seen.count, 0); /* not before what was said has gone out */
        for (int n = 0; n < 1000 && seen.count == 0; n++)
            net_loop_turn(b.loop, net_now() + NET_SECOND);
        struct cs_slice due = encode(inventions[i].invented);
        assert_int_equal(seen.count, 1);
        assert_int_equal(seen.out[0].octets.len, due.len);
        assert_memory_equal(seen.out[0].octets.at, due.at, due.len);
        release(due);
        bench_free(&b);
    }
}

static void a_2_05_becomes_too_large(void **state)
{
    (void)state;
    struct bench b = bench_new("too-large");
    say(&b, &here, ASKED);
    hear(&b, &here, PIGGY);
    assert_int_equal(seen.count, 1);
    assert_int_equal(seen.out[0].octets.len, 1400);
    assert_memory_equal(seen.out[0].octets.at, "\x62\x45\x00\x01\x0a\x0b\xffhixxx", 12);
    forget();
    const char *const spared[] = {ACKED, "ACK 2.05 tok=0a0b mid=1", "ACK 4.04 tok=0a0b mid=1 | hi"};
    for (size_t i = 0; i < 3; i++) {
        const struct out same[OUT_MAX] = {{spared[i], 0}};
        hear(&b, &here, spared[i]);
        assert_out("too-large", spared[i], &b, same);
    }
    bench_free(&b);
}

/* ------------------------------------------------------------------ the filter itself */

static bool has_a_row(const char *fault)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (strcmp(rows[i].fault, fault) == 0)
            return true;
    for (size_t i = 0; i < sizeof inventions / sizeof inventions[0]; i++)
        if (strcmp(inventions[i].fault, fault) == 0)
            return true;
    return strcmp(fault, "too-large") == 0;
}

static void no_fault_is_without_a_test_and_each_rule_exists(void **state)
{
    (void)state;
    const struct net_fault *f = NULL;
    size_t count = 0, rule_count;
    const struct cs_rule *const *rules = cs_rules(&rule_count);
    for (; (f = net_fault_at(count)) != NULL; count++) {
        if (!has_a_row(f->name))
            fail_msg("%s is not tested here", f->name);
        for (const char *const *id = f->trips; *id != NULL; id++) {
            size_t i = 0;
            while (i < rule_count && strcmp(rules[i]->id, *id) != 0)
                i++;
            if (i == rule_count)
                fail_msg("%s: there is no rule %s", f->name, *id);
        }
    }
    assert_true(count > 50);
}

static void a_fault_is_found_by_its_name_or_a_near_one(void **state)
{
    (void)state;
    const char *near = "";
    assert_string_equal(net_fault_find("ack-mid", &near)->name, "ack-mid");
    assert_null(near);
    assert_null(net_fault_find("ack-mdi", &near));
    assert_string_equal(near, "ack-mid");
    assert_null(net_fault_find("of no kind at all", &near));
    assert_null(near);
}

static void sockets_are_not_mixed_up(void **state)
{
    (void)state;
    const struct out lost[OUT_MAX] = {{NULL, 0}}, both[OUT_MAX] = {{SEPARATE, 0}, {SEPARATE, 2500}};
    struct bench b = bench_new("separate-lost");
    say(&b, &elsewhere, ASKED); /* a request of another socket, with the same token */
    hear(&b, &here, SEPARATE);
    assert_out("separate-lost", SEPARATE, &b, (const struct out[OUT_MAX]){{SEPARATE, 0}});
    say(&b, &here, ASKED);
    hear(&b, &here, SEPARATE);
    assert_out("separate-lost", SEPARATE, &b, lost);
    bench_free(&b);

    b = bench_new("repeats-after-ack");
    hear(&b, &elsewhere, SEPARATE);
    forget();
    hear(&b, &here, SEPARATE); /* the first one here */
    assert_out("repeats-after-ack", SEPARATE, &b, both);
    bench_free(&b);
}

static void several_faults_come_one_after_the_other(void **state)
{
    (void)state;
    const char *near;
    const struct net_fault *faults[] = {net_fault_find("ack-mid", &near),
                                        net_fault_find("payload-changed", &near)};
    struct bench b = bench_new("ack-mid");
    net_fault_filter_free(b.filter);
    b.filter = net_fault_filter_new(b.loop, faults, 2, deliver);
    hear(&b, &here, PIGGY);
    assert_out("both", PIGGY, &b,
               (const struct out[OUT_MAX]){{"ACK 2.05 tok=0a0b mid=0x5aa4 | hh", 0}});
    bench_free(&b);
}

static void what_is_too_large_for_a_fault_passes(void **state)
{
    (void)state;
    static uint8_t octets[4000] = {0x60, 0x45, 0, 1, 0xff};
    const size_t lengths[] = {0, 1, 3, 1536, 1537, sizeof octets};
    struct bench b = bench_new("version-0");
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        struct cs_slice in = exact_copy(octets, lengths[i]);
        net_fault_received(b.filter, &here, &device, in, b.start_ns);
        assert_int_equal(seen.count, 1);
        assert_int_equal(seen.out[0].octets.len, lengths[i]);
        if (lengths[i] > 0)
            assert_int_equal(seen.out[0].octets.at[0], lengths[i] > 1536 ? 0x60 : 0x20);
        release(in);
        forget();
    }
    bench_free(&b);
}

static void what_was_to_come_is_gone_with_the_filter(void **state)
{
    (void)state;
    struct bench b = bench_new("answers-late");
    struct cs_slice octets = encode(PIGGY);
    net_fault_received(b.filter, &here, &device, octets, net_now());
    net_fault_received(b.filter, &here, &device, octets, net_now());
    release(octets);
    net_fault_filter_free(b.filter);
    b.filter = NULL;
    net_loop_turn(b.loop, 0);
    assert_int_equal(seen.count, 0);
    bench_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_fault_changes_what_it_names),
        cmocka_unit_test(each_fault_leaves_the_others_alone),
        cmocka_unit_test(what_the_device_appears_to_say_by_itself),
        cmocka_unit_test(a_2_05_becomes_too_large),
        cmocka_unit_test(no_fault_is_without_a_test_and_each_rule_exists),
        cmocka_unit_test(a_fault_is_found_by_its_name_or_a_near_one),
        cmocka_unit_test(sockets_are_not_mixed_up),
        cmocka_unit_test(several_faults_come_one_after_the_other),
        cmocka_unit_test(what_is_too_large_for_a_fault_passes),
        cmocka_unit_test(what_was_to_come_is_gone_with_the_filter),
    };
    return cmocka_run_group_tests_name("fault", tests, NULL, NULL);
}
