/* coap/notation.h: one line of text for one message, in both directions.
 *
 *   [CON|NON|ACK|RST] CODE-OR-METHOD [/path] [?query]… [option=value]… [cf=N] [tok=HEX] [mid=N] [| payload]
 *   raw: HEX
 *
 * docs/notation.md is its reference. In an expectation a value may be a pattern. */
#ifndef CS_COAP_NOTATION_H
#define CS_COAP_NOTATION_H

#include "base/text.h"
#include "coapspec/dissect.h"

enum { CS_LINE_OPTIONS_MAX = 64, CS_LINE_TEXT_MAX = 4096 };

/* How a value in a line stands to the value in a message. Only CS_IS can be sent. */
enum cs_pattern {
    CS_IS,         /* exactly this */
    CS_ANY,        /* any: there, whatever it is */
    CS_ABSENT,     /* absent: not there */
    CS_RANGE,      /* 0..100 */
    CS_GLOB,       /* text with * in it */
    CS_SAME,       /* same: as in the last message that matched this line's kind */
    CS_INCREASING, /* increasing: above that of the last one (Observe: RFC 7641 section 3.4 order) */
    CS_CLASS       /* a code: 4.xx */
};

struct cs_line_option {
    uint32_t number;
    uint8_t pattern;         /* enum cs_pattern */
    struct cs_slice value;   /* CS_IS: the encoded value; CS_GLOB: the text */
    uint64_t low, high;      /* CS_RANGE */
    unsigned column;         /* where it stands in the line, from 1 */
};

/* A parsed line. Slices point into `store`. */
struct cs_line {
    bool raw;                          /* raw: hex; `payload` is the whole datagram */
    bool has_type, has_code, has_token, has_mid, has_payload;
    bool notification;                 /* the word `notification` was there (expectations) */
    uint8_t type, code;
    uint8_t code_pattern, token_pattern, mid_pattern, payload_pattern;
    uint16_t mid;
    struct cs_slice token, payload;
    size_t option_count;
    struct cs_line_option options[CS_LINE_OPTIONS_MAX];
    uint8_t store[CS_LINE_TEXT_MAX];
    size_t store_used;
};

/* `expectation`: patterns are allowed. On failure `error` has column and text ("unknown option «obsreve»: did you mean
 * observe?"). Options keep the order of the line among equal numbers and are sorted by number when encoded. */
bool cs_line_parse(const char *text, bool expectation, struct cs_line *out, struct cs_error *error);

/* Octets for a line. What the line leaves open comes from the last arguments; a type left open is CON for requests and
 * CON otherwise. Returns the length, or 0 with `error` when it does not fit or holds a pattern. */
size_t cs_line_encode(const struct cs_line *line, struct cs_slice token, uint16_t mid, uint8_t *out, size_t cap,
                      struct cs_error *error);

/* Does the message match the expectation? `previous` serves same and increasing, may be NULL. On a mismatch `text`
 * gets "code: expected 2.05, got 4.04" and `octet` the place in the message (or CS_NO_OCTET), `column` that in the line.
 * Options that the line does not mention may be there. */
struct cs_mismatch { unsigned column; uint32_t octet; char expected[128], got[160]; };
bool cs_line_match(const struct cs_line *line, const struct cs_message *message, const struct cs_message *previous,
                   struct cs_mismatch *mismatch);

/* A message as a line. What cs_line_parse cannot say comes out as raw: hex; parsing the text gives the octets again,
 * but for option encodings that are not the shortest. `cf`, `tok`, `mid` as in the notation; text payloads quoted when they hold
 * control characters; a long payload is cut with … only when `brief`. */
void cs_message_format(const struct cs_message *message, bool brief, struct cs_text *text);

#endif
