/* source/pcapng_read.c: the capture file made of blocks. draft-ietf-opsawg-pcapng.
 *
 *    type (4)  total length (4)  body, padded to 4  total length again (4)
 *
 * A section header block tells the byte order of what follows and starts the numbering of
 * interfaces anew. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cursor.h"
#include "source/kinds.h"

enum block_type {
    SECTION = 0x0a0d0d0a, /* reads the same in both byte orders */
    INTERFACE = 1,
    OLD_PACKET = 2,
    SIMPLE_PACKET = 3,
    STATISTICS = 5,
    PACKET = 6,
    SECRETS = 10,
};

/* Nothing for us, but Wireshark gives them packet numbers: systemd journal, custom blocks, sysdig
 * events. */
static const uint32_t numbered_blocks[] = {0x9,   0xbad, 0x40000bad, 0x204, 0x208,
                                           0x216, 0x217, 0x221,      0x222};
enum { ORDER_MAGIC = 0x1a2b3c4d, BLOCK_HEADER = 8, BLOCK_FRAME = 12 };

enum option_code {
    OPTION_END = 0,
    SECTION_APPLICATION = 4,
    INTERFACE_RESOLUTION = 9,
    INTERFACE_OFFSET = 14,
    PACKET_FLAGS = 2,
    PACKET_DROPS = 4,
    STATISTICS_INTERFACE_DROPS = 5,
    STATISTICS_SYSTEM_DROPS = 7,
};

enum { INTERFACES_MAX = 65536, TEN_TO_19 = 19 };

struct interface {
    uint64_t units;                             /* of time in a second */
    int64_t offset_s;                           /* to be added */
    uint64_t dropped_kernel, dropped_interface; /* as the statistics say, since the capture began */
    uint64_t dropped_before;                    /* sum of what the packets say */
    uint32_t snap_length;                       /* 0: no limit */
    uint16_t link_type;
};

struct pcapng_file {
    struct cs_source source;
    struct interface *interfaces; /* owned; of this section */
    size_t interface_count, interface_cap;
    uint64_t dropped_kernel, dropped_interface; /* of the sections before */
    uint64_t numbered;                          /* blocks to which Wireshark gives a number */
    uint64_t time_ns;                           /* of the last packet: for those that carry none */
    uint16_t link_type;                         /* of the first interface */
    bool described, several, big;
    bool evidence; /* this section was written by us */
    bool in_section;
};

struct block {
    uint32_t type;
    uint64_t offset;      /* in the file */
    struct cs_slice body; /* without lengths and type */
};

static struct pcapng_file *self(struct cs_source *source) { return (struct pcapng_file *)source; }

bool cs_pcapng_file_is(struct cs_slice start)
{
    if (start.len < BLOCK_FRAME || cs_get32(start.at, false) != SECTION)
        return false;
    return cs_get32(start.at + 8, false) == ORDER_MAGIC ||
           cs_get32(start.at + 8, true) == ORDER_MAGIC;
}

/* ------------------------------------------------------------------ options */

struct option {
    uint16_t code;
    struct cs_slice value;
};

/* The next option of a block; false at the end, and where the list makes no sense. */
static bool next_option(struct cs_cursor *options, bool big, struct option *out)
{
    struct cs_slice head = cs_cursor_take(options, 4);
    if (head.at == NULL)
        return false;
    out->code = cs_get16(head.at, big);
    if (out->code == OPTION_END)
        return false;
    size_t length = cs_get16(head.at + 2, big);
    out->value = cs_cursor_take(options, length);
    if (!cs_cursor_ok(options))
        return false;
    cs_cursor_skip(options, (4 - length % 4) % 4);
    return true;
}

/* ------------------------------------------------------------------ time */

/* if_tsresol: 10 to the minus n, or 2 to the minus n with the high bit. 0 when that does not fit.
 */
