/* coapspec/rules.h: what a rule sees, what it answers, and the analysis that puts the question.
 *
 * A rule is one sentence of a specification. It subscribes to traits of an event, looks at what the tracker
 * knows, and answers held, broken or undecided; when the sentence does not apply it says nothing. Rules keep no
 * state: only the tracker does.
 */
#ifndef COAPSPEC_RULES_H
#define COAPSPEC_RULES_H

#include "coapspec/dissect.h"
#include "coapspec/dtls.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ------------------------------------------------------------------ what the tracker knows */

/* A flow: two transport addresses that talk. Side 0 is the one that spoke first. */
struct cs_flow {
    struct cs_address address[2];
    uint64_t first_ns, last_ns;
    uint32_t messages[2]; /* CoAP datagrams sent by each side; saturates */
    uint16_t
        open_requests[2]; /* confirmable requests of each side without ACK, RST or response yet */
    uint8_t tester_side;  /* 0 or 1: that side is us; CS_NO_SIDE in a field capture */
    bool whole;           /* every datagram of both directions is in the stream (our own sockets) */
    bool
        draft; /* a draft before RFC 7252 is spoken here: nothing is broken but in our own conversations */
    bool groups; /* somebody has sent to a group before */
    uint8_t transport;
    uint8_t association; /* cs_datagram.association */
    uint8_t
        same_mid[2]; /* how many messages of each side, one after the other, had the Message ID … */
    uint16_t last_mid[2]; /* … of the one before: its latest CON or NON that was no repetition */
    uint16_t note[2];     /* cs_view.note */
    uint8_t
        asked; /* bit 0, 1: that side sent a CON or a NON; bit 2, 3: its Message IDs went back to a small one;
                  bit 4, 5: a response had Message ID and token, not empty, of a request of it */
    uint8_t
        counted[2]; /* how many messages of each side had the Message ID after that; saturates */
    uint8_t
        copied; /* how many separate Confirmable responses had the Message ID of their request, without being the
                       next that their sender counts; saturates */
};
enum { CS_NO_SIDE = 2 };

/* A confirmable or non-confirmable message and what became of it: one record however often it is transmitted.
 * Kept for EXCHANGE_LIFETIME (CON) or NON_LIFETIME (NON) after its first transmission, RFC 7252 section 4.8.2;
 * a request that registered an observation stays beyond that, for its notifications.
 * Times beside `first_ns` are microseconds after it, packets are numbers after `packet`; both saturate. */
