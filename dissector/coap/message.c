#include "base/cursor.h"
#include "base/hash.h"
#include "coap/option_read.h"
#include "coapspec/dissect.h"

enum { TOKEN_RESERVED = 15 };

/* What the framings share is put into each of them, so that the one over UDP pays for none of the others. */
#define INLINED static inline __attribute__((always_inline))

struct fault_name {
    const char *id, *text;
};
static const struct fault_name fault_names[CS_FAULT_COUNT] = {
#define X(name, id, text) {id, text},
    CS_FAULTS(X)
#undef X
};

const char *cs_carrier_text(enum cs_carrier carrier)
{
    static const char *const names[] = {[CS_UDP] = "udp", [CS_TCP] = "tcp", [CS_WS] = "ws"};
    return (unsigned)carrier < sizeof names / sizeof names[0] ? names[carrier] : "unknown";
}

const char *cs_fault_id(enum cs_fault fault)
{
    return (unsigned)fault < CS_FAULT_COUNT ? fault_names[fault].id : "unknown";
}

const char *cs_fault_text(enum cs_fault fault)
{
    return (unsigned)fault < CS_FAULT_COUNT ? fault_names[fault].text : "unknown fault";
}

/* Where the cursor stands in the datagram. */
static uint32_t offset(const struct cs_message *m, const struct cs_cursor *c)
{
    return (uint32_t)(m->octets.len - c->left);
}

static bool fail(struct cs_message *m, enum cs_fault fault, uint32_t at)
{
    m->fault = (uint8_t)fault;
    m->fault_at = at;
    return false;
}

/* ------------------------------------------------------------------ headers */

/* RFC 7252 section 3
 *
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  |Ver| T |  TKL  |      Code     |          Message ID           |
 */
static inline bool read_udp_header(struct cs_cursor *c, struct cs_message *m)
{
    const struct cs_slice head = cs_cursor_take(c, 4);
    if (head.at == NULL)
        return fail(m, cs_short(c, CS_FAULT_SHORT_HEADER), 0);
    m->version = head.at[0] >> 6;
    m->type = head.at[0] >> 4 & 3;
    m->token_length = head.at[0] & 15;
    m->code = head.at[1];
    m->mid = (uint16_t)((unsigned)head.at[2] << 8 | head.at[3]);
    if (m->version != 1)
        return fail(m, CS_FAULT_VERSION, 0);
    m->has_header = true;
    return m->token_length != TOKEN_RESERVED || fail(m, CS_FAULT_TOKEN_LENGTH, 0);
}

/* How many octets follow the token. */
static uint64_t read_length(struct cs_cursor *c, unsigned nibble)
{
    return nibble < 15 ? cs_extended(c, nibble) : UINT64_C(65805) + cs_cursor_u32(c);
}

/* RFC 8323 section 3.2
 *
 *   0 1 2 3 4 5 6 7
 *  |  Len  |  TKL  | Extended Length (0, 1, 2 or 4 octets) |  Code  |
 *
 * and section 4.2, where Len is 0. `length` is what the field says. */
static bool read_reliable_header(struct cs_cursor *c, struct cs_message *m, uint64_t *length)
{
    const unsigned first = cs_cursor_u8(c);
    const unsigned nibble = m->carrier == CS_TCP ? first >> 4 : 0;
    *length = nibble;
    if (nibble > 12)
        *length = read_length(c, nibble);
    const uint32_t code_at = offset(m, c);
    const uint8_t code = cs_cursor_u8(c);
    if (!cs_cursor_ok(c))
        return fail(m, cs_short(c, CS_FAULT_SHORT_HEADER), 0);
    m->token_length = first & 15;
    m->code_at = (uint8_t)code_at;
    m->code = code;
    m->token_at = (uint8_t)(code_at + 1);
    m->has_header = true;
    if (m->token_length == TOKEN_RESERVED)
        return fail(m, CS_FAULT_TOKEN_LENGTH, 0);
    return m->carrier == CS_TCP || first >> 4 == 0 || fail(m, CS_FAULT_LENGTH, 0);
}

