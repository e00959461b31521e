/* The document and its writers, on findings whose texts try to break out: what others' parsers make of them. */
#include <stdio.h>
#include <unistd.h>

#include "tests/unit/reported.h"

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

/* Only there, so that a reader who knows of nothing but UDP sees what it always saw. */
static void json_names_a_carrier_that_is_not_udp(void **state)
{
    static const uint8_t octets[] = {0x21, 0x01, 0x01, 0xb1, 'x'};
    (void)state;
    struct report r;
    struct cs_message message;
    fill(&r, "x");
    struct cs_finding f = finding(&must, 8, "over TCP");
    cs_message_decode(CS_TCP, (struct cs_slice){octets, sizeof octets}, 0, &message);
    f.octets = message.octets;
    f.message = &message;
    report_add_finding(&r, &f, REPORT_NO_CASE);
    write_files(&r);
    assert_shell("jq -r '[.findings[]|.carrier // \"-\"]|join(\" \")' %s/r.json", "- - tcp\n");
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_survives_any_text),
        cmocka_unit_test(json_names_a_carrier_that_is_not_udp),
        cmocka_unit_test(json_keeps_numbers_that_a_double_loses),
        cmocka_unit_test(junit_survives_any_text),
        cmocka_unit_test(junit_says_each_verdict_as_a_ci_reads_it),
        cmocka_unit_test(a_document_read_again_is_the_same),
        cmocka_unit_test(a_broken_document_is_an_error_with_its_place),
        cmocka_unit_test(a_report_that_cannot_be_written_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
