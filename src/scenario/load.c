/* A scenario file is read and checked. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"
#include "rules/requirements.h"
#include "src/scenario/scenario.h"
#include "src/verbs/check_text.h"
#include "src/verbs/references.h"
#include "src/yaml/yaml.h"

struct loader {
    struct scenario *scenario;
    struct cs_error *error;
};

static bool fail(struct loader *l, const struct yaml_node *node, const char *text)
{
    return yaml_fail(l->scenario->file, node->line, node->column, l->error, "%s", text);
}

static bool take_text(struct loader *l, const struct yaml_node *node, char **out)
{
    if (node->kind != YAML_SCALAR || node->text[0] == '\0')
        return fail(l, node, "one text is due here");
    *out = strdup(node->text);
    return *out != NULL || fail(l, node, "out of memory");
}

/* A list of words, or one word. */
static bool take_words(struct loader *l, const struct yaml_node *node, char ***out)
{
    size_t count = node->kind == YAML_SEQUENCE ? node->count : 1, n = 0;
    if (node->kind == YAML_MAPPING)
        return fail(l, node, "a list of words is due here");
    char **words = calloc(count + 1, sizeof *words);
    if (words == NULL)
        return fail(l, node, "out of memory");
    *out = words;
    for (const struct yaml_node *w = node->kind == YAML_SEQUENCE ? node->first : node; n < count;
         w = w->next)
        if (!take_text(l, w, &words[n++]))
            return false;
    return true;
}

/* The node of a word that take_words() took. */
static const struct yaml_node *word_at(const struct yaml_node *node, size_t index)
{
    if (node->kind != YAML_SEQUENCE)
        return node;
    const struct yaml_node *word = node->first;
    for (; index > 0; index--)
        word = word->next;
    return word;
}

static bool take_role(struct loader *l, const struct yaml_node *node)
{
    /* `role: server` or `{device: server}`: what the device under test is */
    const struct yaml_node *word = node->kind == YAML_MAPPING ? yaml_get(node, "device") : node;
    if (word == NULL || word->kind != YAML_SCALAR ||
        (strcmp(word->text, "server") != 0 && strcmp(word->text, "client") != 0))
        return fail(l, node, "server or client is due here: what the device under test is");
    l->scenario->role = strcmp(word->text, "client") == 0 ? SCENARIO_CLIENT : SCENARIO_SERVER;
    return true;
}

static bool take_flag(struct loader *l, const struct yaml_node *node, bool *out)
{
    bool yes = node->kind == YAML_SCALAR && strcmp(node->text, "yes") == 0;
    if (!yes && (node->kind != YAML_SCALAR || strcmp(node->text, "no") != 0))
        return fail(l, node, "yes or no is due here");
    *out = yes;
    return true;
}

/* An ability, or a resource with its dollar sign. */
static bool check_needs(struct loader *l, const struct yaml_node *node)
{
    size_t abilities, resources, words_count = 0;
    const struct names_ability *ability = names_abilities(&abilities);
    const struct names_resource *resource = names_resources(&resources);
    const char *words[128];
    char dollars[64][40];
    for (size_t i = 0; i < abilities; i++)
        words[words_count++] = ability[i].name;
    for (size_t i = 0; i < resources; i++) {
        snprintf(dollars[i], sizeof dollars[i], "$%s", resource[i].name);
        words[words_count++] = dollars[i];
    }
    for (char **need = l->scenario->needs; *need != NULL; need++, l->scenario->need_count++) {
        size_t i = 0;
        while (i < words_count && strcmp(words[i], *need) != 0)
            i++;
        if (i < words_count)
            continue;
        const char *near = cs_nearest(*need, words, words_count);
        const struct yaml_node *word = word_at(node, (size_t)(need - l->scenario->needs));
        return yaml_fail(l->scenario->file, word->line, word->column, l->error,
                         "no ability or resource is called '%.40s'%s%s%s", *need,
                         near != NULL ? ": did you mean " : "", near != NULL ? near : "",
                         near != NULL ? "?" : "");
    }
    return true;
}

static const char *nearest_requirement(const char *id)
{
    size_t count;
    const struct cs_requirement *rows = cs_requirements(&count);
    const char **ids = calloc(count + 1, sizeof *ids);
    for (size_t i = 0; ids != NULL && i < count; i++)
        ids[i] = rows[i].id;
    const char *near = ids != NULL ? cs_nearest(id, ids, count) : NULL;
    free((void *)ids);
    return near;
}

/* Statements of a document that is known here must be there, and be such that a device can break them; other ids (of
 * published tests) are free. */
