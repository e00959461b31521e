/* icmp: a forged ICMP error about the message that was taken last. */
#include <string.h>

#include "src/net/icmp.h"
#include "src/run/run.h"
#include "src/verbs/match.h"

static const struct {
    const char *name;
    enum net_icmp_kind kind;
    bool other_mid; /* it quotes a datagram that the device never sent */
} errors[] = {
    {"port_unreachable", NET_ICMP_PORT_UNREACHABLE, false},
    {"port_unreachable_other_mid", NET_ICMP_PORT_UNREACHABLE, true},
    {"time_exceeded", NET_ICMP_TIME_EXCEEDED, false},
    {"source_quench", NET_ICMP_SOURCE_QUENCH, false},
};

enum { ERRORS = sizeof errors / sizeof errors[0] };

static size_t error_named(const char *name)
{
    size_t i = 0;
    while (i < ERRORS && strcmp(errors[i].name, name) != 0)
        i++;
    return i;
}

bool step_is_icmp_error(const char *name) { return error_named(name) < ERRORS; }

static size_t build(const struct run_message *m, size_t which, uint8_t *out)
{
    uint8_t quoted[NET_ICMP_QUOTE_MAX];
    struct cs_slice octets = m->message.octets;
    if (octets.len > sizeof quoted)
        octets.len = sizeof quoted;
    memcpy(quoted, octets.at, octets.len);
    if (errors[which].other_mid) { /* as far away as can be */
        quoted[2] ^= 0x80;
        quoted[3] ^= 0xff;
    }
    return net_icmp_build(errors[which].kind, &m->src, &m->endpoint->socket.local,
                          (struct cs_slice){quoted, octets.len}, out);
}

/* Into the evidence, as the rules have nothing to say about it; a capture sees it by itself. */
static void keep(struct run *run, struct cs_slice packet)
{
    const struct cs_frame frame = {.octets = packet,
                                   .time_ns = net_stream_time(&run->clock, net_now()),
                                   .wire_length = (uint32_t)packet.len,
                                   .link_type = 101, /* raw IP */
                                   .direction = CS_FROM_TESTER};
    if (run->options.capture == NULL)
        run_evidence_add_frame(&run->evidence, &frame);
}

static enum step_result start(struct run_sequence *t, const struct step *step)
{
    uint8_t packet[NET_ICMP_MAX];
    struct cs_error error = {0};
    const size_t which = error_named(step->values[0].text);
    if (t->last == NULL || t->last->message.octets.len < 4 || t->last->src.family != 4) {
        run_bench_error(t, &step->values[0], 0, "there is no message that it could be about");
        return STEP_BROKEN;
    }
    const struct cs_slice whole = {packet, build(t->last, which, packet)};
    keep(t->owner->run, whole);
    if (net_icmp_send(&t->last->src, whole, &error))
        return STEP_DONE;
    run_bench_error(t, &step->values[0], 0, "%s", error.text);
    return STEP_BROKEN;
}

const struct step_verb step_icmp = {
    .name = "icmp",
    .summary =
        "forges an ICMP error about the message that was taken last, for scenarios that need "
        "`icmp`: port_unreachable, time_exceeded, source_quench, or "
        "port_unreachable_other_mid, which quotes another Message ID",
    .example = "- expect: CON 2.05\n  answer: none\n- icmp: time_exceeded\n"
               "- expect: CON 2.05\n  again: yes",
    .value = STEP_VALUE_ICMP,
    .does = STEP_WANTS_TAKEN,
    .start = start,
};
