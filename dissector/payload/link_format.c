/* payload/link_format.c: see link_format.h. */
#include "payload/link_format.h"

void cs_link_walk_init(struct cs_link_walk *walk, struct cs_slice payload)
{
    *walk = (struct cs_link_walk){.payload = payload, .last = UINT32_MAX};
}

/* The first of the three octets from `at` on, or the end. */
static inline const uint8_t *until(const uint8_t *at, const uint8_t *end, uint8_t a, uint8_t b,
                                   uint8_t c)
{
    while (at < end && *at != a && *at != b && *at != c)
        at++;
    return at;
}

/* The end of a value that begins with a quote, both quotes included; NULL when the second one is
 * not there. A backslash takes the octet behind it along. */
static const uint8_t *quoted_end(const uint8_t *at, const uint8_t *end)
{
    for (at++; at < end; at++) {
        if (*at == '"')
            return at + 1;
        if (*at == '\\' && ++at == end)
            break;
    }
    return NULL;
}

/* A place in the payload while it is read, and what was last read. */
struct reading {
    const uint8_t *at, *end;
    const uint8_t *name, *name_end, *value, *value_end; /* value: NULL without an equals sign */
    enum cs_link_fault fault;
};

/* One attribute; false when the link has no more, with the comma behind it passed over, or at a
 * fault. */
static inline bool read_attribute(struct reading *r)
{
    if (r->at == r->end || *r->at != ';') {
        if (r->at < r->end && *r->at++ != ',') {
            r->at--;
            r->fault = CS_LINK_SEPARATOR;
        }
        return false;
    }
    r->name = r->at + 1;
    r->name_end = r->at = until(r->name, r->end, '=', ';', ',');
    r->value = r->value_end = NULL;
    if (r->at == r->end || *r->at != '=')
        return true;
    r->value = r->at = r->at + 1;
    const bool quoted = r->at < r->end && *r->at == '"';
    r->value_end = quoted ? quoted_end(r->at, r->end) : until(r->at, r->end, ';', ',', ',');
    if (r->value_end == NULL) {
        r->fault = CS_LINK_QUOTE;
        return false;
    }
    r->at = r->value_end;
    return true;
}

/* One target; false when there is none, or at a fault. */
static inline bool read_target(struct reading *r, const uint8_t **target)
{
    const uint8_t *begin = until(r->at, r->end, '<', '<', '<');
    if (begin == r->end)
        return false;
    r->at = begin;
    const uint8_t *close = until(begin, r->end, '>', '>', '>');
    if (close == r->end) {
        r->fault = CS_LINK_TARGET;
        return false;
    }
    *target = begin + 1;
    r->at = close + 1;
    return true;
}

static inline struct reading resume(const struct cs_link_walk *walk)
{
    const struct cs_slice p = walk->payload;
    return (struct reading){.at = p.len > 0 ? p.at + walk->at : NULL,
                            .end = p.len > 0 ? p.at + p.len : NULL,
                            .fault = (enum cs_link_fault)walk->fault};
}

static inline void keep(struct cs_link_walk *walk, const struct reading *r, bool in_link)
{
    walk->at = walk->payload.len > 0 ? (uint32_t)(r->at - walk->payload.at) : 0;
    walk->fault = (uint8_t)r->fault;
    walk->in_link = in_link && r->fault == CS_LINK_NONE;
}

static void enter(struct cs_link_walk *walk, const uint8_t *target, const uint8_t *end)
{
    walk->target = (struct cs_slice){target, (size_t)(end - target)};
    walk->target_at = (uint32_t)(target - walk->payload.at);
    walk->links++;
}

static void hand_out(const struct cs_link_walk *walk, const struct reading *r,
                     struct cs_link_attribute *out)
{
    const uint8_t *value = r->value != NULL ? r->value : r->name_end;
    *out = (struct cs_link_attribute){
        .name = {r->name, (size_t)(r->name_end - r->name)},
        .value = {value, r->value != NULL ? (size_t)(r->value_end - value) : 0},
        .name_at = (uint32_t)(r->name - walk->payload.at),
        .value_at = (uint32_t)(value - walk->payload.at),
        .has_value = r->value != NULL};
}

bool cs_link_attribute(struct cs_link_walk *walk, struct cs_link_attribute *out)
{
    struct reading r = resume(walk);
    const bool found = walk->in_link && read_attribute(&r);
    keep(walk, &r, found);
    if (found)
        hand_out(walk, &r, out);
    return found;
}

bool cs_link_next(struct cs_link_walk *walk)
{
    struct reading r = resume(walk);
    const uint8_t *target;
    while (walk->in_link && read_attribute(&r))
        continue;
    const bool found = r.fault == CS_LINK_NONE && read_target(&r, &target);
    keep(walk, &r, found);
    if (found)
        enter(walk, target, r.at - 1);
    return found;
}

/* Most attributes have another name: they are passed over where they stand. */
bool cs_link_find(struct cs_link_walk *walk, const char *name, struct cs_link_attribute *out)
{
    const size_t length = strlen(name);
    struct reading r = resume(walk);
    const uint8_t *target, *last = r.end;
    if (walk->last < walk->payload.len)
        last = walk->payload.at + walk->last;
    bool in_link = walk->in_link, found = false;
    while (!found && r.at <= last && r.fault == CS_LINK_NONE) {
        if (!in_link) {
            in_link = read_target(&r, &target);
            if (!in_link)
                break;
            enter(walk, target, r.at - 1);
        }
        in_link = read_attribute(&r);
        found =
            in_link && (size_t)(r.name_end - r.name) == length && memcmp(r.name, name, length) == 0;
    }
    keep(walk, &r, in_link);
    if (found)
        hand_out(walk, &r, out);
    return found;
}
