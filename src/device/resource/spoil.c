/* src/device/resource/spoil.c: faults that can be put onto a finished answer. (device/faults.c has the table; src/faults/ are the ones made
 * at the border of the tester, run/impair.c is what a scenario does to messages on the way.) */
#include "src/device/resource/spoil.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void spoil_code(const struct device *device, struct device_answer *answer)
{
    if (answer->code == DEVICE_CODE(2, 1)) {
        if (device_has(device, DEVICE_CREATED_SAYS_CHANGED))
            answer->code = DEVICE_CODE(2, 4);
        if (device_has(device, DEVICE_CREATED_SAYS_CONTENT))
            answer->code = DEVICE_CODE(2, 5);
    }
    if (answer->code == DEVICE_CODE(2, 5) && device_has(device, DEVICE_UNKNOWN_RESPONSE_CODE))
        answer->code = DEVICE_CODE(2, 17);
}

static void spoil_etag(const struct device *device, struct device_answer *answer)
{
    if (answer->etag_length == 0)
        return;
    if (device_has(device, DEVICE_ETAG_TOO_LONG)) {
        memset(answer->etag + answer->etag_length, 'e', 9 - answer->etag_length);
        answer->etag_length = 9;
    }
    if (answer->code == DEVICE_CODE(2, 3) && device_has(device, DEVICE_VALID_WITHOUT_ETAG))
        answer->etag_length = 0;
}

static void spoil_location(const struct device *device, const struct device_request *request,
                           struct device_answer *answer)
{
    if (request->code == COAP_REQUEST_POST && device_has(device, DEVICE_POST_WITHOUT_LOCATION)) {
        answer->location_path[0][0] = '\0';
        answer->location_query[0][0] = '\0';
    }
    if (answer->location_path[0][0] != '\0' && device_has(device, DEVICE_LOCATION_DOT_DOT))
        snprintf(answer->location_path[1], DEVICE_NAME_MAX, "..");
    if ((answer->code == DEVICE_CODE(2, 5) && device_has(device, DEVICE_LOCATION_IN_CONTENT)) ||
        (answer->code == DEVICE_CODE(2, 2) && device_has(device, DEVICE_DELETED_WITH_LOCATION)))
        device_location(answer, "somewhere");
}

static void spoil_error(const struct device *device, struct device_answer *answer)
{
    if (answer->code < DEVICE_CODE(4, 0))
        return;
    if (device_has(device, DEVICE_DIAGNOSTIC_NOT_UTF8)) {
        memcpy(answer->body, "na\xefve", 5); /* Latin-1 */
        answer->length = 5;
    }
    if (device_has(device, DEVICE_ERROR_WITH_CONTENT_FORMAT))
        answer->format = COAP_MEDIATYPE_TEXT_PLAIN;
}

void device_spoil(struct device *device, const struct device_request *request,
                  struct device_answer *answer)
{
    if (request->code == COAP_REQUEST_DELETE && device_has(device, DEVICE_DIES))
        _exit(1);
    if (answer->code == DEVICE_CODE(2, 5) && strcmp(request->path, "test") == 0 &&
        device_has(device, DEVICE_AMPLIFIES)) {
        memset(answer->body, 'A', 1000);
        answer->length = 1000;
    }
    if (answer->format >= 0 && device_has(device, DEVICE_UNREGISTERED_FORMAT))
        answer->format = 64000;
    if (device_has(device, DEVICE_MAX_AGE_DEFAULT) && answer->code == DEVICE_CODE(2, 5))
        answer->max_age = 60;
    spoil_location(device, request, answer);
    spoil_etag(device, answer);
    spoil_error(device, answer);
    spoil_code(device, answer);
}

/* Rows of what is added to each response that carries a code. */
static const struct {
    enum device_fault fault;
    coap_option_num_t number;
    size_t length;
    const char *value;
    bool only_content;
} extra[] = {
    {DEVICE_ETAG_EMPTY, COAP_OPTION_ETAG, 0, "", true},
    {DEVICE_MAX_AGE_TOO_LONG, COAP_OPTION_MAXAGE, 5, "\0\0\0\0\x0a", true},
    {DEVICE_REQUEST_OPTION_IN_RESPONSE, COAP_OPTION_ACCEPT, 1, "\x2a", false},
    {DEVICE_CRITICAL_IN_RESPONSE, 65001, 1, "x", false},
};

void device_spoil_options(const struct device *device, const struct device_answer *answer,
                          coap_pdu_t *response)
{
    for (size_t i = 0; i < sizeof extra / sizeof extra[0]; i++)
        if (device_has(device, extra[i].fault) &&
            (!extra[i].only_content || answer->code == DEVICE_CODE(2, 5)))
            coap_add_option(response, extra[i].number, extra[i].length,
                            (const uint8_t *)extra[i].value);
}
