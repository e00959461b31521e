/* How a device that is a client is told what to do. */
#include "src/plot/asks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct asks_word words[ASKS_WORDS] = {
    [ASKS_METHOD] = {"method", "the method", "GET"},
    [ASKS_PATH] = {"path", "the path", "/test"},
    [ASKS_NON] = {"non", "yes: a Non-confirmable request", NULL},
    [ASKS_PAYLOAD] = {"payload", "the payload", NULL},
    [ASKS_FORMAT] = {"format", "the Content-Format of the payload, a number", NULL},
    [ASKS_ACCEPT] = {"accept", "the Content-Format to accept, a number", NULL},
    [ASKS_COUNT] = {"count", "so many requests, one after the other", NULL},
    [ASKS_LINGER] = {"linger", "it stays for so many seconds after the last answer", NULL},
    [ASKS_VALIDATE] = {"validate", "yes: a repeated request carries the ETags that it was given",
                       NULL},
    [ASKS_GROUP] = {"group", "it asks the group All CoAP Nodes: {server} and {uri} are the group's",
                    NULL},
    [ASKS_SESSIONS] = {"sessions", "it asks by so many DTLS sessions at the same time", NULL},
};

const struct asks_word *asks_words(void) { return words; }

bool asks_value_is_plain(const char *value)
{
    static const char plain[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/_.-";
    return value[0] != '\0' && value[strspn(value, plain)] == '\0';
}

/* A placeholder of ours at `at`: its end, and what is behind the colon. NULL: it is none. */
struct place {
    size_t word; /* ASKS_WORDS: server; ASKS_WORDS + 1: uri */
    const char *text, *end;
    size_t text_length;
};

static bool read_place(const char *at, struct place *out)
{
    static const char *const own[] = {"server", "uri"};
    const char *close = at[0] == '{' ? strchr(at, '}') : NULL;
    if (close == NULL)
        return false;
    size_t length = strcspn(at + 1, ":}");
    for (size_t i = 0; i < ASKS_WORDS + 2; i++) {
        const char *name = i < ASKS_WORDS ? words[i].name : own[i - ASKS_WORDS];
        if (strlen(name) != length || strncmp(at + 1, name, length) != 0)
            continue;
        bool colon = at[1 + length] == ':';
        out->word = i;
        out->text = colon ? at + 2 + length : NULL;
        out->text_length = colon ? (size_t)(close - out->text) : 0;
        out->end = close + 1;
        return true;
    }
    return false;
}

static bool has_place(const char *command, size_t word)
{
    struct place place;
    for (const char *at = strchr(command, '{'); at != NULL; at = strchr(at + 1, '{'))
        if (read_place(at, &place) &&
            (place.word == word || (word == ASKS_PATH && place.word == ASKS_WORDS + 1)))
            return true;
    return false;
}

size_t asks_untellable(const struct asks *asks, const char *command)
{
    for (size_t i = 0; i < ASKS_WORDS; i++) {
        const char *value = asks->values[i];
        bool usual = value != NULL && words[i].usual != NULL && strcmp(value, words[i].usual) == 0;
        if (value != NULL && !usual && !has_place(command, i))
            return i;
    }
    return ASKS_WORDS;
}

static void put_place(FILE *out, const struct asks *asks, const struct place *place,
                      const char *server)
{
    const char *path =
        asks->values[ASKS_PATH] != NULL ? asks->values[ASKS_PATH] : words[ASKS_PATH].usual;
    if (place->word >= ASKS_WORDS) {
        fprintf(out, "%s%s", server, place->word > ASKS_WORDS ? path : "");
        return;
    }
    const char *value = asks->values[place->word];
    if (place->text == NULL) {
        const char *usual = words[place->word].usual;
        fputs(value != NULL ? value : usual != NULL ? usual : "", out);
        return;
    }
    for (size_t i = 0; value != NULL && i < place->text_length; i++)
        if (place->text[i] == '%')
            fputs(value, out);
        else
            fputc(place->text[i], out);
}

char *asks_command(const struct asks *asks, const char *command, const char *server)
{
    char *text = NULL;
    size_t size = 0;
    struct place place;
    FILE *out = open_memstream(&text, &size);
    if (out == NULL)
        return NULL;
    for (const char *at = command; *at != '\0';) {
        if (read_place(at, &place)) {
            put_place(out, asks, &place, server);
            at = place.end;
        } else {
            fputc(*at++, out);
        }
    }
    return fclose(out) == 0 ? text : NULL;
}

void asks_describe(const struct asks *asks, char *buf, size_t cap)
{
    const char *method = asks->values[ASKS_METHOD], *path = asks->values[ASKS_PATH];
    snprintf(buf, cap, "%s %s", method != NULL ? method : words[ASKS_METHOD].usual,
             path != NULL ? path : words[ASKS_PATH].usual);
    for (size_t i = ASKS_NON; i < ASKS_WORDS; i++) {
        size_t n = strlen(buf);
        if (asks->values[i] != NULL)
            snprintf(buf + n, cap - n, ", %s %s", words[i].name, asks->values[i]);
    }
}
