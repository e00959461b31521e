/* A stream of datagrams, as the input wishes (stream.h), through tracker and all rules under a small memory limit.
 *
 * What must hold: no rule is broken at an octet outside its message, packets of a finding ascend, memory stays under the
 * limit, and nothing is left when the stream has ended. */
#include <stdlib.h>

#include "coapspec/analysis.h"
#include "tests/fuzz/stream.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MEMORY = 256 * 1024 };

static void on_finding(void *user, const struct cs_finding *f)
{
    (void)user;
    if (f->octet != CS_NO_OCTET && f->octet > f->octets.len)
        abort();
    for (size_t i = 1; i < f->packet_count; i++)
        if (f->packets[i - 1] >= f->packets[i])
            abort();
    if (f->packet_count == 0 || f->why[0] == '\0')
        abort();
}

static struct cs_address peer(unsigned n, bool ipv6)
{
    struct cs_address a = {.family = ipv6 ? 6 : 4, .port = 5683, .ip = {ipv6 ? 0x20 : 192}};
    if (n == PEER_GROUP && ipv6)
        a.ip[0] = 0xff, a.ip[1] = 0x02, a.ip[15] = 0xfd;
    else if (n == PEER_GROUP)
        a.ip[0] = 224, a.ip[2] = 1, a.ip[3] = 187;
    else if (n != PEER_BESIDE_SERVER)
        a.ip[3] = (uint8_t)n;
    if (n != PEER_SERVER && n != PEER_OTHER_SERVER && n != PEER_GROUP)
        a.port = (uint16_t)(40000 + n);
    return a;
}

static struct cs_datagram datagram_of(const uint8_t *step, uint8_t stream)
{
    const bool ipv6 = (stream & STREAM_IPV6) != 0;
    return (struct cs_datagram){
        .src = peer(step[0] & 7, ipv6),
        .dst = peer(step[0] >> 3 & 7, ipv6),
        .missing = (step[3] & STEP_CUT) != 0 ? step[3] : 0u,
        .direction = (step[3] >> STEP_DIRECTION & 3) % 3,
        .protection = (stream & STREAM_DTLS) != 0 ? CS_DTLS : CS_CLEAR,
        .fragmented = (step[3] & STEP_FRAGMENTED) != 0,
    };
}

static void play(struct cs_analysis *analysis, const uint8_t *data, size_t size)
{
    uint64_t time_ns = 1000000000, packet = 0;
    for (size_t at = 1; size - at >= STREAM_STEP;) {
        const uint8_t *step = data + at;
        at += STREAM_STEP;
        size_t length = (size_t)step[4] << 8 | step[5];
        if (length > size - at)
            length = size - at;
        time_ns += (uint64_t)step[2] << (step[1] & STREAM_EXPONENT_MAX);
        if ((step[3] & STEP_SILENCE) != 0) {
            cs_analysis_time(analysis, time_ns);
        } else {
            struct cs_datagram datagram = datagram_of(step, data[0]);
            datagram.time_ns = time_ns;
            datagram.packet = ++packet;
            datagram.octets = (struct cs_slice){data + at, length};
            cs_analysis_datagram(analysis, &datagram);
        }
        at += length;
        /* the smallest tables are allowed for */
        if (cs_analysis_counts(analysis).memory > MEMORY * 2)
            abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    struct cs_settings settings = {
        .memory = MEMORY, .on_finding = on_finding, .whole = (data[0] & STREAM_WHOLE) != 0};
    if ((data[0] & STREAM_DECLARED) != 0) {
        settings.parameters = cs_parameters_default;
        settings.parameters.assumed = false;
    }
    struct cs_analysis *analysis = cs_analysis_new(&settings);
    if (analysis == NULL)
        return 0;
    if ((data[0] & STREAM_LOSSY) != 0)
        cs_analysis_lossy(analysis);
    play(analysis, data, size);
    cs_analysis_end(analysis);
    struct cs_counts counts = cs_analysis_counts(analysis);
    if (counts.sent_now != 0 || counts.flows_now != 0)
        abort();
    cs_analysis_free(analysis);
    return 0;
}
