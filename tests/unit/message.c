/* The decoder: one table of good and bad datagrams, each in an allocation of its exact length; every prefix of the good
 * ones, once as a datagram that ends there and once as one that the capture cut. */
#include "tests/unit/support.h"

struct sample {
    const char *notation, *hex;
    enum cs_fault fault;
    uint32_t fault_at;
    size_t token, options, payload; /* octets */
    enum cs_carrier carrier;
};

/* clang-format off */
static const struct sample samples[] = {
    /* well-formed */
    {"CON Empty: a ping",                   "40 00 12 34",                    CS_FAULT_NONE, 0, 0, 0, 0, CS_UDP},
    {"RST",                                 "70 00 12 34",                    CS_FAULT_NONE, 0, 0, 0, 0, CS_UDP},
    {"CON GET",                             "40 01 12 34",                    CS_FAULT_NONE, 0, 0, 0, 0, CS_UDP},
    {"CON GET /temp tok=5b90",              "42 01 12 34 5b 90 b4 74 65 6d 70", CS_FAULT_NONE, 0, 2, 5, 0, CS_UDP},
    {"ACK 2.05 cf=0 tok=01 | \"22\"",       "61 45 12 34 01 c0 ff 32 32",     CS_FAULT_NONE, 0, 1, 1, 2, CS_UDP},
    {"NON 2.05 | one octet",                "50 45 00 01 ff ff",              CS_FAULT_NONE, 0, 0, 0, 1, CS_UDP},
    {"token of 8",                          "48 01 00 01 01 02 03 04 05 06 07 08", CS_FAULT_NONE, 0, 8, 0, 0, CS_UDP},
    {"token of 12, RFC 8974 or illegal",    "4c 01 00 01 01 02 03 04 05 06 07 08 09 0a 0b 0c", CS_FAULT_NONE, 0, 12, 0, 0, CS_UDP},
    {"token of 13, RFC 8974",               "4d 01 00 01 00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d", CS_FAULT_NONE, 0, 13, 0, 0, CS_UDP},
    {"token of 14, RFC 8974",               "4d 01 00 01 01 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e", CS_FAULT_NONE, 0, 14, 0, 0, CS_UDP},
    {"delta 13 extended: Block1",           "40 03 00 01 d1 0e 08",           CS_FAULT_NONE, 0, 0, 3, 0, CS_UDP},
    {"delta 14 extended: No-Response 258+…","40 03 00 01 e0 00 17",           CS_FAULT_NONE, 0, 0, 3, 0, CS_UDP},
    {"option 65535",                        "40 01 00 01 e0 fe f2",           CS_FAULT_NONE, 0, 0, 3, 0, CS_UDP},
    {"length 13 extended",                  "40 01 00 01 bd 00 30 31 32 33 34 35 36 37 38 39 61 62 63", CS_FAULT_NONE, 0, 0, 15, 0, CS_UDP},
    {"illegal length for its option",       "40 01 00 01 35 61 62 63 64 65 54 01 02 03 04", CS_FAULT_NONE, 0, 0, 11, 0, CS_UDP},
    {"code 7.31, unassigned",               "40 ff 00 01",                    CS_FAULT_NONE, 0, 0, 0, 0, CS_UDP},
    /* header */
    {"nothing",                             "",                               CS_FAULT_SHORT_HEADER, 0, 0, 0, 0, CS_UDP},
    {"three octets",                        "40 01 12",                       CS_FAULT_SHORT_HEADER, 0, 0, 0, 0, CS_UDP},
    {"version 0",                           "00 01 12 34",                    CS_FAULT_VERSION, 0, 0, 0, 0, CS_UDP},
    {"version 2 with a token",              "81 01 12 34 01",                 CS_FAULT_VERSION, 0, 0, 0, 0, CS_UDP},
    {"version 3",                           "ff ff ff ff",                    CS_FAULT_VERSION, 0, 0, 0, 0, CS_UDP},
    {"token length 15",                     "4f 01 12 34 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f", CS_FAULT_TOKEN_LENGTH, 0, 0, 0, 0, CS_UDP},
    {"Empty with token length 15",          "4f 00 12 34",                    CS_FAULT_TOKEN_LENGTH, 0, 0, 0, 0, CS_UDP},
    /* token */
    {"token of 4 with 3",                   "44 01 12 34 01 02 03",           CS_FAULT_TOKEN_SHORT, 4, 0, 0, 0, CS_UDP},
    {"token of 13 without its length",      "4d 01 12 34",                    CS_FAULT_TOKEN_SHORT, 4, 0, 0, 0, CS_UDP},
    {"token of 269 with 1",                 "4e 01 12 34 00 00 01",           CS_FAULT_TOKEN_SHORT, 4, 0, 0, 0, CS_UDP},
    {"half of an extended token length",    "4e 01 12 34 00",                 CS_FAULT_TOKEN_SHORT, 4, 0, 0, 0, CS_UDP},
    /* Empty messages that are not */
    {"Empty with token",                    "41 00 12 34 aa",                 CS_FAULT_EMPTY_NOT_BARE, 4, 1, 0, 0, CS_UDP},
    {"Empty with token length alone",       "42 00 12 34",                    CS_FAULT_EMPTY_NOT_BARE, 0, 0, 0, 0, CS_UDP},
    {"Empty with half a token",             "42 00 12 34 aa",                 CS_FAULT_EMPTY_NOT_BARE, 4, 0, 0, 0, CS_UDP},
    {"Empty with an option",                "60 00 12 34 b1 61",              CS_FAULT_EMPTY_NOT_BARE, 4, 0, 2, 0, CS_UDP},
    {"Empty with payload",                  "60 00 12 34 ff 00",              CS_FAULT_EMPTY_NOT_BARE, 4, 0, 0, 1, CS_UDP},
    {"Empty with a marker alone",           "60 00 12 34 ff",                 CS_FAULT_EMPTY_NOT_BARE, 4, 0, 0, 0, CS_UDP},
    {"Empty with token and a bad option",   "61 00 12 34 aa b1 61 f0",        CS_FAULT_EMPTY_NOT_BARE, 4, 1, 2, 0, CS_UDP},
    /* options */
    {"delta 15",                            "40 01 12 34 b1 61 f1 62",        CS_FAULT_OPTION_DELTA, 6, 0, 2, 0, CS_UDP},
    {"length 15",                           "40 01 12 34 bf 61",              CS_FAULT_OPTION_LENGTH, 4, 0, 0, 0, CS_UDP},
    {"extended delta missing",              "40 01 12 34 d0",                 CS_FAULT_OPTION_SHORT, 4, 0, 0, 0, CS_UDP},
    {"half an extended delta",              "40 01 12 34 e0 01",              CS_FAULT_OPTION_SHORT, 4, 0, 0, 0, CS_UDP},
    {"extended length missing",             "40 01 12 34 bd",                 CS_FAULT_OPTION_SHORT, 4, 0, 0, 0, CS_UDP},
    {"half an extended length",             "40 01 12 34 be 00",              CS_FAULT_OPTION_SHORT, 4, 0, 0, 0, CS_UDP},
    {"value one short",                     "41 01 12 34 00 b1 61 03 62 63",  CS_FAULT_OPTION_SHORT, 7, 1, 2, 0, CS_UDP},
    {"length of 65804 in a short message",  "40 01 12 34 be ff ff 61",        CS_FAULT_OPTION_SHORT, 4, 0, 0, 0, CS_UDP},
    {"option 65536",                        "40 01 12 34 e0 fe f3",           CS_FAULT_OPTION_NUMBER, 4, 0, 0, 0, CS_UDP},
    {"option 65804",                        "40 01 12 34 e0 ff ff",           CS_FAULT_OPTION_NUMBER, 4, 0, 0, 0, CS_UDP},
    {"option 65535 and one more",           "40 01 12 34 e0 fe f2 10",        CS_FAULT_OPTION_NUMBER, 7, 0, 3, 0, CS_UDP},
    {"65536 with its value short",          "40 01 12 34 e5 fe f3 00",        CS_FAULT_OPTION_NUMBER, 4, 0, 0, 0, CS_UDP},
    /* payload */
    {"marker alone",                        "40 01 12 34 ff",                 CS_FAULT_NO_PAYLOAD, 4, 0, 0, 0, CS_UDP},
    {"marker behind options",               "41 01 12 34 07 b1 61 ff",        CS_FAULT_NO_PAYLOAD, 7, 1, 2, 0, CS_UDP},
    /* CoAP over TCP, RFC 8323 section 3.2 */
    {"2.03 tok=7f, figure 5",               "01 43 7f",                       CS_FAULT_NONE, 0, 1, 0, 0, CS_TCP},
    {"EMPTY",                               "00 00",                          CS_FAULT_NONE, 0, 0, 0, 0, CS_TCP},
    {"7.02 tok=42, figure 11",              "01 e2 42",                       CS_FAULT_NONE, 0, 1, 0, 0, CS_TCP},
    {"7.01 of libcoap",                     "50 e1 23 80 01 00 20",           CS_FAULT_NONE, 0, 0, 5, 0, CS_TCP},
    {"GET /temp tok=5b90",                  "52 01 5b 90 b4 74 65 6d 70",     CS_FAULT_NONE, 0, 2, 5, 0, CS_TCP},
    {"2.05 tok=01 cf=0 | 22",               "41 45 01 c0 ff 32 32",           CS_FAULT_NONE, 0, 1, 1, 2, CS_TCP},
    {"length 12",                           "c0 02 ff 30 31 32 33 34 35 36 37 38 39 61", CS_FAULT_NONE, 0, 0, 0, 11, CS_TCP},
    {"length 13 extended",                  "d1 00 02 aa ff 30 31 32 33 34 35 36 37 38 39 61 62", CS_FAULT_NONE, 0, 1, 0, 12, CS_TCP},
    {"token of 13, RFC 8974",               "2d 01 00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d b1 61", CS_FAULT_NONE, 0, 13, 2, 0, CS_TCP},
    {"nothing",                             "",                               CS_FAULT_SHORT_HEADER, 0, 0, 0, 0, CS_TCP},
    {"one octet",                           "00",                             CS_FAULT_SHORT_HEADER, 0, 0, 0, 0, CS_TCP},
    {"half a length",                       "e0 01",                          CS_FAULT_SHORT_HEADER, 0, 0, 0, 0, CS_TCP},
    {"no code",                             "d0 01",                          CS_FAULT_SHORT_HEADER, 0, 0, 0, 0, CS_TCP},
    {"no code behind four octets",          "f0 00 00 00 00",                 CS_FAULT_SHORT_HEADER, 0, 0, 0, 0, CS_TCP},
    {"token length 15",                     "0f 01 01",                       CS_FAULT_TOKEN_LENGTH, 0, 0, 0, 0, CS_TCP},
    {"token of 2 with 1",                   "02 01 aa",                       CS_FAULT_TOKEN_SHORT, 2, 0, 0, 0, CS_TCP},
    {"token of 2 with 1, long length",      "d2 00 01 aa",                    CS_FAULT_TOKEN_SHORT, 3, 0, 0, 0, CS_TCP},
    {"one octet too few",                   "51 01 aa b4 74 65 6d",           CS_FAULT_LENGTH, 0, 0, 0, 0, CS_TCP},
    {"one octet too many",                  "51 01 aa b4 74 65 6d 70 00",     CS_FAULT_LENGTH, 0, 0, 0, 0, CS_TCP},
    {"longer than 4 GiB",                   "f0 ff ff ff ff 01",              CS_FAULT_LENGTH, 0, 0, 0, 0, CS_TCP},
    {"option that is short",                "21 01 aa b4 74",                 CS_FAULT_OPTION_SHORT, 3, 1, 0, 0, CS_TCP},
    {"delta 15",                            "20 01 f1 62",                    CS_FAULT_OPTION_DELTA, 2, 0, 0, 0, CS_TCP},
    {"length 15",                           "d0 00 01 b1 61 bf 61 61 61 61 61 61 61 61 61 61", CS_FAULT_OPTION_LENGTH, 5, 0, 2, 0, CS_TCP},
    {"option 65536",                        "30 01 e0 fe f3",                 CS_FAULT_OPTION_NUMBER, 2, 0, 0, 0, CS_TCP},
    {"marker alone",                        "11 01 aa ff",                    CS_FAULT_NO_PAYLOAD, 3, 1, 0, 0, CS_TCP},
    {"Empty with token",                    "01 00 aa",                       CS_FAULT_EMPTY_NOT_BARE, 2, 1, 0, 0, CS_TCP},
    {"Empty with payload",                  "20 00 ff 61",                    CS_FAULT_EMPTY_NOT_BARE, 2, 0, 0, 1, CS_TCP},
    /* CoAP over WebSocket, RFC 8323 section 4.2 */
    {"GET /temp tok=5b90",                  "02 01 5b 90 b4 74 65 6d 70",     CS_FAULT_NONE, 0, 2, 5, 0, CS_WS},
    {"2.05 tok=01 cf=0 | 22",               "01 45 01 c0 ff 32 32",           CS_FAULT_NONE, 0, 1, 1, 2, CS_WS},
    {"token of 13, RFC 8974",               "0d 01 00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d b1 61", CS_FAULT_NONE, 0, 13, 2, 0, CS_WS},
    {"one octet",                           "00",                             CS_FAULT_SHORT_HEADER, 0, 0, 0, 0, CS_WS},
    {"a length",                            "51 01 aa b4 74 65 6d 70",        CS_FAULT_LENGTH, 0, 0, 0, 0, CS_WS},
    {"token length 15",                     "0f 01",                          CS_FAULT_TOKEN_LENGTH, 0, 0, 0, 0, CS_WS},
    {"token of 2 with 1",                   "02 01 aa",                       CS_FAULT_TOKEN_SHORT, 2, 0, 0, 0, CS_WS},
    {"marker alone",                        "01 01 aa ff",                    CS_FAULT_NO_PAYLOAD, 3, 1, 0, 0, CS_WS},
};
/* clang-format on */
enum { SAMPLES = sizeof samples / sizeof samples[0] };

