/* wire/dtls.c: see dtls.h.
 *
 * RFC 6347 section 4.1                       section 4.2.2
 * +------+---------+-------+----------+--------+------+--------+-----+--------+--------+----------+
 * | type | version | epoch | sequence | length | type | length | seq | offset | length | fragment |
 * |  1   |    2    |   2   |    6     |   2    |  1   |   3    |  2  |   3    |   3    |          |
 * +------+---------+-------+----------+--------+------+--------+-----+--------+--------+----------+
 */
#include "wire/dtls.h"

#include "base/cursor.h"

enum { RECORD_HEADER = 13 };

static uint32_t u24(struct cs_cursor *c)
{
    const uint32_t high = cs_cursor_u8(c);
    return high << 16 | cs_cursor_u16(c);
}

/* ------------------------------------------------------------------ records */

static void rest_of_datagram(struct cs_record_walk *walk, struct cs_record *out, uint32_t header)
{
    out->body_at = out->at + header;
    out->body = (struct cs_slice){walk->octets.at + out->body_at, walk->octets.len - out->body_at};
    out->encrypted = true;
    out->cut = walk->missing > 0;
    walk->at = (uint32_t)walk->octets.len;
}

bool cs_record_next(struct cs_record_walk *walk, struct cs_record *out)
{
    const struct cs_slice rest = {walk->octets.at + walk->at, walk->octets.len - walk->at};
    struct cs_cursor c = cs_cursor(rest, walk->missing);
    *out = (struct cs_record){.at = walk->at};
    if (rest.len == 0)
        return false;
    if (cs_is_unified_record(rest)) {
        out->type = CS_RECORD_UNIFIED;
        out->version = CS_DTLS_1_3;
        out->epoch = rest.at[0] & 3;
        rest_of_datagram(walk, out, 1);
        return true;
    }
    out->type = cs_cursor_u8(&c);
    out->version = cs_cursor_u16(&c);
    out->epoch = cs_cursor_u16(&c);
    out->sequence = (uint64_t)cs_cursor_u16(&c) << 32;
    out->sequence |= cs_cursor_u32(&c);
    const bool cid = out->type == CS_RECORD_CONNECTION_ID;
    walk->bad = !cs_cursor_ok(&c) || out->version >> 8 != 0xfe;
    if (walk->bad)
        return false;
    if (cid && walk->cid_length < 0) {
        rest_of_datagram(walk, out, RECORD_HEADER - 2);
        return true;
    }
    out->cid = cs_cursor_take(&c, cid ? (size_t)walk->cid_length : 0);
    const size_t length = cs_cursor_u16(&c);
    walk->bad = !cs_cursor_ok(&c) || length > c.left + c.missing;
    if (walk->bad)
        return false;
    out->cut = length > c.left;
    out->body_at = (uint32_t)(c.at - walk->octets.at);
    out->body = cs_cursor_take(&c, out->cut ? c.left : length);
    out->encrypted = cid || out->epoch > 0;
    walk->at = (uint32_t)(out->body_at + out->body.len);
    return true;
}

bool cs_is_client_hello(struct cs_slice octets)
{
    struct cs_record_walk walk = {.octets = octets, .cid_length = -1};
    struct cs_record record;
    struct cs_handshake handshake;
    uint32_t at = 0;
    return cs_is_record(octets) && cs_record_next(&walk, &record) && !record.encrypted &&
           record.type == CS_RECORD_HANDSHAKE && !record.cut &&
           cs_handshake_next(record.body, &at, &handshake) && handshake.type == CS_CLIENT_HELLO;
}

bool cs_handshake_next(struct cs_slice body, uint32_t *at, struct cs_handshake *out)
{
    if (*at >= body.len)
        return false;
    struct cs_cursor c = cs_cursor((struct cs_slice){body.at + *at, body.len - *at}, 0);
    out->type = cs_cursor_u8(&c);
    out->length = u24(&c);
    out->sequence = cs_cursor_u16(&c);
    out->offset = u24(&c);
    const uint32_t length = u24(&c);
    if (!cs_cursor_ok(&c) || length > c.left || length > out->length ||
        out->offset > out->length - length)
        return false;
    out->fragment_at = (uint32_t)(c.at - body.at);
    out->fragment = cs_cursor_take(&c, length);
    *at = out->fragment_at + length;
    return true;
}

