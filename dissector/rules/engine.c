/* rules/engine.c: see engine.h.
 *
 * Rules with the same subscription are a group. Each group stands in one list of its kind of event: that of its option, that of its
 * Content-Format, or that of the rarest of its traits. Walking the lists of the bits that a view has gives the rules to ask. That
 * depends on nothing but the view's subject: its kind, traits, options, format, and the traits of what it answers. Traffic has few
 * subjects, so what was found is kept as a plan, and the next such view costs one look, whatever the number of rules. A plan also
 * counts for the rules whose .suspect is absent from it: they hold unasked. */
#include "rules/engine.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "coap/draft.h"

/* What a view is about, as far as any rule looks at it. */
struct subject {
    uint64_t traits, options, to;
    uint64_t what; /* kind_and_format() */
};

static inline uint64_t kind_and_format(uint32_t kind, uint32_t format)
{
    return (uint64_t)format << 32 | kind;
}
static inline uint32_t kind_of(const struct subject *subject) { return (uint32_t)subject->what; }
/* As cs_rule.format: 0 for none that a rule names. */
static inline uint32_t format_of(const struct subject *subject)
{
    return (uint32_t)(subject->what >> 32);
}

struct entry {
    uint64_t suspect; /* 0: always asked */
    cs_check_fn *check;
    uint32_t rule;
};

/* The lists of one kind: by trait, by option, and one for all formats. */
enum list_place { LIST_OPTIONS = 64, LIST_FORMATS = 128, LISTS };

struct group {
    uint64_t on, to;
    uint32_t option, format; /* 0: none */
    uint32_t list;           /* kind * LISTS + its place among those of the kind */
    struct entry *entries;   /* first those that are always asked */
    size_t count;
};

struct list {
    struct group *groups;
    size_t count;
};

/* A rule to ask, and where its answers are counted. */
struct question {
    cs_check_fn *check;
    uint32_t rule;
};

/* What to do with a view of this subject; one that is not made yet has a kind that no view has. */
struct plan {
    struct subject subject;
    uint64_t views; /* whose sender may be judged, since the last settle() */
    uint32_t asked_count;
    struct question *asked;
};

/* A plan stands near the place that its hash gives. A mixture of ordinary traffic makes some sixty. */
enum { PLANS = 512, PLAN_PROBES = 4 };

/* What the rules of one kind look at. */
struct interest {
    uint64_t traits, options; /* the bits whose lists are not empty */
    uint64_t concerned,
        to; /* the traits that any rule looks at, of the event and of what it answers */
};

/* The Content-Formats that rules name: format + 1 near the place that its low bits give, 0 for none. */
enum { FORMAT_PLACES = 256 };

struct cs_engine {
    struct list lists[CS_KINDS * LISTS];
    struct interest interest[CS_KINDS];
    uint32_t formats[FORMAT_PLACES];
    size_t format_count;
    struct group *groups;  /* in order of their lists */
    struct entry *entries; /* in order of their groups */
    size_t group_count, entry_count;
    struct plan plans[PLANS];
    struct question *asked; /* of the plans: room for every entry in each */
    unsigned turn;          /* which of the probed plans gives way */
    const struct cs_rule *const *rules;
    struct cs_tally *tallies;
    void *user;
    void (*on_finding)(void *user, const struct cs_finding *finding);
    struct cs_details details;
};

_Static_assert((int)CS_MESSAGE_TRAIT_COUNT <= (int)CS_KIND_TRAITS_MAX, "a trait is one bit");
_Static_assert((int)CS_CLOSED_TRAIT_COUNT <= (int)CS_KIND_TRAITS_MAX, "a trait is one bit");
_Static_assert((int)CS_DTLS_TRAIT_COUNT <= (int)CS_KIND_TRAITS_MAX, "a trait is one bit");

/* ------------------------------------------------------------------ formats */

static uint32_t *format_place(uint32_t *formats, uint32_t format)
{
    uint32_t at = format % FORMAT_PLACES;
    while (formats[at] != 0 && formats[at] != format)
        at = (at + 1) % FORMAT_PLACES;
    return &formats[at];
}

