/* The texts of a step are checked with samples in place of their names. */
#include "src/verbs/check_text.h"
#include "src/verbs/handshake.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"
#include "src/verbs/http_line.h"

/* ------------------------------------------------------------------ names */

/* Names that every case has. */
static const struct {
    const char *name, *sample;
} given[] = {
    {"token", "01"},
    {"mid", "1"},
    {"unique", "cs0001"},
    {"seed", "1"},
    {"target", "coap://192.0.2.1"},
    {"host", "192.0.2.1"},
    {"port", "5683"},
    {"server", "coap://192.0.2.2:5683"},
    {"new_mid", "0001"},
};

static const char *sample_of(void *user, const char *name)
{
    struct step_parse *p = user;
    size_t count;
    for (size_t i = p->declared_count; i > 0; i--) /* the last one of that name counts */
        if (strcmp(p->declared[i - 1].name, name) == 0)
            return p->declared[i - 1].sample;
    /* $NAME_host and $NAME_port of a socket that serves */
    size_t length = strlen(name), base = length > 5 ? length - 5 : 0;
    bool port = base > 0 && strcmp(name + base, "_port") == 0;
    for (size_t i = 0;
         (port || (base > 0 && strcmp(name + base, "_host") == 0)) && i < p->declared_count; i++)
        if (strncmp(p->declared[i].name, name, base) == 0 && p->declared[i].name[base] == '\0' &&
            strncmp(p->declared[i].sample, "coap://", 7) == 0)
            return port ? "5683" : "127.0.0.1";
    for (size_t i = 0; i < sizeof given / sizeof given[0]; i++)
        if (strcmp(given[i].name, name) == 0)
            return given[i].sample;
    const struct names_resource *resources = names_resources(&count);
    for (size_t i = 0; i < count; i++)
        if (strcmp(resources[i].name, name) == 0) {
            p->resources |= UINT64_C(1) << i;
            return "/x";
        }
    const struct names_parameter *parameters = names_parameters(&count);
    for (size_t i = 0; i < count; i++)
        if (strcmp(parameters[i].name, name) == 0) {
            snprintf(p->number, sizeof p->number, "%g%s", parameters[i].value,
                     parameters[i].duration ? "s" : "");
            return p->number;
        }
    return NULL;
}

bool step_name_has_meaning(const char *name)
{
    struct step_parse nothing = {.declared_count = 0};
    return sample_of(&nothing, name) != NULL;
}

static size_t other_names(void *user, const char **names, size_t cap)
{
    const struct step_parse *p = user;
    size_t n = 0;
    for (size_t i = 0; i < p->declared_count && n < cap; i++)
        names[n++] = p->declared[i].name;
    for (size_t i = 0; i < sizeof given / sizeof given[0] && n < cap; i++)
        names[n++] = given[i].name;
    return n;
}

/* The fields of a message. `sample` stands for the values when a scenario is checked. */
static const struct {
    const char *name, *sample;
} fields[] = {
    {"mid", "1"},     {"token", "01"},       {"code", "2.05"}, {"type", "CON"},
    {"payload", "1"}, {"payload_hex", "01"}, {"etag", "01"},   {"location", "/x/y"},
    {"observe", "1"}, {"max_age", "60"},     {"cf", "0"},      {"block2", "0/0/64"},
    {"size2", "1"},   {"echo", "01"},        {"path", "/x"},   {"interval", "1s"},
};

const char *step_field_sample(const char *field)
{
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
        if (strcmp(fields[i].name, field) == 0)
            return fields[i].sample;
    return NULL;
}

const char *step_field_nearest(const char *field)
{
    const char *words[sizeof fields / sizeof fields[0]];
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
        words[i] = fields[i].name;
    return cs_nearest(field, words, sizeof fields / sizeof fields[0]);
}

/* ------------------------------------------------------------------ texts */

static struct names_scope scope_of(struct step_parse *p)
{
    return (struct names_scope){p, sample_of, other_names};
}

/* Puts the place of an error in a text into the file. */
static bool at_text(struct step_parse *p, const struct step_text *text, unsigned column)
{
    snprintf(p->error->file, sizeof p->error->file, "%s", p->scenario->file->path);
    p->error->line = text->line;
    p->error->column = text->column + (column > 0 ? column - 1 : 0);
    return false;
}

static bool fail(struct step_parse *p, const struct step_text *text, const char *why)
{
    snprintf(p->error->text, sizeof p->error->text, "%s", why);
    return at_text(p, text, 1);
}

bool step_check_duration(struct step_parse *p, const struct step_text *text)
{
    struct names_scope scope = scope_of(p);
    uint64_t ns;
    *p->error = (struct cs_error){0};
    return names_duration(text->text, &scope, &ns, p->error) || at_text(p, text, p->error->column);
}

bool step_check_number(struct step_parse *p, const struct step_text *text, uint64_t min,
                       uint64_t max)
{
    struct names_scope scope = scope_of(p);
    uint64_t value;
    *p->error = (struct cs_error){0};
    return names_number(text->text, &scope, min, max, &value, p->error) ||
           at_text(p, text, p->error->column);
}

static bool expand(struct step_parse *p, const struct step_text *text, struct names_text *out)
{
    struct names_scope scope = scope_of(p);
    *p->error = (struct cs_error){0};
    p->resources = 0;
    return names_expand(text->text, &scope, out, p->error) || at_text(p, text, p->error->column);
}

