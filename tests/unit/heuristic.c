/* What passes for CoAP on any port, and what must not. docs/heuristic.md tells of the same measurements at length. */
#include "tests/unit/support.h"

#include "coap/recognise.h"

#include <stdio.h>

#include "coapspec/analysis.h"

enum { SAMPLES = 20000, RANDOM = 1000000, MAX = 1400 };

/* xorshift64*: the same octets everywhere */
struct dice {
    uint64_t state;
};

static uint64_t roll(struct dice *d)
{
    d->state ^= d->state << 13;
    d->state ^= d->state >> 7;
    d->state ^= d->state << 17;
    return d->state * UINT64_C(0x2545f4914f6cdd1d);
}

static size_t between(struct dice *d, size_t low, size_t high)
{
    return low + (size_t)(roll(d) >> 11) % (high - low + 1);
}

struct packet {
    uint8_t at[MAX + 8];
    size_t len;
};

static void u8(struct packet *p, unsigned value)
{
    if (p->len < MAX)
        p->at[p->len++] = (uint8_t)value;
}

static void u16(struct packet *p, unsigned value)
{
    u8(p, value >> 8);
    u8(p, value & 255);
}

static void u32(struct packet *p, uint32_t value)
{
    u16(p, value >> 16);
    u16(p, value & 0xffff);
}

static void chance(struct packet *p, struct dice *d, size_t n)
{
    for (size_t i = 0; i < n; i++)
        u8(p, (unsigned)(roll(d) >> 40) & 255);
}

static void words(struct packet *p, const char *text)
{
    while (*text != '\0')
        u8(p, (uint8_t)*text++);
}

/* ------------------------------------------------------------------ other people's protocols */

static void label(struct packet *p, struct dice *d, size_t low, size_t high)
{
    const size_t n = between(d, low, high);
    u8(p, (unsigned)n);
    for (size_t i = 0; i < n; i++)
        u8(p, (unsigned)"abcdefghijklmnopqrstuvwxyz0123456789-_"[between(d, 0, 37)]);
}

static void dns(struct packet *p, struct dice *d)
{
    static const unsigned flags[] = {0x0100, 0x0120, 0x8180, 0x8400, 0x0000, 0x8583};
    u16(p, (unsigned)between(d, 0x4000, 0x7fff));
    u16(p, flags[between(d, 0, 5)]);
    const bool answer = (p->at[2] & 0x80) != 0;
    u16(p, 1);
    u16(p, answer ? (unsigned)between(d, 0, 4) : 0);
    u32(p, (uint32_t)between(d, 0, 1));
    for (size_t n = between(d, 1, 4); n > 0; n--)
        label(p, d, 1, 63);
    u8(p, 0);
    u32(p, 0x00010001);
    if (answer) {
        u16(p, 0xc00c);
        u32(p, 0x00010001);
        u32(p, 300);
        u16(p, 4);
        chance(p, d, 4);
    }
}

static void netbios(struct packet *p, struct dice *d)
{
    u16(p, (unsigned)between(d, 0x4000, 0x7fff));
    u16(p, 0x0110);
    u32(p, 0x00010000);
    u32(p, 0);
    u8(p, 0x20);
    for (size_t i = 0; i < 32; i++)
        u8(p, 'A' + (unsigned)between(d, 0, 15));
    u8(p, 0);
    u32(p, 0x00200001);
}

static void dtls(struct packet *p, struct dice *d)
{
    const size_t n = between(d, 20, 300);
    u8(p, (unsigned)between(d, 0x14, 0x19));
    u16(p, between(d, 0, 1) != 0 ? 0xfefd : 0xfeff);
    u16(p, (unsigned)between(d, 0, 1));
    u16(p, 0);
    u32(p, (uint32_t)between(d, 0, 1000));
    if (p->at[0] == 0x19)
        chance(p, d, 8);
    u16(p, (unsigned)n);
    chance(p, d, n);
}

