/* coapspec/stream.h: what is said, and what the tracker knows of it: frames, datagrams, messages of the stream; flows,
 * records of messages, DTLS sessions, the parameters of transmission.
 */
#ifndef COAPSPEC_STREAM_H
#define COAPSPEC_STREAM_H

#include "coapspec/dissect.h"
#include "coapspec/traits.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ------------------------------------------------------------------ the stream */

/* What protects a message; what carries it is enum cs_carrier. */
enum cs_protection { CS_CLEAR, CS_DTLS, CS_TLS, CS_OSCORE };

/* Seen from the bench: did we say it, or the device? A field capture does not know. */
enum cs_direction { CS_UNKNOWN, CS_FROM_DEVICE, CS_FROM_TESTER };

/* One datagram of the stream, from a capture, an interface or our own sockets. */
struct cs_datagram {
    uint64_t
        time_ns; /* since 1970, by the stream's own clock; never goes back by more than the capture does */
    uint64_t packet; /* number in the capture, from 1, as Wireshark counts; the last fragment's */
    struct cs_address src, dst;
    struct cs_slice octets; /* borrowed */
    uint32_t missing;       /* octets dropped by the snap length */
    uint8_t carrier;        /* enum cs_carrier */
    uint8_t protection;     /* enum cs_protection */
    uint8_t direction;      /* enum cs_direction */
    bool fragmented;        /* came in several IP packets */
    /* Which keys protect what these two say, or what they say beside it: 0 for the first, or none; another number after each new session
     * and each new epoch. Messages match within one alone (RFC 7252 section 9.1). */
    uint8_t association;
    bool
        renewed; /* they were renewed: the number before is that of an earlier epoch of the same session */
};

/* A datagram that is CoAP, decoded. */
struct cs_event {
    struct cs_datagram datagram;
    struct cs_message message;
};

/* ------------------------------------------------------------------ a frame of a capture */

struct cs_frame {
    struct cs_slice octets;   /* as captured, from the link layer up; borrowed */
    uint64_t time_ns, number; /* number counts from 1 */
    uint32_t wire_length;     /* octets on the wire */
    uint16_t link_type;       /* LINKTYPE_… of pcap */
    uint8_t direction;        /* enum cs_direction */
};

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
    bool groups;         /* somebody has sent to a group before */
    uint8_t carrier;     /* enum cs_carrier */
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
    uint64_t
        traits; /* CS_T_…: of the first transmission, with what the tracker found out about it */
    uint32_t last_us; /* the last transmission */
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
    CS_SENT_OBSERVE = 1u << 4,      /* carries Observe */
    CS_SENT_OBSERVE_ZERO = 1u << 5, /* … with value 0: registers */
    CS_SENT_BLOCK = 1u << 6,        /* carries Block1, Block2, Q-Block1 or Q-Block2 */
    CS_SENT_ACCEPT = 1u << 7,
    CS_SENT_ETAG = 1u << 8,
    CS_SENT_IF_MATCH = 1u << 9,
    CS_SENT_IF_NONE_MATCH = 1u << 10,
    CS_SENT_NO_RESPONSE = 1u << 11,
    CS_SENT_CONTENT_FORMAT = 1u << 12,
    CS_SENT_UNKNOWN_CRITICAL = 1u << 13,
    CS_SENT_OSCORE = 1u << 14,
    CS_SENT_WELL_KNOWN_CORE = 1u << 15, /* its path is /.well-known/core */
    CS_SENT_EVICTED =
        1u << 16, /* retired for want of memory, not of time: says nothing about absence */
    CS_SENT_REPLY_EMPTY = 1u << 17,    /* the first ACK or RST was Empty */
    CS_SENT_REPLY_DIFFERED = 1u << 18, /* a later ACK or RST differed from the first */
    CS_SENT_BLOCK1_MORE = 1u << 19,    /* a request: Block1 with the M bit */
    CS_SENT_URI_HOST = 1u << 20,
    CS_SENT_CLOSED =
        1u << 21, /* an observation that outlived its exchange: it was CS_T_CLOSED before */
    CS_SENT_RECENT = 1u << 22,      /* the tracker's own mark */
    CS_SENT_DTLS = 1u << 23,        /* it came out of DTLS */
    CS_SENT_TOKEN_AGAIN = 1u << 24, /* this client had used its token for another request before */
    CS_SENT_CRITICAL_LENGTH =
        1u << 25, /* a request: a critical option has a length outside its range (section 5.4.3) */
    CS_SENT_CRITICAL_AGAIN =
        1u << 26, /* … or comes more often than it may, and is critical (section 5.4.5) */
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

/* To a group nobody need answer, and No-Response asks for silence (RFC 7252 section 8.2, RFC 7967). */
static inline bool cs_sent_expects_answer(const struct cs_sent *s)
{
    return (s->traits & CS_T_MULTICAST) == 0 && (s->flags & CS_SENT_NO_RESPONSE) == 0;
}

static inline uint64_t cs_sent_last_ns(const struct cs_sent *s)
{
    return s->first_ns + s->last_us * UINT64_C(1000);
}
static inline uint64_t cs_sent_reply_ns(const struct cs_sent *s)
{
    return s->first_ns + s->reply_us * UINT64_C(1000);
}

/* Transmission parameters, RFC 7252 section 4.8. Defaults unless the device profile says otherwise. Nanoseconds. */
struct cs_parameters {
    uint64_t ack_timeout_ns, ack_random_max_ns /* ACK_TIMEOUT * ACK_RANDOM_FACTOR */;
    unsigned max_retransmit, nstart;
    uint64_t max_transmit_span_ns, max_transmit_wait_ns, exchange_lifetime_ns, non_lifetime_ns;
    bool assumed;         /* nobody declared them: they are the defaults */
    bool extended_tokens; /* RFC 8974 was declared by the profile */
};
extern const struct cs_parameters cs_parameters_default;

#ifdef __cplusplus
}
#endif
#endif
