/* tests/unit/loop.c: timers and descriptors of the event loop, the clock, seeded numbers, child processes. Times that must
 * have passed lie in the past, so that nobody sleeps. */
#include "src/net/loop.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "src/net/child.h"
#include "src/net/random.h"
#include "tests/unit/support.h"

/* ------------------------------------------------------------------ timers */

enum { TIMERS = 500 };

static struct {
    int order[TIMERS];
    uint64_t late_ns[TIMERS];
    size_t count;
} fired;

struct numbered {
    struct net_timer timer;
    struct net_loop *loop;
    int number;
    struct numbered *stops; /* another one that it stops when it fires */
    uint64_t again_ns;      /* it sets itself to then, once */
};

static void on_fire(void *user, uint64_t late_ns)
{
    struct numbered *n = user;
    assert_in_range(fired.count, 0, TIMERS - 1);
    fired.late_ns[fired.count] = late_ns;
    fired.order[fired.count++] = n->number;
    assert_int_equal(n->timer.place, 0);
    if (n->stops != NULL)
        net_timer_stop(n->loop, &n->stops->timer);
    if (n->again_ns != 0) {
        uint64_t again = n->again_ns;
        n->again_ns = 0;
        net_timer_set(n->loop, &n->timer, again);
    }
}

static void set(struct net_loop *loop, struct numbered *n, int number, uint64_t due_ns)
{
    n->loop = loop;
    n->number = number;
    n->timer.fire = on_fire;
    n->timer.user = n;
    assert_true(net_timer_set(loop, &n->timer, due_ns));
}

static void timers_fire_in_order_of_time(void **state)
{
    (void)state;
    static struct numbered timers[TIMERS];
    struct net_loop *loop = net_loop_new();
    struct net_random random = net_random_for(1, "timers");
    const uint64_t past = net_now() - NET_SECOND;
    memset(timers, 0, sizeof timers);
    for (int i = 0; i < TIMERS; i++) /* set anywhere, then moved to their places in another order */
        set(loop, &timers[i], i, past + net_random_next(&random) % NET_SECOND);
    for (int i = 0; i < TIMERS; i++) {
        int k = i * 7 % TIMERS;
        set(loop, &timers[k], k, past + (uint64_t)k);
    }
    for (int i = 0; i < TIMERS; i += 3)
        net_timer_stop(loop, &timers[i].timer);
    net_timer_stop(loop, &timers[0].timer); /* again: nothing happens */
    fired.count = 0;
    net_loop_turn(loop, net_now() + 3600 * NET_SECOND);
    assert_int_equal(fired.count, TIMERS - (TIMERS + 2) / 3);
    for (size_t i = 0; i < fired.count; i++)
        assert_int_equal(fired.order[i], (int)(i + i / 2 + 1)); /* 1 2 4 5 7 8 … */
    net_loop_free(loop);
}

static void a_timer_is_told_how_late_it_is(void **state)
{
    (void)state;
    struct net_loop *loop = net_loop_new();
    struct numbered a = {.number = 0};
    set(loop, &a, 1, net_now() - 5 * NET_SECOND);
    fired.count = 0;
    net_loop_turn(loop, 0);
    assert_int_equal(fired.count, 1);
    assert_in_range(fired.late_ns[0], 5 * NET_SECOND, 60 * NET_SECOND);
    net_loop_free(loop);
}

static void a_timer_may_stop_another_and_set_itself(void **state)
{
    (void)state;
    struct net_loop *loop = net_loop_new();
    const uint64_t past = net_now() - NET_SECOND;
    struct numbered a = {.number = 0}, b = {.number = 0}, c = {.number = 0};
    a.stops = &b;
    a.again_ns = past + 3;
    set(loop, &a, 1, past);
    set(loop, &b, 2, past + 1);
    set(loop, &c, 3, past + 2);
    fired.count = 0;
    net_loop_turn(loop, 0);
    assert_int_equal(fired.count, 3);
    assert_int_equal(fired.order[0], 1);
    assert_int_equal(fired.order[1], 3);
    assert_int_equal(fired.order[2], 1);
    net_loop_free(loop);
}

static void what_is_not_due_waits(void **state)
{
    (void)state;
    struct net_loop *loop = net_loop_new();
    struct numbered a = {.number = 0};
    const uint64_t due = net_now() + 20 * NET_MS;
    set(loop, &a, 1, due);
    fired.count = 0;
    net_loop_turn(loop, 0); /* does not wait */
    if (net_now() < due)
        assert_int_equal(fired.count, 0);
    while (fired.count == 0) /* waits for it, although it may wait longer */
        net_loop_turn(loop, net_now() + 3600 * NET_SECOND);
    assert_true(net_now() >= due);
    net_loop_free(loop);
}