/* One place stays empty, where a search ends. */
static bool add_format(struct cs_engine *engine, uint32_t format)
{
    uint32_t *place = format == 0 ? NULL : format_place(engine->formats, format);
    if (place == NULL || *place != 0)
        return true;
    if (++engine->format_count == FORMAT_PLACES)
        return false;
    *place = format;
    return true;
}

/* As cs_rule.format; 0 where no rule names it. */
static inline uint32_t named_format(struct cs_engine *engine, const struct cs_message *m)
{
    if (m->payload.len == 0 || engine->format_count == 0 ||
        !cs_message_has(m, CS_OPT_CONTENT_FORMAT))
        return 0;
    return *format_place(engine->formats,
                         m->content_format == 0 ? (uint32_t)CS_FORMAT_0 : m->content_format);
}

/* ------------------------------------------------------------------ groups */

static unsigned rarest_trait(uint64_t on)
{
    return on == 0 ? 0 : 63u - (unsigned)__builtin_clzll(on);
}

static struct group group_of(const struct cs_rule *rule)
{
    const unsigned list = rule->option != 0   ? LIST_OPTIONS + cs_option_index(rule->option)
                          : rule->format != 0 ? (unsigned)LIST_FORMATS
                                              : rarest_trait(rule->on);
    return (struct group){.on = rule->on,
                          .to = rule->to,
                          .option = rule->option,
                          .format = rule->format,
                          .list = (uint32_t)rule->of * LISTS + list};
}

static int compare(uint64_t a, uint64_t b) { return (a > b) - (a < b); }

static int compare_groups(const void *a, const void *b)
{
    const struct group *x = a, *y = b;
    const int by[] = {compare(x->list, y->list), compare(x->option, y->option),
                      compare(x->format, y->format), compare(x->on, y->on), compare(x->to, y->to)};
    for (size_t i = 0; i < sizeof by / sizeof by[0]; i++)
        if (by[i] != 0)
            return by[i];
    return 0;
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
        struct interest *interest = &engine->interest[engine->groups[g].list / LISTS];
        const unsigned place = engine->groups[g].list % LISTS;
        if (place < LIST_OPTIONS)
            interest->traits |= UINT64_C(1) << place;
        else if (place < LIST_FORMATS)
            interest->options |= UINT64_C(1) << (place - LIST_OPTIONS);
    }
}

/* The rules of one group, either those that are always asked or those with .suspect. */
static void add_entries(struct cs_engine *engine, size_t rule_count, struct group *group,
                        bool with_suspect)
{
    for (size_t i = 0; i < rule_count; i++) {
        const struct cs_rule *rule = engine->rules[i];
        const struct group of = group_of(rule);
        if (compare_groups(&of, group) != 0 || (rule->suspect != 0) != with_suspect)
            continue;
        group->entries[group->count++] =
            (struct entry){.suspect = rule->suspect, .check = rule->check, .rule = (uint32_t)i};
        engine->interest[rule->of].concerned |= 1 | rule->on | rule->suspect; /* 1: any event */
        engine->interest[rule->of].to |= rule->to;
    }
}

static bool fill_groups(struct cs_engine *engine, size_t rule_count)
{
    for (size_t g = 0; g < engine->group_count; g++) {
        struct group *group = &engine->groups[g];
        group->entries = &engine->entries[engine->entry_count];
        add_entries(engine, rule_count, group, false);
        add_entries(engine, rule_count, group, true);
        engine->entry_count += group->count;
        if (!add_format(engine, group->format))
            return false;
    }
    return true;
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
    engine->groups = calloc(count + 1, sizeof *engine->groups);
    engine->entries = calloc(count + 1, sizeof *engine->entries);
    engine->asked = calloc(PLANS * (count + 1), sizeof *engine->asked);
    if (engine->tallies == NULL || engine->groups == NULL || engine->entries == NULL ||
        engine->asked == NULL) {
        cs_engine_free(engine);
        return NULL;
    }
    find_groups(engine, count);
    if (!fill_groups(engine, count)) {
        cs_engine_free(engine);
        return NULL;
    }
    for (size_t i = 0; i < PLANS; i++)
        engine->plans[i].subject.what = CS_KINDS;
    for (size_t i = 0; i < PLANS; i++)
        engine->plans[i].asked = &engine->asked[i * (count + 1)];
    return engine;
}

