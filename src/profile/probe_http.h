/* profile/probe_http.h: is it a cross-proxy between CoAP and HTTP (RFC 7252 section 10)? */
#ifndef SRC_PROFILE_PROBE_HTTP_H
#define SRC_PROFILE_PROBE_HTTP_H

#include "src/profile/ask.h"
#include "src/profile/profile.h"

/* It is asked for an http URI of ours: does it come for it? */
enum profile_claim probe_to_http(struct ask *ask);
/* It is asked by HTTP, at this TCP port, 0: that of CoAP, for a coap URI of ours: does it come for it? */
enum profile_claim probe_from_http(struct ask *ask, double port);

#endif
