/* Every datagram of a run, as a capture. */
#include "src/run/evidence.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { COMMENTS_MAX = 16, COMMENT_CAP = 512 };

static bool fail(const struct run_evidence *evidence, int code, struct cs_error *error)
{
    snprintf(error->file, sizeof error->file, "%.180s", evidence->path);
    snprintf(error->text, sizeof error->text, "cannot write: %s", strerror(code));
    return false;
}

bool run_evidence_open(struct run_evidence *evidence, const char *path, const char *about,
                       struct cs_error *error)
{
    *evidence = (struct run_evidence){.about = about};
    if (path == NULL)
        return true;
    snprintf(evidence->path, sizeof evidence->path, "%s", path);
    snprintf(evidence->part, sizeof evidence->part, "%s.part", path);
    evidence->out = fopen(evidence->part, "wb");
    if (evidence->out == NULL)
        return fail(evidence, errno, error);
    cs_pcapng_begin(&evidence->writer, evidence->out, "coapspec " COAPSPEC_VERSION, about);
    return true;
}

uint64_t run_evidence_add(struct run_evidence *evidence, const struct cs_datagram *datagram)
{
    if (evidence->out != NULL)
        cs_pcapng_datagram(&evidence->writer, datagram, NULL, 0);
    return ++evidence->packets;
}

void run_evidence_add_frame(struct run_evidence *evidence, const struct cs_frame *frame)
{
    if (evidence->out != NULL)
        cs_pcapng_frame(&evidence->writer, frame, NULL, 0);
    evidence->packets++;
}

void run_evidence_secret(struct run_evidence *evidence, const char *line)
{
    char text[512];
    const int n = snprintf(text, sizeof text, "%s\n", line);
    if (evidence->out != NULL && n > 0 && (size_t)n < sizeof text)
        cs_pcapng_secrets(&evidence->writer, (struct cs_slice){(const uint8_t *)text, (size_t)n});
}

void run_evidence_drops(struct run_evidence *evidence, uint16_t link_type, uint64_t kernel,
                        uint64_t interface)
{
    if (evidence->out != NULL)
        cs_pcapng_drops(&evidence->writer, link_type, kernel, interface);
}

/* ------------------------------------------------------------------ comments */

/* What there is to say about one packet. Sorted by packet. */
struct note {
    uint64_t packet;
    char text[COMMENT_CAP];
};

struct notes {
    struct note *at;
    size_t count, cap;
};

static void add_note(struct notes *notes, uint64_t packet, const char *verdict, const char *id,
                     const char *text)
{
    if (packet == 0)
        return;
    if (notes->count == notes->cap) {
        size_t cap = notes->cap * 2 + 64;
        struct note *at = realloc(notes->at, cap * sizeof *at);
        if (at == NULL)
            return; /* a comment less */
        notes->at = at;
        notes->cap = cap;
    }
    struct note *note = &notes->at[notes->count++];
    note->packet = packet;
    snprintf(note->text, sizeof note->text, "coapspec: %s: %s: %s", verdict, id, text);
}

static int by_packet(const void *a, const void *b)
{
    const struct note *x = a, *y = b;
    return x->packet < y->packet ? -1 : x->packet > y->packet;
}

static struct notes collect(const struct report *report)
{
    struct notes notes = {0};
    for (size_t i = 0; i < report->finding_count; i++) {
        const struct report_finding *f = &report->findings[i];
        add_note(&notes, f->packet, report_verdict_text(report_finding_verdict(report, f)),
                 f->rule->id, f->why);
    }
    for (size_t i = 0; i < report->case_count; i++) {
        const struct report_case *c = &report->cases[i];
        if (c->reason == NULL)
            continue;
        for (size_t p = 0; p < c->packet_count; p++)
            add_note(&notes, c->packets[p], report_verdict_text(report_case_verdict(report, c)),
                     c->id, c->reason);
    }
    if (notes.count > 0)
        qsort(notes.at, notes.count, sizeof *notes.at, by_packet);
    return notes;
}

/* Says again what was lost so far, if that is more than before. */
static void copy_drops(struct run_evidence *evidence, const struct cs_source *source,
                       uint16_t link_type, uint64_t *dropped)
{
    struct cs_source_status status = cs_source_status(source);
    if (status.dropped_kernel + status.dropped_interface <= *dropped)
        return;
    *dropped = status.dropped_kernel + status.dropped_interface;
    cs_pcapng_drops(&evidence->writer, link_type, status.dropped_kernel, status.dropped_interface);
}

static void copy_secrets(void *user, struct cs_slice text) { cs_pcapng_secrets(user, text); }

static bool copy_with_notes(struct run_evidence *evidence, struct cs_source *source, FILE *out,
                            const struct notes *notes, struct cs_error *error)
{
    struct cs_frame frames[32];
    size_t next = 0;
    uint64_t dropped = 0;
    int n;
    cs_pcapng_begin(&evidence->writer, out, "coapspec " COAPSPEC_VERSION, evidence->about);
    cs_source_on_secrets(source, copy_secrets, &evidence->writer);
    while ((n = cs_source_next(source, frames, 32, error)) > 0) {
        for (int i = 0; i < n; i++) {
            const char *comments[COMMENTS_MAX];
            size_t count = 0;
            while (next < notes->count && notes->at[next].packet < frames[i].number)
                next++;
            for (; next < notes->count && notes->at[next].packet == frames[i].number; next++)
                if (count < COMMENTS_MAX)
                    comments[count++] = notes->at[next].text;
            cs_pcapng_frame(&evidence->writer, &frames[i], comments, count);
        }
        copy_drops(evidence, source, frames[n - 1].link_type, &dropped);
    }
    copy_drops(evidence, source, evidence->writer.link_types[0], &dropped);
    return n == CS_SOURCE_END && !evidence->writer.failed;
}

bool run_evidence_close(struct run_evidence *evidence, const struct report *report,
                        struct cs_error *error)
{
    if (evidence->out == NULL)
        return true;
    int failed = evidence->writer.failed ? evidence->writer.saved_errno : 0;
    if (fclose(evidence->out) != 0 && failed == 0)
        failed = errno;
    evidence->out = NULL;
    if (failed != 0)
        return fail(evidence, failed, error);

    char again[544];
    snprintf(again, sizeof again, "%s.noted.part", evidence->path);
    struct notes notes = collect(report);
    struct cs_source *source = cs_source_file(evidence->part, error);
    FILE *out = source != NULL ? fopen(again, "wb") : NULL;
    bool fine = out != NULL && copy_with_notes(evidence, source, out, &notes, error);
    if (out != NULL && fclose(out) != 0)
        fine = false;
    cs_source_free(source);
    free(notes.at);
    /* the plain one takes the place if the other could not be written */
    if (rename(fine ? again : evidence->part, evidence->path) != 0)
        return fail(evidence, errno, error);
    remove(fine ? evidence->part : again);
    return fine || fail(evidence, errno, error);
}
