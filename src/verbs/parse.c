/* From YAML to steps. Everything that can be wrong with a step is found here, before anything is sent. */
#include "src/verbs/parse.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"
#include "src/verbs/check_text.h"

static bool fail_node(struct step_parse *p, const struct yaml_node *node, const char *text)
{
    return yaml_fail(p->scenario->file, node->line, node->column, p->error, "%s", text);
}

static bool copy_text(struct step_parse *p, const struct yaml_node *node, struct step_text *out)
{
    if (node->kind != YAML_SCALAR)
        return fail_node(p, node, "one text is due here, not a list or a mapping");
    if (node->text[0] == '\0')
        return fail_node(p, node, "there is nothing behind the colon");
    *out = (struct step_text){strdup(node->text), node->line, node->column};
    return out->text != NULL || fail_node(p, node, "out of memory");
}

/* ------------------------------------------------------------------ names that scenarios make */

bool step_declare(struct step_parse *p, unsigned line, unsigned column, const char *name,
                  const char *sample)
{
    if (names_length(name) != strlen(name) || name[0] == '\0' || strlen(name) > STEP_NAME_MAX)
        return yaml_fail(p->scenario->file, line, column, p->error,
                         "'%.40s' is no name: a letter, then letters, digits and underscores, 31 "
                         "at most",
                         name);
    for (size_t i = 0; i < p->declared_count; i++)
        if (strcmp(p->declared[i].name, name) == 0) {
            p->declared[i].sample = sample;
            return true;
        }
    if (p->declared_count == STEP_DECLARED_MAX)
        return yaml_fail(p->scenario->file, line, column, p->error,
                         "too many names in one scenario");
    p->declared[p->declared_count].name = name;
    p->declared[p->declared_count++].sample = sample;
    return true;
}

static bool parse_saves(struct step_parse *p, const struct yaml_node *node, struct step *step)
{
    if (node->kind != YAML_MAPPING || node->count == 0)
        return fail_node(p, node, "a mapping is due here, as in {tag: etag}");
    for (const struct yaml_node *n = node->first; n != NULL; n = n->next) {
        if (step->save_count == STEP_SAVES_MAX)
            return fail_node(p, n, "too many names at once");
        if (n->kind != YAML_SCALAR)
            return fail_node(p, n, "the name of a field is due here");
        const char *sample = step_field_sample(n->text);
        if (sample == NULL) {
            const char *near = step_field_nearest(n->text);
            return yaml_fail(p->scenario->file, n->line, n->column, p->error,
                             "a message has no field '%.40s'%s%s%s", n->text,
                             near != NULL ? ": did you mean " : "", near != NULL ? near : "",
                             near != NULL ? "?" : "");
        }
        step->saves[step->save_count].name = strdup(n->key);
        step->saves[step->save_count].field = strdup(n->text);
        step->save_count++;
        if (!step_declare(p, n->key_line, n->key_column, step->saves[step->save_count - 1].name,
                          sample))
            return false;
    }
    return true;
}

static bool parse_each(struct step_parse *p, const struct yaml_node *node, struct step *step)
{
    const struct yaml_node *values =
        node->kind == YAML_MAPPING && node->count == 1 ? node->first : NULL;
    if (values == NULL || values->kind != YAML_SEQUENCE || values->count == 0)
        return fail_node(p, node, "one name and its values are due here, as in {code: [GET, PUT]}");
    step->variable = strdup(values->key);
    step->each = calloc(values->count, sizeof *step->each);
    if (step->variable == NULL || step->each == NULL)
        return fail_node(p, node, "out of memory");
    for (const struct yaml_node *n = values->first; n != NULL; n = n->next) {
        if (n->kind != YAML_SCALAR)
            return fail_node(p, n, "one text is due here, not a list or a mapping");
        step->each[step->each_count] = (struct step_text){strdup(n->text), n->line, n->column};
        if (step->each[step->each_count++].text == NULL)
            return fail_node(p, n, "out of memory");
    }
    return step_declare(p, values->key_line, values->key_column, step->variable,
                        step->each[0].text);
}

