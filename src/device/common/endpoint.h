/* src/device/common/endpoint.h: what a client and a server have in common: URIs, addresses, codes, Message IDs, the end. */
#ifndef SRC_DEVICE_COMMON_ENDPOINT_H
#define SRC_DEVICE_COMMON_ENDPOINT_H

#include <coap3/coap.h>
#include <signal.h>
#include <stdbool.h>

#define DEVICE_CODE(class, detail) ((unsigned)((class) << 5 | (detail)))

/* One option for each segment or argument (RFC 7252 6.4), percent-encoding undone. */
void device_add_parts(coap_pdu_t *pdu, coap_option_num_t option, const coap_str_const_t *text);
/* Is it such a URI? False: what is wrong has been said. */
bool device_uri(const char *uri, coap_uri_t *parts);
/* Finds the first address of a coap:// or coaps:// URI's host. Prints what is wrong. */
bool device_address(const char *uri, coap_uri_t *parts, coap_address_t *out);
/* A Message ID for a message of ours; with the fault, `*last` and what follows it. */
coap_mid_t device_new_mid(coap_session_t *session, const bool *faults, coap_mid_t *last);
/* Set by SIGINT and SIGTERM. */
extern volatile sig_atomic_t device_stop;
void device_signals(void);

#endif
