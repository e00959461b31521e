/* tests/bench/talks.c: what devices and their servers say to each other: registrations, reads, writes, notifications, block
 * transfers, late answers, pings. No rule is broken: tokens are random and never twice the same for one pair, and a lost message
 * is sent again as RFC 7252 section 4.2 wants it. */
#include <stdio.h>
#include <string.h>

#include "tests/bench/mixture.h"

enum { CON, NON, ACK, RST };
enum { GET = 1, POST, PUT, DELETE };
#define CODE(class, detail) ((class) << 5 | (detail))
enum { LINK_FORMAT = 40, TLV = 11542, SENML_JSON = 110, SENML_CBOR = 112 };

static uint64_t latency(void) { return 15 * MS + bench_below(120) * MS + bench_below(1000000); }

/* A Confirmable message and its acknowledgement (or Reset). Sometimes the one or the other is lost beyond the point of
 * capture, and the message is repeated after ACK_TIMEOUT to ACK_TIMEOUT * ACK_RANDOM_FACTOR, then after twice that. */
static void confirmed(struct talk *t, enum side from, const struct bench_message *m,
                      const struct bench_message *reply)
{
    uint64_t timeout = 2 * SECOND + bench_below(1000) * MS;
    bench_say(t, from, m, t->time);
    while (bench_chance(bench_mixture()->again_percent) && timeout < 20 * SECOND) {
        if (bench_chance(40)) /* the reply was lost, not the message */
            bench_say(t, !from, reply, t->time + latency());
        t->time += timeout;
        timeout *= 2;
        bench_say(t, from, m, t->time);
    }
    t->time += latency();
    bench_say(t, !from, reply, t->time);
}

/* Random to look at, and different for each number: each step can be undone. */
static struct token next_token(struct talk *t)
{
    uint64_t x = (uint64_t)t->device->tokens++ << 32 | t->index;
    struct token token = {.len = t->device->token_length};
    uint32_t low = (uint32_t)(x >> 32) * 2654435761u + t->index * 40503u;
    low ^= low >> 15;
    low *= 0x2c1b3c6du;
    low ^= low >> 12;
    x = (bench_random() & ~UINT64_C(0xffffffff)) | low;
    memcpy(token.at, &x, sizeof token.at);
    return token;
}

static void begin(struct bench_message *m, unsigned type, unsigned code, uint16_t mid,
                  const struct token *token)
{
    bench_begin(m, type, code, mid, token->at, token->len);
}

static void empty(struct bench_message *m, unsigned type, uint16_t mid)
{
    bench_begin(m, type, 0, mid, NULL, 0);
}

static void text(struct bench_message *m, const char *payload)
{
    bench_payload(m, payload, strlen(payload));
}

/* ------------------------------------------------------------------ representations */

static void represent(struct bench_message *m, unsigned format)
{
    char json[400];
    uint8_t tlv[96];
    size_t len = 0;
    switch (format) {
    case SENML_JSON:
        snprintf(
            json, sizeof json,
            "[{\"bn\":\"/3303/0/\",\"bt\":1.7e9,\"n\":\"5700\",\"v\":%u.%u},"
            "{\"n\":\"5601\",\"v\":%u.5},{\"n\":\"5602\",\"v\":%u.25},{\"n\":\"5603\",\"v\":-20},"
            "{\"n\":\"5604\",\"v\":60},{\"n\":\"5701\",\"vs\":\"Cel\"},{\"n\":\"5750\",\"vs\":"
            "\"boiler 2\"}]",
            bench_below(40), bench_below(10), bench_below(10), 30 + bench_below(20));
        text(m, json);
        break;
    case SENML_CBOR: { /* [{-2: "/3303/0/5700", 2: n}] */
        uint8_t cbor[] = {0x81,
                          0xa2,
                          0x21,
                          0x6c,
                          '/',
                          '3',
                          '3',
                          '0',
                          '3',
                          '/',
                          '0',
                          '/',
                          '5',
                          '7',
                          '0',
                          '0',
                          0x02,
                          0x18,
                          (uint8_t)(24 + bench_below(200))};
        bench_payload(m, cbor, sizeof cbor);
        break;
    }
    case TLV: {
        static const char *const strings[] = {"Example Ltd", "Meter 7 IPv6", "SN-00017-4711-2024",
                                              "2.14.3"};
        for (size_t i = 0; i < sizeof strings / sizeof strings[0]; i++) {
            size_t n = strlen(strings[i]);
            tlv[len++] = n < 8 ? (uint8_t)(0xc0 | n) : 0xc8;
            tlv[len++] = (uint8_t)i;
            if (n >= 8)
                tlv[len++] = (uint8_t)n;
            memcpy(tlv + len, strings[i], n);
            len += n;
        }
        tlv[len++] = 0xc1;
        tlv[len++] = 9;
        tlv[len++] = (uint8_t)bench_below(101);
        bench_payload(m, tlv, len);
        break;
    }
    default:
        snprintf(json, sizeof json, "%u.%02u", bench_below(100), bench_below(100));
        text(m, json);
    }
}