void cs_engine_free(struct cs_engine *engine)
{
    if (engine == NULL)
        return;
    free(engine->tallies);
    free(engine->groups);
    free(engine->entries);
    free(engine->asked);
    free(engine);
}

/* In which role did that side act? */
static const char *role_of(const struct cs_view *view, unsigned side)
{
    bool by_sender = side == view->side;
    if (view->kind == CS_OF_DTLS) {
        const unsigned client = view->known.session->client_side;
        return client == CS_NO_SIDE ? "endpoint" : side == client ? "client" : "server";
    }
    uint8_t code = view->message != NULL ? view->message->code : view->own->code;
    if (view->acked != NULL) { /* an ACK or RST: the other way round for what it answers */
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
        .message = view->message,
        .octet = verdict->octet,
    };
    if (view->message != NULL)
        f.octets = view->message->octets;
    else if (view->dtls != NULL)
        f.octets = view->event->datagram.octets;
    add_packet(&f, f.packet);
    for (size_t i = 0; i < verdict->details->packet_count; i++)
        add_packet(&f, verdict->details->packets[i]);
    engine->on_finding(engine->user, &f);
}

/* ------------------------------------------------------------------ plans */

static bool concerns(const struct group *g, const struct subject *subject)
{
    return (g->on & ~subject->traits) == 0 && (g->to & ~subject->to) == 0 &&
           (g->format == 0 || g->format == format_of(subject));
}

/* Goes through the rules that a plan concerns. Those to ask are written into it; for the others, its views are counted as held.
 * Called to make a plan (it has no views yet), and to settle it (it asks the same rules as before). */
static void walk_list(struct cs_engine *engine, struct plan *plan, const struct list *list)
{
    for (const struct group *g = list->groups; g < list->groups + list->count; g++) {
        if (!concerns(g, &plan->subject))
            continue;
        for (const struct entry *e = g->entries; e < g->entries + g->count; e++) {
            if (e->suspect == 0 || (e->suspect & plan->subject.traits) != 0)
                plan->asked[plan->asked_count++] = (struct question){e->check, e->rule};
            else
                engine->tallies[e->rule].held += plan->views;
        }
    }
}

static void settle(struct cs_engine *engine, struct plan *plan)
{
    const struct subject *subject = &plan->subject;
    const struct list *lists = &engine->lists[kind_of(subject) * LISTS];
    plan->asked_count = 0;
    for (uint64_t set = subject->traits & engine->interest[kind_of(subject)].traits; set != 0;
         set &= set - 1)
        walk_list(engine, plan, &lists[__builtin_ctzll(set)]);
    for (uint64_t set = subject->options; set != 0; set &= set - 1)
        walk_list(engine, plan, &lists[LIST_OPTIONS + __builtin_ctzll(set)]);
    if (format_of(subject) != 0)
        walk_list(engine, plan, &lists[LIST_FORMATS]);
    plan->views = 0;
}

static bool same_subject(const struct subject *a, const struct subject *b)
{
    return ((a->traits ^ b->traits) | (a->options ^ b->options) | (a->to ^ b->to) |
            (a->what ^ b->what)) == 0;
}

static struct plan *make_plan(struct cs_engine *engine, const struct subject *subject,
                              uint64_t hash)
{
    struct plan *plan = &engine->plans[(hash + engine->turn++ % PLAN_PROBES) % PLANS];
    for (unsigned probe = 0; probe < PLAN_PROBES; probe++)
        if (kind_of(&engine->plans[(hash + probe) % PLANS].subject) == CS_KINDS) {
            plan = &engine->plans[(hash + probe) % PLANS];
            break;
        }
    if (plan->views > 0)
        settle(engine, plan);
    plan->subject = *subject;
    settle(engine, plan);
    return plan;
}

