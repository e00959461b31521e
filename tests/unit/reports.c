/* The document and its writers, on findings whose texts try to break out. */
#include <stdio.h>
#include <unistd.h>

#include "reports/private.h"
#include "support.h"

static const struct cs_rule must = {
    .id = "toy/1/must",
    .spec = "TOY",
    .section = "1",
    .level = CS_MUST,
    .says = "A toy is \"quoted\" & <marked>.",
    .cause = "A toy was dropped.",
};
static const struct cs_rule should = {
    .id = "toy/2/should",
    .spec = "TOY",
    .section = "2",
    .level = CS_SHOULD,
    .says = "A toy should shine.",
    .cause = "Dust.",
};
static const struct cs_rule idle = {
    .id = "toy/3/idle",
    .spec = "TOY",
    .section = "3",
    .level = CS_MUST,
    .says = "Never asked.",
    .cause = "-",
};

/* A quote, markup, a line feed, a control character, an escape sequence, valid and invalid UTF-8. */
static const char nasty[] = "say \"<b>&'\n\x01\x1b[31m caf\xc3\xa9 \xff\xc3(";

static const uint8_t datagram[] = {0x40, 0x01, 0x12, 0x34, 0xb1, 'a'};

static struct cs_finding finding(const struct cs_rule *rule, uint64_t packet, const char *why)
{
    struct cs_finding f = {
        .rule = rule,
        .why = why,
        .role = "server",
        .packets = {packet},
        .packet_count = 1,
        .packet = packet,
        .time_ns = UINT64_C(1700000000123456789),
        .octets = {datagram, sizeof datagram},
        .octet = 4,
    };
    assert_true(cs_address_parse("192.0.2.1:5683", 0, &f.offender));
    assert_true(cs_address_parse("[2001:db8::1]:40000", 0, &f.other));
    return f;
}

static void fill(struct report *r, const char *why)
{
    report_init(r, "coapspec check 'a b.pcap' --only toy/9 --seed=7 -v");
    assert_non_null(report_add_source(r, "capture", "a b.pcap"));
    struct cs_finding f = finding(&must, 7, why), g = finding(&should, 9, "dull");
    report_add_finding(r, &f, REPORT_NO_CASE);
    report_add_finding(r, &g, REPORT_NO_CASE);
    report_add_tally(r, &must, &(struct cs_tally){.held = 3, .broken = 1});
    report_add_tally(r, &should, &(struct cs_tally){.held = UINT64_MAX, .broken = 1});
    report_add_tally(r, &idle,
                     &(struct cs_tally){.undecided = 2, .undecided_why = "nobody looked"});
    report_judge_rules(r);
}

static void add_case(struct report *r, const char *id, enum report_verdict verdict,
                     const char *reason)
{
    struct report_case *c = report_add_case(r, id);
    assert_non_null(c);
    c->verdict = verdict;
    c->reason = reason != NULL ? strdup(reason) : NULL;
    c->name = strdup("What is due is done");
    c->spec = strdup("RFC 7252");
    c->section = strdup("4.2");
    c->source_line = strdup(nasty);
    c->file = strdup("x.yaml");
    c->line = 3;
    c->column = 5;
}

static char directory[64];

static int make_directory(void **state)
{
    (void)state;
    snprintf(directory, sizeof directory, "/tmp/coapspec-reports-XXXXXX");
    return mkdtemp(directory) == NULL;
}

static int remove_directory(void **state)
{
    (void)state;
    char command[128];
    snprintf(command, sizeof command, "rm -r %s", directory);
    return system(command);
}

/* The output of a shell command; `%s` is the directory. */
static const char *shell(const char *format, int *status)
{
    static char out[8192];
    char command[1024];
    const char *percent = strstr(format, "%s");
    assert_non_null(percent);
    snprintf(command, sizeof command, "%.*s%s%s 2>&1", (int)(percent - format), format, directory,
             percent + 2);
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    out[fread(out, 1, sizeof out - 1, pipe)] = '\0';
    *status = pclose(pipe);
    return out;
}

static void write_files(const struct report *r)
{
    char list[256];
    struct cs_error error;
    snprintf(list, sizeof list, "json=%s/r.json,junit=%s/r.xml,text=%s/r.txt", directory, directory,
             directory);
    if (!report_write_files(r, list, &error))
        fail_msg("%s", error.text);
}

static void assert_shell(const char *command, const char *expected)
{
    int status = 0;
    const char *got = shell(command, &status);
    if (status != 0 || strcmp(got, expected) != 0)
        fail_msg("%s\nexpected: %s\ngot (status %d): %s", command, expected, status, got);
}

