/* coapspec/dissect.h: from octets to CoAP messages.
 *
 * Everything here borrows: a slice points into memory of the caller, who keeps it for as long as the
 * slice is in use. Nothing here allocates, reads a clock, prints or keeps state.
 */
#ifndef COAPSPEC_DISSECT_H
#define COAPSPEC_DISSECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ------------------------------------------------------------------ basic types */

/* Octets that belong to somebody else. `at` may be NULL only when `len` is 0. */
struct cs_slice {
    const uint8_t *at;
    size_t len;
};

/* In place of an offset in a message: no octet of it is meant. */
#define CS_NO_OCTET UINT32_MAX

/* What went wrong on our side of the bench, never on the device's. `line` and `column` count from 1;
 * 0 means that there is none. `file` is "" where there is no file. */
struct cs_error {
    char file[192];
    unsigned line, column;
    char text[320];
};

/* One transport address. `family` is 4, 6 or 0 for none. An IPv4 address stands in ip[0..3], the rest is
 * zero, so that two addresses are equal when their octets are. `port` in host order. */
struct cs_address {
    uint8_t ip[16];
    uint16_t port;
    uint16_t family;
};

static inline bool cs_address_equal(const struct cs_address *a, const struct cs_address *b)
{
    return a->port == b->port && a->family == b->family && memcmp(a->ip, b->ip, sizeof a->ip) == 0;
}
/* RFC 5771 (IPv4 224.0.0.0/4), RFC 4291 section 2.7 (IPv6 ff00::/8); 255.255.255.255 counts too. */
static inline bool cs_address_is_multicast(const struct cs_address *a)
{
    if (a->family != 4)
        return a->family == 6 && a->ip[0] == 0xff;
    return (a->ip[0] & 0xf0) == 0xe0 || (a->ip[0] & a->ip[1] & a->ip[2] & a->ip[3]) == 0xff;
}
/* Writes "192.0.2.1:5683" or "[2001:db8::1]:5683", always terminated; returns `buf`. 64 octets are enough. */
char *cs_address_format(const struct cs_address *a, char *buf, size_t cap);
/* Reads what cs_address_format writes; the port may be left out (then `default_port`). */
bool cs_address_parse(const char *text, uint16_t default_port, struct cs_address *out);

/* ------------------------------------------------------------------ message, RFC 7252 section 3 */

/* What carries a message: it says how the message is framed. CS_UDP: RFC 7252 section 3, one message a datagram; DTLS is the
 * same. CS_TCP: RFC 8323 section 3.2, one after the other; TLS is the same. CS_WS: RFC 8323 section 4.2, one a WebSocket message. */
enum cs_carrier { CS_UDP, CS_TCP, CS_WS };

/* CS_UNTYPED: the framing has neither type nor Message ID nor version, RFC 8323 section 3.2. */
enum cs_type { CS_CON, CS_NON, CS_ACK, CS_RST, CS_UNTYPED };

#define CS_CODE(class, detail) ((uint8_t)(((class) << 5) | (detail)))
#define CS_CODE_CLASS(code)    ((unsigned)(code) >> 5)
#define CS_CODE_DETAIL(code)   ((unsigned)(code)&0x1fu)

/* How a datagram fails to be a message. One list for number, name and text.
 * The order is that of the octets in a message. */
#define CS_FAULTS(X)                                                                               \
    X(NONE, "none", "well-formed")                                                                 \
    X(CUT, "cut", "the capture holds only a part of this message")                                 \
    X(SHORT_HEADER, "short-header", "shorter than its header")                                     \
    X(VERSION, "version", "version is not 1")                                                      \
    X(TOKEN_LENGTH, "token-length", "token length 15 is reserved")                                 \
    X(TOKEN_SHORT, "token-short", "ends inside the token")                                         \
    X(LENGTH, "length", "the length field tells another length than the message has")              \
    X(EMPTY_NOT_BARE, "empty-not-bare", "Empty message with a token or octets behind its header")  \
    X(OPTION_DELTA, "option-delta", "option delta 15 without being the payload marker")            \
    X(OPTION_LENGTH, "option-length", "option length 15 is reserved")                              \
    X(OPTION_SHORT, "option-short", "ends inside an option")                                       \
    X(OPTION_NUMBER, "option-number", "option number above 65535")                                 \
    X(NO_PAYLOAD, "no-payload", "payload marker with nothing behind it")

