/* notation/parts.h: what the files of the notation share; nobody else includes it. */
#ifndef DISSECTOR_NOTATION_PARTS_H
#define DISSECTOR_NOTATION_PARTS_H

#include "notation/notation.h"

/* A part of the line that is being read. */
struct cs_part {
    const char *at, *end;
};

struct cs_notation_reader {
    const char *text; /* the whole line */
    bool expectation;
    struct cs_line *line;
    struct cs_error *error;
};

/* Fills in the error with the column of `at`; always false. */
bool cs_notation_fail(const struct cs_notation_reader *r, const char *at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Column of a place in the text: characters from 1. */
unsigned cs_notation_column(const char *text, const char *at);

bool cs_part_is(struct cs_part part, const char *word); /* case aside */
/* Decimal or 0x hex, all of the part. */
bool cs_part_number(struct cs_part part, uint64_t *out);

/* Values go into the store of the line: open, put…, close. */
uint8_t *cs_store_open(const struct cs_notation_reader *r);
bool cs_store_put(const struct cs_notation_reader *r, const char *at, uint8_t octet);
struct cs_slice cs_store_close(const struct cs_notation_reader *r, const uint8_t *from);

/* The octets of a part. Each is false with the error filled in. */
bool cs_read_hex(const struct cs_notation_reader *r, struct cs_part part, struct cs_slice *out);
bool cs_read_quoted(const struct cs_notation_reader *r, struct cs_part part, struct cs_slice *out);
bool cs_read_bare(const struct cs_notation_reader *r, struct cs_part part, struct cs_slice *out);
/* Bare text in which * is a pattern. */
bool cs_read_glob(const struct cs_notation_reader *r, struct cs_part part, struct cs_slice *out);
/* A segment of a path, an argument of a query: %XX decoded. `glob`: as cs_read_glob. */
bool cs_read_percent(const struct cs_notation_reader *r, struct cs_part part, bool glob,
                     struct cs_slice *out);
bool cs_read_uint(const struct cs_notation_reader *r, const char *at, uint64_t value,
                  struct cs_slice *out);
/* 0..100, 1.., ..9; false without an error when the part is no range. */
bool cs_read_range(struct cs_part part, uint64_t *low, uint64_t *high);
/* any, *, absent, same, increasing; CS_IS when it is none of them. */
enum cs_pattern cs_pattern_word(struct cs_part part);
bool cs_part_has(struct cs_part part, char c);

/* The parts of the line, behind the word that tells them apart. */
bool cs_read_option(const struct cs_notation_reader *r, struct cs_part key, struct cs_part value,
                    bool has_value);
bool cs_read_segments(const struct cs_notation_reader *r, uint32_t number, struct cs_part part,
                      char separator);
bool cs_read_payload(const struct cs_notation_reader *r, const char *at);
/* 4.04, GET, EMPTY; false without an error when the part is no code. */
bool cs_read_code(struct cs_part part, uint8_t *code);
bool cs_read_type(struct cs_part part, uint8_t *type);

/* The forms of option values that are more than their format says. */
enum cs_value_form { CS_FORM_PLAIN, CS_FORM_BLOCK, CS_FORM_MEDIA, CS_FORM_PATH, CS_FORM_QUERY };
enum cs_value_form cs_value_form(uint32_t number);

/* Octets as percent-encoded text of a path segment (`separator` '/') or of a query argument ('&').
 */
void cs_percent_format(struct cs_slice octets, char separator, struct cs_text *text);
void cs_payload_format(struct cs_slice payload, size_t most, struct cs_text *text);

#endif
