/* decrypt/secrets.c: see secrets.h. A ring of secrets in order of their coming, and a table that
 * leads to them. */
#include "decrypt/secrets.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/text.h"

enum { FIRST_CAP = 64 };
#define NONE UINT32_MAX

struct secret {
    uint8_t random[CS_RANDOM_OCTETS], master[CS_MASTER_OCTETS];
    uint32_t next; /* in its bucket; NONE: the last */
};

struct cs_secrets {
    struct secret *ring; /* owned; `cap` of them */
    uint32_t *buckets;   /* owned; as many */
    uint32_t cap, cap_max, count, oldest;
    uint64_t given_up;
};

struct cs_secrets *cs_secrets_new(size_t memory)
{
    struct cs_secrets *s = calloc(1, sizeof *s);
    if (s == NULL)
        return NULL;
    size_t max = FIRST_CAP;
    while (max * 2 * (sizeof *s->ring + sizeof *s->buckets) <= memory && max < NONE / 4)
        max *= 2;
    s->cap_max = (uint32_t)max;
    return s;
}

void cs_secrets_free(struct cs_secrets *s)
{
    if (s == NULL)
        return;
    free(s->ring);
    free(s->buckets);
    free(s);
}

struct cs_secrets_counts cs_secrets_counts(const struct cs_secrets *s)
{
    return (struct cs_secrets_counts){.kept = s->count, .given_up = s->given_up};
}

/* ------------------------------------------------------------------ the table */

static uint32_t *bucket_of(const struct cs_secrets *s, const uint8_t *random)
{
    return &s->buckets[cs_hash(1, random, CS_RANDOM_OCTETS) & (s->cap - 1)];
}

static struct secret *find(const struct cs_secrets *s, const uint8_t *random)
{
    if (s->cap == 0)
        return NULL;
    for (uint32_t i = *bucket_of(s, random); i != NONE; i = s->ring[i].next)
        if (memcmp(s->ring[i].random, random, CS_RANDOM_OCTETS) == 0)
            return &s->ring[i];
    return NULL;
}

const uint8_t *cs_secrets_find(const struct cs_secrets *s, const uint8_t *client_random)
{
    const struct secret *found = find(s, client_random);
    return found != NULL ? found->master : NULL;
}

static void link_secret(struct cs_secrets *s, uint32_t i)
{
    uint32_t *bucket = bucket_of(s, s->ring[i].random);
    s->ring[i].next = *bucket;
    *bucket = i;
}

static void unlink_secret(struct cs_secrets *s, uint32_t i)
{
    uint32_t *at = bucket_of(s, s->ring[i].random);
    while (*at != i)
        at = &s->ring[*at].next;
    *at = s->ring[i].next;
}

/* Twice as many places. Nothing has been given up so far: they stand in order from 0. */
static bool grow(struct cs_secrets *s)
{
    const uint32_t cap = s->cap == 0 ? FIRST_CAP : s->cap * 2;
    if (cap > s->cap_max)
        return false;
    struct secret *ring = realloc(s->ring, cap * sizeof *ring);
    if (ring == NULL)
        return false;
    s->ring = ring;
    uint32_t *buckets = realloc(s->buckets, cap * sizeof *buckets);
    if (buckets == NULL)
        return false;
    s->buckets = buckets;
    s->cap = cap;
    memset(buckets, 0xff, cap * sizeof *buckets);
    for (uint32_t i = 0; i < s->count; i++)
        link_secret(s, i);
    return true;
}

void cs_secrets_add(struct cs_secrets *s, const uint8_t *client_random, const uint8_t *master)
{
    struct secret *known = find(s, client_random);
    if (known != NULL) {
        memcpy(known->master, master, CS_MASTER_OCTETS);
        return;
    }
    uint32_t place = s->count;
    if (s->count == s->cap && (s->given_up > 0 || !grow(s))) {
        s->given_up++;
        if (s->cap == 0)
            return;
        place = s->oldest;
        s->oldest = (s->oldest + 1) & (s->cap - 1);
        unlink_secret(s, place);
    } else {
        s->count++;
    }
    memcpy(s->ring[place].random, client_random, CS_RANDOM_OCTETS);
    memcpy(s->ring[place].master, master, CS_MASTER_OCTETS);
    link_secret(s, place);
}

