/* What a case has come to. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/run/run.h"
#include "src/plot/step.h"
#include "src/yaml/yaml.h"

static void put_text(char *out, size_t cap, const char *text)
{
    snprintf(out, cap, "%s", text != NULL ? text : "");
}

/* In `restore` nothing counts any more: the case goes on with what is left of it. */
static bool counts(const struct run_case *c)
{
    return c->stage == RUN_PREPARE || c->stage == RUN_STEPS;
}

static void add_packet(struct run_case *c, uint64_t packet)
{
    for (size_t i = 0; i < c->packet_count; i++)
        if (c->packets[i] == packet)
            return;
    if (packet != 0 && c->packet_count < CS_PACKETS_MAX)
        c->packets[c->packet_count++] = packet;
}

static void put_place(struct run_sequence *t, const struct step_text *where, unsigned column)
{
    struct run_case *c = t->owner;
    if (where == NULL && t->depth > 0) {
        const struct run_frame *f = &t->frames[t->depth - 1];
        const struct step *step = &f->list->steps[f->index];
        c->where = (struct step_text){NULL, step->line, step->column};
        c->column = step->column;
    } else if (where != NULL) {
        c->where = *where;
        c->column = where->column + (column > 0 ? column - 1 : 0);
    }
}

void run_fail(struct run_sequence *t, const struct run_failure *failure, const char *format, ...)
{
    struct run_case *c = t->owner;
    c->broken = true;
    if (!counts(c))
        return;
    va_list args;
    va_start(args, format);
    vsnprintf(c->reason, sizeof c->reason, format, args);
    va_end(args);
    c->verdict = REPORT_FAIL;
    if (failure->unknown)
        c->verdict = REPORT_INCONCLUSIVE;
    uint64_t late_ns = c->run->local && c->busy_ns > c->late_ns ? c->busy_ns : c->late_ns;
    if (failure->timing && late_ns > RUN_LATE_MAX_NS) {
        size_t n = strlen(c->reason);
        c->verdict = REPORT_INCONCLUSIVE;
        snprintf(c->reason + n, sizeof c->reason - n, "; but our own clock was late by %llu ms",
                 (unsigned long long)(late_ns / NET_MS));
    } else if (c->run->profile->client && !c->heard) {
        c->verdict = REPORT_INCONCLUSIVE; /* nobody told it to speak, or it is not there */
        snprintf(c->reason, sizeof c->reason, "nothing at all came from the client");
    } else if (c->stage == RUN_PREPARE) {
        char reason[sizeof c->reason];
        put_text(reason, sizeof reason, c->reason);
        c->verdict = REPORT_INCONCLUSIVE;
        snprintf(c->reason, sizeof c->reason, "the ground for it could not be prepared: %.440s",
                 reason);
    }
    put_text(c->expected, sizeof c->expected, failure->expected);
    put_text(c->got, sizeof c->got, failure->got);
    put_place(t, failure->where, failure->column);
    c->octet = CS_NO_OCTET;
    if (t->sent != NULL)
        add_packet(c, t->sent->packet);
    const struct run_message *m = failure->message;
    if (m == NULL)
        return;
    add_packet(c, m->packet);
    size_t length = m->message.octets.len;
    c->octet_count = length < sizeof c->octets ? length : sizeof c->octets;
    if (c->octet_count > 0)
        memcpy(c->octets, m->octets, c->octet_count);
    c->octet = failure->octet;
}

void run_bench_error(struct run_sequence *t, const struct step_text *where, unsigned column,
                     const char *format, ...)
{
    struct run_case *c = t->owner;
    c->broken = true;
    if (!counts(c))
        return;
    va_list args;
    va_start(args, format);
    vsnprintf(c->reason, sizeof c->reason, format, args);
    va_end(args);
    c->verdict = REPORT_ERROR;
    put_place(t, where, column);
}

static char *copy(const char *text)
{
    return text != NULL && text[0] != '\0' ? strdup(text) : NULL;
}

static char **copy_words(char **words)
{
    size_t n = 0;
    while (words[n] != NULL)
        n++;
    char **out = calloc(n + 1, sizeof *out);
    for (size_t i = 0; out != NULL && i < n; i++)
        out[i] = strdup(words[i]);
    return out;
}

void run_case_describe(const struct scenario *s, struct report_case *out)
{
    out->name = strdup(s->name);
    out->file = strdup(s->file->path);
    out->covers = copy_words(s->covers);
    out->advice = s->advice;
    out->spec = copy(s->spec);
    out->section = copy(s->section);
    out->level = copy(s->level);
    out->octet = CS_NO_OCTET;
    out->verdict = REPORT_NOT_EXERCISED;
}

void run_case_report(const struct run_case *c, struct report_case *out)
{
    out->verdict = c->verdict;
    free(out->reason);
    out->reason = c->verdict != REPORT_PASS ? copy(c->reason) : NULL;
    out->duration_ns = c->ended_ns > c->began_ns ? c->ended_ns - c->began_ns : 0;
    out->late_ns = c->late_ns;
    out->attempts = 1;
    if (c->verdict == REPORT_PASS)
        return;
    out->expected = copy(c->expected);
    out->got = copy(c->got);
    out->cause = c->verdict == REPORT_FAIL ? copy(c->scenario->cause) : NULL;
    out->line = c->where.line;
    out->column = c->column;
    out->source_line = yaml_line(c->scenario->file, c->where.line);
    out->packet_count = c->packet_count;
    memcpy(out->packets, c->packets, sizeof out->packets);
    out->octet_count = c->octet_count;
    memcpy(out->octets, c->octets, sizeof out->octets);
    out->octet = c->octet;
}
