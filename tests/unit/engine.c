/* The engine judged with toys: rules made up for the purpose. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "coapspec/analysis.h"
#include "rules/engine.h"
#include "tests/specimen/specimen.h"

static struct cs_verdict always_broken(const struct cs_view *view)
{
    return cs_with_packet(cs_broken(view, 1, "seen %d", 7), 99);
}
static struct cs_verdict blames_receiver(const struct cs_view *view)
{
    return cs_blame_receiver(cs_broken(view, CS_NO_OCTET, "by receiver"));
}
static struct cs_verdict always_held(const struct cs_view *view)
{
    (void)view;
    return cs_held();
}
static struct cs_verdict always_undecided(const struct cs_view *view)
{
    (void)view;
    return cs_undecided("reason");
}

static const struct cs_rule on_ack = {.id = "toy/ack", .on = CS_T_ACK, .check = always_broken};
static const struct cs_rule on_con_request = {
    .id = "toy/con-request", .on = CS_T_CON | CS_T_REQUEST, .check = always_held};
static const struct cs_rule on_non_request = {
    .id = "toy/non-request", .on = CS_T_NON | CS_T_REQUEST, .check = always_held};
static const struct cs_rule on_accept = {
    .id = "toy/accept", .on = CS_T_REQUEST, .option = CS_OPT_ACCEPT, .check = always_undecided};
static const struct cs_rule on_closed = {
    .id = "toy/closed", .of = CS_OF_CLOSED, .check = blames_receiver};
static const struct cs_rule on_closed_non = {
    .id = "toy/closed-non", .of = CS_OF_CLOSED, .to = CS_T_NON, .check = always_held};
static const struct cs_rule on_reply_to_malformed = {.id = "toy/to-malformed",
                                                     .on = CS_T_REPLY,
                                                     .to = CS_T_CON | CS_T_MALFORMED,
                                                     .check = always_held};
static const struct cs_rule on_answer_to_non = {
    .id = "toy/to-non", .on = CS_T_ANSWER, .to = CS_T_NON | CS_T_REQUEST, .check = always_held};
static const struct cs_rule on_format_40 = {
    .id = "toy/format-40", .on = CS_T_CON, .format = 40, .check = always_held};
static const struct cs_rule on_format_0 = {
    .id = "toy/format-0", .on = CS_T_CON, .format = CS_FORMAT_0, .check = always_held};
/* 296 stands at the place of 40 in the table of formats. */
static const struct cs_rule on_format_296 = {
    .id = "toy/format-296", .format = 296, .to = CS_T_CON, .check = always_held};
static const struct cs_rule on_dtls = {.id = "toy/dtls", .of = CS_OF_DTLS, .check = always_broken};
enum {
    ACK,
    CON_REQUEST,
    NON_REQUEST,
    ACCEPT,
    CLOSED,
    CLOSED_NON,
    TO_MALFORMED,
    TO_NON,
    FORMAT_40,
    FORMAT_0,
    FORMAT_296,
    DTLS,
    TOYS
};
static const struct cs_rule *const toys[TOYS] = {
    &on_ack,       &on_con_request, &on_non_request,        &on_accept,
    &on_closed,    &on_closed_non,  &on_reply_to_malformed, &on_answer_to_non,
    &on_format_40, &on_format_0,    &on_format_296,         &on_dtls,
};

struct seen {
    struct cs_finding last;
    const struct cs_rule *rule; /* keep only findings of this one, NULL: of all */
    size_t count;
    char why[64];
};

static void keep(void *user, const struct cs_finding *finding)
{
    struct seen *seen = user;
    if (seen->rule != NULL && seen->rule != finding->rule)
        return;
    seen->count++;
    seen->last = *finding;
    snprintf(seen->why, sizeof seen->why, "%s", finding->why);
}

static const struct cs_tally *play(const char *text, struct seen *seen)
{
    static struct cs_tally tallies[TOYS];
    struct cs_error error = {{0}, 0, 0, {0}};
    struct cs_settings settings = {
        .rules = toys, .rule_count = TOYS, .user = seen, .on_finding = keep};
    struct cs_analysis *analysis = cs_specimen_play(text, &settings, &error);
    if (analysis == NULL)
        fail_msg("%s", error.text);
    size_t count;
    memcpy(tallies, cs_analysis_tallies(analysis, &count), sizeof tallies);
    assert_int_equal(count, TOYS);
    cs_analysis_free(analysis);
    return tallies;
}

static void a_rule_is_asked_when_all_its_traits_are_there(void **state)
{
    (void)state;
    struct seen seen = {.rule = NULL};
    const struct cs_tally *t = play("> CON GET /a", &seen);
    assert_int_equal(t[CON_REQUEST].held, 1);
    assert_int_equal(t[NON_REQUEST].held, 0);
    assert_int_equal(t[ACK].broken, 0);
    assert_int_equal(t[ACCEPT].undecided, 0);
}

