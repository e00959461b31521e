/* The notation of messages: what an expectation matches. */
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

/* "" when `message` matches, else "COLUMN@OCTET expected E, got G". */
static void matched(const char *line_text, const char *message_text, const char *before_text,
                    char *buf, size_t cap)
{
    static struct cs_line line, spoken;
    struct cs_error error = {0};
    struct cs_message message, before;
    struct cs_mismatch mismatch;
    uint8_t octets[512], before_octets[512];

    if (!cs_line_parse(line_text, true, &line, &error)) {
        snprintf(buf, cap, "%u: %s", error.column, error.text);
        return;
    }
    const char *texts[] = {message_text, before_text};
    uint8_t *buffers[] = {octets, before_octets};
    struct cs_message *messages[] = {&message, &before};
    for (size_t i = 0; i < 2 && texts[i] != NULL; i++) {
        if (!cs_line_parse(texts[i], false, &spoken, &error))
            fail_msg("%s: %u: %s", texts[i], error.column, error.text);
        size_t length = cs_line_encode(CS_UDP, &spoken, token, 0x0102, buffers[i], 512, &error);
        assert_true(length > 0);
        cs_message_decode(CS_UDP, (struct cs_slice){buffers[i], length}, 0, messages[i]);
    }
    buf[0] = '\0';
    if (cs_line_match(&line, &message, before_text != NULL ? &before : NULL, &mismatch))
        return;
    char octet[16] = "none";
    if (mismatch.octet != CS_NO_OCTET)
        snprintf(octet, sizeof octet, "%u", mismatch.octet);
    snprintf(buf, cap, "%u@%s expected %s, got %s", mismatch.column, octet, mismatch.expected,
             mismatch.got);
}

