/* src/device/resource/request.c: the one way from a request to a handler and back.
 *
 * Here is done, for all resources alike, what RFC 7252 asks of any server and libcoap leaves to the application:
 * supernumerary critical options (5.4.5), conditional requests (5.10.8) and 4.05. */
#include "src/device/resource/request.h"

#include <string.h>

#include "src/device/resource/resources.h"
#include "src/device/resource/spoil.h"

enum { TEXT_MAX = 256, QUERIES_MAX = 8 };

/* A request as read from libcoap's message, with the room that its texts need. */
struct incoming {
    struct device_request request;
    char path[DEVICE_PATH_MAX];
    char query_text[QUERIES_MAX][TEXT_MAX];
    const char *queries[QUERIES_MAX];
    unsigned seen[4]; /* how often Uri-Host, Uri-Port, If-None-Match and Accept occur */
};

static unsigned option_uint(const coap_opt_t *option)
{
    return coap_decode_var_bytes(coap_opt_value(option), coap_opt_length(option));
}

/* False: too long a path or query to be any of ours. */
static bool read_path(struct incoming *in, const coap_opt_t *option)
{
    const size_t have = strlen(in->path);
    const size_t n = coap_opt_length(option);
    if (have + n + 2 > sizeof in->path || (n > 0 && memchr(coap_opt_value(option), 0, n) != NULL))
        return false;
    char *out = in->path + have;
    if (in->request.path != NULL)
        *out++ = '/';
    memcpy(out, coap_opt_value(option), n);
    out[n] = '\0';
    in->request.path = in->path;
    return true;
}

static bool read_query(struct incoming *in, const coap_opt_t *option)
{
    const size_t n = coap_opt_length(option);
    if (in->request.query_count == QUERIES_MAX || n >= TEXT_MAX)
        return false;
    char *out = in->query_text[in->request.query_count];
    memcpy(out, coap_opt_value(option), n);
    out[n] = '\0';
    in->queries[in->request.query_count++] = out;
    return true;
}

static bool read_option(struct incoming *in, unsigned number, const coap_opt_t *option)
{
    switch (number) {
    case COAP_OPTION_URI_PATH:
        return read_path(in, option);
    case COAP_OPTION_URI_QUERY:
        return read_query(in, option);
    case COAP_OPTION_CONTENT_FORMAT:
        in->request.format = (int)option_uint(option);
        return true;
    case COAP_OPTION_ACCEPT:
        in->seen[0]++;
        in->request.accept = (int)option_uint(option);
        return true;
    case COAP_OPTION_URI_HOST:
        in->seen[1]++;
        return true;
    case COAP_OPTION_URI_PORT:
        in->seen[2]++;
        return true;
    case COAP_OPTION_IF_NONE_MATCH:
        in->seen[3]++;
        return true;
    default:
        return true;
    }
}

static bool read_request(struct incoming *in, const coap_pdu_t *pdu)
{
    memset(in, 0, sizeof *in);
    in->request.pdu = pdu;
    in->request.code = (unsigned)coap_pdu_get_code(pdu);
    in->request.format = -1;
    in->request.accept = -1;
    in->request.queries = in->queries;
    size_t offset, total;
    coap_get_data_large(pdu, &in->request.length, &in->request.body, &offset, &total);
    coap_opt_iterator_t iterator;
    coap_option_iterator_init(pdu, &iterator, COAP_OPT_ALL);
    const coap_opt_t *option;
    while ((option = coap_option_next(&iterator)) != NULL)
        if (!read_option(in, iterator.number, option))
            return false;
    if (in->request.path == NULL)
        in->request.path = in->path;
    return true;
}

