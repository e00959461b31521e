/* coap/option_value.h: what the value of an option says, in words. */
#ifndef CS_COAP_OPTION_VALUE_H
#define CS_COAP_OPTION_VALUE_H

#include "base/text.h"
#include "coapspec/dissect.h"

/* The value by its registered format, with its meaning where it has one: `3 = block 0, no more, 128 octets`. `code` is that
 * of the message: Observe means one thing in a request and another in a response. */
void cs_option_value_format(struct cs_text *text, const struct cs_option *option, uint8_t code);

/* A value of legal length that its document forbids in any message over that carrier: says so in a clause; else NULL. */
const char *cs_option_value_wrong(const struct cs_option *option, enum cs_carrier carrier);

#endif