static void each_datagram_has_its_fault_at_its_octet(void **state)
{
    (void)state;
    for (size_t i = 0; i < SAMPLES; i++) {
        const struct sample *s = &samples[i];
        const struct cs_slice octets = exact_hex(s->hex);
        struct cs_message m;
        const bool ok = cs_message_decode(s->carrier, octets, 0, &m);
        if (m.fault != s->fault || m.fault_at != s->fault_at || ok != (s->fault == CS_FAULT_NONE))
            fail_msg("%s (%s): expected %s at %u, got %s at %u", s->notation, s->hex,
                     cs_fault_id(s->fault), s->fault_at, cs_fault_id(m.fault), m.fault_at);
        if (m.token.len != s->token || m.options.len != s->options || m.payload.len != s->payload)
            fail_msg("%s (%s): token, options, payload: expected %zu %zu %zu, got %zu %zu %zu",
                     s->notation, s->hex, s->token, s->options, s->payload, m.token.len,
                     m.options.len, m.payload.len);
        release(octets);
    }
}

/* What a prefix of a well-formed datagram may be: itself well-formed, where a part ends. */
static enum cs_fault expected_short(const struct cs_message *whole, size_t n)
{
    struct cs_option_walk walk;
    struct cs_option option;
    if (n < whole->token_at)
        return CS_FAULT_SHORT_HEADER;
    const size_t token_end = (size_t)(whole->token.at - whole->octets.at) + whole->token.len;
    if (n < token_end)
        return CS_FAULT_TOKEN_SHORT;
    if (whole->carrier == CS_TCP)
        return CS_FAULT_LENGTH;
    cs_option_walk_init(&walk, whole);
    while (cs_option_next(&walk, &option))
        if (n > option.at && n < option.value_at + option.value.len)
            return CS_FAULT_OPTION_SHORT;
    const size_t marker_end = whole->octets.len - whole->payload.len;
    return whole->payload.len > 0 && n == marker_end ? CS_FAULT_NO_PAYLOAD : CS_FAULT_NONE;
}