/* Steps stand inside steps, SCENARIO_NEST_MAX deep at most: step_parse_list() refuses more. */
/* NOLINTBEGIN(misc-no-recursion) */
static bool parse_branches(struct step_parse *p, const struct yaml_node *node, struct step *step)
{
    if (node->kind != YAML_SEQUENCE || node->count < 2 || node->count >= RUN_SEQUENCES_MAX)
        return fail_node(p, node, "a list of at least two lists of steps is due here");
    step->branches = calloc(node->count, sizeof *step->branches);
    if (step->branches == NULL)
        return fail_node(p, node, "out of memory");
    for (const struct yaml_node *n = node->first; n != NULL; n = n->next)
        if (!step_parse_list(p, n, &step->branches[step->branch_count++]))
            return false;
    return true;
}

/* ------------------------------------------------------------------ keys */

static bool parse_flag(struct step_parse *p, const struct yaml_node *node, bool *out)
{
    static const char *const yes[] = {"yes", "true", "on"}, *const no[] = {"no", "false", "off"};
    for (size_t i = 0; node->kind == YAML_SCALAR && i < 3; i++) {
        if (strcmp(node->text, yes[i]) == 0) {
            *out = true;
            return true;
        }
        if (strcmp(node->text, no[i]) == 0) {
            *out = false;
            return true;
        }
    }
    return fail_node(p, node, "yes or no is due here");
}

static bool parse_answer(struct step_parse *p, const struct yaml_node *node, struct step *step)
{
    static const char *const words[] = {
        [STEP_ANSWER_ACK] = "ACK", [STEP_ANSWER_RST] = "RST", [STEP_ANSWER_NONE] = "none"};
    for (int i = STEP_ANSWER_ACK; node->kind == YAML_SCALAR && i <= STEP_ANSWER_NONE; i++)
        if (strcmp(node->text, words[i]) == 0) {
            step->answer = (enum step_answer)i;
            return true;
        }
    return fail_node(p, node, "ACK, RST or none is due here");
}

static bool parse_over(struct step_parse *p, const struct yaml_node *node, struct step *step)
{
    if (node->kind == YAML_SCALAR &&
        (strcmp(node->text, "coap") == 0 || strcmp(node->text, "coaps") == 0))
        return copy_text(p, node, &step->over);
    return fail_node(p, node, "coap or coaps is due here");
}

static bool parse_negated(struct step_parse *p, const struct yaml_node *node, bool *out)
{
    bool value = true, fine = parse_flag(p, node, &value);
    *out = !value;
    return fine;
}

