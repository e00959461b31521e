/* Any octets as a results.json. What is read can be written, and what was written is read as itself. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "reports/json/json.h"

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

/* Reads the document, gives it back as it is written; NULL when it is refused. */
static char *again(const void *data, size_t size, size_t *len)
{
    struct report report;
    char *text = NULL;
    report_init(&report, "");
    if (read_back(data, size, &report))
        text = written(&report, len);
    report_fini(&report);
    return text;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t len[3];
    char *text[3] = {again(data, size, &len[0])};
    if (text[0] == NULL)
        return 0;
    /* what a stranger left out is filled in when it is first read and written; then nothing changes any more */
    for (int i = 1; i < 3; i++)
        if ((text[i] = again(text[i - 1], len[i - 1], &len[i])) == NULL)
            abort();
    if (len[1] != len[2] || memcmp(text[1], text[2], len[1]) != 0)
        abort();
    for (int i = 0; i < 3; i++)
        free(text[i]);
    return 0;
}
