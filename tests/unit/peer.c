/* tests/unit/peer.c: what RFC 7252 section 4 asks of a peer: back-off, Empty messages, duplicates, tokens and Message IDs, with a time
 * that the tests make; and a peer over a transport that is an array in here. */
#include "src/peer/peer.h"

#include <errno.h>
#include <stdio.h>

#include "notation/notation.h"
#include "tests/unit/support.h"

/* ------------------------------------------------------------------ back-off */

static void timeouts_double_until_max_retransmit(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 200; seed++) {
        struct net_random random = {seed};
        struct peer_backoff b = {.transmissions = 0};
        uint64_t now = 1000 * NET_SECOND, first = 0;
        unsigned planned = 0;
        for (;;) {
            peer_backoff_sent(&b);
            if (!peer_backoff_plan(&b, &cs_parameters_default, now, &random))
                break;
            const uint64_t timeout = b.due_ns - now;
            first = planned == 0 ? timeout : first;
            assert_int_equal(timeout, first << planned);
            planned++;
            now = b.due_ns;
        }
        assert_in_range(first, 2 * NET_SECOND, 3 * NET_SECOND);
        assert_int_equal(planned, 4); /* MAX_RETRANSMIT */
        assert_int_equal(b.transmissions, 5);
        assert_int_equal(b.due_ns, 0);
    }
}

static void first_timeouts_are_spread_over_the_whole_span(void **state)
{
    struct net_random random = {7};
    uint64_t least = UINT64_MAX, most = 0;
    (void)state;
    for (int i = 0; i < 2000; i++) {
        struct peer_backoff b = {.transmissions = 1};
        peer_backoff_plan(&b, &cs_parameters_default, 0, &random);
        least = b.due_ns < least ? b.due_ns : least;
        most = b.due_ns > most ? b.due_ns : most;
    }
    assert_in_range(least, 2000 * NET_MS, 2020 * NET_MS);
    assert_in_range(most, 2980 * NET_MS, 3000 * NET_MS);
}

static void parameters_of_its_own_are_kept(void **state)
{
    const struct cs_parameters one = {
        .ack_timeout_ns = 500 * NET_MS, .ack_random_max_ns = 500 * NET_MS, .max_retransmit = 1};
    struct net_random random = {1};
    struct peer_backoff b = {.transmissions = 1};
    (void)state;
    assert_true(peer_backoff_plan(&b, &one, 10, &random));
    assert_int_equal(b.due_ns, 10 + 500 * NET_MS);
    assert_int_equal(random.state, 1); /* nothing was to be drawn */
    peer_backoff_sent(&b);
    assert_false(peer_backoff_plan(&b, &one, b.due_ns, &random));
    const struct cs_parameters never = {.ack_timeout_ns = NET_SECOND};
    b = (struct peer_backoff){.transmissions = 1};
    assert_false(peer_backoff_plan(&b, &never, 10, &random));
}

/* ------------------------------------------------------------------ what is due */

/* The message of a line; NULL: of no octets. */
static size_t octets_of(const char *line, uint8_t *octets, size_t cap)
{
    static struct cs_line parsed;
    struct cs_error error = {0};
    if (!cs_line_parse(line, false, &parsed, &error))
        fail_msg("%s: %s", line, error.text);
    const size_t n = cs_line_encode(CS_UDP, &parsed, (struct cs_slice){0}, 1, octets, cap, &error);
    assert_true(n > 0);
    return n;
}

static struct cs_message message(const char *line, uint8_t *octets)
{
    struct cs_message m;
    const size_t n = octets_of(line, octets, 128);
    cs_message_decode(CS_UDP, (struct cs_slice){octets, n}, 0, &m);
    return m;
}

