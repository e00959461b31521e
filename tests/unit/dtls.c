/* tests/unit/dtls.c: records, hellos, certificates, and the sessions that they make. */
#include "tests/specimen/specimen_dtls.h"
#include "support.h"
#include "track/ledgers.h"
#include "track/sessions.h"
#include "wire/certificate.h"
#include "wire/dtls.h"

/* A datagram from its words, in an allocation of exactly its length. */
static struct cs_slice words(const char *text)
{
    static unsigned number;
    uint8_t octets[4096];
    const char *why;
    size_t bad;
    const size_t n = cs_specimen_dtls(text, number++, octets, sizeof octets, &bad, &why);
    if (n == 0)
        fail_msg("%s: %s at %zu", text, why, bad);
    return exact_copy(octets, n);
}

/* ------------------------------------------------------------------ records */

static size_t count_records(struct cs_slice octets, uint32_t missing, int cid,
                            struct cs_record_walk *walk, struct cs_record *last)
{
    size_t n = 0;
    struct cs_record record;
    *last = (struct cs_record){0};
    *walk = (struct cs_record_walk){.octets = octets, .missing = missing, .cid_length = cid};
    for (; cs_record_next(walk, &record); n++)
        *last = record;
    return n;
}

static void records_follow_each_other(void **state)
{
    (void)state;
    struct cs_record_walk walk;
    struct cs_record last;
    struct cs_slice two = exact_hex("15 fefd 0000 000000000001 0002 0100"
                                    "17 fefd 0001 010203040506 0003 aabbcc");
    assert_int_equal(count_records(two, 0, -1, &walk, &last), 2);
    assert_false(walk.bad);
    assert_int_equal(last.type, CS_RECORD_APPLICATION_DATA);
    assert_int_equal(last.epoch, 1);
    assert_true(last.encrypted && last.sequence == UINT64_C(0x010203040506));
    assert_int_equal(last.at, 15);
    assert_int_equal(last.body_at, 28);
    assert_int_equal(last.body.len, 3);
    release(two);
}

static void every_prefix_of_a_record_is_short_or_cut(void **state)
{
    (void)state;
    struct cs_record_walk walk;
    struct cs_record last;
    struct cs_slice whole = words("client-hello suites=c0ae groups=0017 points=00");
    for (size_t n = 1; n < whole.len; n++) {
        struct cs_slice prefix = exact_copy(whole.at, n);
        const uint32_t missing = (uint32_t)(whole.len - n);
        assert_int_equal(count_records(prefix, 0, -1, &walk, &last), 0);
        assert_true(walk.bad);
        const size_t found = count_records(prefix, missing, -1, &walk, &last);
        assert_int_equal(found, n >= 13);
        assert_true(found == 0 || last.cut);
        release(prefix);
    }
    release(whole);
}

static void junk_behind_a_record_is_noticed(void **state)
{
    (void)state;
    struct cs_record_walk walk;
    struct cs_record last;
    struct cs_slice octets = exact_hex("15 fefd 0000 000000000001 0002 0100 00");
    assert_int_equal(count_records(octets, 0, -1, &walk, &last), 1);
    assert_true(walk.bad && walk.at == 15);
    release(octets);
}

static void a_connection_id_hides_the_length_until_it_is_known(void **state)
{
    (void)state;
    struct cs_record_walk walk;
    struct cs_record last;
    struct cs_slice octets = exact_hex("19 fefd 0001 000000000001 c1c2 0003 aabbcc"
                                       "15 fefd 0000 000000000002 0002 0100");
    assert_int_equal(count_records(octets, 0, -1, &walk, &last), 1);
    assert_true(last.encrypted && walk.at == octets.len);
    assert_int_equal(count_records(octets, 0, 2, &walk, &last), 2);
    assert_int_equal(last.type, CS_RECORD_ALERT);
    release(octets);
}

static void the_header_of_dtls_1_3_takes_the_rest(void **state)
{
    (void)state;
    struct cs_record_walk walk;
    struct cs_record last;
    struct cs_slice octets = exact_hex("2e 0001 0003 aabbcc");
    assert_int_equal(count_records(octets, 0, -1, &walk, &last), 1);
    assert_int_equal(last.type, CS_RECORD_UNIFIED);
    assert_true(last.encrypted && last.epoch == 2);
    release(octets);
}