static void a_rule_is_asked_when_its_option_is_there(void **state)
{
    (void)state;
    struct seen seen = {.rule = NULL};
    const struct cs_tally *t = play("> CON GET /a accept=0\n> CON GET /b", &seen);
    assert_int_equal(t[ACCEPT].undecided, 1);
    assert_string_equal(t[ACCEPT].undecided_why, "reason");
}

static void a_rule_is_asked_of_its_kind_of_event_alone(void **state)
{
    (void)state;
    struct seen seen = {.rule = NULL};
    const struct cs_tally *t = play("> NON GET /a tok=01\n> CON GET /a tok=02", &seen);
    assert_int_equal(t[CLOSED].broken, 2);
    assert_int_equal(t[CLOSED_NON].held, 1);
    assert_int_equal(t[DTLS].broken, 0);
    assert_int_equal(t[CON_REQUEST].held, 1);
}

static void a_rule_is_asked_when_what_is_answered_has_its_traits(void **state)
{
    (void)state;
    struct seen seen = {.rule = NULL};
    const struct cs_tally *t = play("> CON GET /a tok=01 mid=1\n< ACK 2.05 tok=01 mid=1\n"
                                    "> NON GET /a tok=02 mid=2\n< NON 2.05 tok=02 mid=8",
                                    &seen);
    assert_int_equal(t[TO_MALFORMED].held, 0);
    assert_int_equal(t[TO_NON].held, 1);
    t = play("> raw:4001 0007 f0\n< RST EMPTY mid=7", &seen);
    assert_int_equal(t[TO_MALFORMED].held, 1);
    assert_int_equal(t[TO_NON].held, 0);
}

static void a_rule_is_asked_when_the_payload_has_its_format(void **state)
{
    (void)state;
    struct seen seen = {.rule = NULL};
    const struct cs_tally *t = play("> CON POST /a cf=40 | </x>\n> CON POST /a cf=0 | x\n"
                                    "> CON POST /a | x\n> CON POST /a cf=40\n"
                                    "> NON POST /a cf=40 | </x>\n> CON POST /a cf=50 | {}",
                                    &seen);
    assert_int_equal(t[FORMAT_40].held, 1);
    assert_int_equal(t[FORMAT_0].held, 1);
    assert_int_equal(t[FORMAT_296].held, 0);
    t = play("> CON GET /a tok=01 mid=1\n< ACK 2.05 tok=01 mid=1 cf=296 | x", &seen);
    assert_int_equal(t[FORMAT_296].held, 1);
    assert_int_equal(t[FORMAT_40].held, 0);
}

/* The table of formats has 256 places, of which one stays free. */
static void more_formats_than_there_is_room_for_are_refused(void **state)
{
    enum { FORMATS = 256 };
    static struct cs_rule rules[FORMATS];
    static const struct cs_rule *list[FORMATS];
    (void)state;
    for (uint32_t i = 0; i < FORMATS; i++) {
        rules[i] = (struct cs_rule){.id = "toy/format", .format = 1000 + i, .check = always_held};
        list[i] = &rules[i];
    }
    struct cs_engine *engine = cs_engine_new(list, FORMATS - 1, NULL, NULL);
    assert_non_null(engine);
    cs_engine_free(engine);
    assert_null(cs_engine_new(list, FORMATS, NULL, NULL));
}

static void a_finding_names_offender_role_octet_and_packets_in_order(void **state)
{
    (void)state;
    struct seen seen = {.rule = &on_ack};
    play("> CON GET /a\n< ACK 2.05", &seen);
    assert_int_equal(seen.count, 1);
    assert_string_equal(seen.last.role, "server");
    assert_int_equal(seen.last.offender.port, 5683);
    assert_int_equal(seen.last.octet, 1);
    assert_int_equal(seen.last.packet_count, 2);
    assert_int_equal(seen.last.packets[0], 2);
    assert_int_equal(seen.last.packets[1], 99);
    assert_string_equal(seen.why, "seen 7");
}

static void the_receiver_is_blamed_when_the_rule_says_so(void **state)
{
    (void)state;
    struct seen seen = {.rule = &on_closed};
    play("> CON GET /a", &seen);
    assert_int_equal(seen.count, 1);
    assert_string_equal(seen.last.role, "server");
    assert_int_equal(seen.last.offender.port, 5683);
}

static void an_empty_ack_is_sent_in_the_role_of_what_it_answers(void **state)
{
    (void)state;
    struct seen seen = {.rule = &on_ack};
    play("> CON GET /a\n< ACK 0.00", &seen);
    assert_string_equal(seen.last.role, "server");
    play("> NON GET /a\n< CON 2.05\n> ACK 0.00", &seen);
    assert_string_equal(seen.last.role, "client");
}

