/* wire/fragment.c: see fragment.h. */
#include "wire/fragment.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

enum {
    BUCKETS_MIN = 64, /* powers of two */
    BUCKETS_MAX = 65536,
    BUCKET_SHARE = 512, /* octets of the memory for each: about what a packet takes */
    CHAIN_MAX = 16,     /* packets in one bucket; the oldest makes room */
    PIECES_MAX = 256,   /* fragments of one packet */
    PACKET_MAX = 65535, /* octets of one packet's payload */
};
static const uint64_t TIMEOUT_IPV4_NS = UINT64_C(30000000000);
static const uint64_t TIMEOUT_IPV6_NS = UINT64_C(60000000000);

/* Octets [begin, end) of a packet, in a list by `begin` in which no two overlap. */
struct piece {
    struct piece *next, *previous;
    uint32_t begin, end;
    uint32_t captured; /* of end - begin */
    uint8_t octets[];
};

/* A packet that is not whole yet. */
struct partial {
    struct partial *in_bucket;       /* newest first */
    struct partial *older, *younger; /* by the time of the first fragment */
    struct piece *first, *last;
    struct cs_address src, dst;
    uint64_t since_ns;
    uint32_t id;
    uint32_t total;   /* octets; 0 while the last fragment has not come */
    uint32_t covered; /* octets in pieces */
    uint16_t pieces, fragments;
    uint8_t next; /* protocol; IPv6: as the first fragment says */
    bool dead;    /* overlapped, or contradicts itself: what still comes of it is dropped */
};

struct cs_fragments {
    struct partial **buckets; /* owned */
    size_t bucket_count;
    struct partial *oldest, *youngest;
    size_t limit;
    struct cs_wire_counts counts;
    uint8_t *whole; /* the last packet that got whole, until the next call; owned */
    size_t whole_size;
};

struct cs_fragments *cs_fragments_new(size_t memory)
{
    size_t count = BUCKETS_MIN;
    while (count < BUCKETS_MAX && count < memory / BUCKET_SHARE)
        count *= 2;
    struct cs_fragments *fragments = calloc(1, sizeof *fragments);
    struct partial **buckets = calloc(count, sizeof(struct partial *));
    if (fragments == NULL || buckets == NULL) {
        free(fragments);
        free(buckets);
        return NULL;
    }
    fragments->buckets = buckets;
    fragments->bucket_count = count;
    fragments->limit = memory;
    fragments->counts.memory = sizeof *fragments + count * sizeof(struct partial *);
    return fragments;
}

struct cs_wire_counts cs_fragments_counts(const struct cs_fragments *fragments)
{
    return fragments->counts;
}

/* ------------------------------------------------------------------ packets that are not whole */

static struct partial **bucket_of(const struct cs_fragments *fragments, const struct cs_ip *ip)
{
    uint64_t h = cs_hash_address(cs_hash_address(ip->id, &ip->src), &ip->dst);
    return &fragments->buckets[(size_t)(h ^ h >> 32) & (fragments->bucket_count - 1)];
}

static bool is_of(const struct partial *partial, const struct cs_ip *ip)
{
    return partial->id == ip->id && cs_address_equal(&partial->src, &ip->src) &&
           cs_address_equal(&partial->dst, &ip->dst);
}

static size_t piece_size(size_t captured) { return sizeof(struct piece) + captured; }

static void drop_pieces(struct cs_fragments *fragments, struct partial *partial)
{
    for (struct piece *next, *piece = partial->first; piece != NULL; piece = next) {
        next = piece->next;
        fragments->counts.memory -= piece_size(piece->captured);
        free(piece);
    }
    partial->first = partial->last = NULL;
}

static void forget(struct cs_fragments *fragments, struct partial *partial)
{
    const struct cs_ip ip = {.src = partial->src, .dst = partial->dst, .id = partial->id};
    struct partial **link = bucket_of(fragments, &ip);
    while (*link != partial)
        link = &(*link)->in_bucket;
    *link = partial->in_bucket;
    *(partial->older != NULL ? &partial->older->younger : &fragments->oldest) = partial->younger;
    *(partial->younger != NULL ? &partial->younger->older : &fragments->youngest) = partial->older;
    drop_pieces(fragments, partial);
    fragments->counts.memory -= sizeof *partial;
    free(partial);
}

