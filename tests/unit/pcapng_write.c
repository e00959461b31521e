/* tests/unit/pcapng_write.c: evidence is written, and read back the same. */
#include <errno.h>
#include <stdio.h>

#include "capture.h"
#include "wire/wire.h"

static struct cs_datagram datagram_new(const char *src, const char *dst, const char *text)
{
    struct cs_datagram d = {.time_ns = UINT64_C(1700000000123456789),
                            .octets = {(const uint8_t *)text, strlen(text)}};
    assert_true(cs_address_parse(src, 0, &d.src));
    assert_true(cs_address_parse(dst, 0, &d.dst));
    return d;
}

/* What `writer` wrote, read back. Closes the file. */
static struct reading read_back(FILE *file, char **written, const size_t *length)
{
    assert_int_equal(fclose(file), 0);
    struct reading r = read_memory((struct cs_slice){(const uint8_t *)*written, *length}, 32);
    free(*written);
    return r;
}

static void assert_datagram(struct cs_wire *wire, const struct cs_frame *frame,
                            const struct cs_datagram *expected)
{
    struct cs_datagram got;
    assert_int_equal(cs_wire_frame(wire, frame, &got), CS_WIRE_DATAGRAM);
    assert_int_equal(got.time_ns, expected->time_ns);
    assert_int_equal(got.packet, frame->number);
    assert_true(cs_address_equal(&got.src, &expected->src));
    assert_true(cs_address_equal(&got.dst, &expected->dst));
    assert_int_equal(got.octets.len, expected->octets.len);
    assert_memory_equal(got.octets.at, expected->octets.at, got.octets.len);
    assert_int_equal(got.missing, expected->missing);
    assert_int_equal(got.direction, expected->direction);
    assert_int_equal(got.carrier, CS_UDP);
    assert_false(got.fragmented);
}

static void datagrams_come_back_with_their_direction(void **state)
{
    (void)state;
    char *written;
    size_t length;
    FILE *file = open_memstream(&written, &length);
    struct cs_pcapng_writer writer;
    cs_pcapng_begin(&writer, file, "coapspec 0.1.0", "core/ping");
    const char *const comments[] = {"rfc7252/4.1/empty-message-is-bare: broken", "f\xc3\xbcr"};
    struct cs_datagram sent[] = {
        datagram_new("192.0.2.1:40000", "192.0.2.2:5683", "odd"),
        datagram_new("[2001:db8::2]:5683", "[2001:db8::1]:40000", "even"),
        datagram_new("192.0.2.1:40000", "192.0.2.2:5683", ""),
        datagram_new("192.0.2.1:40000", "192.0.2.2:5683", "cut off"),
    };
    sent[0].direction = CS_FROM_TESTER;
    sent[1].direction = CS_FROM_DEVICE;
    sent[3].missing = 20;
    for (size_t i = 0; i < 4; i++)
        cs_pcapng_datagram(&writer, &sent[i], comments, i % 3);
    assert_false(writer.failed);
    assert_int_equal(writer.packets, 4);

    struct reading r = read_back(file, &written, &length);
    assert_int_equal(r.end, CS_SOURCE_END);
    assert_int_equal(r.count, 4);
    assert_true(r.status.evidence);
    assert_string_equal(r.description, "pcapng, raw IP");
    struct cs_wire *wire = cs_wire_new(1 << 20);
    for (size_t i = 0; i < 4; i++)
        assert_datagram(wire, &r.frames[i], &sent[i]);
    cs_wire_free(wire);
    reading_fini(&r);
}

/* The ones' complement sum of 16-bit words: 0xffff over what holds its own right checksum. */
static unsigned words(const uint8_t *at, size_t n, unsigned total)
{
    for (size_t i = 0; i < n; i++)
        total += i % 2 == 0 ? at[i] * 256u : at[i];
    while (total > 0xffff)
        total = total % 0x10000 + total / 0x10000;
    return total;
}