static bool check_covers(struct loader *l, const struct yaml_node *node)
{
    for (char **c = l->scenario->covers; *c != NULL; c++) {
        const struct cs_requirement *known = cs_requirement_by_id(*c);
        const bool may = known != NULL && strcmp(known->level, "MAY") == 0;
        if (!may && (strncmp(*c, "RFC", 3) != 0 || known != NULL))
            continue;
        const struct yaml_node *word = word_at(node, (size_t)(c - l->scenario->covers));
        if (may)
            return yaml_fail(l->scenario->file, word->line, word->column, l->error,
                             "%.60s is a MAY: no device fails it", *c);
        const char *near = nearest_requirement(*c);
        return yaml_fail(l->scenario->file, word->line, word->column, l->error,
                         "no statement is called %.60s%s%s%s (coapspec list requirements)", *c,
                         near != NULL ? ": did you mean " : "", near != NULL ? near : "",
                         near != NULL ? "?" : "");
    }
    return true;
}

static bool take_limit(struct loader *l, struct step_parse *p, const struct yaml_node *node)
{
    struct step_text *limit = &l->scenario->limit;
    if (!take_text(l, node, &limit->text))
        return false;
    limit->line = node->line;
    limit->column = node->column;
    return step_check_duration(p, limit);
}

/* Names of the scenario's own, with the values that they have unless the user gives others. */
static bool take_params(struct loader *l, struct step_parse *p, const struct yaml_node *node)
{
    struct scenario *s = l->scenario;
    if (node->kind != YAML_MAPPING || node->count == 0)
        return fail(l, node, "a mapping is due here, as in {led: /actuators/led}");
    for (const struct yaml_node *n = node->first; n != NULL; n = n->next) {
        if (s->param_count == SCENARIO_PARAMS_MAX)
            return fail(l, n, "too many names");
        struct scenario_param *param = &s->params[s->param_count++];
        param->name = strdup(n->key);
        if (param->name == NULL)
            return fail(l, n, "out of memory");
        if (!take_text(l, n, &param->value) ||
            !step_declare(p, n->key_line, n->key_column, param->name, param->value))
            return false;
        if (step_name_has_meaning(n->key))
            return yaml_fail(s->file, n->key_line, n->key_column, l->error,
                             "$%.40s has a meaning already", n->key);
    }
    return true;
}

/* What a client is to be told. */
static bool take_asks(struct loader *l, const struct yaml_node *node)
{
    const char *names[ASKS_WORDS];
    for (size_t i = 0; i < ASKS_WORDS; i++)
        names[i] = asks_words()[i].name;
    if (node->kind != YAML_MAPPING)
        return fail(l, node, "a mapping is due here, as in {method: PUT, payload: hello}");
    for (const struct yaml_node *n = node->first; n != NULL; n = n->next) {
        size_t i = 0;
        while (i < ASKS_WORDS && strcmp(names[i], n->key) != 0)
            i++;
        if (i == ASKS_WORDS) {
            const char *near = cs_nearest(n->key, names, ASKS_WORDS);
            return yaml_fail(l->scenario->file, n->key_line, n->key_column, l->error,
                             "a client cannot be asked for '%.40s'%s%s%s", n->key,
                             near != NULL ? ": did you mean " : "", near != NULL ? near : "",
                             near != NULL ? "?" : "");
        }
        if (n->kind != YAML_SCALAR || !asks_value_is_plain(n->text))
            return fail(l, n,
                        "a word of letters, digits and /_.- is due here: it goes into a "
                        "command line");
        if (!take_text(l, n, &l->scenario->asks.values[i]))
            return false;
    }
    return true;
}

/* Document, section and level of the first requirement that it covers. */
static void place_from_cover(struct scenario *s)
{
    const struct cs_requirement *q = NULL;
    for (char **c = s->covers; c != NULL && *c != NULL && q == NULL; c++)
        q = cs_requirement_by_id(*c);
    if (q == NULL)
        return;
    if (s->spec == NULL)
        s->spec = strdup(q->spec);
    if (s->section == NULL)
        s->section = strdup(q->section);
    if (s->level == NULL)
        s->level = strdup(strcmp(q->level, "SPEC") == 0 ? "definition" : q->level);
}

static const char *const keys[] = {"name",    "covers", "needs", "role",  "cause",   "spec",
                                   "section", "level",  "limit", "alone", "hostile", "prepare",
                                   "restore", "steps",  "about", "asks",  "params"};

