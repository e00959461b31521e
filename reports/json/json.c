/* reports/json/json.c: results.json. docs/results.md and schema/results.schema.json describe it. */
#include <cjson/cJSON.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "reports/base/clean.h"
#include "reports/document/report.h"
#include "reports/json/json.h"

/* Above this a double no longer holds every whole number. */
static const uint64_t exact_max = UINT64_C(1) << 53;

/* Text is made valid UTF-8: cJSON hands octets through as they are. */
static void add_text(cJSON *object, const char *key, const char *text)
{
    char *clean = text != NULL ? report_utf8(text, false) : NULL;
    if (clean != NULL)
        cJSON_AddStringToObject(object, key, clean);
    free(clean);
}

static cJSON *number(uint64_t value)
{
    char text[24];
    if (value <= exact_max)
        return cJSON_CreateNumber((double)value);
    snprintf(text, sizeof text, "%llu", (unsigned long long)value);
    return cJSON_CreateString(text);
}

static void add_number(cJSON *object, const char *key, uint64_t value)
{
    cJSON_AddItemToObject(object, key, number(value));
}

static void add_seconds(cJSON *object, const char *key, uint64_t ns)
{
    cJSON_AddNumberToObject(object, key, (double)ns / 1e9);
}

static void add_time(cJSON *object, const char *key, uint64_t time_ns)
{
    char text[48];
    if (time_ns != 0)
        cJSON_AddStringToObject(object, key, report_time_text(time_ns, text));
}

static void add_address(cJSON *object, const char *key, const struct cs_address *address)
{
    char text[64];
    cJSON_AddStringToObject(object, key, cs_address_format(address, text, sizeof text));
}

static void add_packets(cJSON *object, const uint64_t *packets, size_t count)
{
    cJSON *list = cJSON_AddArrayToObject(object, "packets");
    for (size_t i = 0; i < count; i++)
        cJSON_AddItemToArray(list, number(packets[i]));
}

static void add_octets(cJSON *object, const uint8_t *octets, size_t kept, size_t whole,
                       uint32_t octet)
{
    char hex[2 * REPORT_OCTETS_MAX + 1];
    struct cs_text text;
    if (octet != CS_NO_OCTET)
        add_number(object, "octet", octet);
    else
        cJSON_AddNullToObject(object, "octet");
    if (kept == 0)
        return;
    cs_text_init(&text, hex, sizeof hex);
    cs_text_hex(&text, (struct cs_slice){octets, kept});
    cJSON_AddStringToObject(object, "octets", hex);
    add_number(object, "length", whole);
}

/* ------------------------------------------------------------------ parts of the document */

/* Absent where there is no DTLS. */
static void add_dtls(cJSON *source, const struct cs_dtls_counts *d)
{
    char buf[8];
    if (d->records == 0 && d->unreadable == 0)
        return;
    cJSON *o = cJSON_AddObjectToObject(source, "dtls");
    add_number(o, "sessions", d->sessions);
    add_number(o, "records", d->records);
    add_number(o, "encrypted", d->encrypted);
    add_number(o, "decrypted", d->decrypted);
    add_number(o, "sealed", d->sealed);
    add_number(o, "refused", d->refused);
    add_number(o, "repeated", d->repeated);
    add_number(o, "unreadable", d->unreadable);
    add_number(o, "evicted", d->evicted);
    cJSON *suites = cJSON_AddArrayToObject(o, "suites");
    for (size_t i = 0; i < CS_SUITES_COUNTED && d->suites[i].sessions > 0; i++) {
        cJSON *suite = cJSON_CreateObject();
        add_number(suite, "number", d->suites[i].suite);
        add_text(suite, "name", cs_suite_text(d->suites[i].suite, buf, sizeof buf));
        add_number(suite, "sessions", d->suites[i].sessions);
        cJSON_AddItemToArray(suites, suite);
    }
}