static void dtls_1_3(struct packet *p, struct dice *d)
{
    u8(p, 0x20 | (unsigned)between(d, 0, 31));
    chance(p, d, between(d, 20, 300));
}

static void quic_long(struct packet *p, struct dice *d)
{
    u8(p, 0xc0 | (unsigned)between(d, 0, 63));
    u32(p, 1);
    u8(p, 8);
    chance(p, d, 8);
    u8(p, 0);
    chance(p, d, 1180);
}

/* RFC 9000 section 17.3: the first octet is that of CoAP version 1, the rest comes by chance */
static void quic_short(struct packet *p, struct dice *d)
{
    u8(p, 0x40 | (unsigned)between(d, 0, 63));
    chance(p, d, between(d, 20, 1250));
}

static void rtp(struct packet *p, struct dice *d)
{
    u8(p, 0x80 | (unsigned)between(d, 0, 1) << 4);
    u8(p, (unsigned)between(d, 0, 127));
    chance(p, d, 2 + 4 + 4 + between(d, 20, 160));
}

static void rtcp(struct packet *p, struct dice *d)
{
    u8(p, 0x81);
    u8(p, (unsigned)between(d, 200, 204));
    u16(p, 7);
    chance(p, d, 28);
}

static void stun(struct packet *p, struct dice *d)
{
    u16(p, 1);
    u16(p, 8);
    u32(p, 0x2112a442);
    chance(p, d, 12);
    u32(p, 0x80220004);
    chance(p, d, 4);
}

/* RFC 8656 section 12.4, around RTP */
static void turn_channel(struct packet *p, struct dice *d)
{
    const size_t n = between(d, 12, 200);
    u16(p, (unsigned)between(d, 0x4000, 0x4fff));
    u16(p, (unsigned)n);
    u8(p, 0x80);
    u8(p, 111);
    chance(p, d, n - 2);
}

static void ntp(struct packet *p, struct dice *d)
{
    u8(p, (unsigned)between(d, 0, 255));
    u8(p, (unsigned)between(d, 0, 16));
    u8(p, (unsigned)between(d, 3, 17));
    u8(p, 0xe9);
    chance(p, d, 44);
}

static void snmp(struct packet *p, struct dice *d)
{
    u8(p, 0x30);
    u8(p, 0x29);
    u32(p, 0x02010104);
    u8(p, 6);
    words(p, "public");
    u16(p, 0xa01c);
    chance(p, d, 28);
}

static void sip(struct packet *p, struct dice *d)
{
    static const char *const first[] = {"INVITE",    "REGISTER", "OPTIONS", "BYE",
                                        "SUBSCRIBE", "NOTIFY",   "ACK"};
    words(p, first[between(d, 0, 6)]);
    words(p, " sip:");
    label(p, d, 3, 12);
    words(p, "@example.org SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.4\r\n\r\n");
}

static void ssdp(struct packet *p, struct dice *d)
{
    static const char *const first[] = {"M-SEARCH * HTTP/1.1",
                                        "NOTIFY * HTTP/1.1",
                                        "HTTP/1.1 200 OK",
                                        "SIP/2.0 200 OK",
                                        "<13>Oct 11 22:14:15 host su:",
                                        "{\"host_int\":12}",
                                        "d1:ad2:id20:abcdefghij0123456789e1:q4:ping1:t2:aa1:y1:qe"};
    words(p, first[between(d, 0, 6)]);
    words(p, "\r\nHOST: 239.255.255.250:1900\r\nMX: 1\r\n\r\n");
}

static void radius(struct packet *p, struct dice *d)
{
    u8(p, (unsigned)between(d, 1, 5));
    u8(p, (unsigned)between(d, 0, 255));
    u16(p, 60);
    chance(p, d, 56);
}

static void tftp(struct packet *p, struct dice *d)
{
    u16(p, (unsigned)between(d, 1, 5));
    u16(p, (unsigned)between(d, 1, 500));
    chance(p, d, between(d, 0, 512));
}

