/* One case: its life, its names. */
#include "src/run/case.h"

#include <stdlib.h>
#include <string.h>

#include "src/net/icmp.h"
#include "src/run/http.h"
#include "src/run/run.h"
#include "src/plot/step.h"

/* ------------------------------------------------------------------ names */

const char *run_variable(struct run_case *c, const char *name)
{
    for (size_t i = 0; i < c->variable_count; i++)
        if (strcmp(c->variables[i].name, name) == 0)
            return c->variables[i].text;
    return NULL;
}

uint16_t run_new_mid(struct run_case *c)
{
    _Static_assert((RUN_SENT_MAX + RUN_MESSAGES_MAX) * PEER_MID_STEP <= 65536, "none comes twice");
    return peer_mid(&c->next_mid, &c->random);
}

static struct run_variable *variable_named(struct run_case *c, const char *name)
{
    for (size_t i = 0; i < c->variable_count; i++)
        if (strcmp(c->variables[i].name, name) == 0)
            return &c->variables[i];
    return NULL;
}

bool run_save(struct run_case *c, const char *name, const char *text)
{
    if (!run_set_variable(c, name, text))
        return false;
    variable_named(c, name)->saved = true;
    return true;
}

bool run_save_interval(struct run_case *c, const char *name, uint64_t ns)
{
    char text[32];
    snprintf(text, sizeof text, "%llums", (unsigned long long)(ns / NET_MS));
    if (!run_save(c, name, text))
        return false;
    struct run_variable *v = variable_named(c, name);
    v->least_ns = v->most_ns == 0 || ns < v->least_ns ? ns : v->least_ns;
    v->most_ns = ns > v->most_ns ? ns : v->most_ns;
    return true;
}

bool run_interval_span(const struct run_case *c, const char *name, uint64_t *least_ns,
                       uint64_t *most_ns)
{
    for (size_t i = 0; i < c->variable_count; i++)
        if (strcmp(c->variables[i].name, name) == 0 && c->variables[i].most_ns != 0) {
            *least_ns = c->variables[i].least_ns;
            *most_ns = c->variables[i].most_ns;
            return true;
        }
    return false;
}

bool run_set_variable(struct run_case *c, const char *name, const char *text)
{
    size_t i = 0;
    while (i < c->variable_count && strcmp(c->variables[i].name, name) != 0)
        i++;
    if (i == RUN_VARIABLES_MAX)
        return false;
    char *copy = strdup(text);
    if (copy == NULL)
        return false;
    if (i == c->variable_count) {
        c->variables[i] = (struct run_variable){.text = NULL};
        snprintf(c->variables[i].name, sizeof c->variables[i].name, "%s", name);
        c->variable_count++;
    }
    free(c->variables[i].text);
    c->variables[i].text = copy;
    return true;
}

/* Is a name in it that stands for what the device sent? */
static bool holds_saved(const struct run_case *c, const char *text)
{
    for (const char *at = strchr(text, '$'); at != NULL; at = strchr(at + 1, '$')) {
        const char *name = at + 1;
        size_t length = names_length(name);
        for (size_t i = 0; i < c->variable_count; i++)
            if (c->variables[i].saved && strlen(c->variables[i].name) == length &&
                strncmp(c->variables[i].name, name, length) == 0)
                return true;
    }
    return false;
}

/* What a sequence can name; `buf` holds what must be put together. */
struct naming {
    struct run_sequence *sequence;
    char buf[1024];
};

static const char *hex_of(struct naming *n, struct cs_slice octets)
{
    struct cs_text text;
    cs_text_init(&text, n->buf, sizeof n->buf);
    if (octets.len == 0)
        cs_text_add(&text, "-");
    cs_text_hex(&text, octets);
    return n->buf;
}

