/* src/device/resource/resources.c: what the device serves. The names are those of the ETSI plugtests where there is one. */
#include "src/device/resource/resources.h"

#include <stdio.h>
#include <string.h>

#include "src/device/resource/links.h"

enum { TEXT = 0, LINKS = 40, XML = 41, OCTETS = 42, JSON = 50, CBOR = 60 };

static bool format_known(int format)
{
    static const int known[] = {-1, TEXT, LINKS, XML, OCTETS, JSON, CBOR};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (known[i] == format)
            return true;
    return false;
}

/* RFC 7252 5.10.4. False, with 4.06, when the client wants another format than this one. */
static bool acceptable(const struct device *device, const struct device_request *request,
                       int format, struct device_answer *answer)
{
    if (request->accept < 0 || request->accept == format ||
        device_has(device, DEVICE_ACCEPT_IGNORED))
        return true;
    device_refuse(answer, DEVICE_CODE(4, 6), "not available in that format");
    return false;
}

static void say_text(const struct device *device, const struct device_request *request,
                     const char *text, struct device_answer *answer)
{
    if (acceptable(device, request, TEXT, answer))
        device_content(answer, TEXT, text, strlen(text));
}

/* False, with 4.15 or 4.13, when the body cannot be taken. */
static bool takes(const struct device *device, const struct device_request *request, size_t max,
                  struct device_answer *answer)
{
    if (!format_known(request->format) && !device_has(device, DEVICE_UNSUPPORTED_FORMAT_ACCEPTED)) {
        device_refuse(answer, DEVICE_CODE(4, 15), "no such format here");
        return false;
    }
    if (request->length > max) {
        device_refuse(answer, DEVICE_CODE(4, 13), "too large");
        if (!device_has(device, DEVICE_TOO_LARGE_WITHOUT_SIZE1))
            answer->size1 = (int32_t)max;
        return false;
    }
    return true;
}

void device_changed(struct device *device, const char *path)
{
    coap_str_const_t *name = coap_make_str_const(path);
    coap_resource_t *where = coap_get_resource_from_uri_path(device->coap, name);
    if (where != NULL)
        coap_resource_notify_observers(where, NULL);
}

/* ------------------------------------------------------------------ representations that clients change */

/* RFC 7252 5.10.6.2 */
static bool etag_named(const struct device_request *request, const struct device_answer *current)
{
    coap_opt_filter_t filter;
    coap_option_filter_clear(&filter);
    coap_option_filter_set(&filter, COAP_OPTION_ETAG);
    coap_opt_iterator_t iterator;
    coap_option_iterator_init(request->pdu, &iterator, &filter);
    const coap_opt_t *option;
    while ((option = coap_option_next(&iterator)) != NULL)
        if (coap_opt_length(option) == current->etag_length &&
            memcmp(coap_opt_value(option), current->etag, current->etag_length) == 0)
            return true;
    return false;
}

static void get_stored(struct device *device, const struct device_request *request,
                       struct device_answer *answer)
{
    const struct device_entry *entry = device_find(device, request->path);
    if (entry == NULL) {
        device_refuse(answer, DEVICE_CODE(4, 4), "no such resource");
        return;
    }
    if (!acceptable(device, request, entry->format, answer))
        return;
    device_content(answer, entry->format, entry->body, entry->length);
    device_etag(answer, entry);
    if (!etag_named(request, answer))
        return;
    answer->code = DEVICE_CODE(2, 3);
    answer->format = -1;
    if (!device_has(device, DEVICE_VALID_WITH_PAYLOAD))
        answer->length = 0;
}