static void each_message_gets_the_empty_one_that_is_due(void **state)
{
    static const struct {
        const char *line;
        bool known, serves;
        enum peer_reply due;
    } rows[] = {
        {"CON 2.05 tok=01", true, false, PEER_ACK},
        {"CON 4.04 tok=01", true, true, PEER_ACK},
        {"CON 2.05 tok=01", false, false, PEER_RST},
        {"CON 2.05 tok=01", false, true, PEER_RST},
        {"CON EMPTY", false, true, PEER_RST}, /* a ping */
        {"CON GET /a", false, false, PEER_RST},
        {"CON GET /a", false, true, PEER_SILENT},   /* it is answered otherwise */
        {"raw: 40 c0 00 01", true, true, PEER_RST}, /* 6.00: a reserved class */
        {"raw: 40 20 00 01", false, true, PEER_RST},
        {"raw: 41 45 00 01", true, true, PEER_RST}, /* ends inside its token */
        {"raw: 42 01 00 01 01", false, true, PEER_RST},
        {"raw: 40 45 00 01 ff", true, false, PEER_RST},
        {"NON 2.05 tok=01", true, false, PEER_SILENT},
        {"NON 2.05 tok=01", false, false, PEER_RST}, /* a notification that nobody wants */
        {"NON GET /a", false, true, PEER_SILENT},
        {"NON GET /a", false, false, PEER_RST},
        {"raw: 51 45 00 01", false, false, PEER_SILENT},
        {"ACK 2.05 tok=01", false, false, PEER_SILENT},
        {"ACK 2.05 tok=01", true, true, PEER_SILENT},
        {"ACK EMPTY", false, false, PEER_SILENT},
        {"RST EMPTY", false, false, PEER_SILENT},
        {"raw: 61 45 00 01", false, false, PEER_SILENT},
        {"raw: 80 01 00 01", false, false, PEER_SILENT}, /* another version */
        {"raw: 40 01 00", false, false, PEER_SILENT},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint8_t octets[128];
        const struct cs_message m = message(rows[i].line, octets);
        const enum peer_reply due = peer_due(&m, rows[i].known, rows[i].serves);
        if (due != rows[i].due)
            fail_msg("%s, known %d, serves %d: %d", rows[i].line, rows[i].known, rows[i].serves,
                     (int)due);
    }
}

static void what_has_no_type_gets_no_empty_message(void **state)
{
    static const uint8_t octets[] = {0x00, 0x45};
    struct cs_message m;
    (void)state;
    assert_true(cs_message_decode(CS_WS, (struct cs_slice){octets, 2}, 0, &m));
    assert_int_equal(peer_due(&m, false, false), PEER_SILENT);
}

