/* The notation of messages: text to octets, octets to text, both ways. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "notation/notation.h"

static const uint8_t given_token[] = {0xaa, 0xbb};
static const struct cs_slice token = {given_token, sizeof given_token};

/* The line as hex, or its error as "COLUMN: text". Token aabb and Message ID 0x0102 fill in what is open. */
static void encoded(const char *text, char *buf, size_t cap)
{
    static struct cs_line line;
    struct cs_error error = {0};
    uint8_t octets[2048];
    struct cs_text out;
    size_t length = 0;

    cs_text_init(&out, buf, cap);
    if (cs_line_parse(text, false, &line, &error))
        length = cs_line_encode(CS_UDP, &line, token, 0x0102, octets, sizeof octets, &error);
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
    cs_message_decode(CS_UDP, (struct cs_slice){octets, (size_t)length}, 0, &message);
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

/* Over TCP and WebSocket: the line as octets, and those as the line again. */
static void without_type_and_message_id_both_ways(void **state)
{
    static const struct {
        enum cs_carrier carrier;
        const char *text, *hex;
    } rows[] = {
        {CS_TCP, "GET /x tok=01", "210101b178"},
        {CS_WS, "GET /x tok=01", "010101b178"},
        {CS_TCP, "EMPTY", "0000"},
        {CS_TCP, "2.03 tok=7f", "01437f"},
        {CS_TCP, "7.01 opt2=800100 opt4 tok=-", "50e12380010020"},
        {CS_TCP, "2.05 content-format=0 tok=01 | \"22\"", "414501c0ff3232"},
        {CS_TCP, "2.05 tok=aabb | \"0123456789ab\"", "d20045aabbff303132333435363738396162"},
        {CS_WS, "PUT /a tok=0102030405060708090a0b0c0d | \"1\"",
         "0d03000102030405060708090a0b0c0db161ff31"},
        {CS_TCP, "GET tok=- marker", "1001ff"},
        {CS_TCP, "raw: 51 01 aa", "5101aa"},
    };
    static struct cs_line line;
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint8_t octets[256];
        char hex[512], back[512];
        struct cs_error error = {0};
        struct cs_message message;
        struct cs_text out;
        assert_true(cs_line_parse(rows[i].text, false, &line, &error));
        const size_t length =
            cs_line_encode(rows[i].carrier, &line, token, 7, octets, sizeof octets, &error);
        cs_text_init(&out, hex, sizeof hex);
        cs_text_hex(&out, (struct cs_slice){octets, length});
        assert_string_equal(hex, rows[i].hex);
        cs_message_decode(rows[i].carrier, (struct cs_slice){octets, length}, 0, &message);
        cs_text_init(&out, back, sizeof back);
        cs_message_format(&message, false, &out);
        assert_string_equal(back, rows[i].text);
        assert_true(cs_line_parse(rows[i].text, true, &line, &error));
        assert_true(cs_line_match(&line, &message, NULL, NULL));
    }
}

static void over_tcp_there_is_no_type_to_name(void **state)
{
    static const struct {
        const char *text;
        unsigned column;
        const char *mismatch; /* as an expectation of GET /x */
    } rows[] = {
        {"CON GET /x", 1, "CON | no type | 0"},
        {"GET /x mid=7", 8, "a Message ID | none | none"},
        {"GET /x ver=1", 8, ""},
        {"GET /y", 0, "uri-path=y | uri-path=x | 5"},
        {"PUT /x", 0, "PUT | GET | 1"},
        {"GET /x tok=02", 0, "tok=02 | tok=aabb | 2"},
    };
    static const uint8_t get_x[] = {0x22, 0x01, 0xaa, 0xbb, 0xb1, 'x'};
    static struct cs_line line;
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint8_t octets[64];
        char got[400] = "";
        struct cs_error error = {0};
        struct cs_message message;
        struct cs_mismatch mismatch;
        assert_true(cs_line_parse(rows[i].text, false, &line, &error));
        const size_t n = cs_line_encode(CS_TCP, &line, token, 7, octets, sizeof octets, &error);
        assert_int_equal(n > 0, rows[i].column == 0);
        assert_int_equal(error.column, rows[i].column);
        cs_message_decode(CS_TCP, (struct cs_slice){get_x, sizeof get_x}, 0, &message);
        assert_true(cs_line_parse(rows[i].text, true, &line, &error));
        if (!cs_line_match(&line, &message, NULL, &mismatch)) {
            char octet[16] = "none";
            if (mismatch.octet != CS_NO_OCTET)
                snprintf(octet, sizeof octet, "%u", mismatch.octet);
            snprintf(got, sizeof got, "%s | %s | %s", mismatch.expected, mismatch.got, octet);
        }
        assert_string_equal(got, rows[i].mismatch);
    }
}

