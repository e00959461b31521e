/* What `decode` prints: every octet has a meaning, every violation its place. */
#include "tests/unit/support.h"

#include "coap/explain.h"

enum { SPANS = 64 };

static size_t explained_as(enum cs_carrier carrier, const char *hex, struct cs_slice *octets,
                           struct cs_span *spans)
{
    struct cs_message m;
    *octets = exact_hex(hex);
    cs_message_decode(carrier, *octets, 0, &m);
    const size_t n = cs_explain(&m, spans, SPANS);
    assert_true(n <= SPANS);
    return n;
}

static size_t explained(const char *hex, struct cs_slice *octets, struct cs_span *spans)
{
    return explained_as(CS_UDP, hex, octets, spans);
}

static void each_field_is_said_in_words(void **state)
{
    static const struct {
        uint32_t at, len;
        const char *label, *text;
    } expected[] = {
        {0, 1, "Version", "1"},
        {0, 1, "Type", "2: Acknowledgement (ACK)"},
        {0, 1, "Token Length", "1"},
        {1, 1, "Code", "2.05: Content, a response"},
        {2, 2, "Message ID", "0x1234 (4660)"},
        {4, 1, "Token", "07"},
        {5, 1, "Option 4", "ETag: delta 4, length 1; elective, safe to forward"},
        {6, 1, "ETag", "ee"},
        {7, 1, "Option 6", "Observe: delta 2, length 1; elective, unsafe to forward"},
        {8, 1, "Observe", "9 = sequence number"},
        {9, 1, "Option 12", "Content-Format: delta 6, length 0; elective, safe to forward"},
        {10, 0, "Content-Format", "0 = text/plain; charset=utf-8"},
        {10, 1, "Option 23", "Block2: delta 11, length 1; critical, unsafe to forward"},
        {11, 1, "Block2", "26 = block 1, more follow, 64 octets"},
        {12, 3, "Option 65000", "unassigned: delta 64977, length 1; elective, safe to forward"},
        {15, 1, "Option value", "ab"},
        {16, 1, "Payload Marker", "0xff"},
        {17, 3, "Payload", "3 octets: \"a\\nb\""},
    };
    struct cs_span spans[SPANS];
    struct cs_slice octets;
    (void)state;
    const size_t n =
        explained("61 45 12 34 07 41 ee 21 09 60 b1 1a e1 fc c4 ab ff 61 0a 62", &octets, spans);
    assert_int_equal(n, sizeof expected / sizeof expected[0]);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(spans[i].kind, CS_SPAN_FIELD);
        assert_int_equal(spans[i].at, expected[i].at);
        assert_int_equal(spans[i].len, expected[i].len);
        assert_string_equal(spans[i].label, expected[i].label);
        assert_string_equal(spans[i].text, expected[i].text);
    }
    release(octets);
}

static void a_message_over_tcp_is_said_octet_by_octet(void **state)
{
    static const struct {
        enum cs_carrier carrier;
        const char *hex;
        struct {
            uint32_t at, len;
            const char *label, *text;
            bool fault;
        } expected[10];
    } rows[] = {
        {CS_TCP,
         "dd 00 45 00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d ff 30 31 32 33 34 35 36 37 38 39 61 "
         "62",
         {{0, 1, "Length", "13: 1 more octet of length", false},
          {0, 1, "Token Length", "13: 1 more octet of length (RFC 8974, or illegal)", false},
          {1, 1, "Length, extended", "00", false},
          {2, 1, "Code", "2.05: Content, a response", false},
          {3, 1, "Token Length, extended", "13 + 0 = 13 octets", false},
          {4, 13, "Token", "0102030405060708090a0b0c0d", false},
          {17, 1, "Payload Marker", "0xff", false},
          {18, 12, "Payload", "12 octets: \"0123456789ab\"", false}}},
        {CS_TCP,
         "20 e1 23 80",
         {{0, 1, "Length", "2", false},
          {0, 1, "Token Length", "0", false},
          {1, 1, "Code", "7.01: CSM, a signal", false},
          {2, 2, "option-short", "ends inside an option", true},
          {2, 2, "not decoded", "2380", false}}},
        {CS_TCP,
         "10 e2 20",
         {{0, 1, "Length", "1", false},
          {0, 1, "Token Length", "0", false},
          {1, 1, "Code", "7.02: Ping, a signal", false},
          {2, 1, "Option 2", "of this signal: delta 2, length 0; elective", false},
          {3, 0, "Option value", "empty", false}}},
        {CS_WS,
         "11 01 aa",
         {{0, 1, "Length", "1", false},
          {0, 1, "Token Length", "1", false},
          {0, 1, "length", "the length field tells another length than the message has", true},
          {1, 1, "Code", "0.01: GET, a request", false},
          {2, 1, "not decoded", "aa", false}}},
        {CS_TCP,
         "e0 01",
         {{0, 2, "short-header", "shorter than its header", true},
          {0, 2, "not decoded", "e001", false}}},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct cs_span spans[SPANS];
        struct cs_slice octets;
        const size_t n = explained_as(rows[i].carrier, rows[i].hex, &octets, spans);
        for (size_t k = 0; k < n; k++)
            if (rows[i].expected[k].label == NULL || spans[k].at != rows[i].expected[k].at ||
                spans[k].len != rows[i].expected[k].len ||
                strcmp(spans[k].label, rows[i].expected[k].label) != 0 ||
                strcmp(spans[k].text, rows[i].expected[k].text) != 0 ||
                (spans[k].kind == CS_SPAN_FAULT) != rows[i].expected[k].fault)
                fail_msg("%s: span %zu is %u+%u %s: %s", rows[i].hex, k, spans[k].at, spans[k].len,
                         spans[k].label, spans[k].text);
        assert_null(rows[i].expected[n].label);
        release(octets);
    }
}