static void nothing_is_held_against_the_tester(void **state)
{
    (void)state;
    struct seen seen = {.rule = NULL};
    struct cs_settings settings = {
        .rules = toys, .rule_count = TOYS, .user = &seen, .on_finding = keep, .whole = true};
    struct cs_analysis *analysis = cs_analysis_new(&settings);
    struct cs_specimen specimen;
    struct cs_datagram datagram;
    struct cs_error error;
    cs_specimen_init(&specimen, "> CON GET /a\n< CON 2.05\n> ACK 0.00");
    while (cs_specimen_next(&specimen, &datagram, &error) == CS_SPECIMEN_DATAGRAM) {
        datagram.direction = datagram.dst.port == 5683 ? CS_FROM_TESTER : CS_FROM_DEVICE;
        cs_analysis_datagram(analysis, &datagram);
    }
    cs_analysis_end(analysis);
    size_t count;
    const struct cs_tally *t = cs_analysis_tallies(analysis, &count);
    assert_int_equal(t[ACK].broken, 0);       /* the tester's ACK */
    assert_int_equal(t[CON_REQUEST].held, 0); /* nor does its request exercise a rule */
    assert_int_equal(t[CLOSED].broken, 1);    /* only the device is blamed as a receiver */
    cs_analysis_free(analysis);
}

/* Twelve options, each present or not: 4096 combinations, of which the engine keeps 512 in mind. */
enum { OPTIONS = 12, COMBINATIONS = 1 << OPTIONS, MANY = OPTIONS + 1 };
static const uint32_t numbers[OPTIONS] = {1, 3, 4, 5, 6, 7, 8, 11, 12, 14, 15, 17};

static struct cs_view view_of(unsigned combination, struct cs_message *message,
                              const struct cs_flow *flow)
{
    for (unsigned i = 0; i < OPTIONS; i++)
        message->option_set |= (combination >> i & 1) != 0 ? CS_OPTION_BIT(numbers[i]) : 0;
    const bool malformed = combination % 8 == 3;
    return (struct cs_view){.traits = CS_T_MESSAGE | (malformed ? CS_T_MALFORMED : 0),
                            .message = message,
                            .flow = flow};
}

static void every_view_counts_however_many_kinds_there_are(void **state)
{
    static struct cs_rule rules[MANY];
    static const struct cs_rule *list[MANY];
    static const struct cs_flow fields = {.tester_side = CS_NO_SIDE}, ours = {.tester_side = 0};
    (void)state;
    for (unsigned i = 0; i < MANY; i++) {
        rules[i] = (struct cs_rule){.id = "toy/option", .on = CS_T_MESSAGE, .check = always_held};
        rules[i].option = i < OPTIONS ? numbers[i] : 0;
        list[i] = &rules[i];
    }
    rules[OPTIONS].suspect = CS_T_MALFORMED;
    rules[OPTIONS].check = always_undecided;
    struct cs_engine *engine = cs_engine_new(list, MANY, NULL, NULL);
    assert_non_null(engine);
    for (unsigned n = 0; n < 3 * COMBINATIONS; n++) {
        const unsigned combination = n * 1021 % COMBINATIONS; /* each three times, in disorder */
        struct cs_message message = {.option_set = 0};
        struct cs_view view = view_of(combination, &message, &fields);
        cs_engine_judge(engine, &view);
        view.flow = &ours; /* the sender is the tester: nothing is counted */
        cs_engine_judge(engine, &view);
        if (n % 1000 == 0)
            cs_engine_tallies(engine); /* to look between does not change what comes out */
    }
    const struct cs_tally *tallies = cs_engine_tallies(engine);
    assert_int_equal(tallies[OPTIONS].undecided, 3 * COMBINATIONS / 8);
    assert_int_equal(tallies[OPTIONS].held, 3 * COMBINATIONS / 8 * 7);
    for (unsigned i = 0; i < OPTIONS; i++)
        assert_int_equal(tallies[i].held, 3 * COMBINATIONS / 2);
    cs_engine_free(engine);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_rule_is_asked_when_all_its_traits_are_there),
        cmocka_unit_test(a_rule_is_asked_when_its_option_is_there),
        cmocka_unit_test(a_rule_is_asked_of_its_kind_of_event_alone),
        cmocka_unit_test(a_rule_is_asked_when_what_is_answered_has_its_traits),
        cmocka_unit_test(a_rule_is_asked_when_the_payload_has_its_format),
        cmocka_unit_test(more_formats_than_there_is_room_for_are_refused),
        cmocka_unit_test(a_finding_names_offender_role_octet_and_packets_in_order),
        cmocka_unit_test(the_receiver_is_blamed_when_the_rule_says_so),
        cmocka_unit_test(an_empty_ack_is_sent_in_the_role_of_what_it_answers),
        cmocka_unit_test(nothing_is_held_against_the_tester),
        cmocka_unit_test(every_view_counts_however_many_kinds_there_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