/* ------------------------------------------------------------------ hellos */

/* The body of the one handshake message of a datagram. */
static struct cs_slice body_of(struct cs_slice datagram)
{
    struct cs_record_walk walk = {.octets = datagram, .cid_length = -1};
    struct cs_record record;
    struct cs_handshake handshake;
    uint32_t at = 0;
    assert_true(cs_record_next(&walk, &record));
    assert_true(cs_handshake_next(record.body, &at, &handshake));
    assert_int_equal(handshake.length, handshake.fragment.len);
    return handshake.fragment;
}

static void a_client_hello_tells_what_it_offers(void **state)
{
    (void)state;
    struct cs_hello hello;
    struct cs_slice d =
        words("client-hello suites=c0a8,c0ae sni=coap.example groups=001d,0017 points=01,00 "
              "server-types=02,00 cid=2");
    struct cs_slice body = body_of(d);
    assert_true(cs_hello_decode(body, false, &hello));
    assert_int_equal(hello.version, CS_DTLS_1_2);
    assert_int_equal(hello.random.len, 32);
    assert_true(cs_hello_offers(&hello, 0xc0ae) && cs_hello_offers(&hello, 0xc0a8));
    assert_false(cs_hello_offers(&hello, 0xa8c0));
    assert_memory_equal(body.at + hello.suites_at, "\xc0\xa8\xc0\xae", 4);
    assert_true(cs_extension_lists(&hello.extension[CS_EXT_GROUPS], 2, 23));
    assert_false(cs_extension_lists(&hello.extension[CS_EXT_GROUPS], 2, 24));
    assert_true(cs_extension_lists(&hello.extension[CS_EXT_POINT_FORMATS], 1, 0));
    assert_true(cs_extension_lists(&hello.extension[CS_EXT_SERVER_TYPE], 1, 2));
    assert_false(cs_hello_has(&hello, CS_EXT_CLIENT_TYPE));
    assert_memory_equal(body.at + hello.extension[CS_EXT_POINT_FORMATS].at, "\x00\x0b", 2);
    assert_memory_equal(hello.extension[CS_EXT_SERVER_NAME].value.at + 5, "coap.example", 12);
    release(d);
}

static void every_prefix_of_a_hello_is_refused_or_lacks_extensions(void **state)
{
    (void)state;
    struct cs_hello hello;
    struct cs_slice d = words("client-hello suites=c0ae groups=0017 points=00");
    struct cs_slice body = body_of(d);
    assert_true(cs_hello_decode(body, false, &hello));
    const size_t fixed = hello.suites_at + hello.suites.len + 2;
    for (size_t n = 0; n < body.len; n++) {
        struct cs_slice prefix = exact_copy(body.at, n);
        assert_int_equal(cs_hello_decode(prefix, false, &hello), n >= fixed);
        assert_false(n >= fixed && cs_hello_has(&hello, CS_EXT_POINT_FORMATS));
        release(prefix);
    }
    release(d);
}

/* ------------------------------------------------------------------ certificates, made with openssl */

static const char signed_itself[] = "308201863082012da00302010202142ecca1803388e3c02c3f90d1c86c19db"
                                    "a8de68c3300a06082a8648ce3d04030230"
                                    "11310f300d06035504030c06646576696365301e170d323631313232323030"
                                    "3434325a170d3336313131393230303434"
                                    "325a3011310f300d06035504030c066465766963653059301306072a8648ce"
                                    "3d020106082a8648ce3d03010703420004"
                                    "687f737ed7335a732503071015f6e8520088334d8078c60fb102dbfb545a6c"
                                    "666ee2f9046889d3aaee06e384420080a7"
                                    "0e3343463e2940321537121acfb8125ba3633061301d0603551d0e04160414"
                                    "0aee69f22d83ec5d3f96c4d11c7de4fb72"
                                    "1d162c301f0603551d230418301680140aee69f22d83ec5d3f96c4d11c7de4"
                                    "fb721d162c300f0603551d130101ff0405"
                                    "30030101ff300e0603551d0f0101ff040403020308300a06082a8648ce3d04"
                                    "03020347003044022036cb728edc1fb734"
                                    "41cfd2d4f8f28a6e6e0633732cc87eb803f07d9ffb066ac902206ef8c826ac"
                                    "82c04532b3979c2dbdb17e63ae0a18528c"
                                    "ee4da0409dc9b4b56687";