/* What a PUT stores: with the fault, the old representation and the new one. */
static struct device_entry *put_body(struct device *device, const struct device_request *request,
                                     bool *created)
{
    const int format = request->format < 0 ? OCTETS : request->format;
    struct device_entry *old = device_find(device, request->path);
    if (old == NULL || !device_has(device, DEVICE_PUT_NOT_IDEMPOTENT))
        return device_put(device, request->path, format, request->body, request->length, created);
    unsigned char both[DEVICE_BODY_MAX];
    const size_t kept =
        old->length + request->length <= sizeof both ? old->length : sizeof both - request->length;
    memcpy(both, old->body, kept);
    memcpy(both + kept, request->body, request->length);
    return device_put(device, request->path, format, both, kept + request->length, created);
}

static void put_stored(struct device *device, const struct device_request *request, size_t max,
                       struct device_answer *answer)
{
    if (!takes(device, request, max, answer))
        return;
    bool created = false;
    if (!device_has(device, DEVICE_PUT_IGNORED) && put_body(device, request, &created) == NULL) {
        device_refuse(answer, DEVICE_CODE(4, 3), "no room for such a path");
        return;
    }
    const bool lies = device_has(device, DEVICE_CHANGED_SAYS_CREATED);
    answer->code = created || lies ? DEVICE_CODE(2, 1) : DEVICE_CODE(2, 4);
    device_changed(device, request->path);
}

static void delete_stored(struct device *device, const struct device_request *request,
                          struct device_answer *answer)
{
    struct device_entry *entry = device_find(device, request->path);
    if (entry != NULL)
        device_remove(device, entry);
    else if (device_has(device, DEVICE_DELETE_MISSING_IS_404)) {
        device_refuse(answer, DEVICE_CODE(4, 4), "no such resource");
        return;
    }
    answer->code = DEVICE_CODE(2, 2);
}

/* A new resource below `prefix`, answered by its location. */
static void create_below(struct device *device, const struct device_request *request,
                         const char *prefix, size_t max, struct device_answer *answer)
{
    if (!takes(device, request, max, answer))
        return;
    char path[DEVICE_PATH_MAX];
    device_new_path(device, prefix, path, sizeof path);
    bool created;
    const int format = request->format < 0 ? OCTETS : request->format;
    if (device_put(device, path, format, request->body, request->length, &created) == NULL) {
        device_refuse(answer, DEVICE_CODE(5, 0), "no room");
        return;
    }
    answer->code = DEVICE_CODE(2, 1);
    device_location(answer, path);
}

static void small(struct device *device, const struct device_request *request,
                  struct device_answer *answer)
{
    switch (request->code) {
    case COAP_REQUEST_GET:
        get_stored(device, request, answer);
        break;
    case COAP_REQUEST_PUT:
        put_stored(device, request, DEVICE_SMALL_MAX, answer);
        break;
    case COAP_REQUEST_DELETE:
        delete_stored(device, request, answer);
        break;
    default:
        break;
    }
}

/* TD_COAP_CORE_04 and 18: the new resource lies three segments deep. A deleted /test comes back by PUT. */
static void test(struct device *device, const struct device_request *request,
                 struct device_answer *answer)
{
    if (request->code == COAP_REQUEST_POST)
        create_below(device, request, "location1/location2", DEVICE_SMALL_MAX, answer);
    else if (request->code == COAP_REQUEST_GET &&
             device_has(device, DEVICE_ERROR_INSTEAD_OF_CONTENT))
        device_refuse(answer, DEVICE_CODE(5, 0), "told to fail");
    else
        small(device, request, answer);
}

/* RFC 7252 5.8.2: a POST may remove what it is sent to. */
static void removed_by_post(struct device *device, const struct device_request *request,
                            struct device_answer *answer)
{
    if (request->code != COAP_REQUEST_POST) {
        small(device, request, answer);
        return;
    }
    delete_stored(device, request, answer);
    if (device_has(device, DEVICE_POST_DELETED_SAYS_CHANGED))
        answer->code = DEVICE_CODE(2, 4);
}

static void create(struct device *device, const struct device_request *request,
                   struct device_answer *answer)
{
    if (request->code == COAP_REQUEST_POST)
        create_below(device, request, "create", DEVICE_SMALL_MAX, answer);
    else
        say_text(device, request, "POST here, or PUT below", answer);
}

