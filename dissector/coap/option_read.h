/* coap/option_read.h: one encoded option, RFC 7252 section 3.1. The decoder and the walk share it; it is inline
 * because the decoder spends most of its time here. */
#ifndef CS_COAP_OPTION_READ_H
#define CS_COAP_OPTION_READ_H

#include "base/cursor.h"
#include "coapspec/dissect.h"

/* What the decoder asks of an option, by cs_option_index(): eight octets of its definition. An unassigned one fits always. */
struct cs_option_check {
    uint16_t min, range; /* octets of value; the most is min + range */
    uint8_t notes;       /* CS_NOTE_UINT or CS_NOTE_STRING by its format */
    uint8_t again;       /* CS_NOTE_REPEATED if it may come but once */
    uint8_t not_in;      /* CS_IN_… where it is not defined */
};
extern const struct cs_option_check cs_option_checks[64];

static inline enum cs_fault cs_short(const struct cs_cursor *c, enum cs_fault fault)
{
    return c->state == CS_CURSOR_CUT ? CS_FAULT_CUT : fault;
}

/* Extends a nibble: 13 takes one more octet, 14 two; 15 is the caller's. */
static inline uint32_t cs_extended(struct cs_cursor *c, unsigned nibble)
{
    if (nibble < 13)
        return nibble;
    return nibble == 13 ? 13u + cs_cursor_u8(c) : 269u + cs_cursor_u16(c);
}

/*   0   1   2   3   4   5   6   7
 * +---------------+---------------+
 * | Option Delta  | Option Length |   1 octet; not 0xff, which is the payload marker
 * +---------------+---------------+
 * | Option Delta, extended        |   0-2 octets
 * | Option Length, extended       |   0-2 octets
 * | Option Value                  |   0 or more octets
 *
 * `number` is that of the option before, then of this one. The caller has seen that an octet is left and that it is
 * not the marker. On a fault `value` is empty. */
static inline enum cs_fault cs_option_read_long(struct cs_cursor *c, uint32_t *number,
                                                struct cs_slice *value)
{
    const unsigned head = cs_cursor_u8(c);
    const unsigned delta_nibble = head >> 4, length_nibble = head & 15u;
    *value = (struct cs_slice){NULL, 0};
    if (delta_nibble == 15)
        return CS_FAULT_OPTION_DELTA;
    if (length_nibble == 15)
        return CS_FAULT_OPTION_LENGTH;
    *number += cs_extended(c, delta_nibble);
    if (!cs_cursor_ok(c))
        return cs_short(c, CS_FAULT_OPTION_SHORT);
    if (*number > 65535)
        return CS_FAULT_OPTION_NUMBER;
    *value = cs_cursor_take(c, cs_extended(c, length_nibble));
    return cs_cursor_ok(c) ? CS_FAULT_NONE : cs_short(c, CS_FAULT_OPTION_SHORT);
}

/* Nearly every option is whole and its head is one octet: one comparison with what is left will do. */
static inline enum cs_fault cs_option_read(struct cs_cursor *c, uint32_t *number,
                                           struct cs_slice *value)
{
    const unsigned delta = c->at[0] >> 4, length = c->at[0] & 15u;
    if (delta < 13 && length < 13 && *number + delta <= 65535 && cs_cursor_holds(c, length + 1)) {
        *number += delta;
        *value = (struct cs_slice){c->at + 1, length};
        c->at += length + 1;
        c->left -= length + 1;
        return CS_FAULT_NONE;
    }
    return cs_option_read_long(c, number, value);
}

/* cs_option_next() for those who walk often. */
static inline bool cs_option_step(struct cs_option_walk *walk, struct cs_option *out)
{
    if (walk->rest.len == 0 || walk->fault != CS_FAULT_NONE)
        return false;
    struct cs_cursor c = cs_cursor(walk->rest, 0);
    walk->fault = (uint8_t)cs_option_read(&c, &walk->number, &out->value);
    if (walk->fault != CS_FAULT_NONE)
        return false;
    const uint32_t used = (uint32_t)(walk->rest.len - c.left);
    out->number = walk->number;
    out->at = walk->at;
    out->value_at = walk->at + used - (uint32_t)out->value.len;
    walk->at += used;
    walk->rest = (struct cs_slice){c.at, c.left};
    return true;
}

#endif
