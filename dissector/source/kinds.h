/* source/kinds.h: what every kind of source is made of. For the files of this folder only. */
#ifndef CS_SOURCE_KINDS_H
#define CS_SOURCE_KINDS_H

#include "source/reader.h"
#include "source/source.h"

/* The first member of every source. */
struct cs_source {
    /* As cs_source_next(), which fills in `error->file` and counts the frames. */
    int (*next)(struct cs_source *source, struct cs_frame *frames, size_t max,
                struct cs_error *error);
    /* Frees the whole structure; the reader has been freed. */
    void (*free)(struct cs_source *source);
    /* Brings the counters in `status` up to date; may be NULL. */
    void (*refresh)(const struct cs_source *source, struct cs_source_status *status);
    /* Files: takes frames from what the reader has lent. Returns how many; or 0 and in `need` the
     * octets that the next record takes; or CS_SOURCE_ERROR. */
    int (*take)(struct cs_source *source, struct cs_frame *frames, size_t max, size_t *need,
                struct cs_error *error);
    /* Of a live source; NULL: it has none. */
    int (*descriptor)(const struct cs_source *source);
    void (*secrets)(void *user, struct cs_slice text); /* see cs_source_on_secrets(); may be NULL */
    void *secrets_user;
    struct cs_reader *reader; /* owned; NULL when there is none */
    struct cs_source_status status;
    char name[192];
    char description[96];
};

/* The two formats of files. The reader has lent at least what `_is` looked at. Handed over; NULL,
 * the reader freed, with `error` filled in. */
bool cs_pcap_file_is(struct cs_slice start);
struct cs_source *cs_pcap_file_new(struct cs_reader *reader, struct cs_error *error);
bool cs_pcapng_file_is(struct cs_slice start);
struct cs_source *cs_pcapng_file_new(struct cs_reader *reader, struct cs_error *error);

/* The `next` of both: cs_source.take until there is a frame or the file ends. */
int cs_source_file_next(struct cs_source *source, struct cs_frame *frames, size_t max,
                        struct cs_error *error);

/* "text" into error->text, with the offset in the file. Returns CS_SOURCE_ERROR. */
int cs_source_bad(struct cs_error *error, uint64_t offset, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* "Ethernet"; "link type 147" (in `buf`) for one without a name here. */
const char *cs_link_type_name(uint16_t link_type, char *buf, size_t cap);

/* Between the numbers in files and those of libpcap on this machine. */
int cs_link_type_to_dlt(uint16_t link_type);
uint16_t cs_link_type_from_dlt(int dlt);

#endif
