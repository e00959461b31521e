/* src/check/filter.c: `check --filter`. */
#include "src/check/filter.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/nearest.h"
#include "base/text.h"
#include "src/cli/cli.h"

/* ------------------------------------------------------------------ values */

static bool parse_host(const char *value, struct filter_term *term)
{
    return cs_address_parse(value, 0, &term->host);
}

static bool parse_unsigned(const char **at, uint64_t max, uint64_t *out)
{
    char *end = NULL;
    if (!isdigit((unsigned char)**at))
        return false;
    errno = 0;
    unsigned long long value = strtoull(*at, &end, 10);
    *at = end;
    *out = value;
    return errno == 0 && value <= max;
}

static bool parse_port(const char *value, struct filter_term *term)
{
    bool done = parse_unsigned(&value, 65535, &term->low) && *value == '\0';
    term->high = term->low;
    return done;
}

static bool parse_packet(const char *value, struct filter_term *term)
{
    if (!parse_unsigned(&value, UINT64_MAX, &term->low))
        return false;
    term->high = term->low;
    if (*value == '-') {
        value++;
        if (*value == '\0')
            term->high = UINT64_MAX;
        else if (!parse_unsigned(&value, UINT64_MAX, &term->high))
            return false;
    }
    return *value == '\0' && term->low <= term->high;
}

/* "4.04", "4.xx", "GET". */
static bool parse_code(const char *value, struct filter_term *term)
{
    size_t n = 0;
    const struct cs_code_def *defs = cs_code_defs(&n);
    for (size_t i = 0; i < n; i++)
        if (strcasecmp(defs[i].name, value) == 0) {
            term->low = term->high = defs[i].code;
            return true;
        }
    if (value[0] < '0' || value[0] > '7' || value[1] != '.')
        return false;
    unsigned class = (unsigned)(value[0] - '0');
    if (strcasecmp(value + 2, "xx") == 0) {
        term->low = CS_CODE(class, 0);
        term->high = CS_CODE(class, 31);
        return true;
    }
    uint64_t detail = 0;
    const char *rest = value + 2;
    if (strlen(rest) != 2 || !parse_unsigned(&rest, 31, &detail) || *rest != '\0')
        return false;
    term->low = term->high = CS_CODE(class, (unsigned)detail);
    return true;
}

static bool parse_verdict(const char *value, struct filter_term *term)
{
    term->low = strcmp(value, "warn") == 0 ? REPORT_WARN : REPORT_FAIL;
    return strcmp(value, "warn") == 0 || strcmp(value, "fail") == 0;
}

static const char *const roles[] = {"client", "server", "endpoint"};

static bool parse_role(const char *value, struct filter_term *term)
{
    for (size_t i = 0; i < 3; i++)
        if (strcmp(value, roles[i]) == 0) {
            term->low = i;
            return true;
        }
    return false;
}

static bool parse_time(const char *value, struct filter_term *term)
{
    term->relative = value[0] == '+';
    if (term->relative)
        return cli_parse_duration(value + 1, &term->low);
    struct tm tm = {0};
    const char *end = strptime(value, "%Y-%m-%d", &tm);
    if (end != NULL && (*end == 'T' || *end == ' '))
        end = strptime(end + 1, "%H:%M:%S", &tm);
    if (end == NULL)
        return false;
    time_t seconds = timegm(&tm);
    const time_t most = (time_t)(UINT64_MAX / UINT64_C(1000000000)) - 1; /* in the year 2554 */
    if (seconds < 0 || seconds > most)
        return false;
    term->low = (uint64_t)seconds * UINT64_C(1000000000);
    uint64_t scale = UINT64_C(100000000);
    for (end += *end == '.'; isdigit((unsigned char)*end); end++, scale /= 10)
        term->low += (uint64_t)(*end - '0') * scale;
    return *end == '\0' || strcmp(end, "Z") == 0;
}

