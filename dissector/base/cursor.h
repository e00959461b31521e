/* base/cursor.h: the one place where lengths of wire data are compared.
 *
 * Invariants: at + left is the end of what was captured; `missing` more octets were on the wire;
 * once `state` is not CS_CURSOR_OK every read fails and gives zero. */
#ifndef CS_BASE_CURSOR_H
#define CS_BASE_CURSOR_H

#include "coapspec/dissect.h"

enum cs_cursor_state {
    CS_CURSOR_OK,
    CS_CURSOR_CUT,  /* the octets were on the wire but not in the capture */
    CS_CURSOR_SHORT /* they were never there */
};

struct cs_cursor {
    const uint8_t *at;
    size_t left;
    size_t missing;
    enum cs_cursor_state state;
};

static inline struct cs_cursor cs_cursor(struct cs_slice octets, size_t missing)
{
    return (struct cs_cursor){octets.at, octets.len, missing, CS_CURSOR_OK};
}

/* Are there `n` octets left? The only comparison, with the one below. */
static inline bool cs_cursor_has(struct cs_cursor *c, size_t n)
{
    if (c->state == CS_CURSOR_OK && n <= c->left)
        return true;
    if (c->state == CS_CURSOR_OK)
        c->state = n - c->left <= c->missing ? CS_CURSOR_CUT : CS_CURSOR_SHORT;
    return false;
}

/* The same as a mere question: it has no consequence when there are not. */
static inline bool cs_cursor_holds(const struct cs_cursor *c, size_t n)
{
    return c->state == CS_CURSOR_OK && n <= c->left;
}

/* The next `n` octets; an empty slice (at == NULL) if there are fewer. */
static inline struct cs_slice cs_cursor_take(struct cs_cursor *c, size_t n)
{
    if (!cs_cursor_has(c, n))
        return (struct cs_slice){NULL, 0};
    struct cs_slice s = {c->at, n};
    if (n > 0)
        c->at += n;
    c->left -= n;
    return s;
}

static inline bool cs_cursor_skip(struct cs_cursor *c, size_t n)
{
    return cs_cursor_take(c, n).at != NULL || (n == 0 && c->state == CS_CURSOR_OK);
}

static inline uint8_t cs_cursor_u8(struct cs_cursor *c)
{
    struct cs_slice s = cs_cursor_take(c, 1);
    return s.at != NULL ? s.at[0] : 0;
}

static inline uint16_t cs_cursor_u16(struct cs_cursor *c) /* network order */
{
    struct cs_slice s = cs_cursor_take(c, 2);
    return s.at != NULL ? (uint16_t)((unsigned)s.at[0] << 8 | s.at[1]) : 0;
}

static inline uint32_t cs_cursor_u32(struct cs_cursor *c)
{
    struct cs_slice s = cs_cursor_take(c, 4);
    return s.at != NULL ? (uint32_t)s.at[0] << 24 | (uint32_t)s.at[1] << 16 |
                              (uint32_t)s.at[2] << 8 | s.at[3]
                        : 0;
}

static inline bool cs_cursor_ok(const struct cs_cursor *c) { return c->state == CS_CURSOR_OK; }
/* Used up exactly, nothing missing. */
static inline bool cs_cursor_done(const struct cs_cursor *c)
{
    return c->state == CS_CURSOR_OK && c->left == 0 && c->missing == 0;
}

#endif