static void every_prefix_of_a_message_is_short_where_it_ends(void **state)
{
    (void)state;
    for (size_t i = 0; i < SAMPLES; i++) {
        if (samples[i].fault != CS_FAULT_NONE)
            continue;
        const struct cs_slice octets = exact_hex(samples[i].hex);
        struct cs_message whole, m;
        cs_message_decode(samples[i].carrier, octets, 0, &whole);
        if (whole.token.at == NULL)
            whole.token.at = octets.at + whole.token_at;
        for (size_t n = 0; n < octets.len; n++) {
            const struct cs_slice prefix = exact_copy(octets.at, n);
            cs_message_decode(samples[i].carrier, prefix, 0, &m);
            const enum cs_fault expected = expected_short(&whole, n);
            if (m.fault != expected)
                fail_msg("%s, first %zu octets: expected %s, got %s", samples[i].notation, n,
                         cs_fault_id(expected), cs_fault_id(m.fault));
            release(prefix);
        }
        release(octets);
    }
}

static void every_cut_message_is_cut_and_not_malformed(void **state)
{
    (void)state;
    for (size_t i = 0; i < SAMPLES; i++) {
        if (samples[i].fault != CS_FAULT_NONE)
            continue;
        const struct cs_slice octets = exact_hex(samples[i].hex);
        for (size_t n = 0; n < octets.len; n++) {
            const struct cs_slice prefix = exact_copy(octets.at, n);
            struct cs_message m;
            assert_false(
                cs_message_decode(samples[i].carrier, prefix, (uint32_t)(octets.len - n), &m));
            if (m.fault != CS_FAULT_CUT || m.fault_at > n)
                fail_msg("%s, first %zu octets captured: got %s at %u", samples[i].notation, n,
                         cs_fault_id(m.fault), m.fault_at);
            release(prefix);
        }
        release(octets);
    }
}

