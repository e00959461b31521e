/* rules/engine.c: see engine.h.
 *
 * Each rule stands in one list: that of its option, or that of the rarest of its traits. A view walks the lists of the
 * bits it has and that somebody subscribed to, so a rule that cannot concern a message costs it nothing. */
#include "rules/engine.h"

#include <stdlib.h>
#include <string.h>

struct entry {
    uint64_t on;
    cs_check_fn *check;
    uint32_t option; /* 0: none */
    uint32_t rule;
};

struct list {
    struct entry *entries;
    size_t count;
};

struct cs_engine {
    struct list by_trait[64], by_option[64];
    uint64_t traits, options; /* the bits whose lists are not empty */
    struct entry *entries;    /* all lists, one after the other */
    const struct cs_rule *const *rules;
    struct cs_tally *tallies;
    void *user;
    void (*on_finding)(void *user, const struct cs_finding *finding);
    char why[256];
};

_Static_assert(CS_TRAIT_COUNT <= 64, "a trait is one bit");

static unsigned rarest_trait(uint64_t on)
{
    return on == 0 ? 0 : 63u - (unsigned)__builtin_clzll(on);
}

static struct list *list_of(struct cs_engine *engine, const struct cs_rule *rule)
{
    if (rule->option != 0)
        return &engine->by_option[cs_option_index(rule->option)];
    return &engine->by_trait[rarest_trait(rule->on)];
}

static void fill_lists(struct cs_engine *engine, size_t count)
{
    for (size_t i = 0; i < count; i++)
        list_of(engine, engine->rules[i])->count++;
    struct entry *next = engine->entries;
    for (unsigned bit = 0; bit < 128; bit++) {
        struct list *list = bit < 64 ? &engine->by_trait[bit] : &engine->by_option[bit - 64];
        uint64_t *set = bit < 64 ? &engine->traits : &engine->options;
        *set |= list->count > 0 ? UINT64_C(1) << (bit & 63) : 0;
        list->entries = next;
        next += list->count;
        list->count = 0;
    }
    for (size_t i = 0; i < count; i++) {
        const struct cs_rule *rule = engine->rules[i];
        struct list *list = list_of(engine, rule);
        list->entries[list->count++] = (struct entry){
            .on = rule->on, .check = rule->check, .option = rule->option, .rule = (uint32_t)i};
    }
}

struct cs_engine *cs_engine_new(const struct cs_rule *const *rules, size_t count, void *user,
                                void (*on_finding)(void *user, const struct cs_finding *finding))
{
    struct cs_engine *engine = calloc(1, sizeof *engine);
    if (engine == NULL)
        return NULL;
    engine->rules = rules;
    engine->user = user;
    engine->on_finding = on_finding;
    engine->tallies = calloc(count + 1, sizeof *engine->tallies);
    engine->entries = calloc(count + 1, sizeof *engine->entries);
    if (engine->tallies == NULL || engine->entries == NULL) {
        cs_engine_free(engine);
        return NULL;
    }
    fill_lists(engine, count);
    return engine;
}

void cs_engine_free(struct cs_engine *engine)
{
    if (engine == NULL)
        return;
    free(engine->tallies);
    free(engine->entries);
    free(engine);
}

const struct cs_tally *cs_engine_tallies(const struct cs_engine *engine) { return engine->tallies; }

/* In which role did that side act? */
static const char *role_of(const struct cs_view *view, unsigned side)
{
    bool by_sender = side == view->side;
    uint8_t code = view->message != NULL ? view->message->code : view->own->code;
    if (code == 0 &&
        view->acked != NULL) { /* an Empty ACK or RST: the other way round for what it answers */
        code = view->acked->code;
        by_sender = !by_sender;
    }
    if (cs_code_is_request(code))
        return by_sender ? "client" : "server";
    if (cs_code_is_response(code))
        return by_sender ? "server" : "client";
    return "endpoint";
}

static void add_packet(struct cs_finding *f, uint64_t packet)
{
    size_t at = f->packet_count;
    while (at > 0 && f->packets[at - 1] > packet)
        at--;
    if (packet == 0 || (at > 0 && f->packets[at - 1] == packet))
        return;
    memmove(&f->packets[at + 1], &f->packets[at], (f->packet_count - at) * sizeof f->packets[0]);
    f->packets[at] = packet;
    f->packet_count++;
}

static void report(struct cs_engine *engine, const struct cs_rule *rule, const struct cs_view *view,
                   const struct cs_verdict *verdict, unsigned offender)
{
    if (engine->on_finding == NULL)
        return;
    struct cs_finding f = {
        .rule = rule,
        .why = verdict->why,
        .offender = view->flow->address[offender],
        .other = view->flow->address[1 - offender],
        .role = role_of(view, offender),
        .packet = view->event != NULL ? view->event->datagram.packet : view->own->packet,
        .time_ns = view->event != NULL ? view->event->datagram.time_ns : view->own->first_ns,
        .octet = verdict->octet,
    };
    if (view->message != NULL)
        f.octets = view->message->octets;
    add_packet(&f, f.packet);
    for (unsigned i = 0; i < verdict->packet_count; i++)
        add_packet(&f, verdict->packets[i]);
    engine->on_finding(engine->user, &f);
}

static void ask(struct cs_engine *engine, const struct entry *entry, const struct cs_view *view)
{
    struct cs_verdict verdict = entry->check(view);
    if (verdict.outcome == CS_SILENT)
        return;
    unsigned offender = verdict.by == CS_BY_SENDER ? view->side : 1 - view->side;
    if (view->flow->tester_side == offender)
        return; /* the tester's own doing is never held against anybody */
    struct cs_tally *tally = &engine->tallies[entry->rule];
    if (verdict.outcome == CS_HELD) {
        tally->held++;
    } else if (verdict.outcome == CS_UNDECIDED) {
        tally->undecided++;
        tally->undecided_why = tally->undecided_why == NULL ? verdict.why : tally->undecided_why;
    } else {
        tally->broken++;
        report(engine, engine->rules[entry->rule], view, &verdict, offender);
    }
}

void cs_engine_judge(struct cs_engine *engine, struct cs_view *view)
{
    view->why = engine->why;
    view->why_cap = sizeof engine->why;
    for (uint64_t set = view->traits & engine->traits; set != 0; set &= set - 1) {
        const struct list *list = &engine->by_trait[__builtin_ctzll(set)];
        for (size_t i = 0; i < list->count; i++)
            if ((list->entries[i].on & ~view->traits) == 0)
                ask(engine, &list->entries[i], view);
    }
    if (view->message == NULL)
        return;
    for (uint64_t set = view->message->option_set & engine->options; set != 0; set &= set - 1) {
        const struct list *list = &engine->by_option[__builtin_ctzll(set)];
        for (size_t i = 0; i < list->count; i++)
            if ((list->entries[i].on & ~view->traits) == 0)
                ask(engine, &list->entries[i], view);
    }
}
