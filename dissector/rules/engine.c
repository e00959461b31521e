/* rules/engine.c: see engine.h.
 *
 * Rules with the same subscription are a group. Each group stands in one list: that of its option, or that of the rarest of its
 * traits. A view walks the lists of the bits it has and that somebody subscribed to, so a rule that cannot concern a
 * message costs it nothing; and one with .suspect costs only a count, shared by its group, until a message is. */
#include "rules/engine.h"

#include <stdlib.h>
#include <string.h>

struct entry {
    uint64_t suspect; /* 0: always asked */
    cs_check_fn *check;
    uint32_t rule;
    uint32_t group;
    uint64_t asked; /* by views whose sender may be judged */
};

struct group {
    uint64_t on;
    uint32_t option;       /* 0: none */
    uint32_t list;         /* 0 to 63 by trait, 64 to 127 by option */
    uint64_t suspects;     /* of all its entries; all ones when one is always asked */
    uint64_t views;        /* whose sender may be judged */
    struct entry *entries; /* first those that are always asked */
    size_t always, count;
};

struct list {
    struct group *groups;
    size_t count;
};

struct cs_engine {
    struct list lists[128];
    uint64_t traits, options; /* the bits whose lists are not empty */
    struct group *groups;     /* in order of their lists */
    struct entry *entries;    /* in order of their groups */
    size_t group_count, entry_count;
    const struct cs_rule *const *rules;
    struct cs_tally *tallies, *totals; /* as answered; with those that held unasked */
    void *user;
    void (*on_finding)(void *user, const struct cs_finding *finding);
    struct cs_details details;
};

_Static_assert(CS_TRAIT_COUNT <= 64, "a trait is one bit");

static unsigned rarest_trait(uint64_t on)
{
    return on == 0 ? 0 : 63u - (unsigned)__builtin_clzll(on);
}

static struct group group_of(const struct cs_rule *rule)
{
    unsigned list = rule->option != 0 ? 64 + cs_option_index(rule->option) : rarest_trait(rule->on);
    return (struct group){.on = rule->on, .option = rule->option, .list = list};
}

static int compare_groups(const void *a, const void *b)
{
    const struct group *x = a, *y = b;
    if (x->list != y->list)
        return x->list < y->list ? -1 : 1;
    if (x->option != y->option)
        return x->option < y->option ? -1 : 1;
    return (x->on > y->on) - (x->on < y->on);
}

/* The distinct subscriptions, in order of their lists. */
static void find_groups(struct cs_engine *engine, size_t rule_count)
{
    for (size_t i = 0; i < rule_count; i++)
        engine->groups[i] = group_of(engine->rules[i]);
    qsort(engine->groups, rule_count, sizeof *engine->groups, compare_groups);
    for (size_t i = 0; i < rule_count; i++) {
        struct group *last =
            engine->group_count > 0 ? &engine->groups[engine->group_count - 1] : NULL;
        if (last == NULL || compare_groups(last, &engine->groups[i]) != 0)
            engine->groups[engine->group_count++] = engine->groups[i];
    }
    for (size_t g = 0; g < engine->group_count; g++) {
        struct list *list = &engine->lists[engine->groups[g].list];
        list->groups = list->count == 0 ? &engine->groups[g] : list->groups;
        list->count++;
        uint64_t *set = engine->groups[g].list < 64 ? &engine->traits : &engine->options;
        *set |= UINT64_C(1) << (engine->groups[g].list & 63);
    }
}

/* The rules of one group, either those that are always asked or those with .suspect. */
static void add_entries(struct cs_engine *engine, size_t rule_count, uint32_t g, bool with_suspect)
{
    struct group *group = &engine->groups[g];
    for (size_t i = 0; i < rule_count; i++) {
        const struct cs_rule *rule = engine->rules[i];
        const struct group of = group_of(rule);
        if (compare_groups(&of, group) != 0 || (rule->suspect != 0) != with_suspect)
            continue;
        group->entries[group->count++] = (struct entry){
            .suspect = rule->suspect, .check = rule->check, .rule = (uint32_t)i, .group = g};
        group->suspects |= rule->suspect;
    }
}

static void fill_groups(struct cs_engine *engine, size_t rule_count)
{
    for (uint32_t g = 0; g < engine->group_count; g++) {
        struct group *group = &engine->groups[g];
        group->entries = &engine->entries[engine->entry_count];
        add_entries(engine, rule_count, g, false);
        group->always = group->count;
        add_entries(engine, rule_count, g, true);
        engine->entry_count += group->count;
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
    engine->totals = calloc(count + 1, sizeof *engine->totals);
    engine->groups = calloc(count + 1, sizeof *engine->groups);
    engine->entries = calloc(count + 1, sizeof *engine->entries);
    if (engine->tallies == NULL || engine->totals == NULL || engine->groups == NULL ||
        engine->entries == NULL) {
        cs_engine_free(engine);
        return NULL;
    }
    find_groups(engine, count);
    fill_groups(engine, count);
    return engine;
}

void cs_engine_free(struct cs_engine *engine)
{
    if (engine == NULL)
        return;
    free(engine->tallies);
    free(engine->totals);
    free(engine->groups);
    free(engine->entries);
    free(engine);
}

const struct cs_tally *cs_engine_tallies(const struct cs_engine *engine)
{
    for (size_t i = 0; i < engine->entry_count; i++) {
        const struct entry *entry = &engine->entries[i];
        struct cs_tally *total = &engine->totals[entry->rule];
        *total = engine->tallies[entry->rule];
        if (entry->suspect != 0)
            total->held += engine->groups[entry->group].views - entry->asked;
    }
    return engine->totals;
}

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
        .why = verdict->details->why,
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
    for (size_t i = 0; i < verdict->details->packet_count; i++)
        add_packet(&f, verdict->details->packets[i]);
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

static void judge_group(struct cs_engine *engine, struct group *group, const struct cs_view *view,
                        bool counts)
{
    group->views += counts;
    for (size_t i = 0; i < group->always; i++)
        ask(engine, &group->entries[i], view);
    if ((group->suspects & view->traits) == 0)
        return;
    for (size_t i = group->always; i < group->count; i++) {
        struct entry *entry = &group->entries[i];
        if ((entry->suspect & view->traits) == 0)
            continue;
        entry->asked += counts;
        ask(engine, entry, view);
    }
}

static void judge_lists(struct cs_engine *engine, struct list *lists, uint64_t set,
                        const struct cs_view *view)
{
    const bool counts = view->flow->tester_side != view->side;
    for (; set != 0; set &= set - 1) {
        const struct list *list = &lists[__builtin_ctzll(set)];
        for (size_t i = 0; i < list->count; i++)
            if ((list->groups[i].on & ~view->traits) == 0)
                judge_group(engine, &list->groups[i], view, counts);
    }
}

void cs_engine_judge(struct cs_engine *engine, struct cs_view *view)
{
    view->details = &engine->details;
    judge_lists(engine, engine->lists, view->traits & engine->traits, view);
    if (view->message != NULL)
        judge_lists(engine, engine->lists + 64, view->message->option_set & engine->options, view);
}
