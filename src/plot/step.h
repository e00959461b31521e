/* plot/step.h: a step of a scenario, and what a verb is. One verb, one file of verbs/, one row in the list of verbs/verbs.c.
 *
 * A verb says which keys it takes, how its value reads, and what happens when the step begins, when a datagram comes and when
 * time passes. It judges nothing but its own plot. */
#ifndef SRC_PLOT_STEP_H
#define SRC_PLOT_STEP_H

#include <stdbool.h>
#include <stddef.h>

struct run_message;
struct run_sequence;
struct step;
struct step_verb;

enum { STEP_SAVES_MAX = 8, STEP_ALTERNATIVES_MAX = 8 };

/* What our side does with a confirmable message that an `expect` took. */
enum step_answer { STEP_ANSWER_DUTY, STEP_ANSWER_ACK, STEP_ANSWER_RST, STEP_ANSWER_NONE };

struct step_list {
    struct step *steps;
    size_t count;
};

/* A text of the file and where it stands. */
struct step_text {
    char *text;
    unsigned line, column;
};

/* One step. Which of the fields are used is the verb's business; all texts are as written, `$names` in them. */
struct step {
    const struct step_verb *verb;
    unsigned line, column; /* of the verb's name */
    struct step_text
        values[STEP_ALTERNATIVES_MAX]; /* the verb's value: one text, or alternatives */
    size_t value_count;
    struct step_text within, after, by; /* durations */
    struct step_text from, as, of;      /* names: a socket, a message */
    struct step_text times, fill;       /* numbers */
    struct step_text matching;          /* a line to expect */
    struct step_text over;              /* a scheme: coap or coaps; text NULL: the run's */
    enum step_answer answer;
    bool again;    /* a further transmission of the message that was taken last */
    bool optional; /* nothing is lost when it does not come */
    bool no_retransmit;
    bool in_clear;      /* by a socket that speaks DTLS, outside of it */
    bool other_session; /* not that of the request awaited before */
    struct {
        char *name, *field;
    } saves[STEP_SAVES_MAX];
    size_t save_count;
    char *variable;         /* each: its name … */
    struct step_text *each; /* … and its values */
    size_t each_count;
    struct step_list body, otherwise; /* repeat, each, when */
    struct step_list *branches;       /* parallel */
    size_t branch_count;
};

/* How the verb's value reads. */
enum { STEP_NAME_MAX = 31 }; /* letters of the name of a socket or a message */

enum step_value {
    STEP_VALUE_LINE,        /* a message to send */
    STEP_VALUE_EXPECTATION, /* a message to expect, or a list of alternatives */
    STEP_VALUE_HEX,         /* octets */
    STEP_VALUE_DURATION,
    STEP_VALUE_NUMBER,
    STEP_VALUE_IMPAIRMENT, /* "in LINE" or "out LINE" */
    STEP_VALUE_NAME,
    STEP_VALUE_SOCKET,       /* a name, which from then on stands for a URI */
    STEP_VALUE_GROUP,        /* all_coap_nodes or all_nodes */
    STEP_VALUE_HANDSHAKE,    /* an outcome and what is special */
    STEP_VALUE_CLAIM,        /* an ability or a $resource, perhaps with "not " before it */
    STEP_VALUE_TEXT,         /* anything */
    STEP_VALUE_TEXTS,        /* a list of two or more of them */
    STEP_VALUE_HTTP_REQUEST, /* http_line.h */
    STEP_VALUE_HTTP_STATUS,
    STEP_VALUE_ICMP,    /* port_unreachable and the like */
    STEP_VALUE_DEVICE,  /* the word device */
    STEP_VALUE_SAVES,   /* a mapping of name: field */
    STEP_VALUE_EACH,    /* a mapping of one name: list of values */
    STEP_VALUE_BRANCHES /* a list of lists of steps */
};

enum step_result {
    STEP_WAIT,  /* not done: datagrams and time go on being handed to it */
    STEP_DONE,  /* the next step follows */
    STEP_BROKEN /* run_case_fail() was called */
};

/* What a waiting step does with a datagram. */
enum step_take {
    STEP_LEAVE,  /* not its business: it stays for a later step */
    STEP_ABSORB, /* noted; goes on waiting */
    STEP_TAKE,   /* that was it: done */
    STEP_REFUSE  /* run_case_fail() was called */
};

/* Further keys that a step may have. */
enum {
    STEP_KEY_WITHIN = 1u << 0,
    STEP_KEY_AFTER = 1u << 1,
    STEP_KEY_BY = 1u << 2,
    STEP_KEY_FROM = 1u << 3,
    STEP_KEY_AS = 1u << 4,
    STEP_KEY_OF = 1u << 5,
    STEP_KEY_TIMES = 1u << 6,
    STEP_KEY_FILL = 1u << 7,
    STEP_KEY_MATCHING = 1u << 8,
    STEP_KEY_ANSWER = 1u << 9,
    STEP_KEY_AGAIN = 1u << 10,
    STEP_KEY_OPTIONAL = 1u << 11,
    STEP_KEY_RETRANSMIT = 1u << 12,
    STEP_KEY_SAVE = 1u << 13,
    STEP_KEY_STEPS = 1u << 14,
    STEP_KEY_ELSE = 1u << 15,
    STEP_KEY_EXPECT = 1u << 16,
    STEP_KEY_OVER = 1u << 17,
    STEP_KEY_CLEAR = 1u << 18,
    STEP_KEY_SESSION = 1u << 19
};

/* What a step leaves behind for later ones, or wants from earlier ones; references.c holds them against each other. */
enum {
    STEP_OPENS = 1u << 0,         /* a socket with the name of its value */
    STEP_CLOSES = 1u << 1,        /* the socket of that name */
    STEP_SENDS = 1u << 2,         /* through the socket opened last, or `from` */
    STEP_TAKES = 1u << 3,         /* a message of the device */
    STEP_WANTS_TAKEN = 1u << 4,   /* such a message */
    STEP_AWAITS = 1u << 5,        /* a request of the device */
    STEP_WANTS_REQUEST = 1u << 6, /* such a request */
    STEP_WANTS_INTERVAL = 1u << 7 /* an interval saved under the name of its value */
};

struct step_verb {
    const char *name;
    const char *summary; /* one line, no full stop */
    const char *example; /* lines of YAML */
    enum step_value value;
    unsigned keys;  /* STEP_KEY_… that it may have */
    unsigned needs; /* … and must have */
    unsigned does;  /* STEP_OPENS and the like */
    enum step_result (*start)(struct run_sequence *sequence, const struct step *step);
    /* All of these may be NULL: never called. */
    enum step_take (*on_datagram)(struct run_sequence *sequence, const struct step *step,
                                  struct run_message *message);
    enum step_result (*on_timer)(struct run_sequence *sequence, const struct step *step);
    /* Whatever happened in the case: is the step done now? For what is no datagram. */
    enum step_result (*on_turn)(struct run_sequence *sequence, const struct step *step);
};

#endif