static void what_stands_behind_a_message_is_not_looked_at(void **state)
{
    (void)state;
    for (size_t i = 0; i < SAMPLES; i++) {
        static const uint8_t junk[] = {0xff, 0x00, 0xb1, 0x61, 0x40};
        const struct cs_slice octets = exact_hex(samples[i].hex);
        uint8_t *longer = malloc(octets.len + sizeof junk);
        struct cs_message m;
        assert_non_null(longer);
        if (octets.len > 0)
            memcpy(longer, octets.at, octets.len);
        memcpy(longer + octets.len, junk, sizeof junk);
        cs_message_decode(samples[i].carrier, (struct cs_slice){longer, octets.len}, 0, &m);
        assert_int_equal(m.fault, samples[i].fault);
        assert_int_equal(m.fault_at, samples[i].fault_at);
        assert_int_equal(m.payload.len, samples[i].payload);
        free(longer);
        release(octets);
    }
}

static void a_message_over_tcp_knows_where_its_fields_are(void **state)
{
    static const struct {
        const char *hex;
        uint8_t code_at, token_at;
        size_t token_from; /* first octet of the token itself */
    } rows[] = {
        {"01 45 aa", 1, 2, 2},
        {"d1 00 45 aa ff 30 31 32 33 34 35 36 37 38 39 61 62", 2, 3, 3},
        {"0d 45 00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d", 1, 2, 3},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct cs_slice octets = exact_hex(rows[i].hex);
        struct cs_message m;
        assert_true(cs_message_decode(CS_TCP, octets, 0, &m));
        assert_int_equal(m.type, CS_UNTYPED);
        assert_int_equal(m.code, CS_CODE(2, 5));
        assert_int_equal(m.code_at, rows[i].code_at);
        assert_int_equal(m.token_at, rows[i].token_at);
        assert_ptr_equal(m.token.at, octets.at + rows[i].token_from);
        assert_false(cs_message_is_typed(&m));
        release(octets);
    }
}

