/* coap/explain.h: what each octet of a datagram means, and what is wrong with it where. */
#ifndef CS_COAP_EXPLAIN_H
#define CS_COAP_EXPLAIN_H

#include "coapspec/dissect.h"

enum cs_span_kind { CS_SPAN_FIELD, CS_SPAN_FAULT };

/* `len` octets from offset `at` on. Several spans may speak about the same octets (the parts of the first octet, or a
 * field and the fault in it); a fault that lies behind the last octet has len 0. Texts are terminated and cut to fit. */
struct cs_span {
    uint32_t at, len;
    uint8_t kind;   /* enum cs_span_kind */
    char label[48]; /* "Message ID", "Uri-Path" */
    char text[160]; /* "0x41ee", "\"temp\"" */
};

/* Spans in the order of the octets; together, the fields cover every octet. Returns how many there are, of which the
 * first `max` were written. `message` is what cs_message_decode() made, whatever it answered. */
size_t cs_explain(const struct cs_message *message, struct cs_span *out, size_t max);
/* The same for a datagram of DTLS records; what is encrypted stays so. */
size_t cs_explain_records(struct cs_slice octets, struct cs_span *out, size_t max);

#endif
