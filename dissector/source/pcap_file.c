/* source/pcap_file.c: the classic capture file: a header of 24 octets, then packets, each behind a
 * header of 16. draft-ietf-opsawg-pcap.
 *
 *    magic (4)  version major (2)  minor (2)  zero (8)  snap length (4)
 *    link type and FCS length (4)
 *    seconds (4)  µs or ns (4)  captured length (4)  length on the wire (4)  octets …
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "source/kinds.h"

enum { FILE_HEADER = 24, RECORD_HEADER = 16, RECORD_HEADER_MODIFIED = 24 };

/* Snap lengths say 0, 65535 or 262144 as they like: a packet may be this long whatever they say. */
enum { USUAL_LARGEST = 262144 };

struct variant {
    uint32_t magic;
    uint32_t to_ns;  /* what the fraction of a second is multiplied with */
    uint32_t header; /* octets before each packet */
    const char *name;
};
static const struct variant variants[] = {
    {0xa1b2c3d4, 1000, RECORD_HEADER, "pcap"},
    {0xa1b23c4d, 1, RECORD_HEADER, "pcap with nanoseconds"},
    /* written by Alexey Kuznetsov's libpcap of old: interface, protocol and packet type behind the
       lengths */
    {0xa1b2cd34, 1000, RECORD_HEADER_MODIFIED, "modified pcap"},
};

struct pcap_file {
    struct cs_source source;
    const struct variant *variant;
    uint32_t largest; /* captured length beyond which the file is taken for damaged */
    uint16_t link_type;
    bool big;             /* byte order */
    bool lengths_swapped; /* before version 2.3 the two lengths stood the other way round */
    bool lengths_unsure;  /* in version 2.3 they may */
};

static const struct variant *variant_of(const uint8_t *start, bool *big)
{
    for (size_t i = 0; i < sizeof variants / sizeof variants[0]; i++) {
        *big = cs_get32(start, true) == variants[i].magic;
        if (*big || cs_get32(start, false) == variants[i].magic)
            return &variants[i];
    }
    return NULL;
}

bool cs_pcap_file_is(struct cs_slice start)
{
    bool big;
    return start.len >= 4 && variant_of(start.at, &big) != NULL;
}

static int take(struct cs_source *source, struct cs_frame *frames, size_t max, size_t *need,
                struct cs_error *error)
{
    const struct pcap_file *file = (const struct pcap_file *)source;
    struct cs_reader *reader = source->reader;
    const size_t header = file->variant->header;
    const uint64_t number = source->status.frames;
    size_t n = 0;
    while (n < max) {
        *need = header;
        if (reader->left < header)
            break;
        const uint8_t *at = reader->at;
        uint32_t captured = cs_get32(at + 8, file->big), length = cs_get32(at + 12, file->big);
        if (file->lengths_swapped || (file->lengths_unsure && captured > length)) {
            uint32_t other = captured;
            captured = length;
            length = other;
        }
        if (captured > file->largest) {
            if (n > 0)
                break;
            return cs_source_bad(error, reader->offset,
                                 "packet %llu claims %lu octets: the file is damaged there",
                                 (unsigned long long)(number + 1), (unsigned long)captured);
        }
        *need = header + captured;
        if (reader->left < header + captured)
            break;
        frames[n] = (struct cs_frame){
            .octets = {at + header, captured},
            .time_ns = cs_get32(at, file->big) * UINT64_C(1000000000) +
                       cs_get32(at + 4, file->big) * (uint64_t)file->variant->to_ns,
            .number = number + n + 1,
            .wire_length = length > captured ? length : captured,
            .link_type = file->link_type,
            .direction = CS_UNKNOWN,
        };
        n++;
        cs_reader_skip(reader, header + captured);
    }
    return (int)n;
}

static void release(struct cs_source *source) { free(source); }

static void describe(struct pcap_file *file)
{
    char buf[32];
    assert(file->variant != NULL);
    snprintf(file->source.description, sizeof file->source.description, "%s, %s",
             file->variant->name, cs_link_type_name(file->link_type, buf, sizeof buf));
}

struct cs_source *cs_pcap_file_new(struct cs_reader *reader, struct cs_error *error)
{
    struct pcap_file *file = NULL;
    if (reader->left < FILE_HEADER) {
        cs_source_bad(error, reader->left, "the file ends inside its header");
        goto failed;
    }
    const uint8_t *at = reader->at;
    bool big;
    const struct variant *variant = variant_of(at, &big);
    unsigned major = cs_get16(at + 4, big), minor = cs_get16(at + 6, big);
    if (major != 2) {
        cs_source_bad(error, 4, "version %u.%u of pcap is not known", major, minor);
        goto failed;
    }
    file = calloc(1, sizeof *file);
    if (file == NULL) {
        snprintf(error->text, sizeof error->text, "out of memory");
        goto failed;
    }
    uint32_t snap_length = cs_get32(at + 16, big);
    if (snap_length < USUAL_LARGEST)
        snap_length = USUAL_LARGEST;
    *file = (struct pcap_file){
        .source = {.next = cs_source_file_next, .free = release, .take = take, .reader = reader},
        .variant = variant,
        .largest = snap_length < CS_READER_LARGEST ? snap_length : CS_READER_LARGEST,
        .link_type =
            cs_get16(at + (big ? 22 : 20), big), /* the low half; the high one is about the FCS */
        .big = big,
        .lengths_swapped = minor < 3,
        .lengths_unsure = minor == 3,
    };
    cs_reader_skip(reader, FILE_HEADER);
    describe(file);
    return &file->source;
failed:
    cs_reader_free(reader);
    return NULL;
}
