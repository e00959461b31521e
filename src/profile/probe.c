/* What does a device speak? */
#include "src/profile/probe.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "src/net/interrupt.h"
#include "src/profile/ask.h"
#include "src/profile/links.h"
#include "src/profile/probe_http.h"

enum { NOTED_MAX = 32 };

struct probe {
    struct ask ask;
    struct profile *profile;
    struct link_list links;
    bool writes;
    FILE *talk;
    size_t findings;
    const struct cs_rule *noted[NOTED_MAX]; /* rules of which a finding was shown: one is enough */
    size_t noted_count;
};

static void note(struct probe *p, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void note(struct probe *p, const char *format, ...)
{
    va_list args;
    if (p->talk == NULL)
        return;
    va_start(args, format);
    vfprintf(p->talk, format, args);
    va_end(args);
    fputc('\n', p->talk);
}

static bool got(const struct probe *p, uint8_t code) { return p->ask.message.code == code; }

static bool has(const struct probe *p, uint32_t number)
{
    return cs_message_has(&p->ask.message, number);
}

static bool get(struct probe *p, const char *path)
{
    return ask_line(&p->ask, "CON GET %s", path) && got(p, CS_CODE(2, 5));
}

/* ------------------------------------------------------------------ how each resource shows what it is
 *
 * Each of these is asked with a path; those that write are asked only where writing is allowed. */

static bool is_readable(struct probe *p, const char *path)
{
    return get(p, path) && p->ask.message.payload.len <= 1024;
}

/* What is put there can be read there; a clock that is set is something else. Puts back what it found. */
static bool is_writable(struct probe *p, const char *path)
{
    char hex[1400];
    struct cs_text text;
    bool there = get(p, path);
    if (there && p->ask.message.payload.len > 600)
        return false;
    cs_text_init(&text, hex, sizeof hex);
    if (there && p->ask.message.payload.len > 0)
        cs_text_hex(&text, p->ask.message.payload);
    bool taken = ask_line(&p->ask, "CON PUT %s cf=0 | coapspec", path) &&
                 CS_CODE_CLASS(p->ask.message.code) == 2;
    bool kept = taken && get(p, path) && p->ask.message.payload.len == strlen("coapspec") &&
                memcmp(p->ask.message.payload.at, "coapspec", strlen("coapspec")) == 0;
    if (taken && there && text.len > 0)
        ask_line(&p->ask, "CON PUT %s cf=0 | 0x%s", path, hex);
    else if (taken && !there)
        ask_line(&p->ask, "CON DELETE %s", path);
    return kept;
}

static bool is_readonly(struct probe *p, const char *path)
{
    return get(p, path) && ask_line(&p->ask, "CON PUT %s cf=0 | coapspec", path) &&
           got(p, CS_CODE(4, 5));
}

static bool is_separate(struct probe *p, const char *path)
{
    return get(p, path) && p->ask.separate;
}

static bool is_observable(struct probe *p, const char *path)
{
    if (!ask_line(&p->ask, "CON GET %s observe=0", path) || !got(p, CS_CODE(2, 5)) ||
        !has(p, CS_OPT_OBSERVE))
        return false;
    p->ask.same_token =
        true; /* RFC 7641 section 3.6: left alone, it would notify whoever gets this port next */
    ask_line(&p->ask, "CON GET %s observe=1", path);
    return true;
}

static bool is_large(struct probe *p, const char *path)
{
    size_t length;
    bool blocks;
    char *body = ask_body(&p->ask, path, &length, &blocks);
    if (body == NULL)
        return false;
    if (blocks)
        profile_claim(p->profile, "block", PROFILE_YES);
    free(body);
    return length > 1024;
}

static bool is_create(struct probe *p, const char *path)
{
    if (!ask_line(&p->ask, "CON POST %s cf=0 | coapspec", path) || !got(p, CS_CODE(2, 1)))
        return false;
    return has(p, CS_OPT_LOCATION_PATH);
}

static bool is_location_query(struct probe *p, const char *path)
{
    return ask_line(&p->ask, "CON POST %s cf=0 | coapspec", path) && got(p, CS_CODE(2, 1)) &&
           has(p, CS_OPT_LOCATION_QUERY);
}

static bool is_multi_format(struct probe *p, const char *path)
{
    struct cs_option option;
    for (unsigned format = 0; format <= 41; format += 41) {
        if (!ask_line(&p->ask, "CON GET %s accept=%u", path, format) || !got(p, CS_CODE(2, 5)))
            return false;
        if (!cs_option_find(&p->ask.message, CS_OPT_CONTENT_FORMAT, &option) ||
            cs_option_uint(&option) != format)
            return false;
    }
    return true;
}

static bool is_validate(struct probe *p, const char *path)
{
    struct cs_option option;
    char hex[64];
    struct cs_text text;
    if (!get(p, path) || !cs_option_find(&p->ask.message, CS_OPT_ETAG, &option) ||
        option.value.len > 8)
        return false;
    cs_text_init(&text, hex, sizeof hex);
    cs_text_hex(&text, option.value);
    return ask_line(&p->ask, "CON GET %s etag=%s", path, hex) && got(p, CS_CODE(2, 3));
}

static bool is_query(struct probe *p, const char *path)
{
    return ask_line(&p->ask, "CON GET %s ?first=1 ?second=2", path) && got(p, CS_CODE(2, 5));
}

static bool is_missing(struct probe *p, const char *path)
{
    return ask_line(&p->ask, "CON GET %s", path) && got(p, CS_CODE(4, 4));
}

static bool is_post_delete(struct probe *p, const char *path)
{
    bool removed = ask_line(&p->ask, "CON PUT %s cf=0 | coapspec", path) &&
                   CS_CODE_CLASS(p->ask.message.code) == 2 &&
                   ask_line(&p->ask, "CON POST %s", path) &&
                   CS_CODE_CLASS(p->ask.message.code) == 2 && is_missing(p, path);
    ask_line(&p->ask, "CON PUT %s cf=0 | coapspec", path);
    return removed;
}

static bool is_counter(struct probe *p, const char *path)
{
    return get(p, path) && p->ask.message.payload.len > 0 && p->ask.message.payload.at[0] >= '0' &&
           p->ask.message.payload.at[0] <= '9';
}

static bool is_unavailable(struct probe *p, const char *path)
{
    return ask_line(&p->ask, "CON GET %s", path) && got(p, CS_CODE(5, 3));
}

/* It is in the list of links: that must do. */
static bool is_listed(struct probe *p, const char *path)
{
    return links_find(&p->links, path) != NULL;
}

enum trial {
    TRIAL_USUAL,  /* only where it usually is: its name says that it is for tests */
    TRIAL_READING /* any resource may be tried: asking it changes nothing */
};

static const struct row {
    const char *name;
    bool (*is)(struct probe *, const char *);
    enum trial trial;
    bool writes;
} rows[] = {
    {"test", is_readable, TRIAL_READING, false},
    {"writable", is_writable, TRIAL_USUAL, true},
    {"readonly", is_readonly, TRIAL_USUAL, true},
    {"separate", is_separate, TRIAL_READING, false},
    {"slow", is_listed, TRIAL_USUAL, false},
    {"observable", is_observable, TRIAL_READING, false},
    {"large", is_large, TRIAL_READING, false},
    {"large_update", is_listed, TRIAL_USUAL, false},
    {"large_create", is_listed, TRIAL_USUAL, false},
    {"create", is_create, TRIAL_USUAL, true},
    {"location_query", is_location_query, TRIAL_USUAL, true},
    {"query", is_query, TRIAL_USUAL, false},
    {"segments", is_readable, TRIAL_USUAL, false},
    {"multi_format", is_multi_format, TRIAL_READING, false},
    {"validate", is_validate, TRIAL_READING, false},
    {"counter", is_counter, TRIAL_USUAL, false},
    {"put_create", is_writable, TRIAL_USUAL, true},
    {"post_delete", is_post_delete, TRIAL_USUAL, true},
    {"unavailable", is_unavailable, TRIAL_USUAL, false},
    {"missing", is_missing, TRIAL_USUAL, false},
};

enum { ROWS = sizeof rows / sizeof rows[0], TRIES_MAX = 12 };

/* ------------------------------------------------------------------ going through them */

static const struct names_resource *resource_named(const char *name)
{
    size_t count;
    const struct names_resource *r = names_resources(&count);
    for (size_t i = 0; i < count; i++)
        if (strcmp(r[i].name, name) == 0)
            return &r[i];
    return NULL;
}

/* Is this link worth being tried for that? What the list says of itself saves questions. */
static bool promising(const struct row *row, const struct link_entry *link)
{
    if (strcmp(link->path, "/.well-known/core") == 0)
        return false;
    if (strcmp(row->name, "observable") == 0)
        return link->observable;
    if (strcmp(row->name, "large") == 0)
        return link->has_size && link->size > 1024;
    return true;
}

static bool bind_if(struct probe *p, const struct row *row, const char *path)
{
    if (!row->is(p, path))
        return false;
    profile_bind(p->profile, row->name, path);
    note(p, "  $%s: %s", row->name, path);
    return true;
}

static void try_row(struct probe *p, const struct row *row)
{
    const struct names_resource *r = resource_named(row->name);
    if (r == NULL || profile_resource(p->profile, row->name) != NULL || p->ask.lost)
        return;
    bool listed = p->links.count > 0;
    if (r->usual != NULL &&
        (!listed || links_find(&p->links, r->usual) != NULL || strcmp(row->name, "missing") == 0 ||
         strcmp(row->name, "put_create") == 0) &&
        bind_if(p, row, r->usual))
        return;
    if (row->trial != TRIAL_READING && !(p->writes && row->writes))
        return;
    size_t tries = 0;
    for (size_t i = 0; i < p->links.count && tries < TRIES_MAX; i++)
        if (promising(row, &p->links.at[i])) {
            tries++;
            if (bind_if(p, row, p->links.at[i].path))
                return;
        }
}

static void discover(struct probe *p)
{
    size_t length;
    bool blocks;
    char *body = ask_body(&p->ask, "/.well-known/core", &length, &blocks);
    if (body == NULL) {
        profile_claim(p->profile, "discovery", PROFILE_NO);
        note(p, "/.well-known/core cannot be read: resources are tried by their usual names");
        return;
    }
    profile_claim(p->profile, "discovery", PROFILE_YES);
    if (blocks)
        profile_claim(p->profile, "block", PROFILE_YES);
    if (links_parse(body, length, &p->links))
        note(p, "/.well-known/core: %zu links%s%s", p->links.count, blocks ? ", block-wise" : "",
             p->links.broken ? "; not all of it is link-format" : "");
    free(body);
}

static void claim_if(struct probe *p, const char *name, bool yes, bool no)
{
    if (profile_ability(p->profile, name) != PROFILE_UNKNOWN || (!yes && !no))
        return;
    profile_claim(p->profile, name, yes ? PROFILE_YES : PROFILE_NO);
    note(p, "  %s: %s", name, yes ? "yes" : "no");
}

static void find_cross_proxy(struct probe *p)
{
    const enum profile_claim to = probe_to_http(&p->ask);
    const enum profile_claim from =
        probe_from_http(&p->ask, profile_parameter(p->profile, "http_port"));
    claim_if(p, "proxy_to_http", to == PROFILE_YES, to == PROFILE_NO);
    claim_if(p, "proxy_from_http", from == PROFILE_YES, from == PROFILE_NO);
}

/* Abilities that follow from the resources, or from one more question. */
static void find_abilities(struct probe *p)
{
    const char *test = profile_resource(p->profile, "test"),
               *writable = profile_resource(p->profile, "writable");
    if (p->ask.lost)
        return; /* what it did not say any more it does not lack */
    claim_if(p, "observe", profile_resource(p->profile, "observable") != NULL, p->links.count > 0);
    claim_if(p, "etag", profile_resource(p->profile, "validate") != NULL, false);
    bool writes = writable != NULL || profile_resource(p->profile, "put_create") != NULL ||
                  profile_resource(p->profile, "create") != NULL;
    claim_if(p, "writes", writes, true);
    find_cross_proxy(p);
    if (!writes && !p->writes)
        note(p, "    no resource has a name that is for tests; --allow-writes tries others");
    if (test != NULL && ask_line(&p->ask, "CON GET %s accept=65000", test))
        claim_if(p, "accept", got(p, CS_CODE(4, 6)), got(p, CS_CODE(2, 5)));
    if (writable == NULL)
        return;
    if (ask_line(&p->ask, "CON PUT %s if-match=636f617073706563 cf=0 | coapspec", writable))
        claim_if(p, "if_match", got(p, CS_CODE(4, 12)), CS_CODE_CLASS(p->ask.message.code) == 2);
    if (get(p, writable) && ask_line(&p->ask, "CON PUT %s if-none-match cf=0 | coapspec", writable))
        claim_if(p, "if_none_match", got(p, CS_CODE(4, 12)),
                 CS_CODE_CLASS(p->ask.message.code) == 2);
}

static void on_finding(void *user, const struct cs_finding *finding)
{
    struct probe *p = user;
    if (strcmp(finding->role, "client") == 0)
        return; /* that were we */
    p->findings++;
    for (size_t i = 0; i < p->noted_count; i++)
        if (p->noted[i] == finding->rule)
            return;
    if (p->noted_count < NOTED_MAX)
        p->noted[p->noted_count++] = finding->rule;
    note(p, "%s %s: %s", cs_level_is_should(finding->rule->level) ? "warn" : "FAIL",
         finding->rule->id, finding->why);
}

/* Why nothing more comes, behind a colon; "" when that is not known. */
static const char *refusal(const struct probe *p, char *buf, size_t cap)
{
    buf[0] = '\0';
    if (p->ask.peer.refused != 0)
        snprintf(buf, cap, ": %s", peer_refused_text(&p->ask.peer));
    return buf;
}

static bool reach(struct probe *p, const struct net_target *target, struct cs_error *error)
{
    char why[80];
    if (ask_line(&p->ask, "CON GET /.well-known/core") || p->ask.reset)
        return true;
    snprintf(error->text, sizeof error->text, "%s does not answer%s", target->uri,
             net_interrupted() ? ": interrupted" : refusal(p, why, sizeof why));
    return false;
}

/* Did it answer to the end? */
static bool stayed(const struct probe *p, const struct net_target *target, struct cs_error *error)
{
    char why[80];
    if (!p->ask.lost)
        return true;
    if (net_interrupted())
        snprintf(error->text, sizeof error->text, "%.120s was not asked everything: interrupted",
                 target->uri);
    else
        snprintf(error->text, sizeof error->text, "%.120s does not answer any more since '%s'%s",
                 target->uri, p->ask.since, refusal(p, why, sizeof why));
    return false;
}

/* Opens what it is asked through; of a DTLS session that does not come about it is said with whom. */
static bool open_ask(struct probe *p, const struct net_target *target, struct cs_error *error)
{
    if (ask_open(&p->ask, target, error))
        return true;
    if (target->security != NULL) {
        const struct cs_error why = *error;
        snprintf(error->text, sizeof error->text, "%.80s: %.160s", target->uri, why.text);
    }
    return false;
}

bool probe_device(const struct net_target *target, struct profile *profile, bool writes, FILE *talk,
                  struct cs_error *error)
{
    struct probe *p = calloc(1, sizeof *p);
    if (p == NULL) {
        snprintf(error->text, sizeof error->text, "out of memory");
        return false;
    }
    p->profile = profile;
    p->writes = writes;
    p->talk = talk;
    bool fine = open_ask(p, target, error);
    struct cs_settings settings = {
        .whole = true, .no_heuristic = true, .user = p, .on_finding = on_finding};
    if (fine && talk != NULL)
        p->ask.analysis = cs_analysis_new(&settings);
    fine = fine && reach(p, target, error);
    if (fine) {
        discover(p);
        for (size_t i = 0; i < ROWS; i++)
            try_row(p, &rows[i]);
        find_abilities(p);
        profile->source = writes ? PROFILE_PROBE_WRITING : PROFILE_PROBE;
        if (p->ask.analysis != NULL)
            cs_analysis_end(p->ask.analysis);
        note(p, "%llu questions, %llu answered, %zu findings of %zu rules",
             (unsigned long long)p->ask.asked, (unsigned long long)p->ask.answered, p->findings,
             p->noted_count);
        fine = stayed(p, target, error);
    }
    cs_analysis_free(p->ask.analysis);
    ask_close(&p->ask);
    links_free(&p->links);
    free(p);
    return fine;
}
