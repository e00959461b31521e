/* src/device/proxy/http_map.h: messages of CoAP as messages of HTTP, and back. */
#ifndef SRC_DEVICE_PROXY_HTTP_MAP_H
#define SRC_DEVICE_PROXY_HTTP_MAP_H

#include "src/device/proxy/exchange.h"

/* An HTTP message as it came in: text up to `head`, then the body. */
struct http_text {
    const char *start; /* its first line, and the fields behind it */
    size_t head;
    const char *body;
    size_t length;
};
/* The value of a field, up to the end of its line, copied; false: there is none. */
bool http_field(const struct http_text *message, const char *name, char *out, size_t cap);
/* The HTTP request for a CoAP request; the length, 0: does not fit. */
size_t http_from_request(const struct device *device, const coap_pdu_t *request,
                         const struct proxy_destination *to, char *out, size_t cap);
/* The CoAP response for an HTTP response, to hand to proxy_give_back(); NULL without memory. */
coap_pdu_t *http_to_response(const struct device *device, const struct proxy_exchange *e,
                             const struct http_text *message);
/* The CoAP request for an HTTP request; `uri` is its target. NULL: an HTTP status in `*status` says why not. */
coap_pdu_t *http_to_request(const struct http_text *message, const coap_uri_t *uri,
                            coap_session_t *session, const uint8_t *token, size_t token_length,
                            unsigned *status);
/* The HTTP response for a CoAP response to `method`; the length, 0: does not fit. */
size_t http_from_response(const struct device *device, const char *method,
                          const coap_pdu_t *response, char *out, size_t cap);

#endif
