/* tests/unit/pcapng.c: the capture file made of blocks. */
#include <stdio.h>

#include "capture.h"

enum {
    SECTION = 0x0a0d0d0a,
    INTERFACE = 1,
    OLD_PACKET = 2,
    SIMPLE = 3,
    STATISTICS = 5,
    PACKET = 6
};

/* ------------------------------------------------------------------ blocks */

static size_t begin_block(struct image *image, uint32_t type)
{
    size_t start = image->len;
    put32(image, type);
    put32(image, 0);
    return start;
}

static void end_block(struct image *image, size_t start)
{
    while (image->len % 4 != 0)
        put(image, "", 1);
    struct image length = {.big = image->big};
    put32(&length, (uint32_t)(image->len + 4 - start));
    memcpy(image->at + start + 4, length.at, 4);
    put(image, length.at, 4);
}

static void put_option(struct image *image, unsigned code, const void *value, size_t n)
{
    put16(image, code);
    put16(image, (unsigned)n);
    put(image, value, n);
    put(image, "\0\0\0", (4 - n % 4) % 4);
}

static void section(struct image *image, const char *application)
{
    size_t start = begin_block(image, SECTION);
    put32(image, 0x1a2b3c4d);
    put16(image, 1);
    put16(image, 0);
    put64(image, UINT64_MAX);
    put_option(image, 1, "a comment", 9);
    if (application != NULL)
        put_option(image, 4, application, strlen(application));
    put32(image, 0);
    end_block(image, start);
}

/* `resolution` 0: none is given. */
static void interface(struct image *image, unsigned link_type, uint32_t snap_length,
                      unsigned resolution, int64_t offset)
{
    size_t start = begin_block(image, INTERFACE);
    put16(image, link_type);
    put16(image, 0);
    put32(image, snap_length);
    put_option(image, 2, "eth0", 4);
    uint8_t octet = (uint8_t)resolution;
    if (resolution != 0)
        put_option(image, 9, &octet, 1);
    if (offset != 0) {
        put16(image, 14);
        put16(image, 8);
        put64(image, (uint64_t)offset);
    }
    end_block(image, start); /* without an end of options: it may be left out */
}

static void packet_head(struct image *image, unsigned id, uint64_t time, size_t captured,
                        uint32_t length)
{
    put32(image, id);
    put32(image, (uint32_t)(time >> 32));
    put32(image, (uint32_t)time);
    put32(image, (uint32_t)captured);
    put32(image, length);
}

static void packet(struct image *image, unsigned id, uint64_t time, const char *octets,
                   uint32_t length)
{
    size_t start = begin_block(image, PACKET);
    packet_head(image, id, time, strlen(octets), length);
    put(image, octets, strlen(octets));
    end_block(image, start);
}

static void flagged(struct image *image, uint64_t time, const char *octets, uint32_t flags)
{
    size_t start = begin_block(image, PACKET);
    packet_head(image, 0, time, strlen(octets), (uint32_t)strlen(octets));
    put(image, octets, strlen(octets));
    while (image->len % 4 != 0)
        put(image, "", 1);
    put_option(image, 1, "verdict", 7);
    put16(image, 2);
    put16(image, 4);
    put32(image, flags);
    put32(image, 0);
    end_block(image, start);
}

