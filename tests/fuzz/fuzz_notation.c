/* Any text as a line, to be sent and to be expected: what parses encodes, decodes, comes out as text, and comes back. The
 * octets themselves, taken for a datagram, give themselves again. */
#include <stdlib.h>
#include <string.h>

#include "notation/notation.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define REQUIRE(condition)                                                                         \
    do {                                                                                           \
        if (!(condition))                                                                          \
            abort();                                                                               \
    } while (0)

enum { TEXT_MAX = 65536, OCTETS_MAX = 8192 };

static const uint8_t token_octets[] = {0xca, 0xfe};
static const struct cs_slice token = {token_octets, sizeof token_octets};

static bool parse(const char *text, bool expectation, struct cs_line *line)
{
    struct cs_error error = {0};
    if (cs_line_parse(text, expectation, line, &error))
        return true;
    REQUIRE(error.column > 0 && error.text[0] != '\0');
    return false;
}

/* Octets, text, octets: the same. The text, as an expectation, matches them. */
static void there_and_back(enum cs_carrier carrier, struct cs_slice octets)
{
    static char text[TEXT_MAX];
    static struct cs_line line;
    static uint8_t back[OCTETS_MAX];
    struct cs_message message;
    struct cs_mismatch mismatch;
    struct cs_error error = {0};
    struct cs_text out;

    cs_message_decode(carrier, octets, 0, &message);
    cs_text_init(&out, text, sizeof text);
    cs_message_format(&message, true, &out);
    cs_text_init(&out, text, sizeof text);
    cs_message_format(&message, false, &out);
    if (octets.len == 0 || octets.len > CS_LINE_TEXT_MAX)
        return;
    REQUIRE(out.len < out.cap && parse(text, false, &line));
    size_t length = cs_line_encode(carrier, &line, token, 1, back, sizeof back, &error);
    REQUIRE(length == octets.len && memcmp(back, octets.at, length) == 0);
    REQUIRE(parse(text, true, &line));
    REQUIRE(cs_line_match(&line, &message, &message, &mismatch));
}

static void try_line(enum cs_carrier carrier, const char *text, bool expectation)
{
    static struct cs_line line;
    static uint8_t octets[OCTETS_MAX];
    struct cs_error error = {0};
    struct cs_message message;
    struct cs_mismatch mismatch;

    if (!parse(text, expectation, &line))
        return;
    REQUIRE(line.store_used <= sizeof line.store && line.option_count <= CS_LINE_OPTIONS_MAX);
    size_t length = cs_line_encode(carrier, &line, token, 1, octets, sizeof octets, &error);
    if (length == 0) {
        REQUIRE(error.text[0] != '\0');
        cs_message_decode(carrier, token, 0, &message);
    } else {
        there_and_back(carrier, (struct cs_slice){octets, length});
        cs_message_decode(carrier, (struct cs_slice){octets, length}, 0, &message);
    }
    /* of what is not there, the octet is where it would begin */
    if (!cs_line_match(&line, &message, NULL, &mismatch))
        REQUIRE(mismatch.expected[0] != '\0' && mismatch.got[0] != '\0' &&
                (mismatch.octet == CS_NO_OCTET || mismatch.octet <= message.octets.len));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char text[OCTETS_MAX + 1];
    if (size > OCTETS_MAX)
        return 0;
    memcpy(text, data, size);
    text[size] = '\0';
    for (int carrier = CS_UDP; carrier <= CS_WS; carrier++) {
        try_line((enum cs_carrier)carrier, text, false);
        try_line((enum cs_carrier)carrier, text, true);
        there_and_back((enum cs_carrier)carrier, (struct cs_slice){data, size});
    }
    return 0;
}