/* A message of that many octets of payload, none at all being 0. */
static struct cs_slice tcp_message(uint8_t *buffer, size_t payload)
{
    const size_t body = payload > 0 ? payload + 1 : 0;
    size_t n = 0;
    buffer[n++] = (uint8_t)((body < 13 ? body : body < 269 ? 13 : body < 65805 ? 14 : 15) << 4 | 1);
    const size_t rest = body < 13    ? 0
                        : body < 269 ? body - 13
                                     : body - (body < 65805 ? 269 : 65805);
    const unsigned octets = body < 13 ? 0 : body < 269 ? 1 : body < 65805 ? 2 : 4;
    for (unsigned i = octets; i > 0; i--)
        buffer[n++] = (uint8_t)(rest >> 8 * (i - 1));
    buffer[n++] = CS_CODE(2, 5);
    buffer[n++] = 0xaa;
    memset(buffer + n, 0xff, body);
    return (struct cs_slice){buffer, n + body};
}

static void each_form_of_the_length_is_read(void **state)
{
    static const size_t payloads[] = {0,   1,   11,    12,    13,    255,   267,
                                      268, 269, 65803, 65804, 65805, 70000, 131000};
    (void)state;
    for (size_t i = 0; i < sizeof payloads / sizeof payloads[0]; i++) {
        uint8_t *buffer = malloc(payloads[i] + 16);
        assert_non_null(buffer);
        const struct cs_slice octets = tcp_message(buffer, payloads[i]);
        struct cs_message m;
        assert_true(cs_message_decode(CS_TCP, octets, 0, &m));
        assert_int_equal(m.payload.len, payloads[i]);
        const struct cs_tcp_frame frame = cs_tcp_frame(octets, UINT64_MAX);
        assert_int_equal(frame.state, CS_FRAME_WHOLE);
        assert_int_equal(frame.length, octets.len);
        free(buffer);
    }
}

