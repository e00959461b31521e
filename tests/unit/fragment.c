/* tests/unit/fragment.c: packets that come in several fragments. */
#include "packets.h"

enum { LAST = 0, MORE = 1 };
static const uint64_t SECOND = UINT64_C(1000000000);

static struct cs_wire *wire;
static uint64_t packet_number, now_ns;
static unsigned family;    /* 4 or 6: of the fragments that are sent */
static struct image whole; /* UDP header and 96 octets of payload */

static void begin(unsigned ip, size_t memory)
{
    cs_wire_free(wire);
    wire = cs_wire_new(memory);
    assert_non_null(wire);
    packet_number = 0;
    now_ns = SECOND;
    family = ip;
    char payload[97] = "";
    for (unsigned i = 0; i < 96; i++)
        payload[i] = (char)('0' + i % 64);
    whole = image_big();
    put_udp(&whole, payload, 96);
}

/* Octets [from, to) of `octets` as a fragment; `cut` octets are not captured. */
static enum cs_wire_result send_octets(const struct image *octets, unsigned id, size_t from,
                                       size_t to, int more, size_t cut, struct cs_datagram *out)
{
    struct image packet = image_big();
    if (family == 4) {
        put_ipv4(&packet, id, (more != 0 ? 0x2000u : 0) | (unsigned)(from / 8), "", to - from);
    } else {
        put_ipv6(&packet, 44, 8 + to - from);
        put16(&packet, 17 << 8);
        put16(&packet, (unsigned)from | (more != 0));
        put32(&packet, id);
    }
    put(&packet, octets->at + from, to - from);
    packet.len -= cut;
    struct cs_frame frame = frame_of(101, "", &packet, 0);
    frame.wire_length += (uint32_t)cut;
    frame.number = ++packet_number;
    frame.time_ns = now_ns;
    memset(out, 0xa5, sizeof *out);
    enum cs_wire_result result = cs_wire_frame(wire, &frame, out);
    release(frame.octets); /* a whole packet does not borrow from its last fragment */
    return result;
}

static enum cs_wire_result fragment(size_t from, size_t to, int more)
{
    struct cs_datagram out;
    return send_octets(&whole, 0x1234, from, to, more, 0, &out);
}

/* A fragment after which all of `whole` must come out. */
static void completes(size_t from, size_t to, int more)
{
    struct cs_datagram out;
    assert_int_equal(send_octets(&whole, 0x1234, from, to, more, 0, &out), CS_WIRE_REASSEMBLED);
    assert_int_equal(out.octets.len, 96);
    assert_memory_equal(out.octets.at, whole.at + 8, 96);
    assert_int_equal(out.missing, 0);
    assert_int_equal(out.packet, packet_number);
    assert_int_equal(out.time_ns, now_ns);
    assert_int_equal(out.src.port, 40000);
    assert_int_equal(out.dst.port, 5683);
    assert_int_equal(out.src.family, family);
    assert_true(out.fragmented);
}

/* Each test for both versions of IP. */
#define FOR_BOTH(ip) for (unsigned ip = 4; ip <= 6; ip += 2)

static void fragments_in_order_are_joined(void **state)
{
    (void)state;
    FOR_BOTH(ip)
    {
        begin(ip, 1 << 20);
        assert_int_equal(fragment(0, 40, MORE), CS_WIRE_FRAGMENT);
        assert_int_equal(fragment(40, 48, MORE), CS_WIRE_FRAGMENT);
        completes(48, 104, LAST);
        assert_int_equal(cs_wire_counts(wire).fragments, 3);
        assert_int_equal(cs_wire_counts(wire).evicted, 0);
    }
}

