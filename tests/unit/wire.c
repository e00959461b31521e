/* tests/unit/wire.c: from frames to datagrams, without fragments. */
#include "packets.h"

#define RAW      101, ""
#define ETHERNET "020000000001 020000000002 "

static struct cs_wire *wire;

static int set_up(void **state)
{
    (void)state;
    wire = cs_wire_new(1 << 20);
    return wire != NULL ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    cs_wire_free(wire);
    return 0;
}

/* The result for one frame, whose octets are given back; those of `out` are checked here against `payload`. */
static enum cs_wire_result see(struct cs_frame frame, const char *payload, struct cs_datagram *out)
{
    memset(out, 0xa5, sizeof *out);
    enum cs_wire_result result = cs_wire_frame(wire, &frame, out);
    if (result == CS_WIRE_DATAGRAM && payload != NULL) {
        assert_int_equal(out->octets.len, strlen(payload));
        assert_memory_equal(out->octets.at, payload, out->octets.len);
        assert_int_equal(out->missing, 0);
        assert_int_equal(out->time_ns, 1000);
        assert_int_equal(out->packet, 7);
        assert_int_equal(out->carrier, CS_UDP);
        assert_int_equal(out->direction, CS_UNKNOWN);
        assert_false(out->fragmented);
    }
    release(frame.octets);
    return result;
}

static void assert_addresses(const struct cs_datagram *d, const char *src, const char *dst)
{
    char text[64];
    assert_string_equal(cs_address_format(&d->src, text, sizeof text), src);
    assert_string_equal(cs_address_format(&d->dst, text, sizeof text), dst);
}

static const struct {
    const char *name, *link;
    uint16_t type;
    uint8_t versions; /* bit 4, bit 6 */
} links[] = {
#define BOTH (1 << 4 | 1 << 6)
    {"raw", "", 101, BOTH},
    {"raw, BSD", "", 12, BOTH},
    {"raw, OpenBSD", "", 14, BOTH},
    {"raw IPv4", "", 228, 1 << 4},
    {"raw IPv6", "", 229, 1 << 6},
    {"Ethernet", ETHERNET "0800", 1, 1 << 4},
    {"Ethernet", ETHERNET "86dd", 1, 1 << 6},
    {"VLAN", ETHERNET "8100 0001 0800", 1, 1 << 4},
    {"QinQ", ETHERNET "88a8 0001 8100 0002 86dd", 1, 1 << 6},
    {"QinQ, old", ETHERNET "9100 0001 8100 0002 0800", 1, 1 << 4},
    {"eight tags", ETHERNET "8100000181000001810000018100000181000001810000018100000181000001 0800",
     1, 1 << 4},
    {"cooked", "0000 0001 0006 0200000000010000 0800", 113, 1 << 4},
    {"cooked", "0004 0304 0006 0000000000000000 86dd", 113, 1 << 6},
    {"cooked, VLAN", "0000 0001 0006 0200000000010000 8100 0005 0800", 113, 1 << 4},
    {"cooked v2", "0800 0000 00000003 0001 00 06 0200000000010000", 276, 1 << 4},
    {"cooked v2", "86dd 0000 00000003 0001 04 06 0200000000010000", 276, 1 << 6},
    {"null, little", "02000000", 0, 1 << 4},
    {"null, big", "00000002", 0, 1 << 4},
    {"null, Linux", "0a000000", 0, 1 << 6},
    {"null, Windows", "17000000", 0, 1 << 6},
    {"null, NetBSD", "00000018", 0, 1 << 6},
    {"null, FreeBSD", "1c000000", 0, 1 << 6},
    {"null, macOS", "1e000000", 0, 1 << 6},
    {"loop", "00000002", 108, 1 << 4},
    {"loop", "00000018", 108, 1 << 6},
};

static void link_types_give_the_identical_datagram(void **state)
{
    (void)state;
    const struct image packets[] = {packet4("message"), packet6("message")};
    for (size_t i = 0; i < sizeof links / sizeof links[0]; i++)
        for (unsigned v = 0; v < 2; v++) {
            struct cs_datagram d;
            bool can = (links[i].versions & (v == 0 ? 1 << 4 : 1 << 6)) != 0;
            struct cs_frame frame = frame_of(links[i].type, links[i].link, &packets[v], 0);
            enum cs_wire_result result = see(frame, "message", &d);
            if (can != (result == CS_WIRE_DATAGRAM))
                fail_msg("%s, packet %u: %d", links[i].name, v, result);
            if (!can)
                continue;
            assert_addresses(&d, v == 0 ? "192.0.2.1:40000" : "[2001:db8::1]:40000",
                             v == 0 ? "192.0.2.2:5683" : "[2001:db8::2]:5683");
        }
}

