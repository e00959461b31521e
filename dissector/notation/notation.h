/* notation/notation.h: one line of text for one message, in both directions.
 *
 *   [CON|NON|ACK|RST] CODE-OR-METHOD [/path] [?query]… [option=value]… [cf=N] [tok=HEX] [mid=N]
 *       [| payload]
 *   raw: HEX
 *
 * Over TCP and WebSocket there is neither type nor Message ID.
 *
 * docs/notation.md is its reference. In an expectation a value may be a pattern. */
#ifndef DISSECTOR_NOTATION_NOTATION_H
#define DISSECTOR_NOTATION_NOTATION_H

#include "base/text.h"
#include "coapspec/dissect.h"

enum { CS_LINE_OPTIONS_MAX = 64, CS_LINE_TEXT_MAX = 4096 };

/* How a value in a line stands to the value in a message. Only CS_IS can be sent. */
enum cs_pattern {
    CS_IS,         /* exactly this */
    CS_ANY,        /* any or *: there, whatever it is */
    CS_ABSENT,     /* absent: not there */
    CS_RANGE,      /* 0..100, 1.., ..9 */
    CS_GLOB,       /* text with * in it */
    CS_SAME,       /* same: as in the last message that matched this line's kind */
    CS_INCREASING, /* increasing: above that of the last one (Observe: RFC 7641 section 3.4 order)
                    */
    CS_CLASS,      /* a code: 4.xx */
    CS_ONE_OF,     /* types and codes: 2.01,2.04 */
    CS_LENGTH,     /* a payload: len:0..64 */
    CS_UTF8        /* a payload: utf8 */
};

struct cs_line_option {
    uint32_t number;
    uint8_t pattern; /* enum cs_pattern */
    struct cs_slice
        value;          /* CS_IS: the encoded value; CS_GLOB: the text, \* for a star that is one */
    uint64_t low, high; /* CS_RANGE */
    unsigned column;    /* where it stands in the line, from 1 */
};

/* A parsed line. Slices point into `store`, therefore do not copy it. Columns count characters from
 * 1; 0: not there. */
struct cs_line {
    bool raw; /* raw: hex; `payload` is the whole datagram */
    bool has_type, has_code, has_token, has_mid, has_payload;
    bool has_version,
        has_token_length;          /* ver=N, tkl=N: the fields of the header as they are to be */
    bool marker;                   /* the word `marker`: a payload marker with nothing behind it */
    bool notification;             /* the word `notification` was there (expectations) */
    uint8_t type, code;            /* the first, where there are several */
    uint8_t types;                 /* bit 1 << type for each that is named */
    uint32_t codes[8];             /* bit code & 31 of [code >> 5] for each that is named */
    uint8_t version, token_length; /* 0 to 3, 0 to 15 */
    uint8_t type_pattern, code_pattern, token_pattern, mid_pattern, payload_pattern;
    uint16_t mid, mid_high;             /* CS_RANGE: from `mid` to `mid_high` */
    struct cs_slice token, payload;     /* payload: CS_GLOB as for an option */
    uint64_t payload_low, payload_high; /* CS_LENGTH: octets */
    struct cs_slice trail;              /* trail=HEX: octets behind the message */
    unsigned type_column, code_column, token_column, mid_column, payload_column,
        notification_column, marker_column, version_column, token_length_column;
    size_t option_count;
    struct cs_line_option options[CS_LINE_OPTIONS_MAX];
    uint8_t store[CS_LINE_TEXT_MAX];
    size_t store_used;
};

/* `expectation`: patterns are allowed. On failure `error` has column and text ("unknown option
 * 'obsreve': did you mean observe?"); its file and line are left alone. Options keep the order of
 * the line among equal numbers and are sorted by number when encoded. */
bool cs_line_parse(const char *text, bool expectation, struct cs_line *out, struct cs_error *error);

/* Octets for a line, framed as the carrier has it; over TCP and WebSocket a line that names type,
 * Message ID or version is refused, and what `trail` adds is not counted in the length. What the
 * line leaves open comes from the last arguments; an Empty message gets no token unless the line
 * names one. A type left open is CON. A line with neither code nor anything else to say than type
 * and Message ID is Empty: `RST`. Returns the length, or 0 with `error` when it does not fit or
 * holds a pattern. */
size_t cs_line_encode(enum cs_carrier carrier, const struct cs_line *line, struct cs_slice token,
                      uint16_t mid, uint8_t *out, size_t cap, struct cs_error *error);

/* Does the message match the expectation? `previous` serves same and increasing, may be NULL (then
 * they ask only that the value is there). On a mismatch `expected` and `got` are two clauses in the
 * notation ("2.05", "4.04"), `octet` the place in the message (or CS_NO_OCTET), `column` that in
 * the line. Options that the line does not mention may be there; one that it mentions must be there
 * as often as the line says, in that order, unless it is `any`. `mismatch` may be NULL. */
struct cs_mismatch {
    unsigned column;
    uint32_t octet;
    char expected[128], got[160];
};
bool cs_line_match(const struct cs_line *line, const struct cs_message *message,
                   const struct cs_message *previous, struct cs_mismatch *mismatch);

/* A message as a line. What cs_line_parse cannot say comes out as raw: hex, so that parsing the
 * text gives the octets again (of a message of up to CS_LINE_TEXT_MAX octets). `brief` is for
 * people: a long payload is cut with "..." and its length, and of a message that the capture cut
 * what is left is shown with "... (cut)". */
void cs_message_format(const struct cs_message *message, bool brief, struct cs_text *text);

/* One option as in a line, without a blank before it: "observe=0", "uri-path=a", "opt65001=ab". Of
 * a path a single segment. `code` is that of the message: in signalling messages (7.xx) all options
 * go by number. */
void cs_option_format(uint8_t code, uint32_t number, struct cs_slice value, struct cs_text *text);
/* "GET", "2.05", "EMPTY". */
void cs_code_format(uint8_t code, struct cs_text *text);
/* "CON"; "" for CS_UNTYPED. */
const char *cs_type_text(uint8_t type);

#endif
