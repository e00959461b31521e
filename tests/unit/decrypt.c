/* tests/unit/decrypt.c: key logs, records that are opened, and those that must not be. Sessions of every suite are those of
 * tests/captures/real; the other vectors were made with another implementation of AES-CCM and read by Wireshark. */
#include "coapspec/analysis.h"
#include "decrypt/secrets.h"
#include "decrypt/unseal.h"
#include "tests/specimen/specimen_dtls.h"
#include "source/source.h"
#include "src/check/key_log.h"
#include "support.h"
#include "wire/dtls.h"
#include "wire/wire.h"

/* ------------------------------------------------------------------ key logs */

#define RANDOM "000102030405060708090a0b0c0d0e0f000102030405060708090a0b0c0d0e0f"
#define MASTER                                                                                     \
    "000102030405060708090a0b0c0d0e0f000102030405060708090a0b0c0d0e0f000102030405060708090a0b0c0d" \
    "0e0f"

static struct cs_slice text_of(const char *text)
{
    return exact_copy((const uint8_t *)text, strlen(text));
}

static void a_line_is_taken_passed_over_or_refused_with_its_column(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        uint64_t kept;
        unsigned column; /* 0: it is fine */
    } rows[] = {
        {"CLIENT_RANDOM " RANDOM " " MASTER, 1, 0},
        {"  CLIENT_RANDOM\t" RANDOM "  " MASTER " \r\n", 1, 0},
        {"", 0, 0},
        {"\n", 0, 0},
        {"# CLIENT_RANDOM", 0, 0},
        {"CLIENT_HANDSHAKE_TRAFFIC_SECRET " RANDOM " " MASTER, 0, 0},
        {"RSA 0011 2233", 0, 0},
        {"CLIENT_RANDOM", 0, 14},
        {"CLIENT_RANDOM " RANDOM, 0, 79},
        {"CLIENT_RANDOM 00 " MASTER, 0, 15},
        {"CLIENT_RANDOM " RANDOM " 00", 0, 80},
        {"CLIENT_RANDOM " RANDOM "0 " MASTER, 0, 15},
        {"CLIENT_RANDOM 0x" RANDOM, 0, 16},
        {"CLIENT_RANDOM " RANDOM " " MASTER " x", 0, 177},
        {"client_random " RANDOM " " MASTER, 0, 1},
        {"Session-ID: 00", 0, 1},
        {"\x80", 0, 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct cs_secrets *s = cs_secrets_new(0);
        struct cs_error error = {0};
        const struct cs_slice line = text_of(rows[i].line);
        const bool fine = cs_secrets_line(s, line, &error);
        if (fine != (rows[i].column == 0) || error.column != rows[i].column ||
            (error.text[0] == '\0') != fine || cs_secrets_counts(s).kept != rows[i].kept)
            fail_msg("%s: column %u, %s", rows[i].line, error.column, error.text);
        release(line);
        cs_secrets_free(s);
    }
}

static void lines_behind_a_bad_one_are_taken(void **state)
{
    (void)state;
    struct cs_secrets *s = cs_secrets_new(0);
    struct cs_error error = {0};
    const struct cs_slice text =
        text_of("# keys\nCLIENT_RANDOM 1\nnothing\nCLIENT_RANDOM " RANDOM " " MASTER);
    assert_false(cs_secrets_text(s, text, &error));
    assert_int_equal(error.line, 2);
    assert_int_equal(error.column, 15);
    assert_int_equal(cs_secrets_counts(s).kept, 1);
    release(text);
    cs_secrets_free(s);
}

static void secrets_are_found_and_the_oldest_go(void **state)
{
    (void)state;
    enum { COUNT = 1000, KEPT = 128 };
    struct cs_secrets *s = cs_secrets_new(KEPT * 120);
    uint8_t random[CS_RANDOM_OCTETS] = {0}, master[CS_MASTER_OCTETS] = {0};
    for (unsigned i = 0; i < COUNT; i++) {
        random[3] = master[5] = (uint8_t)i;
        random[9] = master[6] = (uint8_t)(i >> 8);
        cs_secrets_add(s, random, master);
        const uint8_t *found = cs_secrets_find(s, random);
        assert_true(found != NULL && memcmp(found, master, sizeof master) == 0);
    }
    master[0] = 1;
    cs_secrets_add(s, random, master); /* the latest counts */
    assert_memory_equal(cs_secrets_find(s, random), master, sizeof master);
    assert_int_equal(cs_secrets_counts(s).kept, KEPT);
    assert_int_equal(cs_secrets_counts(s).given_up, COUNT - KEPT);
    for (unsigned i = 0; i < COUNT; i++) {
        random[3] = (uint8_t)i;
        random[9] = (uint8_t)(i >> 8);
        assert_int_equal(cs_secrets_find(s, random) != NULL, i >= COUNT - KEPT);
    }
    cs_secrets_free(s);
}