static const char signed_with_rsa[] = "308201563081c0021467aa70935b92c33d5eeb0b748f10d51e3d00118130"
                                      "0d06092a864886f70d01010b0500300d310b"
                                      "300906035504030c026361301e170d3236313132323230303434325a170d"
                                      "3336313131393230303434325a300f310d30"
                                      "0b06035504030c046c6561663059301306072a8648ce3d020106082a8648"
                                      "ce3d03010703420004687f737ed7335a7325"
                                      "03071015f6e8520088334d8078c60fb102dbfb545a6c666ee2f9046889d3"
                                      "aaee06e384420080a70e3343463e29403215"
                                      "37121acfb8125b300d06092a864886f70d01010b0500038181009020569f"
                                      "ecd3be1bdb43c39bc5a9ffc28b7819ce55c4"
                                      "b3670513782448b88ad69b03c73d2d38622ea4981ec85d72ca241d63801d"
                                      "f07610926ad9ded224b2cc29b9c0cedef205"
                                      "2634befb55d488b642baf2bcaf050c2225c6cd2a4b2e0491e095b37c7f99"
                                      "2ff382043f95a585e54886c5c9492a3e0ea9"
                                      "8aa447ffa14a597263ba";
static const char raw_key[] =
    "3059301306072a8648ce3d020106082a8648ce3d03010703420004687f737ed7335a732503071015f6e8520088334d"
    "80"
    "78c60fb102dbfb545a6c666ee2f9046889d3aaee06e384420080a70e3343463e2940321537121acfb8125b";

static void a_certificate_tells_its_key_and_signature(void **state)
{
    (void)state;
    enum { AT = 6 };
    struct cs_certificate c;
    struct cs_slice der = exact_hex(signed_itself);
    assert_true(cs_certificate_decode(der, false, AT, &c));
    assert_int_equal(c.key, CS_KEY_EC);
    assert_int_equal(c.curve, CS_CURVE_SECP256R1);
    assert_int_equal(c.signature, CS_SIGNATURE_ECDSA_SHA256);
    assert_true(c.self_issued && c.has_usage && !c.signs && !c.compressed);
    assert_memory_equal(der.at + c.key_at - AT, "\x30\x59\x30\x13", 4);
    assert_memory_equal(der.at + c.signature_at - AT, "\x30\x0a\x06\x08", 4);
    assert_memory_equal(der.at + c.usage_at - AT, "\x30\x0e\x06\x03\x55\x1d\x0f", 7);
    release(der);
    der = exact_hex(signed_with_rsa);
    assert_true(cs_certificate_decode(der, false, 0, &c));
    assert_int_equal(c.signature, CS_SIGNATURE_RSA);
    assert_int_equal(c.key, CS_KEY_EC);
    assert_false(c.self_issued || c.has_usage);
    release(der);
    der = exact_hex(raw_key);
    assert_true(cs_certificate_decode(der, true, 0, &c));
    assert_int_equal(c.curve, CS_CURVE_SECP256R1);
    assert_false(cs_certificate_decode(der, false, 0, &c));
    release(der);
}

static void no_prefix_of_a_certificate_can_be_read(void **state)
{
    (void)state;
    const char *const all[] = {signed_itself, signed_with_rsa, raw_key};
    for (size_t i = 0; i < 3; i++) {
        struct cs_certificate c;
        struct cs_slice der = exact_hex(all[i]);
        for (size_t n = 0; n < der.len; n++) {
            struct cs_slice prefix = exact_copy(der.at, n);
            assert_false(cs_certificate_decode(prefix, i == 2, 0, &c));
            assert_false(c.readable);
            release(prefix);
        }
        release(der);
    }
}