struct cs_sent {
    uint64_t packet;   /* of the first transmission */
    uint64_t first_ns; /* of the first transmission */
    uint32_t last_us;  /* the last transmission */
    uint32_t reply_us,
        reply_packets; /* the first ACK or RST with its Message ID; valid with CS_SENT_ACKED or _RESET */
    uint16_t gap_ms[4];     /* between transmissions 1-2, 2-3, 3-4, 4-5; rounded, saturate */
    uint32_t flow;          /* opaque: index of its flow */
    uint32_t content;       /* hash of everything but Message ID, type, Observe and Max-Age */
    uint32_t token;         /* hash of the token */
    uint32_t reply_content; /* hash of the first ACK or RST, whole */
    uint32_t flags;         /* CS_SENT_… */
    uint16_t mid;
    uint16_t length; /* octets of the message, saturates */
    uint16_t accept; /* a request with CS_SENT_ACCEPT: its value */
    uint8_t type, code;
    uint8_t side;          /* of the flow: who sent it */
    uint8_t copies;        /* transmissions seen, saturates */
    uint8_t replies;       /* ACK and RST seen for it, saturates */
    uint8_t responses;     /* a request: distinct responses seen, saturates */
    uint8_t reply_code;    /* code of the first ACK or RST */
    uint8_t response_code; /* code of the first response */
    uint8_t token_length;
    uint8_t fault; /* enum cs_fault: it was malformed (its header was readable) */
};
enum {
    CS_SENT_ACKED = 1u << 0,        /* an ACK with its Message ID was seen */
    CS_SENT_RESET = 1u << 1,        /* an RST with its Message ID was seen */
    CS_SENT_RESPONDED = 1u << 2,    /* a request: a response was seen */
    CS_SENT_SEPARATE = 1u << 3,     /* … and it was not piggybacked */
    CS_SENT_MULTICAST = 1u << 4,    /* sent to a multicast address */
    CS_SENT_OBSERVE = 1u << 5,      /* carries Observe */
    CS_SENT_OBSERVE_ZERO = 1u << 6, /* … with value 0: registers */
    CS_SENT_BLOCK = 1u << 7,        /* carries Block1, Block2, Q-Block1 or Q-Block2 */
    CS_SENT_ACCEPT = 1u << 8,
    CS_SENT_ETAG = 1u << 9,
    CS_SENT_IF_MATCH = 1u << 10,
    CS_SENT_IF_NONE_MATCH = 1u << 11,
    CS_SENT_PROXY = 1u << 12, /* carries Proxy-Uri or Proxy-Scheme */
    CS_SENT_NO_RESPONSE = 1u << 13,
    CS_SENT_CONTENT_FORMAT = 1u << 14,
    CS_SENT_UNKNOWN_CRITICAL = 1u << 15,
    CS_SENT_OSCORE = 1u << 16,
    CS_SENT_WELL_KNOWN_CORE = 1u << 17, /* its path is /.well-known/core */
    CS_SENT_EVICTED =
        1u << 18, /* retired for want of memory, not of time: says nothing about absence */
    CS_SENT_REPLY_EMPTY = 1u << 19,    /* the first ACK or RST was Empty */
    CS_SENT_REPLY_DIFFERED = 1u << 20, /* a later ACK or RST differed from the first */
    CS_SENT_TOKEN_SHARED =
        1u << 21, /* when it was sent, another open request of this client had this token */
    CS_SENT_MID_REUSED = 1u << 22,  /* its Message ID displaced a live record with other content */
    CS_SENT_BLOCK1_MORE = 1u << 23, /* a request: Block1 with the M bit */
    CS_SENT_URI_HOST = 1u << 24,
    CS_SENT_CLOSED =
        1u << 25, /* an observation that outlived its exchange: it was CS_T_CLOSED before */
    CS_SENT_RECENT = 1u << 26,      /* the tracker's own mark */
    CS_SENT_DTLS = 1u << 28,        /* it came out of DTLS */
    CS_SENT_TOKEN_AGAIN = 1u << 27, /* this client had used its token for another request before */
};

/* What is known of DTLS between two addresses: the latest handshake, and what was sent since. Sides are those of `flow`. */
struct cs_session {
    struct cs_flow flow;
    uint8_t client_side; /* who sent a ClientHello; CS_NO_SIDE: the capture began later */
    bool carries_coap;   /* a port says so; else it may be any use of DTLS */
    bool has_suite;      /* a ServerHello was seen */
    bool closing;        /* an alert was sent that is fatal, or cannot be read */
    uint16_t version;    /* what the ServerHello chose; before it, what the records say */
    uint16_t suite;
    uint8_t certificate_type[2]; /* CS_CERTIFICATE_…, by the side that sends it */
    uint64_t encrypted[2];       /* records of each side that are encrypted */
    uint8_t association;         /* cs_datagram.association of what is said now */
};
/* Both sides have sent what they encrypted. */
static inline bool cs_session_stands(const struct cs_session *session)
{
    return session->encrypted[0] > 0 && session->encrypted[1] > 0;
}

static inline uint64_t cs_sent_last_ns(const struct cs_sent *s)
{
    return s->first_ns + s->last_us * UINT64_C(1000);
}
static inline uint64_t cs_sent_reply_ns(const struct cs_sent *s)
{
    return s->first_ns + s->reply_us * UINT64_C(1000);
}

/* ------------------------------------------------------------------ traits: what a rule subscribes to */

/* Ordered from the common to the rare. An event has many; a rule's subscription names those that must all be
 * there. CS_T_CLOSED events carry no message: only `own` (and its `flow`, `request`) is set. Those of DTLS carry none
 * either: `dtls` and `session` are set, and `event` has the datagram. */
