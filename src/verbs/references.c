/* What steps say of each other is held against what was said before. */
#include "src/verbs/references.h"

#include <stdio.h>
#include <string.h>

#include "base/nearest.h"

enum { WORDS_MAX = SCENARIO_STEPS_MAX + 8 };

struct words {
    const char *at[WORDS_MAX]; /* borrowed */
    size_t count;
};

/* What there is when a step begins. */
struct known {
    struct step_parse *p;
    struct words messages, sockets, intervals;
    size_t opened;       /* sockets of a case are never given back */
    bool taken, request; /* of the sequence of steps that is looked at */
    bool certain;        /* each step here is gone through, once, after those before it */
};

static bool has(const struct words *words, const char *word)
{
    for (size_t i = 0; i < words->count; i++)
        if (strcmp(words->at[i], word) == 0)
            return true;
    return false;
}

static bool add(struct words *words, const char *word)
{
    if (has(words, word) || words->count == WORDS_MAX)
        return false;
    words->at[words->count++] = word;
    return true;
}

static void take_away(struct words *words, const char *word)
{
    for (size_t i = 0; i < words->count; i++)
        if (strcmp(words->at[i], word) == 0)
            words->at[i] = words->at[--words->count];
}

/* ------------------------------------------------------------------ what is not there */

static bool missing(struct known *k, const struct step_text *text, const struct words *words,
                    const char *what, const char *how)
{
    const char *near = cs_nearest(text->text, words->at, words->count);
    return yaml_fail(k->p->scenario->file, text->line, text->column, k->p->error,
                     "no %s is called '%.40s' so far: %s%s%s", what, text->text,
                     near != NULL ? "did you mean " : how, near != NULL ? near : "",
                     near != NULL ? "?" : "");
}

static bool fail(struct known *k, const struct step *step, const char *why)
{
    return yaml_fail(k->p->scenario->file, step->line, step->column, k->p->error, "%s", why);
}

static bool check_wants(struct known *k, const struct step *step)
{
    const unsigned does = step->verb->does;
    if (step->of.text != NULL && !has(&k->messages, step->of.text))
        return missing(k, &step->of, &k->messages, "message of ours", "`as` names them");
    if (step->from.text != NULL && !has(&k->sockets, step->from.text))
        return missing(k, &step->from, &k->sockets, "open socket", "`connect` opens them");
    if ((does & STEP_CLOSES) != 0 && !has(&k->sockets, step->values[0].text))
        return missing(k, &step->values[0], &k->sockets, "open socket", "`connect` opens them");
    if ((does & STEP_SENDS) != 0 && k->sockets.count == 0)
        return fail(k, step, "all our sockets are closed by now");
    if ((does & STEP_WANTS_INTERVAL) != 0 && !has(&k->intervals, step->values[0].text))
        return missing(k, &step->values[0], &k->intervals, "interval",
                       "save: {NAME: interval} names them");
    if ((does & STEP_WANTS_TAKEN) != 0 && !k->taken)
        return fail(k, step,
                    "nothing was taken so far that could be saved: expect, check or await does");
    if ((does & STEP_WANTS_REQUEST) != 0 && !k->request)
        return fail(k, step, "no request was awaited so far that could be replied to");
    return true;
}

/* ------------------------------------------------------------------ what there is afterwards */

static bool note(struct known *k, const struct step *step)
{
    const unsigned does = step->verb->does;
    if (step->as.text != NULL)
        add(&k->messages, step->as.text);
    for (size_t i = 0; i < step->save_count; i++)
        if (strcmp(step->saves[i].field, "interval") == 0)
            add(&k->intervals, step->saves[i].name);
    if ((does & STEP_OPENS) != 0 && add(&k->sockets, step->values[0].text) &&
        ++k->opened > RUN_ENDPOINTS_MAX)
        return fail(k, step, "too many sockets in one scenario");
    if ((does & STEP_CLOSES) != 0 && k->certain)
        take_away(&k->sockets, step->values[0].text);
    k->taken = k->taken || (does & STEP_TAKES) != 0;
    k->request = k->request || (does & STEP_AWAITS) != 0;
    return true;
}

/* Steps stand inside steps, SCENARIO_NEST_MAX deep at most: step_parse_list() refuses more. */
/* NOLINTBEGIN(misc-no-recursion) */

/* The names that a list gives, wherever they stand in it: what runs beside it may wait for them. */
static void note_all(struct known *k, const struct step_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct step *step = &list->steps[i];
        if (step->as.text != NULL)
            add(&k->messages, step->as.text);
        if ((step->verb->does & STEP_OPENS) != 0)
            add(&k->sockets, step->values[0].text);
        for (size_t n = 0; n < step->save_count; n++)
            if (strcmp(step->saves[n].field, "interval") == 0)
                add(&k->intervals, step->saves[n].name);
        note_all(k, &step->body);
        note_all(k, &step->otherwise);
        for (size_t n = 0; n < step->branch_count; n++)
            note_all(k, &step->branches[n]);
    }
}

/* How many sequences of steps may run at once in a list, itself included. */
static size_t width(const struct step_list *list)
{
    size_t most = 1;
    for (size_t i = 0; i < list->count; i++) {
        const struct step *step = &list->steps[i];
        size_t body = width(&step->body), otherwise = width(&step->otherwise), beside = 1;
        for (size_t n = 0; n < step->branch_count; n++)
            beside += width(&step->branches[n]);
        most = body > most ? body : most;
        most = otherwise > most ? otherwise : most;
        most = beside > most ? beside : most;
    }
    return most;
}

static bool check_list(struct known *k, const struct step_list *list);

static bool check_branches(struct known *k, const struct step *step)
{
    const bool taken = k->taken, request = k->request;
    for (size_t i = 0; i < step->branch_count; i++)
        note_all(k, &step->branches[i]);
    for (size_t i = 0; i < step->branch_count; i++) {
        if (!check_list(k, &step->branches[i]))
            return false;
        k->taken = taken; /* each sequence has a last message of its own */
        k->request = request;
    }
    return true;
}

static bool check_list(struct known *k, const struct step_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct step *step = &list->steps[i];
        const bool certain = k->certain;
        if (!check_wants(k, step) || !note(k, step))
            return false;
        k->certain = certain && step->branch_count == 0 && step->otherwise.count == 0 &&
                     step->body.count == 0;
        if (!check_branches(k, step) || !check_list(k, &step->body) ||
            !check_list(k, &step->otherwise))
            return false;
        k->certain = certain;
    }
    return true;
}
/* NOLINTEND(misc-no-recursion) */

bool step_check_references(struct step_parse *p)
{
    const struct step_list *const stages[] = {&p->scenario->prepare, &p->scenario->steps,
                                              &p->scenario->restore};
    struct known known = {.p = p, .sockets = {{"first"}, 1}, .opened = 1, .certain = true};
    for (size_t i = 0; i < sizeof stages / sizeof stages[0]; i++) {
        if (stages[i]->count > 0 && width(stages[i]) > RUN_SEQUENCES_MAX)
            return fail(&known, &stages[i]->steps[0], "too many branches at once");
        if (!check_list(&known, stages[i]))
            return false;
    }
    return true;
}
