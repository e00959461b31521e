/* What a device claims. */
#include "src/profile/profile.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"

static const char *resource_name(size_t i)
{
    size_t count;
    const struct names_resource *rows = names_resources(&count);
    return i < count ? rows[i].name : NULL;
}

static const char *ability_name(size_t i)
{
    size_t count;
    const struct names_ability *rows = names_abilities(&count);
    return i < count ? rows[i].name : NULL;
}

static const char *parameter_name(size_t i)
{
    size_t count;
    const struct names_parameter *rows = names_parameters(&count);
    return i < count ? rows[i].name : NULL;
}

/* The place of a name in a table; -1: not there. */
static int place_of(const char *(*name_of)(size_t), const char *name)
{
    for (size_t i = 0; name_of(i) != NULL; i++)
        if (strcmp(name_of(i), name) == 0)
            return (int)i;
    return -1;
}

void profile_init(struct profile *profile)
{
    size_t count;
    const struct names_parameter *rows = names_parameters(&count);
    *profile = (struct profile){0};
    for (size_t i = 0; i < count; i++)
        profile->parameters[i] = rows[i].value;
}

void profile_fini(struct profile *profile)
{
    for (size_t i = 0; i < PROFILE_RESOURCES_MAX; i++)
        free(profile->resources[i]);
    for (size_t i = 0; i < profile->own_count; i++) {
        free(profile->own[i].name);
        free(profile->own[i].value);
    }
    profile_init(profile);
}

/* ------------------------------------------------------------------ asking */

const char *profile_resource(const struct profile *profile, const char *name)
{
    int place = place_of(resource_name, name);
    return place >= 0 ? profile->resources[place] : NULL;
}

enum profile_claim profile_ability(const struct profile *profile, const char *name)
{
    int place = place_of(ability_name, name);
    return place >= 0 ? (enum profile_claim)profile->abilities[place] : PROFILE_UNKNOWN;
}

double profile_parameter(const struct profile *profile, const char *name)
{
    int place = place_of(parameter_name, name);
    return place >= 0 ? profile->parameters[place] : 0;
}

/* "/a/b?x=1&y" to "/a/b ?x=1 ?y", as the notation has it. */
static void spread_queries(const char *path, char *buf, size_t cap)
{
    size_t n = 0;
    bool query = false;
    for (; *path != '\0' && n + 3 < cap; path++) {
        bool starts = *path == '?' || (*path == '&' && query);
        if (starts)
            buf[n++] = ' ';
        buf[n++] = starts ? '?' : *path;
        query = query || starts;
    }
    buf[n] = '\0';
}

const char *profile_own(const struct profile *profile, const char *name)
{
    for (size_t i = profile->own_count; i > 0; i--) /* the last word counts */
        if (strcmp(profile->own[i - 1].name, name) == 0)
            return profile->own[i - 1].value;
    return NULL;
}

const char *profile_text(const struct profile *profile, const char *name, char *buf, size_t cap)
{
    const char *own = profile_own(profile, name);
    if (own != NULL)
        return own;
    int place = place_of(resource_name, name);
    if (place >= 0) {
        if (profile->resources[place] == NULL)
            return NULL;
        spread_queries(profile->resources[place], buf, cap);
        return buf;
    }
    place = place_of(parameter_name, name);
    if (place < 0)
        return NULL;
    size_t count;
    snprintf(buf, cap, "%.9g%s", profile->parameters[place],
             names_parameters(&count)[place].duration ? "s" : "");
    return buf;
}

static uint64_t nanoseconds(const struct profile *profile, const char *name)
{
    const double most_s = 1e9; /* what follows from the largest parameters fits no clock */
    double seconds = profile_parameter(profile, name);
    return (uint64_t)llround((seconds < most_s ? seconds : most_s) * 1e9);
}

struct cs_parameters profile_parameters(const struct profile *profile)
{
    double timeout = profile_parameter(profile, "ack_timeout");
    double factor = profile_parameter(profile, "ack_random_factor");
    return (struct cs_parameters){
        .ack_timeout_ns = nanoseconds(profile, "ack_timeout"),
        .ack_random_max_ns = (uint64_t)llround(timeout * factor * 1e9),
        .max_retransmit = (unsigned)profile_parameter(profile, "max_retransmit"),
        .nstart = (unsigned)profile_parameter(profile, "nstart"),
        .max_transmit_span_ns = nanoseconds(profile, "max_transmit_span"),
        .max_transmit_wait_ns = nanoseconds(profile, "max_transmit_wait"),
        .exchange_lifetime_ns = nanoseconds(profile, "exchange_lifetime"),
        .non_lifetime_ns = nanoseconds(profile, "non_lifetime"),
        .assumed = !profile->given[place_of(parameter_name, "ack_timeout")],
        .extended_tokens = profile_ability(profile, "extended_tokens") == PROFILE_YES,
    };
}

