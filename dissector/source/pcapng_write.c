/* source/pcapng_write.c: evidence files: our own datagrams as IP packets in pcapng, in the byte
 * order of x86 and ARM. The blocks and options are described in pcapng_read.c. */
#include <errno.h>
#include <string.h>

#include "source/source.h"

enum {
    SECTION = 0x0a0d0d0a,
    INTERFACE = 1,
    STATISTICS = 5,
    PACKET = 6,
    SECRETS = 10,
    ORDER_MAGIC = 0x1a2b3c4d
};
enum { TLS_KEY_LOG = 0x544c534b };
enum {
    OPTION_END = 0,
    COMMENT = 1,
    SECTION_APPLICATION = 4,
    INTERFACE_RESOLUTION = 9,
    PACKET_FLAGS = 2,
    STATISTICS_INTERFACE_DROPS = 5,
    STATISTICS_SYSTEM_DROPS = 7
};
enum { INBOUND = 1, OUTBOUND = 2 };
enum { LINK_RAW = 101, NANOSECONDS = 9, PROTOCOL_UDP = 17, HOP_LIMIT = 64 };
enum { IPV4_HEADER = 20, IPV6_HEADER = 40, UDP_HEADER = 8, LENGTH_MAX = 65535 };
enum { OPTION_MAX = 65532 }; /* octets of an option's value, a multiple of 4 */

/* ------------------------------------------------------------------ octets and blocks */

static void fail(struct cs_pcapng_writer *writer, int why)
{
    if (!writer->failed)
        writer->saved_errno = why;
    writer->failed = true;
}

static void write_octets(struct cs_pcapng_writer *writer, const void *at, size_t n)
{
    if (!writer->failed && n > 0 && fwrite(at, 1, n, writer->out) != n)
        fail(writer, errno);
}

static void write_padding(struct cs_pcapng_writer *writer, size_t written)
{
    write_octets(writer, "\0\0\0", (4 - written % 4) % 4);
}

static void write32(struct cs_pcapng_writer *writer, uint32_t value)
{
    const uint8_t octets[] = {(uint8_t)value, (uint8_t)(value >> 8), (uint8_t)(value >> 16),
                              (uint8_t)(value >> 24)};
    write_octets(writer, octets, sizeof octets);
}

static void write16(struct cs_pcapng_writer *writer, uint16_t low, uint16_t high)
{
    write32(writer, (uint32_t)high << 16 | low);
}

static size_t padded(size_t n) { return (n + 3) / 4 * 4; }

/* As much of a text as fits an option, not ending inside a UTF-8 character. */
static size_t text_length(const char *text)
{
    size_t n = strlen(text);
    if (n <= OPTION_MAX)
        return n;
    for (n = OPTION_MAX; n > 0 && ((unsigned char)text[n] & 0xc0u) == 0x80; n--)
        ;
    return n;
}

static size_t text_option_size(const char *text)
{
    return text != NULL ? 4 + padded(text_length(text)) : 0;
}

static void write_text_option(struct cs_pcapng_writer *writer, uint16_t code, const char *text)
{
    if (text == NULL)
        return;
    size_t n = text_length(text);
    write16(writer, code, (uint16_t)n);
    write_octets(writer, text, n);
    write_padding(writer, n);
}

void cs_pcapng_begin(struct cs_pcapng_writer *writer, FILE *out, const char *application,
                     const char *comment)
{
    *writer = (struct cs_pcapng_writer){.out = out};
    size_t length = 28 + text_option_size(application) + text_option_size(comment) + 4;
    write32(writer, SECTION);
    write32(writer, (uint32_t)length);
    write32(writer, ORDER_MAGIC);
    write16(writer, 1, 0);
    write32(writer, UINT32_MAX); /* the section's length is not known */
    write32(writer, UINT32_MAX);
    write_text_option(writer, COMMENT, comment);
    write_text_option(writer, SECTION_APPLICATION, application);
    write32(writer, OPTION_END);
    write32(writer, (uint32_t)length);
}

