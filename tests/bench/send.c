/* tests/bench/send.c: send FILE INTERFACE RATE SECONDS: the frames of a pcap file go out on an interface, so many a second (fewer
 * when the machine cannot do that) for so long, from the beginning again when the file ends. For a network namespace of its own; it
 * takes root. Prints how many were sent, and in what time. */
#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <pcap.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

enum { FRAMES_MAX = 1000000, BATCH = 64, RATE_MAX = 10000000, SECONDS_MAX = 60, PAUSE_NS = 200000 };

static struct iovec frames[FRAMES_MAX];
static size_t frame_count;

static void keep(u_char *user, const struct pcap_pkthdr *header, const u_char *octets)
{
    (void)user;
    uint8_t *copy = malloc(header->caplen + 1);
    if (copy == NULL)
        abort();
    memcpy(copy, octets, header->caplen);
    frames[frame_count++] = (struct iovec){copy, header->caplen};
}

static bool load(const char *path)
{
    char error[PCAP_ERRBUF_SIZE];
    pcap_t *file = pcap_open_offline(path, error);
    if (file == NULL) {
        fprintf(stderr, "send: %s\n", error);
        return false;
    }
    const bool good = pcap_datalink(file) == DLT_EN10MB &&
                      pcap_loop(file, FRAMES_MAX, keep, NULL) >= 0 && frame_count > 0;
    pcap_close(file);
    if (!good)
        fprintf(stderr, "send: %s: no Ethernet frames in it\n", path);
    return good;
}

static int open_interface(const char *name)
{
    const struct sockaddr_ll at = {.sll_family = AF_PACKET,
                                   .sll_protocol = htons(ETH_P_ALL),
                                   .sll_ifindex = (int)if_nametoindex(name)};
    const int on = 1, fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
    if (fd < 0 || bind(fd, (const struct sockaddr *)(const void *)&at, sizeof at) != 0) {
        perror(name);
        return -1;
    }
    setsockopt(fd, SOL_PACKET, PACKET_QDISC_BYPASS, &on, sizeof on);
    return fd;
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Up to `count` frames from the n-th on; how many, or -1. */
static int send_some(int fd, uint64_t n, uint64_t count)
{
    struct mmsghdr messages[BATCH] = {0};
    const unsigned some = count < BATCH ? (unsigned)count : BATCH;
    for (unsigned i = 0; i < some; i++)
        messages[i].msg_hdr =
            (struct msghdr){.msg_iov = &frames[(n + i) % frame_count], .msg_iovlen = 1};
    const int sent = sendmmsg(fd, messages, some, 0);
    if (sent < 0 && (errno == ENOBUFS || errno == EAGAIN || errno == EINTR))
        return 0;
    return sent;
}

int main(int argc, char **argv)
{
    const uint64_t rate = argc == 5 ? strtoull(argv[3], NULL, 10) : 0;
    const uint64_t seconds = argc == 5 ? strtoull(argv[4], NULL, 10) : 0;
    if (rate == 0 || rate > RATE_MAX || seconds == 0 || seconds > SECONDS_MAX) {
        fputs("send FILE INTERFACE RATE SECONDS\n", stderr);
        return 2;
    }
    const int fd = load(argv[1]) ? open_interface(argv[2]) : -1;
    if (fd < 0)
        return 3;
    const double began = now();
    uint64_t sent = 0;
    double passed = 0;
    while ((passed = now() - began) < (double)seconds) {
        const uint64_t due = (uint64_t)(passed * (double)rate);
        if (due <= sent) {
            nanosleep(&(struct timespec){.tv_nsec = PAUSE_NS}, NULL);
            continue;
        }
        const int some = send_some(fd, sent, due - sent);
        if (some < 0) {
            perror("send");
            return 3;
        }
        sent += (uint64_t)some;
    }
    printf("%" PRIu64 " %.3f\n", sent, passed);
    return 0;
}
