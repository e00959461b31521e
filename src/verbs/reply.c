/* reply: our answer to the request that was awaited. */
#include <stdio.h>
#include <stdlib.h>

#include "src/verbs/match.h"

/* The type that the line leaves open: an ACK as long as the request waits for one, else as the request was. */
static enum cs_type type_of(const struct cs_line *line, const struct run_message *request)
{
    if (line->has_type)
        return (enum cs_type)line->type;
    if (request->message.type == CS_NON)
        return CS_NON;
    return request->answered ? CS_CON : CS_ACK;
}

static size_t encode(struct run_sequence *t, const struct step *step, struct run_message *request,
                     uint8_t *octets, enum cs_type *type)
{
    struct cs_line *line = malloc(sizeof *line);
    struct cs_error error = {0};
    size_t length = 0;
    if (line != NULL && run_parse_line(t, &step->values[0], false, line)) {
        *type = type_of(line, request);
        line->has_type = true;
        line->type = (uint8_t)*type;
        line->types = (uint8_t)(1u << *type);
        bool echo = *type == CS_ACK || *type == CS_RST;
        uint16_t mid = echo ? request->message.mid : run_new_mid(t->owner);
        length = cs_line_encode(CS_UDP, line, request->message.token, mid, octets, NET_DATAGRAM_MAX,
                                &error);
        if (length == 0)
            run_bench_error(t, &step->values[0], error.column, "%s", error.text);
    }
    free(line);
    return length;
}

static enum step_result start(struct run_sequence *t, const struct step *step)
{
    struct run_message *request = t->request;
    uint8_t *octets = malloc(NET_DATAGRAM_MAX);
    enum cs_type type = CS_ACK;
    bool fine = false;
    if (request == NULL && step->optional) {
        free(octets);
        return STEP_DONE;
    }
    if (request == NULL)
        run_bench_error(t, NULL, 0, "no request was awaited before");
    size_t length = request != NULL && octets != NULL ? encode(t, step, request, octets, &type) : 0;
    if (length > 0 && (type == CS_ACK || type == CS_RST)) {
        run_answer_octets(t->owner, request, octets, length);
        t->since_ns = net_now();
        fine = true;
    } else if (length > 0) {
        struct run_sent *sent =
            run_send(t, request->endpoint, octets, length, !step->no_retransmit);
        if (sent != NULL && step->as.text != NULL)
            snprintf(sent->name, sizeof sent->name, "%s", step->as.text);
        fine = sent != NULL;
        request->answered = request->answered || type == CS_NON;
    }
    free(octets);
    return fine ? STEP_DONE : STEP_BROKEN;
}

const struct step_verb step_reply = {
    .name = "reply",
    .summary = "answers the request that was awaited, with its token: in the ACK if that is still "
               "due, else in a message of its own",
    .example = "- reply: 2.05 cf=0 | hello\n- reply: ACK EMPTY\n- reply: CON 2.05 | later",
    .value = STEP_VALUE_LINE,
    .keys = STEP_KEY_AS | STEP_KEY_RETRANSMIT | STEP_KEY_OPTIONAL,
    .does = STEP_WANTS_REQUEST,
    .start = start,
};