static void a_message_belongs_to_ours_by_message_id_or_token(void **state)
{
    static const struct {
        const char *came, *sent;
        bool belongs;
    } rows[] = {
        {"ACK 2.05 tok=01 mid=7", "CON GET tok=01 mid=7", true},
        {"ACK EMPTY mid=7", "CON GET tok=01 mid=7", true},
        {"RST EMPTY mid=7", "CON GET tok=01 mid=7", true},
        {"RST EMPTY mid=7", "CON EMPTY mid=7", true},
        {"ACK EMPTY mid=8", "CON GET tok=01 mid=7", false},
        {"ACK 2.05 tok=01 mid=8", "CON GET tok=01 mid=7",
         true}, /* by its token; a rule judges the rest */
        {"CON 2.05 tok=01 mid=9", "CON GET tok=01 mid=7", true},
        {"NON 4.04 tok=01 mid=9", "CON GET tok=01 mid=7", true},
        {"CON 2.05 tok=02 mid=7", "CON GET tok=01 mid=7", false},
        {"CON 2.05 tok=0100 mid=7", "CON GET tok=01 mid=7", false},
        {"CON 2.05 mid=9", "CON GET mid=7", true},
        {"ACK 2.05 mid=9", "CON GET mid=7", false}, /* an empty token says nothing */
        {"CON 2.05 mid=9", "CON EMPTY mid=7", false},
        {"CON GET tok=01 mid=7", "CON GET tok=01 mid=7", false},
        {"RST EMPTY mid=0", "raw: 40 01 00", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint8_t one[128], other[128];
        const struct cs_message came = message(rows[i].came, one);
        const struct cs_message sent = message(rows[i].sent, other);
        if (peer_belongs(&came, &sent) != rows[i].belongs)
            fail_msg("%s to %s", rows[i].came, rows[i].sent);
    }
}

static void an_option_that_must_not_be_skipped_is_not_understood(void **state)
{
    uint8_t octets[128];
    (void)state;
    struct cs_message m = message("CON 2.05 etag=01 cf=0 opt65000=ab", octets);
    assert_true(peer_understands(&m));
    m = message("CON 2.05 etag=01 cf=0 opt65001=ab", octets);
    assert_false(peer_understands(&m));
    m = message("CON 2.01 location-path=a opt140=ab", octets);
    assert_false(peer_understands(&m));
}

/* ------------------------------------------------------------------ duplicates */

static void a_duplicate_is_known_for_its_lifetime(void **state)
{
    static const struct cs_address here = {.ip = {127, 0, 0, 1}, .port = 1, .family = 4},
                                   there = {.ip = {127, 0, 0, 1}, .port = 2, .family = 4};
    struct peer_seen seen = {.count = 0};
    uint8_t octets[128];
    const uint64_t then = 5 * NET_SECOND, con = then + 247 * NET_SECOND,
                   non = then + 145 * NET_SECOND;
    (void)state;
    const struct cs_message c = message("CON 2.05 mid=7", octets);
    assert_null(peer_seen_find(&seen, &here, &c, then));
    peer_seen_add(&seen, &here, &c, &cs_parameters_default, then, PEER_ACK);
    const struct peer_known *known = peer_seen_find(&seen, &here, &c, con - 1);
    assert_non_null(known);
    assert_int_equal(known->reply, PEER_ACK);
    assert_null(peer_seen_find(&seen, &here, &c, con));
    assert_null(peer_seen_find(&seen, &there, &c, then));
    uint8_t others[128];
    const struct cs_message n = message("NON 2.05 mid=7", others);
    assert_null(peer_seen_find(&seen, &here, &n, then));
    peer_seen_add(&seen, &here, &n, &cs_parameters_default, then, PEER_RST);
    assert_int_equal(peer_seen_find(&seen, &here, &n, non - 1)->reply, PEER_RST);
    assert_null(peer_seen_find(&seen, &here, &n, non));
}

static void the_oldest_of_too_many_is_forgotten(void **state)
{
    static const struct cs_address here = {.ip = {127, 0, 0, 1}, .port = 1, .family = 4};
    struct peer_seen seen = {.count = 0};
    (void)state;
    for (unsigned i = 0; i <= PEER_SEEN_MAX; i++) {
        const struct cs_message m = {.type = CS_CON, .mid = (uint16_t)i};
        assert_null(peer_seen_find(&seen, &here, &m, 0));
        peer_seen_add(&seen, &here, &m, &cs_parameters_default, 0, PEER_ACK);
    }
    for (unsigned i = 0; i <= PEER_SEEN_MAX; i++) {
        const struct cs_message m = {.type = CS_CON, .mid = (uint16_t)i};
        assert_int_equal(peer_seen_find(&seen, &here, &m, 0) != NULL, i > 0);
    }
}

/* ------------------------------------------------------------------ tokens, Message IDs, Empty messages */

static void message_ids_do_not_come_again_and_do_not_stand_in_a_row(void **state)
{
    static bool drawn[65536];
    struct net_random random = {3};
    uint16_t next = 65000, last = 0;
    unsigned in_a_row = 0;
    (void)state;
    for (int i = 0; i < 65536 / PEER_MID_STEP; i++) {
        const uint16_t mid = peer_mid(&next, &random);
        assert_false(drawn[mid]);
        drawn[mid] = true;
        in_a_row += i > 0 && mid == (uint16_t)(last + 1);
        last = mid;
    }
    assert_in_range(in_a_row, 0, 100);
}

static void tokens_differ(void **state)
{
    struct net_random random = {3};
    uint8_t a[PEER_TOKEN], b[PEER_TOKEN];
    (void)state;
    peer_token(&random, a);
    peer_token(&random, b);
    assert_memory_not_equal(a, b, PEER_TOKEN);
}

static void empty_messages_are_four_octets(void **state)
{
    uint8_t octets[PEER_EMPTY];
    (void)state;
    peer_empty(CS_ACK, 0x1234, octets);
    assert_memory_equal(octets, "\x60\x00\x12\x34", 4);
    peer_empty(CS_RST, 0xfffe, octets);
    assert_memory_equal(octets, "\x70\x00\xff\xfe", 4);
}

/* ------------------------------------------------------------------ a peer over a transport in here */

static struct {
    struct net_socket *socket; /* the one that is open */
    struct cs_address to;      /* of what was said last */
    char said[400];            /* what was said, as lines */
    char heard[400];           /* meanings and replies of what came */
    unsigned again;
    bool broken;
} wire;

static void note(char *where, size_t cap, const char *line)
{
    const size_t n = strlen(where);
    snprintf(where + n, cap - n, "%s%s", n > 0 ? "; " : "", line);
}

static bool wire_open(struct net_socket *s, const struct cs_address *peer,
                      const struct cs_address *local, struct cs_error *error)
{
    (void)local;
    (void)error;
    s->local = (struct cs_address){.ip = {127, 0, 0, 9}, .port = 9, .family = peer->family};
    wire.socket = s;
    return true;
}

static bool wire_send(struct net_socket *s, const struct cs_address *to, struct cs_slice octets)
{
    struct cs_message m;
    struct cs_text text;
    char line[200];
    (void)s;
    if (wire.broken) {
        errno = ENETUNREACH;
        return false;
    }
    cs_message_decode(CS_UDP, octets, 0, &m);
    cs_text_init(&text, line, sizeof line);
    cs_message_format(&m, false, &text);
    note(wire.said, sizeof wire.said, line);
    wire.to = *to;
    return true;
}

static void wire_close(struct net_socket *s)
{
    (void)s;
    wire.socket = NULL;
}

static const struct net_transport in_here = {.scheme = "coap+here",
                                             .port = 1,
                                             .carrier = CS_UDP,
                                             .protection = CS_CLEAR,
                                             .open = wire_open,
                                             .send = wire_send,
                                             .close = wire_close};

static void hear(const struct cs_address *from, const char *line)
{
    uint8_t octets[200];
    const size_t n = octets_of(line, octets, sizeof octets);
    const struct net_received received = {
        .src = *from, .dst = wire.socket->local, .octets = {octets, n}, .at_ns = net_now()};
    wire.socket->receive(wire.socket->user, &received);
}

static void on_came(void *user, const struct peer_came *came)
{
    static const char *const meanings[PEER_MEANINGS] = {"answer",    "acknowledged", "duplicate",
                                                        "other mid", "other token",  "no response",
                                                        "no coap",   "stranger",     "clear"};
    static const char *const replies[] = {"", " ACK", " RST"};
    char line[64];
    (void)user;
    snprintf(line, sizeof line, "%s%s", meanings[came->meaning], replies[came->reply]);
    note(wire.heard, sizeof wire.heard, line);
}

static void on_again(void *user, unsigned transmissions)
{
    (void)user;
    wire.again = transmissions;
}

static const struct cs_address device = {.ip = {127, 0, 0, 1}, .port = 5683, .family = 4},
                               other = {.ip = {127, 0, 0, 2}, .port = 5683, .family = 4};

static struct peer *open_peer(const struct cs_address *to)
{
    static struct peer peer;
    const struct peer_hears hears = {.came = on_came, .again = on_again};
    const struct net_target target = {.transport = &in_here, .address = *to};
    struct cs_error error = {0};
    memset(&wire, 0, sizeof wire);
    peer_init(&peer, &hears);
    assert_true(peer_open(&peer, &target, &error));
    return &peer;
}

static void say(struct peer *peer, const char *line, bool repeats)
{
    uint8_t octets[200];
    const size_t n = octets_of(line, octets, sizeof octets);
    assert_true(peer_say(peer, (struct cs_slice){octets, n}, repeats));
}

/* Makes the timer of the next transmission due now. */
static void let_time_pass(struct peer *peer)
{
    assert_true(net_timer_set(peer->loop, &peer->timer, net_now()));
    net_loop_turn(peer->loop, net_now());
}

static void a_con_is_sent_again_until_it_is_acknowledged(void **state)
{
    struct peer *p = open_peer(&device);
    (void)state;
    say(p, "CON GET /a tok=01 mid=7", true);
    assert_in_range(p->timer.due_ns - p->first_ns, 2 * NET_SECOND, 3 * NET_SECOND);
    let_time_pass(p);
    assert_int_equal(wire.again, 2);
    assert_string_equal(wire.said, "CON GET /a tok=01 mid=0x0007; CON GET /a tok=01 mid=0x0007");
    hear(&device, "ACK EMPTY mid=7");
    assert_int_equal(p->timer.place, 0);
    assert_true(p->acked);
    assert_false(p->answered);
    hear(&device, "CON 2.05 tok=01 mid=8");
    assert_true(p->answered);
    assert_string_equal(wire.heard, "acknowledged; answer ACK");
    peer_close(p);
    assert_null(wire.socket);
}

static void nothing_is_sent_after_the_last_transmission(void **state)
{
    struct peer *p = open_peer(&device);
    (void)state;
    say(p, "CON GET /a tok=01 mid=7", true);
    for (unsigned i = 2; i <= 5; i++) {
        let_time_pass(p);
        assert_int_equal(wire.again, i);
    }
    assert_int_equal(p->timer.place, 0);
    peer_close(p);
}

static void what_is_not_to_be_repeated_is_not(void **state)
{
    static const char *const lines[] = {"NON GET /a mid=7", "ACK EMPTY mid=7", "raw: 80 01 00 01"};
    struct peer *p = open_peer(&device);
    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        say(p, lines[i], true);
        assert_int_equal(p->timer.place, 0);
    }
    say(p, "CON GET /a mid=7", false);
    assert_int_equal(p->timer.place, 0);
    peer_close(p);
}

