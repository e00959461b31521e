/* HTTP messages as they come in: whole, in pieces, and as nobody should send them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "src/net/http.h"

static uint8_t body[NET_HTTP_BODY_MAX];
static struct net_http_message m;

static enum net_http_state parse(enum net_http_kind kind, const char *text, size_t length,
                                 bool ended)
{
    /* a copy that ends where it ends, so that a sanitizer sees a read beyond it */
    uint8_t *octets = malloc(length > 0 ? length : 1);
    static uint8_t kept[NET_HTTP_MAX];
    memcpy(octets, text, length);
    const enum net_http_state state =
        net_http_parse(kind, (struct cs_slice){octets, length}, ended, body, &m);
    free(octets);
    memcpy(kept, text, length); /* what the message borrowed from */
    net_http_parse(kind, (struct cs_slice){kept, length}, ended, body, &m);
    return state;
}

static bool same(struct cs_slice text, const char *due)
{
    return text.len == strlen(due) && memcmp(text.at, due, text.len) == 0;
}

static const struct {
    enum net_http_kind kind;
    const char *text;
    bool ended; /* it takes the end of the connection */
    const char *body;
} good[] = {
    {NET_HTTP_REQUEST, "GET /a HTTP/1.1\r\nHost: b\r\n\r\n", false, ""},
    {NET_HTTP_REQUEST, "GET coap://b/a HTTP/1.0\nHost: b\n\n", false, ""},
    {NET_HTTP_REQUEST, "PUT / HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello", false, "hello"},
    {NET_HTTP_RESPONSE, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", false, "hi"},
    {NET_HTTP_RESPONSE, "HTTP/1.1 200\r\ncontent-length:2 \r\n\r\nhi", false, "hi"},
    {NET_HTTP_RESPONSE, "HTTP/1.1 200 OK\r\n\r\nhello", true, "hello"},
    {NET_HTTP_RESPONSE, "HTTP/1.1 204 No\r\n\r\n", true, ""},
    {NET_HTTP_RESPONSE,
     "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n3;x=y\r\nhel\r\n2\r\nlo\r\n0\r\nA: "
     "b\r\n\r\n",
     false, "hello"},
    {NET_HTTP_RESPONSE_TO_HEAD, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", true, ""},
    {NET_HTTP_RESPONSE_TO_HEAD, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", true, "hello"},
};

static void good_messages_are_read_and_each_beginning_of_them_waits(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        const size_t n = strlen(good[i].text);
        for (size_t cut = 0; cut < n; cut++) {
            if (parse(good[i].kind, good[i].text, cut, false) != NET_HTTP_MORE)
                fail_msg("%zu octets of message %zu do not wait", cut, i);
        }
        if (good[i].ended)
            assert_int_equal(parse(good[i].kind, good[i].text, n, false), NET_HTTP_MORE);
        assert_int_equal(parse(good[i].kind, good[i].text, n, good[i].ended), NET_HTTP_WHOLE);
        assert_true(same(m.body, good[i].body));
    }
}

static void the_parts_are_found(void **state)
{
    (void)state;
    static const char text[] = "PUT /a?b HTTP/1.1\r\nHost: x\r\nContent-Type:  text/plain \r\n\r\n";
    struct cs_slice value;
    assert_int_equal(parse(NET_HTTP_REQUEST, text, sizeof text - 1, false), NET_HTTP_WHOLE);
    assert_true(same(m.method, "PUT"));
    assert_true(same(m.target, "/a?b"));
    assert_true(net_http_field(&m, "content-type", &value) && same(value, "text/plain"));
    assert_false(net_http_field(&m, "Content", &value));
    parse(NET_HTTP_RESPONSE, "HTTP/1.1 404 Not Found\r\n\r\n", 26, true);
    assert_int_equal(m.status, 404);
}

static void bad_messages_say_why(void **state)
{
    (void)state;
    static const struct {
        enum net_http_kind kind;
        const char *text, *why;
    } bad[] = {
        {NET_HTTP_REQUEST, "hello\r\n", "no HTTP/1.1"},
        {NET_HTTP_REQUEST, "GET / HTTP/2.0\r\n", "no HTTP/1.1"},
        {NET_HTTP_REQUEST, " / HTTP/1.1\r\n", "no HTTP/1.1"},
        {NET_HTTP_RESPONSE, "HTTP/1.1 20 OK\r\n", "no HTTP/1.1"},
        {NET_HTTP_RESPONSE, "HTTP/1.1 2000 OK\r\n", "no HTTP/1.1"},
        {NET_HTTP_RESPONSE, "HTTP/1.1 099 OK\r\n", "no HTTP/1.1"},
        {NET_HTTP_REQUEST, "GET / HTTP/1.1\r\nHost\r\n", "without a colon"},
        {NET_HTTP_REQUEST, "GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", "Content-Length"},
        {NET_HTTP_REQUEST, "GET / HTTP/1.1\r\nContent-Length: 65537\r\n\r\n", "Content-Length"},
        {NET_HTTP_REQUEST, "GET / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n", "a coding"},
        {NET_HTTP_RESPONSE, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n", "a size"},
        {NET_HTTP_RESPONSE, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffff\r\n",
         "longer than is taken"},
        {NET_HTTP_RESPONSE, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n",
         "longer than its size"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(parse(bad[i].kind, bad[i].text, strlen(bad[i].text), false), NET_HTTP_BAD);
        if (strstr(m.why, bad[i].why) == NULL)
            fail_msg("expected '%s' in '%s'", bad[i].why, m.why);
    }
    assert_int_equal(parse(NET_HTTP_REQUEST, "GET /", 5, true), NET_HTTP_BAD);
    assert_string_equal(m.why, "it ends in the middle");
}

static void what_is_too_much_is_refused(void **state)
{
    (void)state;
    static char text[NET_HTTP_MAX];
    size_t n = (size_t)snprintf(text, sizeof text, "GET / HTTP/1.1\r\n");
    for (size_t i = 0; i <= NET_HTTP_FIELDS_MAX; i++)
        n += (size_t)snprintf(text + n, sizeof text - n, "a: b\r\n");
    assert_int_equal(parse(NET_HTTP_REQUEST, text, n, false), NET_HTTP_BAD);
    assert_string_equal(m.why, "more fields than are taken");
    memset(text, 'a', sizeof text);
    assert_int_equal(parse(NET_HTTP_REQUEST, text, NET_HTTP_HEAD_MAX, false), NET_HTTP_MORE);
    assert_int_equal(parse(NET_HTTP_REQUEST, text, NET_HTTP_HEAD_MAX + 1, false), NET_HTTP_BAD);
    assert_string_equal(m.why, "a head longer than is taken");
    memcpy(text, "HTTP/1.1 200 OK\r\n\r\n", 19);
    assert_int_equal(parse(NET_HTTP_RESPONSE, text, 19 + NET_HTTP_BODY_MAX, true), NET_HTTP_WHOLE);
    assert_int_equal(parse(NET_HTTP_RESPONSE, text, 20 + NET_HTTP_BODY_MAX, true), NET_HTTP_BAD);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_messages_are_read_and_each_beginning_of_them_waits),
        cmocka_unit_test(the_parts_are_found),
        cmocka_unit_test(bad_messages_say_why),
        cmocka_unit_test(what_is_too_much_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