static const char *text_of(void *user, const char *name)
{
    struct naming *n = user;
    struct run_sequence *t = n->sequence;
    struct run_case *c = t->owner;
    struct run *run = c->run;
    const char *own = run_variable(c, name);
    char address[64];
    if (own != NULL)
        return own;
    if (strcmp(name, "token") == 0)
        return hex_of(n, t->sent != NULL ? t->sent->message.token : (struct cs_slice){0});
    if (strcmp(name, "mid") == 0)
        snprintf(n->buf, sizeof n->buf, "%u", t->sent != NULL ? t->sent->message.mid : 0u);
    else if (strcmp(name, "seed") == 0)
        snprintf(n->buf, sizeof n->buf, "%llu", (unsigned long long)run->options.seed);
    else if (strcmp(name, "target") == 0)
        snprintf(n->buf, sizeof n->buf, "%s://%s", net_target_scheme(&run->target),
                 cs_address_format(&run->target.address, address, sizeof address));
    else if (strcmp(name, "host") == 0)
        snprintf(n->buf, sizeof n->buf, "%s", run->target.host);
    else if (strcmp(name, "port") == 0)
        snprintf(n->buf, sizeof n->buf, "%u", run->target.address.port);
    else if (strcmp(name, "server") == 0)
        run_endpoint_uri(&c->endpoints[0], n->buf, sizeof n->buf);
    else
        return profile_text(run->profile, name, n->buf, sizeof n->buf);
    return n->buf;
}

/* A text cannot be used with the values that are in it: the device's fault, or ours. `column` in the text. */
static bool unusable(struct run_sequence *t, const struct step_text *text, unsigned column,
                     const char *why)
{
    if (text->text == NULL || !holds_saved(t->owner, text->text)) {
        run_bench_error(t, text->text != NULL ? text : NULL, column, "%s", why);
        return false;
    }
    struct run_failure failure = {.where = text,
                                  .column = column,
                                  .message = t->last,
                                  .octet = CS_NO_OCTET,
                                  .expected = text->text};
    run_fail(t, &failure, "what the device sent cannot be used here: %s", why);
    return false;
}

bool run_expand(struct run_sequence *t, const struct step_text *text, struct names_text *out)
{
    struct naming naming = {.sequence = t};
    struct names_scope scope = {.user = &naming, .text = text_of};
    struct cs_error error = {0};
    if (names_expand(text->text, &scope, out, &error))
        return true;
    return unusable(t, text, error.column, error.text);
}

const char *run_shown(struct run_sequence *t, const char *text, char *buf, size_t cap)
{
    struct naming naming = {.sequence = t};
    struct names_scope scope = {.user = &naming, .text = text_of};
    struct names_text *out = malloc(sizeof *out);
    struct cs_error error = {0};
    bool fine = out != NULL && names_expand(text, &scope, out, &error);
    snprintf(buf, cap, "%s", fine ? out->text : text);
    free(out);
    return buf;
}

bool run_duration(struct run_sequence *t, const struct step_text *text, const char *otherwise,
                  uint64_t *out_ns)
{
    struct naming naming = {.sequence = t};
    struct names_scope scope = {.user = &naming, .text = text_of};
    struct cs_error error = {0};
    if (names_duration(text->text != NULL ? text->text : otherwise, &scope, out_ns, &error))
        return true;
    return unusable(t, text, error.column, error.text);
}

bool run_number(struct run_sequence *t, const struct step_text *text, uint64_t otherwise,
                uint64_t *out)
{
    struct naming naming = {.sequence = t};
    struct names_scope scope = {.user = &naming, .text = text_of};
    struct cs_error error = {0};
    *out = otherwise;
    if (text->text == NULL || names_number(text->text, &scope, 0, 1000000, out, &error))
        return true;
    return unusable(t, text, error.column, error.text);
}

bool run_parse_line(struct run_sequence *t, const struct step_text *text, bool expectation,
                    struct cs_line *line)
{
    struct names_text *expanded = malloc(sizeof *expanded);
    struct cs_error error = {0};
    bool fine = expanded != NULL && run_expand(t, text, expanded);
    if (fine && !cs_line_parse(expanded->text, expectation, line, &error)) {
        fine = unusable(t, text, names_column(expanded, error.column), error.text);
    }
    free(expanded);
    return fine;
}

