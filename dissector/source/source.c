/* source/source.c: opens what there is, and what every source has in common. */
#include "source/source.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "source/kinds.h"

/* What people hand over in place of a capture, by its first octets. */
static const struct {
    const char *start;
    size_t length;
    const char *what;
} not_captures[] = {
    {"\x1f\x8b", 2, "gzip data: unpack it first, or gunzip -c FILE | coapspec check -"},
    {"BZh", 3, "bzip2 data: unpack it first"},
    {"\xfd"
     "7zXZ",
     5, "xz data: unpack it first"},
    {"\x28\xb5\x2f\xfd", 4, "zstd data: unpack it first"},
    {"\x04\x22\x4d\x18", 4, "lz4 data: unpack it first"},
    {"PK\x03\x04", 4, "a zip archive: unpack it first"},
    {"snoop", 5, "a snoop capture: convert it with editcap -F pcapng"},
    {"GMBU", 4, "a Microsoft Network Monitor capture: convert it with editcap -F pcapng"},
    {"\x54\x52\x00", 3, "a Sniffer capture: convert it with editcap -F pcapng"},
    {"\x7f"
     "ELF",
     4, "a program"},
    {"%PDF", 4, "a PDF document"},
};

static const char *looks_like(struct cs_slice start)
{
    for (size_t i = 0; i < sizeof not_captures / sizeof not_captures[0]; i++)
        if (start.len >= not_captures[i].length &&
            memcmp(start.at, not_captures[i].start, not_captures[i].length) == 0)
            return not_captures[i].what;
    size_t printable = 0;
    for (size_t i = 0; i < start.len; i++)
        printable += (start.at[i] >= 0x20 && start.at[i] < 0x7f) ||
                     (start.at[i] >= '\t' && start.at[i] <= '\r');
    return printable == start.len ? "text" : "data of an unknown kind";
}

int cs_source_bad(struct cs_error *error, uint64_t offset, const char *format, ...)
{
    int n =
        snprintf(error->text, sizeof error->text, "at offset %llu: ", (unsigned long long)offset);
    va_list args;
    va_start(args, format);
    vsnprintf(error->text + n, sizeof error->text - (size_t)n, format, args);
    va_end(args);
    return CS_SOURCE_ERROR;
}

static struct cs_source *open_reader(struct cs_reader *reader, struct cs_error *error)
{
    enum {
        ENOUGH = 24,
        SHOWN = 64
    }; /* octets to tell what it is; a pipe may hold no more for a while */
    if (cs_reader_fill(reader, ENOUGH, error) == CS_READER_ERROR) {
        cs_reader_free(reader);
        return NULL;
    }
    struct cs_slice start = {reader->at, reader->left < SHOWN ? reader->left : SHOWN};
    if (cs_pcap_file_is(start))
        return cs_pcap_file_new(reader, error);
    if (cs_pcapng_file_is(start))
        return cs_pcapng_file_new(reader, error);
    if (start.len == 0)
        snprintf(error->text, sizeof error->text, "is empty");
    else
        snprintf(error->text, sizeof error->text, "is no pcap or pcapng capture; it looks like %s",
                 looks_like(start));
    cs_reader_free(reader);
    return NULL;
}

static struct cs_source *named(struct cs_source *source, const char *name, struct cs_error *error)
{
    if (source == NULL)
        snprintf(error->file, sizeof error->file, "%s", name);
    else
        snprintf(source->name, sizeof source->name, "%s", name);
    return source;
}

struct cs_source *cs_source_file(const char *path, struct cs_error *error)
{
    *error = (struct cs_error){.line = 0};
    struct cs_reader *reader = cs_reader_open(path, error);
    return named(reader != NULL ? open_reader(reader, error) : NULL,
                 strcmp(path, "-") == 0 ? "standard input" : path, error);
}

struct cs_source *cs_source_memory(struct cs_slice octets, struct cs_error *error)
{
    *error = (struct cs_error){.line = 0};
    struct cs_reader *reader = cs_reader_memory(octets);
    if (reader == NULL) {
        snprintf(error->text, sizeof error->text, "out of memory");
        return NULL;
    }
    return named(open_reader(reader, error), "memory", error);
}

void cs_source_free(struct cs_source *source)
{
    if (source == NULL)
        return;
    cs_reader_free(source->reader);
    source->free(source);
}

int cs_source_next(struct cs_source *source, struct cs_frame *frames, size_t max,
                   struct cs_error *error)
{
    int n = source->next(source, frames, max, error);
    if (n > 0)
        source->status.frames += (uint64_t)n;
    if (n == CS_SOURCE_ERROR) {
        error->line = error->column = 0;
        snprintf(error->file, sizeof error->file, "%s", source->name);
    }
    return n;
}

int cs_source_file_next(struct cs_source *source, struct cs_frame *frames, size_t max,
                        struct cs_error *error)
{
    for (;;) {
        size_t need = 0;
        int n = source->take(source, frames, max, &need, error);
        if (n != 0)
            return n;
        enum cs_reader_result result = cs_reader_fill(source->reader, need, error);
        if (result == CS_READER_ERROR)
            return CS_SOURCE_ERROR;
        if (result == CS_READER_OK)
            continue;
        if (source->reader->left > 0) {
            source->status.truncated = true;
            source->status.truncated_at = source->reader->offset;
        }
        return CS_SOURCE_END;
    }
}

void cs_source_on_secrets(struct cs_source *source, void (*take)(void *user, struct cs_slice text),
                          void *user)
{
    source->secrets = take;
    source->secrets_user = user;
}

int cs_source_descriptor(const struct cs_source *source)
{
    return source->descriptor != NULL ? source->descriptor(source) : -1;
}

struct cs_source_status cs_source_status(const struct cs_source *source)
{
    struct cs_source_status status = source->status;
    status.description = source->description;
    if (source->reader != NULL) {
        status.octets = source->reader->offset;
        status.size = source->reader->size;
    }
    if (source->refresh != NULL)
        source->refresh(source, &status);
    return status;
}
