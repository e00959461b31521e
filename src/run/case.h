/* run/case.h: one scenario in progress: a program counter or several, sockets, what was sent and what came. */
#ifndef SRC_RUN_CASE_H
#define SRC_RUN_CASE_H

#include "notation/notation.h"
#include "coapspec/dissect.h"
#include "reports/document/report.h"
#include "src/net/child.h"
#include "src/net/random.h"
#include "src/net/transport.h"
#include "src/names/names.h"
#include "src/peer/backoff.h"
#include "src/peer/reply.h"
#include "src/plot/scenario.h"

struct run;
struct run_case;
struct run_sequence;
struct run_client;
struct run_http;

enum {
    RUN_ENDPOINTS_MAX = 8, /* sockets of one case */
    RUN_SEQUENCES_MAX = 16,
    RUN_FRAMES_MAX = SCENARIO_NEST_MAX + 2,
    RUN_MESSAGES_MAX = 512, /* datagrams kept of one case */
    RUN_SENT_MAX = 512,
    RUN_NAMES_MAX = 64,                       /* that a scenario makes */
    RUN_VARIABLES_MAX = 3 * RUN_NAMES_MAX + 2 /* a socket has three; $unique, $new_mid */
};

/* A socket of ours and whom it talks to. */
struct run_endpoint {
    struct run_case *owner;
    struct net_socket socket;
    struct cs_address peer;
    const struct net_target *device; /* the address of the device that it is for */
    char name[32];
    unsigned late_answers; /* given after the case was over */
    bool open, used;
    bool clear;  /* what came last, to a socket with DTLS, was not in it */
    bool serves; /* whom it talks to is whoever spoke last */
    bool group;  /* it hears what is sent to a group; answers go out by the first socket */
    /* Of a socket where devices begin DTLS sessions: what has happened, since the handshake that a step looks at; why the last one
     * came to nothing, or ended; with whom there was one last. */
    struct {
        unsigned counts[NET_SESSION_NEWS];
        char why[160];
        struct cs_address peer;
    } news;
};

/* A datagram from the device, until its case ends. */
struct run_message {
    uint8_t *octets;
    struct cs_message message; /* borrows from octets */
    struct run_endpoint *endpoint;
    struct cs_address src;
    uint64_t at_ns, packet;
    uint64_t after_ns;            /* how long after what the step that took it counts from */
    struct run_message *original; /* the first message with this type and Message ID */
    uint8_t *answer;              /* what we said to it: said again to a duplicate */
    size_t answer_length;
    bool taken, answered;
};

/* A message of ours. */
struct run_sent {
    struct run_case *owner;
    struct run_endpoint *endpoint;
    uint8_t *octets;
    size_t length;
    struct cs_message message;
    char name[32];          /* `as:` */
    uint64_t at_ns, packet; /* of its last transmission */
    struct peer_backoff backoff;
    struct cs_address to; /* family 0: to whom the endpoint talks */
    bool in_clear;        /* outside of DTLS */
    bool acked, answered;
    uint64_t answered_ns; /* when the first response came */
    struct run_sequence *sequence;
    struct net_timer timer;
};

/* Our side loses, delays, repeats, swaps: the next messages of a kind. */
enum run_impairment_kind { RUN_DROP, RUN_DELAY, RUN_DUPLICATE, RUN_REORDER };
struct run_impairment {
    enum run_impairment_kind kind;
    bool outgoing;
    struct cs_line line;
    uint64_t by_ns;
    uint64_t left; /* how many messages more */
    struct run_impairment *next;
};

/* One sequence of steps in progress. */
struct run_frame {
    const struct step_list *list;
    size_t index;            /* the step that runs */
    uint64_t rounds, round;  /* of repeat and each */
    const struct step *step; /* the one that opened this frame; NULL for the outermost */
};

