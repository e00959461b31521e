/* track/epochs.c: see epochs.h. */
#include "track/epochs.h"

#include <string.h>

enum { WINDOW = 64 };

bool cs_epochs_possible(const struct cs_secrets *secrets, const struct cs_agreed *agreed)
{
    return cs_cipher_of(agreed->suite) != NULL &&
           cs_secrets_find(secrets, agreed->client_random) != NULL;
}

/* Has this record been there, or is it too old to tell? */
static bool is_repeated(const struct cs_epoch *e, unsigned side, uint64_t sequence)
{
    if (e->window[side] == 0 || sequence > e->highest[side])
        return false;
    const uint64_t back = e->highest[side] - sequence;
    return back >= WINDOW || (e->window[side] >> back & 1) != 0;
}

static void note(struct cs_epoch *e, unsigned side, uint64_t sequence)
{
    if (e->window[side] == 0 || sequence > e->highest[side]) {
        const uint64_t on = e->window[side] == 0 ? WINDOW : sequence - e->highest[side];
        e->window[side] = (on < WINDOW ? e->window[side] << on : 0) | 1;
        e->highest[side] = sequence;
    } else {
        e->window[side] |= UINT64_C(1) << (e->highest[side] - sequence);
    }
}

static enum cs_opened open_with(struct cs_epoch *e, struct cs_unsealer *unsealer, unsigned side,
                                const struct cs_sealed *record, uint8_t *out, size_t *length,
                                uint8_t *type)
{
    if (!e->known || e->number != record->sequence >> 48)
        return CS_NO_SECRET;
    if (is_repeated(e, side, record->sequence))
        return CS_REPEATED;
    if (!cs_unseal(unsealer, &e->keys, side == e->client_side ? 0 : 1, record, out, length, type))
        return CS_REFUSED;
    note(e, side, record->sequence);
    return CS_OPENED;
}

/* The keys of the latest handshake, unless they have been made. False when they cannot be. */
static bool make_next(struct cs_epochs *epochs, const struct cs_secrets *secrets,
                      const struct cs_agreed *agreed)
{
    const uint8_t *server_random = agreed->server_random;
    const bool made = memcmp(epochs->server_random, server_random, CS_RANDOM_OCTETS) == 0;
    if (made && epochs->made > 0 && !epochs->next.known)
        return false; /* they are `latest` */
    if (made && epochs->next.known)
        return true;
    const uint8_t *master = cs_secrets_find(secrets, agreed->client_random);
    struct cs_epoch *e = &epochs->next;
    *e = (struct cs_epoch){.number = (uint16_t)(agreed->epoch + 1),
                           .client_side = agreed->client_side};
    e->keys.cipher = cs_cipher_of(agreed->suite);
    e->keys.mac_last = agreed->mac_last;
    e->known = master != NULL && e->keys.cipher != NULL &&
               cs_epoch_keys_derive(&e->keys, master, agreed->client_random, agreed->server_random);
    if (e->known)
        memcpy(epochs->server_random, server_random, CS_RANDOM_OCTETS);
    return e->known;
}

/* It has opened something: it takes the place of what was before. */
static void promote(struct cs_epochs *epochs)
{
    epochs->before = epochs->latest;
    epochs->latest = epochs->next;
    epochs->latest.association = epochs->made;
    epochs->made = epochs->made == UINT8_MAX ? 1 : (uint8_t)(epochs->made + 1);
    epochs->next.known = false;
}

enum cs_opened cs_epochs_open(struct cs_epochs *epochs, struct cs_unsealer *unsealer,
                              const struct cs_secrets *secrets, const struct cs_agreed *agreed,
                              unsigned side, const struct cs_sealed *record, uint8_t *out,
                              size_t *length, uint8_t *type, uint8_t *association)
{
    struct cs_epoch *const known[] = {&epochs->latest, &epochs->before};
    enum cs_opened worst = CS_NO_SECRET;
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        const enum cs_opened opened =
            open_with(known[i], unsealer, side, record, out, length, type);
        *association = known[i]->association;
        if (opened == CS_OPENED)
            return opened;
        if (opened != CS_NO_SECRET && worst == CS_NO_SECRET)
            worst = opened;
    }
    if (agreed == NULL)
        return worst;
    if (!make_next(epochs, secrets,
                   agreed)) /* the keys that there are may be of another handshake */
        return memcmp(epochs->server_random, agreed->server_random, CS_RANDOM_OCTETS) == 0
                   ? worst
                   : CS_NO_SECRET;
    const enum cs_opened opened =
        open_with(&epochs->next, unsealer, side, record, out, length, type);
    if (opened == CS_OPENED) {
        promote(epochs);
        *association = epochs->latest.association;
    }
    return opened == CS_OPENED || worst == CS_NO_SECRET ? opened : worst;
}
