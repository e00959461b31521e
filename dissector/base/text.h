/* base/text.h: text that is built up in a buffer of the caller, never beyond its end. */
#ifndef CS_BASE_TEXT_H
#define CS_BASE_TEXT_H

#include "coapspec/dissect.h"

/* Always terminated when `cap` is not 0. `len` goes on counting past the end, as snprintf does, so
 * that `len >= cap` says that something was cut. */
struct cs_text {
    char *at;
    size_t cap, len;
};

/* `buf` is borrowed, and holds `cap` octets. */
void cs_text_init(struct cs_text *text, char *buf, size_t cap);
void cs_text_add(struct cs_text *text, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void cs_text_put(struct cs_text *text, char c);
/* Octets as UTF-8 text in double quotes; control characters, quotes and what is not UTF-8 as \n,
 * \", \xNN. */
void cs_text_quote(struct cs_text *text, struct cs_slice octets);
/* Octets as lower-case hex without spaces. */
void cs_text_hex(struct cs_text *text, struct cs_slice octets);

/* What is wrong, in words; where it is (file, line, column) stays as it was. Always false: `return
 * cs_error_set(…)`. */
bool cs_error_set(struct cs_error *error, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

int cs_hex_digit(char c); /* -1 when it is none */
/* "12 34ab" or "1234AB" or "0x12,0x34" to octets: spaces, commas, colons and 0x are skipped. The
 * number of octets, or -1 with the offending character's index in `*bad`. */
long cs_hex_parse(const char *text, uint8_t *out, size_t cap, size_t *bad);

/* Is it UTF-8 (RFC 3629: no surrogates, no overlong forms)? `*bad` is the offset of the first octet
 * that is not. */
bool cs_utf8_valid(struct cs_slice octets, size_t *bad);

#endif
