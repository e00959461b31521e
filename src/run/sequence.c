/* The steps of a case, one after the other, as far as they go. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "src/run/run.h"
#include "src/plot/step.h"

static const struct step *present(const struct run_sequence *t)
{
    if (t->depth == 0)
        return NULL;
    const struct run_frame *f = &t->frames[t->depth - 1];
    return &f->list->steps[f->index];
}

static void step_ends(struct run_sequence *t)
{
    net_timer_stop(t->owner->run->loop, &t->timer);
    if (t->child != NULL)
        net_child_stop(t->child);
    free(t->child);
    t->child = NULL;
    t->near = NULL;
    t->number = 0;
    t->waiting = false;
}

/* To the step behind the one that has ended; leaves lists that are at their end. */
static void advance(struct run_sequence *t)
{
    step_ends(t);
    while (t->depth > 0) {
        struct run_frame *f = &t->frames[t->depth - 1];
        if (++f->index < f->list->count)
            return;
        if (++f->round < f->rounds) {
            f->index = 0;
            if (f->step != NULL && f->step->variable != NULL)
                run_set_variable(t->owner, f->step->variable, f->step->each[f->round].text);
            return;
        }
        t->depth--; /* the step that opened it has ended too */
    }
    t->active = false;
    if (t->parent != NULL)
        t->parent->children--;
}

bool run_enter(struct run_sequence *t, const struct step_list *list, uint64_t rounds,
               const struct step *step)
{
    if (list->count == 0 || rounds == 0)
        return true;
    assert(t->depth < RUN_FRAMES_MAX);
    t->frames[t->depth++] = (struct run_frame){.list = list, .rounds = rounds, .step = step};
    if (step != NULL && step->variable != NULL)
        run_set_variable(t->owner, step->variable, step->each[0].text);
    return true;
}

static void on_timer(void *user, uint64_t late_ns)
{
    struct run_sequence *t = user;
    struct run_case *c = t->owner;
    const struct step *step = present(t);
    if (late_ns >
        c->busy_ns) /* what came in time is seen in time all the same: sockets go before timers */
        c->busy_ns = late_ns;
    if (!t->active || !t->waiting || step == NULL || step->verb->on_timer == NULL)
        return;
    enum step_result result = step->verb->on_timer(t, step);
    if (result == STEP_DONE)
        advance(t);
    run_pump(c);
}

bool run_wait_until(struct run_sequence *t, uint64_t due_ns)
{
    t->timer.fire = on_timer;
    t->timer.user = t;
    if (net_timer_set(t->owner->run->loop, &t->timer, due_ns))
        return true;
    run_bench_error(t, NULL, 0, "out of memory");
    return false;
}

static void begin(struct run_sequence *t, struct run_case *c, const struct step_list *list)
{
    *t = (struct run_sequence){.owner = c, .active = true, .depth = 1, .since_ns = net_now()};
    t->frames[0] = (struct run_frame){.list = list, .rounds = 1};
}

bool run_branch(struct run_sequence *parent, const struct step_list *list)
{
    struct run_case *c = parent->owner;
    for (size_t i = 0; i < RUN_SEQUENCES_MAX; i++)
        if (!c->sequences[i].active) {
            struct run_sequence *t = &c->sequences[i];
            begin(t, c, list);
            t->parent = parent;
            t->sent = parent->sent;
            t->last = parent->last;
            t->request = parent->request;
            t->since_ns = parent->since_ns;
            parent->children++;
            return true;
        }
    run_bench_error(parent, NULL, 0, "too many branches at once");
    return false;
}

bool run_sequences_start(struct run_case *c, const struct step_list *list)
{
    run_sequences_stop(c);
    struct run_sequence *t = &c->sequences[0];
    struct run_sent *sent = t->sent;
    struct run_message *last = t->last, *request = t->request;
    begin(t, c, list);
    t->sent = sent; /* what `prepare` sent and got may be spoken of */
    t->last = last;
    t->request = request;
    return list->count > 0;
}

void run_sequences_stop(struct run_case *c)
{
    for (size_t i = 0; i < RUN_SEQUENCES_MAX; i++) {
        if (c->sequences[i].owner != NULL)
            step_ends(&c->sequences[i]);
        c->sequences[i].active = false;
        c->sequences[i].children = 0;
    }
}

/* Shows the messages that nobody took to the waiting step. True when something came of it. */
static bool offer(struct run_sequence *t, const struct step *step)
{
    struct run_case *c = t->owner;
    if (step->verb->on_datagram == NULL)
        return false;
    for (size_t i = 0; i < c->message_count; i++) {
        struct run_message *m = c->messages[i];
        if (m->taken)
            continue;
        m->after_ns = m->at_ns > t->since_ns ? m->at_ns - t->since_ns : 0;
        switch (step->verb->on_datagram(t, step, m)) {
        case STEP_LEAVE:
            break;
        case STEP_ABSORB:
            m->taken = true;
            break;
        case STEP_TAKE:
            m->taken = true;
            t->last = m;
            t->since_ns = m->at_ns;
            advance(t);
            return true;
        case STEP_REFUSE:
            m->taken = true;
            return true;
        }
    }
    return false;
}

/* One step of one sequence. True when it moved. */
static bool go(struct run_sequence *t)
{
    const struct step *step = present(t);
    if (step == NULL)
        return false;
    if (!t->waiting) {
        size_t depth = t->depth;
        t->waiting = true;
        t->started_ns = net_now();
        enum step_result result = step->verb->start(t, step);
        if (result == STEP_WAIT)
            offer(t, step);
        else if (result == STEP_DONE && t->depth == depth)
            advance(t);
        else if (result == STEP_DONE) /* it opened a list */
            step_ends(t);
        return true;
    }
    if (step->verb->on_turn == NULL)
        return offer(t, step);
    const enum step_result result = step->verb->on_turn(t, step);
    if (result == STEP_DONE)
        advance(t);
    return result != STEP_WAIT;
}

/* Steps that never wait must not keep sockets, limits and Ctrl-C waiting: after so many at a stretch, others have a turn. */
enum { PUMP_MAX = 1000 };

static void go_on(void *user, uint64_t late_ns)
{
    (void)late_ns;
    run_pump(user);
}

void run_pump(struct run_case *c)
{
    if (c->pumping || c->stage == RUN_OVER)
        return; /* a step is in progress: the loop below goes on with it */
    c->pumping = true;
    bool moved = true;
    for (size_t rounds = 0; moved && c->stage != RUN_OVER; rounds++) {
        if (rounds == PUMP_MAX) {
            c->more = (struct net_timer){.fire = go_on, .user = c, .place = c->more.place};
            net_timer_set(c->run->loop, &c->more, net_now());
            break;
        }
        enum run_stage stage = c->stage;
        moved = false;
        for (size_t i = 0; i < RUN_SEQUENCES_MAX && c->stage == stage; i++)
            if (c->sequences[i].active)
                moved = go(&c->sequences[i]) || moved;
        if (run_stage_ends(c))
            moved = true;
    }
    c->pumping = false;
    if (c->stage == RUN_OVER)
        run_case_over(c);
}
