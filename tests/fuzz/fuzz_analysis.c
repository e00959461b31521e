/* A stream of datagrams, as the input wishes, through tracker and all rules under a small memory limit.
 *
 * Each step is five octets: sender and receiver, time that passes (its exponent and value), flags, length; then the datagram. What must
 * hold: no rule is broken at an octet outside its message, packets of a finding ascend, memory stays under the limit,
 * and nothing is left when the stream has ended. */
#include <stdlib.h>

#include "coapspec/rules.h"

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

static struct cs_address peer(unsigned n)
{
    struct cs_address a = {.family = (n & 4) != 0 ? 6 : 4,
                           .port = (uint16_t)(n == 0 ? 5683 : 40000 + n)};
    a.ip[0] = n == 3 ? 224 : n == 7 ? 255 : 192;
    a.ip[3] = (uint8_t)n;
    return a;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    struct cs_settings settings = {
        .memory = MEMORY, .on_finding = on_finding, .whole = (data[0] & 1) != 0};
    struct cs_analysis *analysis = cs_analysis_new(&settings);
    if (analysis == NULL)
        return 0;
    if ((data[0] & 2) != 0)
        cs_analysis_lossy(analysis);
    uint64_t time_ns = 1000000000, packet = 0;
    for (size_t at = 1; size - at >= 5;) {
        const uint8_t *step = data + at;
        at += 5;
        size_t length = step[4] <= size - at ? step[4] : size - at;
        time_ns += (uint64_t)step[2] << (step[1] & 31);
        struct cs_datagram datagram = {
            .time_ns = time_ns,
            .packet = ++packet,
            .src = peer(step[0] & 7),
            .dst = peer(step[0] >> 3 & 7),
            .octets = {data + at, length},
            .missing = (step[3] & 1) != 0 ? step[3] : 0u,
            .direction = (step[3] >> 1) % 3,
            .fragmented = (step[3] & 16) != 0,
        };
        cs_analysis_datagram(analysis, &datagram);
        at += length;
        if (cs_analysis_counts(analysis).memory >
            MEMORY * 2) /* the smallest tables are allowed for */
            abort();
    }
    cs_analysis_end(analysis);
    struct cs_counts counts = cs_analysis_counts(analysis);
    if (counts.sent_now != 0 || counts.flows_now != 0)
        abort();
    cs_analysis_free(analysis);
    return 0;
}
