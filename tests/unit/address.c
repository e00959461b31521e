#include "tests/unit/support.h"

static void an_address_is_read_as_it_is_written(void **state)
{
    static const struct {
        const char *text, *back;
        uint16_t family;
    } rows[] = {
        {"192.0.2.1:5683", "192.0.2.1:5683", 4},
        {"192.0.2.1", "192.0.2.1:5683", 4},
        {"192.0.2.1:0", "192.0.2.1:0", 4},
        {"[2001:db8::1]:61616", "[2001:db8::1]:61616", 6},
        {"[2001:db8:0:0::1]", "[2001:db8::1]:5683", 6},
        {"2001:db8::1", "[2001:db8::1]:5683", 6},
        {"[::]:65535", "[::]:65535", 6},
        {"[::1]:1", "[::1]:1", 6},
        {"[1::]:1", "[1::]:1", 6},
        {"[1:2:3:4:5:6:7:8]:1", "[1:2:3:4:5:6:7:8]:1", 6},
        {"[1:0:3:4:5:6:7:8]:1", "[1:0:3:4:5:6:7:8]:1", 6},
        {"[1::4:5:0:0:8]:1", "[1::4:5:0:0:8]:1", 6},
        {"[1:0:0:4:0:0:0:8]:1", "[1:0:0:4::8]:1", 6},
        {"[2001:DB8::0aBc:0]:1", "[2001:db8::abc:0]:1", 6},
        {"[fe80::192.0.2.1]:1", "[fe80::c000:201]:1", 6},
        {"[::ffff:192.0.2.1]:1", "[::ffff:192.0.2.1]:1", 6},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char buf[64];
        struct cs_address a;
        if (!cs_address_parse(rows[i].text, 5683, &a))
            fail_msg("%s: refused", rows[i].text);
        assert_int_equal(a.family, rows[i].family);
        assert_string_equal(cs_address_format(&a, buf, sizeof buf), rows[i].back);
    }
}

static void what_is_no_address_is_refused(void **state)
{
    static const char *const rows[] = {
        "",
        "localhost",
        "192.0.2",
        "192.0.2.1:",
        "192.0.2.1:65536",
        "192.0.2.1:-1",
        "192.0.2.1:56 ",
        "[2001:db8::1",
        "[2001:db8::1]5683",
        "[192.0.2.1]:1",
        "[1:2:3:4:5:6:7]:1",
        "[1:2:3:4:5:6:7:8:9]:1",
        "[1:2:3:4::5:6:7:8]:1",
        "[1::2::3]:1",
        "[12345::]:1",
        "[:1::2]:1",
        "[1::2:]:1",
        "[::g]:1",
        "[:::]:1",
        "[::1.2.3]:1",
        "[:]:1",
        "[1:2:3:4:5:6:7:1.2.3.4]:1",
        "[::1.2.3.4:5]:1",
        "1.2.3.256",
        "1.2.3.04",
        "1.2.3.0004",
        "1.2.3.4.5",
        "1..2.3",
        "[]:1",
        ":5683",
        "2001:db8::1::",
        "192.0.2.1:99999999999999999999",
        "[2001:db8:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:1]",
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct cs_address a;
        if (cs_address_parse(rows[i], 5683, &a))
            fail_msg("%s: accepted", rows[i]);
    }
}

static void text_is_cut_to_its_buffer(void **state)
{
    (void)state;
    char buf[8];
    struct cs_address a;
    assert_true(cs_address_parse("192.0.2.1:5683", 0, &a));
    assert_string_equal(cs_address_format(&a, buf, sizeof buf), "192.0.2");
    a = (struct cs_address){.family = 0};
    assert_string_equal(cs_address_format(&a, buf, sizeof buf), "none");
}

static void equal_means_address_family_and_port(void **state)
{
    struct cs_address a, b;
    (void)state;
    assert_true(cs_address_parse("10.0.0.1:1", 0, &a) && cs_address_parse("10.0.0.1:1", 0, &b));
    assert_true(cs_address_equal(&a, &b));
    b.port = 2;
    assert_false(cs_address_equal(&a, &b));
    assert_true(cs_address_parse("10.0.0.2:1", 0, &b));
    assert_false(cs_address_equal(&a, &b));
    assert_true(cs_address_parse("[a00:1::]:1", 0, &b));
    assert_memory_equal(a.ip, b.ip, 4);
    assert_false(cs_address_equal(&a, &b));
}

static void groups_are_told_from_hosts(void **state)
{
    static const struct {
        const char *text;
        bool multicast;
    } rows[] = {
        {"224.0.1.187", true},      {"239.255.255.255", true}, {"255.255.255.255", true},
        {"223.255.255.255", false}, {"240.0.0.1", false},      {"[ff02::fd]", true},
        {"[fe80::1]", false},       {"[e000::1]", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct cs_address a;
        assert_true(cs_address_parse(rows[i].text, 5683, &a));
        if (cs_address_is_multicast(&a) != rows[i].multicast)
            fail_msg("%s", rows[i].text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_address_is_read_as_it_is_written),
        cmocka_unit_test(what_is_no_address_is_refused),
        cmocka_unit_test(text_is_cut_to_its_buffer),
        cmocka_unit_test(equal_means_address_family_and_port),
        cmocka_unit_test(groups_are_told_from_hosts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