/* A file of each kind of block. */
static struct image all_blocks(bool big)
{
    struct image image = {.big = big};
    section(&image, "dumpcap");
    interface(&image, 1, 0, 0, 0);
    packet(&image, 0, UINT64_C(1700000000123456), "packet 1", 100);
    size_t start = begin_block(&image, SIMPLE);
    put32(&image, 9);
    put(&image, "packet 2!", 9);
    end_block(&image, start);
    interface(&image, 101, 0, 9, 0);
    packet(&image, 1, UINT64_C(1700000001000000007), "packet 3", 8);
    start = begin_block(&image, OLD_PACKET);
    put16(&image, 1);
    put16(&image, 5); /* lost before it */
    put64(&image, 0);
    put32(&image, 4);
    put32(&image, 4);
    put(&image, "four", 4);
    end_block(&image, start);
    start = begin_block(&image, 10); /* secrets */
    put_hex(&image, "544c534b 00000000");
    end_block(&image, start);
    start = begin_block(&image, 4); /* names */
    put32(&image, 0);
    end_block(&image, start);
    start = begin_block(&image, 0x80000bad); /* nobody's */
    put64(&image, 0);
    end_block(&image, start);
    packet(&image, 1, 42, "", 0);
    return image;
}

/* ------------------------------------------------------------------ tests */

static void every_kind_of_packet_is_read_and_the_rest_skipped(void **state)
{
    (void)state;
    struct image image = all_blocks(false);
    struct reading r = read_image(&image);
    assert_int_equal(r.end, CS_SOURCE_END);
    assert_int_equal(r.count, 5);
    static const struct {
        const char *octets;
        uint64_t time_ns;
        uint32_t wire_length;
        uint16_t link_type;
    } expected[] = {
        {"packet 1", UINT64_C(1700000000123456000), 100, 1},
        {"packet 2!", UINT64_C(1700000000123456000), 9,
         1}, /* it has no time: that of the one before */
        {"packet 3", UINT64_C(1700000001000000007), 8, 101},
        {"four", 0, 4, 101},
        {"", 42, 0, 101},
    };
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(r.frames[i].number, i + 1);
        assert_int_equal(r.frames[i].octets.len, strlen(expected[i].octets));
        assert_memory_equal(r.frames[i].octets.at, expected[i].octets, r.frames[i].octets.len);
        assert_int_equal(r.frames[i].time_ns, expected[i].time_ns);
        assert_int_equal(r.frames[i].wire_length, expected[i].wire_length);
        assert_int_equal(r.frames[i].link_type, expected[i].link_type);
        assert_int_equal(r.frames[i].direction, CS_UNKNOWN);
    }
    assert_int_equal(r.status.dropped_kernel, 5);
    assert_string_equal(r.description, "pcapng, several link types");
    assert_false(r.status.evidence);
    reading_fini(&r);
}

static void byte_orders_give_the_same_frames(void **state)
{
    (void)state;
    struct image little = all_blocks(false), big = all_blocks(true);
    struct reading a = read_image(&little), b = read_image(&big);
    assert_int_equal(b.count, 5);
    assert_same_frames(&a, &b);
    reading_fini(&a);
    reading_fini(&b);
}

static void each_section_has_its_own_byte_order_and_interfaces(void **state)
{
    (void)state;
    struct image image = {.big = false};
    section(&image, NULL);
    interface(&image, 1, 0, 0, 0);
    interface(&image, 113, 0, 0, 0);
    packet(&image, 1, 1, "a", 1);
    image.big = true;
    section(&image, NULL);
    interface(&image, 228, 0, 9, 0);
    packet(&image, 0, 1, "b", 1);
    image.big = false;
    size_t offset = image.len;
    section(&image, NULL);
    size_t bad = image.len;
    packet(&image, 0, 1, "c", 1); /* the interfaces before are forgotten */
    struct reading r = read_image(&image);
    assert_int_equal(r.count, 2);
    assert_int_equal(r.frames[0].link_type, 113);
    assert_int_equal(r.frames[0].time_ns, 1000);
    assert_int_equal(r.frames[1].link_type, 228);
    assert_int_equal(r.frames[1].time_ns, 1);
    assert_int_equal(r.frames[1].number, 2);
    assert_int_equal(r.end, CS_SOURCE_ERROR);
    char text[128];
    snprintf(text, sizeof text, "at offset %zu: a packet of interface 0, which was not described",
             bad);
    assert_string_equal(r.error.text, text);
    reading_fini(&r);
    image.len = offset;
    r = read_image(&image);
    assert_int_equal(r.end, CS_SOURCE_END);
    reading_fini(&r);
}

