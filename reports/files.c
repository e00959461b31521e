/* reports/files.c: reports into files, each written aside and renamed, so that nobody reads half of one. */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/nearest.h"
#include "base/text.h"
#include "reports/formats.h"

static const struct report_format *find_format(const char *name, struct cs_error *error)
{
    const struct report_format *format = report_format(name);
    if (format != NULL && (format->uses & REPORT_FILED) != 0)
        return format;
    const char *names[REPORT_FORMATS_MAX];
    const size_t count = report_format_names(REPORT_FILED, names);
    const char *near = cs_nearest(name, names, count);
    char buf[128];
    struct cs_text list;
    cs_text_init(&list, buf, sizeof buf);
    for (size_t i = 0; i < count; i++)
        cs_text_add(&list, "%s%s", i == 0 ? "" : i + 1 == count ? " or " : ", ", names[i]);
    if (near != NULL)
        cs_error_set(error, "no report is called %s: did you mean %s?", name, near);
    else
        cs_error_set(error, "no report is called %s: %s", name, buf);
    return NULL;
}

/* Is there something that must not be replaced: a device, a pipe? It is written as it stands. */
static bool is_special(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && !S_ISREG(st.st_mode);
}

static bool write_one(const struct report *report, const struct report_format *format,
                      const char *path, struct cs_error *error)
{
    static const struct report_style style = {.unicode = true, .verbose = true, .width = 100};
    char part[4200], place[PATH_MAX];
    if (realpath(path, place) != NULL) /* a link stays one */
        path = place;
    const bool aside = !is_special(path);
    int n = snprintf(part, sizeof part, "%s%s", path, aside ? ".part" : "");
    if (n < 0 || (size_t)n >= sizeof part)
        return cs_error_set(error, "the name of the report is too long");
    FILE *out = fopen(part, "we");
    bool done = out != NULL && format->write(report, &style, out);
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

bool report_write_file(const struct report *report, const struct report_format *format,
                       const char *path, struct cs_error *error)
{
    *error = (struct cs_error){0};
    return write_one(report, format, path, error);
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
        if (equals >= length || equals == 0 || equals + 1 == length || equals >= sizeof name ||
            length - equals - 1 >= sizeof path)
            return cs_error_set(error, "%.*s is not FORMAT=FILE, such as json=results.json",
                                (int)length, at);
        snprintf(name, sizeof name, "%.*s", (int)equals, at);
        snprintf(path, sizeof path, "%.*s", (int)(length - equals - 1), at + equals + 1);
        const struct report_format *format = find_format(name, error);
        if (format == NULL)
            return false;
        if (report != NULL && !write_one(report, format, path, &one)) {
            *error = fine ? one : *error; /* the others are written all the same */
            fine = false;
        }
        at += length;
    }
    return fine;
}
