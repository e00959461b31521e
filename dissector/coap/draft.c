/* coap/draft.c: see draft.h. From draft-ietf-core-coap-03 to -12 the four bits that are now the token length counted
 * the options, a token was an option, and nothing marked the payload:
 *
 *   |Ver| T |  OC   |      Code     |          Message ID           |
 *
 *     0   1   2   3   4   5   6   7
 *   +---------------+---------------+
 *   | Option Delta  |    Length     |   Length 15: one more octet follows, to be added to it
 *   +---------------+---------------+
 */
#include "coap/draft.h"

#include "base/cursor.h"

enum { EMPTY, OPAQUE, TEXT };

/* The option numbers of those drafts. */
static const struct {
    uint8_t kind, min, max;
} shapes[] = {
    [1] = {OPAQUE, 0, 2},  [2] = {OPAQUE, 0, 4},  [3] = {TEXT, 1, 255},  [4] = {OPAQUE, 1, 8},
    [5] = {TEXT, 1, 255},  [6] = {TEXT, 0, 255},  [7] = {OPAQUE, 0, 2},  [8] = {TEXT, 0, 255},
    [9] = {TEXT, 0, 255},  [10] = {OPAQUE, 0, 4}, [11] = {OPAQUE, 1, 8}, [12] = {OPAQUE, 0, 2},
    [13] = {OPAQUE, 0, 8}, [14] = {EMPTY, 0, 0},  [15] = {TEXT, 0, 255}, [17] = {OPAQUE, 0, 3},
    [19] = {OPAQUE, 0, 3}, [21] = {EMPTY, 0, 0},  [28] = {EMPTY, 0, 0},
};
enum {
    HIGHEST = sizeof shapes / sizeof shapes[0] - 1,
    OPTIONS_MAX = 14,
    METHODS = 4,
    TEXT_MIN = 3
};

static bool is_printable(struct cs_slice text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.at[i] < 0x21 || text.at[i] > 0x7e)
            return false;
    return true;
}

static bool is_text(struct cs_slice payload)
{
    for (size_t i = 0; i < payload.len; i++) {
        const uint8_t o = payload.at[i];
        if ((o < 0x20 || o > 0x7e) && o != '\r' && o != '\n' && o != '\t')
            return false;
    }
    return true;
}

/* How many octets of text the option has; -1 when it is no option of a draft. */
static int read_option(struct cs_cursor *c, unsigned *number)
{
    const unsigned head = cs_cursor_u8(c);
    size_t length = head & 15u;
    *number += head >> 4;
    if (length == 15)
        length += cs_cursor_u8(c);
    const struct cs_slice value = cs_cursor_take(c, length);
    if (!cs_cursor_ok(c) || *number == 0 || *number > HIGHEST || length > shapes[*number].max ||
        length < shapes[*number].min)
        return -1;
    if (shapes[*number].kind == EMPTY && *number != 14 && *number != 21 && *number != 28)
        return -1;
    if (shapes[*number].kind != TEXT)
        return 0;
    return is_printable(value) ? (int)value.len : -1;
}

static bool has_header(const struct cs_message *m)
{
    return cs_message_is_typed(m) && m->has_header && m->token_length <= OPTIONS_MAX;
}

static struct cs_cursor behind_header(const struct cs_message *m)
{
    return cs_cursor((struct cs_slice){m->octets.at + m->token_at, m->octets.len - m->token_at}, 0);
}

/* As many as the header counts. How much text they hold in all; -1 when one of them is no option of a draft. */
static int read_options(struct cs_cursor *c, unsigned count)
{
    unsigned number = 0;
    int texts = 0;
    for (unsigned i = 0; i < count; i++) {
        const int text = read_option(c, &number);
        if (text < 0)
            return -1;
        texts += text;
    }
    return texts;
}

bool cs_is_draft_request(const struct cs_message *m)
{
    if (!has_header(m) || m->code < 1 || m->code > METHODS || m->token_length < 1)
        return false;
    struct cs_cursor c = behind_header(m);
    return read_options(&c, m->token_length) >= TEXT_MIN &&
           (m->code == 2 || m->code == 3 || cs_cursor_done(&c));
}

bool cs_may_be_draft_response(const struct cs_message *m)
{
    if (!has_header(m) || !cs_code_is_response(m->code))
        return false;
    struct cs_cursor c = behind_header(m);
    return read_options(&c, m->token_length) >= 0 && is_text((struct cs_slice){c.at, c.left});
}
