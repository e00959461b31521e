/* The decoder: one table of good and bad datagrams, each in an allocation of its exact length; every prefix of the good
 * ones, once as a datagram that ends there and once as one that the capture cut. */
#include "tests/unit/support.h"

struct sample {
    const char *notation, *hex;
    enum cs_fault fault;
    uint32_t fault_at;
    size_t token, options, payload; /* octets */
};

/* clang-format off */
static const struct sample samples[] = {
    /* well-formed */
    {"CON Empty: a ping",                   "40 00 12 34",                    CS_FAULT_NONE, 0, 0, 0, 0},
    {"RST",                                 "70 00 12 34",                    CS_FAULT_NONE, 0, 0, 0, 0},
    {"CON GET",                             "40 01 12 34",                    CS_FAULT_NONE, 0, 0, 0, 0},
    {"CON GET /temp tok=5b90",              "42 01 12 34 5b 90 b4 74 65 6d 70", CS_FAULT_NONE, 0, 2, 5, 0},
    {"ACK 2.05 cf=0 tok=01 | \"22\"",       "61 45 12 34 01 c0 ff 32 32",     CS_FAULT_NONE, 0, 1, 1, 2},
    {"NON 2.05 | one octet",                "50 45 00 01 ff ff",              CS_FAULT_NONE, 0, 0, 0, 1},
    {"token of 8",                          "48 01 00 01 01 02 03 04 05 06 07 08", CS_FAULT_NONE, 0, 8, 0, 0},
    {"token of 12, RFC 8974 or illegal",    "4c 01 00 01 01 02 03 04 05 06 07 08 09 0a 0b 0c", CS_FAULT_NONE, 0, 12, 0, 0},
    {"token of 13, RFC 8974",               "4d 01 00 01 00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d", CS_FAULT_NONE, 0, 13, 0, 0},
    {"token of 14, RFC 8974",               "4d 01 00 01 01 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e", CS_FAULT_NONE, 0, 14, 0, 0},
    {"delta 13 extended: Block1",           "40 03 00 01 d1 0e 08",           CS_FAULT_NONE, 0, 0, 3, 0},
    {"delta 14 extended: No-Response 258+…","40 03 00 01 e0 00 17",           CS_FAULT_NONE, 0, 0, 3, 0},
    {"option 65535",                        "40 01 00 01 e0 fe f2",           CS_FAULT_NONE, 0, 0, 3, 0},
    {"length 13 extended",                  "40 01 00 01 bd 00 30 31 32 33 34 35 36 37 38 39 61 62 63", CS_FAULT_NONE, 0, 0, 15, 0},
    {"illegal length for its option",       "40 01 00 01 35 61 62 63 64 65 54 01 02 03 04", CS_FAULT_NONE, 0, 0, 11, 0},
    {"code 7.31, unassigned",               "40 ff 00 01",                    CS_FAULT_NONE, 0, 0, 0, 0},
    /* header */
    {"nothing",                             "",                               CS_FAULT_SHORT_HEADER, 0, 0, 0, 0},
    {"three octets",                        "40 01 12",                       CS_FAULT_SHORT_HEADER, 0, 0, 0, 0},
    {"version 0",                           "00 01 12 34",                    CS_FAULT_VERSION, 0, 0, 0, 0},
    {"version 2 with a token",              "81 01 12 34 01",                 CS_FAULT_VERSION, 0, 0, 0, 0},
    {"version 3",                           "ff ff ff ff",                    CS_FAULT_VERSION, 0, 0, 0, 0},
    {"token length 15",                     "4f 01 12 34 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f", CS_FAULT_TOKEN_LENGTH, 0, 0, 0, 0},
    {"Empty with token length 15",          "4f 00 12 34",                    CS_FAULT_TOKEN_LENGTH, 0, 0, 0, 0},
    /* token */
    {"token of 4 with 3",                   "44 01 12 34 01 02 03",           CS_FAULT_TOKEN_SHORT, 4, 0, 0, 0},
    {"token of 13 without its length",      "4d 01 12 34",                    CS_FAULT_TOKEN_SHORT, 4, 0, 0, 0},
    {"token of 269 with 1",                 "4e 01 12 34 00 00 01",           CS_FAULT_TOKEN_SHORT, 4, 0, 0, 0},
    {"half of an extended token length",    "4e 01 12 34 00",                 CS_FAULT_TOKEN_SHORT, 4, 0, 0, 0},
    /* Empty messages that are not */
    {"Empty with token",                    "41 00 12 34 aa",                 CS_FAULT_EMPTY_NOT_BARE, 4, 1, 0, 0},
    {"Empty with token length alone",       "42 00 12 34",                    CS_FAULT_EMPTY_NOT_BARE, 0, 0, 0, 0},
    {"Empty with half a token",             "42 00 12 34 aa",                 CS_FAULT_EMPTY_NOT_BARE, 4, 0, 0, 0},
    {"Empty with an option",                "60 00 12 34 b1 61",              CS_FAULT_EMPTY_NOT_BARE, 4, 0, 2, 0},
    {"Empty with payload",                  "60 00 12 34 ff 00",              CS_FAULT_EMPTY_NOT_BARE, 4, 0, 0, 1},
    {"Empty with a marker alone",           "60 00 12 34 ff",                 CS_FAULT_EMPTY_NOT_BARE, 4, 0, 0, 0},
    {"Empty with token and a bad option",   "61 00 12 34 aa b1 61 f0",        CS_FAULT_EMPTY_NOT_BARE, 4, 1, 2, 0},
    /* options */
    {"delta 15",                            "40 01 12 34 b1 61 f1 62",        CS_FAULT_OPTION_DELTA, 6, 0, 2, 0},
    {"length 15",                           "40 01 12 34 bf 61",              CS_FAULT_OPTION_LENGTH, 4, 0, 0, 0},
    {"extended delta missing",              "40 01 12 34 d0",                 CS_FAULT_OPTION_SHORT, 4, 0, 0, 0},
    {"half an extended delta",              "40 01 12 34 e0 01",              CS_FAULT_OPTION_SHORT, 4, 0, 0, 0},
    {"extended length missing",             "40 01 12 34 bd",                 CS_FAULT_OPTION_SHORT, 4, 0, 0, 0},
    {"half an extended length",             "40 01 12 34 be 00",              CS_FAULT_OPTION_SHORT, 4, 0, 0, 0},
    {"value one short",                     "41 01 12 34 00 b1 61 03 62 63",  CS_FAULT_OPTION_SHORT, 7, 1, 2, 0},
    {"length of 65804 in a short message",  "40 01 12 34 be ff ff 61",        CS_FAULT_OPTION_SHORT, 4, 0, 0, 0},
    {"option 65536",                        "40 01 12 34 e0 fe f3",           CS_FAULT_OPTION_NUMBER, 4, 0, 0, 0},
    {"option 65804",                        "40 01 12 34 e0 ff ff",           CS_FAULT_OPTION_NUMBER, 4, 0, 0, 0},
    {"option 65535 and one more",           "40 01 12 34 e0 fe f2 10",        CS_FAULT_OPTION_NUMBER, 7, 0, 3, 0},
    {"65536 with its value short",          "40 01 12 34 e5 fe f3 00",        CS_FAULT_OPTION_NUMBER, 4, 0, 0, 0},
    /* payload */
    {"marker alone",                        "40 01 12 34 ff",                 CS_FAULT_NO_PAYLOAD, 4, 0, 0, 0},
    {"marker behind options",               "41 01 12 34 07 b1 61 ff",        CS_FAULT_NO_PAYLOAD, 7, 1, 2, 0},
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
        const bool ok = cs_message_decode(octets, 0, &m);
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
    if (n < 4)
        return CS_FAULT_SHORT_HEADER;
    const size_t token_end = (size_t)(whole->token.at - whole->octets.at) + whole->token.len;
    if (n < token_end)
        return CS_FAULT_TOKEN_SHORT;
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
        cs_message_decode(octets, 0, &whole);
        if (whole.token.at == NULL)
            whole.token.at = octets.at + 4;
        for (size_t n = 0; n < octets.len; n++) {
            const struct cs_slice prefix = exact_copy(octets.at, n);
            cs_message_decode(prefix, 0, &m);
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
            assert_false(cs_message_decode(prefix, (uint32_t)(octets.len - n), &m));
            if (m.fault != CS_FAULT_CUT || m.fault_at > n)
                fail_msg("%s, first %zu octets captured: got %s at %u", samples[i].notation, n,
                         cs_fault_id(m.fault), m.fault_at);
            release(prefix);
        }
        release(octets);
    }
}

