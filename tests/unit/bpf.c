/* tests/unit/bpf.c: filter expressions over frames of files. */
#include "packets.h"

static bool matches(const char *expression, uint16_t link_type, struct cs_frame frame)
{
    struct cs_error error;
    struct cs_bpf *bpf = cs_bpf_compile(expression, link_type, &error);
    if (bpf == NULL)
        fail_msg("%s: %s", expression, error.text);
    bool result = cs_bpf_matches(bpf, &frame);
    cs_bpf_free(bpf);
    release(frame.octets);
    return result;
}

static void an_expression_accepts_and_refuses(void **state)
{
    (void)state;
    static const struct {
        uint16_t link_type;
        const char *link;
    } links[] = {{1, "020000000001 020000000002 0800"},
                 {101, ""},
                 {12, ""},
                 {113, "0000 0001 0006 0200000000010000 0800"},
                 {276, "0800 0000 00000003 0001 00 06 0200000000010000"},
                 {228, ""}};
    struct image packet = packet4("message");
    for (size_t i = 0; i < sizeof links / sizeof links[0]; i++) {
        uint16_t type = links[i].link_type;
        const char *link = links[i].link;
        assert_true(matches("udp port 5683", type, frame_of(type, link, &packet, 0)));
        assert_true(matches("src host 192.0.2.1", type, frame_of(type, link, &packet, 0)));
        assert_false(matches("udp port 5684", type, frame_of(type, link, &packet, 0)));
        assert_false(matches("tcp", type, frame_of(type, link, &packet, 0)));
    }
}

static void the_length_on_the_wire_counts(void **state)
{
    (void)state;
    struct image packet = packet4("message");
    struct cs_frame frame = frame_of(101, "", &packet, 0);
    frame.wire_length = 1000;
    assert_true(matches("greater 1000", 101, frame));
}

static void a_frame_of_another_link_type_does_not_match(void **state)
{
    (void)state;
    struct image packet = packet4("message");
    assert_false(matches("udp", 1, frame_of(101, "", &packet, 0)));
}

static void a_wrong_expression_is_told(void **state)
{
    (void)state;
    struct cs_error error;
    assert_null(cs_bpf_compile("udp prot 5683", 1, &error));
    const char *expected = "capture filter 'udp prot 5683': ";
    assert_int_equal(strncmp(error.text, expected, strlen(expected)), 0);
    assert_true(strlen(error.text) > strlen(expected));
    assert_null(cs_bpf_compile("ether host 02:00:00:00:00:01", 101, &error)); /* not on raw IP */
    assert_true(strlen(error.text) > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_expression_accepts_and_refuses),
        cmocka_unit_test(the_length_on_the_wire_counts),
        cmocka_unit_test(a_frame_of_another_link_type_does_not_match),
        cmocka_unit_test(a_wrong_expression_is_told),
    };
    return cmocka_run_group_tests_name("bpf", tests, NULL, NULL);
}
