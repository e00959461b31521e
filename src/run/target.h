/* run/target.h: where the device under test is: given, or started by us. */
#ifndef SRC_RUN_TARGET_H
#define SRC_RUN_TARGET_H

#include "src/net/address.h"
#include "src/net/child.h"
#include "src/profile/profile.h"

struct run_device {
    struct net_loop *loop;
    struct net_child child;
    int pipe;            /* what the device prints */
    const char *command; /* borrowed; NULL: we start none, or each case does */
    const char *uri; /* where it will listen, borrowed; NULL: it says so itself, or has `port` */
    uint16_t port;   /* what {port} stands for; 0: no such word */
    int port_hold;   /* with `port`: keeps others of us away from it; -1: nothing does */
    bool also_given; /* by --also: what it prints does not matter */
    bool per_case;   /* --exec with {server}: each case starts its own */
};

/* What the user says of it; each NULL where it is not said. Borrowed for the life of the device. */
struct run_device_words {
    const char *target, *also; /* URIs of a server, of two schemes */
    const char *command;       /* starts it */
    const char *listen;        /* our own URI: it is a client */
    const char *own;           /* the usual one of these, for a client that `command` starts */
};

/* Waits until a device that was started is there. `also` is the same device under the other
 * scheme, if it is known; else its `uri` is empty. Sets profile->client. False with `error`. */
bool run_device_find(struct run_device *device, const struct run_device_words *words,
                     struct profile *profile, struct net_target *target, struct net_target *also,
                     struct cs_error *error);
/* Ends the device that run_device_find() started, and starts it in the same way; a server that says where it listens may come
 * back elsewhere. What it is spoken to with stays. False with `error`. */
bool run_device_restart(struct run_device *device, struct net_target *target,
                        struct net_target *also, struct cs_error *error);
/* Has it ended by itself? Then how. */
bool run_device_ended(struct run_device *device, char *how, size_t cap);
void run_device_stop(struct run_device *device);
/* Replaces each `{word}` in a command. malloc'ed; NULL without memory. */
char *run_device_command(const char *command, const char *word, const char *value);

#endif