/* Octet by octet: what is asked for grows, is never more than the message, and is enough to go on. */
static void a_stream_is_cut_where_a_message_ends(void **state)
{
    (void)state;
    for (size_t i = 0; i < SAMPLES; i++) {
        if (samples[i].carrier != CS_TCP || samples[i].fault != CS_FAULT_NONE)
            continue;
        const struct cs_slice octets = exact_hex(samples[i].hex);
        uint64_t asked = 0;
        for (size_t n = 0; n < octets.len; n++) {
            const struct cs_slice prefix = exact_copy(octets.at, n);
            const struct cs_tcp_frame frame = cs_tcp_frame(prefix, 1000);
            if (frame.state != CS_FRAME_MORE || frame.length <= n || frame.length > octets.len ||
                frame.length < asked)
                fail_msg("%s, first %zu octets: state %d, length %llu", samples[i].hex, n,
                         (int)frame.state, (unsigned long long)frame.length);
            asked = frame.length;
            release(prefix);
        }
        uint8_t longer[64];
        memcpy(longer, octets.at, octets.len);
        memset(longer + octets.len, 0x0f, sizeof longer - octets.len);
        const struct cs_tcp_frame whole =
            cs_tcp_frame((struct cs_slice){longer, sizeof longer}, octets.len);
        assert_int_equal(whole.state, CS_FRAME_WHOLE);
        assert_int_equal(whole.length, octets.len);
        assert_int_equal(cs_tcp_frame(octets, octets.len - 1).state, CS_FRAME_TOO_LONG);
        release(octets);
    }
}

