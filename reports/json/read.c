/* reports/json/read.c: a results.json becomes a struct report again, for `coapspec report`. The document may come from another
 * version: what it says of rules that this build does not have is kept, in rules of the report's own. */
#include <cjson/cJSON.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/text.h"
#include "reports/base/clean.h"
#include "reports/document/private.h"
#include "reports/json/json.h"

enum { FILE_MAX = 256 * 1024 * 1024 };

static char *read_all(const char *path, struct cs_error *error)
{
    FILE *in = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
    size_t cap = 65536, used = 0;
    char *text = in != NULL ? malloc(cap) : NULL;
    while (text != NULL && (used += fread(text + used, 1, cap - used - 1, in), used + 1 == cap) &&
           cap < FILE_MAX) {
        char *more = realloc(text, cap * 2);
        if (more == NULL)
            break;
        text = more;
        cap *= 2;
    }
    bool done = text != NULL && ferror(in) == 0 && feof(in) != 0;
    if (!done)
        cs_error_set(error, "%s", text != NULL && cap >= FILE_MAX ? "too large" : strerror(errno));
    else
        text[used] = '\0';
    if (in != NULL && in != stdin)
        fclose(in);
    if (!done) {
        free(text);
        return NULL;
    }
    return text;
}

/* ------------------------------------------------------------------ values */

static const char *text_of(const cJSON *object, const char *key)
{
    return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, key));
}

static char *copy_of(const cJSON *object, const char *key)
{
    const char *text = text_of(object, key);
    return text != NULL ? strdup(text) : NULL;
}

static uint64_t value_of(const cJSON *item)
{
    if (cJSON_IsString(item))
        return strtoull(item->valuestring, NULL, 10);
    if (!cJSON_IsNumber(item) || !(item->valuedouble >= 0))
        return 0;
    return item->valuedouble < 18446744073709549568.0 ? (uint64_t)item->valuedouble : UINT64_MAX;
}

static uint64_t number_of(const cJSON *object, const char *key)
{
    return value_of(cJSON_GetObjectItemCaseSensitive(object, key));
}

static enum report_verdict verdict_of(const cJSON *object)
{
    const char *text = text_of(object, "verdict");
    for (int v = 0; text != NULL && v <= REPORT_ERROR; v++)
        if (strcmp(text, report_verdict_text((enum report_verdict)v)) == 0)
            return (enum report_verdict)v;
    return REPORT_NOT_EXERCISED;
}

static size_t packets_of(const cJSON *object, uint64_t *packets, size_t max)
{
    size_t n = 0;
    const cJSON *item = NULL;
    cJSON_ArrayForEach(item, cJSON_GetObjectItemCaseSensitive(object, "packets")) if (n < max)
        packets[n++] = value_of(item);
    return n;
}

/* CS_UDP when there is none. */
static uint8_t carrier_of(const char *text)
{
    for (int carrier = CS_TCP; text != NULL && carrier <= CS_WS; carrier++)
        if (strcmp(text, cs_carrier_text((enum cs_carrier)carrier)) == 0)
            return (uint8_t)carrier;
    return CS_UDP;
}

static size_t octets_of(const cJSON *object, uint8_t *octets, uint32_t *octet)
{
    const cJSON *at = cJSON_GetObjectItemCaseSensitive(object, "octet");
    const char *hex = text_of(object, "octets");
    size_t bad = 0;
    *octet =
        cJSON_IsNumber(at) && value_of(at) < CS_NO_OCTET ? (uint32_t)value_of(at) : CS_NO_OCTET;
    long n = hex != NULL ? cs_hex_parse(hex, octets, REPORT_OCTETS_MAX, &bad) : 0;
    return n > 0 ? (size_t)n : 0;
}

static uint64_t seconds_of(const cJSON *object, const char *key)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);
    return cJSON_IsNumber(item) && item->valuedouble >= 0 && item->valuedouble < 1e9
               ? (uint64_t)(item->valuedouble * 1e9 + 0.5)
               : 0;
}

