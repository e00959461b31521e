/* Stands in until the heuristic is here; remove with it. */
#include "coap/heuristic.h"
bool cs_looks_like_coap(const struct cs_datagram *d, const struct cs_message *m)
{
    (void)d;
    (void)m;
    return false;
}
