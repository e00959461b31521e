/* tests/unit/pcap.c: the classic capture file. */
#include <stdio.h>
#include <unistd.h>

#include "capture.h"

static uint32_t magic(const char *variant)
{
    if (strcmp(variant, "ns") == 0)
        return 0xa1b23c4d;
    return strcmp(variant, "modified") == 0 ? 0xa1b2cd34 : 0xa1b2c3d4;
}

static struct image image_new(bool big, const char *variant, unsigned minor, uint32_t link_type)
{
    struct image image = {.big = big};
    put32(&image, magic(variant));
    put16(&image, 2);
    put16(&image, minor);
    put64(&image, 0);
    put32(&image, 65535);
    put32(&image, link_type);
    return image;
}

/* `fraction` in the unit of the variant. */
static void packet(struct image *image, const char *variant, uint32_t seconds, uint32_t fraction,
                   size_t captured, uint32_t length)
{
    put32(image, seconds);
    put32(image, fraction);
    put32(image, (uint32_t)captured);
    put32(image, length);
    if (strcmp(variant, "modified") == 0)
        put64(image, 0);
    for (size_t i = 0; i < captured; i++) {
        uint8_t octet = (uint8_t)(i * 7 + captured);
        put(image, &octet, 1);
    }
}

static struct image three_packets(bool big, const char *variant)
{
    struct image image = image_new(big, variant, 4, 1);
    uint32_t unit = strcmp(variant, "ns") == 0 ? 1000 : 1;
    packet(&image, variant, 1700000000, 123456 * unit, 60, 60);
    packet(&image, variant, 1700000000, 999999 * unit, 0, 0);
    packet(&image, variant, 1700000001, 0, 20, 1500);
    return image;
}

static void packets_come_with_time_number_and_length(void **state)
{
    (void)state;
    struct image image = three_packets(false, "us");
    struct reading r = read_image(&image);
    assert_int_equal(r.end, CS_SOURCE_END);
    assert_int_equal(r.count, 3);
    assert_int_equal(r.frames[0].time_ns, UINT64_C(1700000000123456000));
    assert_int_equal(r.frames[1].time_ns, UINT64_C(1700000000999999000));
    assert_int_equal(r.frames[2].number, 3);
    assert_int_equal(r.frames[2].octets.len, 20);
    assert_int_equal(r.frames[2].wire_length, 1500);
    assert_int_equal(r.frames[2].link_type, 1);
    assert_int_equal(r.frames[2].direction, CS_UNKNOWN);
    assert_false(r.status.truncated);
    assert_false(r.status.evidence);
    assert_int_equal(r.status.frames, 3);
    assert_int_equal(r.status.octets, image.len);
    assert_int_equal(r.status.size, image.len);
    assert_string_equal(r.description, "pcap, Ethernet");
    reading_fini(&r);
}

static void byte_orders_and_variants_give_the_same_frames(void **state)
{
    (void)state;
    const char *const variants[] = {"us", "ns", "modified"};
    struct image first = three_packets(false, "us");
    struct reading expected = read_image(&first);
    for (size_t i = 0; i < 6; i++) {
        struct image image = three_packets(i % 2 != 0, variants[i / 2]);
        struct reading r = read_image(&image);
        assert_int_equal(r.end, CS_SOURCE_END);
        assert_same_frames(&expected, &r);
        reading_fini(&r);
    }
    reading_fini(&expected);
}

static void a_frame_is_never_shorter_than_what_was_captured_of_it(void **state)
{
    (void)state;
    struct image image = image_new(false, "us", 4, 1);
    packet(&image, "us", 1, 1, 60, 20);
    struct reading r = read_image(&image);
    assert_int_equal(r.count, 1);
    assert_int_equal(r.frames[0].octets.len, 60);
    assert_int_equal(r.frames[0].wire_length, 60);
    reading_fini(&r);
}

static void batches_of_one_give_the_same_frames(void **state)
{
    (void)state;
    struct image image = three_packets(false, "us");
    struct reading a = read_image(&image), b = read_memory(slice_of(&image), 1);
    assert_same_frames(&a, &b);
    reading_fini(&a);
    reading_fini(&b);
}

