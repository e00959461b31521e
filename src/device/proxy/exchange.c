/* src/device/proxy/exchange.c: the way back to the client. */
#include "src/device/proxy/exchange.h"

void proxy_finish(struct proxy_exchange *e)
{
    if (e->client != NULL)
        coap_session_release(e->client);
    if (e->origin != NULL)
        coap_session_release(e->origin);
    e->client = e->origin = NULL;
}

void proxy_give_back(struct proxy_exchange *e, coap_pdu_t *pdu)
{
    if (pdu == NULL)
        return;
    coap_pdu_set_type(pdu, e->type);
    coap_pdu_set_mid(pdu, coap_new_message_id(e->client));
    coap_send(e->client, pdu);
}

void proxy_refuse(struct proxy_exchange *e, unsigned code)
{
    if (device_has(e->device, DEVICE_PROXY_SAYS_INTERNAL_ERROR))
        code = DEVICE_CODE(5, 0);
    coap_pdu_t *pdu =
        coap_pdu_init(e->type, (coap_pdu_code_t)code, 0, coap_session_max_pdu_size(e->client));
    if (pdu != NULL)
        coap_add_token(pdu, e->token_length, e->token);
    proxy_give_back(e, pdu);
    proxy_finish(e);
}