/* "2024-05-01T12:00:00.000000001Z" */
static uint64_t time_of(const cJSON *object, const char *key)
{
    const char *text = text_of(object, key);
    struct tm tm = {0};
    const char *end = text != NULL ? strptime(text, "%Y-%m-%dT%H:%M:%S", &tm) : NULL;
    if (end == NULL)
        return 0;
    uint64_t ns = (uint64_t)timegm(&tm) * UINT64_C(1000000000), scale = UINT64_C(100000000);
    for (end += *end == '.'; *end >= '0' && *end <= '9'; end++, scale /= 10)
        ns += (uint64_t)(*end - '0') * scale;
    return ns;
}

/* ------------------------------------------------------------------ rules that are not ours */

static enum cs_level level_of(const cJSON *object)
{
    const char *text = text_of(object, "level");
    for (int l = CS_MUST; text != NULL && l <= CS_SPEC; l++)
        if (strcmp(text, cs_level_text((enum cs_level)l)) == 0)
            return (enum cs_level)l;
    return CS_SPEC;
}

/* A rule that this build does not have, with what the document says of it. The strings are one allocation, freed through
 * `id`. */
static struct cs_rule *foreign_rule(const cJSON *object, const char *id)
{
    const char *parts[] = {id, text_of(object, "spec"), text_of(object, "section"),
                           text_of(object, "expected"), text_of(object, "cause")};
    size_t size = 0, used = 0;
    char *copies[5];
    for (size_t i = 0; i < 5; i++)
        size += (parts[i] != NULL ? strlen(parts[i]) : 0) + 1;
    struct cs_rule *rule = calloc(1, sizeof *rule);
    char *store = malloc(size);
    if (rule == NULL || store == NULL) {
        free(rule);
        free(store);
        return NULL;
    }
    for (size_t i = 0; i < 5; i++) {
        copies[i] = store + used;
        used +=
            (size_t)snprintf(store + used, size - used, "%s", parts[i] != NULL ? parts[i] : "") + 1;
    }
    *rule = (struct cs_rule){
        .id = copies[0],
        .spec = copies[1],
        .section = copies[2],
        .says = copies[3],
        .cause = copies[4],
        .level = level_of(object),
    };
    return rule;
}

static const struct cs_rule *rule_of(struct report *report, const cJSON *object, const char *key)
{
    const char *id = text_of(object, key);
    const struct cs_rule *known = id != NULL ? cs_rule_by_id(id) : NULL;
    size_t n = 0;
    if (known != NULL || id == NULL)
        return known;
    for (; report->own_rules != NULL && report->own_rules[n] != NULL; n++)
        if (strcmp(report->own_rules[n]->id, id) == 0)
            return report->own_rules[n];
    struct cs_rule **more = realloc(report->own_rules, (n + 2) * sizeof *more);
    if (more == NULL)
        return NULL;
    report->own_rules = more;
    more[n + 1] = NULL;
    more[n] = foreign_rule(object, id);
    return more[n];
}

/* Why a rule could not decide: a text that lives as long as the report. */
static void keep_reason(struct report *report, const struct cs_rule *rule, const char *text)
{
    size_t n = 0;
    while (report->own_texts != NULL && report->own_texts[n] != NULL)
        n++;
    char **more = text != NULL ? realloc(report->own_texts, (n + 2) * sizeof *more) : NULL;
    if (more == NULL)
        return;
    report->own_texts = more;
    more[n] = strdup(text);
    more[n + 1] = NULL;
    for (size_t i = 0; i < report->rule_count; i++)
        if (report->rules[i].rule == rule && report->rules[i].tally.undecided_why == NULL)
            report->rules[i].tally.undecided_why = more[n];
}

/* ------------------------------------------------------------------ parts of the document */

static void read_dtls(struct cs_dtls_counts *d, const cJSON *o)
{
    size_t n = 0;
    const cJSON *suite = NULL;
    d->sessions = number_of(o, "sessions");
    d->records = number_of(o, "records");
    d->encrypted = number_of(o, "encrypted");
    d->decrypted = number_of(o, "decrypted");
    d->sealed = number_of(o, "sealed");
    d->refused = number_of(o, "refused");
    d->repeated = number_of(o, "repeated");
    d->unreadable = number_of(o, "unreadable");
    d->evicted = number_of(o, "evicted");
    cJSON_ArrayForEach(suite, cJSON_GetObjectItemCaseSensitive(o, "suites"))
    {
        if (n == CS_SUITES_COUNTED)
            break;
        d->suites[n].suite = (uint16_t)number_of(suite, "number");
        d->suites[n++].sessions = number_of(suite, "sessions");
    }
}

