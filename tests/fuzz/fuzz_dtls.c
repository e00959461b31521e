/* Datagrams of DTLS, as the input wishes, through sessions and all rules under a small memory limit, with CoAP in the clear between.
 *
 * Each step is three octets: sender, receiver and flags; length (2); then the datagram. What must hold: no rule is broken at an octet outside
 * the datagram, memory stays under the limit, no more is encrypted than there is, and a line about the records ends. */
#include <stdlib.h>
#include <string.h>

#include "coapspec/analysis.h"
#include "decrypt/secrets.h"
#include "wire/dtls.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MEMORY = 512 * 1024 };

static void on_finding(void *user, const struct cs_finding *f)
{
    (void)user;
    if (f->octet != CS_NO_OCTET && f->octet > f->octets.len)
        abort();
    if (f->packet_count == 0 || f->why[0] == '\0')
        abort();
}

static struct cs_address peer(unsigned n)
{
    return (struct cs_address){{192, 0, 2, (uint8_t)n}, (uint16_t)(n == 0 ? 5684 : 40000 + n), 4};
}

static void see(struct cs_analysis *analysis, const uint8_t *step, struct cs_slice octets)
{
    static uint64_t packet;
    packet++;
    char line[512];
    struct cs_text text;
    const struct cs_datagram datagram = {
        .time_ns = 1000000000 + packet,
        .packet = packet,
        .src = peer(step[0] & 3),
        .dst = peer(step[0] >> 2 & 3),
        .octets = octets,
        .missing = (step[0] & 0x40) != 0 ? step[2] : 0u,
        .direction = (step[0] & 0x20) != 0 ? CS_FROM_DEVICE : CS_UNKNOWN,
    };
    cs_text_init(&text, line, sizeof line);
    cs_records_format(octets, datagram.missing, &text);
    if ((step[0] & 0x10) != 0)
        cs_analysis_datagram(analysis, &datagram);
    else
        cs_analysis_records(analysis, &datagram);
    const struct cs_counts counts = cs_analysis_counts(analysis);
    if (counts.memory > MEMORY * 2 || counts.dtls.encrypted > counts.dtls.records ||
        counts.dtls.sealed + counts.dtls.refused + counts.dtls.repeated > counts.dtls.encrypted)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum { STEP = 3 };
    static const uint8_t random[CS_RANDOM_OCTETS] = {[7] = 1, [15] = 1, [23] = 1, [31] = 1};
    uint8_t master[CS_MASTER_OCTETS];
    struct cs_secrets *secrets = cs_secrets_new(0);
    if (secrets == NULL)
        return 0;
    memset(master, 'K', sizeof master); /* that of the seeds, whose records open */
    cs_secrets_add(secrets, random, master);
    const struct cs_settings settings = {.secrets = secrets,
                                         .memory = MEMORY,
                                         .on_finding = on_finding,
                                         .whole = size > 0 && (data[0] & 0x80) != 0};
    struct cs_analysis *analysis = cs_analysis_new(&settings);
    if (analysis == NULL) {
        cs_secrets_free(secrets);
        return 0;
    }
    while (size >= STEP) {
        const uint8_t *step = data;
        size_t length = (size_t)step[1] << 8 | step[2];
        data += STEP;
        size -= STEP;
        length = length < size ? length : size;
        uint8_t *octets = malloc(length > 0 ? length : 1); /* of exactly that length */
        if (octets == NULL)
            abort();
        memcpy(octets, data, length);
        see(analysis, step, (struct cs_slice){octets, length});
        free(octets);
        data += length;
        size -= length;
    }
    cs_analysis_end(analysis);
    cs_analysis_free(analysis);
    cs_secrets_free(secrets);
    return 0;
}
