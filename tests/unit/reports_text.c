/* The report for people: what it says, and that no text in it does anything to the terminal. */
#include <stdio.h>

#include "tests/unit/reported.h"

static void text_says_clause_expected_got_octet_and_repeat(void **state)
{
    (void)state;
    struct report r;
    fill(&r, nasty);
    char *text = text_of(&r, (struct report_style){.unicode = true, .width = 80});
    assert_says(
        text,
        "FAIL  toy/1/must\n  clause    TOY, section 1 (MUST)\n"
        "  offender  server 192.0.2.1:5683, speaking with [2001:db8::1]:40000\n  packet    7\n");
    assert_says(text, "  expected  A toy is \"quoted\" & <marked>.\n");
    assert_says(text, "  message   CON GET /a tok=- mid=0x1234\n");
    assert_says(text,
                "  octets    0000  40 01 12 34 b1 61\n                              ^^ octet 4\n");
    assert_says(text, "  repeat    coapspec check 'a b.pcap' -v --only toy/1/must\n");
    assert_says(text, "WARN  toy/2/should\n");
    assert_says(text, "FAIL  1 violation, 1 warning.\n");
    free(text);
    report_fini(&r);
}

static void a_finding_in_a_run_is_repeated_by_its_scenario_alone(void **state)
{
    (void)state;
    struct report r;
    report_init(&r, "coapspec run core");
    add_case(&r, "core/ping", REPORT_PASS, NULL);
    struct cs_finding f = finding(&must, 7, "x");
    report_add_finding(&r, &f, 0);
    char *text = text_of(&r, (struct report_style){.unicode = true, .width = 80});
    assert_says(text, "  scenario  core/ping\n");
    assert_says(text, "  repeat    coapspec run core --only core/ping,toy/1/must\n");
    free(text);
    report_fini(&r);
}

static void a_scenario_that_failed_shows_its_line_with_a_caret(void **state)
{
    (void)state;
    struct report r;
    report_init(&r, "coapspec run core --target coap://192.0.2.1");
    add_case(&r, "core/ping", REPORT_FAIL, "no Reset came");
    struct report_case *c = &r.cases[0];
    free(c->source_line);
    c->source_line = strdup("  - expect: RST");
    free(c->name);
    c->name = strdup("An Empty CON is answered by RST");
    c->expected = strdup("RST");
    c->got = strdup("nothing within 2 s");
    c->level = strdup("MUST");
    c->cause = strdup("The stack drops what it does not know.");
    c->packets[0] = 4;
    c->packets[1] = 5;
    c->packet_count = 2;
    r.has_seed = true;
    r.seed = 11;
    char *text = text_of(&r, (struct report_style){.unicode = true, .width = 80});
    assert_says(
        text,
        "FAIL  core/ping  An Empty CON is answered by RST\n"
        "  clause    RFC 7252, section 4.2 (MUST)\n"
        "  reason    no Reset came\n"
        "  scenario  x.yaml:3:5\n"
        "           3 |   - expect: RST\n"
        "             |     ^\n"
        "  expected  RST\n"
        "  got       nothing within 2 s\n"
        "  packets   4, 5\n"
        "  cause     The stack drops what it does not know.\n"
        "  repeat    coapspec run core --target coap://192.0.2.1 --only core/ping --seed 11\n");
    assert_says(text, "0 of 1 scenarios passed, 1 failed; 0 violations, 0 warnings. Seed 11.\n");
    free(text);
    report_fini(&r);
}

static void text_holds_nothing_that_a_terminal_obeys(void **state)
{
    (void)state;
    struct report r;
    fill(&r, nasty);
    add_case(&r, "toy/case", REPORT_FAIL, nasty);
    char *text = text_of(&r, (struct report_style){.unicode = false, .width = 80});
    for (const char *c = text; *c != '\0'; c++)
        if ((*c < ' ' && *c != '\n') || *c == 0x7f || (unsigned char)*c >= 0x80)
            fail_msg("octet %02x at %td of:\n%s", (unsigned char)*c, c - text, text);
    assert_says(text, "\\x01\\x1b[31m caf? \\xff\\xc3(");
    free(text);
    report_fini(&r);
}

