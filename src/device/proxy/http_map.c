/* src/device/proxy/http_map.c: messages of CoAP as messages of HTTP, and back (RFC 7252 section 10, RFC 8075 sections 6 and 7). */
#include "src/device/proxy/http_map.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const struct {
    unsigned format;
    const char *type;
} formats[] = {{0, "text/plain;charset=utf-8"}, {40, "application/link-format"},
               {41, "application/xml"},         {42, "application/octet-stream"},
               {50, "application/json"},        {60, "application/cbor"}};
enum { FORMATS = sizeof formats / sizeof formats[0], OCTETS = 42 };

bool http_field(const struct http_text *message, const char *name, char *out, size_t cap)
{
    const size_t n = strlen(name);
    for (const char *at = memchr(message->start, '\n', message->head); at != NULL;
         at = memchr(at, '\n', message->head - (size_t)(at - message->start))) {
        at++;
        if (strncasecmp(at, name, n) != 0 || at[n] != ':')
            continue;
        at += n + 1;
        at += strspn(at, " \t");
        snprintf(out, cap, "%.*s", (int)strcspn(at, "\r\n"), at);
        return true;
    }
    return false;
}

/* The media type alone decides: "text/plain; charset=utf-8" is text/plain. */
static unsigned format_of(const char *type)
{
    const size_t n = strcspn(type, "; ");
    for (size_t i = 0; i < FORMATS; i++)
        if (strcspn(formats[i].type, ";") == n && strncasecmp(formats[i].type, type, n) == 0)
            return formats[i].format;
    return OCTETS;
}

static void type_of(unsigned format, char *out, size_t cap)
{
    for (size_t i = 0; i < FORMATS; i++)
        if (formats[i].format == format) {
            snprintf(out, cap, "%s", formats[i].type);
            return;
        }
    snprintf(out, cap, "application/coap-payload;cf=%u", format); /* RFC 8075 6.2 */
}

/* Text that is put together; `length` beyond `cap`: it did not fit. */
struct text {
    char *at;
    size_t cap, length;
};

static void add(struct text *t, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void add(struct text *t, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    const size_t left = t->length < t->cap ? t->cap - t->length : 0;
    const int n = vsnprintf(t->at + (left > 0 ? t->length : 0), left, format, args);
    va_end(args);
    t->length += n > 0 ? (size_t)n : 0;
}

static size_t add_body(struct text *t, const uint8_t *body, size_t length)
{
    if (t->length + length >= t->cap)
        return 0;
    if (length > 0)
        memcpy(t->at + t->length, body, length);
    return t->length + length;
}

static bool uint_option(const coap_pdu_t *pdu, coap_option_num_t number, unsigned *out)
{
    coap_opt_iterator_t walk;
    const coap_opt_t *option = coap_check_option(pdu, number, &walk);
    if (option != NULL)
        *out = coap_decode_var_bytes(coap_opt_value(option), coap_opt_length(option));
    return option != NULL;
}

static void add_uint(coap_pdu_t *pdu, coap_option_num_t number, unsigned value)
{
    uint8_t octets[4];
    coap_add_option(pdu, number, coap_encode_var_safe(octets, sizeof octets, value), octets);
}

/* ------------------------------------------------------------------ CoAP to HTTP */

static const char *method_of(unsigned code)
{
    static const char *const methods[] = {NULL, "GET", "POST", "PUT", "DELETE"};
    return code < 5 ? methods[code] : NULL;
}

size_t http_from_request(const struct device *device, const coap_pdu_t *request,
                         const struct proxy_destination *to, char *out /* NOLINT: is written */,
                         size_t cap)
{
    struct text t = {out, cap, 0};
    char type[64];
    unsigned format;
    size_t length = 0;
    const uint8_t *body = NULL;
    coap_opt_iterator_t walk;
    const char *method = method_of((unsigned)coap_pdu_get_code(request));
    const bool six = strchr(to->host, ':') != NULL;
    (void)device;
    if (method == NULL)
        return 0;
    coap_get_data(request, &length, &body);
    add(&t, "%s %s HTTP/1.1\r\nHost: %s%s%s:%u\r\nConnection: close\r\n", method,
        to->path[0] != '\0' ? to->path : "/", six ? "[" : "", to->host, six ? "]" : "",
        (unsigned)to->uri.port);
    if (uint_option(request, COAP_OPTION_ACCEPT, &format)) {
        type_of(format, type, sizeof type);
        add(&t, "Accept: %s\r\n", type);
    }
    const coap_opt_t *etag = coap_check_option(request, COAP_OPTION_ETAG, &walk);
    if (etag != NULL)
        add(&t, "If-None-Match: \"%.*s\"\r\n", (int)coap_opt_length(etag),
            (const char *)coap_opt_value(etag));
    if (uint_option(request, COAP_OPTION_CONTENT_FORMAT, &format)) {
        type_of(format, type, sizeof type);
        add(&t, "Content-Type: %s\r\n", type);
    }
    if (length > 0 || strcmp(method, "POST") == 0 || strcmp(method, "PUT") == 0)
        add(&t, "Content-Length: %zu\r\n", length);
    add(&t, "\r\n");
    return add_body(&t, body, length);
}

static unsigned success_of(const struct device *device, unsigned method, unsigned status)
{
    const bool makes = method == COAP_REQUEST_PUT || method == COAP_REQUEST_POST;
    if (device_has(device, DEVICE_PROXY_HTTP_SAYS_CHANGED))
        return DEVICE_CODE(2, 4);
    if (method == COAP_REQUEST_GET)
        return DEVICE_CODE(2, 5);
    if (makes && (status == 201 || device_has(device, DEVICE_PROXY_HTTP_SAYS_CREATED)))
        return DEVICE_CODE(2, 1);
    return makes ? DEVICE_CODE(2, 4) : DEVICE_CODE(2, 2);
}

static unsigned code_of(const struct device *device, unsigned method, unsigned status)
{
    static const unsigned same[] = {400, 401, 403, 404, 405, 406, 412, 413, 415, 503, 504};
    if (status == 304)
        return DEVICE_CODE(2, 3);
    if (status == 404 && method == COAP_REQUEST_DELETE &&
        !device_has(device, DEVICE_PROXY_HTTP_DELETE_404))
        return success_of(device, method, status);
    if (status / 100 == 2)
        return success_of(device, method, status);
    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++)
        if (same[i] == status)
            return DEVICE_CODE(status / 100, status % 100);
    return status / 100 == 4 ? DEVICE_CODE(4, 0) : DEVICE_CODE(5, 2);
}

