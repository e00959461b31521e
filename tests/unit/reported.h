/* tests/unit/reported.h: a small document whose texts try to break out, for the tests of reports. */
#ifndef TESTS_UNIT_REPORTED_H
#define TESTS_UNIT_REPORTED_H

#include <stdio.h>

#include "reports/base/clean.h"
#include "reports/base/wrap.h"
#include "reports/document/private.h"
#include "reports/formats.h"
#include "reports/json/json.h"
#include "reports/junit.h"
#include "reports/text/text.h"
#include "tests/unit/support.h"

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

static inline struct cs_finding finding(const struct cs_rule *rule, uint64_t packet,
                                        const char *why)
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

static inline void fill(struct report *r, const char *why)
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

static inline void add_case(struct report *r, const char *id, enum report_verdict verdict,
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

/* The text report into memory. */
static inline char *text_of(const struct report *r, struct report_style style)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    assert_non_null(out);
    assert_true(report_write_text(r, &style, out));
    fclose(out);
    return text;
}

static inline void assert_says(const char *text, const char *part)
{
    if (strstr(text, part) == NULL)
        fail_msg("expected: %s\nin:\n%s", part, text);
}

#endif