/* clang-format off */
#define CS_TRAITS(X) \
    X(MESSAGE, "a datagram taken for CoAP, well-formed or not") \
    X(WELL_FORMED, "it decodes") \
    X(CON, "type Confirmable") \
    X(ACK, "type Acknowledgement") \
    X(NON, "type Non-confirmable") \
    X(REQUEST, "code 0.01 to 0.31") \
    X(RESPONSE, "code class 2, 4 or 5") \
    X(FIRST, "CON or NON: its first transmission") \
    X(HAS_TOKEN, "token length is not 0") \
    X(HAS_OPTIONS, "at least one option") \
    X(HAS_PAYLOAD, "payload is not empty") \
    X(REPLY, "ACK or RST whose Message ID is that of a CON or NON in `acked`") \
    X(ANSWER, "a response whose `request` is known") \
    X(PIGGYBACKED, "a response in an ACK") \
    X(SEPARATE, "a response in a CON or NON") \
    X(SUCCESS, "code class 2") \
    X(CLOSED, "a CON or NON record is retired; `own` is that record") \
    X(EMPTY, "code 0.00") \
    X(RST, "type Reset") \
    X(ERROR, "code class 4 or 5") \
    X(CLIENT_ERROR, "code class 4") \
    X(SERVER_ERROR, "code class 5") \
    X(REPEAT, "CON or NON: transmitted before, same content") \
    X(REPEAT_REPLY, "ACK or RST: not the first one for `acked`") \
    X(STRAY_REPLY, "ACK or RST for which no CON or NON is known") \
    X(STRAY_RESPONSE, "a response for which no request is known") \
    X(MID_REUSED, "CON or NON: its Message ID is live with other content; `former` is that record") \
    X(TOKEN_SHARED, "a new request whose token is in use by another open request, `former`") \
    X(LINK_FORMAT, "a payload whose Content-Format is 40, application/link-format") \
    X(MID_LIVE, "CON or NON: REPEAT or MID_REUSED") \
    X(TO_RESPONSE, "REPLY, and `acked` is a response") \
    X(TO_NON, "REPLY, and `acked` is a NON") \
    X(TO_EMPTY, "REPLY, and `acked` is Empty") \
    X(OVER_NSTART, "a confirmable request, and more of its sender are open than NSTART") \
    X(VALID, "code 2.03") \
    X(PROXIED, "a Proxy-Uri or Proxy-Scheme") \
    X(UNKNOWN_OPTION, "an option whose number is not assigned") \
    X(MULTICAST, "sent to a multicast address") \
    X(FRAGMENTED, "came in several IP packets") \
    X(LARGE, "more than 1152 octets, or more than 1024 of payload") \
    X(LOCATION, "a Location-Path or Location-Query") \
    X(UNASSIGNED_CODE, "a code that is not in the registry") \
    X(RESERVED_CODE, "code class 1, 3, 6 or 7") \
    X(MALFORMED, "it does not decode; `message->fault` says why") \
    X(HAS_UINT, "an assigned option of format uint") \
    X(HAS_STRING, "an assigned option of format string") \
    X(UINT_PADDED, "a uint option value that begins with a zero octet") \
    X(STRING_NOT_ASCII, "a string option value with an octet above 0x7f") \
    X(OPTION_LENGTH, "an assigned option whose length is outside its range") \
    X(OPTION_REPEATED, "an option that is not repeatable, twice") \
    X(OPTION_ELSEWHERE, "an assigned option that is not defined for such a code") \
    X(DOT_SEGMENT, "a string option whose value is . or ..") \
    X(CUT, "the capture holds only a part of it") \
    X(LONG_TOKEN, "token length field 9 to 15") \
    X(MISPLACED, "an ACK or RST with the code of a request, and then no REQUEST") \
    X(IN_SESSION, "between two addresses that have a DTLS `session`: in the clear, or out of it") \
    X(DTLS_RECORD, "DTLS: application data, or a record in the clear that holds CoAP in its place") \
    X(DTLS_HELLO, "DTLS: a ClientHello or ServerHello") \
    X(DTLS_CERTIFICATE, "DTLS: the certificates, or the raw public key, of one side") \
    X(RENEWED, "in a later epoch of a DTLS session; a CON may have the one it repeats in `former`")
/* clang-format on */

