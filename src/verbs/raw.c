/* raw: octets, whatever they are. */
#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"
#include "src/verbs/match.h"

static enum step_result start(struct run_sequence *sequence, const struct step *step)
{
    struct run_case *c = sequence->owner;
    struct names_text *text = malloc(sizeof *text);
    uint8_t octets[NAMES_TEXT_MAX / 2];
    char mid[8];
    size_t bad;
    long length = -1;
    /* each raw message has a Message ID of its own at hand */
    uint16_t fresh = run_new_mid(c);
    snprintf(mid, sizeof mid, "%04x", fresh);
    run_set_variable(c, "new_mid", mid);
    if (text != NULL && run_expand(sequence, &step->values[0], text))
        length = cs_hex_parse(text->text, octets, sizeof octets, &bad);
    free(text);
    if (length < 0) {
        run_bench_error(sequence, &step->values[0], 0, "these are no octets in hex");
        return STEP_BROKEN;
    }
    struct run_endpoint *endpoint =
        step->from.text != NULL ? run_endpoint_named(c, step->from.text) : c->current;
    if (endpoint == NULL) {
        run_bench_error(sequence, &step->from, 0, "no socket is called %s", step->from.text);
        return STEP_BROKEN;
    }
    struct run_sent *sent = run_send(sequence, endpoint, octets, (size_t)length, false);
    if (sent != NULL && step->as.text != NULL)
        snprintf(sent->name, sizeof sent->name, "%s", step->as.text);
    return sent != NULL ? STEP_DONE : STEP_BROKEN;
}

const struct step_verb step_raw = {
    .name = "raw",
    .summary = "sends octets as they are, once; $new_mid is a fresh Message ID",
    .example = "- raw: 40 01 $new_mid ff",
    .value = STEP_VALUE_HEX,
    .keys = STEP_KEY_FROM | STEP_KEY_AS,
    .does = STEP_SENDS,
    .start = start,
};
