/* When a Confirmable message is sent again. */
#include "src/peer/backoff.h"

static uint64_t first_timeout(const struct cs_parameters *p, struct net_random *random)
{
    if (p->ack_random_max_ns <= p->ack_timeout_ns)
        return p->ack_timeout_ns;
    return p->ack_timeout_ns + net_random_next(random) % (p->ack_random_max_ns - p->ack_timeout_ns);
}

bool peer_backoff_plan(struct peer_backoff *b, const struct cs_parameters *p, uint64_t now_ns,
                       struct net_random *random)
{
    b->due_ns = 0;
    if (b->transmissions > p->max_retransmit)
        return false;
    b->timeout_ns = b->timeout_ns == 0 ? first_timeout(p, random) : b->timeout_ns * 2;
    b->due_ns = now_ns + b->timeout_ns;
    return true;
}
