/* Forged ICMP errors, octet by octet (RFC 792). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "src/net/icmp.h"

static const struct cs_address device = {.ip = {127, 0, 0, 1}, .port = 5683, .family = 4};
static const struct cs_address us = {.ip = {127, 0, 0, 2}, .port = 40000, .family = 4};

/* Of what carries its own checksum the sum is 0xffff (RFC 1071). */
static uint32_t sum(const uint8_t *at, size_t length)
{
    uint32_t all = 0;
    for (size_t i = 0; i < length; i++)
        all += i % 2 == 0 ? (uint32_t)at[i] << 8 : at[i];
    while (all >> 16 != 0)
        all = (all & 0xffff) + (all >> 16);
    return all;
}

static void an_error_quotes_the_datagram_of_the_device(void **state)
{
    (void)state;
    static const uint8_t message[] = {0x40, 0x45, 0x12, 0x34, 0xff, 'a', 'b'};
    static const uint8_t quoted[] = {0x16, 0x33, 0x9c, 0x40, 0, 15, 0, 0, 0x40, 0x45, 0x12, 0x34};
    uint8_t packet[NET_ICMP_MAX];
    const size_t length = net_icmp_build(NET_ICMP_PORT_UNREACHABLE, &device, &us,
                                         (struct cs_slice){message, sizeof message}, packet);
    assert_int_equal(length, 20 + 8 + 20 + 8 + sizeof message);
    assert_int_equal(packet[2] << 8 | packet[3], length);
    assert_int_equal(packet[9], 1);
    assert_memory_equal(packet + 12, us.ip, 4); /* from whom the device wrote to, to the device */
    assert_memory_equal(packet + 16, device.ip, 4);
    assert_int_equal(packet[20], 3);
    assert_int_equal(packet[21], 3);
    assert_memory_equal(packet + 28 + 12, device.ip, 4);
    assert_memory_equal(packet + 28 + 16, us.ip, 4);
    assert_memory_equal(packet + 48, quoted, sizeof quoted);
    assert_int_equal(sum(packet, 20), 0xffff);
    assert_int_equal(sum(packet + 20, length - 20), 0xffff);
    assert_int_equal(sum(packet + 28, 20), 0xffff);
}

static void each_error_has_its_type(void **state)
{
    (void)state;
    uint8_t packet[NET_ICMP_MAX];
    const struct cs_slice none = {0};
    net_icmp_build(NET_ICMP_TIME_EXCEEDED, &device, &us, none, packet);
    assert_int_equal(packet[20], 11);
    net_icmp_build(NET_ICMP_SOURCE_QUENCH, &device, &us, none, packet);
    assert_int_equal(packet[20], 4);
}

static void a_long_datagram_is_quoted_in_part(void **state)
{
    (void)state;
    static const uint8_t octets[2000] = {0};
    uint8_t packet[NET_ICMP_MAX];
    assert_int_equal(net_icmp_build(NET_ICMP_TIME_EXCEEDED, &device, &us,
                                    (struct cs_slice){octets, sizeof octets}, packet),
                     NET_ICMP_MAX);
    assert_int_equal(packet[30] << 8 | packet[31], 2028); /* its length is the whole one's */
}

static void nothing_is_forged_beyond_this_machine(void **state)
{
    (void)state;
    char why[100];
    const struct cs_address far = {.ip = {192, 0, 2, 1}, .port = 5683, .family = 4};
    const struct cs_address six = {.ip = {[15] = 1}, .port = 5683, .family = 6};
    assert_false(net_icmp_possible(&far, why, sizeof why));
    assert_non_null(strstr(why, "on this machine alone"));
    assert_false(net_icmp_possible(&six, why, sizeof why));
    assert_non_null(strstr(why, "over IPv4 alone"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_error_quotes_the_datagram_of_the_device),
        cmocka_unit_test(each_error_has_its_type),
        cmocka_unit_test(a_long_datagram_is_quoted_in_part),
        cmocka_unit_test(nothing_is_forged_beyond_this_machine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