static void every_prefix_gives_its_whole_packets(void **state)
{
    (void)state;
    struct image image = all_blocks(true);
    struct reading all = read_image(&image);
    size_t block = 0, packets = 0;
    for (size_t n = 0; n <= image.len; n++) {
        if (block < n && n >= 12) { /* has another block ended? */
            const uint8_t *at = image.at + block;
            size_t length = (size_t)at[4] << 24 | (size_t)at[5] << 16 | (size_t)at[6] << 8 | at[7];
            if (n - block == length) {
                packets += at[3] == PACKET || at[3] == SIMPLE || at[3] == OLD_PACKET;
                block = n;
            }
        }
        struct reading r = read_memory((struct cs_slice){image.at, n}, 2);
        if (n < 12) {
            assert_int_equal(r.end, 1);
            continue;
        }
        assert_int_equal(r.end, CS_SOURCE_END);
        assert_int_equal(r.count, packets);
        assert_int_equal(r.status.truncated, n != block);
        assert_int_equal(r.status.truncated_at, n != block ? block : 0);
        for (size_t i = 0; i < r.count; i++)
            assert_memory_equal(r.frames[i].octets.at, all.frames[i].octets.at,
                                all.frames[i].octets.len);
        reading_fini(&r);
    }
    assert_int_equal(packets, 5);
    reading_fini(&all);
}

static void clocks_of_any_resolution_give_nanoseconds(void **state)
{
    (void)state;
    static const struct {
        unsigned resolution;
        int64_t offset;
        uint64_t time, ns;
    } cases[] = {
        {6, 0, 1700000000123456, 1700000000123456000},
        {3, 0, 1700000000123, 1700000000123000000},
        {9, 0, 1700000000123456789, 1700000000123456789},
        {9, 5, 1700000000123456789, 1700000005123456789},
        {9, -5, 1700000000123456789, 1699999995123456789},
        {12, 0, 1700000000123456, 1700000000123}, /* picoseconds */
        {12, 1, 1000, 1000000001},
        {19, 0, 15000000001, 1},
        {0x80 | 1, 0, 3, 1500000000},
        {0x80 | 32, 0, UINT64_C(7) << 31, 3500000000},
        {0x80 | 63, 0, UINT64_C(3) << 62, 1500000000},
        {6, -1700000000, 1700000000123456, 123456000},
        {6, -1700000001, 1700000000123456, 123456000}, /* before 1970 is 1970 */
        {0x80, 0, 9, 9000000000},
        {0x80, 0, UINT64_MAX, UINT64_C(18446744072000000000)}, /* so late is the latest */
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct image image = {.big = i % 2 != 0};
        section(&image, NULL);
        interface(&image, 1, 0, cases[i].resolution, cases[i].offset);
        packet(&image, 0, cases[i].time, "x", 1);
        struct reading r = read_image(&image);
        assert_int_equal(r.count, 1);
        if (r.frames[0].time_ns != cases[i].ns)
            fail_msg("case %zu: expected %llu, got %llu", i, (unsigned long long)cases[i].ns,
                     (unsigned long long)r.frames[0].time_ns);
        reading_fini(&r);
    }
}