/* The number of the interface with this link type; it is described when it is new. */
static uint32_t interface_of(struct cs_pcapng_writer *writer, uint16_t link_type)
{
    enum { LENGTH = 20 + 8 + 4 };
    size_t i = 0;
    while (i < writer->link_type_count && writer->link_types[i] != link_type)
        i++;
    if (i < writer->link_type_count)
        return (uint32_t)i;
    if (i == CS_PCAPNG_LINK_TYPES) {
        fail(writer, ENOSPC);
        return 0;
    }
    writer->link_types[writer->link_type_count++] = link_type;
    write32(writer, INTERFACE);
    write32(writer, LENGTH);
    write16(writer, link_type, 0);
    write32(writer, 0); /* no snap length */
    write16(writer, INTERFACE_RESOLUTION, 1);
    write32(writer, NANOSECONDS);
    write32(writer, OPTION_END);
    write32(writer, LENGTH);
    return (uint32_t)i;
}

/* A frame in two pieces: headers and the rest. */
struct packet {
    const uint8_t *header;
    size_t header_length;
    struct cs_slice rest;
    uint64_t time_ns;
    uint32_t wire_length;
    uint8_t direction;
    uint16_t link_type;
};

static void write_packet(struct cs_pcapng_writer *writer, const struct packet *packet,
                         const char *const *comments, size_t comment_count)
{
    uint32_t id = interface_of(writer, packet->link_type);
    size_t captured = packet->header_length + packet->rest.len;
    size_t length = 32 + padded(captured), options = 0;
    for (size_t i = 0; i < comment_count; i++)
        options += text_option_size(comments[i]);
    bool known = packet->direction == CS_FROM_DEVICE || packet->direction == CS_FROM_TESTER;
    options += known ? 8 : 0;
    length += options > 0 ? options + 4 : 0;
    if (length > UINT32_MAX) {
        fail(writer, EMSGSIZE);
        return;
    }
    write32(writer, PACKET);
    write32(writer, (uint32_t)length);
    write32(writer, id);
    write32(writer, (uint32_t)(packet->time_ns >> 32));
    write32(writer, (uint32_t)packet->time_ns);
    write32(writer, (uint32_t)captured);
    write32(writer, packet->wire_length);
    write_octets(writer, packet->header, packet->header_length);
    write_octets(writer, packet->rest.at, packet->rest.len);
    write_padding(writer, captured);
    for (size_t i = 0; i < comment_count; i++)
        write_text_option(writer, COMMENT, comments[i]);
    if (known) {
        write16(writer, PACKET_FLAGS, 4);
        write32(writer, packet->direction == CS_FROM_DEVICE ? INBOUND : OUTBOUND);
    }
    if (options > 0)
        write32(writer, OPTION_END);
    write32(writer, (uint32_t)length);
    writer->packets++;
}

/* ------------------------------------------------------------------ headers of our own */

/* The Internet checksum (RFC 1071) of several pieces, of which only the last may be odd. */
static uint32_t sum(uint32_t start, const uint8_t *at, size_t n)
{
    uint64_t total = start;
    for (size_t i = 0; i + 1 < n; i += 2)
        total += (uint32_t)at[i] << 8 | at[i + 1];
    if (n % 2 != 0)
        total += (uint32_t)at[n - 1] << 8;
    while (total > 0xffff)
        total = (total & 0xffff) + (total >> 16);
    return (uint32_t)total;
}

static void store16(uint8_t *at, size_t value)
{
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
}

/* UDP over `header`'s addresses: RFC 768, RFC 8200 section 8.1. No checksum (0) where octets are
 * missing. */
static void build_udp(uint8_t *udp, const struct cs_datagram *datagram, const uint8_t *addresses,
                      size_t addresses_length)
{
    size_t length = UDP_HEADER + datagram->octets.len + datagram->missing;
    store16(udp, datagram->src.port);
    store16(udp + 2, datagram->dst.port);
    store16(udp + 4, length);
    store16(udp + 6, 0);
    if (datagram->missing > 0)
        return;
    uint32_t total = sum(PROTOCOL_UDP + (uint32_t)length, addresses, addresses_length);
    total = sum(total, udp, UDP_HEADER);
    total = sum(total, datagram->octets.at, datagram->octets.len);
    store16(udp + 6, total == 0xffff ? 0xffff : 0xffff - total);
}

