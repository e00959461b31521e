/* tests/bench/memory.c: memory flows|exchanges N: how many octets of resident memory one of them costs while it lives.
 *
 * N conversations of one request and its piggybacked response, all within a minute, so that all are alive at the end: with `flows`
 * from as many clients, with `exchanges` from sixty-four. The limit on memory is far away. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "coapspec/analysis.h"

enum { CLIENTS = 64, TOKEN = 4, MESSAGE_MAX = 32 };
static const uint64_t began_ns = UINT64_C(1700000000000000000), minute_ns = UINT64_C(60000000000);

static size_t message(uint8_t *at, uint8_t head, uint8_t code, uint32_t n, const char *rest)
{
    const size_t length = strlen(rest);
    at[0] = head | TOKEN;
    at[1] = code;
    at[2] = (uint8_t)(n >> 8);
    at[3] = (uint8_t)n;
    memcpy(at + 4, &n, TOKEN);
    memcpy(at + 4 + TOKEN, rest, length);
    return 4 + TOKEN + length;
}

static struct cs_address client(uint32_t n)
{
    return (struct cs_address){{10, (uint8_t)(n >> 16), (uint8_t)(n >> 8), (uint8_t)n}, 40000, 4};
}

/* The n-th of `count` conversations, with that client; within a client, `n` / clients gives a fresh Message ID and token. */
static void converse(struct cs_analysis *analysis, uint32_t n, uint32_t count, uint32_t clients)
{
    static const struct cs_address server = {{192, 0, 2, 1}, 5683, 4};
    const struct cs_address from = client(n % clients);
    uint8_t octets[MESSAGE_MAX];
    struct cs_datagram d = {.time_ns = began_ns + minute_ns / count * n,
                            .packet = 2 * (uint64_t)n + 1,
                            .src = from,
                            .dst = server,
                            .octets = {octets, 0}};
    d.octets.len = message(octets, 0x40, CS_CODE(0, 1), n / clients,
                           "\xb1"
                           "3"
                           "\x01"
                           "0");
    cs_analysis_datagram(analysis, &d);
    d.src = server;
    d.dst = from;
    d.packet++;
    d.octets.len = message(octets, 0x60, CS_CODE(2, 5), n / clients,
                           "\xff"
                           "21.5");
    cs_analysis_datagram(analysis, &d);
}

/* Now, not at the peak: a table that grows is there twice for a moment. */
static uint64_t resident(void)
{
    unsigned long long whole = 0, pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (file == NULL || fscanf(file, "%llu %llu", &whole, &pages) != 2)
        exit(3);
    fclose(file);
    return (uint64_t)pages * (uint64_t)sysconf(_SC_PAGESIZE);
}

int main(int argc, char **argv)
{
    const uint32_t count = argc == 3 ? (uint32_t)strtoul(argv[2], NULL, 10) : 0;
    const bool flows = argc == 3 && strcmp(argv[1], "flows") == 0;
    if (count == 0 || (!flows && strcmp(argv[1], "exchanges") != 0)) {
        fputs("memory flows|exchanges N\n", stderr);
        return 2;
    }
    const uint32_t clients = flows ? count : CLIENTS;
    const struct cs_settings settings = {.memory = (size_t)4 << 30};
    struct cs_analysis *analysis = cs_analysis_new(&settings);
    if (analysis == NULL)
        return 3;
    for (uint32_t n = 0; n < CLIENTS; n++) /* what is needed once, and the flows of the exchanges */
        converse(analysis, n, count, clients);
    const uint64_t before = resident();
    for (uint32_t n = CLIENTS; n < count; n++)
        converse(analysis, n, count, clients);
    const uint64_t after = resident();
    const struct cs_counts counts = cs_analysis_counts(analysis);
    const uint64_t alive = flows ? counts.flows_now : counts.sent_now;
    printf("%.1f octets each, %" PRIu64 " alive, %" PRIu64 " evicted\n",
           (double)(after - before) / (double)(count - CLIENTS), alive, counts.evicted_messages);
    cs_analysis_free(analysis);
    return alive == count ? 0 : 3;
}
