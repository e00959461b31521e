/* The notation of messages: text to octets, octets to text, both ways. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "coap/notation.h"

static const uint8_t given_token[] = {0xaa, 0xbb};
static const struct cs_slice token = {given_token, sizeof given_token};

/* The line as hex, or its error as "COLUMN: text". Token aabb and Message ID 0x0102 fill in what is open. */
static void encoded(const char *text, char *buf, size_t cap)
{
    struct cs_line line;
    struct cs_error error = {0};
    uint8_t octets[2048];
    struct cs_text out;
    size_t length = 0;

    cs_text_init(&out, buf, cap);
    if (cs_line_parse(text, false, &line, &error))
        length = cs_line_encode(&line, token, 0x0102, octets, sizeof octets, &error);
    if (length == 0)
        cs_text_add(&out, "%u: %s", error.column, error.text);
    else
        cs_text_hex(&out, (struct cs_slice){octets, length});
}

static void expect_octets(const char *text, const char *hex)
{
    char got[4200];
    encoded(text, got, sizeof got);
    if (strcmp(got, hex) != 0)
        fail_msg("%s\n  expected %s\n  got      %s", text, hex, got);
}

/* Octets given as hex, as a line. */
static void formatted(const char *hex, bool brief, char *buf, size_t cap)
{
    uint8_t octets[2048];
    struct cs_message message;
    struct cs_text out;
    long length = cs_hex_parse(hex, octets, sizeof octets, NULL);
    assert_true(length >= 0);
    cs_message_decode((struct cs_slice){octets, (size_t)length}, 0, &message);
    cs_text_init(&out, buf, cap);
    cs_message_format(&message, brief, &out);
}

static void expect_text(const char *hex, const char *text)
{
    char got[8192];
    formatted(hex, false, got, sizeof got);
    if (strcmp(got, text) != 0)
        fail_msg("%s\n  expected %s\n  got      %s", hex, text, got);
}

/* Both ways: the text is as it would be printed. */
static void expect_both(const char *text, const char *hex)
{
    expect_octets(text, hex);
    expect_text(hex, text);
}

static void types_and_codes(void **state)
{
    (void)state;
    expect_octets("CON GET", "42010102aabb");
    expect_octets("con get", "42010102aabb");
    expect_octets("GET", "42010102aabb");
    expect_octets("NON 0.02", "52020102aabb");
    expect_octets("ACK 2.05", "62450102aabb");
    expect_octets("CON ipatch", "42070102aabb");
    expect_octets("CON 7.31", "42ff0102aabb");
    expect_octets("RST", "70000102");
    expect_octets("ACK", "60000102");
    expect_octets("CON EMPTY", "40000102");
    expect_octets("CON 0.00 tok=01", "4100010201");
    expect_both("CON EMPTY mid=0x0102", "40000102");
    expect_both("RST EMPTY mid=0xffff", "7000ffff");
    expect_both("CON iPATCH tok=- mid=0x0102", "40070102");
    expect_both("NON 0.08 tok=01 mid=0x0102", "5108010201");
    expect_both("ACK 5.00 tok=01 mid=0x0102", "61a0010201");
}

static void paths_and_queries(void **state)
{
    (void)state;
    expect_both("CON GET /a/b tok=- mid=0x0001", "40010001b1610162");
    expect_octets("CON GET / tok=- mid=1", "40010001");
    expect_octets("CON GET /a?x=1&y tok=- mid=1", "40010001b16143783d310179");
    expect_octets("CON GET /a ?x=1 ?y tok=- mid=1", "40010001b16143783d310179");
    expect_both("CON GET /a ?x=1&y tok=- mid=0x0001", "40010001b16143783d310179");
    expect_both("CON GET /a%2Fb/%20 tok=- mid=0x0001", "40010001b3612f620120");
    expect_both("CON GET uri-path=\"\" tok=- mid=0x0001", "40010001b0");
    expect_both("CON GET // tok=- mid=0x0001", "40010001b000");
    expect_both("CON GET /a/ tok=- mid=0x0001", "40010001b16100");
    expect_both("CON GET ?%26 tok=- mid=0x0001", "40010001d10226");
    expect_both("CON GET ? tok=- mid=0x0001", "40010001d002");
    expect_both("CON GET /%FF tok=- mid=0x0001", "40010001b1ff");
    expect_both("CON GET /é tok=- mid=0x0001", "40010001b2c3a9");
    expect_both("CON GET /.well-known/core tok=- mid=0x0001",
                "40010001bb2e77656c6c2d6b6e6f776e04636f7265");
    expect_both("ACK 2.01 location-path=/a/b location-query=c=d tok=- mid=0x0001",
                "6041000181610162c3633d64");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(types_and_codes),
        cmocka_unit_test(paths_and_queries),
    };
    return cmocka_run_group_tests_name("notation", tests, NULL, NULL);
}