enum {
#define X(name, text) CS_TN_##name,
    CS_TRAITS(X)
#undef X
        CS_TRAIT_COUNT
};
/* CS_T_CON, CS_T_REQUEST, …: one bit each. */
#define CS_TRAIT(name)        (UINT64_C(1) << CS_TN_##name)
#define CS_T_MESSAGE          CS_TRAIT(MESSAGE)
#define CS_T_WELL_FORMED      CS_TRAIT(WELL_FORMED)
#define CS_T_CON              CS_TRAIT(CON)
#define CS_T_ACK              CS_TRAIT(ACK)
#define CS_T_NON              CS_TRAIT(NON)
#define CS_T_RST              CS_TRAIT(RST)
#define CS_T_REQUEST          CS_TRAIT(REQUEST)
#define CS_T_RESPONSE         CS_TRAIT(RESPONSE)
#define CS_T_FIRST            CS_TRAIT(FIRST)
#define CS_T_HAS_TOKEN        CS_TRAIT(HAS_TOKEN)
#define CS_T_HAS_OPTIONS      CS_TRAIT(HAS_OPTIONS)
#define CS_T_HAS_PAYLOAD      CS_TRAIT(HAS_PAYLOAD)
#define CS_T_REPLY            CS_TRAIT(REPLY)
#define CS_T_ANSWER           CS_TRAIT(ANSWER)
#define CS_T_PIGGYBACKED      CS_TRAIT(PIGGYBACKED)
#define CS_T_SEPARATE         CS_TRAIT(SEPARATE)
#define CS_T_SUCCESS          CS_TRAIT(SUCCESS)
#define CS_T_CLOSED           CS_TRAIT(CLOSED)
#define CS_T_EMPTY            CS_TRAIT(EMPTY)
#define CS_T_ERROR            CS_TRAIT(ERROR)
#define CS_T_CLIENT_ERROR     CS_TRAIT(CLIENT_ERROR)
#define CS_T_SERVER_ERROR     CS_TRAIT(SERVER_ERROR)
#define CS_T_REPEAT           CS_TRAIT(REPEAT)
#define CS_T_REPEAT_REPLY     CS_TRAIT(REPEAT_REPLY)
#define CS_T_STRAY_REPLY      CS_TRAIT(STRAY_REPLY)
#define CS_T_STRAY_RESPONSE   CS_TRAIT(STRAY_RESPONSE)
#define CS_T_MID_REUSED       CS_TRAIT(MID_REUSED)
#define CS_T_TOKEN_SHARED     CS_TRAIT(TOKEN_SHARED)
#define CS_T_LINK_FORMAT      CS_TRAIT(LINK_FORMAT)
#define CS_T_MID_LIVE         CS_TRAIT(MID_LIVE)
#define CS_T_TO_RESPONSE      CS_TRAIT(TO_RESPONSE)
#define CS_T_TO_NON           CS_TRAIT(TO_NON)
#define CS_T_TO_EMPTY         CS_TRAIT(TO_EMPTY)
#define CS_T_OVER_NSTART      CS_TRAIT(OVER_NSTART)
#define CS_T_VALID            CS_TRAIT(VALID)
#define CS_T_PROXIED          CS_TRAIT(PROXIED)
#define CS_T_UNKNOWN_OPTION   CS_TRAIT(UNKNOWN_OPTION)
#define CS_T_MULTICAST        CS_TRAIT(MULTICAST)
#define CS_T_FRAGMENTED       CS_TRAIT(FRAGMENTED)
#define CS_T_LARGE            CS_TRAIT(LARGE)
#define CS_T_LOCATION         CS_TRAIT(LOCATION)
#define CS_T_UNASSIGNED_CODE  CS_TRAIT(UNASSIGNED_CODE)
#define CS_T_RESERVED_CODE    CS_TRAIT(RESERVED_CODE)
#define CS_T_MALFORMED        CS_TRAIT(MALFORMED)
#define CS_T_HAS_UINT         CS_TRAIT(HAS_UINT)
#define CS_T_HAS_STRING       CS_TRAIT(HAS_STRING)
#define CS_T_UINT_PADDED      CS_TRAIT(UINT_PADDED)
#define CS_T_STRING_NOT_ASCII CS_TRAIT(STRING_NOT_ASCII)
#define CS_T_OPTION_LENGTH    CS_TRAIT(OPTION_LENGTH)
#define CS_T_OPTION_REPEATED  CS_TRAIT(OPTION_REPEATED)
#define CS_T_OPTION_ELSEWHERE CS_TRAIT(OPTION_ELSEWHERE)
#define CS_T_DOT_SEGMENT      CS_TRAIT(DOT_SEGMENT)
#define CS_T_CUT              CS_TRAIT(CUT)
#define CS_T_LONG_TOKEN       CS_TRAIT(LONG_TOKEN)
#define CS_T_MISPLACED        CS_TRAIT(MISPLACED)
#define CS_T_IN_SESSION       CS_TRAIT(IN_SESSION)
#define CS_T_DTLS_RECORD      CS_TRAIT(DTLS_RECORD)
#define CS_T_DTLS_HELLO       CS_TRAIT(DTLS_HELLO)
#define CS_T_DTLS_CERTIFICATE CS_TRAIT(DTLS_CERTIFICATE)
#define CS_T_RENEWED          CS_TRAIT(RENEWED)

