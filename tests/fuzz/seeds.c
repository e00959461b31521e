/* seeds TARGET FOLDER: what the rules' specimens are to a fuzz target, one file each. analysis: the dialogues; message:
 * their datagrams; notation: their lines. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/specimen/specimen.h"
#include "tests/fuzz/stream.h"

static const char *folder;
static unsigned files;

static void save(const void *data, size_t size)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%04u", folder, ++files);
    FILE *out = fopen(path, "wb");
    if (out == NULL || fwrite(data, 1, size, out) != size || fclose(out) != 0) {
        fprintf(stderr, "seeds: %s: %s\n", path, strerror(errno));
        exit(3);
    }
}

static unsigned peer(const struct cs_address *a)
{
    if (a->ip[0] == 224)
        return PEER_GROUP;
    if (a->port == 5683)
        return a->ip[3] == 1 ? PEER_SERVER : PEER_OTHER_SERVER;
    return PEER_CLIENT + (a->port - 40000u) % 4;
}

/* A step; false when there is no room for it. */
static bool put_step(FILE *out, const struct cs_datagram *d, uint64_t pause_ns, bool silence)
{
    unsigned exponent = 0;
    while (pause_ns >> exponent > 255 && exponent < STREAM_EXPONENT_MAX)
        exponent++;
    uint64_t value = pause_ns >> exponent;
    unsigned flags = (silence ? STEP_SILENCE : 0u) | (d->missing > 0 ? STEP_CUT : 0u) |
                     (d->fragmented ? STEP_FRAGMENTED : 0u);
    size_t length = silence ? 0 : d->octets.len;
    const uint8_t step[STREAM_STEP] = {(uint8_t)(peer(&d->src) | peer(&d->dst) << 3),
                                       (uint8_t)exponent,
                                       (uint8_t)(value > 255 ? 255 : value),
                                       (uint8_t)flags,
                                       (uint8_t)(length >> 8),
                                       (uint8_t)length};
    return fwrite(step, 1, sizeof step, out) == sizeof step &&
           (length == 0 || fwrite(d->octets.at, 1, length, out) == length);
}

static void seed_analysis(const char *text)
{
    static struct cs_specimen specimen;
    struct cs_datagram datagram = {.packet = 0};
    struct cs_error error;
    char *data = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&data, &size);
    if (out == NULL)
        exit(3);
    cs_specimen_init(&specimen, text);
    fputc((specimen.whole ? STREAM_WHOLE : 0) | (specimen.lossy ? STREAM_LOSSY : 0) |
              (specimen.declared ? STREAM_DECLARED : 0) | (specimen.dtls ? STREAM_DTLS : 0),
          out);
    uint64_t before_ns = specimen.time_ns;
    bool fits = true;
    while (fits && cs_specimen_next(&specimen, &datagram, &error) == CS_SPECIMEN_DATAGRAM) {
        uint64_t pause_ns = specimen.time_ns > before_ns ? specimen.time_ns - before_ns : 0;
        fits = put_step(out, &datagram, pause_ns, false);
        before_ns = specimen.time_ns;
    }
    fits = fits && (specimen.time_ns <= before_ns ||
                    put_step(out, &datagram, specimen.time_ns - before_ns, true));
    if (fclose(out) != 0 || !fits)
        exit(3);
    save(data, size);
    free(data);
}

static void seed_message(const char *text)
{
    static struct cs_specimen specimen;
    struct cs_datagram datagram;
    struct cs_error error;
    cs_specimen_init(&specimen, text);
    while (cs_specimen_next(&specimen, &datagram, &error) == CS_SPECIMEN_DATAGRAM)
        save(datagram.octets.at, datagram.octets.len);
}

static void seed_notation(const char *text)
{
    while (*text != '\0') {
        size_t length = strcspn(text, "\n");
        const char *blank = memchr(text, ' ', length);
        /* behind the pause and the arrow */
        if (*text == '+' && blank != NULL)
            blank = memchr(blank + 1, ' ', length - (size_t)(blank + 1 - text));
        if (*text != '!' && blank != NULL)
            save(blank + 1, length - (size_t)(blank + 1 - text));
        text += length + (text[length] == '\n');
    }
}

int main(int argc, char **argv)
{
    static const struct {
        const char *target;
        void (*seed)(const char *text);
    } kinds[] = {
        {"analysis", seed_analysis}, {"message", seed_message}, {"notation", seed_notation}};
    size_t count, kind = 0;
    const struct cs_rule *const *rules = cs_rules(&count);
    while (argc == 3 && kind < sizeof kinds / sizeof kinds[0] &&
           strcmp(kinds[kind].target, argv[1]) != 0)
        kind++;
    if (argc != 3 || kind == sizeof kinds / sizeof kinds[0]) {
        fputs("seeds analysis|message|notation FOLDER\n", stderr);
        return 2;
    }
    folder = argv[2];
    for (size_t i = 0; i < count; i++) {
        const char *const *sides[] = {rules[i]->holds, rules[i]->breaks, rules[i]->open};
        for (size_t s = 0; s < sizeof sides / sizeof sides[0]; s++)
            for (const char *const *text = sides[s]; text != NULL && *text != NULL; text++)
                kinds[kind].seed(*text);
    }
    return files > 0 ? 0 : 1;
}