static void checksums_are_right(void **state)
{
    (void)state;
    const char *const ends[][2] = {{"192.0.2.1:40000", "224.0.1.187:5683"},
                                   {"[2001:db8::2]:5683", "[ff02::fd]:40000"}};
    for (size_t i = 0; i < 2; i++) {
        char *written;
        size_t length;
        FILE *file = open_memstream(&written, &length);
        struct cs_pcapng_writer writer;
        cs_pcapng_begin(&writer, file, "coapspec", NULL);
        struct cs_datagram sent = datagram_new(ends[i][0], ends[i][1], "seven o");
        cs_pcapng_datagram(&writer, &sent, NULL, 0);
        struct reading r = read_back(file, &written, &length);
        assert_int_equal(r.count, 1);
        const uint8_t *at = r.frames[0].octets.at;
        size_t header = i == 0 ? 20 : 40, addresses = i == 0 ? 12 : 8;
        if (i == 0)
            assert_int_equal(words(at, 20, 0), 0xffff);
        unsigned pseudo = words(at + addresses, header - addresses, 17 + 8 + 7);
        assert_int_equal(words(at + header, 8 + 7, pseudo), 0xffff);
        reading_fini(&r);
    }
}

/* One datagram of two octets, as written: the checksum field. */
static unsigned checksum_of(const uint8_t payload[2])
{
    char *written;
    size_t length;
    FILE *file = open_memstream(&written, &length);
    struct cs_pcapng_writer writer;
    cs_pcapng_begin(&writer, file, "coapspec", NULL);
    struct cs_datagram sent = datagram_new("192.0.2.1:40000", "192.0.2.2:5683", "");
    sent.octets = (struct cs_slice){payload, 2};
    cs_pcapng_datagram(&writer, &sent, NULL, 0);
    struct reading r = read_back(file, &written, &length);
    assert_int_equal(r.count, 1);
    unsigned checksum = r.frames[0].octets.at[26] * 256u + r.frames[0].octets.at[27];
    reading_fini(&r);
    return checksum;
}

static void a_checksum_of_zero_is_sent_as_all_ones(void **state)
{
    (void)state;
    unsigned checksum = checksum_of((const uint8_t[]){0, 0}); /* these two octets make it zero */
    assert_in_range(checksum, 1, 0xfffe);
    const uint8_t payload[] = {(uint8_t)(checksum >> 8), (uint8_t)checksum};
    assert_int_equal(checksum_of(payload), 0xffff);
}

static void frames_of_several_link_types_are_kept(void **state)
{
    (void)state;
    char *written;
    size_t length;
    FILE *file = open_memstream(&written, &length);
    struct cs_pcapng_writer writer;
    cs_pcapng_begin(&writer, file, "coapspec", NULL);
    const uint16_t link_types[] = {1, 276, 1, 101};
    for (size_t i = 0; i < 4; i++) {
        const struct cs_frame frame = {.octets = {(const uint8_t *)"frame", i + 1},
                                       .time_ns = i * 7,
                                       .wire_length = 60,
                                       .link_type = link_types[i]};
        cs_pcapng_frame(&writer, &frame, NULL, 0);
    }
    struct reading r = read_back(file, &written, &length);
    assert_int_equal(r.count, 4);
    assert_string_equal(r.description, "pcapng, several link types");
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(r.frames[i].link_type, link_types[i]);
        assert_int_equal(r.frames[i].time_ns, i * 7);
        assert_int_equal(r.frames[i].wire_length, 60);
        assert_int_equal(r.frames[i].octets.len, i + 1);
        assert_int_equal(r.frames[i].number, i + 1);
    }
    reading_fini(&r);
}

static void a_comment_of_any_length_leaves_the_file_readable(void **state)
{
    (void)state;
    char *text = malloc(100000);
    assert_non_null(text);
    for (size_t cut = 0; cut < 4;
         cut++) { /* the limit falls on each octet of a two-octet character */
        memset(text, 'x', 100000);
        for (size_t i = cut; i + 2 < 99999; i += 2)
            memcpy(text + i, "\xc3\xbc", 2);
        text[99999] = '\0';
        char *written;
        size_t length;
        FILE *file = open_memstream(&written, &length);
        struct cs_pcapng_writer writer;
        cs_pcapng_begin(&writer, file, "coapspec", text);
        struct cs_datagram sent = datagram_new("192.0.2.1:1", "192.0.2.2:2", "x");
        const char *const comments[] = {text, "", text};
        cs_pcapng_datagram(&writer, &sent, comments, 3);
        assert_false(writer.failed);
        fflush(file); /* the section's comment: behind 24 octets of header */
        size_t comment_length = (uint8_t)written[26] | (size_t)(uint8_t)written[27] << 8, bad;
        assert_in_range(comment_length, 65531, 65532);
        assert_true(
            cs_utf8_valid((struct cs_slice){(const uint8_t *)written + 28, comment_length}, &bad));
        struct reading r = read_back(file, &written, &length);
        assert_int_equal(r.end, CS_SOURCE_END);
        assert_int_equal(r.count, 1);
        assert_false(r.status.truncated);
        reading_fini(&r);
    }
    free(text);
}

