/* tests/bench/frames.c: see frames.h. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/bench/frames.h"

static uint64_t state = 1;

void bench_seed(uint64_t seed) { state = seed * UINT64_C(0x9e3779b97f4a7c15) | 1; }

uint64_t bench_random(void)
{
    state ^= state >> 12;
    state ^= state << 25;
    state ^= state >> 27;
    return state * UINT64_C(0x2545f4914f6cdd1d);
}

uint32_t bench_below(uint32_t n) { return (uint32_t)((bench_random() >> 32) * n >> 32); }

bool bench_chance(double percent) { return bench_below(1000000) < percent * 10000; }

/* ------------------------------------------------------------------ messages */

static void put(struct bench_message *m, const void *at, size_t len)
{
    if (len > sizeof m->octets - m->len)
        abort(); /* a mistake in the generator */
    if (len > 0)
        memcpy(m->octets + m->len, at, len);
    m->len += len;
}

static void put_u8(struct bench_message *m, unsigned value)
{
    uint8_t octet = (uint8_t)value;
    put(m, &octet, 1);
}

void bench_begin(struct bench_message *m, unsigned type, unsigned code, uint16_t mid,
                 const void *token, size_t token_length)
{
    m->len = 0;
    m->last_option = 0;
    put_u8(m, 0x40u | type << 4 | (unsigned)token_length);
    put_u8(m, code);
    put_u8(m, mid >> 8);
    put_u8(m, mid & 0xffu);
    put(m, token, token_length);
}

static unsigned nibble(size_t value)
{
    return value < 13 ? (unsigned)value : value < 269 ? 13 : 14;
}

static void put_extended(struct bench_message *m, size_t value)
{
    if (value >= 269) {
        put_u8(m, (unsigned)(value - 269) >> 8);
        put_u8(m, (unsigned)(value - 269) & 0xffu);
    } else if (value >= 13) {
        put_u8(m, (unsigned)value - 13);
    }
}

void bench_option(struct bench_message *m, unsigned number, const void *value, size_t len)
{
    unsigned delta = number - m->last_option;
    put_u8(m, nibble(delta) << 4 | nibble(len));
    put_extended(m, delta);
    put_extended(m, len);
    put(m, value, len);
    m->last_option = number;
}

void bench_option_uint(struct bench_message *m, unsigned number, uint32_t value)
{
    uint8_t octets[4] = {(uint8_t)(value >> 24), (uint8_t)(value >> 16), (uint8_t)(value >> 8),
                         (uint8_t)value};
    size_t zeros = 0;
    while (zeros < 4 && octets[zeros] == 0)
        zeros++;
    bench_option(m, number, octets + zeros, 4 - zeros);
}

void bench_option_text(struct bench_message *m, unsigned number, const char *text)
{
    bench_option(m, number, text, strlen(text));
}

void bench_path(struct bench_message *m, const char *path)
{
    while (*path == '/') {
        size_t len = strcspn(++path, "/");
        bench_option(m, 11, path, len);
        path += len;
    }
}

void bench_payload(struct bench_message *m, const void *at, size_t len)
{
    put_u8(m, 0xff);
    put(m, at, len);
}

/* ------------------------------------------------------------------ frames */

static void be16(uint8_t *at, size_t value)
{
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
}

static uint32_t sum(uint32_t so_far, const uint8_t *at, size_t len)
{
    for (size_t i = 0; i + 1 < len; i += 2)
        so_far += (uint32_t)at[i] << 8 | at[i + 1];
    return len % 2 ? so_far + ((uint32_t)at[len - 1] << 8) : so_far;
}

static uint16_t folded(uint32_t total)
{
    while (total >> 16)
        total = (total & 0xffff) + (total >> 16);
    return (uint16_t)~total;
}

static struct bench_file form;

/* What every frame begins with; the type of what follows stands in the last two octets, but for raw IP. */
static const struct {
    uint8_t octets[18];
    uint8_t length;
    uint8_t type; /* LINKTYPE_… of pcap */
} links[] = {
    [BENCH_ETHERNET] = {{2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2}, 14, 1},
    [BENCH_VLAN] = {{2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 0x81, 0, 0, 42}, 18, 1},
    [BENCH_COOKED] = {{0, 0, 0, 1, 0, 6, 2, 0, 0, 0, 0, 1}, 16, 113},
    [BENCH_RAW] = {{0}, 0, 101},
};

static size_t link_header(uint8_t *frame, bool v6)
{
    const size_t length = links[form.link].length;
    memcpy(frame, links[form.link].octets, length);
    if (length >= 2)
        be16(frame + length - 2, v6 ? 0x86dd : 0x0800);
    return length;
}

static void ipv4(uint8_t *ip, const struct bench_endpoint *from, const struct bench_endpoint *to,
                 size_t len, uint16_t id, unsigned fragment)
{
    memset(ip, 0, 20);
    ip[0] = 0x45;
    be16(ip + 2, 20 + len);
    be16(ip + 4, id);
    be16(ip + 6, fragment);
    ip[8] = 64;
    ip[9] = 17;
    memcpy(ip + 12, from->ip, 4);
    memcpy(ip + 16, to->ip, 4);
    be16(ip + 10, folded(sum(0, ip, 20)));
}

