/* reports/document/fold.c: findings, tallies and cases become one document. */
#include "reports/document/report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reports/document/private.h"

const char *report_verdict_text(enum report_verdict verdict)
{
    static const char *const texts[] = {
        [REPORT_NOT_EXERCISED] = "not exercised",
        [REPORT_NOT_APPLICABLE] = "not applicable",
        [REPORT_PASS] = "pass",
        [REPORT_INCONCLUSIVE] = "inconclusive",
        [REPORT_WARN] = "warn",
        [REPORT_FAIL] = "fail",
        [REPORT_ERROR] = "error",
    };
    return texts[verdict];
}

void report_init(struct report *report, const char *command)
{
    *report = (struct report){0};
    report->command = command != NULL ? strdup(command) : NULL;
    report->index = calloc(1, sizeof *report->index);
}

static void free_strings(char **strings)
{
    for (char **s = strings; s != NULL && *s != NULL; s++)
        free(*s);
    free(strings);
}

static void free_case(struct report_case *c)
{
    char *const owned[] = {c->id,          c->name,  c->file, c->reason,  c->expected, c->got,
                           c->source_line, c->cause, c->spec, c->section, c->level};
    for (size_t i = 0; i < sizeof owned / sizeof owned[0]; i++)
        free(owned[i]);
    free_strings(c->covers);
}

/* Rules that were made for a document, as this build has none of that id. */
static void free_own_rules(struct report *report)
{
    for (struct cs_rule **r = report->own_rules; r != NULL && *r != NULL; r++) {
        free((void *)(uintptr_t)(*r)->id);
        free(*r);
    }
    free(report->own_rules);
    for (char **t = report->own_texts; t != NULL && *t != NULL; t++)
        free(*t);
    free(report->own_texts);
}

void report_fini(struct report *report)
{
    for (size_t i = 0; i < report->source_count; i++) {
        free(report->sources[i].kind);
        free(report->sources[i].name);
        free(report->sources[i].note);
        free(report->sources[i].format);
    }
    for (size_t i = 0; i < report->case_count; i++)
        free_case(&report->cases[i]);
    free_strings(report->evidence);
    free_own_rules(report);
    free(report->command);
    free(report->started);
    free(report->sources);
    free(report->findings);
    free(report->rules);
    free(report->cases);
    free(report->pairs);
    free(report->index);
    *report = (struct report){0};
}

/* ------------------------------------------------------------------ findings */

static uint64_t mix(uint64_t hash, uint64_t value)
{
    hash = (hash ^ value) * UINT64_C(0x9e3779b97f4a7c15);
    return hash ^ hash >> 29;
}

static uint64_t mix_address(uint64_t hash, const struct cs_address *a)
{
    uint64_t half[2];
    memcpy(half, a->ip, sizeof half);
    return mix(mix(mix(hash, half[0]), half[1]), (uint64_t)a->port << 16 | a->family);
}

static bool same_kind(const struct report_finding *a, const struct report_finding *b)
{
    return a->rule == b->rule && a->case_index == b->case_index &&
           a->source_index == b->source_index && cs_address_equal(&a->offender, &b->offender);
}

/* The entry for findings of this kind; a full table gives a stranger's, whose limit then counts for both. */
static struct report_kind *find_kind(const struct report *report,
                                     const struct report_finding *finding)
{
    uint64_t hash =
        mix((uint64_t)(uintptr_t)finding->rule, finding->case_index * 31 + finding->source_index);
    hash = mix_address(hash, &finding->offender);
    struct report_kind *kinds = report->index->kinds;
    const uint32_t tag = (uint32_t)(hash >> 32);
    for (size_t i = 0; i < REPORT_KINDS_MAX; i++) {
        struct report_kind *k = &kinds[(hash + i) % REPORT_KINDS_MAX];
        if (k->kept == 0)
            k->tag = tag;
        if (k->kept == 0 || (k->tag == tag && same_kind(&report->findings[k->first], finding)))
            return k;
    }
    return &kinds[hash % REPORT_KINDS_MAX];
}

static bool room_for_finding(struct report *report)
{
    if (report->finding_count < report->finding_cap)
        return true;
    size_t cap = report->finding_cap == 0 ? 16 : report->finding_cap * 2;
    if (report->finding_count >= REPORT_FINDINGS_MAX)
        return false;
    struct report_finding *more = realloc(report->findings, cap * sizeof *more);
    if (more == NULL)
        return false;
    report->findings = more;
    report->finding_cap = cap;
    return true;
}

