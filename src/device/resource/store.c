/* src/device/resource/store.c: the representations that clients can change, in one array of fixed size. */
#include "src/device/resource/device.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void fill(struct device *device, struct device_entry *entry, int format,
                 const unsigned char *body, size_t length)
{
    entry->exists = true;
    entry->format = format;
    if (entry->tag == 0 || !device_has(device, DEVICE_ETAG_FROZEN))
        entry->tag = ++device->tags;
    entry->length = length;
    if (length > 0)
        memcpy(entry->body, body, length);
}

bool device_store_init(struct device *device)
{
    size_t fixed = 0;
    for (size_t i = 0; i < device->resource_count; i++)
        fixed += device->resources[i].stored;
    device->entry_count = fixed + DEVICE_ENTRIES_MAX;
    device->entries = calloc(device->entry_count, sizeof *device->entries);
    if (device->entries == NULL)
        return false;
    struct device_entry *entry = device->entries;
    for (size_t i = 0; i < device->resource_count; i++) {
        const struct device_resource *resource = &device->resources[i];
        if (!resource->stored)
            continue;
        snprintf(entry->path, sizeof entry->path, "%s", resource->path);
        entry->fixed = true;
        if (resource->initial != NULL)
            fill(device, entry, COAP_MEDIATYPE_TEXT_PLAIN, (const unsigned char *)resource->initial,
                 strlen(resource->initial));
        entry++;
    }
    return true;
}

void device_store_fini(struct device *device) { free(device->entries); }

static struct device_entry *place_of(struct device *device, const char *path)
{
    for (size_t i = 0; i < device->entry_count; i++) {
        struct device_entry *entry = &device->entries[i];
        if ((entry->fixed || entry->exists) && strcmp(entry->path, path) == 0)
            return entry;
    }
    return NULL;
}

struct device_entry *device_find(struct device *device, const char *path)
{
    struct device_entry *entry = place_of(device, path);
    return entry != NULL && entry->exists ? entry : NULL;
}

/* A free place, or that of the oldest one: what clients made is short-lived here, so that a device can stand any
 * number of test runs. */
static struct device_entry *new_place(struct device *device)
{
    struct device_entry *oldest = NULL;
    for (size_t i = 0; i < device->entry_count; i++) {
        struct device_entry *entry = &device->entries[i];
        if (entry->fixed)
            continue;
        if (!entry->exists)
            return entry;
        if (oldest == NULL || entry->made < oldest->made)
            oldest = entry;
    }
    return oldest;
}

struct device_entry *device_put(struct device *device, const char *path, int format,
                                const unsigned char *body, size_t length, bool *created)
{
    if (strlen(path) >= DEVICE_PATH_MAX || length > DEVICE_BODY_MAX)
        return NULL;
    struct device_entry *entry = place_of(device, path);
    if (entry == NULL) {
        entry = new_place(device);
        entry->exists = false;
        entry->tag = 0;
        snprintf(entry->path, sizeof entry->path, "%s", path);
    }
    *created = !entry->exists;
    if (*created)
        entry->made = ++device->made;
    fill(device, entry, format, body, length);
    return entry;
}

void device_remove(struct device *device, struct device_entry *entry)
{
    if (!device_has(device, DEVICE_DELETE_KEEPS))
        entry->exists = false;
}

void device_new_path(struct device *device, const char *prefix, char *out, size_t out_size)
{
    uint64_t number = device->made;
    do {
        number++;
        snprintf(out, out_size, "%s/%llu", prefix, (unsigned long long)number);
    } while (place_of(device, out) != NULL);
}