static void drops_of_statistics_and_packets_are_added_up(void **state)
{
    (void)state;
    struct image image = {.big = true};
    for (unsigned s = 0; s < 2; s++) {
        section(&image, NULL);
        interface(&image, 1, 0, 0, 0);
        interface(&image, 1, 0, 0, 0);
        for (uint64_t k = 1; k <= 2; k++) { /* counters go on: the last one counts */
            size_t start = begin_block(&image, STATISTICS);
            put32(&image, 1);
            put64(&image, 0);
            put16(&image, 5);
            put16(&image, 8);
            put64(&image, k * 10);
            put16(&image, 7);
            put16(&image, 8);
            put64(&image, k * 100);
            end_block(&image, start);
        }
        for (int k = 0; k < 3; k++) { /* interface 0: 2 lost before each */
            size_t start = begin_block(&image, PACKET);
            packet_head(&image, 0, 1, 0, 0);
            put16(&image, 4);
            put16(&image, 8);
            put64(&image, 2);
            end_block(&image, start);
        }
    }
    struct reading r = read_image(&image);
    assert_int_equal(r.count, 6);
    assert_int_equal(r.status.dropped_kernel, 2 * (200 + 6));
    assert_int_equal(r.status.dropped_interface, 2 * 20);
    reading_fini(&r);
}

static void an_old_packet_may_not_know_what_was_lost(void **state)
{
    (void)state;
    for (unsigned drops = 0xfffe; drops <= 0xffff; drops++) {
        struct image image = {.big = true};
        section(&image, NULL);
        interface(&image, 1, 0, 0, 0);
        size_t start = begin_block(&image, OLD_PACKET);
        put16(&image, 0);
        put16(&image, drops);
        put64(&image, 0);
        put64(&image, 0);
        end_block(&image, start);
        struct reading r = read_image(&image);
        assert_int_equal(r.count, 1);
        assert_int_equal(r.status.dropped_kernel, drops == 0xffff ? 0 : drops);
        reading_fini(&r);
    }
}

static void packets_are_numbered_as_wireshark_does(void **state)
{
    (void)state;
    static const struct {
        uint32_t type;
        unsigned numbers; /* that it takes */
    } cases[] = {{4, 0}, {10, 0}, {0x77, 0}, {9, 1}, {0xbad, 1}, {0x40000bad, 1}, {0x204, 1}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct image image = {.big = i % 2 != 0};
        section(&image, NULL);
        interface(&image, 1, 0, 0, 0);
        packet(&image, 0, 1, "a", 1);
        size_t start = begin_block(&image, cases[i].type);
        put64(&image, 0);
        end_block(&image, start);
        packet(&image, 0, 1, "b", 1);
        struct reading r = read_image(&image);
        assert_int_equal(r.count, 2);
        assert_int_equal(r.frames[1].number, 2 + cases[i].numbers);
        reading_fini(&r);
    }
}

static void a_simple_packet_ends_with_block_or_snap_length(void **state)
{
    (void)state;
    struct image image = {.big = true};
    section(&image, NULL);
    interface(&image, 1, 6, 0, 0);
    size_t start = begin_block(&image, SIMPLE);
    put32(&image, 1000);
    put(&image, "abcdef\0\0", 8);
    end_block(&image, start);
    struct reading r = read_image(&image);
    assert_int_equal(r.count, 1);
    assert_int_equal(r.frames[0].octets.len, 6);
    assert_int_equal(r.frames[0].wire_length, 1000);
    reading_fini(&r);
}

static void directions_count_only_in_evidence_of_ours(void **state)
{
    (void)state;
    static const struct {
        const char *application;
        bool evidence;
    } cases[] = {{"coapspec 0.1.0", true}, {"coapspec", true}, {"coapspe", false},
                 {"dumpcap", false},       {NULL, false},      {"", false}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct image image = {.big = i % 2 != 0};
        section(&image, cases[i].application);
        interface(&image, 101, 0, 9, 0);
        for (uint32_t flags = 0; flags < 4; flags++)
            flagged(&image, flags, "octets", flags | 0x40);
        struct reading r = read_image(&image);
        assert_int_equal(r.count, 4);
        assert_int_equal(r.status.evidence, cases[i].evidence);
        assert_int_equal(r.frames[0].direction, CS_UNKNOWN);
        assert_int_equal(r.frames[1].direction, cases[i].evidence ? CS_FROM_DEVICE : CS_UNKNOWN);
        assert_int_equal(r.frames[2].direction, cases[i].evidence ? CS_FROM_TESTER : CS_UNKNOWN);
        assert_int_equal(r.frames[3].direction, CS_UNKNOWN);
        reading_fini(&r);
    }
}

