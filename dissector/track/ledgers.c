/* track/ledgers.c: see ledgers.h. */
#include "track/ledgers.h"

#include <string.h>

#define X(name, share) +(share)
_Static_assert(CS_SHARE_FRAGMENTS CS_LEDGERS(X) <= CS_SHARES,
               "there is no more memory than all of it");
#undef X

static const struct cs_ledger *const rows[CS_LEDGER_COUNT] = {
#define X(name, share) &cs_ledger_##name,
    CS_LEDGERS(X)
#undef X
};

static const uint8_t shares[CS_LEDGER_COUNT] = {
#define X(name, share) share,
    CS_LEDGERS(X)
#undef X
};

static void subscribe(struct cs_ledgers *ledgers, const struct cs_ledger *row, void *ledger)
{
    if (row->event != NULL) {
        ledgers->events[ledgers->event_count].event = row->event;
        ledgers->events[ledgers->event_count++].ledger = ledger;
    }
    if (row->retire != NULL) {
        ledgers->retires[ledgers->retire_count].retire = row->retire;
        ledgers->retires[ledgers->retire_count++].ledger = ledger;
    }
}

bool cs_ledgers_init(struct cs_ledgers *ledgers, const struct cs_ledger_setup *setup)
{
    struct cs_ledger_setup one = *setup;
    memset(ledgers, 0, sizeof *ledgers);
    for (size_t i = 0; i < CS_LEDGER_COUNT; i++) {
        one.memory = setup->memory / CS_SHARES * shares[i];
        ledgers->of[i] = rows[i]->new (&one);
        if (ledgers->of[i] == NULL) {
            cs_ledgers_fini(ledgers);
            return false;
        }
        subscribe(ledgers, rows[i], ledgers->of[i]);
    }
    return true;
}

void cs_ledgers_fini(struct cs_ledgers *ledgers)
{
    for (size_t i = 0; i < CS_LEDGER_COUNT; i++)
        rows[i]->free(ledgers->of[i]);
    memset(ledgers, 0, sizeof *ledgers);
}

void cs_ledgers_counts(const struct cs_ledgers *ledgers, struct cs_counts *counts)
{
    for (size_t i = 0; i < CS_LEDGER_COUNT; i++)
        rows[i]->counts(ledgers->of[i], counts);
}