/* Gives up a packet: its fragments were for nothing. */
static void evict(struct cs_fragments *fragments, struct partial *partial)
{
    if (!partial->dead)
        fragments->counts.evicted += partial->fragments;
    forget(fragments, partial);
}

/* Gives up a packet, and remembers it so that what still comes of it is dropped. */
static void kill_packet(struct cs_fragments *fragments, struct partial *partial)
{
    fragments->counts.evicted += partial->fragments;
    partial->dead = true;
    drop_pieces(fragments, partial);
}

static bool expired(const struct partial *partial, uint64_t now_ns)
{
    uint64_t timeout = partial->src.family == 4 ? TIMEOUT_IPV4_NS : TIMEOUT_IPV6_NS;
    return now_ns > partial->since_ns && now_ns - partial->since_ns > timeout;
}

static struct partial *find(struct cs_fragments *fragments, const struct cs_ip *ip, uint64_t now_ns)
{
    struct partial *partial = *bucket_of(fragments, ip);
    while (partial != NULL && !is_of(partial, ip))
        partial = partial->in_bucket;
    if (partial == NULL || !expired(partial, now_ns))
        return partial;
    evict(fragments, partial);
    return NULL;
}

static struct partial *begin_packet(struct cs_fragments *fragments, const struct cs_ip *ip,
                                    uint64_t now_ns)
{
    struct partial **bucket = bucket_of(fragments, ip), *last = *bucket;
    size_t chain = 1;
    for (; last != NULL && last->in_bucket != NULL; last = last->in_bucket)
        chain++;
    if (last != NULL && chain >= CHAIN_MAX)
        evict(fragments, last);
    struct partial *partial = malloc(sizeof *partial);
    if (partial == NULL)
        return NULL;
    *partial = (struct partial){.in_bucket = *bucket,
                                .older = fragments->youngest,
                                .src = ip->src,
                                .dst = ip->dst,
                                .since_ns = now_ns,
                                .id = ip->id,
                                .next = ip->next};
    *bucket = partial;
    *(fragments->youngest != NULL ? &fragments->youngest->younger : &fragments->oldest) = partial;
    fragments->youngest = partial;
    fragments->counts.memory += sizeof *partial;
    return partial;
}

/* ------------------------------------------------------------------ pieces */

/* A copy of octets [begin, end) of a fragment that starts at `offset`, put behind `before` (NULL:
 * in front). */
static bool insert(struct cs_fragments *fragments, struct partial *partial, struct piece *before,
                   uint32_t begin, uint32_t end, uint32_t offset, struct cs_slice octets)
{
    size_t skip = begin - offset;
    size_t captured = octets.len > skip ? octets.len - skip : 0;
    if (captured > end - begin)
        captured = end - begin;
    struct piece *piece = malloc(piece_size(captured));
    if (piece == NULL)
        return false;
    piece->begin = begin;
    piece->end = end;
    piece->captured = (uint32_t)captured;
    if (captured > 0)
        memcpy(piece->octets, octets.at + skip, captured);
    piece->previous = before;
    piece->next = before != NULL ? before->next : partial->first;
    *(before != NULL ? &before->next : &partial->first) = piece;
    *(piece->next != NULL ? &piece->next->previous : &partial->last) = piece;
    partial->covered += end - begin;
    partial->pieces++;
    fragments->counts.memory += piece_size(captured);
    return true;
}

static bool is_copy(const struct piece *piece, uint32_t begin, uint32_t end, struct cs_slice octets)
{
    return piece->begin == begin && piece->end == end && piece->captured == octets.len &&
           (octets.len == 0 || memcmp(piece->octets, octets.at, octets.len) == 0);
}

/* Adds what is not there yet. False when the packet must be given up. */
static bool add_piece(struct cs_fragments *fragments, struct partial *partial, uint32_t begin,
                      uint32_t end, struct cs_slice octets)
{
    struct piece *before =
        partial->last; /* the last that begins before `end`: mostly the last of all */
    while (before != NULL && before->begin >= end)
        before = before->previous;
    uint32_t upto = end;
    bool strict = partial->src.family == 6;
    while (before != NULL &&
           before->end > begin) { /* from behind, what lies between overlapping pieces */
        if (strict)
            return is_copy(before, begin, end, octets);
        if (before->end < upto &&
            (partial->pieces >= PIECES_MAX ||
             !insert(fragments, partial, before, before->end, upto, begin, octets)))
            return false;
        if (before->begin < upto)
            upto = before->begin;
        before = before->previous;
    }
    return upto <= begin || (partial->pieces < PIECES_MAX &&
                             insert(fragments, partial, before, begin, upto, begin, octets));
}

