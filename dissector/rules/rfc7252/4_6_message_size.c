/* RFC 7252 section 4.6: message size. */
#include "coapspec/rule.h"

/* A sender that knows the path may send more than the bounds of section 4.6 (1152 octets, 1024 of
 * payload), and a capture does not show what it knows. Fragments show what it did not know. IPv4
 * fragments of a packet that would have fitted 1280 octets are the path's doing. */
#define TEN      "0123456789"
#define HUNDRED  TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN
#define THOUSAND HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED

enum { IP_MTU = 1280, HEADERS_4 = 20 + 8, HEADERS_6 = 40 + 8 };

static struct cs_verdict fits_one_packet(const struct cs_view *view)
{
    const struct cs_datagram *d = &view->event->datagram;
    const size_t length = d->octets.len + d->missing;
    const size_t bound = IP_MTU - (d->src.family == 6 ? HEADERS_6 : HEADERS_4);
    if ((view->traits & CS_T_FRAGMENTED) != 0 && length > bound)
        return cs_broken(view, CS_NO_OCTET,
                         "the message has %zu octets and came in several IP packets", length);
    if ((view->traits & CS_T_FRAGMENTED) != 0)
        return cs_undecided("the path, not the sender, may have fragmented the packet");
    return length > bound ? cs_undecided("the sender may know that the path carries larger packets")
                          : cs_held();
}

const struct cs_rule cs_rfc7252_message_fits_one_packet = {
    .id = "rfc7252/4.6/message-fits-one-packet",
    .spec = "RFC 7252",
    .section = "4.6",
    .level = CS_SHOULD,
    .says = "A message fits into one IP packet: 1280 octets, unless the path is known to carry "
            "larger packets.",
    .cause = "A large representation is sent in one message instead of a block-wise transfer.",
    .covers = CS_STRINGS("RFC7252-4.6-1", "RFC7252-4.6-2"),
    .on = CS_T_LARGE | CS_T_TYPED,
    .check = fits_one_packet,
    .holds = CS_STRINGS("> NON PUT /a tok=01 | " THOUSAND HUNDRED),
    .breaks = CS_STRINGS("! fragmented\n> NON PUT /a tok=01 | " THOUSAND HUNDRED HUNDRED HUNDRED),
    .open = CS_STRINGS("> NON PUT /a tok=01 | " THOUSAND HUNDRED HUNDRED HUNDRED,
                       "! fragmented\n> NON PUT /a tok=01 | " THOUSAND HUNDRED),
};
