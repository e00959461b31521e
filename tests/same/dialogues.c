/* dialogues FOLDER: the rules' specimens as captures, one file each: FOLDER/RULE.SIDE-N.pcapng, with a dot for each slash of
 * the rule's name. A capture cannot say all that a specimen can (that a datagram came in pieces, that a message was decrypted):
 * what comes of it is a capture like any other, and two builds are to find the same in it. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "source/source.h"
#include "tests/specimen/specimen.h"

enum { LINK_RAW = 101, COAP_PORT = 5683, COAPS_PORT = 5684 };

static unsigned files;

static void give_up(const char *path, const char *why)
{
    fprintf(stderr, "dialogues: %s: %s\n", path, why);
    exit(3);
}

/* Time goes on to the end of the dialogue: by a datagram that is not CoAP. */
static void write_silence(struct cs_pcapng_writer *writer, uint64_t time_ns)
{
    const struct cs_address nobody = {.ip = {192, 0, 2, 250}, .port = 9, .family = 4};
    const struct cs_datagram silence = {
        .time_ns = time_ns, .src = nobody, .dst = nobody, .octets = {(const uint8_t *)"", 1}};
    cs_pcapng_datagram(writer, &silence, NULL, 0);
}

static void to_coaps(struct cs_address *address)
{
    if (address->port == COAP_PORT)
        address->port = COAPS_PORT;
}

static void write_dialogue(const char *text, FILE *out, const char *path)
{
    static struct cs_specimen specimen;
    struct cs_pcapng_writer writer;
    struct cs_datagram datagram;
    struct cs_error error;
    enum cs_specimen_step step;
    cs_specimen_init(&specimen, text);
    /* of evidence, the whole stream is known */
    cs_pcapng_begin(&writer, out, specimen.whole ? "coapspec dialogues" : "dialogues", NULL);
    if (specimen.lossy)
        cs_pcapng_drops(&writer, LINK_RAW, 1, 0);
    while ((step = cs_specimen_next(&specimen, &datagram, &error)) < CS_SPECIMEN_END) {
        if (step == CS_SPECIMEN_RECORDS) {
            to_coaps(&datagram.src);
            to_coaps(&datagram.dst);
        }
        cs_pcapng_datagram(&writer, &datagram, NULL, 0);
    }
    if (step == CS_SPECIMEN_ERROR)
        give_up(path, error.text);
    if (specimen.time_ns > writer.last_ns)
        write_silence(&writer, specimen.time_ns);
    if (writer.failed)
        give_up(path, strerror(writer.saved_errno));
}

static void save(const char *folder, const char *id, const char *side, unsigned number,
                 const char *text)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s.%s-%u.pcapng", folder, id, side, number);
    for (char *at = path + strlen(folder) + 1; (at = strchr(at, '/')) != NULL; at++)
        *at = '.';
    FILE *out = fopen(path, "wb");
    if (out == NULL)
        give_up(path, strerror(errno));
    write_dialogue(text, out, path);
    if (fclose(out) != 0)
        give_up(path, strerror(errno));
    files++;
}

int main(int argc, char **argv)
{
    size_t count;
    const struct cs_rule *const *rules = cs_rules(&count);
    if (argc != 2) {
        fputs("dialogues FOLDER\n", stderr);
        return 2;
    }
    for (size_t i = 0; i < count; i++) {
        const struct {
            const char *name;
            const char *const *texts;
        } sides[] = {
            {"holds", rules[i]->holds}, {"breaks", rules[i]->breaks}, {"open", rules[i]->open}};
        for (size_t s = 0; s < sizeof sides / sizeof sides[0]; s++)
            for (unsigned n = 0; sides[s].texts != NULL && sides[s].texts[n] != NULL; n++)
                save(argv[1], rules[i]->id, sides[s].name, n + 1, sides[s].texts[n]);
    }
    return files > 0 ? 0 : 1;
}