static void a_cut_does_not_hide_what_is_wrong_before_it(void **state)
{
    static const struct sample cut[] = {
        {"version 2", "80 01 12 34", CS_FAULT_VERSION, 0, 0, 0, 0},
        {"delta 15", "40 01 12 34 f1", CS_FAULT_OPTION_DELTA, 4, 0, 0, 0},
        {"Empty, more on the wire", "40 00 12 34", CS_FAULT_EMPTY_NOT_BARE, 4, 0, 0, 0},
        {"value longer than the wire", "40 01 12 34 ba 61", CS_FAULT_OPTION_SHORT, 4, 0, 0, 0},
        {"token longer than the wire", "48 01 12 34", CS_FAULT_TOKEN_SHORT, 4, 0, 0, 0},
        {"payload", "40 01 12 34 ff 61", CS_FAULT_CUT, 6, 0, 0, 1},
        {"behind the marker", "40 01 12 34 b1 61 ff", CS_FAULT_CUT, 7, 0, 2, 0},
        {"in an option", "40 01 12 34 b1 61 03 62", CS_FAULT_CUT, 6, 0, 2, 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cut / sizeof cut[0]; i++) {
        const struct sample *s = &cut[i];
        const struct cs_slice octets = exact_hex(s->hex);
        struct cs_message m;
        assert_false(cs_message_decode(octets, 5, &m));
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
    assert_true(cs_message_decode(octets, 0, &m));
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
    assert_true(cs_message_decode((struct cs_slice){octets, 6 + 65804}, 0, &m));
    assert_int_equal(m.token.len, 65804);
    assert_false(cs_message_decode((struct cs_slice){octets, 6 + 65803}, 0, &m));
    assert_int_equal(m.fault, CS_FAULT_TOKEN_SHORT);
    free(octets);
}

static void the_option_set_names_each_option_once(void **state)
{
    (void)state;
    /* Uri-Path twice, 65001 (critical), 65002 (elective) */
    const struct cs_slice octets = exact_hex("40 01 00 01 b1 61 01 62 e0 fc d1 10");
    struct cs_message m;
    assert_true(cs_message_decode(octets, 0, &m));
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
        cmocka_unit_test(a_cut_does_not_hide_what_is_wrong_before_it),
        cmocka_unit_test(the_header_is_read_field_by_field),
        cmocka_unit_test(a_token_of_65804_octets_is_read),
        cmocka_unit_test(the_option_set_names_each_option_once),
        cmocka_unit_test(codes_fall_into_their_classes),
        cmocka_unit_test(every_fault_has_a_name_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