struct run_sequence {
    struct run_case *owner;
    struct run_sequence *parent; /* of a branch of `parallel` */
    size_t children;             /* branches that still run */
    struct run_frame frames[RUN_FRAMES_MAX];
    size_t depth;
    bool active, waiting;
    struct net_timer timer;
    uint64_t since_ns; /* what `within` and `after` count from: the last thing that happened here */
    uint64_t started_ns;         /* when the present step began */
    struct run_sent *sent;       /* the last message of ours in this sequence */
    struct run_message *last;    /* the last message taken in this sequence */
    struct run_message *request; /* the last request taken by await */
    struct run_message *near;    /* came instead of what is awaited: for the report */
    struct cs_mismatch near_why;
    uint64_t number; /* for the verb's own use */
    struct net_child
        *child; /* a command that the step runs; stopped and freed when the step ends */
};

struct run_variable {
    char name[48];
    char *text;
    bool saved;                 /* it came from the device */
    uint64_t least_ns, most_ns; /* of the durations that it has held; 0 when it held none */
};

/* Which of its lists of steps a case is in. */
enum run_stage { RUN_PREPARE, RUN_STEPS, RUN_RESTORE, RUN_OVER };

struct run_case {
    struct run *run;
    const struct scenario *scenario;
    size_t report_index;
    uint64_t reads, writes; /* resources, by place in the profile */
    struct net_random random;
    uint16_t next_mid;
    struct run_endpoint endpoints[RUN_ENDPOINTS_MAX];
    size_t endpoint_count;
    struct run_endpoint *current;
    struct run_sequence sequences[RUN_SEQUENCES_MAX];
    struct run_message *messages[RUN_MESSAGES_MAX];
    size_t message_count;
    struct run_sent *sent[RUN_SENT_MAX];
    size_t sent_count;
    struct run_variable variables[RUN_VARIABLES_MAX];
    size_t variable_count;
    struct run_impairment *impairments;
    struct run_late_send *late; /* our messages that wait for their time */
    struct net_timer limit;
    struct net_timer more;     /* the steps go on after others had their turn */
    struct run_client *client; /* the device, where it is a client that each case starts */
    struct run_http *http;     /* NULL: no HTTP in it */
    enum run_stage stage;
    uint64_t began_ns, ended_ns, late_ns;
    uint64_t
        busy_ns; /* how late a timer was served at worst: so late may a device on this machine be */
    bool heard;  /* anything came from the device */
    bool pumping;
    bool counted, freed; /* over, and the run knows; its memory has gone */
    bool cleared;        /* the device was seen alive after it */
    bool broken;         /* a step of this stage failed: no further one */

    /* the outcome */
    enum report_verdict verdict;
    char reason[512], expected[256], got[320];
    struct step_text where; /* borrowed: the text at stake; column in the file */
    unsigned column;
    uint64_t packets[CS_PACKETS_MAX];
    size_t packet_count;
    uint8_t octets[REPORT_OCTETS_MAX];
    size_t octet_count;
    uint32_t octet;
};

/* ------------------------------------------------------------------ for verbs */

/* The scenario's text with its names replaced. False: the case has failed for it (an error of the bench). */
bool run_expand(struct run_sequence *sequence, const struct step_text *text,
                struct names_text *out);
/* Its value, in nanoseconds or as a whole number; of `otherwise` where the step has no such text. False likewise. */
bool run_duration(struct run_sequence *sequence, const struct step_text *text,
                  const char *otherwise, uint64_t *out_ns);
bool run_number(struct run_sequence *sequence, const struct step_text *text, uint64_t otherwise,
                uint64_t *out);
/* The text as it was meant at this moment, its names replaced, for the report; as it stands where that cannot be. `buf`
 * is returned. */
const char *run_shown(struct run_sequence *sequence, const char *text, char *buf, size_t cap);
/* Parses an expanded line. */
bool run_parse_line(struct run_sequence *sequence, const struct step_text *text, bool expectation,
                    struct cs_line *line);
bool run_set_variable(struct run_case *c, const char *name, const char *text);
/* The same for a value that the device sent. */
bool run_save(struct run_case *c, const char *name, const char *text);
/* … and is a duration: the shortest and the longest that the name has held are kept. */
bool run_save_interval(struct run_case *c, const char *name, uint64_t ns);
/* False when the name has held no duration. */
bool run_interval_span(const struct run_case *c, const char *name, uint64_t *least_ns,
                       uint64_t *most_ns);