static bool parse_key(struct step_parse *p, const struct yaml_node *node, unsigned bit,
                      struct step *step)
{
    switch (bit) {
    case STEP_KEY_WITHIN:
        return copy_text(p, node, &step->within) && step_check_duration(p, &step->within);
    case STEP_KEY_AFTER:
        return copy_text(p, node, &step->after) && step_check_duration(p, &step->after);
    case STEP_KEY_BY:
        return copy_text(p, node, &step->by) && step_check_duration(p, &step->by);
    case STEP_KEY_FROM:
        return copy_text(p, node, &step->from) && step_check_name(p, &step->from);
    case STEP_KEY_AS:
        return copy_text(p, node, &step->as) && step_check_name(p, &step->as);
    case STEP_KEY_OF:
        return copy_text(p, node, &step->of) && step_check_name(p, &step->of);
    case STEP_KEY_TIMES:
        return copy_text(p, node, &step->times) && step_check_number(p, &step->times, 1, 100000);
    case STEP_KEY_FILL:
        return copy_text(p, node, &step->fill) && step_check_number(p, &step->fill, 1, 65000);
    case STEP_KEY_MATCHING:
    case STEP_KEY_EXPECT:
        return copy_text(p, node, &step->matching) &&
               step_check_line(p, &step->matching, true, false);
    case STEP_KEY_ANSWER:
        return parse_answer(p, node, step);
    case STEP_KEY_AGAIN:
        return parse_flag(p, node, &step->again);
    case STEP_KEY_OPTIONAL:
        return parse_flag(p, node, &step->optional);
    case STEP_KEY_RETRANSMIT:
        return parse_negated(p, node, &step->no_retransmit);
    case STEP_KEY_OVER:
        return parse_over(p, node, step);
    case STEP_KEY_CLEAR:
        return parse_flag(p, node, &step->in_clear);
    case STEP_KEY_SESSION:
        step->other_session = node->kind == YAML_SCALAR && strcmp(node->text, "another") == 0;
        return step->other_session || fail_node(p, node, "the word another is due here");
    case STEP_KEY_SAVE:
        return parse_saves(p, node, step);
    case STEP_KEY_STEPS:
        return step_parse_list(p, node, &step->body);
    case STEP_KEY_ELSE:
        return step_parse_list(p, node, &step->otherwise);
    default:
        return fail_node(p, node, "this key is not read");
    }
}

static bool unknown_key(struct step_parse *p, const struct yaml_node *node,
                        const struct step_verb *verb)
{
    const char *words[32];
    size_t count, n = 0;
    const struct step_key *keys = step_keys(&count);
    for (size_t i = 0; i < count; i++)
        if ((verb->keys & keys[i].bit) != 0)
            words[n++] = keys[i].name;
    const char *near = cs_nearest(node->key, words, n);
    if (near != NULL)
        return yaml_fail(p->scenario->file, node->key_line, node->key_column, p->error,
                         "%s takes no '%.40s': did you mean %s?", verb->name, node->key, near);
    return yaml_fail(p->scenario->file, node->key_line, node->key_column, p->error,
                     "%s takes no '%.40s' (each step begins with a - of its own)", verb->name,
                     node->key);
}

static bool parse_keys(struct step_parse *p, const struct yaml_node *first, struct step *step)
{
    size_t count;
    unsigned seen = 0;
    const struct step_key *keys = step_keys(&count);
    for (const struct yaml_node *n = first; n != NULL; n = n->next) {
        size_t i = 0;
        while (i < count &&
               (strcmp(keys[i].name, n->key) != 0 || (step->verb->keys & keys[i].bit) == 0))
            i++;
        if (i == count)
            return unknown_key(p, n, step->verb);
        seen |= keys[i].bit;
        if (!parse_key(p, n, keys[i].bit, step))
            return false;
    }
    for (size_t i = 0; i < count; i++)
        if ((step->verb->needs & keys[i].bit & ~seen) != 0)
            return yaml_fail(p->scenario->file, step->line, step->column, p->error,
                             "%s needs '%s:'", step->verb->name, keys[i].name);
    return true;
}

/* ------------------------------------------------------------------ values */

static bool parse_texts(struct step_parse *p, const struct yaml_node *node, struct step *step)
{
    const bool list = step->verb->value == STEP_VALUE_TEXTS;
    if (list && (node->kind != YAML_SEQUENCE || node->count < 2))
        return fail_node(p, node, "a list of at least two values is due here");
    if (node->kind != YAML_SEQUENCE || (!list && step->verb->value != STEP_VALUE_EXPECTATION)) {
        step->value_count = 1;
        return copy_text(p, node, &step->values[0]);
    }
    for (const struct yaml_node *n = node->first; n != NULL; n = n->next) {
        if (step->value_count == STEP_ALTERNATIVES_MAX)
            return fail_node(p, n, "too many alternatives");
        if (!copy_text(p, n, &step->values[step->value_count++]))
            return false;
    }
    return step->value_count > 0 || fail_node(p, node, "there is nothing in the list");
}