static void a_key_log_grows_while_it_is_read(void **state)
{
    (void)state;
    static const char *const pieces[] = {"# keys\nCLIENT_RANDOM " RANDOM, " " MASTER "\nCLIENT_",
                                         "RANDOM 1\nCLIENT_RANDOM ", "ff" RANDOM};
    char path[] = "/tmp/coapspec-unit-XXXXXX";
    struct cs_error error;
    struct cs_secrets *s = cs_secrets_new(0);
    const int fd = mkstemp(path);
    FILE *out = fdopen(fd, "w");
    assert_non_null(out);
    struct key_log *log = key_log_open(path, s, &error);
    for (unsigned i = 0; i < 4; i++) {
        fputs(pieces[i], out);
        fflush(out);
        assert_int_equal(key_log_read(log, i == 3, &error), i < 2);
        assert_int_equal(cs_secrets_counts(s).kept, i > 0);
        assert_true(i < 2 || (error.line == i + 1 && error.column == 15));
    }
    assert_string_equal(error.file, path);
    key_log_close(log);
    fclose(out);
    remove(path);
    assert_null(key_log_open(path, s, &error));
    assert_string_equal(error.file, path);
    cs_secrets_free(s);
}

/* ------------------------------------------------------------------ captures */

enum { FRAMES_MAX = 256, FRAME_MAX = 2048 };

struct taken {
    size_t count, length[FRAMES_MAX];
    uint8_t octets[FRAMES_MAX][FRAME_MAX];
    struct cs_secrets *secrets;
};
static struct taken taken;

static void keep_secrets(void *user, struct cs_slice text)
{
    struct cs_error error = {0};
    if (!cs_secrets_text(user, text, &error))
        fail_msg("%u:%u: %s", error.line, error.column, error.text);
}

static void take_capture(const char *path)
{
    struct cs_error error = {0};
    struct cs_frame frames[32];
    int n;
    struct cs_source *source = cs_source_file(path, &error);
    assert_non_null(source);
    taken.count = 0;
    taken.secrets = cs_secrets_new(0);
    cs_source_on_secrets(source, keep_secrets, taken.secrets);
    while ((n = cs_source_next(source, frames, 32, &error)) > 0)
        for (int i = 0; i < n; i++) {
            assert_true(taken.count < FRAMES_MAX && frames[i].octets.len <= FRAME_MAX);
            taken.length[taken.count] = frames[i].octets.len;
            memcpy(taken.octets[taken.count++], frames[i].octets.at, frames[i].octets.len);
        }
    assert_int_equal(n, CS_SOURCE_END);
    cs_source_free(source);
}

static struct cs_analysis *new_analysis(const struct cs_secrets *secrets)
{
    const struct cs_settings settings = {.secrets = secrets};
    struct cs_analysis *a = cs_analysis_new(&settings);
    assert_non_null(a);
    return a;
}

static void feed_frame(struct cs_analysis *a, size_t i, const uint8_t *octets)
{
    const struct cs_frame frame = {.octets = {octets, taken.length[i]},
                                   .time_ns = 1700000000000000000 + i,
                                   .number = i + 1,
                                   .wire_length = (uint32_t)taken.length[i],
                                   .link_type = 1};
    cs_analysis_frames(a, &frame, 1);
}

static const char suites[] = "tests/captures/real/openssl-3.0-suites.pcapng",
                  rekeyed[] = "tests/captures/real/openssl-3.0-rekeyed.pcapng";

static struct cs_counts judged(const struct cs_secrets *secrets)
{
    struct cs_analysis *a = new_analysis(secrets);
    for (size_t i = 0; i < taken.count; i++)
        feed_frame(a, i, taken.octets[i]);
    const struct cs_counts counts = cs_analysis_counts(a);
    cs_analysis_free(a);
    return counts;
}

