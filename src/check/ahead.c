/* check/ahead.c: see ahead.h. Rounds go over in handfuls, so that two threads meet once for a thousand packets. */
#include "src/check/ahead.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

enum { ROUNDS = 16, HANDFULS = 4 };

struct handful {
    struct ahead_round rounds[ROUNDS];
    size_t count;
};

struct ahead {
    struct cs_source *source;
    struct cs_analysis *analysis;
    uint64_t left;
    int (*select)(void *user, struct cs_frame *frames, int n, struct cs_error *error);
    void *user;
    struct ahead_round *reading; /* where secrets go */
    bool no_memory;              /* for a secret of it */
    pthread_t thread;
    struct handful handfuls[HANDFULS];
    size_t round; /* of the handful at hand: what ahead_next() gives next */
    /* under the lock */
    pthread_mutex_t lock;
    pthread_cond_t changed;
    size_t filled, emptied; /* handfuls, ever */
    bool stop;
};

/* ------------------------------------------------------------------ the other thread */

static void forget_secrets(struct ahead_round *round)
{
    while (round->secrets != NULL) {
        struct ahead_secrets *next = round->secrets->next;
        free(round->secrets);
        round->secrets = next;
    }
}

static void take_secrets(void *user, struct cs_slice text)
{
    struct ahead *a = user;
    struct ahead_secrets *s = malloc(sizeof *s + text.len), **end = &a->reading->secrets;
    a->no_memory = a->no_memory || s == NULL;
    if (s == NULL)
        return;
    s->next = NULL;
    s->length = text.len;
    memcpy(s->text, text.at, text.len);
    while (*end != NULL)
        end = &(*end)->next;
    *end = s;
}

static bool read_round(struct ahead *a, struct ahead_round *round)
{
    struct cs_frame frames[CS_BATCH_FRAMES];
    const size_t most = a->left < CS_BATCH_FRAMES ? (size_t)a->left : CS_BATCH_FRAMES;
    forget_secrets(round);
    round->error = (struct cs_error){0};
    a->reading = round;
    round->n = most == 0 ? CS_SOURCE_END : cs_source_next(a->source, frames, most, &round->error);
    round->status = cs_source_status(a->source);
    round->began_ns = round->n > 0 ? frames[0].time_ns : 0;
    if (round->n < 0)
        return false;
    a->left -= (uint64_t)round->n;
    const int kept = a->select(a->user, frames, round->n, &round->error);
    if (kept < 0) {
        round->n = kept;
        return false;
    }
    if (a->no_memory || !cs_analysis_read(a->analysis, frames, (size_t)kept, round->batch)) {
        round->n = CS_SOURCE_ERROR;
        cs_error_set(&round->error, "out of memory");
        return false;
    }
    return true;
}

/* Waits for a handful that is free; NULL: it is over. */
static struct handful *next_free(struct ahead *a)
{
    pthread_mutex_lock(&a->lock);
    while (!a->stop && a->filled - a->emptied == HANDFULS)
        pthread_cond_wait(&a->changed, &a->lock);
    struct handful *h = a->stop ? NULL : &a->handfuls[a->filled % HANDFULS];
    pthread_mutex_unlock(&a->lock);
    return h;
}

static void hand_over(struct ahead *a)
{
    pthread_mutex_lock(&a->lock);
    a->filled++;
    pthread_cond_signal(&a->changed);
    pthread_mutex_unlock(&a->lock);
}

static void *read_all(void *user)
{
    struct ahead *a = user;
    struct handful *h;
    bool more = true;
    while (more && (h = next_free(a)) != NULL) {
        for (h->count = 0; more && h->count < ROUNDS; h->count++)
            more = read_round(a, &h->rounds[h->count]);
        hand_over(a);
    }
    return NULL;
}

/* ------------------------------------------------------------------ this thread */

static void release(struct ahead *a)
{
    for (size_t h = 0; h < HANDFULS; h++)
        for (size_t r = 0; r < ROUNDS; r++) {
            forget_secrets(&a->handfuls[h].rounds[r]);
            cs_batch_free(a->handfuls[h].rounds[r].batch);
        }
    pthread_mutex_destroy(&a->lock);
    pthread_cond_destroy(&a->changed);
    free(a);
}

static bool make_batches(struct ahead *a)
{
    for (size_t h = 0; h < HANDFULS; h++)
        for (size_t r = 0; r < ROUNDS; r++)
            if ((a->handfuls[h].rounds[r].batch = cs_batch_new(true)) == NULL)
                return false;
    return true;
}

/* Signals stay with the thread that judges. */
static bool begin_thread(struct ahead *a)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    const bool begun = pthread_create(&a->thread, NULL, read_all, a) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return begun;
}

struct ahead *ahead_start(struct cs_source *source, struct cs_analysis *analysis, uint64_t left,
                          int (*select)(void *user, struct cs_frame *frames, int n,
                                        struct cs_error *error),
                          void *user)
{
    struct ahead *a = calloc(1, sizeof *a);
    if (a == NULL)
        return NULL;
    a->source = source;
    a->analysis = analysis;
    a->left = left;
    a->select = select;
    a->user = user;
    pthread_mutex_init(&a->lock, NULL);
    pthread_cond_init(&a->changed, NULL);
    if (make_batches(a)) {
        cs_source_on_secrets(source, take_secrets, a);
        if (begin_thread(a))
            return a;
    }
    release(a);
    return NULL;
}

const struct ahead_round *ahead_next(struct ahead *a)
{
    pthread_mutex_lock(&a->lock);
    if (a->round > 0 && a->round == a->handfuls[a->emptied % HANDFULS].count) {
        a->emptied++;
        a->round = 0;
        pthread_cond_signal(&a->changed);
    }
    while (a->filled == a->emptied)
        pthread_cond_wait(&a->changed, &a->lock);
    pthread_mutex_unlock(&a->lock);
    return &a->handfuls[a->emptied % HANDFULS].rounds[a->round++];
}

void ahead_stop(struct ahead *a)
{
    if (a == NULL)
        return;
    pthread_mutex_lock(&a->lock);
    a->stop = true;
    pthread_cond_signal(&a->changed);
    pthread_mutex_unlock(&a->lock);
    pthread_join(a->thread, NULL);
    release(a);
}

unsigned ahead_processors(void)
{
    cpu_set_t mine;
    return sched_getaffinity(0, sizeof mine, &mine) == 0 ? (unsigned)CPU_COUNT(&mine) : 1;
}