void report_add_copy(struct report *report, const struct report_finding *finding)
{
    struct report_kind *kind = report->index != NULL ? find_kind(report, finding) : NULL;
    bool full = kind == NULL || kind->kept >= REPORT_SAME_MAX ||
                report->finding_count >= REPORT_FINDINGS_MAX;
    if (full || !room_for_finding(report)) {
        report->findings_not_kept++;
        if (kind != NULL && kind->kept > 0 && same_kind(&report->findings[kind->first], finding))
            report->findings[kind->first].times++;
        return;
    }
    if (kind->kept++ == 0)
        kind->first = (uint32_t)report->finding_count;
    report->findings[report->finding_count++] = *finding;
}

void report_copy_finding(const struct report *report, const struct cs_finding *finding,
                         size_t case_index, struct report_finding *out)
{
    size_t kept = finding->octets.len < REPORT_OCTETS_MAX ? finding->octets.len : REPORT_OCTETS_MAX;
    *out = (struct report_finding){
        .rule = finding->rule,
        .offender = finding->offender,
        .other = finding->other,
        .role = finding->role,
        .packet_count = finding->packet_count,
        .packet = finding->packet,
        .time_ns = finding->time_ns,
        .octet_count = kept,
        .octets_whole = finding->octets.len,
        .carrier = finding->message != NULL ? finding->message->carrier : CS_UDP,
        .octet = finding->octet,
        .times = 1,
        .case_index = case_index,
        .source_index = report->source_count > 0 ? report->source_count - 1 : 0,
    };
    snprintf(out->why, sizeof out->why, "%s", finding->why != NULL ? finding->why : "");
    memcpy(out->packets, finding->packets, sizeof out->packets);
    if (kept > 0)
        memcpy(out->octets, finding->octets.at, kept);
}

void report_add_finding(struct report *report, const struct cs_finding *finding, size_t case_index)
{
    struct report_finding copy;
    report_copy_finding(report, finding, case_index, &copy);
    report_add_copy(report, &copy);
}

enum report_verdict report_finding_verdict(const struct report *report,
                                           const struct report_finding *finding)
{
    return cs_level_is_should(finding->rule->level) && !report->strict ? REPORT_WARN : REPORT_FAIL;
}

/* ------------------------------------------------------------------ rules */

static struct report_rule *rule_entry(struct report *report, const struct cs_rule *rule)
{
    for (size_t i = 0; i < report->rule_count; i++)
        if (report->rules[i].rule == rule)
            return &report->rules[i];
    struct report_rule *more = realloc(report->rules, (report->rule_count + 1) * sizeof *more);
    if (more == NULL)
        return NULL;
    report->rules = more;
    more[report->rule_count] = (struct report_rule){.rule = rule};
    return &more[report->rule_count++];
}

void report_add_tallies(struct report *report, const struct cs_analysis *analysis,
                        const struct cs_rule *const *rules, size_t rule_count)
{
    size_t n = 0;
    const struct cs_tally *tallies = cs_analysis_tallies(analysis, &n);
    for (size_t i = 0; i < n && i < rule_count; i++)
        report_add_tally(report, rules[i], &tallies[i]);
    report_judge_rules(report);
}

void report_add_tally(struct report *report, const struct cs_rule *rule,
                      const struct cs_tally *tally)
{
    struct report_rule *entry = rule_entry(report, rule);
    if (entry == NULL)
        return;
    entry->tally.held += tally->held;
    entry->tally.broken += tally->broken;
    entry->tally.undecided += tally->undecided;
    if (entry->tally.undecided_why == NULL)
        entry->tally.undecided_why = tally->undecided_why;
}

void report_judge_rules(struct report *report)
{
    for (size_t i = 0; i < report->rule_count; i++) {
        struct report_rule *r = &report->rules[i];
        if (r->tally.broken > 0)
            r->verdict =
                cs_level_is_should(r->rule->level) && !report->strict ? REPORT_WARN : REPORT_FAIL;
        else if (r->tally.held > 0)
            r->verdict = REPORT_PASS;
        else
            r->verdict = r->tally.undecided > 0 ? REPORT_INCONCLUSIVE : REPORT_NOT_EXERCISED;
    }
}

/* ------------------------------------------------------------------ sources, cases, evidence */

struct report_source *report_add_source(struct report *report, const char *kind, const char *name)
{
    struct report_source *more =
        realloc(report->sources, (report->source_count + 1) * sizeof *more);
    if (more == NULL)
        return NULL;
    report->sources = more;
    more[report->source_count] = (struct report_source){.kind = strdup(kind), .name = strdup(name)};
    return &more[report->source_count++];
}

