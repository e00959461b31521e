/* src/device/resource/encode.c: an answer becomes a message of libcoap. */
#include "src/device/resource/encode.h"

#include <stdlib.h>
#include <string.h>

#include "src/device/resource/spoil.h"

static void add_uint(coap_pdu_t *pdu, coap_option_num_t number, unsigned value)
{
    uint8_t octets[4];
    coap_add_option(pdu, number, coap_encode_var_safe(octets, sizeof octets, value), octets);
}

static void add_names(coap_pdu_t *pdu, coap_option_num_t number,
                      const char (*names)[DEVICE_NAME_MAX])
{
    for (size_t i = 0; i < DEVICE_NAMES_MAX && names[i][0] != '\0'; i++)
        coap_add_option(pdu, number, strlen(names[i]), (const uint8_t *)names[i]);
}

static void free_body(coap_session_t *session, void *body)
{
    (void)session;
    free(body);
}

/* In the order of the option numbers: ETag 4, Location-Path 8, Content-Format 12, Max-Age 14, Location-Query 20,
 * Size1 60. libcoap has put Observe (6) in already where it belongs. */
void device_encode(const struct device *device, const struct device_answer *answer,
                   coap_resource_t *resource, coap_session_t *session, const coap_pdu_t *request,
                   const coap_string_t *query, coap_pdu_t *response)
{
    coap_pdu_set_code(response, (coap_pdu_code_t)answer->code);
    if (answer->code == 0)
        return;
    /* a body without Content-Format is a fault's, and short: from 4.3.4 on libcoap would name one */
    const bool block_wise = answer->code == DEVICE_CODE(2, 5) && answer->length > 0 &&
                            (answer->format >= 0 || LIBCOAP_VERSION <= 4003001);
    if (answer->etag_length > 0)
        coap_add_option(response, COAP_OPTION_ETAG, answer->etag_length, answer->etag);
    add_names(response, COAP_OPTION_LOCATION_PATH, answer->location_path);
    /* With a body that may need several messages libcoap adds these two itself, and does not look whether they are there
     * already; 4.3.1 takes text/plain, which is 0, for none. */
    const bool adds_format = block_wise && (answer->format > 0 || LIBCOAP_VERSION > 4003001);
    if (answer->format >= 0 && !adds_format)
        add_uint(response, COAP_OPTION_CONTENT_FORMAT, (unsigned)answer->format);
    if (answer->max_age >= 0 && !block_wise)
        add_uint(response, COAP_OPTION_MAXAGE, (unsigned)answer->max_age);
    add_names(response, COAP_OPTION_LOCATION_QUERY, answer->location_query);
    if (answer->size1 >= 0)
        add_uint(response, COAP_OPTION_SIZE1, (unsigned)answer->size1);
    device_spoil_options(device, answer, response);
    if (!block_wise) {
        if (answer->length > 0)
            coap_add_data(response, answer->length, answer->body);
        return;
    }
    unsigned char *body = malloc(answer->length);
    if (body == NULL) {
        coap_pdu_set_code(response, COAP_RESPONSE_CODE_INTERNAL_ERROR);
        return;
    }
    memcpy(body, answer->body, answer->length);
    /* libcoap names the ETag once more when it needs several messages: the same number, or its own when we have none */
    uint64_t etag = 0;
    for (size_t i = 0; i < answer->etag_length && i < 8; i++)
        etag = etag << 8 | answer->etag[i];
    const uint16_t format = answer->format >= 0 ? (uint16_t)answer->format : 0;
    coap_add_data_large_response(resource, session, request, response, query, format,
                                 answer->max_age, etag, answer->length, body, free_body, body);
}