static void a_file_that_is_evidence_in_part_is_none(void **state)
{
    (void)state;
    static const char *const applications[][2] = {{"coapspec", "mergecap"},
                                                  {"mergecap", "coapspec"}};
    for (size_t i = 0; i < 2; i++) {
        struct image image = {.big = false};
        for (size_t k = 0; k < 2; k++) {
            section(&image, applications[i][k]);
            interface(&image, 101, 0, 9, 0);
            flagged(&image, 1, "x", 1);
        }
        struct reading r = read_image(&image);
        assert_int_equal(r.count, 2);
        assert_int_equal(r.frames[i].direction, CS_FROM_DEVICE);
        assert_int_equal(r.frames[1 - i].direction, CS_UNKNOWN);
        assert_false(r.status.evidence);
        reading_fini(&r);
    }
}

static void the_status_knows_evidence_before_the_first_frame(void **state)
{
    (void)state;
    struct image image = {.big = false};
    section(&image, "coapspec");
    interface(&image, 101, 0, 9, 0);
    flagged(&image, 1, "x", 1);
    struct cs_error error;
    struct cs_source *source = cs_source_memory(slice_of(&image), &error);
    assert_non_null(source);
    assert_true(cs_source_status(source).evidence);
    assert_string_equal(cs_source_status(source).description, "pcapng, raw IP");
    cs_source_free(source);
}