static void a_message_that_is_too_long_is_known_by_its_head(void **state)
{
    (void)state;
    const struct cs_slice most = exact_hex("fe ff ff ff ff 01 ff ff");
    const struct cs_tcp_frame frame = cs_tcp_frame(most, 1 << 20);
    assert_int_equal(most.len, CS_TCP_HEAD_MAX);
    assert_int_equal(frame.state, CS_FRAME_TOO_LONG);
    assert_true(frame.length == UINT64_C(8) + 65804 + 65805 + UINT32_MAX);
    assert_int_equal(cs_tcp_frame(most, UINT64_MAX).state, CS_FRAME_MORE);
    release(most);
    const struct cs_slice lost = exact_hex("3f");
    assert_int_equal(cs_tcp_frame(lost, 1000).state, CS_FRAME_LOST);
    release(lost);
}

/* RFC 8323 section 5.2: Max-Message-Size has the number of nothing, Block-Wise-Transfer that of ETag. */
static void the_options_of_a_signal_are_not_those_of_the_registry(void **state)
{
    static const uint8_t csm[] = {0x50, 0xe1, 0x23, 0x80, 0x01, 0x00, 0x20};
    (void)state;
    struct cs_message m;
    assert_true(cs_message_decode(CS_TCP, (struct cs_slice){csm, sizeof csm}, 0, &m));
    assert_true(cs_message_is_signal(&m));
    assert_false(cs_message_has(&m, CS_OPT_ETAG));
    assert_true(m.option_set == UINT64_C(1) << CS_OPTION_INDEX_UNKNOWN_ELECTIVE);
    assert_int_equal(m.option_notes, 0);
    assert_null(cs_option_def_in(&m, 4));
}

static void a_cut_does_not_hide_what_is_wrong_before_it(void **state)
{
    static const struct sample cut[] = {
        {"version 2", "80 01 12 34", CS_FAULT_VERSION, 0, 0, 0, 0, CS_UDP},
        {"delta 15", "40 01 12 34 f1", CS_FAULT_OPTION_DELTA, 4, 0, 0, 0, CS_UDP},
        {"Empty, more on the wire", "40 00 12 34", CS_FAULT_EMPTY_NOT_BARE, 4, 0, 0, 0, CS_UDP},
        {"value longer than the wire", "40 01 12 34 ba 61", CS_FAULT_OPTION_SHORT, 4, 0, 0, 0,
         CS_UDP},
        {"token longer than the wire", "48 01 12 34", CS_FAULT_TOKEN_SHORT, 4, 0, 0, 0, CS_UDP},
        {"payload", "40 01 12 34 ff 61", CS_FAULT_CUT, 6, 0, 0, 1, CS_UDP},
        {"behind the marker", "40 01 12 34 b1 61 ff", CS_FAULT_CUT, 7, 0, 2, 0, CS_UDP},
        {"in an option", "40 01 12 34 b1 61 03 62", CS_FAULT_CUT, 6, 0, 2, 0, CS_UDP},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cut / sizeof cut[0]; i++) {
        const struct sample *s = &cut[i];
        const struct cs_slice octets = exact_hex(s->hex);
        struct cs_message m;
        assert_false(cs_message_decode(CS_UDP, octets, 5, &m));
        if (m.fault != s->fault || m.fault_at != s->fault_at || m.payload.len != s->payload ||
            m.options.len != s->options)
            fail_msg("%s: expected %s at %u, got %s at %u", s->notation, cs_fault_id(s->fault),
                     s->fault_at, cs_fault_id(m.fault), m.fault_at);
        release(octets);
    }
}

static void the_header_is_read_field_by_field(void **state)
{
    (void)state;
    const struct cs_slice octets = exact_hex("62 84 be ef a1 a2 ff 00");
    struct cs_message m;
    assert_true(cs_message_decode(CS_UDP, octets, 0, &m));
    assert_int_equal(m.version, 1);
    assert_int_equal(m.type, CS_ACK);
    assert_int_equal(m.code, CS_CODE(4, 4));
    assert_int_equal(m.mid, 0xbeef);
    assert_int_equal(m.token_length, 2);
    assert_memory_equal(m.token.at, "\xa1\xa2", 2);
    assert_ptr_equal(m.octets.at, octets.at);
    assert_ptr_equal(m.payload.at, octets.at + 7);
    release(octets);
}

