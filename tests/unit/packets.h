/* tests/unit/packets.h: IP packets, built octet by octet. */
#ifndef TESTS_UNIT_PACKETS_H
#define TESTS_UNIT_PACKETS_H

#include "capture.h"
#include "wire/wire.h"

#define SRC4 "c0000201" /* 192.0.2.1 */
#define DST4 "c0000202"
#define SRC6 "20010db8000000000000000000000001"
#define DST6 "20010db8000000000000000000000002"

static inline void put_bytes(struct image *image, size_t n, uint8_t value)
{
    for (size_t i = 0; i < n; i++)
        put(image, &value, 1);
}

/* 40000 to 5683. */
static inline void put_udp(struct image *image, const char *payload, size_t length)
{
    put16(image, 40000);
    put16(image, 5683);
    put16(image, (unsigned)(8 + length));
    put16(image, 0);
    put(image, payload, length);
}

/* `flags` with the offset in units of 8, `options` in hex, a multiple of 4 octets; `length` of what follows. */
static inline void put_ipv4(struct image *image, unsigned id, unsigned flags, const char *options,
                            size_t length)
{
    size_t words = 5 + strlen(options) / 8;
    put_number(image, 0x40 | words, 1);
    put_number(image, 0, 1);
    put16(image, (unsigned)(words * 4 + length));
    put16(image, id);
    put16(image, flags);
    put_hex(image, "40 11 0000 " SRC4 DST4);
    put_hex(image, options);
}

static inline void put_ipv6(struct image *image, unsigned next, size_t length)
{
    put_hex(image, "60000000");
    put16(image, (unsigned)length);
    put_number(image, next, 1);
    put_number(image, 64, 1);
    put_hex(image, SRC6 DST6);
}

static inline struct image image_big(void) { return (struct image){.big = true}; }

static inline struct image packet4(const char *payload)
{
    struct image image = image_big();
    size_t n = strlen(payload);
    put_ipv4(&image, 1, 0, "", 8 + n);
    put_udp(&image, payload, n);
    return image;
}

static inline struct image packet6(const char *payload)
{
    struct image image = image_big();
    size_t n = strlen(payload);
    put_ipv6(&image, 17, 8 + n);
    put_udp(&image, payload, n);
    return image;
}

/* A frame: `link` in hex before the packet, `padding` octets behind it. Free its octets with release(). */
static inline struct cs_frame frame_of(uint16_t link_type, const char *link,
                                       const struct image *packet, size_t padding)
{
    struct image image = image_big();
    put_hex(&image, link);
    put(&image, packet->at, packet->len);
    put_bytes(&image, padding, 0xee);
    return (struct cs_frame){.octets = exact_copy(image.at, image.len),
                             .time_ns = 1000,
                             .number = 7,
                             .wire_length = (uint32_t)image.len,
                             .link_type = link_type};
}

#endif
