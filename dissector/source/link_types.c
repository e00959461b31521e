/* source/link_types.c: names of link types, and libpcap's other numbers for some of them. */
#include <stdio.h>

#include "source/kinds.h"

static const struct {
    uint16_t link_type;
    const char *name;
} names[] = {
    {0, "null/loopback"},   {1, "Ethernet"},          {12, "raw IP"},
    {14, "raw IP"},         {101, "raw IP"},          {105, "IEEE 802.11"},
    {108, "loopback"},      {113, "Linux cooked"},    {127, "IEEE 802.11 radiotap"},
    {195, "IEEE 802.15.4"}, {228, "raw IPv4"},        {229, "raw IPv6"},
    {230, "IEEE 802.15.4"}, {276, "Linux cooked v2"}, {283, "IEEE 802.15.4 TAP"},
};

const char *cs_link_type_name(uint16_t link_type, char *buf, size_t cap)
{
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (names[i].link_type == link_type)
            return names[i].name;
    snprintf(buf, cap, "link type %u", link_type);
    return buf;
}

/* In files raw IP is 101; inside libpcap it is 12, or 14 on OpenBSD. All other numbers that we read
 * agree. */
enum { LINK_RAW = 101, DLT_RAW_HERE = 12, DLT_RAW_OPENBSD = 14 };

int cs_link_type_to_dlt(uint16_t link_type)
{
    return link_type == LINK_RAW || link_type == DLT_RAW_OPENBSD ? DLT_RAW_HERE : link_type;
}

uint16_t cs_link_type_from_dlt(int dlt)
{
    return dlt == DLT_RAW_HERE || dlt == DLT_RAW_OPENBSD ? (uint16_t)LINK_RAW : (uint16_t)dlt;
}