struct cs_tcp_frame cs_tcp_frame(struct cs_slice octets, uint64_t limit)
{
    struct cs_cursor c = cs_cursor(octets, 0);
    struct cs_tcp_frame frame = {CS_FRAME_MORE, 2}; /* the shortest */
    const unsigned first = cs_cursor_u8(&c);
    const unsigned token = first & 15, nibble = first >> 4;
    if (!cs_cursor_ok(&c))
        return frame;
    if (token == TOKEN_RESERVED)
        return (struct cs_tcp_frame){CS_FRAME_LOST, 0};
    /* the head: length, code and the extended length of the token */
    const unsigned extended = nibble < 13 ? 0 : nibble == 13 ? 1 : nibble == 14 ? 2 : 4;
    frame.length = 1 + extended + 1 + (token < 13 ? 0 : token - 12);
    const uint64_t length = read_length(&c, nibble);
    (void)cs_cursor_u8(&c);
    const uint64_t whole = frame.length + cs_extended(&c, token) + length;
    if (!cs_cursor_ok(&c))
        return frame;
    frame.length = whole;
    frame.state = whole > limit        ? CS_FRAME_TOO_LONG
                  : whole > octets.len ? CS_FRAME_MORE
                                       : CS_FRAME_WHOLE;
    return frame;
}

/* ------------------------------------------------------------------ what all framings share */

/* RFC 7252 section 5.3.1; lengths from 13 on as RFC 8974 section 2.1 */
INLINED bool read_token(struct cs_cursor *c, struct cs_message *m)
{
    const uint32_t at = offset(m, c);
    const size_t length = cs_extended(c, m->token_length);
    m->token = cs_cursor_take(c, length);
    return cs_cursor_ok(c) || fail(m, cs_short(c, CS_FAULT_TOKEN_SHORT), at);
}

/* Strings are short and mostly plain: eight octets at a time, the last eight twice over in part. */
static inline bool is_ascii(struct cs_slice value)
{
    const uint64_t high_bits = UINT64_C(0x8080808080808080);
    uint64_t all = 0;
    if (value.len >= 8) {
        for (size_t i = 0; i + 8 <= value.len; i += 8)
            all |= cs_load64(value.at + i);
        all |= cs_load64(value.at + value.len - 8);
    } else {
        all = cs_load_short(value.at, value.len);
    }
    return (all & high_bits) == 0;
}

static bool is_dots(struct cs_slice value)
{
    return value.len >= 1 && value.len <= 2 && value.at[0] == '.' && value.at[value.len - 1] == '.';
}

/* CS_NOTE_… of one option. `used_in` is what the code of the message is, CS_IN_…, or 0. */
static inline unsigned note_option(const struct cs_option_check *check, struct cs_slice value,
                                   bool again, unsigned used_in)
{
    unsigned notes = check->notes;
    notes |= again ? check->again : 0u;
    notes |= value.len - check->min > check->range ? CS_NOTE_LENGTH : 0u; /* wraps below `min` */
    notes |= (check->not_in & used_in) != 0 ? CS_NOTE_ELSEWHERE : 0u;
    if ((notes & CS_NOTE_STRING) != 0)
        notes |= (is_ascii(value) ? 0u : CS_NOTE_NOT_ASCII) | (is_dots(value) ? CS_NOTE_DOTS : 0u);
    else if ((notes & CS_NOTE_UINT) != 0 && value.len > 0 && value.at[0] == 0)
        notes |= CS_NOTE_PADDED;
    return notes;
}

static unsigned where_used(uint8_t code)
{
    if (cs_code_is_request(code))
        return CS_IN_REQUEST;
    return cs_code_is_response(code) ? CS_IN_RESPONSE : 0;
}

/* As cs_option_uint(), up to 32 bits. */
static uint32_t uint32_of(struct cs_slice value)
{
    const uint64_t wide = cs_option_uint(&(struct cs_option){.value = value});
    return wide > UINT32_MAX ? UINT32_MAX : (uint32_t)wide;
}

/* RFC 7252 section 3.1. Stops before the payload marker or at the end. The cursor and what is gathered are local, so
 * that the compiler may keep them in registers. `signal`: the numbers are not those of the registry of options. */
INLINED bool read_options(struct cs_cursor *cursor, struct cs_message *m, bool signal)
{
    struct cs_cursor c = *cursor;
    const uint8_t *const first = c.at;
    const uint8_t *end = first; /* of the last good option */
    const uint8_t *head = first;
    const unsigned used_in = where_used(m->code);
    enum cs_fault fault = CS_FAULT_NONE;
    uint64_t set = 0;
    unsigned notes = 0;
    uint32_t number = 0;
    struct cs_slice format = {NULL, 0};
    while (c.left > 0 && *c.at != 0xff) {
        const uint32_t former = number;
        struct cs_slice value;
        head = c.at;
        fault = cs_option_read(&c, &number, &value);
        if (fault != CS_FAULT_NONE)
            break;
        const unsigned index =
            signal ? CS_OPTION_INDEX_UNKNOWN_ELECTIVE + (number & 1) : cs_option_index(number);
        set |= UINT64_C(1) << index;
        notes |= note_option(&cs_option_checks[index], value, number == former, used_in);
        if (number == CS_OPT_CONTENT_FORMAT && number != former && !signal)
            format = value;
        end = c.at;
    }
    *cursor = c;
    m->options = (struct cs_slice){first, (size_t)(end - first)};
    m->option_set = set;
    m->option_notes = (uint16_t)notes;
    m->content_format = format.len > 0 ? uint32_of(format) : 0;
    return fault == CS_FAULT_NONE || fail(m, fault, (uint32_t)(head - m->octets.at));
}