/* How long it stays fresh: what Cache-Control says, less what has passed; 0 where nothing is said. */
static unsigned max_age_of(const struct http_text *message)
{
    char control[128], passed[16] = "0";
    if (!http_field(message, "Cache-Control", control, sizeof control))
        return 0;
    const char *at = strcasestr(control, "max-age=");
    http_field(message, "Age", passed, sizeof passed);
    const unsigned long max = at != NULL ? strtoul(at + 8, NULL, 10) : 0;
    const unsigned long age = strtoul(passed, NULL, 10);
    return max > age ? (unsigned)(max - age) : 0;
}

/* A strong entity-tag that fits into an ETag. */
static void add_etag(coap_pdu_t *pdu, const struct http_text *message)
{
    char etag[64];
    if (!http_field(message, "ETag", etag, sizeof etag) || etag[0] != '"')
        return;
    const size_t n = strcspn(etag + 1, "\"");
    if (n > 0 && n <= 8)
        coap_add_option(pdu, COAP_OPTION_ETAG, n, (const uint8_t *)etag + 1);
}

/* The path of a Location, as long as it is short. */
static void add_location(coap_pdu_t *pdu, const struct http_text *message)
{
    char where[256];
    if (!http_field(message, "Location", where, sizeof where))
        return;
    const char *at = strstr(where, "://");
    at = at != NULL ? strchr(at + 3, '/') : where;
    while (at != NULL && *at == '/') {
        const size_t n = strcspn(++at, "/?");
        coap_add_option(pdu, COAP_OPTION_LOCATION_PATH, n, (const uint8_t *)at);
        at += n;
    }
}

coap_pdu_t *http_to_response(const struct device *device, const struct proxy_exchange *e,
                             const struct http_text *message)
{
    char type[64];
    const unsigned status =
        (unsigned)strtoul(message->start + strcspn(message->start, " "), NULL, 10);
    const unsigned code = code_of(device, e->method, status);
    coap_pdu_t *pdu =
        coap_pdu_init(e->type, (coap_pdu_code_t)code, 0, coap_session_max_pdu_size(e->client));
    if (pdu == NULL)
        return NULL;
    coap_add_token(pdu, e->token_length, e->token);
    if (!device_has(device, DEVICE_PROXY_HTTP_NO_ETAG))
        add_etag(pdu, message);
    if (code == DEVICE_CODE(2, 1))
        add_location(pdu, message);
    const bool content = code == DEVICE_CODE(2, 5) && message->length > 0;
    if (content && http_field(message, "Content-Type", type, sizeof type))
        add_uint(pdu, COAP_OPTION_CONTENT_FORMAT,
                 device_has(device, DEVICE_PROXY_HTTP_NO_FORMAT) ? OCTETS : format_of(type));
    if ((code == DEVICE_CODE(2, 5) || code == DEVICE_CODE(2, 3)) &&
        !device_has(device, DEVICE_PROXY_HTTP_NO_MAX_AGE))
        add_uint(pdu, COAP_OPTION_MAXAGE, max_age_of(message));
    if (content)
        coap_add_data(pdu, message->length, (const uint8_t *)message->body);
    return pdu;
}