static void json_survives_any_text(void **state)
{
    (void)state;
    struct report r;
    fill(&r, nasty);
    add_case(&r, "toy/case", REPORT_FAIL, nasty);
    write_files(&r);
    assert_shell("jq -r '.findings[0].message|@json' %s/r.json",
                 "\"say \\\"<b>&'\\n\\u0001\\u001b[31m caf\xc3\xa9 \xef\xbf\xbd\xef\xbf\xbd(\"\n");
    assert_shell(
        "jq -r "
        "'.findings[0]|[.rule,.level,.verdict,.offender.role,.offender.address,.peer,.packet,."
        "octet,.octets]"
        "|@tsv' %s/r.json",
        "toy/1/"
        "must\tMUST\tfail\tserver\t192.0.2.1:5683\t[2001:db8::1]:40000\t7\t4\t40011234b161\n");
    assert_shell("jq -r '.findings[0].time' %s/r.json", "2023-11-14T22:13:20.123456789Z\n");
    assert_shell("jq -r '[.rules[]|.verdict]|@tsv' %s/r.json", "fail\twarn\tinconclusive\n");
    assert_shell("jq -r '.scenarios[0].reason|length' %s/r.json", "26\n");
    report_fini(&r);
}

static void json_keeps_numbers_that_a_double_loses(void **state)
{
    (void)state;
    struct report r;
    fill(&r, "x");
    write_files(&r);
    assert_shell("jq -r '.rules[1].held|type,.' %s/r.json", "string\n18446744073709551615\n");
    assert_shell("jq -r '.rules[0].held|type' %s/r.json", "number\n");
    report_fini(&r);
}

static void junit_survives_any_text(void **state)
{
    (void)state;
    struct report r;
    fill(&r, nasty);
    add_case(&r, "toy/case", REPORT_FAIL, nasty);
    write_files(&r);
    assert_shell("xmllint --noout %s/r.xml && echo well-formed", "well-formed\n");
    assert_shell(
        "xmllint --xpath 'string(//testcase[@name=\"toy/case\"]/failure/@message)' %s/r.xml",
        "say \"<b>&'\n\xef\xbf\xbd\xef\xbf\xbd[31m caf\xc3\xa9 \xef\xbf\xbd\xef\xbf\xbd(\n");
    report_fini(&r);
}

static void junit_says_each_verdict_as_a_ci_reads_it(void **state)
{
    (void)state;
    struct report r;
    fill(&r, "x");
    add_case(&r, "a", REPORT_PASS, NULL);
    add_case(&r, "b", REPORT_FAIL, "broken");
    add_case(&r, "c", REPORT_NOT_APPLICABLE, "not claimed");
    add_case(&r, "d", REPORT_INCONCLUSIVE, "we were late");
    add_case(&r, "e", REPORT_ERROR, "no route");
    add_case(&r, "f", REPORT_WARN, "dull");
    add_case(&r, "a", REPORT_PASS, NULL);
    write_files(&r);
    assert_shell("xmllint --xpath 'concat(count(//failure),\" \",count(//error),\" "
                 "\",count(//skipped),\" \","
                 "count(//testcase))' %s/r.xml",
                 "2 1 3 10\n");
    assert_shell("xmllint --xpath 'string(//testcase[@name=\"d\"]/skipped/@message)' %s/r.xml",
                 "inconclusive: we were late\n");
    assert_shell("xmllint --xpath 'string(//testcase[@name=\"e\"]/error/@message)' %s/r.xml",
                 "no route\n");
    assert_shell("xmllint --xpath 'string(//testcase[@name=\"b\"]/failure)' %s/r.xml | grep -cE "
                 "'^(what is due|clause): '",
                 "2\n");
    assert_shell("xmllint --xpath 'string(//failure[@type=\"violation\"])' %s/r.xml | grep -c "
                 "'^cause: '",
                 "1\n");
    assert_shell("xmllint --xpath 'concat(//testsuites/@tests,\" \",//testsuites/@failures,\" "
                 "\",//testsuites/@errors)' "
                 "%s/r.xml",
                 "10 2 1\n");
    assert_shell("xmllint --xpath '//testcase/@name' %s/r.xml | sort | uniq -d", "");
    assert_shell("xmllint --xpath 'count(//testcase[@name=\"toy/2/should\"]/failure)' %s/r.xml",
                 "0\n");
    r.strict = true;
    report_judge_rules(&r);
    write_files(&r);
    assert_shell("xmllint --xpath 'count(//testcase[@name=\"toy/2/should\"]/failure)' %s/r.xml",
                 "1\n");
    assert_shell("xmllint --xpath 'count(//testcase[@name=\"f\"]/failure)' %s/r.xml", "1\n");
    report_fini(&r);
}

/* The text report into memory. */
static char *text_of(const struct report *r, struct report_style style)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    assert_non_null(out);
    assert_true(report_write_text(r, &style, out));
    fclose(out);
    return text;
}