static const struct {
    const char *line, *message, *before, *result;
} expectations[] = {
    {"2.05", "ACK 2.05", NULL, ""},
    {"2.05", "ACK 4.04", NULL, "1@1 expected 2.05, got 4.04"},
    {"ACK", "CON 2.05", NULL, "1@0 expected ACK, got CON"},
    {"ACK,CON 2.05", "CON 2.05", NULL, ""},
    {"ACK,CON 2.05", "NON 2.05", NULL, "1@0 expected CON,ACK, got NON"},
    {"2.01,2.04", "ACK 2.04", NULL, ""},
    {"2.01,2.04", "ACK 2.05", NULL, "1@1 expected 2.01,2.04, got 2.05"},
    {"4.xx", "ACK 4.31", NULL, ""},
    {"4.xx,5.03", "ACK 5.00", NULL, "1@1 expected 4.xx,5.03, got 5.00"},
    {"GET,POST", "CON POST", NULL, ""},
    {"any", "ACK 7.01", NULL, ""},
    {"CON * tok=any", "CON GET", NULL, ""},
    {"any tok=any", "CON GET tok=-", NULL, "5@0 expected tok=any, got tok=-"},
    {"any tok=absent", "CON GET tok=01", NULL, "5@4 expected tok=-, got tok=01"},
    {"any tok=01", "CON GET tok=02", NULL, "5@4 expected tok=01, got tok=02"},
    {"any tok=same", "CON GET tok=02", "CON GET tok=02", ""},
    {"any tok=same", "CON GET tok=02", "CON GET tok=03", "5@4 expected tok=03, got tok=02"},
    {"any tok=same", "CON GET tok=02", NULL, ""},
    {"any mid=7", "CON GET mid=8", NULL, "5@2 expected mid=0x0007, got mid=0x0008"},
    {"any mid=7..9", "CON GET mid=8", NULL, ""},
    {"any mid=7..9", "CON GET mid=10", NULL, "5@2 expected mid=0x0007..0x0009, got mid=0x000a"},
    {"any mid=increasing", "CON GET mid=2", "CON GET mid=65535", ""},
    {"any mid=increasing", "CON GET mid=2", "CON GET mid=2",
     "5@2 expected mid above 0x0002, got mid=0x0002"},
    {"any mid=same", "CON GET mid=3", "CON GET mid=2",
     "5@2 expected mid=0x0002 (same), got mid=0x0003"},
    {"GET /a/b", "CON GET /a/b", NULL, ""},
    {"GET /a/b", "CON GET /a/c", NULL, "8@9 expected uri-path=b, got uri-path=c"},
    {"GET /a", "CON GET /a/b", NULL,
     "6@8 expected uri-path, 1 of it, got uri-path=b too, 2 in all"},
    {"GET /a/b", "CON GET /a", NULL, "8@none expected uri-path=b, got no uri-path"},
    {"GET /", "CON GET", NULL, ""},
    {"GET /", "CON GET /a", NULL, "5@6 expected no uri-path, got uri-path=a"},
    {"GET /rd/*", "CON GET /rd/4f%2F", NULL, ""},
    {"GET /rd/*x", "CON GET /rd/4f", NULL, "9@10 expected uri-path=*x, got uri-path=4f"},
    {"GET ?ep=*", "CON GET ?ep=me", NULL, ""},
    {"GET ?ep=%2A", "CON GET ?ep=me", NULL, "6@8 expected uri-query=\"ep=*\", got uri-query=ep=me"},
    {"2.05 observe=any", "ACK 2.05 observe=9", NULL, ""},
    {"2.05 observe=any", "ACK 2.05", NULL, "6@none expected observe, got no observe"},
    {"2.05 observe=absent", "ACK 2.05", NULL, ""},
    {"2.05 observe=absent", "ACK 2.05 observe=9", NULL, "6@6 expected no observe, got observe=9"},
    {"2.05 observe=increasing", "ACK 2.05 observe=9", "ACK 2.05 observe=8", ""},
    {"2.05 observe=increasing", "ACK 2.05 observe=1", "ACK 2.05 observe=16777215", ""},
    {"2.05 observe=increasing", "ACK 2.05 observe=8", "ACK 2.05 observe=8",
     "6@7 expected above observe=8, got observe=8"},
    {"2.05 observe=increasing", "ACK 2.05 observe=8", "ACK 2.05",
     "6@7 expected observe=increasing, though there was none before, got observe=8"},
    {"2.05 etag=same", "ACK 2.05 etag=01", "ACK 2.05 etag=01", ""},
    {"2.05 etag=same", "ACK 2.05 etag=01", "ACK 2.05 etag=02", "6@7 expected etag=02, got etag=01"},
    {"2.05 max-age=0..100", "ACK 2.05 max-age=100", NULL, ""},
    {"2.05 max-age=0..100", "ACK 2.05 max-age=101", NULL,
     "6@8 expected max-age=..100, got max-age=101"},
    {"2.05 max-age=5..", "ACK 2.05 max-age=4", NULL, "6@8 expected max-age=5.., got max-age=4"},
    {"2.05 cf=0", "ACK 2.05 cf=40", NULL, "6@7 expected content-format=0, got content-format=40"},
    {"2.05 cf=0", "ACK 2.05 cf=#0000", NULL, ""},
    {"2.05 cf=40", "ACK 2.05 cf=#0028", NULL, ""},
    {"2.05 cf=#0028", "ACK 2.05 cf=40", NULL,
     "6@7 expected content-format=#0028, got content-format=40"},
    {"2.01 location-path=any", "ACK 2.01 location-path=/a/b", NULL, ""},
    {"2.01 location-path=/a/*", "ACK 2.01 location-path=/a/b", NULL, ""},
    {"2.05", "ACK 2.05 /x etag=01 | more", NULL, ""},
    {"2.05 | any", "ACK 2.05", NULL, "8@none expected | any, got no payload"},
    {"2.05 | absent", "ACK 2.05 | x", NULL, "8@7 expected no payload, got | \"x\""},
    {"2.05 | hello", "ACK 2.05 | help!", NULL, "8@10 expected | \"hello\", got | \"help!\""},
    {"2.05 | hel*o", "ACK 2.05 | hello", NULL, ""},
    {"2.05 | \"hel*o\"", "ACK 2.05 | hello", NULL, "8@10 expected | \"hel*o\", got | \"hello\""},
    {"2.05 | *x*", "ACK 2.05 | hello", NULL, "8@7 expected | *x*, got | \"hello\""},
    {"2.05 | len:0..4", "ACK 2.05 | hello", NULL, "8@7 expected | len:..4, got | \"hello\""},
    {"2.05 | len:5", "ACK 2.05 | hello", NULL, ""},
    {"2.05 | utf8", "ACK 2.05 | hex:61ff", NULL, "8@8 expected | utf8, got | hex:61ff"},
    {"2.05 | same", "ACK 2.05 | b", "ACK 2.05 | a", "8@7 expected | \"a\", got | \"b\""},
    {"notification 2.05", "CON 2.05 observe=1", NULL, ""},
    {"notification 2.05", "CON 2.05", NULL,
     "1@none expected a notification, got 2.05 without observe"},
    {"raw: 40010102", "CON GET tok=-", NULL, ""},
    {"raw: 40020102", "CON GET tok=-", NULL, "5@1 expected raw: 40020102, got raw: 40010102"},
    {"RST", "RST", NULL, ""},
    {"2.05", "raw: 40", NULL,
     "1@0 expected a well-formed message, got malformed: shorter than its header"},
    {"GET cf=0", "raw: 40010001ff", NULL,
     "5@none expected content-format=0, got no content-format"},
    {"GET cf=0", "raw: 40010001f0", NULL,
     "1@4 expected a well-formed message, got malformed: option delta 15 without being the "
     "payload marker"},
    {"GET", "raw: 80010001", NULL,
     "1@0 expected a well-formed message, got malformed: version is not 1"},
    {"GET ver=2", "raw: 80010001", NULL, ""},
    {"GET tkl=0", "CON GET", NULL, "5@0 expected tkl=0, got tkl=2"},
    {"ACK,2.05", "ACK", NULL, "1: types and codes are two words"},
    {"any etag=increasing", "ACK", NULL, "10: only a number can increase"},
    {"any marker", "CON GET marker", NULL, ""},
    {"any marker", "ACK", NULL,
     "5@none expected a payload marker with nothing behind it, got no payload"},
    {"any trail=00", "ACK", NULL, "5: trail= can be sent, not expected: use raw:"},
    {"any mid=absent", "ACK", NULL, "9: every message has a Message ID, 0 to 65535"},
    {"any | len:x", "ACK", NULL, "11: a length is len:4 or len:0..64"},
};