static size_t build_ipv4(uint8_t *header, const struct cs_datagram *datagram, size_t udp_length)
{
    enum { DONT_FRAGMENT = 0x4000 };
    header[0] = 4 << 4 | IPV4_HEADER / 4;
    store16(header + 2, IPV4_HEADER + udp_length);
    store16(header + 6, DONT_FRAGMENT);
    header[8] = HOP_LIMIT;
    header[9] = PROTOCOL_UDP;
    memcpy(header + 12, datagram->src.ip, 4);
    memcpy(header + 16, datagram->dst.ip, 4);
    store16(header + 10, 0xffff - sum(0, header, IPV4_HEADER));
    build_udp(header + IPV4_HEADER, datagram, header + 12, 8);
    return IPV4_HEADER + UDP_HEADER;
}

static size_t build_ipv6(uint8_t *header, const struct cs_datagram *datagram, size_t udp_length)
{
    header[0] = 6 << 4;
    store16(header + 4, udp_length);
    header[6] = PROTOCOL_UDP;
    header[7] = HOP_LIMIT;
    memcpy(header + 8, datagram->src.ip, 16);
    memcpy(header + 24, datagram->dst.ip, 16);
    build_udp(header + IPV6_HEADER, datagram, header + 8, 32);
    return IPV6_HEADER + UDP_HEADER;
}

void cs_pcapng_datagram(struct cs_pcapng_writer *writer, const struct cs_datagram *datagram,
                        const char *const *comments, size_t comment_count)
{
    uint8_t header[IPV6_HEADER + UDP_HEADER] = {0};
    bool v4 = datagram->src.family == 4;
    size_t udp_length = UDP_HEADER + datagram->octets.len + datagram->missing;
    if ((!v4 && datagram->src.family != 6) || datagram->dst.family != datagram->src.family) {
        fail(writer, EAFNOSUPPORT);
        return;
    }
    if (udp_length + (v4 ? (size_t)IPV4_HEADER : 0) > LENGTH_MAX) {
        fail(writer, EMSGSIZE);
        return;
    }
    struct packet packet = {.header = header, .rest = datagram->octets};
    packet.header_length =
        v4 ? build_ipv4(header, datagram, udp_length) : build_ipv6(header, datagram, udp_length);
    packet.wire_length =
        (uint32_t)(packet.header_length + datagram->octets.len + datagram->missing);
    packet.time_ns = datagram->time_ns;
    packet.direction = datagram->direction;
    packet.link_type = LINK_RAW;
    write_packet(writer, &packet, comments, comment_count);
    writer->last_ns = packet.time_ns;
}

void cs_pcapng_frame(struct cs_pcapng_writer *writer, const struct cs_frame *frame,
                     const char *const *comments, size_t comment_count)
{
    const struct packet packet = {.rest = frame->octets,
                                  .time_ns = frame->time_ns,
                                  .wire_length = frame->wire_length,
                                  .direction = frame->direction,
                                  .link_type = frame->link_type};
    write_packet(writer, &packet, comments, comment_count);
    writer->last_ns = packet.time_ns;
}

static void write64_option(struct cs_pcapng_writer *writer, uint16_t code, uint64_t value)
{
    write16(writer, code, 8);
    write32(writer, (uint32_t)value);
    write32(writer, (uint32_t)(value >> 32));
}

void cs_pcapng_drops(struct cs_pcapng_writer *writer, uint16_t link_type, uint64_t kernel,
                     uint64_t interface)
{
    enum { LENGTH = 20 + 12 + 12 + 4 + 4 };
    uint32_t id = interface_of(writer, link_type);
    write32(writer, STATISTICS);
    write32(writer, LENGTH);
    write32(writer, id);
    write32(writer, (uint32_t)(writer->last_ns >> 32));
    write32(writer, (uint32_t)writer->last_ns);
    write64_option(writer, STATISTICS_INTERFACE_DROPS, interface);
    write64_option(writer, STATISTICS_SYSTEM_DROPS, kernel);
    write32(writer, OPTION_END);
    write32(writer, LENGTH);
}

/* Decryption Secrets Block: type of the secrets (4), their length (4), the secrets, padding. */
void cs_pcapng_secrets(struct cs_pcapng_writer *writer, struct cs_slice key_log)
{
    const size_t n = key_log.len;
    const uint32_t length = (uint32_t)(20 + padded(n));
    write32(writer, SECRETS);
    write32(writer, length);
    write32(writer, TLS_KEY_LOG);
    write32(writer, (uint32_t)n);
    write_octets(writer, key_log.at, n);
    write_padding(writer, n);
    write32(writer, length);
}
