/* tests/bench/mixture.h: a device, and a conversation that it has with its server. For mixture.c, which says when and where, and
 * talks.c, which says what. */
#ifndef BENCH_MIXTURE_H
#define BENCH_MIXTURE_H

#include "tests/bench/frames.h"

#define MS     UINT64_C(1000000)
#define SECOND (1000 * MS)

struct token {
    uint8_t at[8];
    size_t len;
};

struct device {
    struct bench_endpoint at;
    uint32_t tokens;       /* how many were made */
    uint16_t mid[2];       /* next Message ID of [0] the server towards it, [1] the device */
    uint16_t registration; /* 0: not registered */
    uint16_t observe;      /* last sequence number; 0: not observed */
    struct token observing;
    uint8_t token_length;
};

/* One conversation; `time` moves on with it. */
struct talk {
    struct device *device;
    uint32_t index;
    uint64_t time;
};

enum side { SERVER, DEVICE };

/* A message that passes at that time. */
void bench_say(const struct talk *talk, enum side from, const struct bench_message *message,
               uint64_t time);
/* The next Message ID of that side. */
uint16_t bench_next_mid(struct talk *talk, enum side from);
/* What is made. */
const struct bench_mixture *bench_mixture(void);

/* One conversation, drawn by the habit of the mixture. */
void bench_converse(struct talk *talk);
/* Packets in a conversation, on average. */
double bench_packets_in_one(enum bench_habit habit);

#endif