/* ------------------------------------------------------------------ hellos */

static const uint16_t extension_types[CS_EXT_COUNT] = {
    [CS_EXT_SERVER_NAME] = 0,    [CS_EXT_GROUPS] = 10,      [CS_EXT_POINT_FORMATS] = 11,
    [CS_EXT_CLIENT_TYPE] = 19,   [CS_EXT_SERVER_TYPE] = 20, [CS_EXT_VERSIONS] = 43,
    [CS_EXT_CONNECTION_ID] = 54, [CS_EXT_MAC_LAST] = 22,
};

static void read_extensions(struct cs_cursor *c, const uint8_t *body, struct cs_hello *out)
{
    const size_t length = cs_cursor_u16(c);
    struct cs_cursor list = cs_cursor(cs_cursor_take(c, length), 0);
    while (list.left > 0) {
        const uint32_t at = (uint32_t)(list.at - body);
        const uint16_t type = cs_cursor_u16(&list);
        const uint16_t value_length = cs_cursor_u16(&list);
        const struct cs_slice value = cs_cursor_take(&list, value_length);
        if (!cs_cursor_ok(&list))
            return;
        for (size_t i = 0; i < CS_EXT_COUNT; i++)
            if (extension_types[i] == type && out->extension[i].at == 0)
                out->extension[i] = (struct cs_extension){value, at};
    }
}

bool cs_hello_decode(struct cs_slice body, bool server, struct cs_hello *out)
{
    enum { RANDOM = 32 };
    struct cs_cursor c = cs_cursor(body, 0);
    *out = (struct cs_hello){.server = server, .version = cs_cursor_u16(&c)};
    out->random = cs_cursor_take(&c, RANDOM);
    out->session_id = cs_cursor_take(&c, cs_cursor_u8(&c));
    if (!server)
        out->cookie = cs_cursor_take(&c, cs_cursor_u8(&c));
    const size_t suites = server ? 2 : cs_cursor_u16(&c);
    out->suites_at = cs_cursor_ok(&c) ? (uint32_t)(c.at - body.at) : 0;
    out->suites = cs_cursor_take(&c, suites);
    cs_cursor_skip(&c, server ? 1 : cs_cursor_u8(&c)); /* compression */
    if (!cs_cursor_ok(&c) || out->version >> 8 != 0xfe || suites % 2 != 0)
        return false;
    if (c.left > 0)
        read_extensions(&c, body.at, out);
    return true;
}

bool cs_hello_offers(const struct cs_hello *hello, uint16_t suite)
{
    for (size_t i = 0; i + 1 < hello->suites.len; i += 2)
        if (((unsigned)hello->suites.at[i] << 8 | hello->suites.at[i + 1]) == suite)
            return true;
    return false;
}

bool cs_extension_lists(const struct cs_extension *extension, unsigned width, uint16_t number)
{
    struct cs_cursor c = cs_cursor(extension->value, 0);
    const size_t length = width == 1 ? cs_cursor_u8(&c) : cs_cursor_u16(&c);
    struct cs_cursor list = cs_cursor(cs_cursor_take(&c, length), 0);
    while (cs_cursor_holds(&list, width)) {
        const uint16_t value = width == 1 ? cs_cursor_u8(&list) : cs_cursor_u16(&list);
        if (value == number)
            return true;
    }
    return false;
}

int cs_extension_number(const struct cs_extension *extension, unsigned width)
{
    if (extension->at == 0 || extension->value.len != width)
        return -1;
    return width == 1 ? extension->value.at[0]
                      : (int)((unsigned)extension->value.at[0] << 8 | extension->value.at[1]);
}
