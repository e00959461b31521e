#include "src/net/interrupt.h"

#include <signal.h>

static volatile sig_atomic_t interrupted;

bool net_interrupted(void) { return interrupted != 0; }

static void on_interrupt(int number)
{
    (void)number;
    interrupted = 1;
}

void net_interrupt_watch(void)
{
    /* SA_RESETHAND: the second Ctrl-C ends the program at once. No SA_RESTART: waiting calls return. */
    struct sigaction interrupt = {.sa_handler = on_interrupt, .sa_flags = (int)SA_RESETHAND};
    sigemptyset(&interrupt.sa_mask);
    sigaction(SIGINT, &interrupt, NULL);
    sigaction(SIGTERM, &interrupt, NULL);
}
