/* src/device/proxy/proxy.h: the device as a forward-proxy (RFC 7252 5.7). */
#ifndef SRC_DEVICE_PROXY_PROXY_H
#define SRC_DEVICE_PROXY_PROXY_H

#include "src/device/common/options.h"
#include "src/device/resource/device.h"

struct device_http;
struct device_proxy;

/* `port` is the server's. What is pointed to stays the caller's. NULL when there is no memory. */
struct device_proxy *device_proxy_new(struct device *device, const struct device_options *options,
                                      unsigned port);
/* NULL is fine. */
void device_proxy_free(struct device_proxy *proxy);
/* Its HTTP side, borrowed. */
struct device_http *device_proxy_http(const struct device_proxy *proxy);
/* A request with Proxy-Uri or Proxy-Scheme. An answer without a code: the response comes later, if any. */
void device_proxy_request(struct device_proxy *proxy, coap_session_t *session,
                          const coap_pdu_t *request, struct device_answer *answer);
/* A response that came on a session of ours. False: nothing waits for it. */
bool device_proxy_response(struct device_proxy *proxy, coap_session_t *session,
                           const coap_pdu_t *received);
/* The request on that session came to nothing. */
void device_proxy_failed(struct device_proxy *proxy, const coap_session_t *session, bool no_answer);
/* Once a second. */
void device_proxy_tick(struct device_proxy *proxy);

#endif
