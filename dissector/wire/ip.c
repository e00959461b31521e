/* wire/ip.c: IPv4 (RFC 791) with options, IPv6 (RFC 8200) with extension headers. */
#include <string.h>

#include "wire/layers.h"

enum next_header {
    HOP_BY_HOP = 0,
    ROUTING = 43,
    FRAGMENT = 44,
    AUTHENTICATION = 51,
    DESTINATION = 60,
    MOBILITY = 135,
    HOST_IDENTITY = 139,
    SHIM6 = 140
};

enum { EXTENSIONS_MAX = 16 };

/*  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * |Version|  IHL  |      TOS      |          Total Length         |
 * |         Identification        |Flags|     Fragment Offset     |
 * |      TTL      |    Protocol   |        Header Checksum        |
 * |  source (4), destination (4), options (IHL * 4 - 20)          | */
enum cs_layer cs_ipv4(struct cs_cursor *c, struct cs_ip *ip)
{
    enum { FIXED = 20, MORE = 0x2000, OFFSET = 0x1fff };
    const uint8_t *at = cs_cursor_take(c, FIXED).at;
    if (at == NULL || at[0] >> 4 != 4)
        return CS_LAYER_BAD;
    size_t header = (at[0] & 0x0fu) * 4u;
    size_t total = (size_t)at[2] << 8 | at[3];
    if (header < FIXED || (total != 0 && total < header))
        return CS_LAYER_BAD;
    if (!cs_cursor_skip(c, header - FIXED))
        return CS_LAYER_BAD;
    if (total != 0) /* 0: captured before the network card set it; then the frame has no padding */
        cs_cursor_limit(c, total - header);
    ip->src = (struct cs_address){.family = 4};
    ip->dst = (struct cs_address){.family = 4};
    memcpy(ip->src.ip, at + 12, 4);
    memcpy(ip->dst.ip, at + 16, 4);
    if (at[9] != CS_PROTOCOL_UDP)
        return CS_LAYER_OTHER;
    unsigned flags = (unsigned)at[6] << 8 | at[7];
    if ((flags & (MORE | OFFSET)) == 0)
        return CS_LAYER_UDP;
    ip->more = (flags & MORE) != 0;
    ip->offset = (uint16_t)((flags & OFFSET) * 8u);
    ip->id = (uint32_t)at[4] << 8 | at[5];
    ip->next = at[9];
    return CS_LAYER_FRAGMENT;
}

/* Next Header (1), reserved (1), Fragment Offset (13 bits), reserved (2 bits), M (1 bit),
 * Identification (4). True for a packet in one piece, which is handled as if the header were not
 * there (RFC 6946). */
static bool fragment_header(struct cs_cursor *c, struct cs_ip *ip)
{
    enum { FIXED = 8, MORE = 1, OFFSET = 0xfff8 };
    const uint8_t *at = cs_cursor_take(c, FIXED).at;
    if (at == NULL)
        return false;
    unsigned word = (unsigned)at[2] << 8 | at[3];
    ip->next = at[0];
    ip->offset = (uint16_t)(word & OFFSET);
    ip->more = (word & MORE) != 0;
    ip->id = (uint32_t)at[4] << 24 | (uint32_t)at[5] << 16 | (uint32_t)at[6] << 8 | at[7];
    return (word & (MORE | OFFSET)) == 0;
}

static bool is_extension(uint8_t next)
{
    return next == HOP_BY_HOP || next == ROUTING || next == DESTINATION || next == AUTHENTICATION ||
           next == MOBILITY || next == HOST_IDENTITY || next == SHIM6;
}

enum cs_layer cs_ipv6_headers(struct cs_cursor *c, struct cs_ip *ip, uint8_t next)
{
    for (int headers = 0; next != CS_PROTOCOL_UDP; headers++) {
        if (headers == EXTENSIONS_MAX)
            return CS_LAYER_BAD;
        if (next == FRAGMENT) {
            if (fragment_header(c, ip)) {
                next = ip->next;
                continue;
            }
            if (!cs_cursor_ok(c))
                return CS_LAYER_BAD;
            bool ours = ip->next == CS_PROTOCOL_UDP || is_extension(ip->next);
            return ours ? CS_LAYER_FRAGMENT : CS_LAYER_OTHER;
        }
        if (!is_extension(next))
            return CS_LAYER_OTHER;
        /* Next Header (1), length in units of 8 without the first 8 (AH: of 4, without two) */
        const uint8_t *at = cs_cursor_take(c, 2).at;
        if (at == NULL)
            return CS_LAYER_BAD;
        size_t length = next == AUTHENTICATION ? (at[1] + 2u) * 4u : (at[1] + 1u) * 8u;
        if (!cs_cursor_skip(c, length - 2))
            return CS_LAYER_BAD;
        next = at[0];
    }
    return CS_LAYER_UDP;
}

/*  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * |Version| Traffic Class |           Flow Label                  |
 * |         Payload Length        |  Next Header  |   Hop Limit   |
 * |  source (16), destination (16)                                | */
enum cs_layer cs_ipv6(struct cs_cursor *c, struct cs_ip *ip)
{
    enum { FIXED = 40 };
    const uint8_t *at = cs_cursor_take(c, FIXED).at;
    if (at == NULL || at[0] >> 4 != 6)
        return CS_LAYER_BAD;
    size_t payload = (size_t)at[4] << 8 | at[5];
    if (payload != 0) /* 0: a jumbogram, or captured before the network card set it */
        cs_cursor_limit(c, payload);
    ip->src.family = ip->dst.family = 6;
    ip->src.port = ip->dst.port = 0;
    memcpy(ip->src.ip, at + 8, 16);
    memcpy(ip->dst.ip, at + 24, 16);
    return cs_ipv6_headers(c, ip, at[6]);
}