/* A valid file of two packets, whose second block is then damaged. */
static void damage_is_an_error_after_the_packets_before_it(void **state)
{
    (void)state;
    static const struct {
        size_t at; /* in the block */
        uint32_t value;
        const char *says;
    } cases[] = {
        {4, 11, "a block (type 0x6) claims 11 octets: the file is damaged there"},
        {4, 8, "a block (type 0x6) claims 8 octets"},
        {4, 41, "a block (type 0x6) claims 41 octets"},
        {4, 0x7ffffffc, "a block (type 0x6) claims 2147483644 octets"},
        {36, 40, "a block (type 0x6) of 40 octets ends with the length 41"},
        {8, 1, "a packet of interface 1, which was not described"},
        {20, 1000, "a packet of 1000 octets in a block of 40"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct image image = {.big = true};
        section(&image, NULL);
        interface(&image, 1, 0, 0, 0);
        packet(&image, 0, 1, "good", 4);
        size_t start = image.len;
        packet(&image, 0, 2, "bad!!!!!", 8);
        struct image value = {.big = true};
        put32(&value, cases[i].value + (cases[i].at == 36));
        memcpy(image.at + start + cases[i].at, value.at, 4);
        struct reading r = read_image(&image);
        assert_int_equal(r.count, 1);
        assert_int_equal(r.end, CS_SOURCE_ERROR);
        char text[192];
        snprintf(text, sizeof text, "at offset %zu: %s", start, cases[i].says);
        if (strncmp(r.error.text, text, strlen(text)) != 0)
            fail_msg("expected '%s', got '%s'", text, r.error.text);
        reading_fini(&r);
    }
}

static void what_starts_wrong_is_not_opened(void **state)
{
    (void)state;
    struct image image = {.big = true};
    section(&image, NULL);
    image.at[13] = 2; /* version 2 */
    struct reading r = read_image(&image);
    assert_int_equal(r.end, 1);
    assert_string_equal(r.error.text, "at offset 0: version 2 of pcapng is not known");
    image = (struct image){.big = true};
    section(&image, NULL);
    interface(&image, 1, 0, 20, 0); /* 10 to the minus 20 */
    r = read_image(&image);
    assert_int_equal(r.end, CS_SOURCE_ERROR);
    assert_string_equal(r.error.text, "at offset 48: the resolution of its clock is too fine");
    reading_fini(&r);
}

static void options_that_make_no_sense_are_passed_over(void **state)
{
    (void)state;
    struct image image = {.big = true};
    section(&image, NULL);
    interface(&image, 1, 0, 0, 0);
    size_t start = begin_block(&image, PACKET);
    packet_head(&image, 0, 1, 4, 4);
    put(&image, "good", 4);
    put16(&image, 1);
    put16(&image, 0xffff); /* beyond the block */
    end_block(&image, start);
    packet(&image, 0, 2, "more", 4);
    struct reading r = read_image(&image);
    assert_int_equal(r.end, CS_SOURCE_END);
    assert_int_equal(r.count, 2);
    reading_fini(&r);
}

static void secrets(struct image *image, uint32_t type, uint32_t claimed, const char *text)
{
    size_t start = begin_block(image, 10);
    put32(image, type);
    put32(image, claimed);
    put(image, text, strlen(text));
    end_block(image, start);
}

static void keep_text(void *user, struct cs_slice text)
{
    char *all = user;
    const size_t used = strlen(all);
    assert_true(used + text.len < 64);
    memcpy(all + used, text.at, text.len);
    all[used + text.len] = '\0';
}

static void key_logs_are_handed_out_before_what_follows_them(void **state)
{
    (void)state;
    enum { TLS = 0x544c534b, WIREGUARD = 0x57474b4c };
    for (int big = 0; big < 2; big++) {
        struct image image = {.big = big != 0};
        struct cs_frame frame;
        struct cs_error error;
        char all[64] = "";
        section(&image, "dumpcap");
        secrets(&image, TLS, 5, "first");
        interface(&image, 1, 0, 0, 0);
        packet(&image, 0, 1, "one", 3);
        secrets(&image, WIREGUARD, 5, "other");
        secrets(&image, TLS, 99, "long");
        secrets(&image, TLS, 6, "second");
        packet(&image, 0, 2, "two", 3);
        struct cs_source *source = cs_source_memory((struct cs_slice){image.at, image.len}, &error);
        assert_non_null(source);
        cs_source_on_secrets(source, keep_text, all);
        assert_int_equal(cs_source_next(source, &frame, 1, &error), 1);
        assert_string_equal(all, "first");
        assert_int_equal(cs_source_next(source, &frame, 1, &error), 1);
        assert_memory_equal(frame.octets.at, "two", 3);
        assert_string_equal(all, "firstsecond");
        assert_int_equal(cs_source_next(source, &frame, 1, &error), CS_SOURCE_END);
        cs_source_free(source);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_of_packet_is_read_and_the_rest_skipped),
        cmocka_unit_test(byte_orders_give_the_same_frames),
        cmocka_unit_test(each_section_has_its_own_byte_order_and_interfaces),
        cmocka_unit_test(every_prefix_gives_its_whole_packets),
        cmocka_unit_test(clocks_of_any_resolution_give_nanoseconds),
        cmocka_unit_test(drops_of_statistics_and_packets_are_added_up),
        cmocka_unit_test(an_old_packet_may_not_know_what_was_lost),
        cmocka_unit_test(packets_are_numbered_as_wireshark_does),
        cmocka_unit_test(a_simple_packet_ends_with_block_or_snap_length),
        cmocka_unit_test(directions_count_only_in_evidence_of_ours),
        cmocka_unit_test(a_file_that_is_evidence_in_part_is_none),
        cmocka_unit_test(the_status_knows_evidence_before_the_first_frame),
        cmocka_unit_test(damage_is_an_error_after_the_packets_before_it),
        cmocka_unit_test(what_starts_wrong_is_not_opened),
        cmocka_unit_test(options_that_make_no_sense_are_passed_over),
        cmocka_unit_test(key_logs_are_handed_out_before_what_follows_them),
    };
    return cmocka_run_group_tests_name("pcapng", tests, NULL, NULL);
}