static unsigned some_format(void)
{
    static const unsigned formats[] = {TLV, TLV, SENML_JSON, SENML_JSON, SENML_CBOR, 0};
    return formats[bench_below(sizeof formats / sizeof formats[0])];
}

/* What such a representation is of. */
static const char *path_of(unsigned format)
{
    static const char *const values[] = {"/3/0/9", "/3303/0/5700", "/1/0/1", "/3200/1/5500"};
    switch (format) {
    case TLV:
        return "/3/0";
    case SENML_JSON:
        return "/3303/0";
    case SENML_CBOR:
        return "/3303/0/5700";
    default:
        return values[bench_below(sizeof values / sizeof values[0])];
    }
}

/* ------------------------------------------------------------------ conversations */

static void registered(struct talk *t)
{
    struct bench_message m, r;
    struct token token = next_token(t);
    uint16_t mid = bench_next_mid(t, DEVICE);
    char name[40];
    begin(&m, CON, POST, mid, &token);
    bench_path(&m, "/rd");
    bench_option_uint(&m, 12, LINK_FORMAT);
    snprintf(name, sizeof name, "ep=urn:dev:mac:0024be%06x", t->index);
    bench_option_text(&m, 15, name);
    bench_option_text(&m, 15, "lt=86400");
    bench_option_text(&m, 15, "lwm2m=1.1");
    bench_option_text(&m, 15, "b=U");
    text(&m, "</>;rt=\"oma.lwm2m\";ct=110,</1/0>,</3/0>,</4/0>,</5/0>,</6/0>,</3303/0>,</3200/1>,</"
             "10242/0>");
    begin(&r, ACK, CODE(2, 1), mid, &token);
    bench_option_text(&r, 8, "rd");
    t->device->registration = (uint16_t)(1 + bench_below(65535));
    snprintf(name, sizeof name, "%04x", t->device->registration);
    bench_option_text(&r, 8, name);
    confirmed(t, DEVICE, &m, &r);
}

static void updated(struct talk *t, bool last)
{
    struct bench_message m, r;
    struct token token = next_token(t);
    uint16_t mid = bench_next_mid(t, DEVICE);
    char path[16];
    if (t->device->registration == 0) {
        registered(t);
        return;
    }
    snprintf(path, sizeof path, "/rd/%04x", t->device->registration);
    begin(&m, CON, last ? DELETE : POST, mid, &token);
    bench_path(&m, path);
    begin(&r, ACK, last ? CODE(2, 2) : CODE(2, 4), mid, &token);
    confirmed(t, DEVICE, &m, &r);
    if (last)
        t->device->registration = 0;
}

static void update(struct talk *t) { updated(t, false); }
static void leave(struct talk *t) { updated(t, true); }

static void reads(struct talk *t)
{
    struct bench_message m, r;
    struct token token = next_token(t);
    uint16_t mid = bench_next_mid(t, SERVER);
    unsigned format = some_format();
    begin(&m, CON, GET, mid, &token);
    bench_path(&m, path_of(format));
    bench_option_uint(&m, 17, format);
    begin(&r, ACK, CODE(2, 5), mid, &token);
    bench_option_uint(&r, 12, format);
    represent(&r, format);
    confirmed(t, SERVER, &m, &r);
}

