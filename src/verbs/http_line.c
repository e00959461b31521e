/* HTTP messages in one line. */
#include "src/verbs/http_line.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"

/* ------------------------------------------------------------------ reading */

static bool fail(struct cs_error *error, const char *text, const char *at, const char *why)
{
    error->column = (unsigned)(at - text) + 1;
    snprintf(error->text, sizeof error->text, "%s", why);
    return false;
}

/* A value up to a blank, or in quotes, where \" and \\ stand for themselves. Its end; NULL: too long, or no second quote. */
static const char *read_value(const char *at, char *out, size_t cap)
{
    const bool quoted = *at == '"';
    size_t n = 0;
    for (at += quoted; *at != '\0' && (quoted ? *at != '"' : *at != ' '); at++) {
        if (quoted && at[0] == '\\' && (at[1] == '"' || at[1] == '\\'))
            at++;
        if (n + 1 == cap)
            return NULL;
        out[n++] = *at;
    }
    out[n] = '\0';
    if (quoted && *at != '"')
        return NULL;
    return at + quoted;
}

static const char *read_field(const char *text, const char *at, struct http_line *out,
                              struct cs_error *error)
{
    const size_t n = strcspn(at, " =");
    if (at[n] != '=' || n == 0 || n >= sizeof out->fields[0].name) {
        fail(error, text, at, "a field is due here, as in content-type=text/plain");
        return NULL;
    }
    if (out->field_count == HTTP_LINE_FIELDS_MAX) {
        fail(error, text, at, "too many fields");
        return NULL;
    }
    snprintf(out->fields[out->field_count].name, sizeof out->fields[0].name, "%.*s", (int)n, at);
    const char *end =
        read_value(at + n + 1, out->fields[out->field_count].value, sizeof out->fields[0].value);
    out->field_count++;
    if (end == NULL || (*end != ' ' && *end != '\0')) {
        fail(error, text, at + n + 1, "this value is too long, or its quote does not end");
        return NULL;
    }
    return end;
}

static bool read_body(const char *text, const char *at, struct http_line *out,
                      struct cs_error *error)
{
    at += strspn(at, " ");
    size_t n = strlen(at);
    while (n > 0 && at[n - 1] == ' ')
        n--;
    out->has_body = true;
    if (n >= sizeof out->body)
        return fail(error, text, at, "this body is too long");
    snprintf(out->body, sizeof out->body, "%.*s", (int)n, at);
    return true;
}

static bool is_status(const char *start)
{
    for (; strspn(start, "0123456789x") == 3; start += 4)
        if (start[3] != ',')
            return start[3] == '\0' && start[0] != 'x';
    return false;
}