static void records_of_every_suite_are_opened(void **state)
{
    (void)state;
    take_capture(suites);
    const struct cs_counts with = judged(taken.secrets), without = judged(NULL);
    assert_int_equal(with.messages, 14 * 4);
    assert_int_equal(with.malformed, 0);
    assert_int_equal(with.dtls.decrypted, with.messages);
    assert_int_equal(with.dtls.sealed + with.dtls.refused + with.dtls.repeated, 0);
    assert_int_equal(without.messages, 0);
    assert_int_equal(without.dtls.sealed, with.messages);
    cs_secrets_free(taken.secrets);
}

static void records_under_new_keys_are_opened(void **state)
{
    (void)state;
    take_capture(rekeyed);
    const struct cs_counts counts = judged(taken.secrets);
    assert_int_equal(counts.messages, 13);
    assert_int_equal(counts.dtls.sealed + counts.dtls.refused + counts.dtls.repeated, 0);
    assert_int_equal(counts.dtls.sessions, 4); /* one within another */
    cs_secrets_free(taken.secrets);
}

static void a_wrong_secret_opens_nothing(void **state)
{
    (void)state;
    struct cs_secrets *wrong = cs_secrets_new(0);
    take_capture(suites);
    for (size_t i = 0; i < taken.count; i++) {
        static const uint8_t master[CS_MASTER_OCTETS] = {7};
        const uint8_t *random = taken.octets[i] + 42 + 13 + 12 + 2;
        if (taken.length[i] > 120 && taken.octets[i][42] == CS_RECORD_HANDSHAKE)
            cs_secrets_add(wrong, random, master);
    }
    const struct cs_counts counts = judged(wrong);
    assert_int_equal(counts.messages, 0);
    assert_true(counts.dtls.refused > 14 * 4);
    assert_int_equal(counts.dtls.repeated, 0);
    cs_secrets_free(wrong);
    cs_secrets_free(taken.secrets);
}

static void a_copy_of_a_record_is_no_message(void **state)
{
    (void)state;
    take_capture(suites);
    struct cs_analysis *a = new_analysis(taken.secrets);
    for (size_t i = 0; i < taken.count; i++) {
        feed_frame(a, i, taken.octets[i]);
        feed_frame(a, i, taken.octets[i]);
    }
    const struct cs_counts counts = cs_analysis_counts(a);
    assert_int_equal(counts.messages, 14 * 4);
    assert_int_equal(counts.dtls.repeated, counts.dtls.encrypted / 2);
    cs_analysis_free(a);
    cs_secrets_free(taken.secrets);
}

static void secrets_may_come_after_the_handshake(void **state)
{
    (void)state;
    take_capture(suites);
    struct cs_secrets *late = cs_secrets_new(0);
    struct cs_analysis *a = new_analysis(late);
    for (size_t i = 0; i < taken.count; i++) {
        const uint8_t *random = taken.octets[i] + 42 + 13 + 12 + 2;
        static uint8_t waiting[CS_RANDOM_OCTETS];
        if (taken.octets[i][42] == CS_RECORD_HANDSHAKE && taken.octets[i][55] == CS_CLIENT_HELLO &&
            taken.octets[i][46] == 0)
            memcpy(waiting, random, sizeof waiting);
        if (taken.octets[i][42] == CS_RECORD_APPLICATION_DATA)
            cs_secrets_add(late, waiting, cs_secrets_find(taken.secrets, waiting));
        feed_frame(a, i, taken.octets[i]);
    }
    assert_int_equal(cs_analysis_counts(a).messages, 14 * 4);
    cs_analysis_free(a);
    cs_secrets_free(late);
    cs_secrets_free(taken.secrets);
}

/* Each octet of each record of application data, another one than it was: it does not open, and the record itself does, after that. */
static void no_octet_of_a_record_may_differ(void **state)
{
    (void)state;
    enum { RECORD = 42 }; /* Ethernet, IPv4, UDP */
    take_capture(suites);
    struct cs_analysis *a = new_analysis(taken.secrets);
    size_t messages = 0;
    for (size_t i = 0; i < taken.count; i++) {
        uint8_t other[FRAME_MAX];
        const bool data = taken.octets[i][RECORD] == CS_RECORD_APPLICATION_DATA;
        for (size_t at = RECORD; data && at < taken.length[i]; at++) {
            memcpy(other, taken.octets[i], taken.length[i]);
            other[at] ^= 0x10;
            feed_frame(a, i, other);
            if (cs_analysis_counts(a).messages != messages)
                fail_msg("frame %zu opens with octet %zu changed", i + 1, at - RECORD);
        }
        feed_frame(a, i, taken.octets[i]);
        messages += data;
        assert_int_equal(cs_analysis_counts(a).messages, messages);
    }
    assert_int_equal(messages, 14 * 4);
    cs_analysis_free(a);
    cs_secrets_free(taken.secrets);
}