static void reads_late(struct talk *t)
{
    struct bench_message m, r, a;
    struct token token = next_token(t);
    uint16_t mid = bench_next_mid(t, SERVER), late = bench_next_mid(t, DEVICE);
    begin(&m, CON, GET, mid, &token);
    bench_path(&m, "/3/0");
    empty(&r, ACK, mid);
    confirmed(t, SERVER, &m, &r);
    t->time += SECOND / 2 + bench_below(4000) * MS;
    begin(&m, CON, CODE(2, 5), late, &token);
    bench_option_uint(&m, 12, TLV);
    represent(&m, TLV);
    empty(&a, ACK, late);
    confirmed(t, DEVICE, &m, &a);
}

static void reads_non(struct talk *t)
{
    struct bench_message m;
    struct token token = next_token(t);
    begin(&m, NON, GET, bench_next_mid(t, SERVER), &token);
    bench_path(&m, path_of(SENML_CBOR));
    bench_say(t, SERVER, &m, t->time);
    t->time += latency();
    begin(&m, NON, CODE(2, 5), bench_next_mid(t, DEVICE), &token);
    bench_option_uint(&m, 12, SENML_CBOR);
    represent(&m, SENML_CBOR);
    bench_say(t, DEVICE, &m, t->time);
}

static void validates(struct talk *t)
{
    struct bench_message m, r;
    struct token token = next_token(t);
    uint16_t mid = bench_next_mid(t, SERVER);
    uint32_t tag = (uint32_t)bench_random();
    begin(&m, CON, GET, mid, &token);
    bench_option(&m, 4, &tag, sizeof tag);
    bench_path(&m, "/5/0/3");
    begin(&r, ACK, CODE(2, 3), mid, &token);
    bench_option(&r, 4, &tag, sizeof tag);
    bench_option_uint(&r, 14, 120);
    confirmed(t, SERVER, &m, &r);
}

static void writes(struct talk *t)
{
    struct bench_message m, r;
    struct token token = next_token(t);
    uint16_t mid = bench_next_mid(t, SERVER);
    begin(&m, CON, PUT, mid, &token);
    bench_path(&m, "/3303/0");
    bench_option_uint(&m, 12, SENML_JSON);
    represent(&m, SENML_JSON);
    begin(&r, ACK, CODE(2, 4), mid, &token);
    confirmed(t, SERVER, &m, &r);
}

static void executes(struct talk *t)
{
    struct bench_message m, r;
    struct token token = next_token(t);
    uint16_t mid = bench_next_mid(t, SERVER);
    begin(&m, CON, POST, mid, &token);
    bench_path(&m, "/3303/0/5605");
    begin(&r, ACK, CODE(2, 4), mid, &token);
    confirmed(t, SERVER, &m, &r);
}

static void fails(struct talk *t)
{
    struct bench_message m, r;
    struct token token = next_token(t);
    uint16_t mid = bench_next_mid(t, SERVER);
    bool writing = bench_chance(40);
    begin(&m, CON, writing ? PUT : GET, mid, &token);
    bench_path(&m, writing ? "/3/0/0" : "/3/0/99");
    if (writing) {
        bench_option_uint(&m, 12, 0);
        text(&m, "Other Ltd");
    }
    begin(&r, ACK, writing ? CODE(4, 5) : CODE(4, 4), mid, &token);
    if (writing)
        text(&r, "read-only");
    confirmed(t, SERVER, &m, &r);
}

static void ping(struct talk *t)
{
    struct bench_message m, r;
    enum side from = bench_chance(50) ? DEVICE : SERVER;
    uint16_t mid = bench_next_mid(t, from);
    empty(&m, CON, mid);
    empty(&r, RST, mid);
    confirmed(t, from, &m, &r);
}

