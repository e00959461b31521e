/* track/unanswerable.c: see unanswerable.h. */
#include "track/unanswerable.h"

#include <stdlib.h>

#include "base/hash.h"
#include "track/ledgers.h"
#include "track/store/entries.h"

/* What comes later is not laid to it. */
#define KEPT_NS (UINT64_C(5) * 1000000000)

struct unanswerable {
    struct cs_entries entries;
    uint64_t key; /* of the hashes */
};

/* Of a message that goes from `src` to `dst`. */
static uint64_t key_of(const struct unanswerable *u, const struct cs_address *src,
                       const struct cs_address *dst, uint64_t what)
{
    return cs_mix(cs_hash_address(u->key, src) * 3 + cs_hash_address(u->key, dst), what);
}

#define LATEST_KEY (UINT64_C(2) << 32)
static uint64_t mid_key(uint16_t mid) { return mid; }
static uint64_t token_key(uint32_t token) { return UINT64_C(1) << 32 | token; }

static void *unanswerable_new(const struct cs_ledger_setup *setup)
{
    struct unanswerable *u = malloc(sizeof *u);
    if (u == NULL)
        return NULL;
    u->key = cs_mix((uint64_t)(uintptr_t)u, 0x636f6170);
    cs_entries_init(&u->entries, setup->memory, sizeof(struct cs_unanswerable));
    return u;
}

static void unanswerable_free(void *ledger)
{
    struct unanswerable *u = ledger;
    if (u != NULL)
        cs_entries_fini(&u->entries);
    free(u);
}

/* What went from `src` to `dst`; there is one for each key. */
static struct cs_unanswerable *find(const struct unanswerable *u, const struct cs_address *src,
                                    const struct cs_address *dst, uint64_t what)
{
    const uint64_t key = key_of(u, src, dst, what);
    struct cs_unanswerable *e = NULL;
    while ((e = cs_entries_find(&u->entries, key, e)) != NULL)
        if (cs_address_equal(&e->src, src) && cs_address_equal(&e->dst, dst))
            return e;
    return NULL;
}

static void file(struct unanswerable *u, const struct cs_unanswerable *message, uint64_t what,
                 uint64_t now_ns)
{
    struct cs_unanswerable *e = find(u, &message->src, &message->dst, what);
    if (e == NULL)
        e = cs_entries_add(&u->entries, key_of(u, &message->src, &message->dst, what), now_ns);
    if (e == NULL)
        return;
    cs_entries_use(&u->entries, e, now_ns);
    *e = *message;
}

/* An answer to another version may have Message ID 0, since the header means nothing. */
static void file_all(struct unanswerable *u, enum cs_unanswerable_kind kind,
                     const struct cs_view *view)
{
    const struct cs_datagram *d = &view->event->datagram;
    const struct cs_message *m = view->message;
    const struct cs_unanswerable message = {
        .packet = d->packet,
        .time_ns = d->time_ns,
        .src = d->src,
        .dst = d->dst,
        .token = view->token,
        .mid = m->mid,
        .kind = (uint8_t)kind,
        .code = m->code,
        .token_length = m->token.len > UINT8_MAX ? UINT8_MAX : (uint8_t)m->token.len,
    };
    file(u, &message, LATEST_KEY, view->now_ns);
    file(u, &message, mid_key(m->mid), view->now_ns);
    if (kind == CS_OTHER_VERSION && m->mid != 0)
        file(u, &message, mid_key(0), view->now_ns);
    if (kind == CS_UNUSABLE && m->token.len > 0)
        file(u, &message, token_key(view->token), view->now_ns);
}

static void look_back(const struct unanswerable *u, struct cs_view *view)
{
    const struct cs_datagram *d = &view->event->datagram;
    const struct cs_unanswerable *found = NULL;
    if ((view->traits & (CS_T_ACK | CS_T_RST)) != 0)
        found = find(u, &d->dst, &d->src, mid_key(view->message->mid));
    if (found == NULL && (view->traits & CS_T_RESPONSE) != 0)
        found = find(u, &d->dst, &d->src, token_key(view->token));
    if (found == NULL)
        found = find(u, &d->dst, &d->src, LATEST_KEY);
    view->known.unanswerable = found;
    view->traits |= found != NULL ? CS_T_AFTER_UNANSWERABLE : 0;
}

static void unanswerable_event(void *ledger, const struct cs_event *event, struct cs_view *view)
{
    const uint64_t unusable = CS_T_MALFORMED | CS_T_MISPLACED | CS_T_RESERVED_CODE;
    const struct unanswerable *u = ledger;
    if (u->entries.live > 0 && (view->traits & (CS_T_ACK | CS_T_RST | CS_T_RESPONSE)) != 0)
        look_back(u, view);
    if (event->message.fault == CS_FAULT_VERSION)
        file_all(ledger, CS_OTHER_VERSION, view);
    else if ((view->traits & (CS_T_ACK | CS_T_RST)) == 0)
        return;
    else if ((view->traits & unusable) != 0)
        file_all(ledger, CS_UNUSABLE, view);
    else if ((view->traits & CS_T_STRAY_REPLY) != 0)
        file_all(ledger, CS_STRAY, view);
}

static bool unanswerable_retire(void *ledger, uint64_t now_ns, bool end, struct cs_view *view)
{
    void *oldest;
    uint64_t used_ns;
    (void)end, (void)view; /* that it was not answered is as it should be */
    struct unanswerable *u = ledger;
    while ((oldest = cs_entries_oldest(&u->entries, &used_ns)) != NULL &&
           now_ns > used_ns + KEPT_NS)
        cs_entries_remove(&u->entries, oldest);
    return false;
}

static void unanswerable_counts(const void *ledger, struct cs_counts *counts)
{
    const struct unanswerable *u = ledger;
    counts->memory += cs_entries_memory(&u->entries);
}

const struct cs_ledger cs_ledger_unanswerable = {
    .name = "messages that nobody may answer",
    .new = unanswerable_new,
    .free = unanswerable_free,
    .event = unanswerable_event,
    .retire = unanswerable_retire,
    .counts = unanswerable_counts,
};
