/* src/device/resource/answer.c: answers, filled in. */
#include "src/device/resource/answer.h"

#include <stdio.h>
#include <string.h>

#include "src/device/common/endpoint.h"

void device_answer_init(struct device_answer *answer)
{
    memset(answer, 0, offsetof(struct device_answer, body));
    answer->format = -1;
    answer->max_age = -1;
    answer->size1 = -1;
}

void device_refuse(struct device_answer *answer, unsigned code, const char *why)
{
    device_answer_init(answer);
    answer->code = code;
    const size_t length = strlen(why);
    memcpy(answer->body, why, length);
    answer->length = length;
}

void device_content(struct device_answer *answer, int format, const void *body, size_t length)
{
    answer->code = DEVICE_CODE(2, 5);
    answer->format = format;
    if (length > 0)
        memcpy(answer->body, body, length);
    answer->length = length;
}

void device_etag(struct device_answer *answer, const struct device_entry *entry)
{
    answer->etag_length = 4;
    for (size_t i = 0; i < 4; i++)
        answer->etag[i] = (unsigned char)(entry->tag >> (24 - 8 * i));
}

void device_location(struct device_answer *answer, const char *path)
{
    for (size_t i = 0; i < DEVICE_NAMES_MAX && *path != '\0'; i++) {
        const size_t n = strcspn(path, "/");
        snprintf(answer->location_path[i], DEVICE_NAME_MAX, "%.*s", (int)n, path);
        path += n;
        path += *path == '/';
    }
}