/* RFC 7641: begun, or, with observe=1 and the same token, ended. */
static void observes(struct talk *t)
{
    struct bench_message m, r;
    struct device *d = t->device;
    bool ends = d->observe != 0;
    if (!ends)
        d->observing = next_token(t);
    uint16_t mid = bench_next_mid(t, SERVER);
    begin(&m, CON, GET, mid, &d->observing);
    bench_option_uint(&m, 6, ends ? 1 : 0);
    bench_path(&m, "/3303/0");
    bench_option_uint(&m, 17, SENML_JSON);
    begin(&r, ACK, CODE(2, 5), mid, &d->observing);
    d->observe = ends ? 0 : 2;
    if (!ends)
        bench_option_uint(&r, 6, d->observe);
    bench_option_uint(&r, 12, SENML_JSON);
    represent(&r, SENML_JSON);
    confirmed(t, SERVER, &m, &r);
}

static void notifies(struct talk *t)
{
    struct bench_message m, a;
    struct device *d = t->device;
    if (d->observe == 0) {
        observes(t);
        return;
    }
    bool con = bench_chance(40);
    uint16_t mid = bench_next_mid(t, DEVICE);
    d->observe++;
    begin(&m, con ? CON : NON, CODE(2, 5), mid, &d->observing);
    bench_option_uint(&m, 6, d->observe);
    bench_option_uint(&m, 12, SENML_JSON);
    represent(&m, SENML_JSON);
    empty(&a, ACK, mid);
    if (con)
        confirmed(t, DEVICE, &m, &a);
    else
        bench_say(t, DEVICE, &m, t->time);
}

enum { BLOCK_SZX = 4, BLOCK = 1 << (BLOCK_SZX + 4) };

/* RFC 7959: a file is written in blocks; each request with a token of its own. */
static void block_up(struct talk *t)
{
    struct bench_message m, r;
    uint8_t block[BLOCK];
    unsigned blocks = 3 + bench_below(6);
    for (unsigned n = 0; n < blocks; n++) {
        struct token token = next_token(t);
        uint16_t mid = bench_next_mid(t, SERVER);
        bool more = n + 1 < blocks;
        size_t len = more ? BLOCK : 1 + bench_below(BLOCK);
        for (size_t i = 0; i < len; i++)
            block[i] = (uint8_t)bench_random();
        begin(&m, CON, PUT, mid, &token);
        bench_path(&m, "/5/0/0");
        bench_option_uint(&m, 12, 42);
        bench_option_uint(&m, 27, n << 4 | (more ? 8u : 0) | BLOCK_SZX);
        bench_payload(&m, block, len);
        begin(&r, ACK, more ? CODE(2, 31) : CODE(2, 4), mid, &token);
        bench_option_uint(&r, 27, n << 4 | (more ? 8u : 0) | BLOCK_SZX);
        confirmed(t, SERVER, &m, &r);
        t->time += 5 * MS;
    }
}

static void block_down(struct talk *t)
{
    static const char links[] =
        "</1/0>;ver=1.1,</3/0>;ver=1.2,</4/0>,</5/0>,</6/0>,</3303/0>;pmin=1,";
    struct bench_message m, r;
    char block[BLOCK];
    size_t whole = (sizeof links - 1) * (5 + bench_below(10)) - 1,
           blocks = (whole + BLOCK - 1) / BLOCK;
    uint32_t tag = (uint32_t)bench_random();
    for (unsigned n = 0; n < blocks; n++) {
        struct token token = next_token(t);
        uint16_t mid = bench_next_mid(t, SERVER);
        bool more = n + 1 < blocks;
        size_t len = more ? BLOCK : whole - n * BLOCK;
        for (size_t i = 0; i < len; i++)
            block[i] = links[(n * BLOCK + i) % (sizeof links - 1)];
        begin(&m, CON, GET, mid, &token);
        bench_path(&m, "/.well-known/core");
        if (n > 0)
            bench_option_uint(&m, 23, n << 4 | BLOCK_SZX);
        begin(&r, ACK, CODE(2, 5), mid, &token);
        bench_option(&r, 4, &tag, sizeof tag);
        bench_option_uint(&r, 12, LINK_FORMAT);
        bench_option_uint(&r, 23, n << 4 | (more ? 8u : 0) | BLOCK_SZX);
        bench_payload(&r, block, len);
        confirmed(t, SERVER, &m, &r);
        t->time += 5 * MS;
    }
}

