/* track/ledgers.h: the kinds of state that outlive a message, one row each.
 *
 * A ledger is one file of track/ with a `const struct cs_ledger`, one row of CS_LEDGERS, and one member of struct cs_known
 * (coapspec/rule.h) for what it tells the rules. docs/writing-a-rule.md, "When the tracker does not know it yet", has an
 * example.
 */
#ifndef DISSECTOR_TRACK_LEDGERS_H
#define DISSECTOR_TRACK_LEDGERS_H

#include "coapspec/analysis.h"

struct cs_ledger_setup {
    size_t memory;                          /* octets that it may take, all told */
    const struct cs_parameters *parameters; /* borrowed for the life of the ledger, as is … */
    const struct cs_secrets *secrets;       /* … this; NULL: nothing is opened */
    bool whole;                             /* nothing is missing from the stream */
};

/* One kind of state. What does not apply is NULL, but for new, free and counts. */
struct cs_ledger {
    const char *name; /* what it keeps, in the plural */
    /* NULL when there is no memory. */
    void *(*new)(const struct cs_ledger_setup *setup);
    void (*free)(void *ledger); /* NULL is allowed */
    /* A message, after the ledgers of the rows above have seen it: the view has its traits, flow and records. Takes note of it,
     * and sets the ledger's member of view->known, which is good until the next call. */
    void (*event)(void *ledger, const struct cs_event *event, struct cs_view *view);
    /* Gives up one thing whose time is over at `now_ns`, or any when `end`; false when there is none left. Fills in the view that
     * the rules are to see. Called until it is false, before an event with a later time. */
    bool (*retire)(void *ledger, uint64_t now_ns, bool end, struct cs_view *view);
    /* Adds its own to what is counted: memory in octets, and its members. */
    void (*counts)(const void *ledger, struct cs_counts *counts);
};

/* Name, and share of the memory in CS_SHARES parts. An event goes through them in this order. */
#define CS_LEDGERS(X)                                                                              \
    X(messages, 36)                                                                                \
    X(unanswerable, 1)                                                                             \
    X(sessions, 2)

/* The parts that no ledger has are in reserve: a new one takes its share from them, and nobody else's changes. */
enum { CS_SHARES = 48, CS_SHARE_FRAGMENTS = 2 /* of IP */ };

enum cs_ledger_index {
#define X(name, share) CS_LEDGER_##name,
    CS_LEDGERS(X)
#undef X
        CS_LEDGER_COUNT
};
#define X(name, share) extern const struct cs_ledger cs_ledger_##name;
CS_LEDGERS(X)
#undef X

/* The state of all of them, by cs_ledger_index; and once more of those that want events, and of those that retire, since these two
 * are asked for every message. */
struct cs_ledgers {
    void *of[CS_LEDGER_COUNT]; /* owned */
    struct {
        void (*event)(void *ledger, const struct cs_event *event, struct cs_view *view);
        void *ledger;
    } events[CS_LEDGER_COUNT];
    struct {
        bool (*retire)(void *ledger, uint64_t now_ns, bool end, struct cs_view *view);
        void *ledger;
    } retires[CS_LEDGER_COUNT];
    size_t event_count, retire_count;
};

/* `setup->memory` is that of the whole analysis. False, and nothing to free, when there is no memory. */
bool cs_ledgers_init(struct cs_ledgers *ledgers, const struct cs_ledger_setup *setup);
void cs_ledgers_fini(struct cs_ledgers *ledgers);
/* To every ledger that wants it. */
static inline void cs_ledgers_event(const struct cs_ledgers *ledgers, const struct cs_event *event,
                                    struct cs_view *view)
{
    for (size_t i = 0; i < ledgers->event_count; i++)
        ledgers->events[i].event(ledgers->events[i].ledger, event, view);
}
/* Of any ledger; false when nothing is due. */
static inline bool cs_ledgers_retire(const struct cs_ledgers *ledgers, uint64_t now_ns, bool end,
                                     struct cs_view *view)
{
    for (size_t i = 0; i < ledgers->retire_count; i++)
        if (ledgers->retires[i].retire(ledgers->retires[i].ledger, now_ns, end, view))
            return true;
    return false;
}
void cs_ledgers_counts(const struct cs_ledgers *ledgers, struct cs_counts *counts);

#endif
