/* run/run.h: a run: the cases, side by side, against one device; its stream, its evidence, its report. */
#ifndef SRC_RUN_RUN_H
#define SRC_RUN_RUN_H

#include "src/net/address.h"
#include "src/net/child.h"
#include "src/faults/fault.h"
#include "src/profile/profile.h"
#include "src/run/capture.h"
#include "src/run/case.h"
#include "src/run/evidence.h"

struct run_options {
    const struct scenario
        *life; /* asks the device whether it lives; borrowed for the life of the run */
    uint64_t seed;
    unsigned jobs; /* cases side by side */
    uint64_t case_limit_ns, run_limit_ns;
    bool literal;
    const char *exec;   /* starts the device under test; NULL: it runs already */
    const char *listen; /* we are the server here; NULL */
    const struct net_fault *faults[NET_FAULTS_MAX];
    size_t fault_count;
    const char *evidence;        /* the file; NULL: none is kept */
    const char *about;           /* the command line, for the evidence */
    struct run_capture *capture; /* the stream comes from an interface; NULL: from our sockets */
    bool no_keys;                /* the secrets of DTLS sessions are left out of the evidence */
    const struct cs_rule *const *rules;
    size_t rule_count;
    /* Called when a case has ended, and now and then; may be NULL. */
    void (*progress)(void *user, const struct run *run, const struct report_case *ended);
    /* A device that is a client, and is not started by us: somebody must let it send its request to `server`, a
     * URI. May be NULL. */
    void (*instruct)(void *user, const struct scenario *scenario, const char *server);
    void *user;
    bool (*interrupted)(void); /* may be NULL */
    /* Has the device, which we started, ended by itself? Then how. May be NULL. */
    bool (*device_ended)(void *user, char *how, size_t cap);
    /* Ends the server that we started, and starts it anew; waits until it listens. NULL: we did not start it. */
    bool (*restart)(void *user, struct net_target *target, struct net_target *also,
                    struct cs_error *error);
};

/* The device was asked whether it lives. */
enum run_life { RUN_LIFE_UNKNOWN, RUN_LIFE_ASKED, RUN_ALIVE, RUN_DEAD };

struct run {
    struct net_loop *loop;
    struct net_clock clock;
    struct run_options options;
    struct net_target target;
    struct net_target
        also; /* the same device under the other scheme; `uri` is empty: there is none */
    const struct profile *profile;
    bool local;         /* the device shares this machine, and its processors, with us */
    uint64_t strangers; /* datagrams of neither side, left alone */
    struct run_evidence evidence;
    struct cs_secrets *secrets; /* of our DTLS sessions, for the analysis */
    struct cs_analysis *analysis;
    struct report *report;
    struct net_fault_filter *filter;

    struct run_case **cases; /* in order of the selection */
    size_t case_count, runnable, started, ended, running;
    unsigned asked;        /* how often the device was asked whether it lives */
    struct run_case *life; /* the case that asks whether the device lives */
    enum run_life alive;
    uint64_t last_end_ns; /* when the last case ended */
    bool life_due;        /* ask before anything else is started */
    bool over;
    char death[256];           /* what is known about it */
    uint64_t wire_packet;      /* with DTLS: the number of the last record's datagram */
    struct cs_error bench;     /* the run as a whole could not be done */
    uint32_t port_case[65536]; /* 1 + index of the case whose socket had this port; 0: none */
};

/* `scenarios` are borrowed until run_free(). `also` may be NULL. The report gets one case for each, in this order, those
 * not applicable too. NULL with `error`. */
struct run *run_new(const struct run_options *options, const struct net_target *target,
                    const struct net_target *also, const struct profile *profile,
                    struct scenario *const *scenarios, size_t count, struct report *report,
                    struct cs_error *error);
/* Goes through all cases. False with `error` when the bench failed; the report has what was found all the same. */
bool run_go(struct run *run, struct cs_error *error);
void run_free(struct run *run);

/* ------------------------------------------------------------------ between the parts of run/ */

/* The stream: numbers, judges and keeps a datagram; with a capture, the packet that it is in will be. Returns its
 * number. */
uint64_t run_stream(struct run *run, const struct cs_datagram *datagram);
/* The same for a datagram of DTLS as it is on the wire. What is in it is judged with it, by the secrets of run_secret(), and what
 * run_stream() is told of the same message is its number alone. Unless a fault is between: then the records are not opened, and
 * messages that came out of DTLS are judged as they are handed to run_stream(). */