/* RFC 7252 5.10.8.1: any If-Match that is empty or names the current ETag will do. */
static bool if_match_holds(const coap_pdu_t *pdu, const struct device_entry *entry, bool exists)
{
    coap_opt_filter_t filter;
    coap_option_filter_clear(&filter);
    coap_option_filter_set(&filter, COAP_OPTION_IF_MATCH);
    coap_opt_iterator_t iterator;
    coap_option_iterator_init(pdu, &iterator, &filter);
    struct device_answer current = {.etag_length = 0};
    if (entry != NULL)
        device_etag(&current, entry);
    bool asked = false;
    const coap_opt_t *option;
    while ((option = coap_option_next(&iterator)) != NULL) {
        asked = true;
        const size_t n = coap_opt_length(option);
        if (n == 0 && exists)
            return true;
        if (n > 0 && n == current.etag_length &&
            memcmp(coap_opt_value(option), current.etag, n) == 0)
            return true;
    }
    return !asked;
}

static bool preconditions_hold(struct device *device, const struct device_resource *resource,
                               const struct incoming *in)
{
    const bool of_store = resource->stored || resource == &device_unknown;
    const struct device_entry *entry = of_store ? device_find(device, in->request.path) : NULL;
    const bool exists = entry != NULL || !of_store;
    if (!device_has(device, DEVICE_IF_MATCH_IGNORED) &&
        !if_match_holds(in->request.pdu, entry, exists))
        return false;
    return device_has(device, DEVICE_IF_NONE_MATCH_IGNORED) || in->seen[3] == 0 || !exists;
}

static void refuse_precondition(struct device *device, const struct device_resource *resource,
                                const struct incoming *in, struct device_answer *answer)
{
    if (device_has(device, DEVICE_PRECONDITION_EXECUTED))
        resource->handle(device, &in->request, answer);
    const bool bad = device_has(device, DEVICE_PRECONDITION_IS_BAD_REQUEST);
    device_refuse(answer, bad ? DEVICE_CODE(4, 0) : DEVICE_CODE(4, 12), "the condition is not met");
}

static const char *supernumerary(const struct incoming *in)
{
    static const char *const names[] = {"Accept", "Uri-Host", "Uri-Port", "If-None-Match"};
    for (size_t i = 0; i < 4; i++)
        if (in->seen[i] > 1)
            return names[i];
    return NULL;
}

static const struct device_resource *by_path(const struct device *device, const char *path)
{
    for (size_t i = 0; i < device->resource_count; i++)
        if (device->resources[i].stored && strcmp(device->resources[i].path, path) == 0)
            return &device->resources[i];
    return &device_unknown;
}

void device_answer_request(struct device *device, const struct device_resource *resource,
                           const coap_pdu_t *pdu, struct device_answer *answer)
{
    device_answer_init(answer);
    struct incoming in;
    if (!read_request(&in, pdu)) {
        device_refuse(answer, DEVICE_CODE(4, 4), "no path or query here is that long");
        return;
    }
    if (resource == &device_unknown)
        resource = by_path(device, in.request.path);
    const char *twice = supernumerary(&in);
    if (twice != NULL && !device_has(device, DEVICE_REPEATED_OPTION_TAKEN)) {
        device_refuse(answer, DEVICE_CODE(4, 2), twice);
        return;
    }
    if ((resource->methods & 1u << in.request.code) == 0) {
        if (device_has(device, DEVICE_METHOD_REFUSED_AS_MISSING))
            device_refuse(answer, DEVICE_CODE(4, 4), "no such resource");
        else
            device_refuse(answer, DEVICE_CODE(4, 5), "");
    } else if (!preconditions_hold(device, resource, &in)) {
        refuse_precondition(device, resource, &in, answer);
    } else {
        resource->handle(device, &in.request, answer);
    }
    device_spoil(device, &in.request, answer);
}

void device_answer_local(struct device *device, const coap_pdu_t *pdu, struct device_answer *answer)
{
    struct incoming in;
    const struct device_resource *resource = &device_unknown;
    for (size_t i = 0; read_request(&in, pdu) && i < device->resource_count; i++)
        if (!device->resources[i].stored && strcmp(device->resources[i].path, in.request.path) == 0)
            resource = &device->resources[i];
    device_answer_request(device, resource, pdu, answer);
}