static struct plan *plan_for(struct cs_engine *engine, const struct cs_view *view)
{
    const struct interest *interest = &engine->interest[view->kind];
    struct subject subject = {.traits = view->traits & interest->concerned,
                              .to = view->to & interest->to,
                              .what = view->kind};
    if (view->message != NULL) {
        subject.options = view->message->option_set & interest->options;
        subject.what |= kind_and_format(0, named_format(engine, view->message));
    }
    const uint64_t hash = cs_mix(subject.traits ^ subject.to << 1, subject.options + subject.what);
    for (unsigned probe = 0; probe < PLAN_PROBES; probe++) {
        struct plan *plan = &engine->plans[(hash + probe) % PLANS];
        if (same_subject(&plan->subject, &subject))
            return plan;
    }
    return make_plan(engine, &subject, hash);
}

const struct cs_tally *cs_engine_tallies(struct cs_engine *engine)
{
    for (size_t i = 0; i < PLANS; i++)
        if (engine->plans[i].views > 0)
            settle(engine, &engine->plans[i]);
    return engine->tallies;
}

/* Programs that open a NAT binding, and people who try a port, send plain text. What does not decode, or has a code
 * that nobody has defined, and is nothing but text, may not be meant as CoAP. */
static bool may_be_text(const struct cs_view *view)
{
    if (view->kind != CS_OF_MESSAGE ||
        (view->traits & (CS_T_MALFORMED | CS_T_RESERVED_CODE | CS_T_UNASSIGNED_CODE)) == 0)
        return false;
    const struct cs_slice octets = view->message->octets;
    for (size_t i = 0; i < octets.len; i++) {
        const uint8_t o = octets.at[i];
        if ((o < 0x20 || o > 0x7e) && o != '\r' && o != '\n' && o != '\t')
            return false;
    }
    return true;
}

/* The first request tells; where the capture has none, a response may. */
static bool may_be_draft(const struct cs_view *view)
{
    return view->flow->draft ||
           (view->kind == CS_OF_MESSAGE &&
            (view->traits & (CS_T_MALFORMED | CS_T_RESPONSE)) == (CS_T_MALFORMED | CS_T_RESPONSE) &&
            view->flow->messages[1 - view->side] == 0 && cs_may_be_draft_response(view->message));
}

/* What is not silence and not about the tester. */
static void count(struct cs_engine *engine, const struct question *question,
                  const struct cs_view *view, struct cs_verdict verdict)
{
    struct cs_tally *tally = &engine->tallies[question->rule];
    if (verdict.outcome == CS_BROKEN && !view->flow->whole && may_be_draft(view))
        verdict = cs_undecided("a draft before RFC 7252 is spoken here");
    else if (verdict.outcome == CS_BROKEN && !view->flow->whole && may_be_text(view))
        verdict = cs_undecided("the datagram is plain text and may not be meant as CoAP");
    if (verdict.outcome == CS_HELD) {
        tally->held++;
    } else if (verdict.outcome == CS_UNDECIDED) {
        tally->undecided++;
        tally->undecided_why = tally->undecided_why == NULL ? verdict.why : tally->undecided_why;
    } else {
        tally->broken++;
        report(engine, engine->rules[question->rule], view, &verdict,
               verdict.by == CS_BY_SENDER ? view->side : 1 - view->side);
    }
}

void cs_engine_judge(struct cs_engine *engine, struct cs_view *view)
{
    /* the tester's own doing is never held against anybody */
    const bool judged[2] = {[CS_BY_SENDER] = view->flow->tester_side != view->side,
                            [CS_BY_RECEIVER] = view->flow->tester_side != 1 - view->side};
    struct plan *plan = plan_for(engine, view);
    const struct question *const end = plan->asked + plan->asked_count;
    view->details = &engine->details;
    plan->views += judged[CS_BY_SENDER];
    for (const struct question *question = plan->asked; question < end; question++) {
        const struct cs_verdict verdict = question->check(view);
        if (verdict.outcome != CS_SILENT && judged[verdict.by])
            count(engine, question, view, verdict);
    }
}