/* ------------------------------------------------------------------ descriptors */

struct piped {
    int ends[2];
    struct net_watch watch;
    struct net_loop *loop;
    unsigned served;
    struct piped *stops;
};

static unsigned served_before_timer;

static void on_ready(void *user)
{
    struct piped *p = user;
    char c;
    assert_int_equal(read(p->watch.fd, &c, 1), 1);
    p->served++;
    served_before_timer += fired.count == 0;
    if (p->stops != NULL)
        net_watch_stop(p->loop, &p->stops->watch);
}

static void piped_init(struct piped *p, struct net_loop *loop)
{
    *p = (struct piped){.loop = loop};
    assert_int_equal(pipe(p->ends), 0);
    p->watch = (struct net_watch){.fd = p->ends[0], .ready = on_ready, .user = p};
    assert_true(net_watch_start(loop, &p->watch));
}

static void piped_fini(struct piped *p)
{
    net_watch_stop(p->loop, &p->watch);
    close(p->ends[0]);
    close(p->ends[1]);
}

static void descriptors_are_served_before_timers(void **state)
{
    (void)state;
    struct net_loop *loop = net_loop_new();
    struct numbered timer = {.number = 0};
    struct piped p;
    piped_init(&p, loop);
    set(loop, &timer, 1, net_now() - NET_SECOND);
    assert_int_equal(write(p.ends[1], "x", 1), 1);
    fired.count = 0;
    served_before_timer = 0;
    net_loop_turn(loop, 0);
    assert_int_equal(p.served, 1);
    assert_int_equal(fired.count, 1);
    assert_int_equal(served_before_timer, 1);
    net_loop_turn(loop, 0); /* nothing there any more */
    assert_int_equal(p.served, 1);
    piped_fini(&p);
    net_loop_free(loop);
}

static void one_that_is_stopped_meanwhile_is_not_served(void **state)
{
    (void)state;
    enum { PIPES = 40 };
    static struct piped pipes[PIPES];
    for (int victim = 0; victim < PIPES; victim += 13) {
        struct net_loop *loop = net_loop_new();
        for (int i = 0; i < PIPES; i++) {
            piped_init(&pipes[i], loop);
            assert_int_equal(write(pipes[i].ends[1], "x", 1), 1);
        }
        for (int i = 0; i < PIPES; i++)
            if (i != victim)
                pipes[i].stops = &pipes[victim];
        net_loop_turn(loop, 0);
        for (int i = 0; i < PIPES; i++) /* the first one may have been the victim itself */
            assert_in_range(pipes[i].served, i == victim ? 0 : 1, 1);
        assert_int_equal(pipes[victim].served, victim == PIPES - 1);
        for (int i = 0; i < PIPES; i++)
            piped_fini(&pipes[i]);
        net_loop_free(loop);
    }
}

/* ------------------------------------------------------------------ the clock */

static void the_stream_has_the_time_of_day(void **state)
{
    (void)state;
    struct net_clock clock;
    struct timespec day;
    net_clock_init(&clock);
    const uint64_t now = net_now();
    clock_gettime(CLOCK_REALTIME, &day);
    const uint64_t due = (uint64_t)day.tv_sec * NET_SECOND, got = net_stream_time(&clock, now);
    assert_true(got + 5 * NET_SECOND > due && got < due + 5 * NET_SECOND);
    assert_int_equal(net_stream_time(&clock, now + NET_MS) - got, NET_MS);
}

static struct timespec day_ago(int64_t seconds)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    t.tv_sec -= seconds;
    return t;
}

static void a_stamp_of_the_kernel_becomes_our_time(void **state)
{
    (void)state;
    uint64_t before = net_now(), got = net_from_kernel(day_ago(0));
    assert_true(got + NET_SECOND > before && got <= net_now());
    if (before > 3 * NET_SECOND) {
        got = net_from_kernel(day_ago(2));
        assert_true(got + 2 * NET_SECOND >= before - NET_SECOND && got + NET_SECOND < net_now());
    }
    before = net_now();
    got = net_from_kernel(day_ago(-10)); /* of the future: somebody set the clock back */
    assert_true(got >= before && got <= net_now());
    before = net_now();
    got = net_from_kernel(day_ago(7200)); /* or forth */
    assert_true(got >= before && got <= net_now());
}

/* ------------------------------------------------------------------ seeded numbers */