void run_wire(struct run *run, const struct cs_datagram *datagram);
/* A secret of a session of ours, as a line of a key log. */
void run_secret(struct run *run, const char *line);
/* Is it one of the device's addresses? */
bool run_is_device(const struct run *run, const struct cs_address *address);
/* The case a finding belongs to: by our port. */
size_t run_case_of(const struct run *run, const struct cs_address *a, const struct cs_address *b);

/* case.c, outcome.c: case by case. The run owns them; `report_index` is the place among the cases of the report. NULL without memory. */
struct run_case *run_case_new(struct run *run, const struct scenario *scenario,
                              size_t report_index);
void run_case_free(struct run_case *c);
/* Opens its sockets and begins. False: c->reason says why. */
bool run_case_start(struct run_case *c);
/* Ends it with what is known: interrupted, out of time, a dead device. */
void run_case_stop(struct run_case *c, enum report_verdict verdict, const char *reason);
void run_case_report(const struct run_case *c, struct report_case *out);
/* What is known of a case before it runs. */
void run_case_describe(const struct scenario *scenario, struct report_case *out);
/* Has the present list of steps come to its end? Then the next one begins. */
bool run_stage_ends(struct run_case *c);
/* Called by a case that is over. */
void run_case_over(struct run_case *c);
/* Why the profile does not let it run; false when it does. */
bool run_not_applicable(const struct run *run, const struct scenario *scenario, char *why,
                        size_t cap);

/* send.c: the URI of a socket of ours where requests come in. With coaps it has the name that --listen has: a certificate speaks of
 * it. `buf` is returned. */
const char *run_endpoint_uri(const struct run_endpoint *endpoint, char *buf, size_t cap);
/* send.c: opens the socket where the case hears what is sent to All CoAP Nodes. False: c->reason says why. */
bool run_endpoint_hear_group(struct run_case *c);

/* client.c: the device under test, where it is a client. False: c->reason says why. */
bool run_client_start(struct run_case *c);
/* Asks it to end; it may still run for a while. */
void run_client_stop(struct run_case *c);
void run_client_free(struct run_case *c);
/* Ends the device and starts it anew, a client or a server; the case talks to the new one. False with `error`. */
bool run_case_restart(struct run_case *c, struct cs_error *error);

/* sequence.c: goes on as far as it can */
void run_pump(struct run_case *c);
void run_sequences_stop(struct run_case *c);
bool run_sequences_start(struct run_case *c, const struct step_list *list);

/* receive.c: a datagram of the device has reached the stream, and comes to its case */
void run_receive(struct run_endpoint *endpoint, const struct net_received *received);
/* Has what comes to this port of ours to do with the run? It need not come from the device's address. */
bool run_is_from_device(const struct run *run, uint16_t port, const struct cs_address *src,
                        struct cs_slice octets);
/* … past the faults, into the stream */
void run_deliver(struct run_endpoint *endpoint, const struct cs_address *src,
                 struct cs_slice octets, uint64_t at_ns);
/* … and from there to the case, under the number that it has in the evidence */
void run_take_in(struct run_endpoint *endpoint, const struct cs_address *src,
                 struct cs_slice octets, uint64_t at_ns, uint64_t packet);
void run_message_free(struct run_message *message);

/* send.c */
/* `to` NULL: to whom the endpoint talks. */
bool run_transmit(struct run_endpoint *endpoint, const struct cs_address *to,
                  struct cs_slice octets, uint64_t *packet);
void run_sent_stop(struct run_sent *sent);
void run_sent_free(struct run_sent *sent);

/* impair.c: true when the message was taken care of: lost, or comes later */
bool run_impair_out(struct run_endpoint *endpoint, struct cs_slice octets);
bool run_impair_in(struct run_endpoint *endpoint, const struct cs_address *src,
                   struct cs_slice octets, uint64_t at_ns, uint64_t packet);
/* Takes it over. */
void run_impair_add(struct run_case *c, struct run_impairment *impairment);
void run_impair_clear(struct run_case *c);

/* A verdict on time cannot stand when something of ours was late by more than this: a quarter of ACK_TIMEOUT. */
#define RUN_LATE_MAX_NS (500 * NET_MS)

#endif
