/* The engine judged with toys: rules made up for the purpose. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "coapspec/rules.h"
#include "rules/specimen.h"

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
    .id = "toy/closed", .on = CS_T_CLOSED, .check = blames_receiver};
enum { ACK, CON_REQUEST, NON_REQUEST, ACCEPT, CLOSED, TOYS };
static const struct cs_rule *const toys[TOYS] = {&on_ack, &on_con_request, &on_non_request,
                                                 &on_accept, &on_closed};

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_rule_is_asked_when_all_its_traits_are_there),
        cmocka_unit_test(a_rule_is_asked_when_its_option_is_there),
        cmocka_unit_test(a_finding_names_offender_role_octet_and_packets_in_order),
        cmocka_unit_test(the_receiver_is_blamed_when_the_rule_says_so),
        cmocka_unit_test(an_empty_ack_is_sent_in_the_role_of_what_it_answers),
        cmocka_unit_test(nothing_is_held_against_the_tester),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
