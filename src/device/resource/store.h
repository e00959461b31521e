/* src/device/resource/store.h: the representations that clients can change. */
#ifndef SRC_DEVICE_RESOURCE_STORE_H
#define SRC_DEVICE_RESOURCE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct device;

enum {
    DEVICE_BODY_MAX = 2048,  /* octets of a representation */
    DEVICE_SMALL_MAX = 512,  /* what /test and the like take; more is 4.13 */
    DEVICE_PATH_MAX = 128,   /* octets of a path, slashes included */
    DEVICE_ENTRIES_MAX = 512 /* resources that clients made; the oldest makes room for the next */
};

/* A representation that clients can change. */
struct device_entry {
    char path[DEVICE_PATH_MAX];
    bool exists;
    bool fixed;    /* has a place of its own and is never dropped for another */
    int format;    /* Content-Format */
    uint32_t tag;  /* its ETag: changes with each change */
    uint64_t made; /* order of creation */
    size_t length;
    unsigned char body[DEVICE_BODY_MAX];
};

/* False when there is no memory. */
bool device_store_init(struct device *device);
void device_store_fini(struct device *device);
/* NULL: no such entry, or it does not exist at present. */
struct device_entry *device_find(struct device *device, const char *path);
/* Creates or changes; `*created` says which. NULL when path or body are too long. */
struct device_entry *device_put(struct device *device, const char *path, int format,
                                const unsigned char *body, size_t length, bool *created);
void device_remove(struct device *device, struct device_entry *entry);
/* A path below `prefix` that is not in use: "create/7". */
void device_new_path(struct device *device, const char *prefix, char *out, size_t out_size);

#endif