const char *run_variable(struct run_case *c, const char *name);

/* Sends the octets as a new message of ours, through the impairments. With `retransmit`, a CON is sent again until it
 * is answered. NULL: the case has failed for it. */
struct run_sent *run_send(struct run_sequence *sequence, struct run_endpoint *endpoint,
                          const uint8_t *octets, size_t length, bool retransmit);
/* The same, outside of DTLS where the endpoint speaks it. */
struct run_sent *run_send_clear(struct run_sequence *sequence, struct run_endpoint *endpoint,
                                const uint8_t *octets, size_t length, bool retransmit);
struct run_endpoint *run_endpoint_named(struct run_case *c, const char *name);
/* `serves`: it waits for requests, from anywhere. NULL: c->reason says why. */
struct run_endpoint *run_endpoint_open(struct run_case *c, const char *name, bool serves);
/* The same under a scheme, "coap" or "coaps": it talks to that address of the device, or awaits its DTLS sessions. */
struct run_endpoint *run_endpoint_over(struct run_case *c, const char *name, bool serves,
                                       const char *scheme);
/* A socket whose DTLS session begins with that handshake. NULL: `*result` and `error` say why there is none. */
struct run_endpoint *run_endpoint_shake(struct run_case *c, const struct net_handshake *handshake,
                                        enum net_session_result *result, struct cs_error *error);
struct run_sent *run_sent_named(struct run_case *c, const char *name);
/* Says `type` (ACK or RST), Empty, to a message of the device; remembered for its duplicates. */
void run_answer(struct run_case *c, struct run_message *message, enum cs_type type);
void run_answer_octets(struct run_case *c, struct run_message *message, const uint8_t *octets,
                       size_t length);

/* A Message ID that the case has not used. They do not stand in a row: a device that counts would else copy ours once
 * and for all when two counters meet. */
uint16_t run_new_mid(struct run_case *c);

/* What a message has to do with one of ours. */
enum run_relation {
    RUN_RELATED,  /* answers it, by Message ID or token; or cannot be read */
    RUN_ANOTHERS, /* answers another one */
    RUN_UNRELATED /* none that we know */
};
enum run_relation run_relates(const struct run_sequence *sequence,
                              const struct run_message *message, const struct run_sent *sent);

/* Something of ours was due then and is done now: the worst of it is remembered. */
void run_was_late(struct run_case *c, uint64_t due_ns);

/* The step waits until then at the latest. */
bool run_wait_until(struct run_sequence *sequence, uint64_t due_ns);
/* Opens a list of steps below the present one; it is gone through `rounds` times. */
bool run_enter(struct run_sequence *sequence, const struct step_list *list, uint64_t rounds,
               const struct step *step);
/* A further sequence of the same case. */
bool run_branch(struct run_sequence *sequence, const struct step_list *list);

/* The case has not got what it wanted: fail, or inconclusive while it prepares. */
struct run_failure {
    const struct step_text *where;
    unsigned column;                   /* in the text of `where`, from 1; 0: its beginning */
    const struct run_message *message; /* what came instead; may be NULL */
    uint32_t octet;                    /* in it; CS_NO_OCTET */
    const char *expected, *got;
    bool timing;  /* it rests on a clock, ours too */
    bool unknown; /* it need not be the device's fault: inconclusive */
};
void run_fail(struct run_sequence *sequence, const struct run_failure *failure, const char *format,
              ...) __attribute__((format(printf, 3, 4)));
/* We could not do our work. */
void run_bench_error(struct run_sequence *sequence, const struct step_text *where, unsigned column,
                     const char *format, ...) __attribute__((format(printf, 4, 5)));

/* A client that the case started: has it ended by itself? Then how: "the client exited with status 0 (it said: …)". */
bool run_client_ended(const struct run_case *c, char *how, size_t cap);

/* A client that came over DTLS and has no session: why. */
bool run_client_shut_out(const struct run_case *c, char *why, size_t cap);

/* Reads the profile. */
bool run_claims(const struct run_case *c, const char *ability);

#endif
