/* reports/formats.c: the table of the formats in which a document is written. */
#include "reports/formats.h"

#include <assert.h>
#include <string.h>

#include "reports/json/json.h"
#include "reports/junit.h"
#include "reports/text/text.h"

static bool write_json(const struct report *report, const struct report_style *style, FILE *out)
{
    (void)style;
    return report_write_json(report, out);
}

static bool write_junit(const struct report *report, const struct report_style *style, FILE *out)
{
    (void)style;
    return report_write_junit(report, out);
}

static bool write_summary(const struct report *report, const struct report_style *style, FILE *out)
{
    (void)style;
    return report_write_summary_line(report, out);
}

static void write_finding_line(const struct report *report, const struct report_style *style,
                               const struct report_finding *finding, FILE *out)
{
    (void)style;
    report_write_finding_line(report, finding, out);
}

const struct report_format report_formats[] = {
    {.name = "text",
     .uses = REPORT_SHOWN | REPORT_FILED,
     .write = report_write_text,
     .finding = report_write_finding_text},
    {.name = "json",
     .uses = REPORT_SHOWN | REPORT_FILED,
     .file = "results.json",
     .write = write_json},
    {.name = "ndjson",
     .uses = REPORT_SHOWN,
     .write = write_summary,
     .finding = write_finding_line,
     .streams = true},
    {.name = "junit", .uses = REPORT_FILED, .file = "junit.xml", .write = write_junit},
    {0},
};
static_assert(sizeof report_formats / sizeof report_formats[0] <= REPORT_FORMATS_MAX,
              "names of formats have room");

size_t report_format_names(enum report_use use, const char *names[REPORT_FORMATS_MAX])
{
    size_t n = 0;
    for (const struct report_format *f = report_formats; f->name != NULL; f++)
        if (f->uses & use)
            names[n++] = f->name;
    names[n] = NULL;
    return n;
}

const struct report_format *report_format(const char *name)
{
    for (const struct report_format *f = report_formats; f->name != NULL; f++)
        if (strcmp(f->name, name) == 0)
            return f;
    return NULL;
}