static void wireguard(struct packet *p, struct dice *d)
{
    u8(p, (unsigned)between(d, 1, 4));
    u8(p, 0);
    u16(p, 0);
    chance(p, d, between(d, 28, 300));
}

/* 3GPP TS 29.274 section 5.1: version 2 makes the first octet 0x40 or 0x48 */
static void gtp_v2(struct packet *p, struct dice *d)
{
    const bool tunnel = between(d, 0, 1) != 0;
    const size_t n = between(d, 9, 120);
    u8(p, tunnel ? 0x48 : 0x40);
    u8(p, (unsigned)between(d, 1, 40));
    u16(p, (unsigned)n);
    if (tunnel)
        chance(p, d, 4);
    chance(p, d, 3);
    u8(p, 0);
    u8(p, (unsigned)between(d, 1, 200));
    u16(p, (unsigned)between(d, 1, 8));
    u8(p, 0);
    while (p->len < n + 4)
        chance(p, d, 1);
}

static void l2tp(struct packet *p, struct dice *d)
{
    const size_t n = between(d, 20, 300);
    u16(p, 0x4002);
    u16(p, (unsigned)n);
    chance(p, d, 4);
    u32(p, 0xff030021);
    chance(p, d, n - 12);
}

/* 0x40 opens a session, 0x48 carries data of peer 0 to 255 */
static void openvpn(struct packet *p, struct dice *d)
{
    u8(p, between(d, 0, 9) == 0 ? 0x40 : 0x48);
    if (p->at[0] == 0x48)
        u16(p, 0);
    chance(p, d, between(d, 20, 300));
}

static void utp(struct packet *p, struct dice *d)
{
    u8(p, (unsigned)between(d, 0, 4) << 4 | 1);
    u8(p, 0);
    chance(p, d, 18);
}

static void dhcp(struct packet *p, struct dice *d)
{
    u32(p, 0x01010600);
    chance(p, d, 4);
    for (size_t i = 0; i < 228; i++)
        u8(p, 0);
    u32(p, 0x63825363);
}

/* MQTT-SN: the first octet is the length of all */
static void mqtt_sn(struct packet *p, struct dice *d)
{
    const size_t n = between(d, 0x40, 0x5f);
    u8(p, (unsigned)n);
    u8(p, (unsigned)between(d, 0, 0x1d));
    u8(p, (unsigned)between(d, 0, 127));
    chance(p, d, 4);
    while (p->len < n)
        u8(p, (unsigned)between(d, 0x20, 0x7e));
}

static const struct protocol {
    const char *name;
    void (*build)(struct packet *p, struct dice *d);
} protocols[] = {
    {"DNS", dns},
    {"NetBIOS", netbios},
    {"DTLS", dtls},
    {"DTLS 1.3", dtls_1_3},
    {"QUIC long", quic_long},
    {"QUIC short", quic_short},
    {"RTP", rtp},
    {"RTCP", rtcp},
    {"STUN", stun},
    {"TURN", turn_channel},
    {"NTP", ntp},
    {"SNMP", snmp},
    {"SIP", sip},
    {"SSDP and other text", ssdp},
    {"RADIUS", radius},
    {"TFTP", tftp},
    {"WireGuard", wireguard},
    {"GTPv2-C", gtp_v2},
    {"L2TP", l2tp},
    {"OpenVPN", openvpn},
    {"uTP", utp},
    {"DHCP", dhcp},
    {"MQTT-SN", mqtt_sn},
};

static bool accepted(struct cs_slice octets, uint32_t missing)
{
    const struct cs_datagram d = {.octets = octets, .missing = missing};
    struct cs_message m;
    cs_message_decode(CS_UDP, octets, missing, &m);
    return cs_looks_like_coap(&d, &m);
}

