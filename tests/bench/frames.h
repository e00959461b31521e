/* tests/bench/frames.h: captures are written from here: random numbers by seed, CoAP messages, frames, a pcap file. */
#ifndef BENCH_FRAMES_H
#define BENCH_FRAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* xorshift64*: the same seed gives the same capture on every machine. */
uint64_t bench_random(void);
void bench_seed(uint64_t seed);
/* 0 to n - 1. */
uint32_t bench_below(uint32_t n);
/* true in `percent` of the cases, a decimal fraction allowed */
bool bench_chance(double percent);

struct bench_endpoint {
    uint8_t ip[16]; /* IPv4 in the first four */
    uint16_t port;
    bool v6;
};

enum { BENCH_FRAME_MAX = 1600 };

/* A CoAP message under construction. Options in ascending order. */
struct bench_message {
    uint8_t octets[1472];
    size_t len;
    unsigned last_option;
};
void bench_begin(struct bench_message *m, unsigned type, unsigned code, uint16_t mid,
                 const void *token, size_t token_length);
void bench_option(struct bench_message *m, unsigned number, const void *value, size_t len);
void bench_option_uint(struct bench_message *m, unsigned number, uint32_t value);
void bench_option_text(struct bench_message *m, unsigned number, const char *text);
/* "/3/0/9" */
void bench_path(struct bench_message *m, const char *path);
void bench_payload(struct bench_message *m, const void *at, size_t len);

/* What stands before the IP packet, in every frame of the capture. */
enum bench_link { BENCH_ETHERNET, BENCH_VLAN, BENCH_COOKED /* Linux, v1 */, BENCH_RAW };

/* Link layer, IP and UDP around a datagram, checksums right. Returns the length. */
size_t bench_frame(uint8_t frame[BENCH_FRAME_MAX], const struct bench_endpoint *from,
                   const struct bench_endpoint *to, const uint8_t *octets, size_t len);
/* An IPv4 header for a fragment of `len` octets at `offset` (a multiple of 8). Returns the length of the frame. */
size_t bench_fragment(uint8_t frame[BENCH_FRAME_MAX], const struct bench_endpoint *from,
                      const struct bench_endpoint *to, uint16_t id, size_t offset, bool more,
                      const uint8_t *octets, size_t len);

/* The capture goes to stdout, nanoseconds. */
struct bench_file {
    enum bench_link link;
    bool pcapng;
};
void bench_open(uint64_t packets, struct bench_file file);
/* `cut`: so many octets are missing at the end of the captured frame. */
void bench_write(uint64_t time_ns, const uint8_t *frame, size_t len, size_t cut);
/* True once as many packets were written as were asked for. */
bool bench_full(void);
/* Says on stderr what was written. False when writing failed. */
bool bench_close(void);

/* What the traffic of the mixture is like; 0 stands for the usual. */
enum bench_habit {
    BENCH_MIXED,         /* registrations, reads, writes, notifications, blocks, pings, … */
    BENCH_LIGHT,         /* short conversations only */
    BENCH_NOTIFICATIONS, /* mostly non-confirmable ones */
    BENCH_BLOCKS,        /* block transfers only */
    BENCH_SEPARATE,      /* separate responses only */
    BENCH_REGISTRATIONS, /* four segments of path and four of query, often */
    BENCH_LARGE,         /* reads of a kilobyte */
    BENCH_HABITS
};
enum bench_family { BENCH_BOTH, BENCH_IPV4, BENCH_IPV6 };
struct bench_mixture {
    uint32_t devices;
    enum bench_habit habit;
    enum bench_family family;
    double seconds;
    double lost_percent;   /* of the packets: the capture has holes */
    double cut_percent;    /* of the packets: cut by the snap length */
    double again_percent;  /* of the confirmable messages: sent again; usually 3.3 */
    uint32_t servers;      /* usually ten of each family */
    uint8_t token_longest; /* octets; usually 8, and 4 to 7 */
    bool one_address;      /* all devices behind one address: a port each */
    bool shared_mids;      /* a server counts its Message IDs over all devices */
};
void bench_mix(const struct bench_mixture *mixture, uint64_t packets);
/* False if there is no such kind of hostility. */
bool bench_hostile(const char *kind);
extern const char *const bench_hostile_kinds[];

#endif