/* ------------------------------------------------------------------ setting */

void profile_claim(struct profile *profile, const char *name, enum profile_claim claim)
{
    int place = place_of(ability_name, name);
    if (place >= 0)
        profile->abilities[place] = (uint8_t)claim;
}

void profile_bind(struct profile *profile, const char *name, const char *path)
{
    int place = place_of(resource_name, name);
    if (place < 0)
        return;
    free(profile->resources[place]);
    profile->resources[place] = path != NULL ? strdup(path) : NULL;
}

/* The derived times of RFC 7252 section 4.8.2 follow those that were given, unless they were given too. */
static void derive(struct profile *profile)
{
    double timeout = profile_parameter(profile, "ack_timeout"),
           latency = profile_parameter(profile, "max_latency");
    double factor = profile_parameter(profile, "ack_random_factor");
    double retransmit = profile_parameter(profile, "max_retransmit");
    double span = timeout * (exp2(retransmit) - 1) * factor;
    const struct {
        const char *name;
        double value;
    } derived[] = {{"max_transmit_span", span},
                   {"max_transmit_wait", timeout * (exp2(retransmit + 1) - 1) * factor},
                   {"processing_delay", timeout},
                   {"exchange_lifetime", span + 2 * latency + timeout},
                   {"non_lifetime", span + latency}};
    for (size_t i = 0; i < sizeof derived / sizeof derived[0]; i++) {
        int place = place_of(parameter_name, derived[i].name);
        if (place >= 0 && !profile->given[place])
            profile->parameters[place] = derived[i].value;
    }
}

static bool is_yes(const char *text)
{
    return strcmp(text, "yes") == 0 || strcmp(text, "true") == 0;
}
static bool is_no(const char *text)
{
    return strcmp(text, "no") == 0 || strcmp(text, "false") == 0;
}

static const char *nobody(void *user, const char *name)
{
    (void)user;
    (void)name;
    return NULL;
}

static bool fail(struct cs_error *error, const char *text)
{
    snprintf(error->text, sizeof error->text, "%s", text);
    return false;
}

static bool set_parameter(struct profile *profile, size_t place, const char *text,
                          struct cs_error *error)
{
    /* those that are no times */
    static const struct limit {
        const char *name;
        double least, most;
        bool whole;
    } limits[] = {{"max_retransmit", 0, 20, true},
                  {"nstart", 1, 1000, true},
                  {"ack_random_factor", 1, 100, false},
                  {"probing_rate", 0, 1e6, false}},
      times = {NULL, 0, 86400, false};
    const struct limit *limit = &times;
    struct names_scope scope = {.text = nobody};
    struct names_value value;
    size_t count;
    const struct names_parameter *row = &names_parameters(&count)[place];
    if (!names_evaluate(text, &scope, &value, error))
        return false;
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++)
        if (strcmp(limits[i].name, row->name) == 0)
            limit = &limits[i];
    if (value.duration && !row->duration)
        return fail(error, "a number without a unit is due here");
    if (!(value.number >= limit->least && value.number <= limit->most) ||
        (limit->whole && value.number != floor(value.number))) {
        snprintf(error->text, sizeof error->text, "a %s from %g to %g is due here",
                 limit->whole ? "whole number" : "value", limit->least, limit->most);
        return false;
    }
    profile->parameters[place] = value.number;
    profile->given[place] = true;
    derive(profile);
    return true;
}

static bool set_resource(struct profile *profile, size_t place, const char *text,
                         struct cs_error *error)
{
    const bool none = is_no(text) || strcmp(text, "none") == 0;
    if (!none && text[0] != '/')
        return fail(error, "a path is due here, beginning with / (or none)");
    if (strlen(text) > PROFILE_PATH_MAX)
        return fail(error, "a path has 400 octets at most");
    free(profile->resources[place]);
    profile->resources[place] = none ? NULL : strdup(text);
    return none || profile->resources[place] != NULL || fail(error, "out of memory");
}