static void every_octet_of_an_ipv4_address_beyond_four_is_zero(void **state)
{
    (void)state;
    struct image packet = packet4("x");
    struct cs_datagram d;
    assert_int_equal(see(frame_of(RAW, &packet, 0), "x", &d), CS_WIRE_DATAGRAM);
    struct cs_address expected;
    assert_true(cs_address_parse("192.0.2.1:40000", 0, &expected));
    assert_memory_equal(&d.src, &expected, sizeof expected);
}

static void padding_behind_the_packet_is_no_payload(void **state)
{
    (void)state;
    struct image packet = packet4("");
    struct cs_datagram d;
    assert_int_equal(see(frame_of(1, ETHERNET "0800", &packet, 18), "", &d), CS_WIRE_DATAGRAM);
    packet = packet6("m");
    assert_int_equal(see(frame_of(1, ETHERNET "86dd", &packet, 4), "m", &d), CS_WIRE_DATAGRAM);
    packet = packet4("mess"); /* the UDP length ends before the IP packet does */
    packet.at[20 + 5] = 8 + 2;
    assert_int_equal(see(frame_of(RAW, &packet, 0), "me", &d), CS_WIRE_DATAGRAM);
}

static void ipv4_options_are_skipped(void **state)
{
    (void)state;
    struct image packet = image_big();
    put_ipv4(&packet, 1, 0, "9404000001010100", 8 + 2);
    put_udp(&packet, "ok", 2);
    struct cs_datagram d;
    assert_int_equal(see(frame_of(RAW, &packet, 0), "ok", &d), CS_WIRE_DATAGRAM);
    packet.at[0] = 0x44; /* a header shorter than itself */
    assert_int_equal(see(frame_of(RAW, &packet, 0), NULL, &d), CS_WIRE_UNDECODABLE);
    packet.at[0] = 0x4f; /* a header longer than the packet */
    assert_int_equal(see(frame_of(RAW, &packet, 0), NULL, &d), CS_WIRE_UNDECODABLE);
}

static void ipv6_extension_headers_are_skipped(void **state)
{
    (void)state;
    struct image packet = image_big();
    put_ipv6(&packet, 0, 8 + 16 + 24 + 8 + 12 + 8 + 2);
    put_hex(&packet, "2b 00 050200000104");                  /* hop-by-hop, then routing */
    put_hex(&packet, "3c 01 0400 000000000000000000000000"); /* routing, then destination */
    put_hex(&packet, "2c 02 01140000000000000000000000000000000000000000"); /* then fragment */
    put_hex(&packet, "33 00 0000 00000001");          /* an atomic one, then AH */
    put_hex(&packet, "11 01 0000 00000000 00000000"); /* AH, then UDP */
    put_udp(&packet, "ok", 2);
    struct cs_datagram d;
    assert_int_equal(see(frame_of(RAW, &packet, 0), "ok", &d), CS_WIRE_DATAGRAM);
    packet.at[40] = 59; /* no next header */
    assert_int_equal(see(frame_of(RAW, &packet, 0), NULL, &d), CS_WIRE_NOTHING);
    packet.at[40] = 43;
    packet.at[41] = 0xff; /* beyond the packet */
    assert_int_equal(see(frame_of(RAW, &packet, 0), NULL, &d), CS_WIRE_UNDECODABLE);
}

static void sixteen_extension_headers_are_the_most(void **state)
{
    (void)state;
    for (unsigned n = 16; n <= 17; n++) {
        struct image packet = image_big();
        put_ipv6(&packet, 60, n * 8 + 9);
        for (unsigned i = 1; i <= n; i++)
            put_hex(&packet, i == n ? "11 00 010400000000" : "3c 00 010400000000");
        put_udp(&packet, "x", 1);
        struct cs_datagram d;
        assert_int_equal(see(frame_of(RAW, &packet, 0), "x", &d),
                         n == 16 ? CS_WIRE_DATAGRAM : CS_WIRE_UNDECODABLE);
    }
}

static void a_length_of_zero_means_the_rest_of_the_frame(void **state)
{
    (void)state;
    struct image packet = packet4("offloaded");
    packet.at[2] = packet.at[3] = 0;
    struct cs_datagram d;
    assert_int_equal(see(frame_of(RAW, &packet, 0), "offloaded", &d), CS_WIRE_DATAGRAM);
    packet = packet6("offloaded");
    packet.at[4] = packet.at[5] = 0;
    assert_int_equal(see(frame_of(RAW, &packet, 0), "offloaded", &d), CS_WIRE_DATAGRAM);
}