static void assert_says(const char *text, const char *part)
{
    if (strstr(text, part) == NULL)
        fail_msg("expected: %s\nin:\n%s", part, text);
}

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
    c->name = strdup("An Empty CON is answered by RST");
    c->expected = strdup("RST");
    c->got = strdup("nothing within 2 s");
    c->spec = strdup("RFC 7252");
    c->section = strdup("4.2");
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

static void one_noisy_offender_does_not_crowd_out_others(void **state)
{
    (void)state;
    struct report r;
    report_init(&r, NULL);
    for (uint64_t packet = 1; packet <= 20000; packet++) {
        struct cs_finding f = finding(&must, packet, "again");
        report_add_finding(&r, &f, REPORT_NO_CASE);
    }
    struct cs_finding other = finding(&must, 20001, "me too");
    other.offender.port = 1;
    report_add_finding(&r, &other, REPORT_NO_CASE);
    assert_int_equal(r.finding_count, REPORT_SAME_MAX + 1);
    assert_int_equal(r.findings_not_kept, 20000 - REPORT_SAME_MAX);
    assert_int_equal(r.findings[0].times, 20001 - REPORT_SAME_MAX);
    assert_int_equal(r.findings[REPORT_SAME_MAX].packet, 20001);
    report_fini(&r);
}

static void findings_are_bounded_whoever_offends(void **state)
{
    (void)state;
    struct report r;
    report_init(&r, NULL);
    for (uint32_t i = 0; i < 30000; i++) {
        struct cs_finding f = finding(&must, i + 1, "again");
        memcpy(f.offender.ip, &i, sizeof i);
        report_add_finding(&r, &f, REPORT_NO_CASE);
    }
    assert_int_equal(r.finding_count, REPORT_FINDINGS_MAX);
    assert_int_equal(r.findings_not_kept, 30000 - REPORT_FINDINGS_MAX);
    report_fini(&r);
}

static void the_exit_code_follows_the_gravest_verdict(void **state)
{
    (void)state;
    static const struct {
        enum report_verdict cases[3];
        size_t count;
        bool interrupted;
        int expected;
    } rows[] = {
        {{REPORT_PASS}, 1, false, 0},
        {{REPORT_PASS, REPORT_WARN}, 2, false, 0},
        {{REPORT_PASS, REPORT_INCONCLUSIVE, REPORT_NOT_APPLICABLE}, 3, false, 0},
        {{REPORT_PASS, REPORT_FAIL}, 2, false, 1},
        {{REPORT_FAIL, REPORT_ERROR}, 2, false, 3},
        {{REPORT_INCONCLUSIVE}, 1, false, 5},
        {{REPORT_NOT_APPLICABLE, REPORT_NOT_EXERCISED}, 2, false, 5},
        {{REPORT_PASS}, 0, false, 5},
        {{REPORT_FAIL}, 1, true, 130},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct report r;
        report_init(&r, NULL);
        for (size_t c = 0; c < rows[i].count; c++)
            add_case(&r, "x", rows[i].cases[c], NULL);
        r.interrupted = rows[i].interrupted;
        int got = report_summarise(&r).exit_code;
        if (got != rows[i].expected)
            fail_msg("row %zu: expected %d, got %d", i, rows[i].expected, got);
        report_fini(&r);
    }
}

static void undecided_rules_do_not_spoil_a_pass(void **state)
{
    (void)state;
    struct report r;
    report_init(&r, NULL);
    report_add_tally(&r, &idle, &(struct cs_tally){.undecided = 1});
    report_judge_rules(&r);
    assert_int_equal(report_summarise(&r).exit_code, 5);
    report_add_tally(&r, &must, &(struct cs_tally){.held = 1});
    report_judge_rules(&r);
    assert_int_equal(report_summarise(&r).verdict, REPORT_PASS);
    assert_int_equal(report_summarise(&r).exit_code, 0);
    report_fini(&r);
}

static void advice_is_a_warning_unless_strict(void **state)
{
    (void)state;
    struct report r;
    report_init(&r, NULL);
    add_case(&r, "x", REPORT_FAIL, NULL);
    r.cases[0].advice = true;
    assert_int_equal(report_case_verdict(&r, &r.cases[0]), REPORT_WARN);
    assert_int_equal(report_summarise(&r).exit_code, 0);
    r.strict = true;
    assert_int_equal(report_summarise(&r).exit_code, 1);
    report_fini(&r);
}

static void the_seed_is_part_of_the_command_that_repeats(void **state)
{
    (void)state;
    struct report r;
    report_init(&r, "coapspec run 'it'\\''s --only x' --only a --seed 3 core");
    r.has_seed = true;
    r.seed = 42;
    char *line = report_repeat(&r, "core/ping");
    assert_string_equal(line, "coapspec run 'it'\\''s --only x' core --only core/ping --seed 42");
    free(line);
    report_fini(&r);
}

