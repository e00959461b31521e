/* src/device/resource/links.c: /.well-known/core (RFC 6690; RFC 7252 section 7). */
#include "src/device/resource/links.h"

#include <stdio.h>
#include <string.h>

/* A text that grows within a representation; a piece that does not fit is left out. */
struct text {
    char at[DEVICE_BODY_MAX];
    size_t length;
};

static void append(struct text *text, const char *before, const char *value, const char *after)
{
    const size_t room = sizeof text->at - text->length;
    const int n = snprintf(text->at + text->length, room, "%s%s%s", before, value, after);
    if (n > 0 && (size_t)n < room)
        text->length += (size_t)n;
}

static void write_formats(const struct device *device, const char *formats, struct text *out)
{
    if (device_has(device, DEVICE_WELL_KNOWN_CT_TEXT))
        append(out, ";ct=", "text", "");
    else if (strchr(formats, ' ') != NULL)
        append(out, ";ct=\"", formats, "\"");
    else
        append(out, ";ct=", formats, "");
    if (device_has(device, DEVICE_WELL_KNOWN_CT_TWICE))
        append(out, ";ct=", "0", "");
}

static void write_link(const struct device *device, const struct device_resource *resource,
                       struct text *out)
{
    char size[16];
    snprintf(size, sizeof size, "%u", resource->size);
    append(out, out->length == 0 ? "</" : ",</", resource->path, ">");
    if (resource->rt != NULL)
        append(out, ";rt=\"", resource->rt, "\"");
    if (resource->iface != NULL)
        append(out, ";if=\"", resource->iface, "\"");
    if (resource->formats != NULL)
        write_formats(device, resource->formats, out);
    if (resource->size > 0)
        append(out, ";sz=", size, "");
    if (resource->observable)
        append(out, ";obs", "", "");
}

/* `pattern` may end in an asterisk. */
static bool word_matches(const char *word, size_t length, const char *pattern)
{
    const size_t n = strlen(pattern);
    if (n > 0 && pattern[n - 1] == '*')
        return length >= n - 1 && memcmp(word, pattern, n - 1) == 0;
    return length == n && memcmp(word, pattern, n) == 0;
}

/* Any of the words, which are separated by blanks. */
static bool any_matches(const char *words, const char *pattern)
{
    while (words != NULL && *words != '\0') {
        const size_t n = strcspn(words, " ");
        if (word_matches(words, n, pattern))
            return true;
        words += n + strspn(words + n, " ");
    }
    return false;
}

/* RFC 6690 section 4.1: one attribute, "name=value" or "name=prefix*". */
static bool wanted(const struct device_resource *resource, const char *filter)
{
    const char *value = strchr(filter, '=');
    if (value == NULL)
        return strcmp(filter, "obs") == 0 && resource->observable;
    const size_t n = (size_t)(value++ - filter);
    char text[DEVICE_PATH_MAX];
    if (n == 4 && memcmp(filter, "href", n) == 0) {
        snprintf(text, sizeof text, "/%s", resource->path);
        return word_matches(text, strlen(text), value);
    }
    if (n != 2)
        return false;
    if (memcmp(filter, "rt", n) == 0)
        return any_matches(resource->rt, value);
    if (memcmp(filter, "if", n) == 0)
        return any_matches(resource->iface, value);
    if (memcmp(filter, "ct", n) == 0)
        return any_matches(resource->formats, value);
    snprintf(text, sizeof text, "%u", resource->size);
    return memcmp(filter, "sz", n) == 0 && resource->size > 0 && strcmp(text, value) == 0;
}

void device_links(struct device *device, const struct device_request *request,
                  struct device_answer *answer)
{
    if (device_has(device, DEVICE_WELL_KNOWN_MISSING)) {
        device_refuse(answer, DEVICE_CODE(4, 4), "no such resource");
        return;
    }
    if (request->accept >= 0 && request->accept != COAP_MEDIATYPE_APPLICATION_LINK_FORMAT &&
        !device_has(device, DEVICE_ACCEPT_IGNORED)) {
        device_refuse(answer, DEVICE_CODE(4, 6), "links only");
        return;
    }
    struct text out = {.length = 0};
    for (size_t i = 0; i < device->resource_count; i++) {
        const struct device_resource *resource = &device->resources[i];
        if (!resource->hidden &&
            (request->query_count == 0 || wanted(resource, request->queries[0])))
            write_link(device, resource, &out);
    }
    if (device_has(device, DEVICE_WELL_KNOWN_BROKEN) && out.length > 0)
        out.at[0] = '(';
    const bool bare = device_has(device, DEVICE_WELL_KNOWN_NO_FORMAT);
    device_content(answer, bare ? -1 : COAP_MEDIATYPE_APPLICATION_LINK_FORMAT, out.at, out.length);
}