/* RFC 7252 section 3: marker and payload, or nothing. A cut payload keeps what was captured of it. */
INLINED bool read_payload(struct cs_cursor *c, struct cs_message *m)
{
    if (cs_cursor_done(c))
        return true;
    const uint32_t marker_at = offset(m, c);
    if (!cs_cursor_skip(c, 1))
        return fail(m, CS_FAULT_CUT, marker_at);
    if (cs_cursor_done(c))
        return fail(m, CS_FAULT_NO_PAYLOAD, marker_at);
    m->payload = cs_cursor_take(c, c->left);
    return c->missing == 0 || fail(m, CS_FAULT_CUT, (uint32_t)m->octets.len);
}

/* What stands behind the header. */
INLINED bool read_rest(struct cs_cursor *c, struct cs_message *m, bool signal)
{
    return read_token(c, m) && read_options(c, m, signal) && read_payload(c, m);
}

/* The same for those that are rare. */
static __attribute__((noinline)) bool read_rest_of(struct cs_cursor *c, struct cs_message *m)
{
    return read_rest(c, m, cs_message_is_signal(m));
}

/* RFC 7252 section 4.1: an Empty message has nothing behind its header. Zero-length tokens have no octets to point at, so a
 * token length without a token is shown where it stands. */
static bool read_empty(struct cs_cursor *c, struct cs_message *m)
{
    const bool bare = cs_cursor_done(c);
    if (bare && m->token_length == 0)
        return true;
    (void)read_rest_of(c, m);
    return fail(m, CS_FAULT_EMPTY_NOT_BARE, bare ? 0 : m->token_at);
}

/* Member by member: to clear the whole first would cost as much as to read an option. */
static inline void begin(struct cs_message *m, struct cs_slice octets, enum cs_carrier carrier)
{
    const struct cs_slice nothing = {NULL, 0};
    m->octets = octets;
    m->token = m->options = m->payload = nothing;
    m->option_set = 0;
    m->fault_at = 0;
    m->content_format = 0;
    m->mid = 0;
    m->option_notes = 0;
    m->carrier = (uint8_t)carrier;
    m->code_at = 1;
    m->mid_at = 2;
    m->token_at = carrier == CS_UDP ? 4 : 2;
    m->has_header = false;
    m->version = carrier == CS_UDP ? 0 : 1;
    m->type = carrier == CS_UDP ? CS_CON : CS_UNTYPED;
    m->code = m->token_length = 0;
    m->fault = CS_FAULT_NONE;
}

/* ------------------------------------------------------------------ the framings */

/* With nothing in it that only others need: this is where a capture's time goes. */
INLINED bool decode_udp(struct cs_slice octets, uint32_t missing, struct cs_message *out)
{
    begin(out, octets, CS_UDP);
    struct cs_cursor c = cs_cursor(octets, missing);
    if (!read_udp_header(&c, out))
        return false;
    return out->code == 0 ? read_empty(&c, out) : read_rest(&c, out, false);
}

/* The length field is held against what there is once the token has been read, since it counts from there. */
static bool decode_reliable(enum cs_carrier carrier, struct cs_slice octets, uint32_t missing,
                            struct cs_message *out)
{
    uint64_t length;
    begin(out, octets, carrier);
    struct cs_cursor c = cs_cursor(octets, missing);
    if (!read_reliable_header(&c, out, &length))
        return false;
    struct cs_cursor ahead = c;
    if (carrier == CS_TCP && read_token(&ahead, out) && ahead.left + ahead.missing != length) {
        out->token = (struct cs_slice){NULL, 0};
        return fail(out, CS_FAULT_LENGTH, 0);
    }
    if (out->fault != CS_FAULT_NONE)
        return false;
    return out->code == 0 ? read_empty(&c, out) : read_rest_of(&c, out);
}

bool cs_message_decode(enum cs_carrier carrier, struct cs_slice octets, uint32_t missing,
                       struct cs_message *out)
{
    return carrier == CS_UDP ? decode_udp(octets, missing, out)
                             : decode_reliable(carrier, octets, missing, out);
}