static void a_document_read_again_is_the_same(void **state)
{
    (void)state;
    struct report r, again;
    struct cs_error error;
    char path[128];
    int status = 0;
    fill(&r, "plain");
    add_case(&r, "toy/case", REPORT_FAIL, "because");
    report_add_pair(&r, &(struct report_pair){.client = r.findings[0].offender,
                                              .server = r.findings[0].other,
                                              .requests = 5,
                                              .responses = 5,
                                              .methods = {0, 4, 1},
                                              .codes = {69, 132},
                                              .code_counts = {4, 1},
                                              .rtt_us = {1000, 2000, 3000, 4000, 90000},
                                              .rtt_seen = 5,
                                              .octets = {100, 200}});
    report_add_evidence(&r, "e.pcapng");
    write_files(&r);
    snprintf(path, sizeof path, "%s/r.json", directory);
    report_init(&again, NULL);
    if (!report_read_json(path, &again, &error))
        fail_msg("%s:%u:%u: %s", error.file, error.line, error.column, error.text);
    snprintf(path, sizeof path, "json=%s/again.json", directory);
    assert_true(report_write_files(&again, path, &error));
    const char *difference = shell("cd %s && diff r.json again.json", &status);
    if (status != 0)
        fail_msg("%s", difference);
    report_fini(&r);
    report_fini(&again);
}

static void a_broken_document_is_an_error_with_its_place(void **state)
{
    (void)state;
    static const struct {
        const char *text, *says;
        unsigned line;
    } rows[] = {
        {"{\n  \"schema\": ,\n}", "not JSON", 2},
        {"{}", "not a document of coapspec", 0},
        {"", "not JSON", 1},
        {"{\"schema\":\"coapspec-results-1\",\"findings\":[{}]}", "a finding without a rule", 0},
        {"{\"schema\":\"coapspec-results-1\",\"rules\":[7]}", "a rule without an id", 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct report r;
        struct cs_error error;
        char path[128];
        snprintf(path, sizeof path, "%s/broken.json", directory);
        FILE *out = fopen(path, "w");
        assert_non_null(out);
        fputs(rows[i].text, out);
        fclose(out);
        report_init(&r, NULL);
        assert_false(report_read_json(path, &r, &error));
        assert_says(error.text, rows[i].says);
        assert_int_equal(error.line, rows[i].line);
        report_fini(&r);
    }
}

static void a_report_that_cannot_be_written_leaves_nothing(void **state)
{
    (void)state;
    struct report r;
    struct cs_error error;
    char list[128];
    int status = 0;
    fill(&r, "x");
    snprintf(list, sizeof list, "json=%s/no/such/r.json", directory);
    assert_false(report_write_files(&r, list, &error));
    assert_says(error.text, "No such file or directory");
    assert_false(report_write_files(&r, "json=/dev/full/x", &error));
    assert_false(report_check_files("jsn=x", &error));
    assert_says(error.text, "did you mean json?");
    assert_false(report_check_files("json", &error));
    assert_false(report_check_files("json=", &error));
    assert_true(report_check_files("json=a,junit=b", &error));
    assert_string_equal(shell("ls %s | grep part", &status), "");
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_survives_any_text),
        cmocka_unit_test(json_keeps_numbers_that_a_double_loses),
        cmocka_unit_test(junit_survives_any_text),
        cmocka_unit_test(junit_says_each_verdict_as_a_ci_reads_it),
        cmocka_unit_test(text_says_clause_expected_got_octet_and_repeat),
        cmocka_unit_test(a_finding_in_a_run_is_repeated_by_its_scenario_alone),
        cmocka_unit_test(a_scenario_that_failed_shows_its_line_with_a_caret),
        cmocka_unit_test(text_holds_nothing_that_a_terminal_obeys),
        cmocka_unit_test(text_keeps_to_the_columns),
        cmocka_unit_test(text_tells_identical_findings_once),
        cmocka_unit_test(one_noisy_offender_does_not_crowd_out_others),
        cmocka_unit_test(findings_are_bounded_whoever_offends),
        cmocka_unit_test(the_exit_code_follows_the_gravest_verdict),
        cmocka_unit_test(undecided_rules_do_not_spoil_a_pass),
        cmocka_unit_test(advice_is_a_warning_unless_strict),
        cmocka_unit_test(the_seed_is_part_of_the_command_that_repeats),
        cmocka_unit_test(a_document_read_again_is_the_same),
        cmocka_unit_test(a_broken_document_is_an_error_with_its_place),
        cmocka_unit_test(a_report_that_cannot_be_written_leaves_nothing),
        cmocka_unit_test(long_messages_show_the_rows_that_matter),
    };
    return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