static void a_full_disk_is_noticed(void **state)
{
    (void)state;
    FILE *file = fopen("/dev/full", "wb");
    if (file == NULL)
        skip();
    setvbuf(file, NULL, _IONBF, 0);
    struct cs_pcapng_writer writer;
    cs_pcapng_begin(&writer, file, "coapspec", NULL);
    assert_true(writer.failed);
    assert_int_equal(writer.saved_errno, ENOSPC);
    fclose(file);
}

static void what_no_packet_can_hold_fails(void **state)
{
    (void)state;
    char *written, *text = calloc(1, 70000);
    size_t length;
    assert_non_null(text);
    memset(text, 'x', 65508);
    FILE *file = open_memstream(&written, &length);
    struct cs_pcapng_writer writer;
    cs_pcapng_begin(&writer, file, "coapspec", NULL);
    struct cs_datagram d = datagram_new("192.0.2.1:1", "192.0.2.2:2", text);
    cs_pcapng_datagram(&writer, &d, NULL, 0);
    assert_true(writer.failed);
    assert_int_equal(writer.saved_errno, EMSGSIZE);
    writer.failed = false;
    d.octets.len--; /* the largest there is */
    cs_pcapng_datagram(&writer, &d, NULL, 0);
    assert_false(writer.failed);
    d.dst.family = 6;
    cs_pcapng_datagram(&writer, &d, NULL, 0);
    assert_int_equal(writer.saved_errno, EAFNOSUPPORT);
    struct reading r = read_back(file, &written, &length);
    assert_int_equal(r.count, 1);
    assert_int_equal(r.frames[0].octets.len, 65535);
    reading_fini(&r);
    free(text);
}

static void losses_are_said_and_the_last_word_counts(void **state)
{
    (void)state;
    char *written;
    size_t length;
    FILE *file = open_memstream(&written, &length);
    struct cs_pcapng_writer writer;
    struct cs_datagram d = datagram_new("192.0.2.1:40000", "192.0.2.2:5683", "seen");
    const uint16_t raw = 101, ethernet = 1;
    cs_pcapng_begin(&writer, file, "coapspec", NULL);
    cs_pcapng_datagram(&writer, &d, NULL, 0);
    cs_pcapng_drops(&writer, raw, 3, 1);
    cs_pcapng_datagram(&writer, &d, NULL, 0);
    cs_pcapng_drops(&writer, raw, UINT64_C(0x100000007), 2);
    cs_pcapng_drops(&writer, ethernet, 0, 40); /* an interface of its own, without a packet */
    assert_false(writer.failed);
    struct reading r = read_back(file, &written, &length);
    assert_int_equal(r.end, CS_SOURCE_END);
    assert_int_equal(r.count, 2);
    assert_int_equal(r.status.dropped_kernel, UINT64_C(0x100000007));
    assert_int_equal(r.status.dropped_interface, 42);
    reading_fini(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(datagrams_come_back_with_their_direction),
        cmocka_unit_test(checksums_are_right),
        cmocka_unit_test(a_checksum_of_zero_is_sent_as_all_ones),
        cmocka_unit_test(frames_of_several_link_types_are_kept),
        cmocka_unit_test(a_comment_of_any_length_leaves_the_file_readable),
        cmocka_unit_test(a_full_disk_is_noticed),
        cmocka_unit_test(what_no_packet_can_hold_fails),
        cmocka_unit_test(losses_are_said_and_the_last_word_counts),
    };
    return cmocka_run_group_tests_name("pcapng_write", tests, NULL, NULL);
}