size_t bench_frame(uint8_t frame[BENCH_FRAME_MAX], const struct bench_endpoint *from,
                   const struct bench_endpoint *to, const uint8_t *octets, size_t len)
{
    size_t link = link_header(frame, from->v6), addr = from->v6 ? 16 : 4, udp = 8 + len;
    uint8_t *ip = frame + link, *u = ip + (from->v6 ? 40 : 20);
    if (from->v6) {
        memset(ip, 0, 40);
        ip[0] = 0x60;
        be16(ip + 4, udp);
        ip[6] = 17;
        ip[7] = 64;
        memcpy(ip + 8, from->ip, 16);
        memcpy(ip + 24, to->ip, 16);
    } else {
        ipv4(ip, from, to, udp, (uint16_t)bench_random(), 0x4000);
    }
    be16(u, from->port);
    be16(u + 2, to->port);
    be16(u + 4, udp);
    be16(u + 6, 0);
    memcpy(u + 8, octets, len);
    uint16_t check =
        folded(sum(sum(sum(17u + (uint32_t)udp, from->ip, addr), to->ip, addr), u, udp));
    be16(u + 6, check != 0 ? check : 0xffff);
    return (size_t)(u - frame) + udp;
}

size_t bench_fragment(uint8_t frame[BENCH_FRAME_MAX], const struct bench_endpoint *from,
                      const struct bench_endpoint *to, uint16_t id, size_t offset, bool more,
                      const uint8_t *octets, size_t len)
{
    size_t link = link_header(frame, false);
    ipv4(frame + link, from, to, len, id, (unsigned)(offset / 8) | (more ? 0x2000u : 0));
    memcpy(frame + link + 20, octets, len);
    return link + 20 + len;
}

/* ------------------------------------------------------------------ the file */

static uint64_t wanted, written, octets_written, first_ns, last_ns;

static void le32(uint8_t *at, uint64_t value)
{
    for (int i = 0; i < 4; i++)
        at[i] = (uint8_t)(value >> 8 * i);
}

static void put_file_header(void)
{
    uint8_t header[24] = {0x4d, 0x3c, 0xb2, 0xa1, 2, 0, 4, 0};
    le32(header + 16, 262144);
    le32(header + 20, links[form.link].type);
    fwrite(header, 1, sizeof header, stdout);
}

/* A section header, and one interface with if_tsresol 9. */
static void put_blocks(void)
{
    uint8_t section[28] = {0x0a, 0x0d, 0x0d, 0x0a, 28, 0, 0, 0, 0x4d, 0x3c, 0x2b, 0x1a, 1};
    uint8_t interface[32] = {1, 0, 0, 0, 32, 0, 0, 0, links[form.link].type};
    memset(section + 16, 0xff, 8); /* its length is not known */
    le32(section + 24, sizeof section);
    interface[16] = 9; /* if_tsresol, one octet, padded to four; then the end of the options */
    interface[18] = 1;
    interface[20] = 9;
    le32(interface + 28, sizeof interface);
    fwrite(section, 1, sizeof section, stdout);
    fwrite(interface, 1, sizeof interface, stdout);
}

void bench_open(uint64_t packets, struct bench_file file)
{
    form = file;
    wanted = packets;
    if (form.pcapng)
        put_blocks();
    else
        put_file_header();
}

static void put_packet(uint64_t time_ns, const uint8_t *frame, size_t captured, size_t len)
{
    uint8_t header[16];
    le32(header, time_ns / 1000000000);
    le32(header + 4, time_ns % 1000000000);
    le32(header + 8, captured);
    le32(header + 12, len);
    fwrite(header, 1, sizeof header, stdout);
    fwrite(frame, 1, captured, stdout);
}

static void put_packet_block(uint64_t time_ns, const uint8_t *frame, size_t captured, size_t len)
{
    uint8_t header[28] = {6}, end[8] = {0};
    const size_t padding = (4 - captured % 4) % 4, whole = sizeof header + captured + padding + 4;
    le32(header + 4, whole);
    le32(header + 12, time_ns >> 32);
    le32(header + 16, time_ns);
    le32(header + 20, captured);
    le32(header + 24, len);
    le32(end + padding, whole);
    fwrite(header, 1, sizeof header, stdout);
    fwrite(frame, 1, captured, stdout);
    fwrite(end, 1, padding + 4, stdout);
}

void bench_write(uint64_t time_ns, const uint8_t *frame, size_t len, size_t cut)
{
    if (bench_full())
        return;
    if (written == 0)
        first_ns = time_ns;
    last_ns = time_ns;
    cut = cut < len ? cut : len;
    if (form.pcapng)
        put_packet_block(time_ns, frame, len - cut, len);
    else
        put_packet(time_ns, frame, len - cut, len);
    written++;
    octets_written += len;
}

bool bench_full(void) { return written >= wanted; }

bool bench_close(void)
{
    bool good = fflush(stdout) == 0 && !ferror(stdout);
    fprintf(stderr, "%" PRIu64 " packets, %.1f MB, %.0f octets on average, %.0f s\n", written,
            (double)(octets_written + 16 * written) / 1e6,
            (double)octets_written / (double)(written ? written : 1),
            (double)(last_ns - first_ns) / 1e9);
    return good;
}