static void a_token_of_65804_octets_is_read(void **state)
{
    (void)state;
    uint8_t *octets = calloc(1, 6 + 65804);
    assert_non_null(octets);
    memcpy(octets, "\x4e\x01\x00\x01\xff\xff", 6);
    struct cs_message m;
    assert_true(cs_message_decode(CS_UDP, (struct cs_slice){octets, 6 + 65804}, 0, &m));
    assert_int_equal(m.token.len, 65804);
    assert_false(cs_message_decode(CS_UDP, (struct cs_slice){octets, 6 + 65803}, 0, &m));
    assert_int_equal(m.fault, CS_FAULT_TOKEN_SHORT);
    free(octets);
}

static void the_option_set_names_each_option_once(void **state)
{
    (void)state;
    /* Uri-Path twice, 65001 (critical), 65002 (elective) */
    const struct cs_slice octets = exact_hex("40 01 00 01 b1 61 01 62 e0 fc d1 10");
    struct cs_message m;
    assert_true(cs_message_decode(CS_UDP, octets, 0, &m));
    assert_true(m.option_set ==
                (CS_OPTION_BIT(CS_OPT_URI_PATH) | UINT64_C(1) << CS_OPTION_INDEX_UNKNOWN_CRITICAL |
                 UINT64_C(1) << CS_OPTION_INDEX_UNKNOWN_ELECTIVE));
    assert_true(cs_message_has(&m, CS_OPT_URI_PATH));
    assert_false(cs_message_has(&m, CS_OPT_URI_QUERY));
    release(octets);
}

static void codes_fall_into_their_classes(void **state)
{
    (void)state;
    for (unsigned code = 0; code < 256; code++) {
        const unsigned class = CS_CODE_CLASS(code);
        assert_int_equal(cs_code_is_request((uint8_t)code), class == 0 && code != 0);
        assert_int_equal(cs_code_is_response((uint8_t)code),
                         class == 2 || class == 4 || class == 5);
    }
}

static void every_fault_has_a_name_of_its_own(void **state)
{
    (void)state;
    for (int i = 0; i < CS_FAULT_COUNT; i++) {
        assert_true(strlen(cs_fault_text((enum cs_fault)i)) > 8);
        for (int k = 0; k < i; k++)
            assert_string_not_equal(cs_fault_id((enum cs_fault)i), cs_fault_id((enum cs_fault)k));
    }
    assert_string_equal(cs_fault_id(CS_FAULT_OPTION_DELTA), "option-delta");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_datagram_has_its_fault_at_its_octet),
        cmocka_unit_test(every_prefix_of_a_message_is_short_where_it_ends),
        cmocka_unit_test(every_cut_message_is_cut_and_not_malformed),
        cmocka_unit_test(what_stands_behind_a_message_is_not_looked_at),
        cmocka_unit_test(a_message_over_tcp_knows_where_its_fields_are),
        cmocka_unit_test(each_form_of_the_length_is_read),
        cmocka_unit_test(a_stream_is_cut_where_a_message_ends),
        cmocka_unit_test(a_message_that_is_too_long_is_known_by_its_head),
        cmocka_unit_test(the_options_of_a_signal_are_not_those_of_the_registry),
        cmocka_unit_test(a_cut_does_not_hide_what_is_wrong_before_it),
        cmocka_unit_test(the_header_is_read_field_by_field),
        cmocka_unit_test(a_token_of_65804_octets_is_read),
        cmocka_unit_test(the_option_set_names_each_option_once),
        cmocka_unit_test(codes_fall_into_their_classes),
        cmocka_unit_test(every_fault_has_a_name_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