enum cs_fault {
#define X(name, id, text) CS_FAULT_##name,
    CS_FAULTS(X)
#undef X
        CS_FAULT_COUNT
};

const char *cs_carrier_text(enum cs_carrier carrier); /* "udp", "tcp", "ws" */
const char *cs_fault_id(enum cs_fault fault);         /* "option-delta" */
const char *cs_fault_text(enum cs_fault fault);       /* one clause, in words */

/* A decoded message. All slices borrow from the datagram. On a fault, the header's fields are as sent once all its octets
 * are there; of the rest, what stands before `fault_at` is valid and what follows is empty. A cut payload holds
 * what was captured of it. The one exception is CS_FAULT_EMPTY_NOT_BARE, which is decided on the header: token, options
 * and payload are those that the octets would have as any other code.
 * `fault_at`: of the header and of its length field 0, of the token its first octet, of an option its first octet, of the
 * payload the marker; of a cut, where the part begins that is not whole, or the end. EMPTY_NOT_BARE: `token_at`, or 0 when
 * there is nothing but a token length. */
struct cs_message {
    struct cs_slice octets;  /* the whole datagram, as captured */
    struct cs_slice token;   /* RFC 7252 section 5.3.1; up to 65804 octets with RFC 8974 */
    struct cs_slice options; /* encoded; walk them with cs_option_next() */
    struct cs_slice payload; /* without the marker */
    uint64_t option_set;     /* bit cs_option_index(number) for each option present */
    uint32_t fault_at;       /* offset in `octets` */
    uint32_t
        content_format; /* of the first Content-Format, which option_set has; saturates; else 0 */
    uint16_t mid;       /* Message ID, host order; 0 for CS_UNTYPED */
    uint16_t option_notes; /* CS_NOTE_…, seen on the way through the options */
    uint8_t carrier;       /* enum cs_carrier */
    uint8_t code_at;       /* offset of the code: 1 to 5 */
    uint8_t mid_at;        /* offset of the Message ID: 2; nothing for CS_UNTYPED */
    uint8_t token_at;      /* where the header ends and the token begins, or its extended length */
    bool has_header;       /* all its octets are there, and the version is 1: type and code count */
    uint8_t version;       /* 1 for CS_UNTYPED */
    uint8_t type;          /* enum cs_type */
    uint8_t code;
    uint8_t token_length; /* the TKL field as sent, 0 to 15 */
    uint8_t fault;        /* enum cs_fault */
};

static inline bool cs_message_is_typed(const struct cs_message *message)
{
    return message->carrier == CS_UDP;
}
/* Are version, type, code and Message ID as they were sent? Of another version they mean nothing: has_header. */
static inline bool cs_message_header_is_whole(const struct cs_message *message)
{
    return message->has_header || message->fault == CS_FAULT_VERSION;
}
/* RFC 8323 section 5: a signal of a reliable transport, whose options have numbers of their own for each code. option_set
 * has them as unassigned ones. */
static inline bool cs_message_is_signal(const struct cs_message *message)
{
    return message->carrier != CS_UDP && CS_CODE_CLASS(message->code) == 7;
}

/* What the decoder sees of the options on its way, so that nobody has to walk them again to find nothing. They speak of
 * assigned options, by cs_option_def(). */
enum {
    CS_NOTE_UINT = 1u << 0,   /* an option of format uint … */
    CS_NOTE_STRING = 1u << 1, /* an option of format string … */
    CS_NOTE_PADDED = 1u << 2, /* … the uint value begins with a zero octet (RFC 7252 section 3.2) */
    CS_NOTE_NOT_ASCII = 1u << 3, /* … the string value has an octet above 0x7f */
    CS_NOTE_LENGTH = 1u << 4,    /* a length outside the range of the definition (section 5.4.3) */
    CS_NOTE_REPEATED = 1u << 5,  /* an option that is not repeatable comes again (section 5.4.5) */
    CS_NOTE_ELSEWHERE = 1u << 6, /* an option that is not defined for such a code (section 5.4) */
    CS_NOTE_DOTS = 1u << 7, /* a string value that is "." or ".." (sections 5.10.1 and 5.10.7) */
};