static void text_keeps_to_the_columns(void **state)
{
    (void)state;
    struct report r;
    fill(&r, "a long story of many words that goes on and on beyond any line that a terminal of "
             "eighty columns could show");
    free(r.command);
    r.command = NULL;
    for (unsigned width = 60; width <= 100; width += 20) {
        char *text = text_of(&r, (struct report_style){.unicode = true, .width = width});
        for (char *line = text, *end = NULL; (end = strchr(line, '\n')) != NULL; line = end + 1) {
            *end = '\0';
            const bool table =
                strstr(line, "not exercised") != NULL || strncmp(line, "rules", 5) == 0;
            if (report_columns(line) > width && !table)
                fail_msg("more than %u columns: %s", width, line);
        }
        free(text);
    }
    report_fini(&r);
}

static void text_tells_identical_findings_once(void **state)
{
    (void)state;
    struct report r;
    report_init(&r, NULL);
    for (uint64_t packet = 1; packet <= 30; packet++) {
        struct cs_finding f = finding(&must, packet, "again");
        report_add_finding(&r, &f, REPORT_NO_CASE);
    }
    char *brief = text_of(&r, (struct report_style){.width = 80});
    char *whole = text_of(&r, (struct report_style){.width = 80, .verbose = true});
    assert_says(brief, "and       29 more like it: packets 2, 3, 4, 5, 6, 7, 8, 9, ...");
    assert_null(strstr(brief, "packet    30"));
    assert_says(whole, "packet    30");
    free(brief);
    free(whole);
    report_fini(&r);
}

static void long_messages_show_the_rows_that_matter(void **state)
{
    (void)state;
    struct report r;
    uint8_t octets[300];
    memset(octets, 0xaa, sizeof octets);
    octets[0] = 0x40;
    report_init(&r, NULL);
    struct cs_finding f = finding(&must, 1, "x");
    f.octets = (struct cs_slice){octets, sizeof octets};
    f.octet = 130;
    report_add_finding(&r, &f, REPORT_NO_CASE);
    char *text = text_of(&r, (struct report_style){.width = 80});
    assert_says(text, "0000  40 aa");
    assert_says(text, "0080  aa aa aa");
    assert_says(text, "^^ octet 130");
    assert_says(text, "(300 octets in all)");
    assert_null(strstr(text, "0020  "));
    free(text);
    report_fini(&r);
}

static void a_message_over_tcp_is_shown_as_it_is_framed(void **state)
{
    static const uint8_t octets[] = {0x21, 0x01, 0x01, 0xb1, 'x'};
    (void)state;
    struct report r;
    struct cs_message message;
    report_init(&r, NULL);
    cs_message_decode(CS_TCP, (struct cs_slice){octets, sizeof octets}, 0, &message);
    struct cs_finding f = finding(&must, 1, "x");
    f.octets = message.octets;
    f.message = &message;
    report_add_finding(&r, &f, REPORT_NO_CASE);
    char *text = text_of(&r, (struct report_style){.width = 80});
    assert_says(text, "GET /x tok=01\n");
    free(text);
    report_fini(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_says_clause_expected_got_octet_and_repeat),
        cmocka_unit_test(a_finding_in_a_run_is_repeated_by_its_scenario_alone),
        cmocka_unit_test(a_scenario_that_failed_shows_its_line_with_a_caret),
        cmocka_unit_test(text_holds_nothing_that_a_terminal_obeys),
        cmocka_unit_test(text_keeps_to_the_columns),
        cmocka_unit_test(text_tells_identical_findings_once),
        cmocka_unit_test(long_messages_show_the_rows_that_matter),
        cmocka_unit_test(a_message_over_tcp_is_shown_as_it_is_framed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