static bool parse_value(struct step_parse *p, const struct yaml_node *node, struct step *step)
{
    switch (step->verb->value) {
    case STEP_VALUE_SAVES:
        return parse_saves(p, node, step);
    case STEP_VALUE_EACH:
        return parse_each(p, node, step);
    case STEP_VALUE_BRANCHES:
        return parse_branches(p, node, step);
    default:
        break;
    }
    if (!parse_texts(p, node, step))
        return false;
    for (size_t i = 0; i < step->value_count; i++)
        if (!step_check_value(p, step, &step->values[i]))
            return false;
    if (step->verb->value == STEP_VALUE_SOCKET)
        return step_declare(p, node->line, node->column, step->values[0].text,
                            "coap://127.0.0.1:5683");
    return true;
}

static bool unknown_verb(struct step_parse *p, const struct yaml_node *node)
{
    const char *words[64];
    size_t count;
    const struct step_verb *const *verbs = step_verbs(&count);
    for (size_t i = 0; i < count && i < 64; i++)
        words[i] = verbs[i]->name;
    const char *near = cs_nearest(node->key, words, count);
    return yaml_fail(p->scenario->file, node->key_line, node->key_column, p->error,
                     "no step is called '%.40s'%s%s%s", node->key,
                     near != NULL ? ": did you mean " : "", near != NULL ? near : "",
                     near != NULL ? "?" : "");
}

static bool parse_step(struct step_parse *p, const struct yaml_node *node, struct step *step)
{
    if (node->kind != YAML_MAPPING || node->count == 0)
        return fail_node(p, node, "a step is a verb and its value, as in - send: GET /test");
    if (++p->steps > SCENARIO_STEPS_MAX)
        return fail_node(p, node, "too many steps");
    const struct yaml_node *first = node->first;
    step->line = first->key_line;
    step->column = first->key_column;
    step->verb = step_verb_by_name(first->key);
    if (step->verb == NULL)
        return unknown_verb(p, first);
    return parse_value(p, first, step) && parse_keys(p, first->next, step);
}

bool step_parse_list(struct step_parse *p, const struct yaml_node *node, struct step_list *out)
{
    if (node->kind != YAML_SEQUENCE || node->count == 0)
        return fail_node(p, node, "a list of steps is due here");
    if (p->depth == SCENARIO_NEST_MAX)
        return fail_node(p, node, "steps inside steps, too deep");
    out->steps = calloc(node->count, sizeof *out->steps);
    if (out->steps == NULL)
        return fail_node(p, node, "out of memory");
    p->depth++;
    bool fine = true;
    for (const struct yaml_node *n = node->first; fine && n != NULL; n = n->next)
        fine = parse_step(p, n, &out->steps[out->count++]);
    p->depth--;
    return fine;
}

/* ------------------------------------------------------------------ the end of it */

static void free_step(struct step *step)
{
    struct step_text *const texts[] = {&step->within,   &step->after, &step->by,    &step->from,
                                       &step->as,       &step->of,    &step->times, &step->fill,
                                       &step->matching, &step->over};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        free(texts[i]->text);
    for (size_t i = 0; i < step->value_count; i++)
        free(step->values[i].text);
    for (size_t i = 0; i < step->each_count; i++)
        free(step->each[i].text);
    for (size_t i = 0; i < step->save_count; i++) {
        free(step->saves[i].name);
        free(step->saves[i].field);
    }
    for (size_t i = 0; i < step->branch_count; i++)
        step_list_free(&step->branches[i]);
    step_list_free(&step->body);
    step_list_free(&step->otherwise);
    free(step->branches);
    free(step->each);
    free(step->variable);
}

void step_list_free(struct step_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        free_step(&list->steps[i]);
    free(list->steps);
    *list = (struct step_list){0};
}
/* NOLINTEND(misc-no-recursion) */