static void large_update(struct device *device, const struct device_request *request,
                         struct device_answer *answer)
{
    if (request->code == COAP_REQUEST_PUT)
        put_stored(device, request, DEVICE_BODY_MAX, answer);
    else
        get_stored(device, request, answer);
}

static void large_create(struct device *device, const struct device_request *request,
                         struct device_answer *answer)
{
    if (request->code == COAP_REQUEST_POST)
        create_below(device, request, "large-create", DEVICE_BODY_MAX, answer);
    else
        say_text(device, request, "POST something large here", answer);
}

/* Paths that no row names. Clients may make resources below /create only. */
static void unknown(struct device *device, const struct device_request *request,
                    struct device_answer *answer)
{
    const bool creatable = strncmp(request->path, "create/", 7) == 0 && request->path[7] != '\0';
    switch (request->code) {
    case COAP_REQUEST_GET:
        get_stored(device, request, answer);
        if (answer->code == DEVICE_CODE(4, 4) && device_has(device, DEVICE_UNKNOWN_PATH_IS_CONTENT))
            device_content(answer, TEXT, "anything", 8);
        break;
    case COAP_REQUEST_PUT:
        if (creatable || device_find(device, request->path) != NULL)
            put_stored(device, request, DEVICE_SMALL_MAX, answer);
        else
            device_refuse(answer, DEVICE_CODE(4, 4), "nothing can be made here");
        break;
    case COAP_REQUEST_DELETE:
        delete_stored(device, request, answer);
        break;
    default:
        device_refuse(answer, DEVICE_CODE(4, 4), "no such resource");
    }
}

/* ------------------------------------------------------------------ the others */

static void large(struct device *device, const struct device_request *request,
                  struct device_answer *answer)
{
    if (!acceptable(device, request, TEXT, answer))
        return;
    enum { LINES = 20, LINE = 64 };
    char text[LINES * LINE + 1];
    for (unsigned i = 0; i < LINES; i++)
        snprintf(text + (size_t)i * LINE, LINE + 1,
                 "line %2u of a representation that takes more than one block ....\n",
                 (i + 1) % 100);
    device_content(answer, TEXT, text, LINES * LINE);
}

static void separate(struct device *device, const struct device_request *request,
                     struct device_answer *answer)
{
    if (request->code == COAP_REQUEST_GET)
        say_text(device, request, "this took a while", answer);
    else if (takes(device, request, DEVICE_SMALL_MAX, answer))
        answer->code = DEVICE_CODE(2, 4);
}

static void observable(struct device *device, const struct device_request *request,
                       struct device_answer *answer)
{
    struct device_entry *entry = device_find(device, request->path);
    if (request->code == COAP_REQUEST_PUT) {
        put_stored(device, request, DEVICE_SMALL_MAX, answer);
        return;
    }
    char text[64];
    if (entry != NULL) {
        get_stored(device, request, answer);
        return;
    }
    snprintf(text, sizeof text, "%u", device->seconds);
    say_text(device, request, text, answer);
    if (answer->code == DEVICE_CODE(2, 5))
        answer->max_age = 5;
}

static void counter(struct device *device, const struct device_request *request,
                    struct device_answer *answer)
{
    const bool get = request->code == COAP_REQUEST_GET;
    if (!get || device_has(device, DEVICE_GET_CHANGES_STATE))
        device->counter++;
    char text[16];
    snprintf(text, sizeof text, "%u", device->counter);
    if (get)
        say_text(device, request, text, answer);
    else
        answer->code = DEVICE_CODE(2, 4);
}

static void query(struct device *device, const struct device_request *request,
                  struct device_answer *answer)
{
    char text[DEVICE_SMALL_MAX];
    size_t n = 0;
    text[0] = '\0';
    for (size_t i = 0; i < request->query_count && n < sizeof text; i++)
        n += (size_t)snprintf(text + n, sizeof text - n, "%s%s", i == 0 ? "" : "\n",
                              request->queries[i]);
    say_text(device, request, text, answer);
}