static void every_prefix_gives_its_whole_packets(void **state)
{
    (void)state;
    struct image image = three_packets(true, "us");
    const size_t ends[] = {24, 24 + 76, 24 + 76 + 16, 24 + 76 + 16 + 36};
    for (size_t n = 0; n <= image.len; n++) {
        struct reading r = read_memory((struct cs_slice){image.at, n}, 32);
        if (n < 24) {
            assert_int_equal(r.end, 1);
            assert_true(strlen(r.error.text) > 0);
            continue;
        }
        size_t whole = 0;
        while (whole < 3 && ends[whole + 1] <= n)
            whole++;
        assert_int_equal(r.end, CS_SOURCE_END);
        assert_int_equal(r.count, whole);
        assert_int_equal(r.status.truncated, n != ends[whole]);
        assert_int_equal(r.status.truncated_at, n != ends[whole] ? ends[whole] : 0);
        reading_fini(&r);
    }
}

static void the_low_half_of_the_link_type_counts(void **state)
{
    (void)state;
    for (int big = 0; big < 2; big++) {
        struct image image = image_new(big != 0, "us", 4, 0x24000114); /* FCS of 4 octets, SLL2 */
        packet(&image, "us", 1, 2, 4, 4);
        struct reading r = read_image(&image);
        assert_int_equal(r.count, 1);
        assert_int_equal(r.frames[0].link_type, 276);
        assert_string_equal(r.description, "pcap, Linux cooked v2");
        reading_fini(&r);
    }
}

static void before_version_2_3_the_lengths_stand_the_other_way_round(void **state)
{
    (void)state;
    for (unsigned minor = 2; minor <= 4; minor++) {
        struct image image = image_new(false, "us", minor, 1);
        put64(&image, 0);
        put32(&image, minor == 4 ? 5 : 90); /* 2.3 tells by which one is larger */
        put32(&image, minor == 4 ? 90 : 5);
        put_hex(&image, "0102030405");
        struct reading r = read_image(&image);
        assert_int_equal(r.count, 1);
        assert_int_equal(r.frames[0].octets.len, 5);
        assert_int_equal(r.frames[0].wire_length, 90);
        reading_fini(&r);
    }
}

static void a_length_beyond_reason_is_an_error_after_the_packets_before_it(void **state)
{
    (void)state;
    struct image image = three_packets(false, "us");
    size_t offset = image.len;
    packet(&image, "us", 1, 1, 0, 0);
    image.at[offset + 8 + 3] = 0x7f;
    struct reading r = read_image(&image);
    assert_int_equal(r.end, CS_SOURCE_ERROR);
    assert_int_equal(r.count, 3);
    assert_string_equal(r.error.text,
                        "at offset 152: packet 4 claims 2130706432 octets: the file is "
                        "damaged there");
    assert_string_equal(r.error.file, "memory");
    assert_false(r.status.truncated);
    reading_fini(&r);
}