static void expectations_match_or_say_why_not(void **state)
{
    char got[512];
    (void)state;
    for (size_t i = 0; i < sizeof expectations / sizeof expectations[0]; i++) {
        matched(expectations[i].line, expectations[i].message, expectations[i].before, got,
                sizeof got);
        if (strcmp(got, expectations[i].result) != 0)
            fail_msg("%s ~ %s\n  expected %s\n  got      %s", expectations[i].line,
                     expectations[i].message, expectations[i].result, got);
    }
}

static void a_pattern_is_not_encoded(void **state)
{
    static const char *const lines[] = {
        "2.xx",    "ACK,CON 2.05", "any",       "GET tok=any",  "GET mid=1..2", "GET observe=any",
        "GET /a*", "GET /",        "GET | any", "notification",
    };
    static struct cs_line line;
    struct cs_error error = {0};
    uint8_t octets[64];
    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        assert_true(cs_line_parse(lines[i], true, &line, &error));
        if (cs_line_encode(CS_UDP, &line, token, 1, octets, sizeof octets, &error) != 0)
            fail_msg("%s was encoded", lines[i]);
        assert_string_equal(error.text, "a pattern can be expected, not sent");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(expectations_match_or_say_why_not),
        cmocka_unit_test(a_pattern_is_not_encoded),
    };
    return cmocka_run_group_tests_name("notation_match", tests, NULL, NULL);
}