static void segments(struct device *device, const struct device_request *request,
                     struct device_answer *answer)
{
    say_text(device, request, "three segments", answer);
}

static void location_query(struct device *device, const struct device_request *request,
                           struct device_answer *answer)
{
    if (request->code == COAP_REQUEST_GET) {
        query(device, request, answer);
    } else if (takes(device, request, DEVICE_SMALL_MAX, answer)) {
        answer->code = DEVICE_CODE(2, 1);
        device_location(answer, "location-query");
        snprintf(answer->location_query[0], DEVICE_NAME_MAX, "first=1");
        snprintf(answer->location_query[1], DEVICE_NAME_MAX, "second=2");
    }
}

static void multi_format(struct device *device, const struct device_request *request,
                         struct device_answer *answer)
{
    static const struct {
        int format;
        size_t length;
        const char *body;
    } forms[] = {
        {TEXT, 12, "warm, 21.5 C"},
        {XML, 13, "<t u=\"C\"/>   "},
        {CBOR, 6, "\xa1\x61t\xf9\x4d\x60"}, /* {"t": 21.5} */
    };
    const int wanted =
        request->accept < 0 || device_has(device, DEVICE_ACCEPT_IGNORED) ? TEXT : request->accept;
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        if (forms[i].format != wanted)
            continue;
        const bool lies = device_has(device, DEVICE_WRONG_CONTENT_FORMAT);
        device_content(answer, lies ? TEXT : forms[i].format, forms[i].body, forms[i].length);
        return;
    }
    device_refuse(answer, DEVICE_CODE(4, 6), "text/plain, application/xml or application/cbor");
}

static void read_only(struct device *device, const struct device_request *request,
                      struct device_answer *answer)
{
    say_text(device, request, "cannot be changed", answer);
}

static void fresh(struct device *device, const struct device_request *request,
                  struct device_answer *answer)
{
    say_text(device, request, "good for half a minute", answer);
    if (answer->code == DEVICE_CODE(2, 5))
        answer->max_age = 30;
}

static void empty(struct device *device, const struct device_request *request,
                  struct device_answer *answer)
{
    say_text(device, request, "", answer);
}

static void forbidden(struct device *device, const struct device_request *request,
                      struct device_answer *answer)
{
    (void)device, (void)request;
    device_refuse(answer, DEVICE_CODE(4, 3), "nobody may");
}

static void unauthorized(struct device *device, const struct device_request *request,
                         struct device_answer *answer)
{
    (void)device, (void)request;
    device_refuse(answer, DEVICE_CODE(4, 1), "who are you?");
}

static void unavailable(struct device *device, const struct device_request *request,
                        struct device_answer *answer)
{
    (void)request;
    device_refuse(answer, DEVICE_CODE(5, 3), "come again");
    if (!device_has(device, DEVICE_UNAVAILABLE_WITHOUT_MAX_AGE))
        answer->max_age = 10;
}

static void failing(struct device *device, const struct device_request *request,
                    struct device_answer *answer)
{
    (void)device, (void)request;
    device_refuse(answer, DEVICE_CODE(5, 0), "it is broken");
}

/* ------------------------------------------------------------------ the table */

enum {
    ALL = DEVICE_GET | DEVICE_POST | DEVICE_PUT | DEVICE_DELETE,
    CHANGE = DEVICE_GET | DEVICE_PUT | DEVICE_DELETE,
    CON_NOTES = COAP_RESOURCE_FLAGS_NOTIFY_CON,
    NON_NOTES = COAP_RESOURCE_FLAGS_NOTIFY_NON_ALWAYS
};