/* ------------------------------------------------------------------ records one by one */

/* The session of these hellos, its secret 48 times 'K'. */
struct session {
    struct cs_secrets *secrets;
    struct cs_analysis *analysis;
    uint64_t number;
    unsigned findings;
};

static void on_finding(void *user, const struct cs_finding *finding)
{
    (void)finding;
    ((struct session *)user)->findings++;
}

static void feed(struct session *s, bool of_client, struct cs_slice octets)
{
    const struct cs_address client = {{192, 0, 2, 101}, 40000, 4},
                            server = {{192, 0, 2, 1}, 5684, 4};
    const struct cs_datagram d = {.time_ns = 1700000000000000000 + ++s->number,
                                  .packet = s->number,
                                  .src = of_client ? client : server,
                                  .dst = of_client ? server : client,
                                  .octets = octets};
    cs_analysis_records(s->analysis, &d);
}

static void feed_words(struct session *s, bool of_client, const char *text)
{
    uint8_t octets[1024];
    const char *why;
    size_t bad;
    const size_t n = cs_specimen_dtls(text, 0, octets, sizeof octets, &bad, &why);
    assert_int_not_equal(n, 0);
    feed(s, of_client, (struct cs_slice){octets, n});
}

static void feed_hex(struct session *s, bool of_client, const char *hex)
{
    const struct cs_slice octets = exact_hex(hex);
    feed(s, of_client, octets);
    release(octets);
}

static void begin(struct session *s, const char *client_hello, const char *server_hello)
{
    static const uint8_t random[CS_RANDOM_OCTETS] = {[7] = 1, [15] = 1, [23] = 1, [31] = 1};
    uint8_t master[CS_MASTER_OCTETS];
    memset(master, 'K', sizeof master);
    *s = (struct session){.secrets = cs_secrets_new(0)};
    cs_secrets_add(s->secrets, random, master);
    const struct cs_settings settings = {
        .secrets = s->secrets, .user = s, .on_finding = on_finding};
    s->analysis = cs_analysis_new(&settings);
    feed_words(s, true, client_hello);
    feed_words(s, false, server_hello);
}

static void end(struct session *s)
{
    cs_analysis_free(s->analysis);
    cs_secrets_free(s->secrets);
}

static uint64_t messages(const struct session *s)
{
    return cs_analysis_counts(s->analysis).messages;
}
static uint64_t repeated(const struct session *s)
{
    return cs_analysis_counts(s->analysis).dtls.repeated;
}

static const char client_1[] =
    "17fefd000100000000000100190001000000000001fe9f8d086cdde28f7469cbce06d59938fc";
static const char server_1[] =
    "17fefd000100000000000100190001000000000001ff7de3b965bb247a6be9032375b80ac4b7";

static void records_out_of_order_are_taken_once_and_old_ones_never(void **state)
{
    (void)state;
    static const char client_100[] =
        "17fefd0001000000000064001900010000000000643b4265e209aa5a24f2d5cc22d10eafdf57";
    static const char client_37[] =
        "17fefd00010000000000250019000100000000002519381df8048e542fe75549d092567b79d9";
    static const char client_36[] =
        "17fefd00010000000000240019000100000000002436c57e04ec48560f59ab0b47417afc799a";
    struct session s;
    begin(&s, "client-hello suites=c0a8", "server-hello suites=c0a8");
    feed_hex(&s, true, client_1);
    feed_hex(&s, true, client_100);
    assert_int_equal(messages(&s), 2);
    feed_hex(&s, true, client_37); /* 63 before the highest */
    assert_int_equal(messages(&s), 3);
    feed_hex(&s, true, client_36);
    feed_hex(&s, true, client_37);
    feed_hex(&s, true, client_100);
    feed_hex(&s, true, client_1);
    assert_int_equal(messages(&s), 3);
    assert_int_equal(repeated(&s), 4);
    feed_hex(&s, false, server_1); /* each side counts by itself */
    assert_int_equal(messages(&s), 4);
    feed_hex(&s, true, server_1); /* … and has keys of its own */
    assert_int_equal(messages(&s), 4);
    end(&s);
}