/* Everything a rule may look at. Pointers that do not apply are NULL; all are borrowed for the one call. */
struct cs_view {
    uint64_t traits;
    const struct cs_event *event;     /* NULL with CS_T_CLOSED */
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
    const struct cs_session *session; /* with CS_T_IN_SESSION and the traits of DTLS */
    const struct cs_dtls *dtls;       /* with the traits of DTLS: what the datagram shows */
    unsigned side;                    /* who sent it: side of the flow */
    uint32_t token; /* hash of the message's token: that of a cs_sent is made the same way */
    uint16_t
        *note; /* two numbers that on_event may keep with the flow, 0 in a new one; not for rules */
    uint64_t now_ns;    /* stream time */
    uint64_t began_ns;  /* time of the first packet of the stream */
    bool ended;         /* CS_T_CLOSED because the stream ended, not because the lifetime passed */
    bool capture_lossy; /* the source reported drops or holes */
    const struct cs_parameters *parameters;
    struct cs_details *details; /* where cs_broken() writes; not for rules */
};

/* Transmission parameters, RFC 7252 section 4.8. Defaults unless the device profile says otherwise. Nanoseconds. */
struct cs_parameters {
    uint64_t ack_timeout_ns, ack_random_max_ns /* ACK_TIMEOUT * ACK_RANDOM_FACTOR */;
    unsigned max_retransmit, nstart;
    uint64_t max_transmit_span_ns, max_transmit_wait_ns, exchange_lifetime_ns, non_lifetime_ns;
    bool assumed;         /* nobody declared them: they are the defaults */
    bool extended_tokens; /* RFC 8974 was declared by the profile */
};
extern const struct cs_parameters cs_parameters_default;

/* ------------------------------------------------------------------ what a rule answers */

enum cs_outcome { CS_SILENT, CS_HELD, CS_BROKEN, CS_UNDECIDED };

/* Who did it. CS_BY_SENDER is the sender of the event, or of `own` with CS_T_CLOSED. */
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

