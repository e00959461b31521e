/* src/device/proxy/http.h: the proxy's HTTP side. */
#ifndef SRC_DEVICE_PROXY_HTTP_H
#define SRC_DEVICE_PROXY_HTTP_H

#include "src/device/proxy/exchange.h"

struct device_http;

/* Listens for HTTP requests at the TCP port of that number, 0: at none. NULL when there is no memory. */
struct device_http *device_http_new(struct device *device, unsigned port);
/* NULL is fine. */
void device_http_free(struct device_http *http);
/* Waits for something to happen, `ms` at most, on CoAP's sockets and those of HTTP. */
void device_http_wait(struct device_http *http, unsigned ms);
/* As device_proxy_response() and device_proxy_failed(), for a request that came by HTTP. False: it did not. */
bool device_http_response(struct device_http *http, const coap_session_t *session,
                          const coap_pdu_t *received);
bool device_http_failed(struct device_http *http, const coap_session_t *session, bool no_answer);
/* Sends the request to an HTTP server; the response goes back by proxy_give_back() when it is there. */
void device_http_forward(struct device_http *http, struct proxy_exchange *e,
                         const coap_pdu_t *request, const struct proxy_destination *to);
/* The exchange is used for another request: an answer to this one goes nowhere. */
void device_http_forget(struct device_http *http, const struct proxy_exchange *e);

#endif