static void read_source(struct report *report, const cJSON *o)
{
    const char *kind = text_of(o, "kind"), *name = text_of(o, "name");
    struct report_source *s =
        report_add_source(report, kind != NULL ? kind : "", name != NULL ? name : "");
    const cJSON *counts = cJSON_GetObjectItemCaseSensitive(o, "counts");
    if (s == NULL)
        return;
    s->format = copy_of(o, "format");
    s->note = copy_of(o, "note");
    s->counts.packets = number_of(counts, "packets");
    s->counts.octets = number_of(counts, "octets");
    s->counts.fragments = number_of(counts, "fragments");
    s->counts.datagrams = number_of(counts, "datagrams");
    s->counts.not_decodable = number_of(counts, "not_decodable");
    s->counts.messages = number_of(counts, "messages");
    s->counts.malformed = number_of(counts, "malformed");
    s->counts.cut = number_of(counts, "cut");
    s->counts.flows = number_of(counts, "flows");
    s->counts.evicted_flows = number_of(counts, "evicted_flows");
    s->counts.evicted_messages = number_of(counts, "evicted_messages");
    s->counts.evicted_fragments = number_of(counts, "evicted_fragments");
    read_dtls(&s->counts.dtls, cJSON_GetObjectItemCaseSensitive(o, "dtls"));
    s->counts.first_ns = time_of(o, "first");
    s->counts.last_ns = time_of(o, "last");
    s->dropped_kernel = number_of(counts, "dropped_kernel");
    s->dropped_interface = number_of(counts, "dropped_interface");
}

static const char *role_of(const cJSON *offender)
{
    static const char *const roles[] = {"client", "server", "endpoint"};
    const char *text = text_of(offender, "role");
    for (size_t i = 0; text != NULL && i < 2; i++)
        if (strcmp(text, roles[i]) == 0)
            return roles[i];
    return roles[2];
}

static size_t case_of(const struct report *report, const char *id, size_t first_case)
{
    for (size_t i = first_case; id != NULL && i < report->case_count; i++)
        if (strcmp(report->cases[i].id, id) == 0)
            return i;
    return REPORT_NO_CASE;
}

static bool read_finding(struct report *report, const cJSON *o, size_t first_source,
                         size_t first_case)
{
    struct report_finding f = {.rule = rule_of(report, o, "rule"), .times = number_of(o, "times")};
    const cJSON *offender = cJSON_GetObjectItemCaseSensitive(o, "offender");
    const char *address = text_of(offender, "address"), *peer = text_of(o, "peer"),
               *why = text_of(o, "message");
    if (f.rule == NULL)
        return false;
    if (address != NULL)
        cs_address_parse(address, 0, &f.offender);
    if (peer != NULL)
        cs_address_parse(peer, 0, &f.other);
    f.role = role_of(offender);
    f.packet_count = packets_of(o, f.packets, CS_PACKETS_MAX + 1);
    f.packet = number_of(o, "packet");
    f.time_ns = time_of(o, "time");
    f.octet_count = octets_of(o, f.octets, &f.octet);
    f.carrier = carrier_of(text_of(o, "carrier"));
    f.octets_whole = (size_t)number_of(o, "length");
    if (f.octets_whole < f.octet_count)
        f.octets_whole = f.octet_count;
    snprintf(f.why, sizeof f.why, "%s", why != NULL ? why : "");
    f.case_index = case_of(report, text_of(o, "scenario"), first_case);
    f.source_index = first_source + (size_t)number_of(o, "source_index");
    f.times = f.times > 0 ? f.times : 1;
    report_add_copy(report, &f);
    return true;
}