/* ------------------------------------------------------------------ sessions */

static struct cs_datagram datagram(struct cs_slice octets, bool to_server, uint16_t client_port)
{
    struct cs_address client = {{192, 0, 2, 101}, client_port, 4},
                      server = {{192, 0, 2, 1}, 5684, 4};
    return (struct cs_datagram){.time_ns = 1,
                                .packet = 1,
                                .src = to_server ? client : server,
                                .dst = to_server ? server : client,
                                .octets = octets};
}

static struct cs_sessions *new_sessions(size_t memory)
{
    const struct cs_ledger_setup setup = {.memory = memory};
    struct cs_sessions *s = cs_ledger_sessions.new(&setup);
    assert_non_null(s);
    return s;
}

static struct cs_counts counts_of(const struct cs_sessions *s)
{
    struct cs_counts counts = {.memory = 0};
    cs_ledger_sessions.counts(s, &counts);
    return counts;
}

/* Plays one datagram; the traits of what it showed. */
static uint64_t play(struct cs_sessions *s, struct cs_slice octets, bool to_server, uint16_t port)
{
    struct cs_view view;
    uint64_t traits = 0;
    const struct cs_datagram d = datagram(octets, to_server, port);
    cs_sessions_datagram(s, &d, true);
    while (cs_sessions_next(s, &view)) {
        assert_non_null(view.known.session);
        assert_ptr_equal(view.flow, &view.known.session->flow);
        traits |= view.traits & ~CS_D_DTLS & ~CS_D_DTLS;
    }
    return traits;
}

static uint64_t play_words(struct cs_sessions *s, const char *text, bool to_server)
{
    struct cs_slice d = words(text);
    const uint64_t traits = play(s, d, to_server, 40000);
    release(d);
    return traits;
}

static const struct cs_session *the_session(struct cs_sessions *s)
{
    const struct cs_datagram d = datagram((struct cs_slice){NULL, 0}, false, 40000);
    return cs_sessions_find(s, &d.src, &d.dst);
}

static void a_session_knows_what_was_chosen(void **state)
{
    (void)state;
    struct cs_sessions *s = new_sessions(1 << 20);
    assert_false(cs_sessions_any(s));
    assert_int_equal(play_words(s, "client-hello suites=c0a8,c0ae", true), CS_D_HELLO);
    assert_int_equal(play_words(s, "client-hello suites=c0a8,c0ae", true), 0); /* again */
    assert_false(the_session(s)->has_suite);
    assert_int_equal(play_words(s, "server-hello suites=c0ae server-types=02", false), CS_D_HELLO);
    assert_int_equal(play_words(s, "raw-key key=p256", false), CS_D_CERTIFICATE);
    assert_int_equal(the_session(s)->suite, 0xc0ae);
    assert_int_equal(the_session(s)->client_side, 0);
    assert_int_equal(the_session(s)->certificate_type[1], CS_CERTIFICATE_RAW_KEY);
    assert_int_equal(the_session(s)->certificate_type[0], CS_CERTIFICATE_X509);
    assert_false(cs_session_stands(the_session(s)));
    assert_int_equal(play_words(s, "record", true), CS_D_RECORD);
    assert_int_equal(play_words(s, "record", false), CS_D_RECORD);
    assert_true(cs_session_stands(the_session(s)));
    assert_int_equal(play_words(s, "record type=21", false), 0);
    assert_true(the_session(s)->closing);
    assert_int_equal(play_words(s, "client-hello suites=c0a8 random=7", true), CS_D_HELLO);
    assert_false(the_session(s)->closing || the_session(s)->has_suite);
    const struct cs_dtls_counts counts = counts_of(s).dtls;
    assert_int_equal(counts.sessions, 2);
    assert_int_equal(counts.records, 8);
    assert_int_equal(counts.encrypted, 3);
    assert_int_equal(counts.suites[0].suite, 0xc0ae);
    assert_int_equal(counts.suites[0].sessions, 1);
    assert_int_equal(counts.suites[1].sessions, 0);
    cs_ledger_sessions.free(s);
}

