/* src/check/key_log.c: see key_log.h. */
#include "src/check/key_log.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_MAX_OCTETS = 1024 }; /* of a line; those of TLS have no more than 250 */

struct key_log {
    FILE *in;
    struct cs_secrets *secrets;
    unsigned line;
    size_t length; /* of the line so far */
    char path[192];
    char text[LINE_MAX_OCTETS];
};

static bool fail(const struct key_log *log, const char *what, struct cs_error *error)
{
    snprintf(error->file, sizeof error->file, "%s", log->path);
    snprintf(error->text, sizeof error->text, "%s", what);
    return false;
}

struct key_log *key_log_open(const char *path, struct cs_secrets *secrets, struct cs_error *error)
{
    struct key_log *log = calloc(1, sizeof *log);
    *error = (struct cs_error){0};
    if (log == NULL) {
        snprintf(error->text, sizeof error->text, "out of memory");
        return NULL;
    }
    snprintf(log->path, sizeof log->path, "%s", path);
    log->secrets = secrets;
    log->in = fopen(path, "r");
    if (log->in != NULL)
        return log;
    fail(log, strerror(errno), error);
    free(log);
    return NULL;
}

void key_log_close(struct key_log *log)
{
    if (log == NULL)
        return;
    fclose(log->in);
    free(log);
}

static bool take_line(struct key_log *log, struct cs_error *error)
{
    const struct cs_slice line = {(const uint8_t *)log->text, log->length};
    *error = (struct cs_error){0};
    log->line++;
    log->length = 0;
    if (cs_secrets_line(log->secrets, line, error))
        return true;
    error->line = log->line;
    snprintf(error->file, sizeof error->file, "%s", log->path);
    return false;
}

bool key_log_read(struct key_log *log, bool last, struct cs_error *error)
{
    int c;
    clearerr(log->in); /* it may have grown */
    while ((c = getc(log->in)) != EOF) {
        if (log->length < sizeof log->text - 1)
            log->text[log->length++] = (char)c;
        if (c == '\n' && !take_line(log, error))
            return false;
    }
    if (ferror(log->in))
        return fail(log, strerror(errno), error);
    return !last || log->length == 0 || take_line(log, error);
}