static bool read_rule(struct report *report, const cJSON *o)
{
    const struct cs_rule *rule = rule_of(report, o, "id");
    const struct cs_tally tally = {
        .held = number_of(o, "held"),
        .broken = number_of(o, "broken"),
        .undecided = number_of(o, "undecided"),
    };
    if (rule == NULL)
        return false;
    report_add_tally(report, rule, &tally);
    keep_reason(report, rule, text_of(o, "undecided_because"));
    return true;
}

static char **strings_of(const cJSON *array)
{
    int n = cJSON_GetArraySize(array);
    char **list = calloc((size_t)n + 1, sizeof *list);
    size_t used = 0;
    const cJSON *item = NULL;
    cJSON_ArrayForEach(item, array) if (list != NULL && cJSON_IsString(item) &&
                                        (list[used] = strdup(item->valuestring)) != NULL) used++;
    return list;
}

static void read_case(struct report *report, const cJSON *o)
{
    const char *id = text_of(o, "id");
    struct report_case *c = id != NULL ? report_add_case(report, id) : NULL;
    if (c == NULL)
        return;
    c->name = copy_of(o, "name");
    c->file = copy_of(o, "file");
    c->covers = strings_of(cJSON_GetObjectItemCaseSensitive(o, "covers"));
    c->verdict = verdict_of(o);
    c->advice = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(o, "advice"));
    c->reason = copy_of(o, "reason");
    c->spec = copy_of(o, "spec");
    c->section = copy_of(o, "section");
    c->level = copy_of(o, "level");
    c->expected = copy_of(o, "expected");
    c->got = copy_of(o, "got");
    c->source_line = copy_of(o, "source_line");
    c->cause = copy_of(o, "cause");
    c->line = (unsigned)number_of(o, "line");
    c->column = (unsigned)number_of(o, "column");
    c->packet_count = packets_of(o, c->packets, CS_PACKETS_MAX);
    c->octet_count = octets_of(o, c->octets, &c->octet);
    c->duration_ns = seconds_of(o, "seconds");
    c->late_ns = seconds_of(o, "late");
    c->attempts = (size_t)number_of(o, "attempts");
}

static uint32_t microseconds_of(const cJSON *object, const char *key)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);
    return cJSON_IsNumber(item) && item->valuedouble >= 0 && item->valuedouble < 4e6
               ? (uint32_t)(item->valuedouble * 1e3 + 0.5)
               : 0;
}

/* The sample itself is not in the document: one is made up that has the same percentiles. */
static void read_rtt(struct report_pair *pair, const cJSON *rtt)
{
    pair->rtt_seen = number_of(rtt, "count");
    size_t n = pair->rtt_seen < REPORT_RTT_MAX ? (size_t)pair->rtt_seen : REPORT_RTT_MAX;
    size_t rank95 = (n * 95 + 99) / 100;
    for (size_t i = 0; i < n; i++)
        pair->rtt_us[i] = microseconds_of(rtt, i + 1 < rank95 ? "p50" : "p95");
}

/* "4.04" */
static bool read_code(const char *text, uint8_t *code)
{
    for (unsigned c = 0; c < 256; c++) {
        char name[8];
        if (strcmp(report_code_text((uint8_t)c, name), text) == 0) {
            *code = (uint8_t)c;
            return true;
        }
    }
    return false;
}

static void read_counts_by_name(struct report_pair *pair, const cJSON *methods, const cJSON *codes)
{
    const cJSON *item = NULL;
    cJSON_ArrayForEach(item, methods)
    {
        size_t place = 0;
        for (unsigned i = 1; i < 8; i++) {
            const struct cs_code_def *def = cs_code_def(CS_CODE(0, i));
            if (def != NULL && strcmp(def->name, item->string) == 0)
                place = i;
        }
        pair->methods[place] += value_of(item);
    }
    size_t n = 0;
    cJSON_ArrayForEach(item, codes)
    {
        uint8_t code = 0;
        if (n < REPORT_CODES_MAX && read_code(item->string, &code)) {
            pair->codes[n] = code;
            pair->code_counts[n++] = (uint32_t)value_of(item);
        } else
            pair->codes_other += value_of(item);
    }
}