static uint64_t units_of(uint8_t resolution)
{
    unsigned n = resolution & 0x7fu;
    if ((resolution & 0x80u) != 0)
        return n < 64 ? UINT64_C(1) << n : 0;
    if (n > TEN_TO_19)
        return 0;
    uint64_t units = 1;
    while (n-- > 0)
        units *= 10;
    return units;
}

static uint64_t to_ns(const struct interface *interface, uint64_t time)
{
    enum { GIGA = 1000000000 };
    const uint64_t last_s = UINT64_MAX / GIGA - 1;
    uint64_t units = interface->units;
    if (units == GIGA && interface->offset_s == 0)
        return time;
    uint64_t seconds = time / units + (uint64_t)interface->offset_s, rest = time % units;
    if (seconds > last_s) /* beyond the year 2554, or before 1970 */
        seconds = (int64_t)seconds < 0 && interface->offset_s < 0 ? 0 : last_s;
    if (units % GIGA == 0) /* a power of ten */
        return seconds * GIGA + rest / (units / GIGA);
    for (; units > UINT64_C(1) << 34; units /= 2) /* a power of two: rest * GIGA must fit */
        rest /= 2;
    return seconds * GIGA + rest * GIGA / units;
}

/* ------------------------------------------------------------------ blocks that are no packets */

/* The statistics and the packets may both speak of the same losses. */
static void add_drops(const struct pcapng_file *file, uint64_t *kernel, uint64_t *interface)
{
    for (size_t i = 0; i < file->interface_count; i++) {
        const struct interface *one = &file->interfaces[i];
        *kernel +=
            one->dropped_kernel > one->dropped_before ? one->dropped_kernel : one->dropped_before;
        *interface += one->dropped_interface;
    }
}

static int on_section(struct pcapng_file *file, const struct block *block, struct cs_error *error)
{
    enum { FIXED = 16 };
    if (block->body.len < FIXED)
        return cs_source_bad(error, block->offset, "the section header is too short");
    unsigned major = cs_get16(block->body.at + 4, file->big);
    if (major != 1)
        return cs_source_bad(error, block->offset, "version %u of pcapng is not known", major);
    add_drops(file, &file->dropped_kernel, &file->dropped_interface);
    file->interface_count = 0;
    struct cs_cursor options = cs_cursor(block->body, 0);
    cs_cursor_skip(&options, FIXED);
    file->evidence = false;
    static const char ours[] = "coapspec";
    for (struct option o; next_option(&options, file->big, &o);)
        if (o.code == SECTION_APPLICATION && o.value.len >= sizeof ours - 1)
            file->evidence = memcmp(o.value.at, ours, sizeof ours - 1) == 0;
    file->source.status.evidence =
        file->evidence && (!file->in_section || file->source.status.evidence);
    file->in_section = true;
    return 0;
}

static void describe(struct pcapng_file *file, uint16_t link_type)
{
    if (file->described && link_type != file->link_type)
        file->several = true;
    if (!file->described)
        file->link_type = link_type;
    file->described = true;
    char buf[32];
    snprintf(file->source.description, sizeof file->source.description, "pcapng, %s",
             file->several ? "several link types"
                           : cs_link_type_name(file->link_type, buf, sizeof buf));
}

static struct interface *add_interface(struct pcapng_file *file)
{
    if (file->interface_count == file->interface_cap) {
        size_t cap = file->interface_cap == 0 ? 4 : file->interface_cap * 2;
        struct interface *more = realloc(file->interfaces, cap * sizeof *more);
        if (more == NULL)
            return NULL;
        file->interfaces = more;
        file->interface_cap = cap;
    }
    return &file->interfaces[file->interface_count++];
}