static void each_violation_is_said_at_its_octet(void **state)
{
    static const struct {
        const char *hex, *label;
        uint32_t at, len;
    } rows[] = {
        {"40 01 00", "short-header", 0, 3},
        {"80 01 00 01 aa", "version", 0, 1},
        {"4f 01 00 01", "token-length", 0, 1},
        {"44 01 00 01 01", "token-short", 4, 1},
        {"40 00 00 01 b1 61", "empty-not-bare", 4, 2},
        {"42 00 00 01", "empty-not-bare", 0, 1},
        {"40 01 00 01 b1 61 f1 62", "option-delta", 6, 2},
        {"40 01 00 01 1f", "option-length", 4, 1},
        {"40 01 00 01 b2 61", "option-short", 4, 2},
        {"40 01 00 01 e0 fe f3", "option-number", 4, 3},
        {"40 01 00 01 ff", "no-payload", 4, 1},
        {"60 01 00 01", "type-and-code", 1, 1},
        {"70 45 00 01", "type-and-code", 1, 1},
        {"50 00 00 01", "type-and-code", 1, 1},
        {"40 21 00 01", "code-class", 1, 1},
        {"40 ff 00 01", "code-class", 1, 1},
        {"40 01 00 01 d1 04 32 01 28", "option-repeated", 7, 2},
        {"40 01 00 01 30", "option-value-length", 4, 1},
        {"40 01 00 01 d2 04 00 28", "leading-zero", 6, 1},
        {"40 01 00 01 b3 61 ff 62", "not-utf-8", 6, 1},
        {"40 01 00 01 b2 2e 2e", "option-value", 5, 2},
        {"40 01 00 01 d1 0a 0f", "option-value", 6, 1},
        {"40 01 00 01 d1 03 00", "option-value", 6, 1},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct cs_span spans[SPANS];
        struct cs_slice octets;
        const size_t n = explained(rows[i].hex, &octets, spans);
        size_t found = 0, faults = 0;
        for (size_t k = 0; k < n; k++) {
            if (spans[k].kind != CS_SPAN_FAULT)
                continue;
            faults++;
            found += strcmp(spans[k].label, rows[i].label) == 0 && spans[k].at == rows[i].at &&
                     spans[k].len == rows[i].len;
        }
        if (found != 1 || faults != 1)
            fail_msg("%s: expected %s at %u for %u, among %zu faults", rows[i].hex, rows[i].label,
                     rows[i].at, rows[i].len, faults);
        release(octets);
    }
}

static void newer_registered_options_are_no_violation(void **state)
{
    static const char *const rows[] = {
        "40 01 00 01 d1 03 10",          /* Hop-Limit */
        "40 01 00 01 d1 06 08",          /* Q-Block1 */
        "40 01 00 01 d0 08",             /* EDHOC */
        "40 01 00 01 d4 ef 01 02 03 04", /* Echo */
        "40 01 00 01 e1 00 17 01",       /* Request-Tag 292 */
        "40 01 00 01 d1 f5 1a",          /* No-Response */
        "49 01 00 01 01 02 03 04 05 06 07 08 09",
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct cs_span spans[SPANS];
        struct cs_slice octets;
        const size_t n = explained(rows[i], &octets, spans);
        for (size_t k = 0; k < n; k++)
            if (spans[k].kind == CS_SPAN_FAULT)
                fail_msg("%s: %s: %s", rows[i], spans[k].label, spans[k].text);
        release(octets);
    }
}