/* The four forms of the length, and the room that they take. */
static void a_long_message_over_tcp_tells_its_length(void **state)
{
    static char text[CS_LINE_TEXT_MAX + 64];
    static struct cs_line line;
    static uint8_t octets[CS_LINE_TEXT_MAX + 64];
    (void)state;
    for (size_t payload = 1; payload < 4000; payload += payload < 300 ? 1 : 371) {
        struct cs_error error = {0};
        struct cs_message message;
        size_t n = (size_t)snprintf(text, sizeof text, "PUT tok=- | \"");
        memset(text + n, 'a', payload);
        memcpy(text + n + payload, "\"", 2);
        assert_true(cs_line_parse(text, false, &line, &error));
        const size_t length =
            cs_line_encode(CS_TCP, &line, token, 7, octets, sizeof octets, &error);
        assert_true(cs_message_decode(CS_TCP, (struct cs_slice){octets, length}, 0, &message));
        assert_int_equal(message.payload.len, payload);
        assert_int_equal(cs_line_encode(CS_TCP, &line, token, 7, octets, length - 1, &error), 0);
    }
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

static void options_by_name(void **state)
{
    (void)state;
    expect_both("CON GET uri-host=h uri-port=5683 tok=- mid=0x0001", "40010001316842"
                                                                     "1633");
    expect_both("CON GET if-match=ab if-match= tok=- mid=0x0001", "4001000111ab00");
    expect_both("CON PUT if-none-match tok=- mid=0x0001", "4003000150");
    expect_both("CON GET observe=0 tok=- mid=0x0001", "4001000160");
    expect_both("CON GET observe=#00 tok=- mid=0x0001", "400100016100");
    expect_both("CON GET accept=#0000 tok=- mid=0x0001", "40010001d2040000");
    expect_both("ACK 2.05 etag=0102 content-format=0 max-age=60 tok=- mid=0x0001",
                "6045000142010280213c");
    expect_octets("ACK 2.05 max-age=60 cf=0 etag=\"AB\" tok= mid=1", "60450001424142"
                                                                     "80213c");
    expect_both("ACK 2.05 block2=3/1/512 tok=- mid=0x0001", "60450001d10a3d");
    expect_both("ACK 2.05 block2=0/0/16 tok=- mid=0x0001", "60450001d00a");
    expect_both("ACK 2.05 block2=1/0/bert tok=- mid=0x0001", "60450001d10a17");
    expect_octets("CON GET accept=application/link-format tok=- mid=1", "40010001d10428");
    expect_octets("CON GET accept=text/plain tok=- mid=1", "40010001d004");
    expect_octets("CON GET accept=\"text/plain; charset=utf-8\" tok=- mid=1", "40010001d004");
    expect_both("CON GET proxy-uri=\"coap://a b\" tok=- mid=0x0001",
                "40010001da16636f61703a2f2f612062");
    expect_both("CON GET proxy-uri=coap://a/b tok=- mid=0x0001",
                "40010001da16636f61703a2f2f612f62");
    expect_both("CON GET uri-host=\"any\" tok=- mid=0x0001", "4001000133616e79");
    expect_both("CON GET uri-host=\"a*\" tok=- mid=0x0001", "4001000132612a");
    expect_both("CON GET uri-host=\"\\xff\\\"\\\\\\n\" tok=- mid=0x0001", "4001000134ff225c0a");
    expect_both("CON GET size2=0 size1=9 echo=0a no-response=26 request-tag=01 tok=- mid=0x0001",
                "40010001d00fd11309d1b30a611ad11501");
}

static void options_by_number(void **state)
{
    (void)state;
    expect_both("CON GET opt65001=ab tok=- mid=0x0001", "40010001e1fcdcab");
    expect_both("CON GET opt65001 tok=- mid=0x0001", "40010001e0fcdc");
    expect_octets("CON GET opt65001= tok=- mid=1", "40010001e0fcdc");
    expect_octets("CON GET opt0xfde9=#ab tok=- mid=1", "40010001e1fcdcab");
    expect_octets("CON GET opt65001=\"a\\n\" tok=- mid=1", "40010001e2fcdc610a");
    expect_octets("CON GET opt23=ffffffff tok=- mid=1", "40010001d40affffffff");
    expect_both("CON GET opt65535 tok=- mid=0x0001", "40010001e0fef2");
    expect_both("CON 7.01 opt2=0480 tok=- mid=0x0001", "40e10001220480");
}

static void options_are_sorted_and_equal_numbers_keep_their_order(void **state)
{
    (void)state;
    expect_octets("CON GET accept=0 /b uri-path=a observe=0 tok=- mid=1", "400100016051620161"
                                                                          "60");
    expect_octets("CON GET etag=02 uri-host=h etag=01 tok=- mid=1", "400100013168110201"
                                                                    "01");
}

static void tokens_and_message_ids(void **state)
{
    (void)state;
    expect_octets("CON GET", "42010102aabb");
    expect_octets("CON GET tok=", "40010102");
    expect_octets("CON GET tok=01:02 mid=65535", "4201ffff0102");
    expect_octets("CON GET tok=\"ab\" mid=0xFFFF", "4201ffff6162");
    expect_both("CON GET tok=000102030405060708090a0b mid=0x0001",
                "4c010001000102030405060708090a0b");
    expect_both("CON GET tok=000102030405060708090a0b0c mid=0x0001",
                "4d01000100000102030405060708090a0b0c");
}

static void payloads(void **state)
{
    (void)state;
    expect_both("ACK 2.05 tok=- mid=0x0001 | \"hello\"", "60450001ff68656c6c6f");
    expect_octets("ACK 2.05 tok=- mid=1 | hello | you  ", "60450001ff68656c6c6f207c20796f75");
    expect_octets("ACK 2.05 tok=- mid=1 |hello", "60450001ff68656c6c6f");
    expect_both("ACK 2.05 tok=- mid=0x0001 | {\"n\":1}", "60450001ff7b226e223a317d");
    expect_both("ACK 2.05 tok=- mid=0x0001 | \"a\\nb\\\\\"", "60450001ff610a625c");
    expect_both("ACK 2.05 tok=- mid=0x0001 | hex:00ff", "60450001ff00ff");
    expect_octets("ACK 2.05 tok=- mid=1 | 0x00 ff", "60450001ff00ff");
    expect_octets("ACK 2.05 tok=- mid=1 | \"\"", "60450001");
    expect_octets("ACK 2.05 tok=- mid=1 | any", "60450001ff616e79");
    expect_text("60450001ff616e79", "ACK 2.05 tok=- mid=0x0001 | \"any\"");
}

static void illegal_messages_can_be_said(void **state)
{
    (void)state;
    expect_octets("CON GET ver=2 tok=- mid=1", "80010001");
    expect_octets("CON GET tkl=9 tok=01 mid=1", "4901000101");
    expect_octets("CON GET tkl=15 tok=- mid=1", "4f010001");
    expect_both("CON GET tok=- mid=0x0001 marker", "40010001ff");
    expect_octets("RST mid=1 trail=00ff", "7000000100ff");
    expect_both("RST EMPTY tok=aa mid=0x0001", "71000001aa");
    expect_both("CON EMPTY /a tok=aa mid=0x0001 | \"x\"", "41000001aab161ff78");
    expect_octets("raw: 40 01 0x0001", "40010001");
    expect_both("raw: 40", "40");
    expect_both("raw: 80 01 00 01", "80010001");
    expect_both("raw: 41 00 00 01", "41000001");
}

static void encodings_in_the_longer_forms_are_the_shortest_there_are(void **state)
{
    (void)state;
    expect_text("40010001bd0061626364656667686162636465",
                "CON GET /abcdefghabcde tok=- mid=0x0001");
    /* option 269, and its delta has no shorter form */
    expect_text("40010001e00000", "CON GET opt269 tok=- mid=0x0001");
    /* what is short in each of the three forms of a token length is read as RFC 8974 says: never too long */
    expect_text("4d01000100000102030405060708090a0b0c",
                "CON GET tok=000102030405060708090a0b0c mid=0x0001");
}

static void brief_text_is_short(void **state)
{
    char got[512];
    (void)state;
    formatted("60450001ff"
              "6161616161616161616161616161616161616161616161616161616161616161"
              "6161616161616161616161616161616161616161616161616161616161616161",
              true, got, sizeof got);
    assert_string_equal(got, "ACK 2.05 tok=- mid=0x0001 | "
                             "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"... (64 octets)");

    static const uint8_t octets[] = {0x60, 0x45, 0, 1, 0xff, 'a', 'b'};
    struct cs_message message;
    struct cs_text out;
    cs_message_decode(CS_UDP, (struct cs_slice){octets, sizeof octets}, 9, &message);
    cs_text_init(&out, got, sizeof got);
    cs_message_format(&message, true, &out);
    assert_string_equal(got, "ACK 2.05 tok=- mid=0x0001 | \"ab\" ... (cut)");
}

/* ------------------------------------------------------------------ errors */

static void errors_have_a_column_and_a_suggestion(void **state)
{
    static const struct {
        const char *text, *error;
    } rows[] = {
        {"", "1: an empty line is no message"},
        {"CON GET obsreve=0", "9: unknown option 'obsreve': did you mean observe?"},
        {"CON GET /é obsreve=0", "12: unknown option 'obsreve': did you mean observe?"},
        {"CON GTE", "5: unknown word 'GTE': did you mean GET?"},
        {"CNO GET", "1: unknown word 'CNO': did you mean CON?"},
        {"CON 2.5", "5: '2.5' is no code: codes run from 0.00 to 7.31"},
        {"CON 2.32", "5: '2.32' is no code: codes run from 0.00 to 7.31"},
        {"CON CON GET", "5: the type is there already"},
        {"CON GET GET", "9: the code is there already"},
        {"CON GET zzzzzz=1", "9: unknown option 'zzzzzz': an unregistered one is optN=hex"},
        {"CON GET opt65536=", "9: option numbers end at 65535"},
        {"CON GET observe=x", "17: a number is due here: 60, 0x3c, or #hex for octets as they are"},
        {"CON GET observe", "9: observe needs a value: observe=..."},
        {"CON GET etag", "9: etag needs a value: etag=..."},
        {"CON GET observe=any", "17: a pattern can be expected, not sent"},
        {"CON 2.xx", "5: a pattern can be expected, not sent"},
        {"CON 2.01,2.04", "5: a pattern can be expected, not sent"},
        {"CON GET tok=abc", "15: half an octet: hex digits come in pairs"},
        {"CON GET tok=xy", "13: 'x' is no hex digit"},
        {"CON GET tok=1 tok=2", "13: half an octet: hex digits come in pairs"},
        {"CON GET tok=01 tok=02", "16: the token is there already"},
        {"CON GET mid=65536", "13: a Message ID is 0 to 65535 or 0x0000 to 0xffff"},
        {"CON GET mid=1 mid=1", "15: the Message ID is there already"},
        {"CON GET block2=1/2/16", "18: M is 0 or 1"},
        {"CON GET block2=1/0/17", "20: a block size is 16, 32, 64, 128, 256, 512, 1024 or bert"},
        {"CON GET block2=1", "16: a block is NUM/M/SIZE, as 3/1/512"},
        {"CON GET accept=text/plian",
         "16: unknown media type 'text/plian': did you mean text/plain?"},
        {"CON GET /%4", "10: two hex digits follow a %: write %25 for itself"},
        {"CON GET uri-host=\"a", "18: this quote is not closed"},
        {"CON GET uri-host=\"a\"b",
         "21: text behind the closing quote: write \\\" for a quote inside"},
        {"CON GET uri-host=\"\\q\"",
         "19: unknown escape: there are \\n \\r \\t \\0 \\\" \\\\ and \\xNN"},
        {"CON GET |", "10: nothing behind the |: an empty payload is \"\""},
        {"CON GET if-none-match=1", "23: this option has no value (#hex gives it one)"},
        {"CON notification", "5: a notification can be expected; to send one say 2.05 observe=N"},
        {"CON /a", "1: neither method nor code: GET, 2.05, EMPTY"},
        {"raw:", "5: no octets behind raw:"},
        {"raw: 4", "6: half an octet: hex digits come in pairs"},
        {"CON GET location-path=/", "23: this path has no segment: one that is empty is \"\""},
        {"CON GET ver=4", "13: this field is 0 to 3"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        expect_octets(rows[i].text, rows[i].error);
}

static void too_many_options_and_too_long_values_are_refused(void **state)
{
    static char text[3 * 4200 + 100], got[4200];
    (void)state;
    struct cs_text long_path;
    cs_text_init(&long_path, text, sizeof text);
    cs_text_add(&long_path, "CON GET ");
    for (size_t i = 0; i < 65; i++)
        cs_text_add(&long_path, "/a");
    encoded(text, got, sizeof got);
    assert_string_equal(got, "138: a line holds 64 options at most");

    memset(text, 'a', 4200);
    memcpy(text, "CON GET | ", 10);
    text[4200] = '\0';
    encoded(text, got, sizeof got);
    assert_string_equal(got, "4107: a line holds 4096 octets of values at most");
}

static void a_message_that_does_not_fit_is_refused(void **state)
{
    static struct cs_line line;
    struct cs_error error = {0};
    uint8_t octets[16];
    (void)state;
    assert_true(cs_line_parse("CON GET /abc tok=01 | x", false, &line, &error));
    for (size_t cap = 0; cap < 11; cap++)
        assert_int_equal(cs_line_encode(CS_UDP, &line, token, 1, octets, cap, &error), 0);
    assert_int_equal(cs_line_encode(CS_UDP, &line, token, 1, octets, 11, &error), 11);
    assert_string_equal(error.text, "the message does not fit into the buffer");
}

/* ------------------------------------------------------------------ there and back, over random messages */

static uint32_t random_state;

static uint32_t random_below(uint32_t n)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 17;
    random_state ^= random_state << 5;
    return random_state % n;
}

static size_t put_extended(uint8_t *out, size_t value)
{
    if (value >= 269) {
        out[0] = (uint8_t)((value - 269) >> 8);
        out[1] = (uint8_t)(value - 269);
        return 2;
    }
    if (value >= 13)
        out[0] = (uint8_t)(value - 13);
    return value >= 13 ? 1 : 0;
}

static unsigned nibble(size_t value)
{
    return value < 13 ? (unsigned)value : value < 269 ? 13 : 14;
}

static size_t random_octets(uint8_t *out, size_t most)
{
    static const char letters[] = "abc*%/&?=\"\\|$#0x any.. \n\x7f\xc3\xa9";
    size_t length = random_below(4) == 0 ? random_below((uint32_t)most) : random_below(5);
    bool text = random_below(2) == 0;
    for (size_t i = 0; i < length; i++)
        out[i] =
            text ? (uint8_t)letters[random_below(sizeof letters - 1)] : (uint8_t)random_below(256);
    return length;
}

static size_t random_option(uint8_t *out, uint32_t *last)
{
    static const uint16_t deltas[] = {0, 0, 1, 2, 3, 4, 5, 11, 12, 13, 200, 268, 269, 300, 20000};
    size_t count, length, at = 1;
    uint8_t value[300];
    const struct cs_option_def *defs = cs_option_defs(&count);
    uint32_t number = *last + deltas[random_below(sizeof deltas / sizeof deltas[0])];
    uint32_t known = defs[random_below((uint32_t)count)].number;
    if (random_below(3) != 0 && known >= *last)
        number = known;
    if (number > 65535)
        return 0;
    length = random_octets(value, sizeof value);
    out[0] = (uint8_t)(nibble(number - *last) << 4 | nibble(length));
    at += put_extended(out + at, number - *last);
    at += put_extended(out + at, length);
    memcpy(out + at, value, length);
    *last = number;
    return at + length;
}

static size_t random_message(uint8_t *out)
{
    uint8_t value[300];
    uint32_t last = 0, options = random_below(8);
    size_t length = random_octets(value, random_below(2) == 0 ? 9 : 300), at = 4;
    out[0] = (uint8_t)(0x40 | random_below(4) << 4 | nibble(length));
    out[1] = (uint8_t)random_below(256);
    out[2] = (uint8_t)random_below(256);
    out[3] = (uint8_t)random_below(256);
    at += put_extended(out + at, length);
    memcpy(out + at, value, length);
    at += length;
    while (options-- > 0)
        at += random_option(out + at, &last);
    length = random_octets(value, sizeof value);
    if (length > 0) {
        out[at++] = 0xff;
        memcpy(out + at, value, length);
    }
    return at + length;
}

/* Octets, text, octets, text. Returns whether the text was raw. */
static bool there_and_back(const uint8_t *octets, size_t length)
{
    static char text[16384], again[16384];
    static struct cs_line line, wanted;
    static uint8_t back[4096];
    struct cs_error error = {0};
    struct cs_message message;
    struct cs_text out;

    cs_message_decode(CS_UDP, (struct cs_slice){octets, length}, 0, &message);
    cs_text_init(&out, text, sizeof text);
    cs_message_format(&message, false, &out);
    assert_true(out.len < out.cap);
    if (!cs_line_parse(text, false, &line, &error))
        fail_msg("%s\n  column %u: %s", text, error.column, error.text);
    size_t n = cs_line_encode(CS_UDP, &line, token, 0x0102, back, sizeof back, &error);
    if (n != length || memcmp(back, octets, n) != 0)
        fail_msg("other octets: %s", text);
    cs_text_init(&out, again, sizeof again);
    cs_message_decode(CS_UDP, (struct cs_slice){back, n}, 0, &message);
    cs_message_format(&message, false, &out);
    assert_string_equal(again, text);

    struct cs_mismatch mismatch;
    if (!cs_line_parse(text, true, &wanted, &error))
        fail_msg("as an expectation: %s\n  column %u: %s", text, error.column, error.text);
    if (!cs_line_match(&wanted, &message, NULL, &mismatch))
        fail_msg("does not match itself: %s\n  expected %s, got %s", text, mismatch.expected,
                 mismatch.got);
    return line.raw;
}

static void shortest_messages_are_said_without_raw_and_give_their_octets_again(void **state)
{
    uint8_t octets[8192];
    (void)state;
    random_state = 7252;
    for (size_t i = 0; i < 20000; i++)
        if (there_and_back(octets, random_message(octets)))
            fail_msg("message %zu came out raw", i);
}

static void any_octets_give_themselves_again(void **state)
{
    uint8_t octets[8192];
    (void)state;
    random_state = 7641;
    for (size_t i = 0; i < 20000; i++) {
        size_t length = random_message(octets);
        for (uint32_t changes = random_below(4); changes > 0; changes--)
            octets[random_below((uint32_t)length)] = (uint8_t)random_below(256);
        if (random_below(4) == 0)
            length = 1 + random_below((uint32_t)length);
        there_and_back(octets, length);
    }
}

#define TEST(name) cmocka_unit_test(name)
int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(without_type_and_message_id_both_ways),
        TEST(over_tcp_there_is_no_type_to_name),
        TEST(a_long_message_over_tcp_tells_its_length),
        TEST(types_and_codes),
        TEST(paths_and_queries),
        TEST(options_by_name),
        TEST(options_by_number),
        TEST(options_are_sorted_and_equal_numbers_keep_their_order),
        TEST(tokens_and_message_ids),
        TEST(payloads),
        TEST(illegal_messages_can_be_said),
        TEST(encodings_in_the_longer_forms_are_the_shortest_there_are),
        TEST(brief_text_is_short),
        TEST(errors_have_a_column_and_a_suggestion),
        TEST(too_many_options_and_too_long_values_are_refused),
        TEST(a_message_that_does_not_fit_is_refused),
        TEST(shortest_messages_are_said_without_raw_and_give_their_octets_again),
        TEST(any_octets_give_themselves_again),
    };
    return cmocka_run_group_tests_name("notation", tests, NULL, NULL);
}