static void what_comes_again_is_answered_as_before(void **state)
{
    struct peer *p = open_peer(&device);
    (void)state;
    say(p, "CON GET /a tok=01 mid=7", true);
    hear(&device, "CON 2.05 tok=01 mid=8");
    hear(&device, "CON 2.05 tok=01 mid=8");
    hear(&device, "CON 2.05 tok=02 mid=9");
    hear(&device, "CON 2.05 tok=02 mid=9");
    hear(&device, "ACK 2.05 tok=01 mid=7");
    hear(&device, "ACK 2.05 tok=01 mid=7");
    assert_string_equal(wire.heard, "answer ACK; duplicate ACK; other token RST; duplicate RST; "
                                    "answer; duplicate");
    /* the next request: the answer to the first one is still known, whatever its token means by now */
    say(p, "CON GET /a tok=03 mid=10", true);
    wire.heard[0] = '\0';
    hear(&device, "CON 2.05 tok=01 mid=8");
    assert_string_equal(wire.heard, "duplicate ACK");
    peer_close(p);
}

static void what_is_not_ours_is_rejected(void **state)
{
    struct peer *p = open_peer(&device);
    (void)state;
    say(p, "CON GET /a tok=01 mid=7", true);
    hear(&device, "ACK 2.05 tok=01 mid=6");
    hear(&device, "NON 2.05 tok=02 mid=20");
    hear(&device, "CON EMPTY mid=21");
    hear(&device, "CON GET /b mid=22");
    hear(&device, "raw: 80 45 00 07");
    hear(&other, "NON 2.05 tok=01 mid=23");
    assert_int_equal(wire.to.ip[3], 2);
    assert_string_equal(wire.heard, "other mid; other token RST; no response RST; no response RST; "
                                    "no coap; stranger RST");
    assert_false(p->acked || p->answered);
    assert_int_not_equal(p->timer.place, 0);
    hear(&device, "ACK 2.05 tok=02 mid=7"); /* it was heard, and answered otherwise */
    assert_true(p->acked && !p->answered);
    peer_close(p);
}

