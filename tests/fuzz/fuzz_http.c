/* HTTP as peers send it, and lines of HTTP as scenarios have it: nothing crashes, bounds hold, and what is whole stays whole. */
#include <stdlib.h>
#include <string.h>

#include "src/net/http.h"
#include "src/verbs/http_line.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool truth)
{
    if (!truth)
        abort();
}

static bool inside(struct cs_slice part, const uint8_t *whole, size_t size)
{
    return part.len == 0 || (part.at >= whole && part.at + part.len <= whole + size);
}

static void message(enum net_http_kind kind, const uint8_t *data, size_t size)
{
    static uint8_t body[NET_HTTP_BODY_MAX];
    static struct net_http_message m;
    char text[600];
    for (int ended = 0; ended < 2; ended++) {
        const enum net_http_state state =
            net_http_parse(kind, (struct cs_slice){data, size}, ended != 0, body, &m);
        require(m.body.len <= NET_HTTP_BODY_MAX && m.field_count <= NET_HTTP_FIELDS_MAX);
        for (size_t i = 0; i < m.field_count; i++)
            require(inside(m.fields[i].name, data, size) && inside(m.fields[i].value, data, size));
        require(state != NET_HTTP_MORE || ended == 0);
        require(state != NET_HTTP_BAD || m.why != NULL);
        if (state == NET_HTTP_WHOLE)
            require(strlen(http_line_describe(&m, text, sizeof text)) < sizeof text);
    }
}

static void line(const char *text, size_t size)
{
    static struct http_line parsed;
    static char out[HTTP_LINE_MAX];
    static uint8_t body[NET_HTTP_BODY_MAX];
    static struct net_http_message m;
    struct cs_error error = {0};
    for (int request = 0; request < 2; request++) {
        if (!http_line_parse(text, request != 0, &parsed, &error)) {
            require(error.text[0] != '\0' && error.column >= 1 && error.column <= size + 1);
            continue;
        }
        const size_t length = http_line_write(&parsed, "host", out, sizeof out);
        require(length < sizeof out);
        char expected[300], got[300];
        const struct cs_slice octets = {(const uint8_t *)out, length};
        if (net_http_parse(request != 0 ? NET_HTTP_REQUEST : NET_HTTP_RESPONSE, octets, true, body,
                           &m) == NET_HTTP_WHOLE)
            http_line_match(&parsed, &m, expected, got, sizeof expected);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char text[1024];
    if (size < 1)
        return 0;
    message((enum net_http_kind)(data[0] % 3), data + 1, size - 1);
    if (size - 1 >= sizeof text || memchr(data + 1, 0, size - 1) != NULL)
        return 0;
    memcpy(text, data + 1, size - 1);
    text[size - 1] = '\0';
    line(text, size - 1);
    return 0;
}
