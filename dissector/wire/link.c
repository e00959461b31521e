/* wire/link.c: link layers: what stands before the IP packet. The layouts are those of
 * https://www.tcpdump.org/linktypes.html. */
#include "wire/layers.h"

enum link_type { /* LINKTYPE_… */
                 LINK_NULL = 0,
                 LINK_ETHERNET = 1,
                 LINK_RAW_BSD =
                     12, /* what libpcap calls raw IP within itself, found in old files */
                 LINK_RAW_OPENBSD = 14,
                 LINK_RAW = 101,
                 LINK_LOOP = 108,
                 LINK_LINUX_SLL = 113,
                 LINK_IPV4 = 228,
                 LINK_IPV6 = 229,
                 LINK_LINUX_SLL2 = 276
};

enum ether_type {
    ETHER_IPV4 = 0x0800,
    ETHER_VLAN = 0x8100, /* IEEE 802.1Q */
    ETHER_IPV6 = 0x86dd,
    ETHER_QINQ = 0x88a8, /* IEEE 802.1ad */
    ETHER_QINQ_OLD = 0x9100
};

enum { TAGS_MAX = 8 };

/* By type, past VLAN tags: 2 octets of tag and 2 of the next type each. */
static enum cs_layer by_ether_type(struct cs_cursor *c, uint16_t type)
{
    for (int tags = 0; type == ETHER_VLAN || type == ETHER_QINQ || type == ETHER_QINQ_OLD; tags++) {
        if (tags == TAGS_MAX)
            return CS_LAYER_BAD;
        cs_cursor_skip(c, 2);
        type = cs_cursor_u16(c);
    }
    if (!cs_cursor_ok(c))
        return CS_LAYER_BAD;
    if (type == ETHER_IPV4)
        return CS_LAYER_IPV4;
    return type == ETHER_IPV6 ? CS_LAYER_IPV6 : CS_LAYER_OTHER;
}

/* Destination (6), source (6), type (2); a length (IEEE 802.3) in its place is none of our types.
 */
static enum cs_layer ethernet(struct cs_cursor *c)
{
    cs_cursor_skip(c, 12);
    uint16_t type = cs_cursor_u16(c);
    return by_ether_type(c, type);
}

/* Packet type (2), ARPHRD type (2), address length (2), address (8), protocol (2). */
static enum cs_layer linux_cooked(struct cs_cursor *c)
{
    enum { ARPHRD_NETLINK = 824 }; /* its "protocol" is no Ethernet type */
    cs_cursor_skip(c, 2);
    uint16_t hardware = cs_cursor_u16(c);
    cs_cursor_skip(c, 10);
    uint16_t type = cs_cursor_u16(c);
    if (cs_cursor_ok(c) && hardware == ARPHRD_NETLINK)
        return CS_LAYER_OTHER;
    return by_ether_type(c, type);
}

/* Protocol (2), reserved (2), interface (4), ARPHRD type (2), packet type (1), address length (1),
 * address (8). */
static enum cs_layer linux_cooked_2(struct cs_cursor *c)
{
    uint16_t type = cs_cursor_u16(c);
    cs_cursor_skip(c, 18);
    return by_ether_type(c, type);
}

/* Address family (4), in the byte order of the machine that captured, or of the network: the family
 * is small. */
static enum cs_layer null_or_loop(struct cs_cursor *c)
{
    uint32_t family = cs_cursor_u32(c);
    if (!cs_cursor_ok(c))
        return CS_LAYER_BAD;
    if ((family & 0xffffu) == 0)
        family = (family >> 24) | (family >> 8 & 0xff00u);
    switch (family) {
    case 2:
        return CS_LAYER_IPV4;
    case 10: /* Linux */
    case 23: /* Windows */
    case 24: /* NetBSD, OpenBSD */
    case 28: /* FreeBSD */
    case 30: /* macOS */
        return CS_LAYER_IPV6;
    default:
        return CS_LAYER_OTHER;
    }
}

static enum cs_layer raw(const struct cs_cursor *c)
{
    struct cs_cursor ahead = *c;
    unsigned version = cs_cursor_u8(&ahead) >> 4;
    if (version == 4)
        return CS_LAYER_IPV4;
    return version == 6 ? CS_LAYER_IPV6 : CS_LAYER_BAD;
}

enum cs_layer cs_link(uint16_t link_type, struct cs_cursor *c)
{
    switch (link_type) {
    case LINK_ETHERNET:
        return ethernet(c);
    case LINK_RAW:
    case LINK_RAW_BSD:
    case LINK_RAW_OPENBSD:
        return raw(c);
    case LINK_NULL:
    case LINK_LOOP:
        return null_or_loop(c);
    case LINK_LINUX_SLL:
        return linux_cooked(c);
    case LINK_LINUX_SLL2:
        return linux_cooked_2(c);
    case LINK_IPV4:
        return CS_LAYER_IPV4;
    case LINK_IPV6:
        return CS_LAYER_IPV6;
    default:
        return CS_LAYER_BAD;
    }
}