static cJSON *source_object(const struct report_source *s)
{
    cJSON *o = cJSON_CreateObject(), *counts = NULL;
    add_text(o, "kind", s->kind);
    add_text(o, "name", s->name);
    add_text(o, "format", s->format);
    add_text(o, "note", s->note);
    add_time(o, "first", s->counts.first_ns);
    add_time(o, "last", s->counts.last_ns);
    counts = cJSON_AddObjectToObject(o, "counts");
    const struct {
        const char *key;
        uint64_t value;
    } rows[] = {
        {"packets", s->counts.packets},
        {"octets", s->counts.octets},
        {"fragments", s->counts.fragments},
        {"datagrams", s->counts.datagrams},
        {"not_decodable", s->counts.not_decodable},
        {"messages", s->counts.messages},
        {"malformed", s->counts.malformed},
        {"cut", s->counts.cut},
        {"flows", s->counts.flows},
        {"evicted_flows", s->counts.evicted_flows},
        {"evicted_messages", s->counts.evicted_messages},
        {"evicted_fragments", s->counts.evicted_fragments},
        {"dropped_kernel", s->dropped_kernel},
        {"dropped_interface", s->dropped_interface},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        add_number(counts, rows[i].key, rows[i].value);
    add_dtls(o, &s->counts.dtls);
    return o;
}

/* `source` says in one object what was judged; `sources` has the details of each. */
static void add_sources(cJSON *document, const struct report *report)
{
    size_t size = 1;
    for (size_t i = 0; i < report->source_count; i++)
        size += strlen(report->sources[i].name) + 2;
    char *names = calloc(1, size);
    for (size_t i = 0, used = 0; names != NULL && i < report->source_count; i++)
        used += (size_t)snprintf(names + used, size - used, "%s%s", i > 0 ? ", " : "",
                                 report->sources[i].name);
    cJSON *source = cJSON_AddObjectToObject(document, "source");
    cJSON *list = cJSON_AddArrayToObject(document, "sources");
    add_text(source, "kind", report->source_count > 0 ? report->sources[0].kind : "none");
    add_text(source, "name", names != NULL ? names : "");
    free(names);
    for (size_t i = 0; i < report->source_count; i++)
        cJSON_AddItemToArray(list, source_object(&report->sources[i]));
}

static void add_counts(cJSON *object, const char *key, const size_t *counts)
{
    cJSON *o = cJSON_AddObjectToObject(object, key);
    for (int v = 0; v <= REPORT_ERROR; v++)
        add_number(o, report_verdict_text((enum report_verdict)v), counts[v]);
}

static void add_summary(cJSON *document, const struct report *report)
{
    const struct report_summary s = report_summarise(report);
    uint64_t packets = 0, messages = 0;
    for (size_t i = 0; i < report->source_count; i++) {
        packets += report->sources[i].counts.packets;
        messages += report->sources[i].counts.messages;
    }
    cJSON *o = cJSON_AddObjectToObject(document, "summary");
    cJSON_AddStringToObject(o, "verdict", report_verdict_text(s.verdict));
    cJSON_AddNumberToObject(o, "exit_code", s.exit_code);
    cJSON_AddBoolToObject(o, "interrupted", report->interrupted);
    cJSON_AddBoolToObject(o, "strict", report->strict);
    add_number(o, "packets", packets);
    add_number(o, "messages", messages);
    add_number(o, "fail", s.findings_fail);
    add_number(o, "warn", s.findings_warn);
    add_number(o, "findings_not_kept", report->findings_not_kept);
    add_counts(o, "rules", s.rules);
    add_counts(o, "scenarios", s.cases);
}

static void fill_finding(cJSON *o, const struct report *report, const struct report_finding *f)
{
    cJSON *offender = NULL;
    cJSON_AddStringToObject(o, "rule", f->rule->id);
    cJSON_AddStringToObject(o, "spec", f->rule->spec);
    cJSON_AddStringToObject(o, "section", f->rule->section);
    cJSON_AddStringToObject(o, "level", cs_level_text(f->rule->level));
    cJSON_AddStringToObject(o, "verdict", report_verdict_text(report_finding_verdict(report, f)));
    offender = cJSON_AddObjectToObject(o, "offender");
    cJSON_AddStringToObject(offender, "role", f->role);
    add_address(offender, "address", &f->offender);
    if (f->other.family != 0)
        add_address(o, "peer", &f->other);
    add_packets(o, f->packets, f->packet_count);
    add_number(o, "packet", f->packet);
    add_time(o, "time", f->time_ns);
    add_octets(o, f->octets, f->octet_count, f->octets_whole, f->octet);
    if (f->carrier != CS_UDP) /* absent over UDP */
        cJSON_AddStringToObject(o, "carrier", cs_carrier_text((enum cs_carrier)f->carrier));
    add_text(o, "message", f->why);
    add_text(o, "expected", f->rule->says);
    add_text(o, "cause", f->rule->cause);
    add_number(o, "times", f->times);
    if (f->source_index < report->source_count) {
        add_text(o, "source", report->sources[f->source_index].name);
        add_number(o, "source_index", f->source_index);
    }
    if (f->case_index < report->case_count)
        add_text(o, "scenario", report->cases[f->case_index].id);
}

static cJSON *rule_object(const struct report_rule *r)
{
    cJSON *o = cJSON_CreateObject();
    cJSON_AddStringToObject(o, "id", r->rule->id);
    cJSON_AddStringToObject(o, "spec", r->rule->spec);
    cJSON_AddStringToObject(o, "section", r->rule->section);
    cJSON_AddStringToObject(o, "level", cs_level_text(r->rule->level));
    cJSON_AddStringToObject(o, "verdict", report_verdict_text(r->verdict));
    add_number(o, "held", r->tally.held);
    add_number(o, "broken", r->tally.broken);
    add_number(o, "undecided", r->tally.undecided);
    add_text(o, "undecided_because", r->tally.undecided_why);
    return o;
}

static cJSON *case_object(const struct report *report, const struct report_case *c)
{
    cJSON *o = cJSON_CreateObject(), *covers = NULL;
    add_text(o, "id", c->id);
    add_text(o, "name", c->name);
    add_text(o, "file", c->file);
    cJSON_AddStringToObject(o, "verdict", report_verdict_text(report_case_verdict(report, c)));
    covers = cJSON_AddArrayToObject(o, "covers");
    for (char **id = c->covers; id != NULL && *id != NULL; id++)
        cJSON_AddItemToArray(covers, cJSON_CreateString(*id));
    cJSON_AddBoolToObject(o, "advice", c->advice);
    add_text(o, "reason", c->reason);
    add_text(o, "spec", c->spec);
    add_text(o, "section", c->section);
    add_text(o, "level", c->level);
    add_text(o, "expected", c->expected);
    add_text(o, "got", c->got);
    add_text(o, "source_line", c->source_line);
    add_text(o, "cause", c->cause);
    if (c->line > 0)
        add_number(o, "line", c->line);
    if (c->column > 0)
        add_number(o, "column", c->column);
    add_packets(o, c->packets, c->packet_count);
    add_octets(o, c->octets, c->octet_count, c->octet_count, c->octet);
    add_seconds(o, "seconds", c->duration_ns);
    add_seconds(o, "late", c->late_ns);
    add_number(o, "attempts", c->attempts);
    return o;
}

static cJSON *pair_object(const struct report_pair *p)
{
    cJSON *o = cJSON_CreateObject(), *part = NULL;
    char text[8];
    add_address(o, "client", &p->client);
    add_address(o, "server", &p->server);
    add_number(o, "requests", p->requests);
    part = cJSON_AddObjectToObject(o, "methods");
    for (unsigned i = 0; i < 8; i++) {
        const struct cs_code_def *def = i > 0 ? cs_code_def(CS_CODE(0, i)) : NULL;
        if (p->methods[i] > 0)
            add_number(part, def != NULL ? def->name : "other", p->methods[i]);
    }
    add_number(o, "responses", p->responses);
    part = cJSON_AddObjectToObject(o, "codes");
    for (size_t i = 0; i < REPORT_CODES_MAX && p->codes[i] != 0; i++)
        add_number(part, report_code_text(p->codes[i], text), p->code_counts[i]);
    if (p->codes_other > 0)
        add_number(part, "other", p->codes_other);
    if (p->rtt_seen > 0) {
        part = cJSON_AddObjectToObject(o, "rtt_ms");
        cJSON_AddNumberToObject(part, "p50", report_pair_rtt(p, 50) / 1e3);
        cJSON_AddNumberToObject(part, "p95", report_pair_rtt(p, 95) / 1e3);
        add_number(part, "count", p->rtt_seen);
    }
    add_number(o, "retransmissions", p->retransmissions);
    add_number(o, "duplicates", p->duplicates);
    add_number(o, "resets", p->resets);
    add_number(o, "unanswered", p->unanswered);
    part = cJSON_AddObjectToObject(o, "octets");
    add_number(part, "from_client", p->octets[0]);
    add_number(part, "from_server", p->octets[1]);
    return o;
}

/* ------------------------------------------------------------------ the document */

/* The document is written piece by piece, a finding, rule, scenario or pair a line: as a tree, ten thousand findings would take
 * more memory than the analysis. */
struct document {
    FILE *out;
    const char *before; /* what goes before the next piece */
    bool failed;
};

/* Writes an object and frees it. */
static void piece(struct document *d, cJSON *object)
{
    char *text = object != NULL ? cJSON_PrintUnformatted(object) : NULL;
    d->failed |= text == NULL || fprintf(d->out, "%s%s", d->before, text) < 0;
    d->before = ",\n";
    cJSON_free(text);
    cJSON_Delete(object);
}

static void begin_list(struct document *d, const char *name)
{
    d->failed |= fprintf(d->out, ",\n\"%s\": [", name) < 0;
    d->before = "\n";
}

static void end_list(struct document *d) { d->failed |= fputc(']', d->out) == EOF; }

/* The members before the lists: written as an object without its closing brace. */
static void write_head(struct document *d, const struct report *report)
{
    cJSON *head = cJSON_CreateObject(), *tool = NULL;
    cJSON_AddStringToObject(head, "schema", "coapspec-results-1");
    tool = cJSON_AddObjectToObject(head, "tool");
    cJSON_AddStringToObject(tool, "name", "coapspec");
    cJSON_AddStringToObject(tool, "version", COAPSPEC_VERSION);
    add_text(head, "command", report->command);
    add_text(head, "started", report->started);
    if (report->has_seed)
        add_number(head, "seed", report->seed);
    add_sources(head, report);
    add_summary(head, report);
    add_number(head, "statistics_not_kept", report->pairs_not_kept);
    char *text = cJSON_Print(head);
    size_t length = text != NULL ? strlen(text) : 0;
    length = length > 2 ? length - 2 : 0; /* "\n}" */
    d->failed |= length == 0 || fwrite(text, 1, length, d->out) != length;
    cJSON_free(text);
    cJSON_Delete(head);
}

bool report_write_json(const struct report *report, FILE *out)
{
    struct document d = {.out = out, .before = ""};
    errno = 0;
    write_head(&d, report);
    begin_list(&d, "findings");
    for (size_t i = 0; i < report->finding_count; i++) {
        cJSON *o = cJSON_CreateObject();
        fill_finding(o, report, &report->findings[i]);
        piece(&d, o);
    }
    end_list(&d);
    begin_list(&d, "rules");
    for (size_t i = 0; i < report->rule_count; i++)
        piece(&d, rule_object(&report->rules[i]));
    end_list(&d);
    begin_list(&d, "scenarios");
    for (size_t i = 0; i < report->case_count; i++)
        piece(&d, case_object(report, &report->cases[i]));
    end_list(&d);
    begin_list(&d, "statistics");
    for (size_t i = 0; i < report->pair_count; i++)
        piece(&d, pair_object(&report->pairs[i]));
    end_list(&d);
    begin_list(&d, "evidence");
    for (char **e = report->evidence; e != NULL && *e != NULL; e++)
        piece(&d, cJSON_CreateString(*e));
    end_list(&d);
    d.failed |= fputs("\n}\n", out) == EOF || fflush(out) != 0;
    if (d.failed && errno == 0)
        errno = ENOMEM;
    return !d.failed;
}

static bool write_line(cJSON *object, FILE *out)
{
    struct document d = {.out = out, .before = ""};
    errno = 0;
    piece(&d, object);
    d.failed |= fputc('\n', out) == EOF;
    if (d.failed && errno == 0)
        errno = ENOMEM;
    return !d.failed;
}

bool report_write_finding_line(const struct report *report, const struct report_finding *finding,
                               FILE *out)
{
    cJSON *o = cJSON_CreateObject();
    cJSON_AddStringToObject(o, "type", "finding");
    fill_finding(o, report, finding);
    return write_line(o, out);
}

bool report_write_case_line(const struct report *report, const struct report_case *c, FILE *out)
{
    cJSON *o = case_object(report, c);
    cJSON_AddStringToObject(o, "type", "scenario");
    return write_line(o, out);
}

bool report_write_summary_line(const struct report *report, FILE *out)
{
    cJSON *o = cJSON_CreateObject();
    cJSON_AddStringToObject(o, "type", "summary");
    add_sources(o, report);
    add_summary(o, report);
    return write_line(o, out) && fflush(out) == 0;
}