/* ------------------------------------------------------------------ lines */

struct reading {
    struct cs_slice line;
    size_t at;
    struct cs_error *error;
};

static bool wrong(const struct reading *r, size_t at, const char *text)
{
    r->error->column = (unsigned)(at < UINT32_MAX ? at + 1 : 0);
    snprintf(r->error->text, sizeof r->error->text, "%s", text);
    return false;
}

static bool is_blank(uint8_t c) { return c == ' ' || c == '\t'; }

/* The next word; empty at the end. */
static struct cs_slice next_word(struct reading *r)
{
    while (r->at < r->line.len && is_blank(r->line.at[r->at]))
        r->at++;
    const size_t begin = r->at;
    while (r->at < r->line.len && !is_blank(r->line.at[r->at]))
        r->at++;
    return (struct cs_slice){r->line.at + begin, r->at - begin};
}

/* A word of hex; `octets` of them into `out`, any even number of digits when that is NULL. */
static bool read_hex(struct reading *r, const char *what, uint8_t *out, size_t octets)
{
    char text[96];
    const struct cs_slice word = next_word(r);
    const size_t begin = r->at - word.len;
    if (word.len == 0) {
        snprintf(text, sizeof text, "%s is missing", what);
        return wrong(r, begin, text);
    }
    for (size_t i = 0; i < word.len; i++) {
        const int digit = cs_hex_digit((char)word.at[i]);
        if (digit < 0)
            return wrong(r, begin + i, "not a hex digit");
        if (out != NULL && i / 2 < octets)
            out[i / 2] = (uint8_t)(out[i / 2] << 4 | digit);
    }
    if (word.len % 2 != 0)
        return wrong(r, begin, "half an octet: hex digits come in pairs");
    if (out == NULL || word.len == octets * 2)
        return true;
    snprintf(text, sizeof text, "%s has %zu octets, not %zu", what, octets, word.len / 2);
    return wrong(r, begin, text);
}

static bool is_label(struct cs_slice word)
{
    for (size_t i = 0; i < word.len; i++)
        if ((word.at[i] < 'A' || word.at[i] > 'Z') && word.at[i] != '_' &&
            (word.at[i] < '0' || word.at[i] > '9'))
            return false;
    return word.len > 0;
}

bool cs_secrets_line(struct cs_secrets *s, struct cs_slice line, struct cs_error *error)
{
    static const char ours[] = "CLIENT_RANDOM";
    uint8_t random[CS_RANDOM_OCTETS] = {0}, master[CS_MASTER_OCTETS] = {0};
    while (line.len > 0 && (line.at[line.len - 1] == '\n' || line.at[line.len - 1] == '\r'))
        line.len--;
    struct reading r = {.line = line, .error = error};
    const struct cs_slice label = next_word(&r);
    if (label.len == 0 || label.at[0] == '#')
        return true;
    if (!is_label(label))
        return wrong(&r, r.at - label.len,
                     "no line of a key log: those are CLIENT_RANDOM, a random and a secret in hex");
    const bool known = label.len == sizeof ours - 1 && memcmp(label.at, ours, sizeof ours - 1) == 0;
    if (!read_hex(&r, "the client's random", known ? random : NULL, sizeof random) ||
        !read_hex(&r, "the master secret", known ? master : NULL, sizeof master))
        return false;
    const struct cs_slice more = next_word(&r);
    if (more.len > 0)
        return wrong(&r, r.at - more.len, "something follows the secret");
    if (known)
        cs_secrets_add(s, random, master);
    return true;
}

bool cs_secrets_text(struct cs_secrets *s, struct cs_slice text, struct cs_error *error)
{
    unsigned number = 0;
    bool fine = true;
    while (text.len > 0) {
        struct cs_error bad = {0};
        const uint8_t *end = memchr(text.at, '\n', text.len);
        const size_t length = end != NULL ? (size_t)(end - text.at) + 1 : text.len;
        number++;
        if (!cs_secrets_line(s, (struct cs_slice){text.at, length}, &bad) && fine) {
            *error = bad;
            error->line = number;
            fine = false;
        }
        text.at += length;
        text.len -= length;
    }
    return fine;
}
