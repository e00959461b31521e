/* wire/udp.c: UDP, RFC 768: source port (2), destination port (2), length with this header (2),
 * checksum (2).
 *
 * The checksum is not judged: cards compute it after the capture was taken. */
#include "wire/layers.h"

enum cs_layer cs_udp(struct cs_cursor *c, struct cs_datagram *out)
{
    enum { HEADER = 8 };
    const uint8_t *at = cs_cursor_take(c, HEADER).at;
    if (at == NULL)
        return CS_LAYER_BAD;
    size_t length = (size_t)at[4] << 8 | at[5];
    if (length < HEADER || length - HEADER > c->left + c->missing)
        return CS_LAYER_BAD;
    cs_cursor_limit(c, length - HEADER);
    out->src.port = (uint16_t)((unsigned)at[0] << 8 | at[1]);
    out->dst.port = (uint16_t)((unsigned)at[2] << 8 | at[3]);
    out->missing = (uint32_t)c->missing;
    out->octets = cs_cursor_take(c, c->left);
    return CS_LAYER_UDP;
}