static void fragments_in_every_order_are_joined(void **state)
{
    (void)state;
    static const uint8_t orders[6][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2},
                                         {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    static const size_t at[] = {0, 8, 64, 104};
    FOR_BOTH(ip)
    for (size_t i = 0; i < 6; i++) {
        begin(ip, 1 << 20);
        for (size_t k = 0; k < 2; k++) {
            uint8_t n = orders[i][k];
            assert_int_equal(fragment(at[n], at[n + 1u], n < 2), CS_WIRE_FRAGMENT);
        }
        uint8_t n = orders[i][2];
        completes(at[n], at[n + 1u], n < 2);
    }
}

static void packets_are_told_apart(void **state)
{
    (void)state;
    FOR_BOTH(ip)
    {
        begin(ip, 1 << 20);
        struct cs_datagram out;
        assert_int_equal(send_octets(&whole, 1, 0, 48, MORE, 0, &out), CS_WIRE_FRAGMENT);
        assert_int_equal(send_octets(&whole, 2, 48, 104, LAST, 0, &out), CS_WIRE_FRAGMENT);
        assert_int_equal(send_octets(&whole, 2, 0, 48, MORE, 0, &out), CS_WIRE_REASSEMBLED);
        assert_int_equal(send_octets(&whole, 1, 48, 104, LAST, 0, &out), CS_WIRE_REASSEMBLED);
    }
}

static void below_the_limit_no_packet_is_given_up(void **state)
{
    (void)state;
    enum { PACKETS = 1000 };
    FOR_BOTH(ip)
    {
        begin(ip, 1 << 20);
        struct cs_datagram out;
        for (unsigned id = 0; id < PACKETS; id++)
            assert_int_equal(send_octets(&whole, id, 0, 48, MORE, 0, &out), CS_WIRE_FRAGMENT);
        for (unsigned id = 0; id < PACKETS; id++)
            assert_int_equal(send_octets(&whole, id, 48, 104, LAST, 0, &out), CS_WIRE_REASSEMBLED);
        assert_int_equal(cs_wire_counts(wire).evicted, 0);
    }
}

static void the_first_fragment_says_which_protocol_it_is(void **state)
{
    (void)state;
    begin(6, 1 << 20);
    for (unsigned i = 0; i < 2;
         i++) { /* the last one, which speaks of options, then the first one */
        struct image packet = image_big();
        size_t from = i == 0 ? 48 : 0, to = i == 0 ? 104 : 48;
        put_ipv6(&packet, 44, 8 + to - from);
        put16(&packet, (i == 0 ? 60u : 17u) << 8);
        put16(&packet, (unsigned)from | i);
        put32(&packet, 5);
        put(&packet, whole.at + from, to - from);
        struct cs_frame frame = frame_of(101, "", &packet, 0);
        struct cs_datagram out;
        enum cs_wire_result result = cs_wire_frame(wire, &frame, &out);
        release(frame.octets);
        assert_int_equal(result, i == 0 ? CS_WIRE_FRAGMENT : CS_WIRE_REASSEMBLED);
    }
}

static void copies_of_a_fragment_do_no_harm(void **state)
{
    (void)state;
    FOR_BOTH(ip)
    {
        begin(ip, 1 << 20);
        for (int i = 0; i < 2; i++)
            assert_int_equal(fragment(0, 48, MORE), CS_WIRE_FRAGMENT);
        for (int i = 0; i < 2; i++)
            assert_int_equal(fragment(64, 104, LAST), CS_WIRE_FRAGMENT);
        completes(48, 64, MORE);
    }
}

static void overlap_in_ipv4_keeps_what_came_first(void **state)
{
    (void)state;
    begin(4, 1 << 20);
    struct image other = whole;
    memset(other.at, '!', other.len);
    struct cs_datagram out;
    assert_int_equal(fragment(16, 32, MORE), CS_WIRE_FRAGMENT);
    assert_int_equal(fragment(48, 64, MORE), CS_WIRE_FRAGMENT);
    assert_int_equal(fragment(0, 8, MORE), CS_WIRE_FRAGMENT);
    /* over all three, into the gaps between them and behind */
    assert_int_equal(send_octets(&other, 0x1234, 0, 72, MORE, 0, &out), CS_WIRE_FRAGMENT);
    assert_int_equal(fragment(8, 72, MORE), CS_WIRE_FRAGMENT);
    assert_int_equal(send_octets(&whole, 0x1234, 72, 104, LAST, 0, &out), CS_WIRE_REASSEMBLED);
    static const size_t ours[][2] = {{8, 16}, {32, 48}, {64, 72}};
    struct image expected = whole;
    for (size_t i = 0; i < 3; i++)
        memset(expected.at + ours[i][0], '!', ours[i][1] - ours[i][0]);
    assert_memory_equal(out.octets.at, expected.at + 8, 96);
}

static void overlap_in_ipv6_gives_the_packet_up(void **state)
{
    (void)state;
    static const size_t overlaps[][2] = {{0, 56}, {40, 56}, {16, 24}, {40, 48}, {0, 40}};
    for (size_t i = 0; i < sizeof overlaps / sizeof overlaps[0]; i++) {
        begin(6, 1 << 20);
        assert_int_equal(fragment(0, 48, MORE), CS_WIRE_FRAGMENT);
        assert_int_equal(fragment(overlaps[i][0], overlaps[i][1], MORE), CS_WIRE_FRAGMENT);
        assert_int_equal(cs_wire_counts(wire).evicted, 2);
        assert_int_equal(fragment(0, 48, MORE),
                         CS_WIRE_FRAGMENT); /* nothing of it counts any more */
        assert_int_equal(fragment(48, 104, LAST), CS_WIRE_FRAGMENT);
        assert_int_equal(cs_wire_counts(wire).evicted, 4);
        now_ns += 61 * SECOND; /* until its time is over */
        assert_int_equal(fragment(0, 48, MORE), CS_WIRE_FRAGMENT);
        completes(48, 104, LAST);
        assert_int_equal(cs_wire_counts(wire).evicted, 4);
    }
}

static void a_copy_with_other_octets_is_an_overlap_in_ipv6(void **state)
{
    (void)state;
    begin(6, 1 << 20);
    struct image other = whole;
    other.at[20] ^= 1;
    struct cs_datagram out;
    assert_int_equal(fragment(0, 48, MORE), CS_WIRE_FRAGMENT);
    assert_int_equal(send_octets(&other, 0x1234, 0, 48, MORE, 0, &out), CS_WIRE_FRAGMENT);
    assert_int_equal(fragment(48, 104, LAST), CS_WIRE_FRAGMENT);
}

static void fragments_that_contradict_each_other_give_the_packet_up(void **state)
{
    (void)state;
    FOR_BOTH(ip)
    {
        begin(ip, 1 << 20);
        assert_int_equal(fragment(48, 56, LAST), CS_WIRE_FRAGMENT);
        assert_int_equal(fragment(56, 104, LAST), CS_WIRE_FRAGMENT); /* another end */
        assert_int_equal(fragment(0, 48, MORE), CS_WIRE_FRAGMENT);
        begin(ip, 1 << 20);
        assert_int_equal(fragment(48, 56, LAST), CS_WIRE_FRAGMENT);
        assert_int_equal(fragment(56, 64, MORE), CS_WIRE_FRAGMENT); /* something behind the end */
        assert_int_equal(cs_wire_counts(wire).evicted, 2);
        begin(ip, 1 << 20);
        assert_int_equal(fragment(56, 104, MORE), CS_WIRE_FRAGMENT);
        assert_int_equal(fragment(48, 56, LAST),
                         CS_WIRE_FRAGMENT); /* an end before what has come */
        assert_int_equal(fragment(0, 48, MORE), CS_WIRE_FRAGMENT);
        assert_int_equal(cs_wire_counts(wire).evicted, 3);
    }
}

static void time_gives_packets_up(void **state)
{
    (void)state;
    FOR_BOTH(ip)
    {
        uint64_t limit = ip == 4 ? 30 : 60;
        begin(ip, 1 << 20);
        assert_int_equal(fragment(0, 48, MORE), CS_WIRE_FRAGMENT);
        now_ns += limit * SECOND;
        completes(48, 104, LAST);
        assert_int_equal(fragment(0, 48, MORE), CS_WIRE_FRAGMENT);
        now_ns += limit * SECOND + 1;
        assert_int_equal(fragment(48, 104, LAST), CS_WIRE_FRAGMENT);
        assert_int_equal(cs_wire_counts(wire).evicted, 1);
    }
}

static void a_clock_that_goes_back_gives_nothing_up(void **state)
{
    (void)state;
    begin(4, 1 << 20);
    now_ns = 100 * SECOND;
    assert_int_equal(fragment(0, 48, MORE), CS_WIRE_FRAGMENT);
    now_ns = SECOND;
    completes(48, 104, LAST);
}

static void memory_stays_under_its_limit_and_what_is_lost_is_counted(void **state)
{
    (void)state;
    enum { LIMIT = 64 * 1024, PACKETS = 5000 };
    FOR_BOTH(ip)
    {
        begin(ip, LIMIT);
        size_t empty = cs_wire_counts(wire).memory;
        struct cs_datagram out;
        for (unsigned id = 0; id < PACKETS; id++) {
            assert_int_equal(send_octets(&whole, id, 0, 48, MORE, 0, &out), CS_WIRE_FRAGMENT);
            assert_true(cs_wire_counts(wire).memory <= LIMIT);
        }
        uint64_t lost = cs_wire_counts(wire).evicted;
        assert_in_range(lost, PACKETS - LIMIT / 48, PACKETS - 1);
        unsigned found = 0; /* the youngest are still there */
        for (unsigned id = 0; id < PACKETS; id++)
            found += send_octets(&whole, id, 48, 104, LAST, 0, &out) == CS_WIRE_REASSEMBLED;
        assert_true(found <= PACKETS - lost);
        begin(ip, LIMIT);
        assert_int_equal(fragment(0, 48, MORE), CS_WIRE_FRAGMENT);
        completes(48, 104, LAST);
        assert_int_equal(fragment(0, 48, MORE), CS_WIRE_FRAGMENT);
        completes(48, 104, LAST);
        assert_true(cs_wire_counts(wire).memory <= empty + 104); /* the whole packet that is lent */
    }
}

static void more_pieces_than_any_link_needs_give_the_packet_up(void **state)
{
    (void)state;
    FOR_BOTH(ip)
    {
        begin(ip, 1 << 20);
        struct image large = image_big();
        put_bytes(&large, 16 * 300, 'x');
        struct cs_datagram out;
        for (size_t i = 0; i < 256; i++)
            assert_int_equal(send_octets(&large, 1, i * 16, i * 16 + 8, MORE, 0, &out),
                             CS_WIRE_FRAGMENT);
        assert_int_equal(cs_wire_counts(wire).evicted, 0);
        assert_int_equal(send_octets(&large, 1, 4096, 4104, MORE, 0, &out), CS_WIRE_FRAGMENT);
        assert_int_equal(cs_wire_counts(wire).evicted, 257);
    }
}

static void the_largest_packet_is_joined_and_a_larger_one_refused(void **state)
{
    (void)state;
    FOR_BOTH(ip)
    {
        begin(ip, 1 << 20);
        static char payload[65507];
        memset(payload, 'x', sizeof payload);
        struct image large = image_big();
        put_udp(&large, payload, sizeof payload); /* 65515 octets */
        struct cs_datagram out;
        assert_int_equal(send_octets(&large, 1, 0, 65000, MORE, 0, &out), CS_WIRE_FRAGMENT);
        assert_int_equal(send_octets(&large, 1, 65000, large.len, LAST, 0, &out),
                         CS_WIRE_REASSEMBLED);
        assert_int_equal(out.octets.len, sizeof payload);
        put_bytes(&large, 40, 'x');
        assert_int_equal(send_octets(&large, 2, 65528, large.len, LAST, 0, &out),
                         CS_WIRE_UNDECODABLE);
    }
}

static void a_fragment_that_is_no_multiple_of_8_is_not_decodable(void **state)
{
    (void)state;
    FOR_BOTH(ip)
    {
        begin(ip, 1 << 20);
        assert_int_equal(fragment(0, 47, MORE), CS_WIRE_UNDECODABLE);
        assert_int_equal(fragment(8, 8, MORE), CS_WIRE_UNDECODABLE);
    }
}

static void a_fragment_cut_by_the_snap_length_cuts_the_datagram_there(void **state)
{
    (void)state;
    FOR_BOTH(ip)
    for (size_t last = 0; last < 2; last++) {
        begin(ip, 1 << 20);
        struct cs_datagram out;
        assert_int_equal(send_octets(&whole, 1, 0, 48, MORE, last == 1 ? 0 : 10, &out),
                         CS_WIRE_FRAGMENT);
        assert_int_equal(send_octets(&whole, 1, 48, 104, LAST, last == 1 ? 10 : 0, &out),
                         CS_WIRE_REASSEMBLED);
        size_t have = last == 1 ? 94 : 38;
        assert_int_equal(out.octets.len, have - 8);
        assert_int_equal(out.missing, 104 - have);
        assert_memory_equal(out.octets.at, whole.at + 8, have - 8);
    }
}

static void ipv6_headers_within_the_fragments_are_walked(void **state)
{
    (void)state;
    begin(6, 1 << 20);
    struct image inner = image_big();
    put_hex(&inner, "11 00 010400000000");
    put_udp(&inner, "message", 7);
    for (size_t from = 0; from < inner.len; from += 8) {
        size_t to = from + 8 < inner.len ? from + 8 : inner.len;
        struct image packet = image_big();
        put_ipv6(&packet, 60,
                 8 + 8 + to - from); /* destination options before the fragment header, too */
        put_hex(&packet, "2c 00 010400000000");
        put16(&packet, 60 << 8);
        put16(&packet, (unsigned)from | (to < inner.len));
        put32(&packet, 99);
        put(&packet, inner.at + from, to - from);
        struct cs_frame frame = frame_of(101, "", &packet, 0);
        struct cs_datagram out;
        enum cs_wire_result result = cs_wire_frame(wire, &frame, &out);
        release(frame.octets);
        assert_int_equal(result, to < inner.len ? CS_WIRE_FRAGMENT : CS_WIRE_REASSEMBLED);
        if (to == inner.len)
            assert_memory_equal(out.octets.at, "message", 7);
    }
}

static int tear_down(void **state)
{
    (void)state;
    cs_wire_free(wire);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fragments_in_order_are_joined),
        cmocka_unit_test(fragments_in_every_order_are_joined),
        cmocka_unit_test(packets_are_told_apart),
        cmocka_unit_test(below_the_limit_no_packet_is_given_up),
        cmocka_unit_test(the_first_fragment_says_which_protocol_it_is),
        cmocka_unit_test(copies_of_a_fragment_do_no_harm),
        cmocka_unit_test(overlap_in_ipv4_keeps_what_came_first),
        cmocka_unit_test(overlap_in_ipv6_gives_the_packet_up),
        cmocka_unit_test(a_copy_with_other_octets_is_an_overlap_in_ipv6),
        cmocka_unit_test(fragments_that_contradict_each_other_give_the_packet_up),
        cmocka_unit_test(time_gives_packets_up),
        cmocka_unit_test(a_clock_that_goes_back_gives_nothing_up),
        cmocka_unit_test(memory_stays_under_its_limit_and_what_is_lost_is_counted),
        cmocka_unit_test(more_pieces_than_any_link_needs_give_the_packet_up),
        cmocka_unit_test(the_largest_packet_is_joined_and_a_larger_one_refused),
        cmocka_unit_test(a_fragment_that_is_no_multiple_of_8_is_not_decodable),
        cmocka_unit_test(a_fragment_cut_by_the_snap_length_cuts_the_datagram_there),
        cmocka_unit_test(ipv6_headers_within_the_fragments_are_walked),
    };
    return cmocka_run_group_tests_name("fragment", tests, NULL, tear_down);
}