struct cs_rule {
    const char *id;             /* document/section/words; never a number, never reused */
    const char *spec, *section; /* "RFC 7252", "4.1" */
    enum cs_level level;
    enum cs_concern concern;
    const char *says;          /* the sentence, in our words; also what a report calls "expected" */
    const char *cause;         /* what usually causes a violation; one sentence */
    const char *const *covers; /* ids of rules/requirements/: CS_STRINGS("RFC7252-4.1-1a") */
    uint64_t on;               /* traits that must all be there */
    uint64_t
        suspect; /* if not 0: without one of these traits the rule holds unasked; it judges the sender */
    uint32_t option; /* if not 0: and this option is present */
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

/* ------------------------------------------------------------------ findings */

/* A broken rule. Everything is borrowed for the one call. */
struct cs_finding {
    const struct cs_rule *rule;
    const char *why;
    struct cs_address offender, other;
    const char *role;                     /* "client", "server" or "endpoint" */
    uint64_t packets[CS_PACKETS_MAX + 1]; /* ascending; the event's own packet among them */
    size_t packet_count;
    uint64_t packet; /* the one to look at */
    uint64_t time_ns;
    struct cs_slice octets; /* the message; empty when the finding is about an absence */
    uint32_t octet;         /* in `octets`, or CS_NO_OCTET */
};

/* Per rule, over the whole stream. */
struct cs_tally {
    uint64_t held, broken, undecided;
    const char *undecided_why; /* the first reason; static */
};

/* ------------------------------------------------------------------ a frame of a capture */

struct cs_frame {
    struct cs_slice octets;   /* as captured, from the link layer up; borrowed */
    uint64_t time_ns, number; /* number counts from 1 */
    uint32_t wire_length;     /* octets on the wire */
    uint16_t link_type;       /* LINKTYPE_… of pcap */
    uint8_t direction;        /* enum cs_direction */
};

/* ------------------------------------------------------------------ the analysis: octets to findings */

struct cs_settings {
    size_t memory; /* octets for all tables together; 0: 40 MiB */
    const uint16_t
        *ports; /* UDP ports that carry CoAP besides 5683; borrowed for cs_analysis_new() */
    size_t port_count;
    bool no_heuristic; /* take nothing else for CoAP */
    bool all_coap;     /* every datagram is CoAP, whatever its ports: evidence */
    bool whole;        /* the stream is our own sockets': nothing is missing from it */
    struct cs_parameters parameters; /* all zero: the defaults */
    const struct cs_secrets *
        secrets; /* what opens records of DTLS; NULL: nothing. Borrowed for the life of the analysis */
    const struct cs_rule *const
        *rules; /* which rules; NULL: all. Borrowed for the life of the analysis */
    size_t rule_count;
    void *user; /* handed to the two functions below */
    void (*on_finding)(void *user, const struct cs_finding *finding);
    void (*on_event)(void *user, const struct cs_view *view); /* every CoAP datagram; may be NULL */
    /* A hint: on_event will be called for this flow soon, perhaps. May be NULL. */
    void (*on_ahead)(void *user, const struct cs_flow *flow);
};

/* What was seen of DTLS. */
enum { CS_SUITES_COUNTED = 8 };
struct cs_dtls_counts {
    uint64_t sessions;  /* handshakes, and those that began before the stream did */
    uint64_t records;   /* all of them … */
    uint64_t encrypted; /* … and those that are encrypted */
    uint64_t
        decrypted; /* messages out of them that were judged, or that came decrypted, with CS_DTLS */
    uint64_t sealed;  /* of application data, encrypted: without a secret, and not judged */
    uint64_t refused; /* encrypted, and not authentic by their session's secret */
    uint64_t
        repeated; /* encrypted, and seen before: no receiver takes them (RFC 6347 section 4.1.2.6) */
    uint64_t
        unreadable; /* datagrams with octets in them that are no record; handshake messages that are none */
    uint64_t evicted; /* sessions forgotten for want of memory */
    struct {
        uint64_t sessions; /* 0: no more of them */
        uint16_t suite;
    } suites[CS_SUITES_COUNTED]; /* as the servers chose; in order of appearance */
};

/* What was seen, for reports. */
struct cs_counts {
    uint64_t packets, octets;          /* frames and their captured octets */
    uint64_t fragments, datagrams;     /* IP fragments, UDP datagrams */
    uint64_t not_decodable;            /* frames whose link or IP layer could not be read */
    uint64_t messages, malformed, cut; /* CoAP */
    uint64_t flows, flows_now, sent_now;
    uint64_t evicted_flows, evicted_messages, evicted_fragments;
    uint64_t first_ns, last_ns;
    struct cs_dtls_counts dtls;
    size_t memory; /* octets in tables now */
};

struct cs_analysis;

/* NULL when there is no memory for it. */
struct cs_analysis *cs_analysis_new(const struct cs_settings *settings);
void cs_analysis_free(struct cs_analysis *analysis);
/* Frames in the order of the capture. Their octets are read before this returns. Any number at once; batches of
 * 32 are fast. */
void cs_analysis_frames(struct cs_analysis *analysis, const struct cs_frame *frames, size_t count);
/* One datagram that is known to be CoAP. */
void cs_analysis_datagram(struct cs_analysis *analysis, const struct cs_datagram *datagram);
/* One datagram that is known to be DTLS records around CoAP. */
void cs_analysis_records(struct cs_analysis *analysis, const struct cs_datagram *datagram);
/* The source lost packets: from here on absence proves nothing. */
void cs_analysis_lossy(struct cs_analysis *analysis);
/* Time passes without traffic: retires what has expired (the monitor, a live run). */
void cs_analysis_time(struct cs_analysis *analysis, uint64_t now_ns);
/* The stream ends: retires everything. */
void cs_analysis_end(struct cs_analysis *analysis);
/* One tally per rule, in the order of the settings' rules (cs_rules() if there were none). Borrowed. */
const struct cs_tally *cs_analysis_tallies(const struct cs_analysis *analysis, size_t *count);
struct cs_counts cs_analysis_counts(const struct cs_analysis *analysis);

#ifdef __cplusplus
}
#endif
#endif
