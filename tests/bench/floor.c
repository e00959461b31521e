/* tests/bench/floor.c: floor FILE: reads a capture with pcap_loop and does nothing with it. What `check` is measured by. */
#include <inttypes.h>
#include <pcap.h>
#include <stdint.h>
#include <stdio.h>

static void count(u_char *user, const struct pcap_pkthdr *header, const u_char *octets)
{
    uint64_t *sums = (uint64_t *)(void *)user;
    sums[0]++;
    sums[1] += header->caplen + octets[0];
}

int main(int argc, char **argv)
{
    char error[PCAP_ERRBUF_SIZE];
    uint64_t sums[2] = {0, 0};
    pcap_t *capture = argc == 2 ? pcap_open_offline(argv[1], error) : NULL;
    if (capture == NULL) {
        fprintf(stderr, "floor: %s\n", argc == 2 ? error : "one FILE is wanted");
        return 3;
    }
    int outcome = pcap_loop(capture, -1, count, (u_char *)(void *)sums);
    pcap_close(capture);
    printf("%" PRIu64 " packets, %" PRIu64 "\n", sums[0], sums[1]);
    return outcome == 0 ? 0 : 3;
}