/* Decodes one message, of fewer than 2^32 octets, framed as `carrier` has it. `missing` is the number of octets which the
 * capture dropped from its end: what would need them is CS_FAULT_CUT, not malformed. Token lengths 13 and 14 are decoded
 * as RFC 8974 says, 9 to 12 as a token of that length. Of CS_TCP the octets are those of one message, see cs_tcp_frame().
 * True when the fault is CS_FAULT_NONE. */
bool cs_message_decode(enum cs_carrier carrier, struct cs_slice octets, uint32_t missing,
                       struct cs_message *out);

/* Where a message ends in a stream, RFC 8323 section 3.2. */
enum cs_frame_state {
    CS_FRAME_WHOLE,    /* all of it is there; what follows is the next one's */
    CS_FRAME_MORE,     /* more octets are needed */
    CS_FRAME_TOO_LONG, /* it is longer than the limit */
    CS_FRAME_LOST      /* token length 15: nobody can tell where the next message begins */
};
enum { CS_TCP_HEAD_MAX = 8 }; /* so many octets tell the length of any message */
struct cs_tcp_frame {
    enum cs_frame_state state;
    uint64_t
        length; /* octets of the message; with CS_FRAME_MORE at least so many are needed; 0 with CS_FRAME_LOST */
};
/* Of the message that begins with the first of these octets. `limit`: the longest that is wanted, in octets. A message that
 * is too long is known by its head: nobody has to keep its octets to find out. */
struct cs_tcp_frame cs_tcp_frame(struct cs_slice octets, uint64_t limit);

static inline bool cs_code_is_request(uint8_t code)
{
    return code >= 1 && code <= 31;
} /* 0.01 to 0.31 */
static inline bool cs_code_is_response(uint8_t code) /* classes 2, 4, 5 */
{
    return (1u << CS_CODE_CLASS(code) & (1u << 2 | 1u << 4 | 1u << 5)) != 0;
}

/* ------------------------------------------------------------------ options, RFC 7252 section 3.1 and 5.4 */

struct cs_option {
    uint32_t number;
    uint32_t at;           /* offset of the option's first octet in the message */
    uint32_t value_at;     /* offset of its value */
    struct cs_slice value; /* borrowed */
};

/* A walk over the options of one message. */
struct cs_option_walk {
    struct cs_slice rest;
    uint32_t at, number;
    uint8_t fault; /* enum cs_fault, once cs_option_next() has returned false */
};

void cs_option_walk_init(struct cs_option_walk *walk, const struct cs_message *message);
/* False at the end or at the first fault. */
bool cs_option_next(struct cs_option_walk *walk, struct cs_option *out);
/* How many options with that number. */
size_t cs_option_count(const struct cs_message *message, uint32_t number);
/* RFC 7252 section 3.2: a uint option value, leading zeros allowed. Values above 64 bits saturate. */
uint64_t cs_option_uint(const struct cs_option *option);

/* RFC 7252 section 5.4.6. */
#define CS_OPTION_IS_CRITICAL(number)     (((number)&1u) != 0)
#define CS_OPTION_IS_UNSAFE(number)       (((number)&2u) != 0)
#define CS_OPTION_IS_NO_CACHE_KEY(number) (((number)&0x1eu) == 0x1cu)

enum cs_option_format { CS_FORMAT_EMPTY, CS_FORMAT_OPAQUE, CS_FORMAT_UINT, CS_FORMAT_STRING };

/* Where its document defines an option: bits of cs_option_def.used_in. */
enum { CS_IN_REQUEST = 1, CS_IN_RESPONSE = 2, CS_IN_SIGNAL = 4 };

/* A row of the IANA registry "CoAP Option Numbers". */
struct cs_option_def {
    uint16_t number;
    uint8_t format;  /* enum cs_option_format */
    uint8_t used_in; /* CS_IN_… */
    bool repeatable;
    uint16_t min, max; /* octets of value */
    const char *name;  /* as registered: "Uri-Path" */
    const char *key;   /* as in the notation: "uri-path" */
    const char *spec;  /* "RFC 7252" */
};

