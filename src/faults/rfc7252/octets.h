/* faults/rfc7252/octets.h: what the faults have in common: which messages they are about, and what
 * is done to octets. */
#ifndef SRC_FAULTS_RFC7252_OCTETS_H
#define SRC_FAULTS_RFC7252_OCTETS_H

#include <string.h>

#include "src/faults/fault.h"

#define RULES(...) ((const char *const[]){__VA_ARGS__, NULL})
#define NO_RULE    ((const char *const[]){NULL})

/* ------------------------------------------------------------------ which messages a fault is
 * about */

static inline bool well_formed(const struct net_faulty *f)
{
    return f->message.fault == CS_FAULT_NONE;
}
static inline bool is(const struct net_faulty *f, enum cs_type type)
{
    return well_formed(f) && f->message.type == type;
}
static inline bool is_empty(const struct net_faulty *f) { return f->message.code == 0; }
static inline bool is_response(const struct net_faulty *f)
{
    return well_formed(f) && cs_code_is_response(f->message.code);
}
static inline bool is_content(const struct net_faulty *f)
{
    return is_response(f) && f->message.code == CS_CODE(2, 5);
}
static inline bool is_piggybacked(const struct net_faulty *f)
{
    return is_response(f) && f->message.type == CS_ACK;
}
/* In a CON, or in a NON that answers a CON. */
static inline bool is_separate(const struct net_faulty *f)
{
    return is_response(f) && (f->message.type == CS_CON || f->message.type == CS_NON) &&
           f->request != NULL && f->request->type == CS_CON;
}
static inline bool answers_non(const struct net_faulty *f)
{
    return is_response(f) && f->request != NULL && f->request->type == CS_NON;
}

/* ------------------------------------------------------------------ what is done to octets */

static inline void set_type(struct net_octets *o, enum cs_type type)
{
    o->at[0] = (uint8_t)((o->at[0] & 0xcfu) | (unsigned)type << 4);
}

static inline void set_mid(struct net_octets *o, uint16_t mid)
{
    o->at[2] = (uint8_t)(mid >> 8);
    o->at[3] = (uint8_t)mid;
}

static inline void add(struct net_octets *o, const char *octets, size_t length)
{
    if (o->length + length > sizeof o->at)
        return;
    memcpy(o->at + o->length, octets, length);
    o->length += length;
}

/* Replaces the token. */
static inline void set_token(struct net_faulty *f, const uint8_t *token, size_t length)
{
    size_t old = 4 + f->message.token.len;
    if (f->out.length < old || f->out.length - old + 4 + length > sizeof f->out.at)
        return;
    memmove(f->out.at + 4 + length, f->out.at + old, f->out.length - old);
    memcpy(f->out.at + 4, token, length);
    f->out.at[0] = (uint8_t)((f->out.at[0] & 0xf0u) | length);
    f->out.length = f->out.length - old + 4 + length;
}

/* Cuts the payload off, with its marker. */
static inline void cut_payload(struct net_faulty *f)
{
    if (f->message.payload.len > 0)
        f->out.length = 4 + f->message.token.len + f->message.options.len;
}

/* Puts octets behind the last option: the header of an option, say. */
static inline void add_behind_options(struct net_faulty *f, const char *octets, size_t length)
{
    size_t at = 4 + f->message.token.len + f->message.options.len;
    if (f->out.length < at || f->out.length + length > sizeof f->out.at)
        return;
    memmove(f->out.at + at + length, f->out.at + at, f->out.length - at);
    memcpy(f->out.at + at, octets, length);
    f->out.length += length;
}

/* An Empty message, or one with a code alone. */
static inline void make(struct net_octets *o, enum cs_type type, uint8_t code, uint16_t mid)
{
    o->at[0] = (uint8_t)(0x40u | (unsigned)type << 4);
    o->at[1] = code;
    set_mid(o, mid);
    o->length = 4;
}

static inline uint16_t other_mid(uint16_t mid) { return (uint16_t)(mid ^ 0x5aa5u); }

#endif