/* Four segments of path, four of query. */
static void registered_at_length(struct talk *t)
{
    struct bench_message m, r;
    struct token token = next_token(t);
    uint16_t mid = bench_next_mid(t, DEVICE);
    char name[40];
    begin(&m, CON, POST, mid, &token);
    bench_path(&m, "/rd/plant-7/hall-12/line-3");
    bench_option_uint(&m, 12, LINK_FORMAT);
    snprintf(name, sizeof name, "ep=urn:imei:%015u", t->index);
    bench_option_text(&m, 15, name);
    bench_option_text(&m, 15, "lt=300");
    bench_option_text(&m, 15, "lwm2m=1.1");
    bench_option_text(&m, 15, "b=U");
    text(&m, "</1/0>,</3/0>,</4/0>,</5/0>");
    begin(&r, ACK, CODE(2, 1), mid, &token);
    bench_option_text(&r, 8, "rd");
    snprintf(name, sizeof name, "%08x", t->index);
    bench_option_text(&r, 8, name);
    confirmed(t, DEVICE, &m, &r);
}

static void reads_much(struct talk *t)
{
    struct bench_message m, r;
    struct token token = next_token(t);
    uint16_t mid = bench_next_mid(t, SERVER);
    uint8_t octets[1000];
    for (size_t i = 0; i < sizeof octets; i++)
        octets[i] = (uint8_t)bench_random();
    begin(&m, CON, GET, mid, &token);
    bench_path(&m, "/26241/0/1");
    begin(&r, ACK, CODE(2, 5), mid, &token);
    bench_option_uint(&r, 12, 42);
    bench_payload(&r, octets, sizeof octets);
    confirmed(t, SERVER, &m, &r);
}

static const struct {
    void (*run)(struct talk *t);
    uint8_t weight[BENCH_HABITS];
} conversations[] = {
    {reads, {20, 40, 5}},
    {notifies, {[BENCH_MIXED] = 44, [BENCH_NOTIFICATIONS] = 90}},
    {update, {[BENCH_MIXED] = 14}},
    {registered, {2, 10}},
    {leave, {[BENCH_MIXED] = 1}},
    {writes, {8, 5}},
    {executes, {3, 5}},
    {fails, {4, 5}},
    {ping, {8, 10}},
    {reads_late, {5, 5, [BENCH_SEPARATE] = 1}},
    {reads_non, {6, 20}},
    {validates, {[BENCH_MIXED] = 3}},
    {observes, {[BENCH_MIXED] = 2}},
    {block_up, {[BENCH_MIXED] = 1, [BENCH_BLOCKS] = 1}},
    {block_down, {[BENCH_MIXED] = 2, [BENCH_BLOCKS] = 1}},
    {registered_at_length, {[BENCH_REGISTRATIONS] = 1}},
    {reads_much, {[BENCH_LARGE] = 1}},
};
enum { CONVERSATIONS = sizeof conversations / sizeof conversations[0] };

/* Packets in a conversation, on average: measured, so that the capture lasts about as long as it is told to. */
double bench_packets_in_one(enum bench_habit habit)
{
    static const double packets[BENCH_HABITS] = {
        [BENCH_MIXED] = 2.07,  [BENCH_LIGHT] = 2.3,    [BENCH_NOTIFICATIONS] = 1.5,
        [BENCH_BLOCKS] = 13.0, [BENCH_SEPARATE] = 4.1, [BENCH_REGISTRATIONS] = 2.06,
        [BENCH_LARGE] = 2.06,
    };
    return packets[habit];
}

void bench_converse(struct talk *t)
{
    unsigned total = 0;
    for (size_t i = 0; i < CONVERSATIONS; i++)
        total += conversations[i].weight[bench_mixture()->habit];
    unsigned at = bench_below(total);
    for (size_t i = 0; i < CONVERSATIONS; i++) {
        unsigned weight = conversations[i].weight[bench_mixture()->habit];
        if (at < weight) {
            conversations[i].run(t);
            return;
        }
        at -= weight;
    }
}