static void a_hello_of_anybody_does_not_end_a_session(void **state)
{
    (void)state;
    struct session s;
    begin(&s, "client-hello suites=c0a8", "server-hello suites=c0a8");
    feed_hex(&s, true, client_1);
    feed_words(&s, true, "client-hello suites=c0a8 random=77");
    feed_words(&s, false, "server-hello suites=c0a8 random=78");
    feed_hex(&s, false, server_1);
    assert_int_equal(messages(&s), 2);
    end(&s);
}

static void connection_ids_hide_the_type_and_are_authenticated(void **state)
{
    (void)state;
    static const char from_client[] = "19fefd0001000000000001c1c1c1001d0001000000000001"
                                      "fe9f8d086cdde28f745f732ae372935a08a9bc6296";
    static const char from_server[] = "19fefd0001000000000001c1c1001d0001000000000001"
                                      "ff7de3b965bb247a6ba29877e2d0e03cba0c49ceb0";
    static const char other_id[] = "19fefd0001000000000001c1c2c1001d0001000000000001"
                                   "fe9f8d086cdde28f745f732ae372935a08a9bc6296";
    struct session s;
    begin(&s, "client-hello suites=c0a8 cid=2", "server-hello suites=c0a8 cid=3");
    feed_hex(&s, true, other_id);
    assert_int_equal(messages(&s), 0);
    feed_hex(&s, true, from_client);
    feed_hex(&s, false, from_server);
    assert_int_equal(messages(&s), 2);
    assert_int_equal(cs_analysis_counts(s.analysis).dtls.refused, 1);
    end(&s);
}

static void what_is_inside_is_judged_by_its_content_type(void **state)
{
    (void)state;
    static const char in_handshake[] =
        "16fefd00010000000000020026000100000000000257e85e144e74a2cb1736e04b78d3e680f03796e55fca20a"
        "64e51dd28a5e9";
    struct session s;
    begin(&s, "client-hello suites=c0a8", "server-hello suites=c0a8");
    feed_hex(&s, true, client_1);
    assert_int_equal(s.findings, 0);
    feed_hex(&s, true, in_handshake); /* rfc7252/9.1.1/coap-is-application-data */
    assert_int_equal(s.findings, 1);
    assert_int_equal(messages(&s), 1);
    end(&s);
}

static void suites_of_no_known_cipher_are_left_alone(void **state)
{
    (void)state;
    assert_non_null(cs_cipher_of(CS_SUITE_PSK_CCM_8));
    assert_non_null(cs_cipher_of(CS_SUITE_ECDSA_CCM_8));
    assert_non_null(cs_cipher_of(0x00ae));
    assert_null(cs_cipher_of(0x1301)); /* of TLS 1.3 */
    assert_null(cs_cipher_of(0xfefe));
    struct session s;
    begin(&s, "client-hello suites=1301", "server-hello suites=1301");
    feed_hex(&s, true, client_1);
    assert_int_equal(messages(&s), 0);
    assert_int_equal(cs_analysis_counts(s.analysis).dtls.sealed, 1);
    end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_is_taken_passed_over_or_refused_with_its_column),
        cmocka_unit_test(lines_behind_a_bad_one_are_taken),
        cmocka_unit_test(secrets_are_found_and_the_oldest_go),
        cmocka_unit_test(a_key_log_grows_while_it_is_read),
        cmocka_unit_test(records_of_every_suite_are_opened),
        cmocka_unit_test(records_under_new_keys_are_opened),
        cmocka_unit_test(a_wrong_secret_opens_nothing),
        cmocka_unit_test(a_copy_of_a_record_is_no_message),
        cmocka_unit_test(secrets_may_come_after_the_handshake),
        cmocka_unit_test(no_octet_of_a_record_may_differ),
        cmocka_unit_test(records_out_of_order_are_taken_once_and_old_ones_never),
        cmocka_unit_test(a_hello_of_anybody_does_not_end_a_session),
        cmocka_unit_test(connection_ids_hide_the_type_and_are_authenticated),
        cmocka_unit_test(what_is_inside_is_judged_by_its_content_type),
        cmocka_unit_test(suites_of_no_known_cipher_are_left_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