static void read_pair(struct report *report, const cJSON *o)
{
    struct report_pair pair = {
        .requests = number_of(o, "requests"),
        .responses = number_of(o, "responses"),
        .retransmissions = number_of(o, "retransmissions"),
        .duplicates = number_of(o, "duplicates"),
        .resets = number_of(o, "resets"),
        .unanswered = number_of(o, "unanswered"),
    };
    const char *client = text_of(o, "client"), *server = text_of(o, "server");
    const cJSON *octets = cJSON_GetObjectItemCaseSensitive(o, "octets");
    if (client == NULL || server == NULL || !cs_address_parse(client, 0, &pair.client) ||
        !cs_address_parse(server, 0, &pair.server))
        return;
    pair.octets[0] = number_of(octets, "from_client");
    pair.octets[1] = number_of(octets, "from_server");
    read_counts_by_name(&pair, cJSON_GetObjectItemCaseSensitive(o, "methods"),
                        cJSON_GetObjectItemCaseSensitive(o, "codes"));
    read_rtt(&pair, cJSON_GetObjectItemCaseSensitive(o, "rtt_ms"));
    report_add_pair(report, &pair);
}

/* ------------------------------------------------------------------ the document */

static bool read_document(const cJSON *d, struct report *report, struct cs_error *error)
{
    const char *schema = text_of(d, "schema");
    const cJSON *item = NULL, *seed = cJSON_GetObjectItemCaseSensitive(d, "seed");
    const cJSON *summary = cJSON_GetObjectItemCaseSensitive(d, "summary");
    size_t first_source = report->source_count, first_case = report->case_count;
    if (schema == NULL || strcmp(schema, "coapspec-results-1") != 0)
        return cs_error_set(error,
                            "not a document of coapspec (no \"schema\": \"coapspec-results-1\")");
    if (report->command == NULL)
        report->command = copy_of(d, "command");
    if (report->started == NULL)
        report->started = copy_of(d, "started");
    if (seed != NULL) {
        report->has_seed = true;
        report->seed = value_of(seed);
    }
    report->strict |= cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(summary, "strict")) != 0;
    report->interrupted |=
        cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(summary, "interrupted")) != 0;
    report->findings_not_kept += number_of(summary, "findings_not_kept");
    cJSON_ArrayForEach(item, cJSON_GetObjectItemCaseSensitive(d, "sources"))
        read_source(report, item);
    cJSON_ArrayForEach(item, cJSON_GetObjectItemCaseSensitive(d, "scenarios"))
        read_case(report, item);
    cJSON_ArrayForEach(item, cJSON_GetObjectItemCaseSensitive(d, "findings")) if (
        !read_finding(report, item, first_source,
                      first_case)) return cs_error_set(error, "a finding without a rule");
    cJSON_ArrayForEach(
        item,
        cJSON_GetObjectItemCaseSensitive(
            d, "rules")) if (!read_rule(report, item)) return cs_error_set(error,
                                                                           "a rule without an id");
    cJSON_ArrayForEach(item, cJSON_GetObjectItemCaseSensitive(d, "statistics"))
        read_pair(report, item);
    cJSON_ArrayForEach(item,
                       cJSON_GetObjectItemCaseSensitive(d, "evidence")) if (cJSON_IsString(item))
        report_add_evidence(report, item->valuestring);
    report->pairs_not_kept += number_of(d, "statistics_not_kept");
    report_judge_rules(report);
    return true;
}

bool report_read_json(const char *path, struct report *report, struct cs_error *error)
{
    *error = (struct cs_error){0};
    snprintf(error->file, sizeof error->file, "%s", path);
    char *text = read_all(path, error);
    if (text == NULL)
        return false;
    const char *end = NULL;
    cJSON *document = cJSON_ParseWithOpts(text, &end, 1);
    bool done = false;
    if (document == NULL) {
        error->line = error->column = 1;
        for (const char *c = text; end != NULL && c < end && *c != '\0'; c++) {
            error->line += *c == '\n';
            error->column = *c == '\n' ? 1 : error->column + 1;
        }
        cs_error_set(error, "not JSON");
    } else
        done = read_document(document, report, error);
    cJSON_Delete(document);
    free(text);
    return done;
}
