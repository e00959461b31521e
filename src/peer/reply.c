/* What a message has to do with one of ours, and which Empty message is due to it. */
#include "src/peer/reply.h"

#include <string.h>

bool peer_tokens_equal(const struct cs_message *a, const struct cs_message *b)
{
    return a->token.len == b->token.len &&
           (a->token.len == 0 || memcmp(a->token.at, b->token.at, a->token.len) == 0);
}

bool peer_belongs(const struct cs_message *m, const struct cs_message *sent)
{
    if (cs_message_is_typed(sent) && !peer_has_mid(sent))
        return false;
    if (peer_is_reply(m) && m->mid == sent->mid)
        return true;
    return peer_has_answer(m) && sent->code != 0 && peer_tokens_equal(m, sent) &&
           (!peer_is_reply(m) || m->token.len > 0);
}

/* Section 5.10.7: the reserved Location options are elective by their numbers, and rejected all the same. */
static bool is_reserved_location(uint32_t number)
{
    return number == 128 || number == 132 || number == 136 || number == 140;
}

bool peer_understands(const struct cs_message *m)
{
    struct cs_option_walk walk;
    struct cs_option option;
    cs_option_walk_init(&walk, m);
    while (cs_option_next(&walk, &option))
        if (is_reserved_location(option.number) ||
            ((option.number & 1u) != 0 && cs_option_def_in(m, option.number) == NULL))
            return false;
    return true;
}

/* Section 4.2: a CON that cannot be processed is rejected: malformed, a ping, a reserved class, without context. */
static enum peer_reply due_to_con(const struct cs_message *m, bool known, bool serves)
{
    if (m->fault != CS_FAULT_NONE)
        return PEER_RST;
    if (cs_code_is_response(m->code))
        return known ? PEER_ACK : PEER_RST;
    return serves && cs_code_is_request(m->code) ? PEER_SILENT : PEER_RST;
}

enum peer_reply peer_due(const struct cs_message *m, bool known, bool serves)
{
    if (!m->has_header || !cs_message_is_typed(m) || peer_is_reply(m))
        return PEER_SILENT;
    if (m->type == CS_CON)
        return due_to_con(m, known, serves);
    if (m->fault != CS_FAULT_NONE || known || (serves && cs_code_is_request(m->code)))
        return PEER_SILENT;
    return PEER_RST;
}

void peer_empty(enum cs_type type, uint16_t mid, uint8_t octets[static PEER_EMPTY])
{
    octets[0] = (uint8_t)(0x40 | (unsigned)type << 4);
    octets[1] = 0;
    octets[2] = (uint8_t)(mid >> 8);
    octets[3] = (uint8_t)mid;
}

uint16_t peer_mid(uint16_t *next, struct net_random *random)
{
    const uint16_t mid = *next;
    *next = (uint16_t)(mid + 1 + net_random_next(random) % PEER_MID_STEP);
    return mid;
}

void peer_token(struct net_random *random, uint8_t token[static PEER_TOKEN])
{
    const uint64_t drawn = net_random_next(random);
    memcpy(token, &drawn, PEER_TOKEN);
}
