/* Messages that have come. */
#include "src/peer/seen.h"

bool peer_is_copy(const struct cs_address *from, const struct cs_message *m,
                  const struct cs_address *other_from, const struct cs_message *other)
{
    return m->mid == other->mid && m->type == other->type && cs_address_equal(from, other_from);
}

const struct peer_known *peer_seen_find(const struct peer_seen *seen, const struct cs_address *from,
                                        const struct cs_message *m, uint64_t now_ns)
{
    const size_t kept = seen->count < PEER_SEEN_MAX ? seen->count : PEER_SEEN_MAX;
    for (size_t i = 0; i < kept; i++) {
        const struct peer_known *k = &seen->at[i];
        const struct cs_message other = {.mid = k->mid, .type = k->type};
        if (now_ns < k->until_ns && peer_is_copy(from, m, &k->from, &other))
            return k;
    }
    return NULL;
}

void peer_seen_add(struct peer_seen *seen, const struct cs_address *from,
                   const struct cs_message *m, const struct cs_parameters *p, uint64_t now_ns,
                   enum peer_reply reply)
{
    const uint64_t lifetime = m->type == CS_NON ? p->non_lifetime_ns : p->exchange_lifetime_ns;
    seen->at[seen->count++ % PEER_SEEN_MAX] = (struct peer_known){.from = *from,
                                                                  .until_ns = now_ns + lifetime,
                                                                  .mid = m->mid,
                                                                  .type = m->type,
                                                                  .reply = (uint8_t)reply};
}