static bool set_ability(struct profile *profile, size_t place, const char *text,
                        struct cs_error *error)
{
    if (!is_yes(text) && !is_no(text))
        return fail(error, "yes or no is due here");
    profile->abilities[place] = is_yes(text) ? PROFILE_YES : PROFILE_NO;
    return true;
}

/* The parts of a profile, as in its file. */
static const struct part {
    const char *key;
    const char *(*name_of)(size_t);
    bool (*set)(struct profile *, size_t, const char *, struct cs_error *);
} parts[] = {{"resources", resource_name, set_resource},
             {"abilities", ability_name, set_ability},
             {"parameters", parameter_name, set_parameter}};

enum { PARTS = sizeof parts / sizeof parts[0] };

bool profile_set(struct profile *profile, const char *assignment, struct cs_error *error)
{
    char name[64];
    const char *equals = strchr(assignment, '=');
    size_t length = names_length(assignment);
    if (equals == NULL || length == 0 || length >= sizeof name || assignment + length != equals)
        return fail(error, "name=value is due here");
    snprintf(name, sizeof name, "%.*s", (int)length, assignment);
    for (size_t i = 0; i < PARTS; i++) {
        int place = place_of(parts[i].name_of, name);
        if (place >= 0)
            return parts[i].set(profile, (size_t)place, equals + 1, error);
    }
    if (equals[1] == '\0')
        return fail(error, "there is nothing behind the =");
    if (profile->own_count == PROFILE_OWN_MAX)
        return fail(error, "too many names");
    struct profile_own *own = &profile->own[profile->own_count++];
    own->name = strdup(name);
    own->value = strdup(equals + 1);
    return (own->name != NULL && own->value != NULL) || fail(error, "out of memory");
}

const char *profile_name_in(const char *part, const char *name)
{
    enum { NAMES_MAX = 192 };
    const char *words[NAMES_MAX];
    size_t n = 0;
    for (size_t i = 0; i < PARTS; i++)
        for (size_t k = 0; (part == NULL || strcmp(parts[i].key, part) == 0) &&
                           parts[i].name_of(k) != NULL && n < NAMES_MAX;
             k++)
            words[n++] = parts[i].name_of(k);
    return cs_nearest(name, words, n);
}

/* ------------------------------------------------------------------ writing */

/* A path in double quotes, as YAML reads them. What YAML would not take as it stands is %XX, as in any path. */
static void write_path(const char *path, FILE *out)
{
    fputc('"', out);
    for (; *path != '\0'; path++) {
        const unsigned char octet = (unsigned char)*path;
        if (octet < ' ' || octet > '~')
            fprintf(out, "%%%02x", octet);
        else if (octet == '"' || octet == '\\')
            fprintf(out, "\\%c", octet);
        else
            fputc(octet, out);
    }
    fputc('"', out);
}

static void write_resources(const struct profile *profile, FILE *out)
{
    size_t count;
    const struct names_resource *r = names_resources(&count);
    fputs("\nresources: # what is not here is not tested\n", out);
    for (size_t i = 0; i < count; i++)
        if (profile->resources[i] != NULL) {
            fprintf(out, "  %s: ", r[i].name);
            write_path(profile->resources[i], out);
            fprintf(out, " # %s\n", r[i].what);
        } else {
            fprintf(out, "  # %s: # %s\n", r[i].name, r[i].what);
        }
}

bool profile_write(const struct profile *profile, const char *heading, FILE *out)
{
    size_t count;
    fprintf(out, "# %s\nrole: %s\n", heading, profile->client ? "client" : "server");
    if (profile->jobs > 0)
        fprintf(out, "jobs: %u # cases side by side\n", profile->jobs);
    write_resources(profile, out);
    fputs("\nabilities:\n", out);
    const struct names_ability *a = names_abilities(&count);
    for (size_t i = 0; i < count; i++)
        if (profile->abilities[i] != PROFILE_UNKNOWN)
            fprintf(out, "  %s: %s # %s\n", a[i].name,
                    profile->abilities[i] == PROFILE_YES ? "yes" : "no", a[i].what);
        else
            fprintf(out, "  # %s: # not found out: %s\n", a[i].name, a[i].what);
    fputs("\nparameters: # times in seconds; RFC 7252 section 4.8\n", out);
    const struct names_parameter *p = names_parameters(&count);
    for (size_t i = 0; i < count; i++)
        fprintf(out, "  %s%s: %.9g # %s\n", profile->given[i] ? "" : "# ", p[i].name,
                profile->parameters[i], p[i].what);
    return ferror(out) == 0;
}
