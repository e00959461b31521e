/* tests/bench/hostile.c: captures that are meant to hurt: tables that fill up, keys that collide, work that never ends. */
#include <stdio.h>
#include <string.h>

#include "tests/bench/frames.h"

static uint8_t frame[BENCH_FRAME_MAX];
static uint64_t now_ns = UINT64_C(1700000000000000000);
static uint32_t count;

static struct bench_endpoint client(uint32_t n) /* of 2^24 */
{
    return (struct bench_endpoint){
        {10, (uint8_t)(n >> 16), (uint8_t)(n >> 8), (uint8_t)n}, 40000, false};
}
static const struct bench_endpoint server = {{192, 0, 2, 1}, 5683, false};

static void send(struct bench_endpoint from, struct bench_endpoint to,
                 const struct bench_message *m)
{
    bench_write(now_ns, frame, bench_frame(frame, &from, &to, m->octets, m->len), 0);
    now_ns += 100000; /* ten thousand a second: everything is alive at once */
    count++;
}

static void get(struct bench_message *m, unsigned type, uint16_t mid, const void *token, size_t len)
{
    bench_begin(m, type, 1, mid, token, len);
    bench_path(m, "/3/0/9");
}

/* Every packet is a conversation of its own, from an address and port of its own. */
static void random_flows(void)
{
    struct bench_message m;
    uint64_t token = bench_random();
    struct bench_endpoint from = client(bench_below(1u << 24));
    from.port = (uint16_t)(1024 + bench_below(60000));
    get(&m, bench_below(2), (uint16_t)bench_random(), &token, bench_below(9));
    send(from, server, &m);
}

/* A few flows; every Message ID and token new; replies that nobody asked for. */
static void random_ids(void)
{
    struct bench_message m;
    uint64_t token = bench_random();
    uint16_t mid = (uint16_t)bench_random();
    struct bench_endpoint from = client(bench_below(64));
    switch (bench_below(4)) {
    case 0:
        bench_begin(&m, 2, 0x45, mid, &token, 8);
        send(server, from, &m);
        break;
    case 1:
        bench_begin(&m, 1, 0x45, mid, &token, 8);
        bench_payload(&m, "21.5", 4);
        send(server, from, &m);
        break;
    default:
        get(&m, bench_below(2), mid, &token, 8);
        send(from, server, &m);
    }
}

/* Addresses, ports, Message IDs and tokens that differ in few and always the same bits. */
static void colliding(void)
{
    struct bench_message m;
    static const uint8_t token[8] = {0};
    struct bench_endpoint from = client(count << 16 & 0xff0000);
    from.port = (uint16_t)(0x8000 | (count >> 8 << 10 & 0x7c00));
    get(&m, 0, (uint16_t)(count >> 13 << 12), token, 8);
    send(from, server, &m);
}

/* One message, again and again. */
static void storm(void)
{
    struct bench_message m;
    get(&m, 0, (uint16_t)(7 + bench_below(3)), "storm", 5);
    send(client(1), server, &m);
}

/* As many options as a datagram holds: unknown, repeated, critical ones among them. */
static void options(void)
{
    struct bench_message m;
    unsigned number = 0;
    bench_begin(&m, bench_below(2), 1, (uint16_t)bench_random(), "opts", 4);
    while (m.len < 1400 && number < 60000) {
        number += bench_below(6) ? 0 : bench_below(300);
        bench_option(&m, number, "\1\2", bench_below(3));
    }
    send(client(bench_below(1000)), server, &m);
}

/* What is not CoAP, or only nearly. */
static void malformed(void)
{
    struct bench_message m;
    bench_begin(&m, bench_below(4), (unsigned)bench_random() & 0xff, (uint16_t)bench_random(),
                "12345678", bench_below(9));
    size_t extra = bench_below(40);
    for (size_t i = 0; i < extra; i++)
        m.octets[m.len++] = (uint8_t)bench_random();
    if (bench_chance(30))
        m.octets[0] = (uint8_t)bench_random();
    if (bench_chance(20))
        m.len = bench_below((uint32_t)m.len + 1);
    send(client(bench_below(5000)), server, &m);
}

/* Datagrams in pieces: whole ones, ones that never end, pieces that overlap and pieces beyond the end. */
static void fragments(void)
{
    uint8_t udp[8 + 1024] = {0x9c, 0x40, 0x16, 0x33, 0x04, 0x08, 0, 0};
    struct bench_message m;
    struct bench_endpoint from = client(bench_below(100000));
    uint16_t id = (uint16_t)bench_random();
    get(&m, 1, (uint16_t)bench_random(), "frag", 4);
    memcpy(udp + 8, m.octets, m.len);
    udp[8 + m.len] = 0xff;
    unsigned kind = bench_below(4);
    size_t second = kind == 1 ? 400 : kind == 2 ? 65504 : 512;
    bench_write(now_ns, frame, bench_fragment(frame, &from, &server, id, 0, true, udp, 512), 0);
    now_ns += 100000;
    if (kind != 0) {
        bench_write(now_ns, frame,
                    bench_fragment(frame, &from, &server, id, second, false, udp + 512, 520), 0);
        now_ns += 100000;
    }
}

static const struct {
    const char *kind;
    void (*step)(void);
} kinds[] = {
    {"random-flows", random_flows}, {"random-ids", random_ids},
    {"colliding", colliding},       {"storm", storm},
    {"options", options},           {"malformed", malformed},
    {"fragments", fragments},
};
enum { KINDS = sizeof kinds / sizeof kinds[0] };

const char *const bench_hostile_kinds[] = {"random-flows", "random-ids", "colliding", "storm",
                                           "options",      "malformed",  "fragments", NULL};

bool bench_hostile(const char *kind)
{
    for (size_t i = 0; i < KINDS; i++) {
        if (strcmp(kinds[i].kind, kind) != 0)
            continue;
        while (!bench_full())
            kinds[i].step();
        return true;
    }
    return false;
}
