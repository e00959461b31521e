/* coap/draft.h: is a malformed message one of a draft before RFC 7252? */
#ifndef CS_COAP_DRAFT_H
#define CS_COAP_DRAFT_H

#include "coapspec/dissect.h"

/* For a message that does not decode, or into options that are wrong. Says yes only to a request with the options of
 * draft-ietf-core-coap-03 to -12 that names a host, path or query in printable text: nothing that
 * a broken message turns into by chance. */
bool cs_is_draft_request(const struct cs_message *message);
/* Likewise of a response whose options are those of these drafts and whose payload is text. Broken messages may look like that:
 * only where no request of the other side was seen does it excuse anything. */
bool cs_may_be_draft_response(const struct cs_message *message);

#endif
