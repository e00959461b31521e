/* HTTP messages in one line: to send, and to expect. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "src/verbs/http_line.h"

static struct http_line line;
static uint8_t body[NET_HTTP_BODY_MAX];
static struct net_http_message m;

static void parsed(const char *text, bool request)
{
    struct cs_error error = {0};
    if (!http_line_parse(text, request, &line, &error))
        fail_msg("%s: column %u: %s", text, error.column, error.text);
}

static void refused(const char *text, bool request, unsigned column, const char *why)
{
    struct cs_error error = {0};
    assert_false(http_line_parse(text, request, &line, &error));
    assert_int_equal(error.column, column);
    if (strstr(error.text, why) == NULL)
        fail_msg("expected '%s' in '%s'", why, error.text);
}

static void a_line_becomes_a_message(void **state)
{
    (void)state;
    char out[500];
    parsed("GET coap://[::1]:5683/a?b=c accept=\"text/plain; q=\\\"1\\\"\"", true);
    out[http_line_write(&line, "[::1]:5683", out, sizeof out)] = '\0';
    assert_string_equal(out, "GET coap://[::1]:5683/a?b=c HTTP/1.1\r\nHost: [::1]:5683\r\n"
                             "accept: text/plain; q=\"1\"\r\nConnection: close\r\n\r\n");
    parsed("200 content-type=text/plain | two words ", false);
    out[http_line_write(&line, "", out, sizeof out)] = '\0';
    assert_string_equal(out, "HTTP/1.1 200 Told\r\ncontent-type: text/plain\r\n"
                             "Content-Length: 9\r\nConnection: close\r\n\r\ntwo words");
    parsed("204", false);
    out[http_line_write(&line, "", out, sizeof out)] = '\0';
    assert_string_equal(out, "HTTP/1.1 204 Told\r\nConnection: close\r\n\r\n");
    assert_int_equal(http_line_write(&line, "", out, 20), 0);
}

static void mistakes_have_a_column(void **state)
{
    (void)state;
    refused("get /", true, 1, "a method is due");
    refused("GET", true, 1, "a target");
    refused("GET / accept", true, 7, "a field is due");
    refused("GET / a=\"b", true, 9, "its quote does not end");
    refused("20", false, 1, "a status is due");
    refused("200,", false, 1, "a status is due");
    refused("xxx", false, 1, "a status is due");
    refused("200 /a", false, 5, "a field is due");
}

static bool like(const char *expectation, const char *message)
{
    char expected[300], got[300];
    const bool request = strncmp(message, "HTTP/", 5) != 0;
    parsed(expectation, request);
    assert_int_equal(net_http_parse(request ? NET_HTTP_REQUEST : NET_HTTP_RESPONSE,
                                    (struct cs_slice){(const uint8_t *)message, strlen(message)},
                                    true, body, &m),
                     NET_HTTP_WHOLE);
    return http_line_match(&line, &m, expected, got, sizeof expected);
}

static void a_message_is_held_against_a_line(void **state)
{
    (void)state;
    static const char ok[] = "HTTP/1.1 200 OK\r\nContent-Type: text/plain;charset=UTF-8\r\n"
                             "Cache-Control: public, max-age=7\r\n\r\nhello";
    assert_true(like("200", ok));
    assert_true(like("2xx", ok));
    assert_true(like("204,200", ok));
    assert_false(like("201,204", ok));
    assert_true(like("200 content-type=text/plain* | hello", ok));
    assert_true(like("200 content-type=TEXT/*utf-8 etag=absent | h*o", ok));
    assert_false(like("200 content-type=text/plain", ok));
    assert_false(like("200 content-type=absent", ok));
    assert_false(like("200 etag=any", ok));
    assert_false(like("200 | hell", ok));
    assert_false(like("200 | absent", ok));
    assert_true(like("204 | absent", "HTTP/1.1 204 No\r\n\r\n"));
    assert_false(like("204 | any", "HTTP/1.1 204 No\r\n\r\n"));
}

static void max_age_is_a_range(void **state)
{
    (void)state;
    static const char seven[] = "HTTP/1.1 200 OK\r\nCache-Control: public,max-age=\"7\"\r\n\r\n";
    assert_true(like("200 max-age=0..7", seven));
    assert_true(like("200 max-age=7", seven));
    assert_false(like("200 max-age=0..6", seven));
    assert_false(like("200 max-age=0..7", "HTTP/1.1 200 OK\r\nCache-Control: s-max-age=7\r\n\r\n"));
    assert_false(like("200 max-age=0..7", "HTTP/1.1 200 OK\r\nCache-Control: max-age=\r\n\r\n"));
    assert_false(like("200 max-age=0..7", "HTTP/1.1 200 OK\r\n\r\n"));
}

static void a_target_is_its_path(void **state)
{
    (void)state;
    assert_true(like("GET /a?b", "GET /a?b HTTP/1.1\r\n\r\n"));
    assert_true(like("GET /a", "GET http://127.0.0.1:80/a HTTP/1.1\r\n\r\n"));
    assert_true(like("GET /", "GET http://127.0.0.1 HTTP/1.1\r\n\r\n"));
    assert_false(like("GET /a", "GET /b HTTP/1.1\r\n\r\n"));
    assert_false(like("GET /a", "PUT /a HTTP/1.1\r\n\r\n"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_becomes_a_message),
        cmocka_unit_test(mistakes_have_a_column),
        cmocka_unit_test(a_message_is_held_against_a_line),
        cmocka_unit_test(max_age_is_a_range),
        cmocka_unit_test(a_target_is_its_path),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