static void every_cut_is_missing_octets_or_not_decodable(void **state)
{
    (void)state;
    const struct image packets[] = {packet4("message"), packet6("message")};
    for (size_t v = 0; v < 2; v++)
        for (size_t told = 0; told < 2; told++) /* does the file say how long the frame was? */
            for (size_t n = 0; n <= packets[v].len; n++) {
                struct image part = packets[v];
                part.len = n;
                struct cs_frame frame = frame_of(RAW, &part, 0);
                if (told == 1)
                    frame.wire_length = (uint32_t)packets[v].len;
                struct cs_datagram d;
                enum cs_wire_result result = see(frame, NULL, &d);
                size_t headers = packets[v].len - 7;
                assert_int_equal(result, n < headers ? CS_WIRE_UNDECODABLE : CS_WIRE_DATAGRAM);
                if (n < headers)
                    continue;
                assert_int_equal(d.octets.len, n - headers);
                assert_int_equal(d.missing, packets[v].len - n);
            }
}

static void what_is_not_udp_is_nothing(void **state)
{
    (void)state;
    struct image packet = packet4("x");
    struct cs_datagram d;
    packet.at[9] = 6; /* TCP */
    assert_int_equal(see(frame_of(RAW, &packet, 0), NULL, &d), CS_WIRE_NOTHING);
    packet.at[6] = 0x20; /* also as a fragment */
    assert_int_equal(see(frame_of(RAW, &packet, 0), NULL, &d), CS_WIRE_NOTHING);
    packet = packet6("x");
    packet.at[6] = 58; /* ICMPv6 */
    assert_int_equal(see(frame_of(RAW, &packet, 0), NULL, &d), CS_WIRE_NOTHING);
    assert_int_equal(see(frame_of(1, ETHERNET "0806", &packet, 0), NULL, &d), CS_WIRE_NOTHING);
    assert_int_equal(see(frame_of(1, ETHERNET "0026 42420300", &packet, 0), NULL, &d),
                     CS_WIRE_NOTHING);
    assert_int_equal(see(frame_of(0, "07000000", &packet, 0), NULL, &d), CS_WIRE_NOTHING);
    assert_int_equal(
        see(frame_of(113, "0004 0338 0000 0000000000000000 0800", &packet, 0), NULL, &d),
        CS_WIRE_NOTHING); /* netlink */
}

static void what_makes_no_sense_is_not_decodable(void **state)
{
    (void)state;
    const struct {
        size_t at;
        uint8_t value;
    } changes[] = {
        {0, 0x55},       /* version 5 */
        {3, 19},         /* total length below the header */
        {20 + 5, 7},     /* UDP length below its header */
        {20 + 5, 8 + 8}, /* UDP length beyond the packet */
    };
    struct cs_datagram d;
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        struct image packet = packet4("message");
        packet.at[changes[i].at] = changes[i].value;
        assert_int_equal(see(frame_of(RAW, &packet, 0), NULL, &d), CS_WIRE_UNDECODABLE);
    }
    struct image packet = packet4("x");
    assert_int_equal(see(frame_of(147, "", &packet, 0), NULL, &d), CS_WIRE_UNDECODABLE);
    assert_int_equal(
        see(frame_of(1,
                     ETHERNET "81000001810000018100000181000001810000018100000181000001"
                              "8100000181000001 0800",
                     &packet, 0),
            NULL, &d),
        CS_WIRE_UNDECODABLE); /* nine tags */
    assert_int_equal(see(frame_of(1, ETHERNET "86dd", &packet, 0), NULL, &d), CS_WIRE_UNDECODABLE);
}

static void the_direction_of_the_frame_is_kept(void **state)
{
    (void)state;
    struct image packet = packet4("x");
    struct cs_frame frame = frame_of(RAW, &packet, 0);
    frame.direction = CS_FROM_DEVICE;
    struct cs_datagram d;
    assert_int_equal(see(frame, NULL, &d), CS_WIRE_DATAGRAM);
    assert_int_equal(d.direction, CS_FROM_DEVICE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(link_types_give_the_identical_datagram),
        cmocka_unit_test(every_octet_of_an_ipv4_address_beyond_four_is_zero),
        cmocka_unit_test(padding_behind_the_packet_is_no_payload),
        cmocka_unit_test(ipv4_options_are_skipped),
        cmocka_unit_test(ipv6_extension_headers_are_skipped),
        cmocka_unit_test(sixteen_extension_headers_are_the_most),
        cmocka_unit_test(a_length_of_zero_means_the_rest_of_the_frame),
        cmocka_unit_test(every_cut_is_missing_octets_or_not_decodable),
        cmocka_unit_test(what_is_not_udp_is_nothing),
        cmocka_unit_test(what_makes_no_sense_is_not_decodable),
        cmocka_unit_test(the_direction_of_the_frame_is_kept),
    };
    return cmocka_run_group_tests_name("wire", tests, set_up, tear_down);
}