bool run_claims(const struct run_case *c, const char *ability)
{
    if (strcmp(ability, "literal") == 0)
        return c->run->options.literal;
    if (ability[0] == '$')
        return profile_resource(c->run->profile, ability + 1) != NULL;
    return profile_ability(c->run->profile, ability) == PROFILE_YES;
}

/* ------------------------------------------------------------------ life */

static bool probed(const struct run *run) { return run->profile->source >= PROFILE_PROBE; }

/* What DTLS takes on our side. False when it is no such need. */
static bool secured_need(const struct run *run, const char *need, bool *there, char *why,
                         size_t cap)
{
    const struct net_security *s = run->target.security;
    /* a server that has the authority's key issues what it lacks */
    const bool issues = s != NULL && s->ca != NULL && s->ca_key != NULL;
    const bool certified = s != NULL && (s->cert != NULL || (run->profile->client && issues));
    const struct {
        const char *need, *why;
        bool there;
    } needs[] = {
        {"coaps",
         run->profile->client ? "the device does not speak to us over DTLS: --listen coaps://…"
                              : "the device is not spoken to over DTLS: --target coaps://…",
         s != NULL},
        {"psk", "we share no key with the device: --psk-identity and --psk-key",
         s != NULL && s->key_length > 0},
        {"certificate", "we have no certificate for the device: --cert and --ca", certified},
        {"issuer", "we cannot issue certificates that the device trusts: --ca and --ca-key",
         certified && issues},
    };
    for (size_t i = 0; i < sizeof needs / sizeof needs[0]; i++)
        if (strcmp(needs[i].need, need) == 0) {
            *there = needs[i].there;
            snprintf(why, cap, "%s", needs[i].why);
            return true;
        }
    return false;
}

/* Abilities that the profile does not speak of: they are ours. */
static bool known_by_itself(const struct run *run, const char *need, bool *there, char *why,
                            size_t cap)
{
    const uint16_t port = run->target.address.port;
    *there = true;
    const bool secured = run->target.security != NULL;
    if (secured && (strcmp(need, "icmp") == 0 || strcmp(need, "multicast") == 0)) {
        *there = false;
        snprintf(why, cap, "not over DTLS: %s", need);
    } else if (strcmp(need, "icmp") == 0) {
        *there = net_icmp_possible(&run->target.address, why, cap);
    } else if (strcmp(need, "restart") == 0) {
        *there = run->options.exec != NULL || run->options.restart != NULL;
        snprintf(why, cap, "the device is not started by us: --exec COMMAND would");
    } else if (strcmp(need, "coap_and_coaps") == 0) {
        *there = run->also.uri[0] != '\0';
        snprintf(why, cap, "the device is reached over %s alone: --also %s://…",
                 net_target_scheme(&run->target), secured ? "coap" : "coaps");
    } else if (secured_need(run, need, there, why, cap)) {
        return true;
    } else if (strcmp(need, "default_port") == 0) {
        *there = port == 5683 && !net_target_is_secure(&run->target);
        snprintf(why, cap, "the device is reached at port %u, not at 5683", port);
    } else {
        return need[0] == '$' || strcmp(need, "literal") == 0;
    }
    return true;
}

static bool lacks_resource(const struct run *run, const struct scenario *s, char *why, size_t cap)
{
    size_t count;
    const struct names_resource *rows = names_resources(&count);
    for (size_t i = 0; i < count; i++)
        if (((s->reads | s->writes) >> i & 1u) != 0 && run->profile->resources[i] == NULL) {
            snprintf(why, cap, "%s no $%s: %s",
                     probed(run) ? "the probe found" : "the profile binds", rows[i].name,
                     rows[i].what);
            return true;
        }
    return false;
}