static void the_same_seed_draws_the_same_numbers(void **state)
{
    (void)state;
    struct net_random a = net_random_for(7, "core/ping"), b = net_random_for(7, "core/ping"),
                      seed = net_random_for(8, "core/ping"), name = net_random_for(7, "core/pong");
    unsigned seeds = 0, names = 0;
    for (int i = 0; i < 64; i++) {
        uint64_t x = net_random_next(&a);
        assert_int_equal(x, net_random_next(&b));
        seeds += x == net_random_next(&seed);
        names += x == net_random_next(&name);
    }
    assert_int_equal(seeds, 0);
    assert_int_equal(names, 0);
}

/* ------------------------------------------------------------------ children */

static void on_done(void *user) { ++*(int *)user; }

static void wait_for(struct net_loop *loop, const int *done)
{
    for (int i = 0; i < 1000 && *done == 0; i++)
        net_loop_turn(loop, net_now() + NET_SECOND);
    assert_int_equal(*done, 1);
}

static void a_child_tells_how_it_ended(void **state)
{
    (void)state;
    static const struct {
        const char *command, *how;
    } rows[] = {{"exit 0", "exited with status 0"},
                {"exit 7", "exited with status 7"},
                {"/nonexistent/program 2>/dev/null", "exited with status 127"},
                {"kill -SEGV $$", "was ended by signal 11 (Segmentation fault)"}};
    struct net_loop *loop = net_loop_new();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int done = 0;
        char how[128];
        struct cs_error error = {0};
        struct net_child child = {.done = on_done, .user = &done};
        assert_true(net_child_start(&child, loop, rows[i].command, NULL, &error));
        wait_for(loop, &done);
        net_child_describe(&child, how, sizeof how);
        assert_string_equal(how, rows[i].how);
        net_child_stop(&child);
        assert_int_equal(child.pid, 0);
    }
    net_loop_free(loop);
}

static void what_a_child_prints_comes_through_a_pipe(void **state)
{
    (void)state;
    struct net_loop *loop = net_loop_new();
    for (int quiet = 0; quiet < 2; quiet++) {
        int done = 0, fd = -1;
        char said[64] = "";
        struct cs_error error = {0};
        struct net_child child = {.done = on_done, .user = &done, .quiet = quiet != 0};
        const char *command = quiet != 0 ? "echo there; echo here >&2" : "echo there";
        assert_true(net_child_start(&child, loop, command, &fd, &error));
        wait_for(loop, &done);
        assert_true(read(fd, said, sizeof said - 1) > 0);
        assert_string_equal(said, quiet != 0 ? "there\nhere\n" : "there\n");
        close(fd);
        net_child_stop(&child);
    }
    net_loop_free(loop);
}

static void a_child_is_ended_with_all_that_it_started(void **state)
{
    (void)state;
    struct net_loop *loop = net_loop_new();
    int fd = -1;
    char said[32] = "";
    struct cs_error error = {0};
    struct net_child child = {.done = NULL};
    /* the inner shell does not listen to SIGTERM; its number is the first thing that is said */
    assert_true(net_child_start(
        &child, loop, "sh -c 'trap \"\" TERM; echo $$; while :; do sleep 1; done'", &fd, &error));
    assert_true(read(fd, said, sizeof said - 1) > 0);
    pid_t inner = (pid_t)strtol(said, NULL, 10);
    assert_true(inner > 1);
    net_child_stop(&child);
    for (int i = 0; i < 2000 && kill(inner, 0) == 0; i++) /* init has to collect it */
        net_loop_turn(loop, net_now() + NET_MS);
    char state_of[64];
    snprintf(state_of, sizeof state_of, "/proc/%d/stat", (int)inner);
    FILE *stat = fopen(state_of, "r"); /* a zombie at most, where nobody collects */
    char letter = 'Z';
    if (stat != NULL) {
        assert_int_equal(fscanf(stat, "%*d %*s %c", &letter), 1);
        fclose(stat);
    }
    assert_int_equal(letter, 'Z');
    close(fd);
    net_loop_free(loop);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(timers_fire_in_order_of_time),
        cmocka_unit_test(a_timer_is_told_how_late_it_is),
        cmocka_unit_test(a_timer_may_stop_another_and_set_itself),
        cmocka_unit_test(what_is_not_due_waits),
        cmocka_unit_test(descriptors_are_served_before_timers),
        cmocka_unit_test(one_that_is_stopped_meanwhile_is_not_served),
        cmocka_unit_test(the_stream_has_the_time_of_day),
        cmocka_unit_test(a_stamp_of_the_kernel_becomes_our_time),
        cmocka_unit_test(the_same_seed_draws_the_same_numbers),
        cmocka_unit_test(a_child_tells_how_it_ended),
        cmocka_unit_test(what_a_child_prints_comes_through_a_pipe),
        cmocka_unit_test(a_child_is_ended_with_all_that_it_started),
    };
    return cmocka_run_group_tests_name("loop", tests, NULL, NULL);
}
