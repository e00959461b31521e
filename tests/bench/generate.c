/* tests/bench/generate.c: generate KIND PACKETS [SEED] > FILE.pcap
 *
 * KIND is `mix` (20 000 devices, conforming traffic), `few` (the same of 40 devices), `flows` (a flow for every third packet), `holes` (mix, of which one
 * packet in ten is lost and one in twenty cut), or a kind of hostility. The same arguments give the same octets. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/bench/frames.h"

static int usage(void)
{
    fputs("generate mix|few|flows|holes", stderr);
    for (const char *const *kind = bench_hostile_kinds; *kind != NULL; kind++)
        fprintf(stderr, "|%s", *kind);
    fputs(" PACKETS [SEED] > FILE\n", stderr);
    return 2;
}

int main(int argc, char **argv)
{
    if (argc < 3 || argc > 4)
        return usage();
    uint64_t packets = strtoull(argv[2], NULL, 10);
    struct bench_mixture mixture = {.devices = 20000, .seconds = 1.2e-3 * (double)packets};
    bench_seed(argc > 3 ? strtoull(argv[3], NULL, 10) : 1);
    bench_open(packets);
    if (strcmp(argv[1], "mix") == 0) {
        bench_mix(&mixture, packets);
    } else if (strcmp(argv[1], "few") == 0) {
        mixture.devices = 40;
        bench_mix(&mixture, packets);
    } else if (strcmp(argv[1], "flows") == 0) {
        mixture.light = true;
        mixture.devices = (uint32_t)(packets * 341 / 1000);
        bench_mix(&mixture, packets);
    } else if (strcmp(argv[1], "holes") == 0) {
        mixture.lost_percent = 10;
        mixture.cut_percent = 5;
        bench_mix(&mixture, packets);
    } else if (!bench_hostile(argv[1])) {
        return usage();
    }
    return bench_close() ? 0 : 3;
}