static void a_response_that_is_not_understood_is_rejected(void **state)
{
    struct peer *p = open_peer(&device);
    (void)state;
    say(p, "CON GET /a tok=01 mid=7", true);
    hear(&device, "CON 2.05 tok=01 mid=8 opt65001=ab");
    hear(&device, "raw: 41 45 00 09 01 ff");
    assert_string_equal(wire.heard, "answer RST; answer RST");
    peer_close(p);
}

static void a_group_answers_from_addresses_of_its_own(void **state)
{
    static const struct cs_address group = {.ip = {224, 0, 1, 187}, .port = 5683, .family = 4};
    struct peer *p = open_peer(&group);
    (void)state;
    say(p, "NON GET /a tok=01 mid=7", true);
    hear(&device, "NON 2.05 tok=01 mid=8");
    hear(&other, "NON 2.05 tok=01 mid=8");
    hear(&other, "NON 2.05 tok=01 mid=8");
    hear(&other, "CON 2.05 tok=01 mid=9");
    assert_int_equal(wire.to.ip[3], 2); /* its ACK goes to its own address */
    assert_string_equal(wire.heard, "answer; answer; duplicate; answer ACK");
    say(p, "CON GET /a tok=01 mid=10", true);
    assert_int_equal(p->timer.place, 0);
    peer_close(p);
}