/* One handshake message of a datagram in fragments of `size` octets, in the order that `step` gives. */
static uint64_t play_fragments(struct cs_sessions *s, struct cs_slice whole, size_t size,
                               size_t step)
{
    enum { HEADERS = 25 };
    const size_t length = whole.len - HEADERS, count = (length + size - 1) / size;
    uint64_t traits = 0;
    for (size_t i = 0; i < count; i++) {
        uint8_t octets[HEADERS + 512];
        const size_t from = i * step % count * size;
        const size_t n = length - from < size ? length - from : size;
        assert_true(n <= 512 && traits == 0);
        memcpy(octets, whole.at, HEADERS);
        memcpy(octets + HEADERS, whole.at + HEADERS + from, n);
        octets[11] = (uint8_t)((n + 12) >> 8);
        octets[12] = (uint8_t)(n + 12);
        octets[19] = 0;
        octets[20] = (uint8_t)(from >> 8);
        octets[21] = (uint8_t)from;
        octets[22] = 0;
        octets[23] = (uint8_t)(n >> 8);
        octets[24] = (uint8_t)n;
        struct cs_slice fragment = exact_copy(octets, HEADERS + n);
        traits |= play(s, fragment, true, 40000);
        release(fragment);
    }
    return traits;
}

static void fragments_are_put_together_in_any_order(void **state)
{
    (void)state;
    static const size_t sizes[] = {1, 7, 40}, steps[] = {1, 17, 101};
    for (size_t i = 0; i < 9; i++) {
        struct cs_sessions *s = new_sessions(1 << 20);
        struct cs_slice d = words("client-hello suites=c0ae groups=0017 points=00 sni=a.example");
        assert_int_equal(play_fragments(s, d, sizes[i / 3], steps[i % 3]), CS_D_HELLO);
        assert_int_equal(counts_of(s).dtls.unreadable, 0);
        assert_int_equal(the_session(s)->client_side, 0);
        release(d);
        cs_ledger_sessions.free(s);
    }
}

static void a_message_that_lacks_a_fragment_says_nothing(void **state)
{
    (void)state;
    struct cs_sessions *s = new_sessions(1 << 20);
    struct cs_slice d = words("client-hello suites=c0ae groups=0017 points=00 sni=a.example");
    assert_int_equal(play_fragments(s, d, 40, 2), 0); /* two of them twice, or one never */
    release(d);
    cs_ledger_sessions.free(s);
}

static void memory_is_bounded_and_the_oldest_is_forgotten(void **state)
{
    (void)state;
    enum { MEMORY = 64 * 1024 };
    struct cs_sessions *s = new_sessions(MEMORY);
    struct cs_slice d = words("record");
    for (unsigned port = 1; port < 2000; port++) {
        play(s, d, true, (uint16_t)port);
        assert_true(counts_of(s).memory <= MEMORY);
    }
    const struct cs_datagram first = datagram(d, true, 1), last = datagram(d, true, 1999);
    assert_null(cs_sessions_find(s, &first.src, &first.dst));
    assert_non_null(cs_sessions_find(s, &last.dst, &last.src));
    assert_int_equal(counts_of(s).dtls.sessions, 1999);
    assert_true(counts_of(s).dtls.evicted > 1000);
    release(d);
    cs_ledger_sessions.free(s);
}

/* ------------------------------------------------------------------ the analysis */

struct heard {
    unsigned findings;
    unsigned messages;
};
static void on_finding(void *user, const struct cs_finding *finding)
{
    (void)finding;
    ((struct heard *)user)->findings++;
}
static void on_event(void *user, const struct cs_view *view)
{
    (void)view;
    ((struct heard *)user)->messages++;
}