static bool is_method(const char *start)
{
    return start[0] != '\0' && start[strspn(start, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")] == '\0';
}

bool http_line_parse(const char *text, bool request, struct http_line *out, struct cs_error *error)
{
    *out = (struct http_line){.request = request};
    const char *at = text + strspn(text, " ");
    size_t n = strcspn(at, " ");
    snprintf(out->start, sizeof out->start, "%.*s", (int)n, at);
    if (request ? !is_method(out->start) : !is_status(out->start))
        return fail(error, text, at,
                    request ? "a method is due here, as in GET"
                            : "a status is due here, as in 200");
    at += n;
    for (at += strspn(at, " "); *at != '\0' && *at != '|'; at += strspn(at, " ")) {
        n = strcspn(at, " ");
        const bool uri = *at == '/' || (strcspn(at, ":") < strcspn(at, "= "));
        if (request && out->target[0] == '\0' && uri) {
            if (n >= sizeof out->target)
                return fail(error, text, at, "this target is too long");
            snprintf(out->target, sizeof out->target, "%.*s", (int)n, at);
            at += n;
        } else if ((at = read_field(text, at, out, error)) == NULL) {
            return false;
        }
    }
    if (request && out->target[0] == '\0')
        return fail(error, text, text, "a request has a target: a path or a URI");
    return *at == '\0' || read_body(text, at + 1, out, error);
}

bool step_http_line(struct run_sequence *t, const struct step_text *text, bool request,
                    struct http_line *out)
{
    struct names_text *expanded = malloc(sizeof *expanded);
    struct cs_error error = {0};
    bool fine = expanded != NULL && run_expand(t, text, expanded);
    if (fine && !http_line_parse(expanded->text, request, out, &error)) {
        run_bench_error(t, text, names_column(expanded, error.column), "%s", error.text);
        fine = false;
    }
    free(expanded);
    return fine;
}

/* ------------------------------------------------------------------ writing */

size_t http_line_write(const struct http_line *line, const char *host, char *out, size_t cap)
{
    struct cs_text text;
    cs_text_init(&text, out, cap);
    if (line->request)
        cs_text_add(&text, "%s %s HTTP/1.1\r\nHost: %s\r\n", line->start, line->target, host);
    else
        cs_text_add(&text, "HTTP/1.1 %s Told\r\n", line->start);
    for (size_t i = 0; i < line->field_count; i++)
        cs_text_add(&text, "%s: %s\r\n", line->fields[i].name, line->fields[i].value);
    if (line->has_body ||
        (!line->request && strcmp(line->start, "204") != 0 && strcmp(line->start, "304") != 0))
        cs_text_add(&text, "Content-Length: %zu\r\n", strlen(line->body));
    cs_text_add(&text, "Connection: close\r\n\r\n%s", line->body);
    return text.len < cap ? text.len : 0;
}

const char *http_line_describe(const struct net_http_message *m, char *buf, size_t cap)
{
    struct cs_text text;
    cs_text_init(&text, buf, cap);
    if (m->status != 0)
        cs_text_add(&text, "%u", m->status);
    else
        cs_text_add(&text, "%.*s %.*s", (int)m->method.len, (const char *)m->method.at,
                    (int)m->target.len, (const char *)m->target.at);
    for (size_t i = 0; i < m->field_count; i++) {
        cs_text_add(&text, " %.*s=", (int)m->fields[i].name.len,
                    (const char *)m->fields[i].name.at);
        cs_text_quote(&text, m->fields[i].value);
    }
    if (m->body.len > 0) {
        cs_text_add(&text, " | ");
        cs_text_quote(&text, m->body);
    }
    return buf;
}

/* ------------------------------------------------------------------ comparing */

static bool same_letter(char a, char b)
{
    return a == b || (a >= 'A' && a <= 'Z' && a + 32 == b) || (b >= 'A' && b <= 'Z' && b + 32 == a);
}

/* A star stands for any octets, and case does not matter. */
static bool like(const char *pattern, struct cs_slice text)
{
    const char *star = NULL;
    size_t at = 0, behind = 0;
    while (at < text.len) {
        if (*pattern == '*') {
            star = pattern++;
            behind = at;
        } else if (*pattern != '\0' && same_letter(*pattern, (char)text.at[at])) {
            pattern++;
            at++;
        } else if (star != NULL) {
            pattern = star + 1;
            at = ++behind;
        } else {
            return false;
        }
    }
    while (*pattern == '*')
        pattern++;
    return *pattern == '\0';
}

static bool status_fits(const char *pattern, unsigned status)
{
    char text[8];
    snprintf(text, sizeof text, "%u", status);
    for (;; pattern += 4) {
        bool fits = true;
        for (size_t i = 0; i < 3; i++)
            fits = fits && (pattern[i] == 'x' || pattern[i] == text[i]);
        if (fits || pattern[3] == '\0')
            return fits;
    }
}

/* The path of a target, without scheme and authority. */
static struct cs_slice path_of(struct cs_slice target)
{
    struct cs_slice path = target;
    const uint8_t *mark =
        target.len > 0 && target.at[0] != '/' ? memmem(target.at, target.len, "://", 3) : NULL;
    if (mark == NULL)
        return target;
    path.len -= (size_t)(mark + 3 - target.at);
    path.at = mark + 3;
    const uint8_t *slash = path.len > 0 ? memchr(path.at, '/', path.len) : NULL;
    if (slash == NULL)
        return (struct cs_slice){(const uint8_t *)"/", 1};
    path.len -= (size_t)(slash - path.at);
    path.at = slash;
    return path;
}

/* The number behind max-age= in a Cache-Control. */
static bool max_age_of(const struct net_http_message *m, unsigned long *out)
{
    static const char word[] = "max-age=";
    for (size_t f = 0; f < m->field_count; f++) {
        const struct cs_slice v = m->fields[f].value;
        if (!like("cache-control", m->fields[f].name))
            continue;
        for (size_t i = 0; i + sizeof word - 1 < v.len; i++) {
            char digits[12] = "";
            const bool begins = i == 0 || v.at[i - 1] == ' ' || v.at[i - 1] == ',';
            if (!begins || strncasecmp((const char *)v.at + i, word, sizeof word - 1) != 0)
                continue;
            size_t n = 0, from = i + sizeof word - 1;
            from += from < v.len && v.at[from] == '"';
            while (from + n < v.len && n + 1 < sizeof digits && v.at[from + n] >= '0' &&
                   v.at[from + n] <= '9') {
                digits[n] = (char)v.at[from + n];
                n++;
            }
            *out = strtoul(digits, NULL, 10);
            return n > 0;
        }
    }
    return false;
}

static bool differs(char *expected, char *got, size_t cap, const char *name, const char *due,
                    const char *is)
{
    snprintf(expected, cap, "%s%s%s", name, name[0] != '\0' ? "=" : "", due);
    snprintf(got, cap, "%s", is);
    return false;
}

static bool max_age_fits(const char *range, const struct net_http_message *m, char *expected,
                         char *got, size_t cap)
{
    char *end;
    char text[32];
    unsigned long value;
    const unsigned long low = strtoul(range, &end, 10);
    const unsigned long high = strncmp(end, "..", 2) == 0 ? strtoul(end + 2, NULL, 10) : low;
    if (!max_age_of(m, &value))
        return differs(expected, got, cap, "max-age", range, "no max-age in Cache-Control");
    if (value >= low && value <= high)
        return true;
    snprintf(text, sizeof text, "max-age=%lu", value);
    return differs(expected, got, cap, "max-age", range, text);
}

static bool text_fits(const char *name, const char *pattern, bool there, struct cs_slice text,
                      char *expected, char *got, size_t cap)
{
    char is[200] = "nothing";
    if (strcmp(pattern, "absent") == 0
            ? !there
            : there && (strcmp(pattern, "any") == 0 || like(pattern, text)))
        return true;
    if (there)
        snprintf(is, sizeof is, "%.*s", (int)(text.len < 190 ? text.len : 190),
                 (const char *)text.at);
    return differs(expected, got, cap, name, pattern, is);
}

static bool start_fits(const struct http_line *line, const struct net_http_message *m,
                       char *expected, char *got, size_t cap)
{
    char is[16];
    if (!line->request) {
        snprintf(is, sizeof is, "%u", m->status);
        return status_fits(line->start, m->status) ||
               differs(expected, got, cap, "", line->start, is);
    }
    return text_fits("", line->start, true, m->method, expected, got, cap) &&
           text_fits("", line->target, true, path_of(m->target), expected, got, cap);
}

bool http_line_match(const struct http_line *line, const struct net_http_message *m, char *expected,
                     char *got, size_t cap)
{
    if (!start_fits(line, m, expected, got, cap))
        return false;
    for (size_t i = 0; i < line->field_count; i++) {
        const char *name = line->fields[i].name, *value = line->fields[i].value;
        struct cs_slice is = {0};
        if (strcmp(name, "max-age") == 0) {
            if (!max_age_fits(value, m, expected, got, cap))
                return false;
            continue;
        }
        const bool there = net_http_field(m, name, &is);
        if (!text_fits(name, value, there, is, expected, got, cap))
            return false;
    }
    return !line->has_body ||
           text_fits("body", line->body, m->body.len > 0, m->body, expected, got, cap);
}