bool step_check_line(struct step_parse *p, const struct step_text *text, bool expectation,
                     bool sends)
{
    static struct names_text expanded; /* large; one sequence */
    static struct cs_line line;
    if (!expand(p, text, &expanded))
        return false;
    if (!cs_line_parse(expanded.text, expectation, &line, p->error))
        return at_text(p, text, names_column(&expanded, p->error->column));
    p->scenario->reads |= p->resources;
    bool reading = line.has_code && (line.code == 1 || line.code == 5 || line.code == 0);
    if (sends && !reading)
        p->scenario->writes |= p->resources;
    return true;
}

static bool check_hex(struct step_parse *p, const struct step_text *text)
{
    static struct names_text expanded;
    static uint8_t octets[4096];
    size_t bad = 0;
    if (!expand(p, text, &expanded))
        return false;
    if (cs_hex_parse(expanded.text, octets, sizeof octets, &bad) >= 0)
        return true;
    snprintf(p->error->text, sizeof p->error->text, "octets in hex are due here");
    return at_text(p, text, names_column(&expanded, (unsigned)bad + 1));
}

static bool check_http(struct step_parse *p, const struct step_text *text, bool request)
{
    static struct names_text expanded;
    static struct http_line line;
    if (!expand(p, text, &expanded))
        return false;
    return http_line_parse(expanded.text, request, &line, p->error) ||
           at_text(p, text, names_column(&expanded, p->error->column));
}

const char *step_impairment_line(const char *text, bool *outgoing)
{
    *outgoing = strncmp(text, "out ", 4) == 0;
    if (!*outgoing && strncmp(text, "in ", 3) != 0)
        return NULL;
    return text + (*outgoing ? 4 : 3);
}

static bool check_impairment(struct step_parse *p, const struct step_text *text)
{
    bool outgoing;
    const char *line = step_impairment_line(text->text, &outgoing);
    if (line == NULL)
        return fail(p, text,
                    "'in' (from the device) or 'out' (from us) and a message, as in: out CON");
    struct step_text rest = {strdup(line), text->line,
                             text->column + (unsigned)(line - text->text)};
    bool fine = rest.text != NULL && step_check_line(p, &rest, true, false);
    free(rest.text);
    return fine;
}

static bool check_claim(struct step_parse *p, const struct step_text *text)
{
    const char *name = strncmp(text->text, "not ", 4) == 0 ? text->text + 4 : text->text;
    const char *words[128];
    size_t abilities, resources, n = 0;
    const struct names_ability *a = names_abilities(&abilities);
    const struct names_resource *r = names_resources(&resources);
    bool resource = name[0] == '$';
    for (size_t i = 0; i < (resource ? resources : abilities); i++) {
        words[n++] = resource ? r[i].name : a[i].name;
        if (strcmp(words[n - 1], name + resource) == 0)
            return true;
    }
    const char *near = cs_nearest(name + resource, words, n);
    snprintf(p->error->text, sizeof p->error->text, "no %s is called '%.40s'%s%s%s",
             resource ? "resource" : "ability", name, near != NULL ? ": did you mean " : "",
             near != NULL ? near : "", near != NULL ? "?" : "");
    return at_text(p, text, 1);
}

static bool check_any(struct step_parse *p, const struct step_text *text)
{
    static struct names_text expanded;
    bool fine = expand(p, text, &expanded);
    p->scenario->reads |= p->resources;
    return fine;
}

bool step_check_name(struct step_parse *p, const struct step_text *text)
{
    const size_t length = strlen(text->text);
    return (names_length(text->text) == length && length <= STEP_NAME_MAX) ||
           fail(p, text,
                "a name is due here: a letter, then letters, digits and underscores, 31 at most");
}

static bool check_handshake(struct step_parse *p, const struct step_text *text)
{
    struct step_handshake handshake;
    unsigned column = 1;
    if (step_handshake_parse(text->text, &handshake, &column))
        return true;
    snprintf(p->error->text, sizeof p->error->text,
             "succeeds or refused, and then suite=, curve= or certificate= (explain handshake)");
    return at_text(p, text, column);
}

bool step_check_value(struct step_parse *p, const struct step *step, const struct step_text *text)
{
    switch (step->verb->value) {
    case STEP_VALUE_LINE:
        return step_check_line(p, text, false, true);
    case STEP_VALUE_EXPECTATION:
        if (strcmp(text->text, "silence") == 0 && step->value_count > 1)
            return true;
        return step_check_line(p, text, true, false);
    case STEP_VALUE_HEX:
        return check_hex(p, text);
    case STEP_VALUE_DURATION:
        return step_check_duration(p, text);
    case STEP_VALUE_NUMBER:
        return step_check_number(p, text, 1, 100000);
    case STEP_VALUE_IMPAIRMENT:
        return check_impairment(p, text);
    case STEP_VALUE_NAME:
    case STEP_VALUE_SOCKET:
        return step_check_name(p, text);
    case STEP_VALUE_HANDSHAKE:
        return check_handshake(p, text);
    case STEP_VALUE_GROUP:
        return strcmp(text->text, "all_coap_nodes") == 0 || strcmp(text->text, "all_nodes") == 0 ||
               fail(p, text, "the groups are all_coap_nodes and all_nodes");
    case STEP_VALUE_HTTP_REQUEST:
    case STEP_VALUE_HTTP_STATUS:
        return check_http(p, text, step->verb->value == STEP_VALUE_HTTP_REQUEST);
    case STEP_VALUE_ICMP:
        return step_is_icmp_error(text->text) ||
               fail(p, text,
                    "the errors are port_unreachable, port_unreachable_other_mid, time_exceeded "
                    "and source_quench");
    case STEP_VALUE_DEVICE:
        return strcmp(text->text, "device") == 0 || fail(p, text, "the word device is due here");
    case STEP_VALUE_CLAIM:
        return check_claim(p, text);
    default:
        return check_any(p, text);
    }
}