static bool take_key(struct loader *l, struct step_parse *p, const struct yaml_node *n)
{
    struct scenario *s = l->scenario;
    char *about = NULL;
    const struct {
        const char *key;
        char **text;
    } texts[] = {{"name", &s->name},       {"cause", &s->cause}, {"spec", &s->spec},
                 {"section", &s->section}, {"level", &s->level}, {"about", &about}};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (strcmp(n->key, texts[i].key) == 0) {
            bool fine = take_text(l, n, texts[i].text);
            free(about);
            return fine;
        }
    if (strcmp(n->key, "covers") == 0)
        return take_words(l, n, &s->covers) && check_covers(l, n);
    if (strcmp(n->key, "needs") == 0)
        return take_words(l, n, &s->needs) && check_needs(l, n);
    if (strcmp(n->key, "role") == 0)
        return take_role(l, n);
    if (strcmp(n->key, "asks") == 0)
        return take_asks(l, n);
    if (strcmp(n->key, "alone") == 0)
        return take_flag(l, n, &s->alone);
    if (strcmp(n->key, "hostile") == 0)
        return take_flag(l, n, &s->hostile);
    if (strcmp(n->key, "limit") == 0)
        return take_limit(l, p, n);
    if (strcmp(n->key, "params") == 0)
        return true; /* taken before all others */
    if (strcmp(n->key, "prepare") == 0)
        return step_parse_list(p, n, &s->prepare);
    if (strcmp(n->key, "restore") == 0)
        return step_parse_list(p, n, &s->restore);
    if (strcmp(n->key, "steps") == 0)
        return step_parse_list(p, n, &s->steps);
    const char *near = cs_nearest(n->key, keys, sizeof keys / sizeof keys[0]);
    return yaml_fail(
        s->file, n->key_line, n->key_column, l->error, "a scenario has no '%.40s'%s%s%s", n->key,
        near != NULL ? ": did you mean " : "", near != NULL ? near : "", near != NULL ? "?" : "");
}

static bool load(struct loader *l)
{
    struct scenario *s = l->scenario;
    const struct yaml_node *root = s->file->root;
    struct step_parse p = {.scenario = s, .error = l->error};
    if (root->kind != YAML_MAPPING)
        return fail(l, root, "a scenario is a mapping with name, covers and steps");
    const struct yaml_node *params = yaml_get(root, "params");
    if (params != NULL && !take_params(l, &p, params))
        return false;
    for (const struct yaml_node *n = root->first; n != NULL; n = n->next)
        if (!take_key(l, &p, n))
            return false;
    if (s->name == NULL)
        return fail(l, root, "the scenario has no name");
    if (s->steps.count == 0)
        return fail(l, root, "the scenario has no steps");
    for (size_t i = 0; i < ASKS_WORDS; i++)
        if (s->asks.values[i] != NULL && s->role != SCENARIO_CLIENT)
            return fail(l, yaml_get(root, "asks"),
                        "only a device that is a client can be asked: role: client");
    if (!step_check_references(&p))
        return false;
    if (s->covers == NULL)
        s->covers = calloc(1, sizeof *s->covers);
    if (s->needs == NULL)
        s->needs = calloc(1, sizeof *s->needs);
    place_from_cover(s);
    s->advice = s->level != NULL &&
                (strncmp(s->level, "SHOULD", 6) == 0 || strcmp(s->level, "RECOMMENDED") == 0);
    return (s->covers != NULL && s->needs != NULL) || fail(l, root, "out of memory");
}

static struct scenario *from_file(struct yaml_file *file, const char *id, struct cs_error *error)
{
    if (file == NULL)
        return NULL;
    struct scenario *s = calloc(1, sizeof *s);
    if (s == NULL) {
        yaml_free(file);
        return NULL;
    }
    s->file = file;
    s->id = strdup(id);
    struct loader l = {s, error};
    *error = (struct cs_error){0};
    if (s->id == NULL || !load(&l)) {
        scenario_free(s);
        return NULL;
    }
    return s;
}

struct scenario *scenario_read(const char *path, const char *id, struct cs_error *error)
{
    return from_file(yaml_read(path, error), id, error);
}

struct scenario *scenario_parse(const char *path, const char *id, const char *text, size_t length,
                                struct cs_error *error)
{
    return from_file(yaml_parse(path, text, length, error), id, error);
}

static void free_words(char **words)
{
    for (char **w = words; w != NULL && *w != NULL; w++)
        free(*w);
    free(words);
}

void scenario_free(struct scenario *s)
{
    if (s == NULL)
        return;
    step_list_free(&s->prepare);
    step_list_free(&s->steps);
    step_list_free(&s->restore);
    char *const texts[] = {s->id, s->name, s->cause, s->spec, s->section, s->level, s->limit.text};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        free(texts[i]);
    for (size_t i = 0; i < ASKS_WORDS; i++)
        free(s->asks.values[i]);
    for (size_t i = 0; i < s->param_count; i++) {
        free(s->params[i].name);
        free(s->params[i].value);
    }
    free_words(s->covers);
    free_words(s->needs);
    yaml_free(s->file);
    free(s);
}

struct scenario *scenario_of_life(struct cs_error *error)
{
    static const char text[] = "name: The device answers\n"
                               "steps:\n"
                               "  - send: CON GET /.well-known/core\n"
                               "  - expect: [any, EMPTY]\n"
                               "    within: 10s\n";
    return scenario_parse("(built in)", "life", text, sizeof text - 1, error);
}