static int on_interface(struct pcapng_file *file, const struct block *block, struct cs_error *error)
{
    enum { FIXED = 8 };
    if (block->body.len < FIXED)
        return cs_source_bad(error, block->offset, "the interface description is too short");
    if (file->interface_count == INTERFACES_MAX)
        return cs_source_bad(error, block->offset, "more than %d interfaces", INTERFACES_MAX);
    struct interface interface = {.units = 1000000,
                                  .link_type = cs_get16(block->body.at, file->big),
                                  .snap_length = cs_get32(block->body.at + 4, file->big)};
    struct cs_cursor options = cs_cursor(block->body, 0);
    cs_cursor_skip(&options, FIXED);
    for (struct option o; next_option(&options, file->big, &o);) {
        if (o.code == INTERFACE_RESOLUTION && o.value.len == 1)
            interface.units = units_of(o.value.at[0]);
        if (o.code == INTERFACE_OFFSET && o.value.len == 8)
            interface.offset_s = (int64_t)cs_get64(o.value.at, file->big);
    }
    if (interface.units == 0)
        return cs_source_bad(error, block->offset, "the resolution of its clock is too fine");
    struct interface *added = add_interface(file);
    if (added == NULL)
        return cs_source_bad(error, block->offset, "out of memory");
    *added = interface;
    describe(file, interface.link_type);
    return 0;
}

/* The counters are those since the capture began: the last block of an interface counts. */
static void on_statistics(struct pcapng_file *file, const struct block *block)
{
    enum { FIXED = 12 };
    if (block->body.len < FIXED)
        return;
    uint32_t id = cs_get32(block->body.at, file->big);
    if (id >= file->interface_count)
        return;
    struct interface *interface = &file->interfaces[id];
    struct cs_cursor options = cs_cursor(block->body, 0);
    cs_cursor_skip(&options, FIXED);
    for (struct option o; next_option(&options, file->big, &o);) {
        if (o.value.len != 8)
            continue;
        if (o.code == STATISTICS_INTERFACE_DROPS)
            interface->dropped_interface = cs_get64(o.value.at, file->big);
        if (o.code == STATISTICS_SYSTEM_DROPS)
            interface->dropped_kernel = cs_get64(o.value.at, file->big);
    }
}

/* Decryption Secrets Block: type of the secrets (4), their length (4), the secrets. Those of TLS
 * are a key log. */
static void on_secrets(const struct pcapng_file *file, const struct block *block)
{
    enum { TLS_KEY_LOG = 0x544c534b };
    struct cs_cursor body = cs_cursor(block->body, 0);
    const struct cs_slice head = cs_cursor_take(&body, 8);
    if (head.at == NULL || cs_get32(head.at, file->big) != TLS_KEY_LOG)
        return;
    const struct cs_slice text = cs_cursor_take(&body, cs_get32(head.at + 4, file->big));
    if (text.len > 0 && file->source.secrets != NULL)
        file->source.secrets(file->source.secrets_user, text);
}

/* ------------------------------------------------------------------ packets */

/* What the options of a packet say: who sent it (in evidence of ours), how many were lost before
 * it. */
static void packet_options(struct pcapng_file *file, struct cs_cursor *options,
                           struct interface *interface, struct cs_frame *frame)
{
    enum { INBOUND = 1, OUTBOUND = 2, DIRECTION = 3 };
    for (struct option o; next_option(options, file->big, &o);) {
        if (o.code == PACKET_FLAGS && o.value.len == 4 && file->evidence) {
            uint32_t direction = cs_get32(o.value.at, file->big) & DIRECTION;
            if (direction == INBOUND)
                frame->direction = CS_FROM_DEVICE;
            if (direction == OUTBOUND)
                frame->direction = CS_FROM_TESTER;
        }
        if (o.code == PACKET_DROPS && o.value.len == 8)
            interface->dropped_before += cs_get64(o.value.at, file->big);
    }
}

