/* source/reader.c: see reader.h. */
#include "source/reader.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool fail(struct cs_error *error, const char *what, const char *why)
{
    snprintf(error->text, sizeof error->text, "%s: %s", what, why);
    return false;
}

static bool open_path(struct cs_reader *reader, const char *path, struct cs_error *error)
{
    if (strcmp(path, "-") == 0) {
        reader->fd = STDIN_FILENO;
        return true;
    }
    reader->fd = open(path, O_RDONLY | O_CLOEXEC);
    if (reader->fd < 0)
        return fail(error, "cannot be opened", strerror(errno));
    reader->owns_fd = true;
    return true;
}

struct cs_reader *cs_reader_open(const char *path, struct cs_error *error)
{
    struct cs_reader *reader = calloc(1, sizeof *reader);
    if (reader == NULL) {
        fail(error, "cannot be read", "out of memory");
        return NULL;
    }
    reader->fd = -1;
    struct stat st;
    if (!open_path(reader, path, error))
        goto failed;
    if (fstat(reader->fd, &st) == 0) {
        if (S_ISDIR(st.st_mode)) {
            fail(error, "cannot be read", "it is a directory");
            goto failed;
        }
        if (S_ISREG(st.st_mode))
            reader->size = (uint64_t)st.st_size;
    }
    reader->cap = CS_READER_CHUNK;
    reader->buffer = malloc(reader->cap);
    if (reader->buffer == NULL) {
        fail(error, "cannot be read", "out of memory");
        goto failed;
    }
    reader->at = reader->buffer;
    return reader;
failed:
    cs_reader_free(reader);
    return NULL;
}

struct cs_reader *cs_reader_memory(struct cs_slice octets)
{
    static const uint8_t nothing[1];
    struct cs_reader *reader = calloc(1, sizeof *reader);
    if (reader == NULL)
        return NULL;
    *reader = (struct cs_reader){.at = octets.at != NULL ? octets.at : nothing,
                                 .left = octets.len,
                                 .size = octets.len,
                                 .fd = -1};
    return reader;
}

void cs_reader_free(struct cs_reader *reader)
{
    if (reader == NULL)
        return;
    if (reader->owns_fd)
        close(reader->fd);
    free(reader->buffer);
    free(reader);
}

/* Doubles the buffer, keeping its content, when it is full of one record that goes on. */
static bool grow(struct cs_reader *reader)
{
    if (reader->left < reader->cap)
        return true;
    uint8_t *larger = realloc(reader->buffer, reader->cap * 2);
    if (larger == NULL)
        return false;
    reader->buffer = larger;
    reader->at = larger;
    reader->cap *= 2;
    return true;
}

enum cs_reader_result cs_reader_fill(struct cs_reader *reader, size_t need, struct cs_error *error)
{
    if (need <= reader->left)
        return CS_READER_OK;
    if (reader->buffer == NULL)
        return CS_READER_END;
    if (reader->at != reader->buffer) {
        memmove(reader->buffer, reader->at, reader->left);
        reader->at = reader->buffer;
    }
    while (reader->left < need) {
        if (!grow(reader)) {
            fail(error, "cannot be read", "out of memory");
            return CS_READER_ERROR;
        }
        ssize_t got = read(reader->fd, reader->buffer + reader->left, reader->cap - reader->left);
        if (got == 0)
            return CS_READER_END;
        if (got < 0 && errno != EINTR) {
            fail(error, "reading failed", strerror(errno));
            return CS_READER_ERROR;
        }
        if (got > 0)
            reader->left += (size_t)got;
    }
    return CS_READER_OK;
}