static bool lacks_ability(const struct run *run, const char *need, char *why, size_t cap)
{
    size_t count, i = 0;
    const struct names_ability *rows = names_abilities(&count);
    const enum profile_claim claim = profile_ability(run->profile, need);
    if (claim == PROFILE_YES)
        return false;
    while (i < count && strcmp(rows[i].name, need) != 0)
        i++;
    const bool writes = strcmp(need, "writes") == 0 && run->profile->source == PROFILE_PROBE;
    snprintf(why, cap, "%s: %s (%s)%s",
             probed(run)           ? "not found by the probe"
             : claim == PROFILE_NO ? "the profile says no"
                                   : "the profile does not claim it",
             need, i < count ? rows[i].what : "?",
             writes ? "; no resource has a name that is for tests: --allow-writes lets the probe "
                      "write to others"
                    : "");
    return true;
}

/* The command that starts a client has no word for what the scenario asks of it. */
static bool untellable(const struct run *run, const struct scenario *s, char *why, size_t cap)
{
    if (s->role != SCENARIO_CLIENT || run->options.exec == NULL)
        return false;
    const size_t word = asks_untellable(&s->asks, run->options.exec);
    if (word >= ASKS_WORDS)
        return false;
    snprintf(why, cap, "the command has no {%s} (%s)", asks_words()[word].name,
             asks_words()[word].what);
    return true;
}

bool run_not_applicable(const struct run *run, const struct scenario *s, char *why, size_t cap)
{
    bool client = s->role == SCENARIO_CLIENT;
    if (client != run->profile->client) {
        snprintf(why, cap, "%s",
                 client ? "for a device that is a client: --listen, or --exec 'COMMAND {server}'"
                        : "for a device that is a server, and this one is a client");
        return true;
    }
    for (size_t i = 0; i < s->need_count; i++) {
        const char *need = s->needs[i];
        bool there;
        if (known_by_itself(run, need, &there, why, cap)) {
            if (!there)
                return true;
            continue;
        }
        if (lacks_ability(run, need, why, cap))
            return true;
    }
    if (client && s->asks.values[ASKS_GROUP] != NULL && net_target_is_secure(&run->target)) {
        snprintf(why, cap, "no group is spoken to over DTLS");
        return true;
    }
    if (client && s->asks.values[ASKS_GROUP] != NULL && run->target.address.family != 4) {
        snprintf(why, cap, "groups are heard over IPv4 alone");
        return true;
    }
    return untellable(run, s, why, cap) || lacks_resource(run, s, why, cap);
}

/* Two names may be bound to one path: each stands for the first name of its path. */
static uint64_t same_places(const struct profile *profile, uint64_t names)
{
    uint64_t places = 0;
    for (size_t i = 0; i < PROFILE_RESOURCES_MAX; i++) {
        if ((names >> i & 1u) == 0 || profile->resources[i] == NULL)
            continue;
        size_t first = 0;
        while (profile->resources[first] == NULL ||
               strcmp(profile->resources[first], profile->resources[i]) != 0)
            first++;
        places |= UINT64_C(1) << first;
    }
    return places;
}

struct run_case *run_case_new(struct run *run, const struct scenario *scenario, size_t report_index)
{
    struct run_case *c = calloc(1, sizeof *c);
    if (c == NULL)
        return NULL;
    c->run = run;
    c->scenario = scenario;
    c->report_index = report_index;
    c->random = net_random_for(run->options.seed, scenario->id);
    c->next_mid = (uint16_t)net_random_next(&c->random);
    c->verdict = REPORT_NOT_EXERCISED;
    c->reads = same_places(run->profile, scenario->reads);
    c->writes = same_places(run->profile, scenario->writes);
    c->octet = CS_NO_OCTET;
    char unique[16];
    snprintf(unique, sizeof unique, "cs%06x", (unsigned)(net_random_next(&c->random) & 0xffffff));
    run_set_variable(c, "unique", unique);
    for (size_t i = 0; i < scenario->param_count; i++) {
        const struct scenario_param *param = &scenario->params[i];
        const char *own = profile_own(run->profile, param->name);
        run_set_variable(c, param->name, own != NULL ? own : param->value);
    }
    return c;
}