/* The two kinds of packet that have a header of 20 octets: 1 for a frame, or CS_SOURCE_ERROR. */
static int on_packet(struct pcapng_file *file, const struct block *block, struct cs_frame *frame,
                     struct cs_error *error)
{
    enum { FIXED = 20, NO_COUNT = 0xffff };
    struct cs_cursor body = cs_cursor(block->body, 0);
    const uint8_t *at = cs_cursor_take(&body, FIXED).at;
    if (at == NULL)
        return cs_source_bad(error, block->offset, "the packet block is too short");
    bool old = block->type == OLD_PACKET;
    uint32_t id = old ? cs_get16(at, file->big) : cs_get32(at, file->big);
    if (id >= file->interface_count)
        return cs_source_bad(error, block->offset,
                             "a packet of interface %lu, which was not described",
                             (unsigned long)id);
    struct interface *interface = &file->interfaces[id];
    uint32_t captured = cs_get32(at + 12, file->big), length = cs_get32(at + 16, file->big);
    struct cs_slice octets = cs_cursor_take(&body, captured);
    if (!cs_cursor_ok(&body))
        return cs_source_bad(error, block->offset, "a packet of %lu octets in a block of %zu",
                             (unsigned long)captured, block->body.len + BLOCK_FRAME);
    uint64_t time = (uint64_t)cs_get32(at + 4, file->big) << 32 | cs_get32(at + 8, file->big);
    *frame = (struct cs_frame){.octets = octets,
                               .time_ns = to_ns(interface, time),
                               .wire_length = length > captured ? length : captured,
                               .link_type = interface->link_type};
    if (old && cs_get16(at + 2, file->big) != NO_COUNT)
        interface->dropped_before += cs_get16(at + 2, file->big);
    cs_cursor_skip(&body, (4 - captured % 4) % 4);
    if (body.left > 0)
        packet_options(file, &body, interface, frame);
    return 1;
}

/* A packet without a time and with no captured length: the block's or the snap length ends it. */
static int on_simple_packet(struct pcapng_file *file, const struct block *block,
                            struct cs_frame *frame, struct cs_error *error)
{
    if (block->body.len < 4)
        return cs_source_bad(error, block->offset, "the packet block is too short");
    if (file->interface_count == 0)
        return cs_source_bad(error, block->offset, "a packet before any interface was described");
    const struct interface *interface = &file->interfaces[0];
    uint32_t length = cs_get32(block->body.at, file->big);
    size_t captured = block->body.len - 4;
    if (interface->snap_length != 0 && captured > interface->snap_length)
        captured = interface->snap_length;
    if (captured > length)
        captured = length;
    *frame = (struct cs_frame){.octets = {block->body.at + 4, captured},
                               .time_ns = file->time_ns,
                               .wire_length = length,
                               .link_type = interface->link_type};
    return 1;
}

/* 1: `frame` was filled in; 0: nothing to hand out; or CS_SOURCE_ERROR. */
static int on_block(struct pcapng_file *file, const struct block *block, struct cs_frame *frame,
                    struct cs_error *error)
{
    int n = 0;
    switch (block->type) {
    case PACKET:
    case OLD_PACKET:
        n = on_packet(file, block, frame, error);
        break;
    case SIMPLE_PACKET:
        n = on_simple_packet(file, block, frame, error);
        break;
    case SECTION:
        return on_section(file, block, error);
    case INTERFACE:
        return on_interface(file, block, error);
    case STATISTICS:
        on_statistics(file, block);
        return 0;
    case SECRETS:
        on_secrets(file, block);
        return 0;
    default: /* names, what was not known in our time */
        for (size_t i = 0; i < sizeof numbered_blocks / sizeof numbered_blocks[0]; i++)
            file->numbered += block->type == numbered_blocks[i];
        return 0;
    }
    if (n == 1) {
        frame->number = ++file->numbered;
        file->time_ns = frame->time_ns;
    }
    return n;
}

/* The block that the reader stands before: 1; 0 with `need` when more must be read; or
 * CS_SOURCE_ERROR. */
