/* net/child.h: a command that runs beside us: the device under test, or a hook. */
#ifndef SRC_NET_CHILD_H
#define SRC_NET_CHILD_H

#include <sys/types.h>

#include "coapspec/dissect.h"
#include "src/net/loop.h"

struct net_child {
    struct net_loop *loop;
    struct net_watch watch;
    pid_t pid;  /* 0: not running */
    int status; /* of waitpid(), once it has ended */
    bool ended;
    bool quiet;               /* what it writes to its stderr goes into the pipe too */
    void (*done)(void *user); /* may be NULL */
    void *user;
};

/* Starts `sh -c command` in a process group of its own, its output on our stderr or, with `out_fd`, in a pipe whose
 * reading end that becomes. False with `error`. */
bool net_child_start(struct net_child *child, struct net_loop *loop, const char *command,
                     int *out_fd, struct cs_error *error);
/* Asks the group to end: SIGTERM. Returns at once. */
void net_child_ask_to_end(struct net_child *child);
/* Ends the group: SIGTERM, after a second SIGKILL; waits for it. */
void net_child_stop(struct net_child *child);
/* "exited with status 1", "was ended by signal 11 (Segmentation fault)". */
void net_child_describe(const struct net_child *child, char *buf, size_t cap);

#endif