static void other_protocols_are_not_coap(void **state)
{
    struct dice dice = {UINT64_C(0x5eed)};
    (void)state;
    for (size_t i = 0; i < sizeof protocols / sizeof protocols[0]; i++) {
        for (size_t k = 0; k < SAMPLES; k++) {
            struct packet p = {.len = 0};
            protocols[i].build(&p, &dice);
            if (accepted((struct cs_slice){p.at, p.len}, 0))
                fail_msg("%s, sample %zu, was taken for CoAP", protocols[i].name, k);
        }
    }
}

static size_t random_accepted(uint64_t seed, size_t count, bool version_1)
{
    struct dice dice = {seed};
    size_t hits = 0;
    for (size_t i = 0; i < count; i++) {
        uint8_t octets[208];
        const size_t len = between(&dice, 4, 200);
        for (size_t k = 0; k < len; k += 8) {
            const uint64_t r = roll(&dice);
            memcpy(octets + k, &r, 8);
        }
        if (version_1)
            octets[0] = (uint8_t)(0x40 | (octets[0] & 0x1f));
        hits += accepted((struct cs_slice){octets, len}, 0);
    }
    return hits;
}

/* HEURISTIC_SAMPLES in the environment repeats the measurement of docs/heuristic.md at its full length. */
static size_t random_samples(void)
{
    const char *text = getenv("HEURISTIC_SAMPLES");
    const unsigned long long n = text != NULL ? strtoull(text, NULL, 10) : 0;
    return n > 0 ? (size_t)n : RANDOM;
}

static void at_most_one_in_a_million(uint64_t seed, bool version_1)
{
    const size_t n = random_samples();
    const size_t hits = random_accepted(seed, n, version_1);
    if (n != RANDOM)
        print_message("%zu of %zu\n", hits, n);
    if (hits > n / 1000000)
        fail_msg("%zu of %zu random datagrams were taken for CoAP", hits, n);
}

static void random_octets_are_not_coap(void **state)
{
    (void)state;
    at_most_one_in_a_million(1, false);
}

/* The hardest case: each has the first octet of a CON or NON. */
static void random_octets_behind_a_coap_octet_are_hardly_ever_coap(void **state)
{
    (void)state;
    at_most_one_in_a_million(2, true);
}

/* ------------------------------------------------------------------ CoAP */