static int next_block(struct pcapng_file *file, struct block *block, size_t *need,
                      struct cs_error *error)
{
    struct cs_reader *reader = file->source.reader;
    const uint8_t *at = reader->at;
    *need = BLOCK_FRAME;
    if (reader->left < BLOCK_FRAME)
        return 0;
    if (cs_get32(at, false) == SECTION) {
        bool big = cs_get32(at + 8, true) == ORDER_MAGIC;
        if (!big && cs_get32(at + 8, false) != ORDER_MAGIC)
            return cs_source_bad(error, reader->offset, "a section header of no known byte order");
        file->big = big;
    }
    uint32_t type = cs_get32(at, file->big), length = cs_get32(at + 4, file->big);
    if (length < BLOCK_FRAME || length % 4 != 0 || length > CS_READER_LARGEST)
        return cs_source_bad(error, reader->offset,
                             "a block (type 0x%lx) claims %lu octets: the file is damaged there",
                             (unsigned long)type, (unsigned long)length);
    *need = length;
    if (reader->left < length)
        return 0;
    uint32_t again = cs_get32(at + length - 4, file->big);
    if (again != length)
        return cs_source_bad(
            error, reader->offset,
            "a block (type 0x%lx) of %lu octets ends with the length %lu: the file is "
            "damaged there",
            (unsigned long)type, (unsigned long)length, (unsigned long)again);
    *block = (struct block){type, reader->offset, {at + BLOCK_HEADER, length - BLOCK_FRAME}};
    return 1;
}

static int take(struct cs_source *source, struct cs_frame *frames, size_t max, size_t *need,
                struct cs_error *error)
{
    struct pcapng_file *file = self(source);
    size_t n = 0;
    while (n < max) {
        struct block block = {0};
        int got = next_block(file, &block, need, error);
        if (got == 1)
            got = on_block(file, &block, &frames[n], error);
        else if (got == 0)
            break;
        if (got == CS_SOURCE_ERROR) /* said again, when the frames before it have been handed out */
            return n > 0 ? (int)n : CS_SOURCE_ERROR;
        n += (size_t)got;
        cs_reader_skip(source->reader, block.body.len + BLOCK_FRAME);
    }
    return (int)n;
}

/* ------------------------------------------------------------------ as a source */

static void refresh(const struct cs_source *source, struct cs_source_status *status)
{
    const struct pcapng_file *file = (const struct pcapng_file *)source;
    status->dropped_kernel = file->dropped_kernel;
    status->dropped_interface = file->dropped_interface;
    add_drops(file, &status->dropped_kernel, &status->dropped_interface);
}

static void release(struct cs_source *source)
{
    free(self(source)->interfaces);
    free(source);
}

/* Reads up to the first packet, so that the status knows the link type and whose file it is. */
static bool read_headers(struct pcapng_file *file, struct cs_error *error)
{
    for (;;) {
        struct block block = {0};
        struct cs_frame none;
        size_t need;
        int got = next_block(file, &block, &need, error);
        if (got == 0) {
            enum cs_reader_result result = cs_reader_fill(file->source.reader, need, error);
            if (result == CS_READER_OK)
                continue;
            return result == CS_READER_END;
        }
        if (got == CS_SOURCE_ERROR)
            return file->in_section;
        if (block.type != SECTION && block.type != INTERFACE)
            return true;
        if (on_block(file, &block, &none, error) == CS_SOURCE_ERROR)
            return file->in_section;
        cs_reader_skip(file->source.reader, block.body.len + BLOCK_FRAME);
    }
}

struct cs_source *cs_pcapng_file_new(struct cs_reader *reader, struct cs_error *error)
{
    struct pcapng_file *file = calloc(1, sizeof *file);
    if (file == NULL) {
        snprintf(error->text, sizeof error->text, "out of memory");
        cs_reader_free(reader);
        return NULL;
    }
    file->source = (struct cs_source){.next = cs_source_file_next,
                                      .free = release,
                                      .refresh = refresh,
                                      .take = take,
                                      .reader = reader,
                                      .description = "pcapng"};
    if (!read_headers(file, error)) {
        cs_source_free(&file->source);
        return NULL;
    }
    return &file->source;
}