/* ------------------------------------------------------------------ HTTP to CoAP */

static unsigned code_named(const char *method, size_t length)
{
    static const struct {
        const char *name;
        unsigned code;
    } methods[] = {{"GET", 1}, {"HEAD", 1}, {"POST", 2}, {"PUT", 3}, {"DELETE", 4}};
    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++)
        if (strlen(methods[i].name) == length && memcmp(methods[i].name, method, length) == 0)
            return methods[i].code;
    return 0;
}

coap_pdu_t *http_to_request(const struct http_text *message, const coap_uri_t *uri,
                            coap_session_t *session, const uint8_t *token, size_t token_length,
                            unsigned *status)
{
    char type[64];
    const unsigned code = code_named(message->start, strcspn(message->start, " "));
    if (code == 0) {
        *status = 501; /* RFC 7252 10.2.1, 10.2.7 */
        return NULL;
    }
    coap_pdu_t *pdu =
        coap_pdu_init(COAP_MESSAGE_CON, (coap_pdu_code_t)code, coap_new_message_id(session),
                      coap_session_max_pdu_size(session));
    if (pdu == NULL)
        return NULL;
    coap_add_token(pdu, token_length, token);
    device_add_parts(pdu, COAP_OPTION_URI_PATH, &uri->path);
    if (message->length > 0 && http_field(message, "Content-Type", type, sizeof type))
        add_uint(pdu, COAP_OPTION_CONTENT_FORMAT, format_of(type));
    device_add_parts(pdu, COAP_OPTION_URI_QUERY, &uri->query);
    /* RFC 7252 10.2.2: ranges of media types cannot be said in CoAP */
    if (http_field(message, "Accept", type, sizeof type) && strpbrk(type, "*,") == NULL)
        add_uint(pdu, COAP_OPTION_ACCEPT, format_of(type));
    if (message->length > 0)
        coap_add_data(pdu, message->length, (const uint8_t *)message->body);
    return pdu;
}

static unsigned status_of(const struct device *device, const char *method, unsigned code,
                          size_t length)
{
    const unsigned class = code >> 5, detail = code & 31;
    const bool post = strcmp(method, "POST") == 0;
    if (class != 2) /* RFC 8075 section 7 */
        return code == DEVICE_CODE(4, 1)   ? 403
               : code == DEVICE_CODE(4, 2) ? 500
               : code == DEVICE_CODE(4, 5) ? 400
               : code == DEVICE_CODE(5, 5) ? 502
                                           : class * 100 + detail;
    if (post && device_has(device, DEVICE_PROXY_WEB_POST_CREATED))
        return 201;
    if (post && device_has(device, DEVICE_PROXY_WEB_POST_OK))
        return 200;
    switch (detail) {
    case 1:
        return 201;
    case 3:
        return 304;
    case 5:
        return 200;
    default:
        return length > 0 ? 200 : 204;
    }
}

static void add_fields(const struct device *device, struct text *t, const coap_pdu_t *response)
{
    char type[64];
    unsigned value;
    coap_opt_iterator_t walk;
    if (uint_option(response, COAP_OPTION_CONTENT_FORMAT, &value)) {
        type_of(value, type, sizeof type);
        add(t, "Content-Type: %s\r\n",
            device_has(device, DEVICE_PROXY_WEB_NO_TYPE) ? "text/html" : type);
    }
    if (!uint_option(response, COAP_OPTION_MAXAGE, &value))
        value = 60; /* 5.10.5 */
    if (!device_has(device, DEVICE_PROXY_WEB_NO_MAX_AGE))
        add(t, "Cache-Control: max-age=%u\r\n", value);
    const coap_opt_t *etag = coap_check_option(response, COAP_OPTION_ETAG, &walk);
    if (etag != NULL) {
        add(t, "ETag: \"");
        for (size_t i = 0; i < coap_opt_length(etag); i++)
            add(t, "%02x", coap_opt_value(etag)[i]);
        add(t, "\"\r\n");
    }
}

size_t http_from_response(const struct device *device, const char *method,
                          const coap_pdu_t *response, char *out /* NOLINT: is written */,
                          size_t cap)
{
    struct text t = {out, cap, 0};
    size_t length = 0;
    const uint8_t *body = NULL;
    coap_get_data(response, &length, &body);
    const bool head = strcmp(method, "HEAD") == 0;
    const unsigned status =
        status_of(device, method, (unsigned)coap_pdu_get_code(response), length);
    add(&t, "HTTP/1.1 %u From CoAP\r\nConnection: close\r\n", status);
    add_fields(device, &t, response);
    if (status != 204 && status != 304)
        add(&t, "Content-Length: %zu\r\n", length);
    add(&t, "\r\n");
    return add_body(&t, body, head && !device_has(device, DEVICE_PROXY_WEB_HEAD_BODY) ? 0 : length);
}
