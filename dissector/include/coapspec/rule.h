/* coapspec/rule.h: what a rule sees, and what it answers.
 *
 * A rule is one sentence of a specification. It subscribes to a kind of event and to traits of it (coapspec/traits.h), looks at
 * what the tracker knows, and answers held, broken or undecided; when the sentence does not apply it says nothing. Rules keep no
 * state: only the tracker does.
 */
#ifndef COAPSPEC_RULE_H
#define COAPSPEC_RULE_H

#include "coapspec/dtls.h"
#include "coapspec/stream.h"
#include "coapspec/traits.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ------------------------------------------------------------------ the view */

/* What the ledgers tell (dissector/track/ledgers.h), one member each; borrowed for the one call. */
struct cs_known {
    const struct cs_session
        *session; /* of DTLS, between these two; with CS_T_IN_SESSION and CS_OF_DTLS */
    const struct cs_unanswerable *unanswerable; /* dissector/track/unanswerable.h */
};

/* Everything a rule may look at. Pointers that do not apply are NULL; all are borrowed for the one call. */
struct cs_view {
    uint8_t kind;    /* enum cs_kind */
    uint64_t traits; /* of that kind */
    uint64_t
        to; /* CS_T_…: what the message was like that this one answers, when it was first sent: that of `acked`,
                        or else of `request`; of `own` with CS_OF_CLOSED; 0 */
    const struct cs_event *event;     /* NULL with CS_OF_CLOSED */
    const struct cs_message *message; /* &event->message */
    const struct cs_flow *flow;       /* NULL only for a message that could not be tracked */
    const struct cs_sent *own;        /* this CON or NON, after this transmission was counted */
    const struct cs_sent
        *acked; /* the CON or NON whose Message ID this ACK or RST carries (of the other side) */
    const struct cs_sent *request; /* the request that this response answers */
    const struct cs_flow *
        request_flow; /* its flow; differs from `flow` when another address answers (multicast, or wrong) */
    const struct cs_sent *
        former; /* see CS_T_MID_REUSED and CS_T_TOKEN_SHARED; with CS_T_STRAY_REPLY the CON or NON of
                                         the same sender that has its Message ID */
    const struct cs_sent
        *waiting; /* with CS_T_STRAY_REPLY: the latest CON or NON of the other side, if
                                      nothing has answered it */
    struct cs_known known;
    const struct cs_dtls *dtls; /* with CS_OF_DTLS: what the datagram shows */
    unsigned side;              /* who sent it: side of the flow */
    uint32_t token; /* hash of the message's token: that of a cs_sent is made the same way */
    uint16_t
        *note; /* two numbers that on_event may keep with the flow, 0 in a new one; not for rules */
    uint64_t now_ns;    /* stream time */
    uint64_t began_ns;  /* time of the first packet of the stream */
    bool ended;         /* CS_OF_CLOSED because the stream ended, not because the lifetime passed */
    bool capture_lossy; /* the source reported drops or holes */
    const struct cs_parameters *parameters;
    struct cs_details *details; /* where cs_broken() writes; not for rules */
};

/* ------------------------------------------------------------------ what a rule answers */

enum cs_outcome { CS_SILENT, CS_HELD, CS_BROKEN, CS_UNDECIDED };

/* Who did it. CS_BY_SENDER is the sender of the event, or of `own` with CS_OF_CLOSED. */
enum cs_by { CS_BY_SENDER, CS_BY_RECEIVER };

enum { CS_PACKETS_MAX = 6 };

/* What goes with a broken rule: beside the verdict, so that the verdict itself travels in two registers. */
struct cs_details {
    char why[240];
    uint64_t packets
        [CS_PACKETS_MAX]; /* others that matter; this event's own packet is added by the engine */
    size_t packet_count;
};

struct cs_verdict {
    uint8_t outcome; /* enum cs_outcome */
    uint8_t by;      /* enum cs_by */
    uint32_t octet;  /* offset in the message of this event, or CS_NO_OCTET */
    union {
        const char *why;            /* undecided: static text */
        struct cs_details *details; /* broken */
    };
};

/* For `check`: return cs_silent(); or cs_held(); or cs_broken(view, octet, "token length is %u", n);
 * or cs_undecided("the request was not captured"). Why is one clause about what was seen, no full stop. */
static inline struct cs_verdict cs_silent(void)
{
    return (struct cs_verdict){.outcome = CS_SILENT};
}
static inline struct cs_verdict cs_held(void)
{
    return (struct cs_verdict){.outcome = CS_HELD, .octet = CS_NO_OCTET};
}
struct cs_verdict cs_undecided(const char *why); /* static text: it is kept by its address */
struct cs_verdict cs_broken(const struct cs_view *view, uint32_t octet, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* The same verdict, blaming the receiver of the event; the same with one more packet. */
struct cs_verdict cs_blame_receiver(struct cs_verdict verdict);
struct cs_verdict cs_with_packet(struct cs_verdict verdict, uint64_t packet);

/* ------------------------------------------------------------------ a rule */

enum cs_level { CS_MUST, CS_MUST_NOT, CS_SHOULD, CS_SHOULD_NOT, CS_SPEC };
const char *cs_level_text(enum cs_level level); /* "MUST NOT"; "definition" for CS_SPEC */
bool cs_level_is_should(enum cs_level level);   /* broken is a warning, not a failure */

enum cs_concern { CS_STACK, CS_APPLICATION }; /* which of the two a broken rule speaks about */

typedef struct cs_verdict cs_check_fn(const struct cs_view *view);

/* NULL-terminated lists of strings at file scope. */
#define CS_STRINGS(...) ((const char *const[]){__VA_ARGS__, NULL})

enum { CS_FORMAT_0 = 0x10000 }; /* cs_rule.format of Content-Format 0, text/plain */

struct cs_rule {
    const char *id;             /* document/section/words; never a number, never reused */
    const char *spec, *section; /* "RFC 7252", "4.1" */
    enum cs_level level;
    enum cs_concern concern;
    const char *says;          /* the sentence, in our words; also what a report calls "expected" */
    const char *cause;         /* what usually causes a violation; one sentence */
    const char *const *covers; /* ids of rules/requirements/: CS_STRINGS("RFC7252-4.1-1a") */
    enum cs_kind of; /* the kind of event that it speaks of; CS_OF_MESSAGE when left out */
    uint64_t on;     /* traits of that kind that must all be there; 0: any event of it */
    uint64_t to;     /* if not 0: and these, CS_T_…, in view->to */
    uint64_t
        suspect; /* if not 0: without one of these traits the rule holds unasked; it judges the sender */
    uint32_t option; /* if not 0: and this option is present; of CS_OF_MESSAGE alone */
    uint32_t
        format; /* if not 0: and a payload has this Content-Format, CS_FORMAT_0 for 0; of CS_OF_MESSAGE alone */
    cs_check_fn *check;
    const char *const
        *holds; /* specimens, see docs/writing-a-rule.md: dialogues that keep the rule … */
    const char *const *breaks; /* … and dialogues that break it and no other */
    const char *const *open;   /* dialogues for which it must be undecided; may be NULL */
    const char *const *also;   /* ids of other rules that `breaks` may trip; may be NULL */
};

/* All rules of this build in order of their ids. The list is generated from the sources. */
const struct cs_rule *const *cs_rules(size_t *count);
const struct cs_rule *cs_rule_by_id(const char *id); /* NULL if there is none */

#ifdef __cplusplus
}
#endif
#endif
