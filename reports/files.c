/* reports/files.c: reports into files, each written aside and renamed, so that nobody reads half of one. */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/nearest.h"
#include "base/text.h"
#include "reports/report.h"

static bool write_plain_text(const struct report *report, FILE *out)
{
    static const struct report_style style = {.unicode = true, .verbose = true, .width = 100};
    return report_write_text(report, &style, out);
}

static const struct {
    const char *name;
    bool (*write)(const struct report *report, FILE *out);
} formats[] = {
    {"json", report_write_json},
    {"junit", report_write_junit},
    {"text", write_plain_text},
};
enum { FORMATS = sizeof formats / sizeof formats[0] };

static bool find_format(const char *name, size_t *out, struct cs_error *error)
{
    const char *names[FORMATS];
    for (size_t i = 0; i < FORMATS; i++) {
        names[i] = formats[i].name;
        if (strcmp(name, names[i]) == 0) {
            *out = i;
            return true;
        }
    }
    const char *near = cs_nearest(name, names, FORMATS);
    if (near != NULL)
        return cs_error_set(error, "no report is called %s: did you mean %s?", name, near);
    return cs_error_set(error, "no report is called %s: json, junit or text", name);
}

/* Is there something that must not be replaced: a device, a pipe? It is written as it stands. */
static bool is_special(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && !S_ISREG(st.st_mode);
}

static bool write_one(const struct report *report, size_t format, const char *path,
                      struct cs_error *error)
{
    char part[4200], place[PATH_MAX];
    if (realpath(path, place) != NULL) /* a link stays one */
        path = place;
    const bool aside = !is_special(path);
    int n = snprintf(part, sizeof part, "%s%s", path, aside ? ".part" : "");
    if (n < 0 || (size_t)n >= sizeof part)
        return cs_error_set(error, "the name of the report is too long");
    FILE *out = fopen(part, "we");
    bool done = out != NULL && formats[format].write(report, out);
    int saved = errno;
    if (out != NULL && fclose(out) != 0 && done) {
        saved = errno;
        done = false;
    }
    if (done && aside && rename(part, path) != 0) {
        saved = errno;
        done = false;
    }
    if (!done) {
        if (out != NULL && aside)
            unlink(part);
        return cs_error_set(error, "%s: %s", path, strerror(saved));
    }
    return true;
}

bool report_write_file(const struct report *report, const char *format, const char *path,
                       struct cs_error *error)
{
    size_t which = 0;
    *error = (struct cs_error){0};
    return find_format(format, &which, error) && write_one(report, which, path, error);
}

bool report_check_files(const char *list, struct cs_error *error)
{
    return report_write_files(NULL, list, error);
}

bool report_write_files(const struct report *report, const char *list, struct cs_error *error)
{
    struct cs_error one = {0};
    bool fine = true;
    *error = one;
    if (list[0] == '\0')
        return cs_error_set(error, "FORMAT=FILE is due here, such as json=results.json");
    for (const char *at = list; *at != '\0'; at += *at == ',') {
        size_t length = strcspn(at, ","), equals = strcspn(at, "=,");
        char name[32], path[4096];
        size_t format = 0;
        if (equals >= length || equals == 0 || equals + 1 == length || equals >= sizeof name ||
            length - equals - 1 >= sizeof path)
            return cs_error_set(error, "%.*s is not FORMAT=FILE, such as json=results.json",
                                (int)length, at);
        snprintf(name, sizeof name, "%.*s", (int)equals, at);
        snprintf(path, sizeof path, "%.*s", (int)(length - equals - 1), at + equals + 1);
        if (!find_format(name, &format, error))
            return false;
        if (report != NULL && !write_one(report, format, path, &one)) {
            *error = fine ? one : *error; /* the others are written all the same */
            fine = false;
        }
        at += length;
    }
    return fine;
}