static void long_text_ends_in_dots_and_whole_characters(void **state)
{
    char hex[3 * 400];
    struct cs_span spans[SPANS];
    struct cs_slice octets;
    (void)state;
    memcpy(hex, "40450001ff61", 12);
    for (size_t i = 0; i < 100; i++)
        memcpy(hex + 12 + 6 * i, "e282ac", 7);
    const size_t n = explained(hex, &octets, spans);
    const char *text = spans[n - 1].text;
    const size_t len = strlen(text);
    assert_true(len < sizeof spans[0].text && len > sizeof spans[0].text - 8);
    assert_string_equal(text + len - 3, "...");
    assert_true(cs_utf8_valid((struct cs_slice){(const uint8_t *)text, len}, NULL));
    release(octets);
}

static void spans_beyond_the_array_are_counted_only(void **state)
{
    struct cs_span spans[4];
    struct cs_message m;
    (void)state;
    const struct cs_slice octets = exact_hex("40 01 00 01 b1 61");
    cs_message_decode(CS_UDP, octets, 0, &m);
    memset(spans, 0xee, sizeof spans);
    assert_int_equal(cs_explain(&m, spans, 3), 7);
    assert_int_equal(((uint8_t *)&spans[3])[0], 0xee);
    assert_int_equal(cs_explain(&m, NULL, 0), 7);
    release(octets);
}

/* The octets up to which fields say what they mean, without a gap; each label and each place is there. */
static uint32_t covered(struct cs_slice octets, unsigned *faults)
{
    struct cs_span spans[SPANS];
    const size_t n = cs_explain_records(octets, spans, SPANS);
    uint32_t upto = 0;
    *faults = 0;
    assert_true(n <= SPANS);
    for (size_t i = 0; i < n; i++) {
        if (spans[i].at > upto || spans[i].at + spans[i].len > octets.len)
            fail_msg("%s: %u octets at %u, after %u of %zu", spans[i].label, spans[i].len,
                     spans[i].at, upto, octets.len);
        assert_true(spans[i].label[0] != '\0');
        *faults += spans[i].kind == CS_SPAN_FAULT;
        if (spans[i].kind == CS_SPAN_FIELD && spans[i].at + spans[i].len > upto)
            upto = spans[i].at + spans[i].len;
    }
    return upto;
}

static void every_octet_of_a_record_is_explained(void **state)
{
    (void)state;
    /* a ServerHello with an extension, a ServerHelloDone, an alert, and what is encrypted */
    static const char hex[] =
        "16 fefd 0000 000000000001 003c 02 000030 0001 000000 000030 fefd"
        "0006a21bb02338f2f0f8017a83fc59a915e1931b27d601b097fe193a8234169b 01aa c0a8 00 0007 ff01 "
        "0003 "
        "020000 16 fefd 0000 000000000002 000c 0e 000000 0002 000000 000000"
        "15 fefd 0000 000000000003 0002 0228 17 fefd 0001 000000000001 0003 aabbcc 2e 0102";
    struct cs_span spans[SPANS];
    unsigned faults;
    struct cs_slice octets = exact_hex(hex);
    assert_int_equal(covered(octets, &faults), octets.len);
    const size_t n = cs_explain_records(octets, spans, SPANS);
    bool suite = false;
    for (size_t i = 0; i < n; i++)
        suite = suite || (spans[i].at == 61 && spans[i].len == 2 &&
                          strcmp(spans[i].text, "TLS_PSK_WITH_AES_128_CCM_8") == 0);
    assert_true(suite);
    assert_int_equal(cs_explain_records(octets, NULL, 0), n);
    for (size_t length = 1; length < octets.len; length++) {
        struct cs_slice prefix = exact_copy(octets.at, length);
        assert_int_equal(covered(prefix, &faults), length);
        release(prefix);
    }
    for (size_t i = 0; i < octets.len; i++) { /* and of none that is wrong somewhere */
        struct cs_slice other = exact_copy(octets.at, octets.len);
        ((uint8_t *)(uintptr_t)other.at)[i] ^= 0xff;
        assert_int_equal(covered(other, &faults), other.len);
        release(other);
    }
    release(octets);
    octets = exact_hex("15 fefd 0000 000000000003 0002 02");
    covered(octets, &faults);
    assert_int_equal(faults, 1);
    release(octets);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_field_is_said_in_words),
        cmocka_unit_test(a_message_over_tcp_is_said_octet_by_octet),
        cmocka_unit_test(each_violation_is_said_at_its_octet),
        cmocka_unit_test(newer_registered_options_are_no_violation),
        cmocka_unit_test(long_text_ends_in_dots_and_whole_characters),
        cmocka_unit_test(spans_beyond_the_array_are_counted_only),
        cmocka_unit_test(every_octet_of_a_record_is_explained),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