/* A raw IPv4 frame around these octets, between ports 40000 and `port`. */
static void feed(struct cs_analysis *a, struct cs_slice octets, uint16_t port)
{
    static uint64_t number;
    number++;
    uint8_t frame[28 + 2048] = {0x45, 0,   0, 0, 0,   0,   0, 0, 64, 17,   0,
                                0,    192, 0, 2, 101, 192, 0, 2, 1,  0x9c, 0x40};
    const size_t length = 28 + octets.len;
    assert_true(octets.len <= 2048);
    memcpy(frame + 28, octets.at, octets.len);
    frame[2] = (uint8_t)(length >> 8);
    frame[3] = (uint8_t)length;
    frame[22] = (uint8_t)(port >> 8);
    frame[23] = (uint8_t)port;
    frame[24] = (uint8_t)((length - 20) >> 8);
    frame[25] = (uint8_t)(length - 20);
    number++;
    cs_analysis_frames(a,
                       &(struct cs_frame){.octets = {frame, length},
                                          .time_ns = number,
                                          .number = number,
                                          .wire_length = (uint32_t)length,
                                          .link_type = 101},
                       1);
}

static struct cs_counts analyse(const char *text, uint16_t port, bool no_heuristic,
                                struct heard *heard, uint64_t *undecided)
{
    struct cs_settings settings = {.no_heuristic = no_heuristic,
                                   .user = heard,
                                   .on_finding = on_finding,
                                   .on_event = on_event};
    *heard = (struct heard){0};
    struct cs_analysis *a = cs_analysis_new(&settings);
    struct cs_slice d = words(text);
    feed(a, d, port);
    cs_analysis_end(a);
    size_t count;
    const struct cs_tally *tallies = cs_analysis_tallies(a, &count);
    *undecided = 0;
    for (size_t i = 0; i < count; i++)
        *undecided += tallies[i].undecided;
    const struct cs_counts counts = cs_analysis_counts(a);
    cs_analysis_free(a);
    release(d);
    return counts;
}

static void sessions_are_judged_where_they_carry_coap(void **state)
{
    (void)state;
    static const char wrong[] = "client-hello suites=c0ae points=00 sni=192.0.2.1";
    struct heard heard;
    uint64_t undecided;
    assert_int_equal(analyse(wrong, 5684, false, &heard, &undecided).dtls.sessions, 1);
    assert_int_equal(heard.findings, 2);
    assert_int_equal(heard.messages, 0);
    analyse(wrong, 5683, true, &heard, &undecided);
    assert_int_equal(heard.findings, 2);
    assert_int_equal(analyse(wrong, 4433, false, &heard, &undecided).dtls.sessions, 1);
    assert_int_equal(heard.findings, 0);
    assert_int_equal(undecided, 2);
    assert_int_equal(analyse(wrong, 4433, true, &heard, &undecided).dtls.sessions, 0);
}

static void octets_of_other_protocols_begin_no_session(void **state)
{
    (void)state;
    struct heard heard;
    uint64_t undecided;
    assert_int_equal(analyse("record", 4433, false, &heard, &undecided).dtls.sessions, 0);
    assert_int_equal(analyse("record", 5684, false, &heard, &undecided).dtls.sessions, 1);
    assert_int_equal(heard.messages, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_follow_each_other),
        cmocka_unit_test(every_prefix_of_a_record_is_short_or_cut),
        cmocka_unit_test(junk_behind_a_record_is_noticed),
        cmocka_unit_test(a_connection_id_hides_the_length_until_it_is_known),
        cmocka_unit_test(the_header_of_dtls_1_3_takes_the_rest),
        cmocka_unit_test(a_client_hello_tells_what_it_offers),
        cmocka_unit_test(every_prefix_of_a_hello_is_refused_or_lacks_extensions),
        cmocka_unit_test(a_certificate_tells_its_key_and_signature),
        cmocka_unit_test(no_prefix_of_a_certificate_can_be_read),
        cmocka_unit_test(a_session_knows_what_was_chosen),
        cmocka_unit_test(fragments_are_put_together_in_any_order),
        cmocka_unit_test(a_message_that_lacks_a_fragment_says_nothing),
        cmocka_unit_test(memory_is_bounded_and_the_oldest_is_forgotten),
        cmocka_unit_test(sessions_are_judged_where_they_carry_coap),
        cmocka_unit_test(octets_of_other_protocols_begin_no_session),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