const struct device_resource device_resources[] = {
    {.path = ".well-known/core",
     .methods = DEVICE_GET,
     .hidden = true,
     .multicast = true,
     .handle = device_links},
    {.path = "test",
     .methods = ALL,
     .rt = "test",
     .iface = "small",
     .formats = "0",
     .stored = true,
     .initial = "coapspec reference device",
     .handle = test},
    {.path = "large",
     .methods = DEVICE_GET,
     .rt = "large",
     .formats = "0",
     .size = 1280,
     .handle = large},
    {.path = "large-update",
     .methods = DEVICE_GET | DEVICE_PUT,
     .rt = "large-update",
     .stored = true,
     .initial = "PUT something large here",
     .handle = large_update},
    {.path = "large-create",
     .methods = DEVICE_GET | DEVICE_POST,
     .rt = "large-create",
     .formats = "0",
     .handle = large_create},
    {.path = "separate",
     .methods = DEVICE_GET | DEVICE_PUT | DEVICE_POST,
     .rt = "separate",
     .formats = "0",
     .wait = 1,
     .handle = separate},
    {.path = "slow",
     .methods = DEVICE_GET | DEVICE_POST,
     .rt = "separate slow",
     .formats = "0",
     .wait = 10,
     .handle = separate},
    {.path = "obs",
     .methods = CHANGE & ~(unsigned)DEVICE_DELETE,
     .rt = "observe",
     .formats = "0",
     .observable = true,
     .handle = observable},
    {.path = "obs-con",
     .methods = DEVICE_GET,
     .rt = "observe",
     .formats = "0",
     .observable = true,
     .observe_flags = CON_NOTES,
     .handle = observable},
    {.path = "obs-non",
     .methods = DEVICE_GET,
     .rt = "observe",
     .formats = "0",
     .observable = true,
     .observe_flags = NON_NOTES,
     .handle = observable},
    {.path = "create",
     .methods = DEVICE_GET | DEVICE_POST,
     .rt = "collection",
     .iface = "create",
     .formats = "0",
     .handle = create},
    {.path = "create1", .methods = CHANGE, .stored = true, .handle = small},
    {.path = "post-delete",
     .methods = ALL,
     .rt = "post-delete",
     .stored = true,
     .initial = "a POST removes this",
     .handle = removed_by_post},
    {.path = "counter",
     .methods = DEVICE_GET | DEVICE_POST,
     .rt = "counter",
     .formats = "0",
     .handle = counter},
    {.path = "query", .methods = DEVICE_GET, .formats = "0", .handle = query},
    {.path = "seg1/seg2/seg3", .methods = DEVICE_GET, .formats = "0", .handle = segments},
    {.path = "location-query",
     .methods = DEVICE_GET | DEVICE_POST,
     .rt = "location-query",
     .formats = "0",
     .handle = location_query},
    {.path = "multi-format",
     .methods = DEVICE_GET,
     .rt = "multi-format",
     .formats = "0 41 60",
     .handle = multi_format},
    {.path = "validate",
     .methods = CHANGE,
     .rt = "validate",
     .stored = true,
     .initial = "has an ETag",
     .handle = small},
    {.path = "etag",
     .methods = DEVICE_GET | DEVICE_PUT,
     .rt = "validate",
     .stored = true,
     .initial = "has an ETag, too",
     .handle = small},
    {.path = "read-only",
     .methods = DEVICE_GET,
     .rt = "read-only",
     .formats = "0",
     .multicast = true,
     .handle = read_only},
    {.path = "max-age", .methods = DEVICE_GET, .formats = "0", .handle = fresh},
    {.path = "empty", .methods = DEVICE_GET, .formats = "0", .handle = empty},
    {.path = "forbidden", .methods = ALL, .handle = forbidden},
    {.path = "unauthorized", .methods = ALL, .handle = unauthorized},
    {.path = "unavailable", .methods = ALL, .handle = unavailable},
    {.path = "failing", .methods = ALL, .handle = failing},
};
const size_t device_resource_count = sizeof device_resources / sizeof device_resources[0];

const struct device_resource device_unknown = {
    .path = "", .methods = ALL, .hidden = true, .handle = unknown};