/* Notes where the packet ends; false when the fragments contradict each other. */
static bool set_total(struct partial *partial, uint32_t end, bool more)
{
    uint32_t seen = partial->last != NULL ? partial->last->end : 0;
    if (more)
        return partial->total == 0 || end <= partial->total;
    if (seen > end || (partial->total != 0 && partial->total != end))
        return false;
    partial->total = end;
    return true;
}

/* ------------------------------------------------------------------ the whole packet */

static void drop_whole(struct cs_fragments *fragments)
{
    free(fragments->whole);
    fragments->whole = NULL;
    fragments->counts.memory -= fragments->whole_size;
    fragments->whole_size = 0;
}

static bool join(struct cs_fragments *fragments, struct partial *partial, struct cs_cursor *c)
{
    fragments->whole = malloc(partial->total);
    if (fragments->whole == NULL)
        return false;
    fragments->whole_size = partial->total;
    fragments->counts.memory += partial->total;
    uint32_t joined = 0;
    for (const struct piece *piece = partial->first; piece != NULL; piece = piece->next) {
        if (piece->captured > 0)
            memcpy(fragments->whole + joined, piece->octets, piece->captured);
        joined += piece->captured;
        if (piece->captured < piece->end - piece->begin)
            break; /* behind a hole nothing can be read */
    }
    *c = cs_cursor((struct cs_slice){fragments->whole, joined}, partial->total - joined);
    return true;
}

static void make_room(struct cs_fragments *fragments, size_t more, uint64_t now_ns)
{
    while (fragments->oldest != NULL && expired(fragments->oldest, now_ns))
        evict(fragments, fragments->oldest);
    while (fragments->oldest != NULL && fragments->counts.memory + more > fragments->limit)
        evict(fragments, fragments->oldest);
}

enum cs_fragment_result cs_fragments_add(struct cs_fragments *fragments, struct cs_ip *ip,
                                         uint64_t time_ns, struct cs_cursor *c)
{
    const size_t length = c->left + c->missing;
    if (length == 0 || ip->offset + length > PACKET_MAX || (ip->more && length % 8 != 0))
        return CS_FRAGMENT_BAD;
    const uint32_t begin = ip->offset, end = begin + (uint32_t)length;
    fragments->counts.fragments++;
    drop_whole(fragments);
    make_room(fragments, sizeof(struct partial) + 2 * piece_size(0) + c->left, time_ns);
    struct partial *partial = find(fragments, ip, time_ns);
    if (partial == NULL)
        partial = begin_packet(fragments, ip, time_ns);
    if (partial == NULL || partial->dead) {
        fragments->counts.evicted++;
        return CS_FRAGMENT_KEPT;
    }
    partial->fragments++;
    if (begin == 0)
        partial->next = ip->next;
    if (!set_total(partial, end, ip->more) ||
        !add_piece(fragments, partial, begin, end, (struct cs_slice){c->at, c->left})) {
        kill_packet(fragments, partial);
        return CS_FRAGMENT_KEPT;
    }
    if (partial->total == 0 || partial->covered < partial->total)
        return CS_FRAGMENT_KEPT;
    ip->next = partial->next;
    bool joined = join(fragments, partial, c);
    if (joined)
        forget(fragments, partial);
    else
        evict(fragments, partial);
    return joined ? CS_FRAGMENT_WHOLE : CS_FRAGMENT_KEPT;
}

void cs_fragments_free(struct cs_fragments *fragments)
{
    if (fragments == NULL)
        return;
    while (fragments->oldest != NULL)
        /* forget() moves `oldest` on: NOLINTNEXTLINE(clang-analyzer-unix.Malloc) */
        forget(fragments, fragments->oldest);
    free(fragments->whole);
    free(fragments->buckets);
    free(fragments);
}