static const struct {
    const char *name, *shape;
    bool (*parse)(const char *value, struct filter_term *term);
} kinds[FILTER_KINDS] = {
    [FILTER_HOST] = {"host", "an address such as 192.0.2.1 or 2001:db8::1", parse_host},
    [FILTER_PORT] = {"port", "a port such as 5683", parse_port},
    [FILTER_CODE] = {"code", "a code such as 2.05, 4.xx or GET", parse_code},
    [FILTER_VERDICT] = {"verdict", "fail or warn", parse_verdict},
    [FILTER_ROLE] = {"role", "client, server or endpoint", parse_role},
    [FILTER_PACKET] = {"packet", "a number or a range such as 10-20", parse_packet},
    [FILTER_FROM] = {"from", "a time such as 2024-05-01T12:00:00Z or +90s", parse_time},
    [FILTER_TO] = {"to", "a time such as 2024-05-01T12:00:00Z or +90s", parse_time},
};

static bool parse_term(const char *name, const char *value, struct filter *filter,
                       struct cs_error *error)
{
    const char *names[FILTER_KINDS];
    for (size_t k = 0; k < FILTER_KINDS; k++) {
        names[k] = kinds[k].name;
        if (strcmp(name, names[k]) != 0)
            continue;
        struct filter_term *term = &filter->terms[filter->count];
        *term = (struct filter_term){.kind = (uint8_t)k};
        if (!kinds[k].parse(value, term))
            return cs_error_set(error, "%s=%s: this is not %s", name, value, kinds[k].shape);
        filter->count++;
        return true;
    }
    const char *near = cs_nearest(name, names, FILTER_KINDS);
    if (near != NULL)
        return cs_error_set(error, "unknown term %s: did you mean %s?", name, near);
    return cs_error_set(
        error, "unknown term %s: host, port, code, verdict, role, packet, from or to", name);
}

bool filter_parse(const char *text, struct filter *filter, struct cs_error *error)
{
    *error = (struct cs_error){.column = 1};
    if (text[0] == '\0')
        return cs_error_set(error, "NAME=VALUE is due here, such as verdict=fail");
    for (const char *at = text; *at != '\0'; at += *at == ',') {
        char term[160];
        size_t length = strcspn(at, ",");
        error->column = (unsigned)(at - text) + 1;
        if (filter->count == FILTER_TERMS_MAX)
            return cs_error_set(error, "more than %d terms", FILTER_TERMS_MAX);
        if (length >= sizeof term)
            return cs_error_set(error, "this term is too long");
        memcpy(term, at, length);
        term[length] = '\0';
        char *equals = strchr(term, '=');
        if (equals == NULL)
            return cs_error_set(error, "%s is not NAME=VALUE", term);
        *equals = '\0';
        if (!parse_term(term, equals + 1, filter, error))
            return false;
        at += length;
    }
    return true;
}

/* ------------------------------------------------------------------ matching */

static bool same_host(const struct cs_address *host, const struct cs_address *a)
{
    return host->family == a->family && memcmp(host->ip, a->ip, sizeof a->ip) == 0 &&
           (host->port == 0 || host->port == a->port);
}

static bool holds(const struct filter_term *t, const struct filter_subject *s)
{
    uint64_t bound = t->relative ? s->began_ns + t->low : t->low;
    switch ((enum filter_kind)t->kind) {
    case FILTER_HOST:
        return same_host(&t->host, &s->a) || same_host(&t->host, &s->b);
    case FILTER_PORT:
        return s->a.port == t->low || s->b.port == t->low;
    case FILTER_CODE:
        return s->code >= 0 && (uint64_t)s->code >= t->low && (uint64_t)s->code <= t->high;
    case FILTER_VERDICT:
        return s->verdict == REPORT_NOT_EXERCISED || s->verdict == (enum report_verdict)t->low;
    case FILTER_ROLE:
        return s->role == NULL || strcmp(s->role, roles[t->low]) == 0;
    case FILTER_PACKET:
        return s->packet >= t->low && s->packet <= t->high;
    case FILTER_FROM:
        return s->time_ns >= bound;
    case FILTER_TO:
        return s->time_ns <= bound;
    case FILTER_KINDS:
        break;
    }
    return false;
}

bool filter_accepts(const struct filter *filter, const struct filter_subject *subject)
{
    bool asked[FILTER_KINDS] = {false}, met[FILTER_KINDS] = {false};
    for (size_t i = 0; i < filter->count; i++) {
        const struct filter_term *t = &filter->terms[i];
        asked[t->kind] = true;
        met[t->kind] = met[t->kind] || holds(t, subject);
    }
    for (size_t k = 0; k < FILTER_KINDS; k++)
        if (asked[k] && !met[k])
            return false;
    return true;
}
