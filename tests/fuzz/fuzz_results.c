/* Any octets as a results.json. What is read can be written, and reads again as the same document. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "reports/report.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool read_back(const void *data, size_t size, struct report *report)
{
    char path[64];
    struct cs_error error = {.text = ""};
    int fd = memfd_create("results", 0);
    if (fd < 0 || write(fd, data, size) != (ssize_t)size)
        abort();
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    bool good = report_read_json(path, report, &error);
    close(fd);
    if (!good && error.text[0] == '\0')
        abort();
    return good;
}

static char *written(const struct report *report, size_t *len)
{
    char *text = NULL;
    FILE *out = open_memstream(&text, len);
    if (out == NULL || !report_write_json(report, out) || fclose(out) != 0)
        abort();
    return text;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct report first, second;
    report_init(&first, "");
    report_init(&second, "");
    if (read_back(data, size, &first)) {
        size_t one_len, two_len;
        char *one = written(&first, &one_len);
        if (!read_back(one, one_len, &second))
            abort();
        char *two = written(&second, &two_len);
        if (one_len != two_len || memcmp(one, two, one_len) != 0)
            abort();
        free(one);
        free(two);
    }
    report_fini(&first);
    report_fini(&second);
    return 0;
}
