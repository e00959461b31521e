/* One thread, one poll(). Timers stand in a binary heap. */
#include "src/net/loop.h"

#include <poll.h>
#include <stdlib.h>

struct net_loop {
    struct net_timer **heap; /* from 1 */
    size_t timers, timer_cap;
    struct net_watch **watches; /* from 1 */
    struct pollfd *polls;       /* beside it */
    size_t count, cap;
};

struct net_loop *net_loop_new(void) { return calloc(1, sizeof(struct net_loop)); }

void net_loop_free(struct net_loop *loop)
{
    if (loop == NULL)
        return;
    free(loop->heap);
    free(loop->watches);
    free(loop->polls);
    free(loop);
}

/* ------------------------------------------------------------------ timers */

static void put(struct net_loop *loop, size_t place, struct net_timer *timer)
{
    loop->heap[place] = timer;
    timer->place = place;
}

static void sift(struct net_loop *loop, size_t place)
{
    struct net_timer *timer = loop->heap[place];
    for (; place > 1 && loop->heap[place / 2]->due_ns > timer->due_ns; place /= 2)
        put(loop, place, loop->heap[place / 2]);
    for (size_t child = place * 2; child <= loop->timers; child = place * 2) {
        if (child < loop->timers && loop->heap[child + 1]->due_ns < loop->heap[child]->due_ns)
            child++;
        if (loop->heap[child]->due_ns >= timer->due_ns)
            break;
        put(loop, place, loop->heap[child]);
        place = child;
    }
    put(loop, place, timer);
}

bool net_timer_set(struct net_loop *loop, struct net_timer *timer, uint64_t due_ns)
{
    if (timer->place == 0) {
        if (loop->timers + 1 >= loop->timer_cap) {
            size_t cap = loop->timer_cap * 2 + 16;
            struct net_timer **heap = realloc(loop->heap, cap * sizeof *heap);
            if (heap == NULL)
                return false;
            loop->heap = heap;
            loop->timer_cap = cap;
        }
        loop->timers++;
        put(loop, loop->timers, timer);
    }
    timer->due_ns = due_ns;
    sift(loop, timer->place);
    return true;
}

void net_timer_stop(struct net_loop *loop, struct net_timer *timer)
{
    if (timer->place == 0)
        return;
    size_t place = timer->place;
    timer->place = 0;
    struct net_timer *last = loop->heap[loop->timers--];
    if (last == timer)
        return;
    put(loop, place, last);
    sift(loop, place);
}

static void serve_timers(struct net_loop *loop, uint64_t now)
{
    while (loop->timers > 0 && loop->heap[1]->due_ns <= now) {
        struct net_timer *timer = loop->heap[1];
        uint64_t late = net_now() - timer->due_ns;
        net_timer_stop(loop, timer);
        timer->fire(timer->user, late);
    }
}

/* ------------------------------------------------------------------ descriptors */

bool net_watch_start(struct net_loop *loop, struct net_watch *watch)
{
    if (loop->count + 1 >= loop->cap) {
        size_t cap = loop->cap * 2 + 16;
        struct net_watch **watches = realloc(loop->watches, cap * sizeof(struct net_watch *));
        if (watches == NULL)
            return false;
        loop->watches = watches;
        struct pollfd *polls = realloc(loop->polls, cap * sizeof *polls);
        if (polls == NULL)
            return false;
        loop->polls = polls;
        loop->cap = cap;
    }
    watch->place = ++loop->count;
    loop->watches[watch->place] = watch;
    loop->polls[watch->place] = (struct pollfd){.fd = watch->fd, .events = POLLIN};
    return true;
}

void net_watch_stop(struct net_loop *loop, struct net_watch *watch)
{
    if (watch->place == 0)
        return;
    struct net_watch *last = loop->watches[loop->count];
    loop->watches[watch->place] = last;
    loop->polls[watch->place] = loop->polls[loop->count];
    last->place = watch->place;
    loop->count--;
    watch->place = 0;
}

static void serve_watches(struct net_loop *loop)
{
    /* downwards, so that one that is stopped meanwhile puts only a served one into its place */
    for (size_t i = loop->count; i > 0; i--) {
        if (i > loop->count || loop->polls[i].revents == 0)
            continue;
        loop->polls[i].revents = 0;
        loop->watches[i]->ready(loop->watches[i]->user);
    }
}

void net_loop_turn(struct net_loop *loop, uint64_t until_ns)
{
    uint64_t now = net_now();
    uint64_t due =
        loop->timers > 0 && loop->heap[1]->due_ns < until_ns ? loop->heap[1]->due_ns : until_ns;
    uint64_t wait = due > now ? due - now : 0;
    struct timespec timeout = {(time_t)(wait / NET_SECOND), (long)(wait % NET_SECOND)};
    struct pollfd none = {.fd = -1};
    struct pollfd *polls = loop->polls != NULL ? loop->polls + 1 : &none;
    int ready = ppoll(polls, (nfds_t)loop->count, &timeout, NULL);
    now = net_now();
    if (ready > 0)
        serve_watches(loop);
    serve_timers(loop, now);
}
