/* source/reader.h: a file, a pipe or memory, read in large pieces, its octets lent out in place.
 *
 * What cs_reader lends (`at`, `left`) stays where it is until the next cs_reader_fill(): a batch of
 * packets may point into it. */
#ifndef CS_SOURCE_READER_H
#define CS_SOURCE_READER_H

#include "coapspec/dissect.h"

enum {
    CS_READER_CHUNK = 64 * 1024, /* octets asked of read() at once */
    CS_READER_LARGEST =
        256 * 1024 * 1024 /* the longest record or block that is held in one piece */
};

struct cs_reader {
    const uint8_t *at; /* the next octet */
    size_t left;       /* how many are lent from there */
    uint64_t offset;   /* of `at` in the file */
    uint64_t size;     /* of the file; 0 when it is not known */
    uint8_t *buffer;   /* owned; NULL when the octets are the caller's memory */
    size_t cap;
    int fd; /* -1: memory, or all was read */
    bool owns_fd;
};

/* Opens a file, or standard input for "-". NULL with `error` filled in. */
struct cs_reader *cs_reader_open(const char *path, struct cs_error *error);
/* Reads memory of the caller, who keeps it. NULL when there is no memory. */
struct cs_reader *cs_reader_memory(struct cs_slice octets);
void cs_reader_free(struct cs_reader *reader);

enum cs_reader_result {
    CS_READER_OK,   /* at least `need` octets are lent */
    CS_READER_END,  /* the file ends before that; what there is, is lent */
    CS_READER_ERROR /* `error` is filled in */
};
/* Makes `need` octets (up to CS_READER_LARGEST) available. Moves what was lent before. Memory grows
 * with what the file really holds, not with what a length field claims. */
enum cs_reader_result cs_reader_fill(struct cs_reader *reader, size_t need, struct cs_error *error);

static inline void cs_reader_skip(struct cs_reader *reader, size_t n)
{
    reader->at += n;
    reader->left -= n;
    reader->offset += n;
}

/* Numbers of either byte order; the caller has made sure that the octets are there. */
static inline uint16_t cs_get16(const uint8_t *p, bool big)
{
    return big ? (uint16_t)((unsigned)p[0] << 8 | p[1]) : (uint16_t)((unsigned)p[1] << 8 | p[0]);
}

static inline uint32_t cs_get32(const uint8_t *p, bool big)
{
    return big ? (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3]
               : (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
}

static inline uint64_t cs_get64(const uint8_t *p, bool big)
{
    uint64_t first = cs_get32(p, big), second = cs_get32(p + 4, big);
    return big ? first << 32 | second : second << 32 | first;
}

#endif