enum { /* the registered numbers that rules and tracker speak of */
       CS_OPT_IF_MATCH = 1,
       CS_OPT_URI_HOST = 3,
       CS_OPT_ETAG = 4,
       CS_OPT_IF_NONE_MATCH = 5,
       CS_OPT_OBSERVE = 6,
       CS_OPT_URI_PORT = 7,
       CS_OPT_LOCATION_PATH = 8,
       CS_OPT_OSCORE = 9,
       CS_OPT_URI_PATH = 11,
       CS_OPT_CONTENT_FORMAT = 12,
       CS_OPT_MAX_AGE = 14,
       CS_OPT_URI_QUERY = 15,
       CS_OPT_HOP_LIMIT = 16,
       CS_OPT_ACCEPT = 17,
       CS_OPT_Q_BLOCK1 = 19,
       CS_OPT_LOCATION_QUERY = 20,
       CS_OPT_EDHOC = 21,
       CS_OPT_BLOCK2 = 23,
       CS_OPT_BLOCK1 = 27,
       CS_OPT_SIZE2 = 28,
       CS_OPT_Q_BLOCK2 = 31,
       CS_OPT_PROXY_URI = 35,
       CS_OPT_PROXY_SCHEME = 39,
       CS_OPT_SIZE1 = 60,
       CS_OPT_ECHO = 252,
       CS_OPT_NO_RESPONSE = 258,
       CS_OPT_REQUEST_TAG = 292
};

/* NULL for an unassigned number. Signalling options (RFC 8323) depend on the code: they have a table apart. */
const struct cs_option_def *cs_option_def(uint32_t number);
/* The same for an option of this message: NULL for those of a signal. */
static inline const struct cs_option_def *cs_option_def_in(const struct cs_message *message,
                                                           uint32_t number)
{
    return cs_message_is_signal(message) ? NULL : cs_option_def(number);
}
/* The whole table in order of the numbers, for lists. */
const struct cs_option_def *cs_option_defs(size_t *count);
/* The bit of this option in cs_message.option_set, 0 to 63. Unassigned numbers share two bits. */
enum { CS_OPTION_INDEX_UNKNOWN_ELECTIVE = 62, CS_OPTION_INDEX_UNKNOWN_CRITICAL = 63 };
unsigned cs_option_high_index(uint32_t number); /* of a number from CS_OPTION_PLACES on */
/* Place in the table, from 1; 0 for an unassigned number. */
enum { CS_OPTION_PLACES = 300 };
extern const uint8_t cs_option_place[CS_OPTION_PLACES];
static inline unsigned cs_option_index(uint32_t number)
{
    if (number >= CS_OPTION_PLACES)
        return cs_option_high_index(number);
    const unsigned place = cs_option_place[number];
    return place != 0 ? place - 1 : CS_OPTION_INDEX_UNKNOWN_ELECTIVE + (number & 1);
}
#define CS_OPTION_BIT(number) (UINT64_C(1) << cs_option_index(number))
static inline bool cs_message_has(const struct cs_message *message, uint32_t number)
{
    return (message->option_set >> cs_option_index(number)) & 1u;
}
/* The first option with that number; false if there is none. cs_option_seek() is the walk behind it. */
bool cs_option_seek(const struct cs_message *message, uint32_t number, struct cs_option *out);
static inline bool cs_option_find(const struct cs_message *message, uint32_t number,
                                  struct cs_option *out)
{
    return cs_message_has(message, number) && cs_option_seek(message, number, out);
}

/* Rows of the registries "CoAP Codes" and "CoAP Content-Formats". */
struct cs_code_def {
    uint8_t code;
    const char *name; /* "GET", "Content" */
    const char *spec;
};
struct cs_content_format_def {
    uint16_t number;
    const char *media_type; /* "application/link-format" */
    const char *spec;
};
const struct cs_code_def *cs_code_def(uint8_t code); /* NULL if unassigned */
extern const uint8_t cs_code_place[256]; /* in the table, from 1; 0 for an unassigned code */
const struct cs_code_def *cs_code_defs(size_t *count);
const struct cs_content_format_def *cs_content_format_def(uint32_t number);
const struct cs_content_format_def *cs_content_format_defs(size_t *count);

#ifdef __cplusplus
}
#endif
#endif