static void what_cannot_be_sent_is_said(void **state)
{
    static uint8_t large[NET_DATAGRAM_MAX + 1];
    struct peer *p = open_peer(&device);
    (void)state;
    assert_false(peer_say(p, (struct cs_slice){large, sizeof large}, true));
    assert_int_equal(errno, EMSGSIZE);
    say(p, "CON GET /a tok=01 mid=7", true);
    wire.broken = true;
    let_time_pass(p);
    assert_int_equal(p->refused, ENETUNREACH);
    wire.broken = false;
    wire.socket->refused(wire.socket->user, ECONNREFUSED);
    assert_string_equal(peer_refused_text(p), "nobody listens there");
    peer_close(p);
    peer_close(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(timeouts_double_until_max_retransmit),
        cmocka_unit_test(first_timeouts_are_spread_over_the_whole_span),
        cmocka_unit_test(parameters_of_its_own_are_kept),
        cmocka_unit_test(each_message_gets_the_empty_one_that_is_due),
        cmocka_unit_test(what_has_no_type_gets_no_empty_message),
        cmocka_unit_test(a_message_belongs_to_ours_by_message_id_or_token),
        cmocka_unit_test(an_option_that_must_not_be_skipped_is_not_understood),
        cmocka_unit_test(a_duplicate_is_known_for_its_lifetime),
        cmocka_unit_test(the_oldest_of_too_many_is_forgotten),
        cmocka_unit_test(message_ids_do_not_come_again_and_do_not_stand_in_a_row),
        cmocka_unit_test(tokens_differ),
        cmocka_unit_test(empty_messages_are_four_octets),
        cmocka_unit_test(a_con_is_sent_again_until_it_is_acknowledged),
        cmocka_unit_test(nothing_is_sent_after_the_last_transmission),
        cmocka_unit_test(what_is_not_to_be_repeated_is_not),
        cmocka_unit_test(what_comes_again_is_answered_as_before),
        cmocka_unit_test(what_is_not_ours_is_rejected),
        cmocka_unit_test(a_response_that_is_not_understood_is_rejected),
        cmocka_unit_test(a_group_answers_from_addresses_of_its_own),
        cmocka_unit_test(what_cannot_be_sent_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