#define RESTORE_LIMIT_NS (10 * NET_SECOND)

static void out_of_time(void *user, uint64_t late_ns)
{
    (void)late_ns;
    struct run_case *c = user;
    const char reason[] = "it was not over within its limit of time";
    if (c->stage >= RUN_RESTORE || c->scenario->restore.count == 0) {
        run_case_stop(c, REPORT_FAIL, reason);
        run_case_over(c);
        return;
    }
    c->verdict = REPORT_FAIL;
    snprintf(c->reason, sizeof c->reason, "%s", reason);
    c->broken = true; /* cleaning up has a limit of its own */
    net_timer_set(c->run->loop, &c->limit, net_now() + RESTORE_LIMIT_NS);
    run_pump(c);
}

static bool start_limit(struct run_case *c)
{
    uint64_t limit = c->run->options.case_limit_ns;
    struct run_sequence *t = &c->sequences[0];
    t->owner = c;
    if (c->scenario->limit.text != NULL && !run_duration(t, &c->scenario->limit, NULL, &limit))
        return false;
    c->limit.fire = out_of_time;
    c->limit.user = c;
    return net_timer_set(c->run->loop, &c->limit, c->began_ns + limit);
}

bool run_case_start(struct run_case *c)
{
    c->began_ns = net_now();
    c->current = run_endpoint_open(c, "first", false);
    if (c->current == NULL || !start_limit(c) || !run_client_start(c)) {
        c->stage = RUN_OVER;
        c->verdict = REPORT_ERROR;
        c->ended_ns = c->began_ns;
        if (c->reason[0] == '\0')
            snprintf(c->reason, sizeof c->reason, "out of memory");
        run_case_over(c);
        return false;
    }
    c->stage = c->scenario->prepare.count > 0 ? RUN_PREPARE : RUN_STEPS;
    run_sequences_start(c, c->stage == RUN_PREPARE ? &c->scenario->prepare : &c->scenario->steps);
    run_pump(c);
    return true;
}

static bool any_sequence(const struct run_case *c) { return c->sequences[0].active; }

bool run_stage_ends(struct run_case *c)
{
    if (any_sequence(c) && !c->broken)
        return false;
    if (c->stage == RUN_STEPS && !c->broken)
        c->verdict = REPORT_PASS;
    if (c->stage == RUN_PREPARE && !c->broken) {
        c->stage = RUN_STEPS;
        run_sequences_start(c, &c->scenario->steps);
        return true;
    }
    run_sequences_stop(c);
    for (size_t i = 0; i < c->sent_count; i++)
        run_sent_stop(c->sent[i]);
    run_impair_clear(c);
    bool restore = c->stage != RUN_RESTORE && c->scenario->restore.count > 0;
    c->stage = restore ? RUN_RESTORE : RUN_OVER;
    c->broken = false;
    if (restore)
        run_sequences_start(c, &c->scenario->restore);
    return restore;
}

void run_case_stop(struct run_case *c, enum report_verdict verdict, const char *reason)
{
    if (c->stage == RUN_OVER)
        return;
    if (c->stage != RUN_RESTORE) { /* else its verdict stands */
        c->verdict = verdict;
        snprintf(c->reason, sizeof c->reason, "%s", reason);
    }
    run_sequences_stop(c);
    c->stage = RUN_OVER;
}

void run_case_free(struct run_case *c)
{
    if (c == NULL)
        return;
    net_timer_stop(c->run->loop, &c->limit);
    net_timer_stop(c->run->loop, &c->more);
    run_sequences_stop(c);
    run_impair_clear(c);
    run_http_free(c);
    for (size_t i = 0; i < c->message_count; i++)
        run_message_free(c->messages[i]);
    for (size_t i = 0; i < c->sent_count; i++)
        run_sent_free(c->sent[i]);
    for (size_t i = 0; i < c->variable_count; i++)
        free(c->variables[i].text);
    c->message_count = c->sent_count = c->variable_count = 0;
}