struct report_case *report_add_case(struct report *report, const char *id)
{
    if (report->case_count == report->case_cap) {
        size_t cap = report->case_cap == 0 ? 32 : report->case_cap * 2;
        struct report_case *more = realloc(report->cases, cap * sizeof *more);
        if (more == NULL)
            return NULL;
        report->cases = more;
        report->case_cap = cap;
    }
    struct report_case *c = &report->cases[report->case_count++];
    *c = (struct report_case){.id = strdup(id), .octet = CS_NO_OCTET};
    return c;
}

enum report_verdict report_case_verdict(const struct report *report, const struct report_case *c)
{
    if (c->verdict == REPORT_FAIL && c->advice && !report->strict)
        return REPORT_WARN;
    return c->verdict == REPORT_WARN && report->strict ? REPORT_FAIL : c->verdict;
}

void report_add_evidence(struct report *report, const char *path)
{
    size_t n = 0;
    while (report->evidence != NULL && report->evidence[n] != NULL)
        n++;
    char **more = realloc(report->evidence, (n + 2) * sizeof *more);
    if (more == NULL)
        return;
    more[n] = strdup(path);
    more[n + 1] = NULL;
    report->evidence = more;
}

/* ------------------------------------------------------------------ summary */

/* Was anything looked at? A run is asked for its scenarios; the rules beside them do not make up for those. */
static bool anything_tested(const struct report *report, const struct report_summary *s)
{
    const size_t *of = report->case_count > 0 ? s->cases : s->rules;
    return of[REPORT_PASS] + of[REPORT_WARN] + of[REPORT_FAIL] > 0;
}

static int exit_code(const struct report *report, const struct report_summary *s)
{
    enum {
        PASSED = 0,
        FAILED = 1,
        BENCH = 3,
        NOTHING = 5,
        INTERRUPTED = 130
    }; /* docs/results.md: exit codes */
    if (report->interrupted)
        return INTERRUPTED;
    if (s->verdict == REPORT_ERROR)
        return BENCH;
    if (s->verdict == REPORT_FAIL)
        return FAILED;
    return anything_tested(report, s) ? PASSED : NOTHING;
}

struct report_summary report_summarise(const struct report *report)
{
    struct report_summary s = {.verdict = REPORT_NOT_EXERCISED};
    for (size_t i = 0; i < report->rule_count; i++) {
        const struct report_rule *r = &report->rules[i];
        s.rules[r->verdict]++;
        if (r->verdict > s.verdict)
            s.verdict = r->verdict;
        *(r->verdict == REPORT_WARN ? &s.findings_warn : &s.findings_fail) += r->tally.broken;
    }
    for (size_t i = 0; i < report->case_count; i++) {
        enum report_verdict v = report_case_verdict(report, &report->cases[i]);
        s.cases[v]++;
        if (v > s.verdict)
            s.verdict = v;
    }
    /* rules that could not decide are the normal state of a capture: they do not outweigh those that could */
    if (s.verdict == REPORT_INCONCLUSIVE && s.cases[REPORT_INCONCLUSIVE] == 0 &&
        anything_tested(report, &s))
        s.verdict = REPORT_PASS;
    s.exit_code = exit_code(report, &s);
    return s;
}

/* ------------------------------------------------------------------ the command that repeats it */

/* The next word of a shell line that cli.c quoted; its length with the quotes. */
static size_t shell_word(const char *at)
{
    size_t n = 0;
    for (bool quoted = false; at[n] != '\0' && (quoted || at[n] != ' '); n++) {
        if (at[n] == '\\' && !quoted && at[n + 1] != '\0')
            n++;
        else if (at[n] == '\'')
            quoted = !quoted;
    }
    return n;
}

static bool is_word(const char *at, size_t length, const char *word)
{
    return strlen(word) == length && memcmp(at, word, length) == 0;
}

char *report_repeat(const struct report *report, const char *id)
{
    if (report->command == NULL)
        return NULL;
    size_t size = strlen(report->command) + strlen(id) + 64, used = 0;
    char *line = calloc(1, size);
    const char *at = report->command;
    while (line != NULL && *at != '\0') {
        size_t n = shell_word(at);
        bool split = is_word(at, n, "--only") || is_word(at, n, "--seed");
        bool joined = strncmp(at, "--only=", 7) == 0 || strncmp(at, "--seed=", 7) == 0;
        if (!split && !joined)
            used += (size_t)snprintf(line + used, size - used, "%s%.*s", used > 0 ? " " : "",
                                     (int)n, at);
        at += n + strspn(at + n, " ");
        if (split) {
            n = shell_word(at);
            at += n + strspn(at + n, " ");
        }
    }
    if (line == NULL)
        return NULL;
    used += (size_t)snprintf(line + used, size - used, " --only %s", id);
    if (report->has_seed)
        snprintf(line + used, size - used, " --seed %llu", (unsigned long long)report->seed);
    return line;
}
