/* A link-format document. */
#include "src/profile/links.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct reader {
    const char *at, *end;
};

static bool take(struct reader *r, char c)
{
    if (r->at == r->end || *r->at != c)
        return false;
    r->at++;
    return true;
}

static size_t until(const struct reader *r, const char *stops)
{
    size_t n = 0;
    while (r->at + n < r->end && strchr(stops, r->at[n]) == NULL)
        n++;
    return n;
}

/* Of "coap://host/a" only "/a" is kept. */
static void put_path(struct link_entry *link, const char *text, size_t length)
{
    const char *scheme = memmem(text, length, "://", 3);
    const char *path = text;
    if (scheme != NULL) {
        path = memchr(scheme + 3, '/', length - (size_t)(scheme + 3 - text));
        if (path == NULL)
            path = text + length;
    }
    snprintf(link->path, sizeof link->path, "%s%.*s",
             path < text + length && *path == '/' ? "" : "/", (int)(text + length - path), path);
}

/* ;name, ;name=value, ;name="value" */
static bool read_attribute(struct reader *r, struct link_entry *link)
{
    char name[32] = "", value[128] = "";
    size_t n = until(r, "=;,\"<>");
    snprintf(name, sizeof name, "%.*s", (int)(n < sizeof name ? n : sizeof name - 1), r->at);
    r->at += n;
    if (take(r, '=')) {
        bool quoted = take(r, '"');
        n = until(r, quoted ? "\"" : ";,");
        snprintf(value, sizeof value, "%.*s", (int)(n < sizeof value ? n : sizeof value - 1),
                 r->at);
        r->at += n;
        if (quoted && !take(r, '"'))
            return false;
    }
    if (strcmp(name, "rt") == 0)
        snprintf(link->rt, sizeof link->rt, "%.90s", value);
    else if (strcmp(name, "obs") == 0)
        link->observable = true;
    else if (strcmp(name, "sz") == 0) {
        link->size = strtoul(value, NULL, 10);
        link->has_size = true;
    }
    return true;
}

static bool read_link(struct reader *r, struct link_entry *link)
{
    *link = (struct link_entry){0};
    if (!take(r, '<'))
        return false;
    size_t n = until(r, ">");
    put_path(link, r->at, n);
    r->at += n;
    if (!take(r, '>'))
        return false;
    while (take(r, ';'))
        if (!read_attribute(r, link))
            return false;
    return true;
}

bool links_parse(const char *text, size_t length, struct link_list *out)
{
    struct reader r = {text, text + length};
    *out = (struct link_list){.at = calloc(LINKS_MAX, sizeof *out->at)};
    if (out->at == NULL)
        return false;
    while (r.at < r.end && out->count < LINKS_MAX) {
        if (!read_link(&r, &out->at[out->count])) {
            out->broken = true;
            return true;
        }
        out->count++;
        if (!take(&r, ',') && r.at < r.end) {
            out->broken = true;
            return true;
        }
        while (r.at < r.end && (*r.at == ' ' || *r.at == '\r' || *r.at == '\n'))
            r.at++;
    }
    return true;
}

void links_free(struct link_list *links)
{
    free(links->at);
    *links = (struct link_list){0};
}

const struct link_entry *links_find(const struct link_list *links, const char *path)
{
    for (size_t i = 0; i < links->count; i++)
        if (strcmp(links->at[i].path, path) == 0)
            return &links->at[i];
    return NULL;
}
