/* tests/bench/generate.c: generate KIND PACKETS [SEED] > FILE
 *
 * KIND is `mix` (20 000 devices, conforming traffic), a variant of it, or a kind of hostility. Without arguments it names them.
 * The same arguments give the same octets. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/bench/frames.h"

enum { DEVICES = 20000, HOUR = 3600 };

static const struct kind {
    const char *name;
    struct bench_mixture mixture;
    struct bench_file file;
} kinds[] = {
    {.name = "mix"},
    {.name = "few", .mixture.devices = 40},
    {.name = "flows", .mixture.habit = BENCH_LIGHT}, /* a flow for every third packet */
    {.name = "holes", .mixture = {.lost_percent = 10, .cut_percent = 5}},
    {.name = "ipv4", .mixture.family = BENCH_IPV4},
    {.name = "ipv6", .mixture.family = BENCH_IPV6},
    {.name = "vlan", .file.link = BENCH_VLAN},
    {.name = "cooked", .file.link = BENCH_COOKED},
    {.name = "raw", .file.link = BENCH_RAW},
    {.name = "pcapng", .file.pcapng = true},
    {.name = "notifications", .mixture.habit = BENCH_NOTIFICATIONS},
    {.name = "blocks", .mixture.habit = BENCH_BLOCKS},
    {.name = "separate", .mixture.habit = BENCH_SEPARATE},
    {.name = "registrations", .mixture.habit = BENCH_REGISTRATIONS},
    {.name = "large", .mixture.habit = BENCH_LARGE},
    {.name = "short-tokens",
     .mixture = {.habit = BENCH_LIGHT, .token_longest = 2, .devices = DEVICES}},
    {.name = "lossy", .mixture.again_percent = 11},
    {.name = "nat", .mixture = {.one_address = true, .servers = 1}},
    {.name = "servers", .mixture.servers = 10000},
    {.name = "shared-mids", .mixture.shared_mids = true},
    {.name = "one-flow", .mixture.devices = 1},
    {.name = "sparse", .mixture.seconds = 24 * HOUR},
    {.name = "dense", .mixture = {.habit = BENCH_LIGHT, .seconds = 1, .devices = 100000}},
};
enum { KINDS = sizeof kinds / sizeof kinds[0] };

static int usage(void)
{
    fputs("generate ", stderr);
    for (size_t i = 0; i < KINDS; i++)
        fprintf(stderr, "%s%s", i > 0 ? "|" : "", kinds[i].name);
    for (const char *const *kind = bench_hostile_kinds; *kind != NULL; kind++)
        fprintf(stderr, "|%s", *kind);
    fputs(" PACKETS [SEED] > FILE\n", stderr);
    return 2;
}

static void generate(const struct kind *kind, uint64_t packets)
{
    struct bench_mixture mixture = kind->mixture;
    if (mixture.devices == 0)
        mixture.devices = mixture.habit == BENCH_LIGHT ? (uint32_t)(packets * 341 / 1000) : DEVICES;
    if (mixture.seconds == 0)
        mixture.seconds = 1.2e-3 * (double)packets;
    bench_open(packets, kind->file);
    bench_mix(&mixture, packets);
}

int main(int argc, char **argv)
{
    if (argc < 3 || argc > 4)
        return usage();
    const uint64_t packets = strtoull(argv[2], NULL, 10);
    const struct kind *kind = NULL;
    for (size_t i = 0; i < KINDS && kind == NULL; i++)
        kind = strcmp(argv[1], kinds[i].name) == 0 ? &kinds[i] : NULL;
    bench_seed(argc > 3 ? strtoull(argv[3], NULL, 10) : 1);
    if (kind != NULL) {
        generate(kind, packets);
    } else {
        bench_open(packets, (struct bench_file){.link = BENCH_ETHERNET});
        if (!bench_hostile(argv[1]))
            return usage();
    }
    return bench_close() ? 0 : 3;
}