static void ordinary_messages_are_coap(void **state)
{
    static const struct {
        const char *notation, *hex;
    } rows[] = {
        {"CON GET /temp", "40 01 7d 34 b4 74 65 6d 70"},
        {"CON GET /.well-known/core",
         "40 01 7d 34 bb 2e 77 65 6c 6c 2d 6b 6e 6f 77 6e 04 63 6f 72 65"},
        {"CON GET /obs observe=0 tok=5b90", "42 01 7d 34 5b 90 60 53 6f 62 73"},
        {"CON GET /3/0/9 accept=11542 tok=0102030405060708",
         "48 01 7d 34 01 02 03 04 05 06 07 08 b1 33 01 30 01 39 62 2d 16"},
        {"CON POST /rd ?ep=node cf=40 | </1/0>",
         "44 02 7d 34 01 02 03 04 b2 72 64 11 28 37 65 70 3d 6e 6f 64 65 ff 3c 2f 31 2f 30 3e"},
        {"NON PUT /led | 1", "50 03 7d 34 b3 6c 65 64 ff 31"},
        {"ACK 2.05 cf=11542 tok=5b90 | a TLV", "62 45 7d 34 5b 90 c2 2d 16 ff c1 00 05"},
        {"CON 2.05 observe=5 etag=0102 cf=50 tok=1 | {\"v\":1}",
         "41 45 7d 34 01 42 01 02 21 05 61 32 ff 7b 22 76 22 3a 31 7d"},
        {"CON GET /sensors/temp opt2100=6162",
         "40 01 7d 34 b7 73 65 6e 73 6f 72 73 04 74 65 6d 70 e2 07 1c 61 62"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct cs_slice octets = exact_hex(rows[i].hex);
        if (!accepted(octets, 0))
            fail_msg("%s (%s) was not taken for CoAP", rows[i].notation, rows[i].hex);
        release(octets);
    }
}

static void a_cut_message_with_evidence_enough_is_coap(void **state)
{
    (void)state;
    const struct cs_slice octets =
        exact_hex("44 02 7d 34 01 02 03 04 b2 72 64 11 28 37 65 70 3d 6e 6f 64 65 ff 3c");
    assert_true(accepted(octets, 300));
    assert_false(accepted((struct cs_slice){octets.at, 9}, 300));
    release(octets);
}

static void what_proves_nothing_or_is_no_sane_message_is_not_coap(void **state)
{
    static const struct {
        const char *notation, *hex;
    } rows[] = {
        {"CON Empty", "40 00 7d 34"},
        {"RST", "70 00 7d 34"},
        {"ACK 2.04 tok=5b90", "62 44 7d 34 5b 90"},
        {"version 2", "80 01 7d 34 b4 74 65 6d 70"},
        {"token of 9", "49 01 7d 34 01 02 03 04 05 06 07 08 09 b4 74 65 6d 70"},
        {"code 0.08", "40 08 7d 34 b4 74 65 6d 70"},
        {"code 2.07", "40 47 7d 34 c1 70 ff 81 a1 02 01"},
        {"ACK GET /sensors/temp", "60 01 7d 34 b7 73 65 6e 73 6f 72 73 04 74 65 6d 70"},
        {"RST GET /sensors/temp", "70 01 7d 34 b7 73 65 6e 73 6f 72 73 04 74 65 6d 70"},
        {"an unassigned option below 256", "40 01 7d 34 b7 73 65 6e 73 6f 72 73 04 74 65 6d 70 70"},
        {"option 0", "40 01 7d 34 00 b7 73 65 6e 73 6f 72 73 04 74 65 6d 70"},
        {"Max-Age in a request", "40 01 7d 34 b7 73 65 6e 73 6f 72 73 04 74 65 6d 70 31 3c"},
        {"Uri-Path in a response", "40 45 7d 34 b7 73 65 6e 73 6f 72 73 04 74 65 6d 70"},
        {"If-Match of 9",
         "40 01 7d 34 19 01 02 03 04 05 06 07 08 09 a7 73 65 6e 73 6f 72 73 04 74 65 6d 70"},
        {"two Content-Formats", "40 02 7d 34 b7 73 65 6e 73 6f 72 73 11 32 01 32 ff 7b 7d"},
        {"a control character in the path", "40 01 7d 34 b7 73 65 6e 07 6f 72 73 04 74 65 6d 70"},
        {"a path that is not UTF-8", "40 01 7d 34 b7 73 65 6e c3 6f 72 73 04 74 65 6d 70"},
        {"Observe 2 in a request", "40 01 7d 34 61 02 57 73 65 6e 73 6f 72 73 04 74 65 6d 70"},
        {"JSON that is none", "40 03 7d 34 b7 73 65 6e 73 6f 72 73 11 32 ff 81 a1 02"},
        {"an unassigned Accept", "40 01 7d 34 b7 73 65 6e 73 6f 72 73 61 07"},
        {"marker without payload", "40 01 7d 34 b7 73 65 6e 73 6f 72 73 04 74 65 6d 70 ff"},
        {"its length for a Message ID", "40 01 00 0d b7 73 65 6e 73 6f 72 73 04 74 65 6d 70"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct cs_slice octets = exact_hex(rows[i].hex);
        if (accepted(octets, 0))
            fail_msg("%s (%s) was taken for CoAP", rows[i].notation, rows[i].hex);
        release(octets);
    }
}

static void other_transports_are_not_guessed_at(void **state)
{
    (void)state;
    const struct cs_slice octets = exact_hex("40 01 7d 34 b4 74 65 6d 70");
    struct cs_datagram d = {.octets = octets, .carrier = CS_UDP};
    struct cs_message m;
    cs_message_decode(CS_UDP, octets, 0, &m);
    assert_true(cs_looks_like_coap(&d, &m));
    d.protection = CS_DTLS;
    assert_false(cs_looks_like_coap(&d, &m));
    release(octets);
}

static void feed_from(struct cs_analysis *a, bool to_server, uint8_t server_port, const char *hex)
{
    uint8_t frame[64] = {0x45, 0, 0, 0, 0,   0, 0, 0, 64,   17,   0,    0,
                         192,  0, 2, 1, 192, 0, 2, 1, 0x9c, 0x40, 0xf0, 0xb0};
    const struct cs_slice octets = exact_hex(hex);
    const size_t length = 28 + octets.len;
    assert_true(length <= sizeof frame);
    memcpy(frame + 28, octets.at, octets.len);
    frame[23] = server_port;
    if (!to_server)
        memcpy(frame + 20, (const uint8_t[]){0xf0, server_port, 0x9c, 0x40}, 4);
    frame[3] = (uint8_t)length;
    frame[25] = (uint8_t)(length - 20);
    cs_analysis_frames(a,
                       &(struct cs_frame){.octets = {frame, length},
                                          .time_ns = 1,
                                          .number = 1,
                                          .wire_length = (uint32_t)length,
                                          .link_type = 101},
                       1);
    release(octets);
}

static void feed(struct cs_analysis *a, bool to_server, const char *hex)
{
    feed_from(a, to_server, 0xb0, hex);
}

static void an_answer_from_another_port_is_coap(void **state)
{
    (void)state;
    static const struct {
        const char *answer;
        uint64_t taken;
    } cases[] = {{"64 44 7d 34 01 02 03 04", 2}, {"64 44 7d 34 01 02 03 05", 1},
                 {"63 44 7d 34 01 02 03", 1},    {"74 44 7d 34 01 02 03 04", 1},
                 {"64 03 7d 34 01 02 03 04", 1}, {"64 44 7d 34 01 02 03 04 ff", 1}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct cs_settings settings = {0};
        struct cs_analysis *a = cs_analysis_new(&settings);
        assert_non_null(a);
        feed(a, true, "44 03 7d 34 01 02 03 04 b4 74 65 6d 70");
        feed_from(a, false, 0xb1, cases[i].answer);
        assert_int_equal(cs_analysis_counts(a).messages, cases[i].taken);
        cs_analysis_free(a);
    }
}

static void malformed_is_coap_between_those_who_speak_it(void **state)
{
    (void)state;
    static const char broken[] = "80 01 7d 36 b4 74 65 6d 70",
                      no_payload[] = "52 45 00 02 aa bb ff";
    static const char request[] = "42 01 7d 34 aa bb b4 74 65 6d 70", other[] = "62 45 7d 34 aa bc";
    static const char response[] = "62 45 7d 34 aa bb ff 32 31";
    static const struct {
        const char *answer;
        uint64_t taken;
    } cases[] = {{response, 4}, {other, 2}, {no_payload, 1}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct cs_settings settings = {0};
        struct cs_analysis *a = cs_analysis_new(&settings);
        assert_non_null(a);
        feed(a, true, broken);
        feed(a, true, request);
        feed(a, false, cases[i].answer);
        feed(a, true, broken);
        feed(a, false, no_payload);
        feed(a, true, "16 03 01 00 01 00"); /* TLS is not */
        assert_int_equal(cs_analysis_counts(a).messages, cases[i].taken);
        cs_analysis_free(a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_from_another_port_is_coap),
        cmocka_unit_test(malformed_is_coap_between_those_who_speak_it),
        cmocka_unit_test(other_protocols_are_not_coap),
        cmocka_unit_test(random_octets_are_not_coap),
        cmocka_unit_test(random_octets_behind_a_coap_octet_are_hardly_ever_coap),
        cmocka_unit_test(ordinary_messages_are_coap),
        cmocka_unit_test(a_cut_message_with_evidence_enough_is_coap),
        cmocka_unit_test(what_proves_nothing_or_is_no_sane_message_is_not_coap),
        cmocka_unit_test(other_transports_are_not_guessed_at),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
