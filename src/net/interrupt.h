/* net/interrupt.h: has somebody asked the program to end? */
#ifndef SRC_NET_INTERRUPT_H
#define SRC_NET_INTERRUPT_H

#include <stdbool.h>

/* From here on SIGINT and SIGTERM are remembered, and waiting calls return. The second one ends the program at once. */
void net_interrupt_watch(void);
/* Has one of them come? */
bool net_interrupted(void);

#endif