static void what_is_no_capture_is_named(void **state)
{
    (void)state;
    const struct {
        const char *octets;
        size_t length;
        const char *says;
    } cases[] = {
        {"", 0, "is empty"},
        {"\x1f\x8b\x08\x00\x00", 5, "looks like gzip data"},
        {"BZh91AY", 7, "looks like bzip2 data"},
        {"\xfd"
         "7zXZ\0",
         6, "looks like xz data"},
        {"\x28\xb5\x2f\xfd", 4, "looks like zstd data"},
        {"PK\x03\x04xxxx", 8, "looks like a zip archive"},
        {"snoop\0\0\0", 8, "looks like a snoop capture"},
        {"GET /x HTTP/1.1\r\n", 17, "looks like text"},
        {"\x00\x01\x02\x03\x04\x05\x06\x07", 8, "looks like data of an unknown kind"},
        {"\xd4\xc3\xb2\xa1\x02\x00\x04\x00", 8, "ends inside its header"},
        {"\xd4\xc3\xb2\xa1\x03\x00\x04\x00\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 24,
         "version 3.4 of pcap is not known"},
        {"\x0a\x0d\x0d\x0a\x1c\0\0\0\x11\x22\x33\x44\0\0\0\0", 16, "is no pcap or pcapng capture"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct reading r =
            read_memory((struct cs_slice){(const uint8_t *)cases[i].octets, cases[i].length}, 32);
        assert_int_equal(r.end, 1);
        if (strstr(r.error.text, cases[i].says) == NULL)
            fail_msg("case %zu: expected '%s', got '%s'", i, cases[i].says, r.error.text);
    }
}

/* ------------------------------------------------------------------ real files */

static void write_all(int fd, const uint8_t *at, size_t n)
{
    while (n > 0) {
        ssize_t written = write(fd, at, n);
        assert_true(written > 0);
        at += written;
        n -= (size_t)written;
    }
}

static void a_file_larger_than_the_buffer_is_read_whole(void **state)
{
    (void)state;
    enum { PACKETS = 20000, LARGE = 4000 };
    char path[] = "/tmp/coapspec-unit-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    struct image image = image_new(false, "us", 4, 1);
    uint64_t size = 0;
    for (uint32_t i = 0; i < PACKETS; i++) {
        packet(&image, "us", i, 0, i == LARGE ? 100000 : i % 90, 100000);
        write_all(fd, image.at, image.len);
        size += image.len;
        image.len = 0;
    }
    close(fd);
    struct cs_error error;
    struct cs_source *source = cs_source_file(path, &error);
    assert_non_null(source);
    struct cs_frame frames[32];
    uint32_t i = 0;
    int n;
    while ((n = cs_source_next(source, frames, 32, &error)) > 0)
        for (int k = 0; k < n; k++, i++) {
            size_t length = i == LARGE ? 100000 : i % 90;
            assert_int_equal(frames[k].number, i + 1);
            assert_int_equal(frames[k].time_ns, i * UINT64_C(1000000000));
            assert_int_equal(frames[k].octets.len, length);
            for (size_t o = 0; o < length; o += 11)
                assert_int_equal(frames[k].octets.at[o], (uint8_t)(o * 7 + length));
        }
    assert_int_equal(n, CS_SOURCE_END);
    assert_int_equal(i, PACKETS);
    assert_int_equal(cs_source_status(source).octets, size);
    assert_int_equal(cs_source_status(source).size, size);
    cs_source_free(source);
    unlink(path);
}

static void a_pipe_is_read_as_it_comes(void **state)
{
    (void)state;
    int ends[2], saved = dup(STDIN_FILENO);
    assert_int_equal(pipe(ends), 0);
    assert_true(dup2(ends[0], STDIN_FILENO) >= 0);
    struct image image = three_packets(false, "us");
    const size_t first = 24 + 76 + 5; /* one packet and a piece of the next header */
    write_all(ends[1], image.at, first);
    struct cs_error error;
    struct cs_source *source = cs_source_file("-", &error);
    assert_non_null(source);
    struct cs_frame frames[32];
    assert_int_equal(cs_source_next(source, frames, 32, &error), 1);
    write_all(ends[1], image.at + first, image.len - first);
    close(ends[1]);
    assert_int_equal(cs_source_next(source, frames, 32, &error), 2);
    assert_int_equal(frames[1].number, 3);
    assert_int_equal(cs_source_next(source, frames, 32, &error), CS_SOURCE_END);
    assert_int_equal(cs_source_status(source).size, 0);
    cs_source_free(source);
    dup2(saved, STDIN_FILENO);
    close(saved);
    close(ends[0]);
}

static void what_cannot_be_opened_says_why(void **state)
{
    (void)state;
    struct cs_error error;
    assert_null(cs_source_file("/nowhere/at/all.pcap", &error));
    assert_string_equal(error.file, "/nowhere/at/all.pcap");
    assert_string_equal(error.text, "cannot be opened: No such file or directory");
    assert_null(cs_source_file("/tmp", &error));
    assert_string_equal(error.text, "cannot be read: it is a directory");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(packets_come_with_time_number_and_length),
        cmocka_unit_test(byte_orders_and_variants_give_the_same_frames),
        cmocka_unit_test(a_frame_is_never_shorter_than_what_was_captured_of_it),
        cmocka_unit_test(batches_of_one_give_the_same_frames),
        cmocka_unit_test(every_prefix_gives_its_whole_packets),
        cmocka_unit_test(the_low_half_of_the_link_type_counts),
        cmocka_unit_test(before_version_2_3_the_lengths_stand_the_other_way_round),
        cmocka_unit_test(a_length_beyond_reason_is_an_error_after_the_packets_before_it),
        cmocka_unit_test(what_is_no_capture_is_named),
        cmocka_unit_test(a_file_larger_than_the_buffer_is_read_whole),
        cmocka_unit_test(a_pipe_is_read_as_it_comes),
        cmocka_unit_test(what_cannot_be_opened_says_why),
    };
    return cmocka_run_group_tests_name("pcap", tests, NULL, NULL);
}
