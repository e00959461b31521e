/* tests/bench/mixture.c: field traffic that breaks no rule: devices that register with LwM2M servers, are read, written
 * and observed, transfer blocks, answer late, are pinged; now and then something is lost and sent again.
 *
 * Between a device and its server one conversation runs at a time (RFC 7252 section 4.7, NSTART 1); Message IDs count up
 * from a random start and come nowhere near to being used again within EXCHANGE_LIFETIME; tokens are random and never
 * twice the same for one pair. */
#include <stdlib.h>
#include <string.h>

#include "tests/bench/mixture.h"

/* A frame to be written, or, without one, the time for a device to say something. */
struct item {
    uint64_t time;
    uint64_t order; /* equal times keep the order in which they were planned */
    uint8_t *frame;
    uint32_t device;
    uint16_t len;
};

struct server {
    struct bench_endpoint at;
    uint16_t mid; /* next Message ID, where it counts over all devices */
};

static const struct bench_mixture *mixture; /* what is made */
static struct server *servers;              /* so many of IPv4, as many of IPv6 */
static struct device *devices;
static struct item *heap;
static size_t heap_len, heap_cap;
static uint64_t ordered;

/* ------------------------------------------------------------------ what happens next */

static bool before(const struct item *a, const struct item *b)
{
    return a->time != b->time ? a->time < b->time : a->order < b->order;
}

static void push(struct item item)
{
    if (heap_len == heap_cap) {
        heap_cap = heap_cap ? 2 * heap_cap : 4096;
        heap = realloc(heap, heap_cap * sizeof *heap);
        if (heap == NULL)
            abort();
    }
    item.order = ordered++;
    size_t i = heap_len++;
    for (; i > 0 && before(&item, &heap[(i - 1) / 2]); i = (i - 1) / 2)
        heap[i] = heap[(i - 1) / 2];
    heap[i] = item;
}

static struct item pop(void)
{
    struct item top = heap[0], last = heap[--heap_len];
    size_t i = 0;
    for (size_t child; (child = 2 * i + 1) < heap_len; i = child) {
        if (child + 1 < heap_len && before(&heap[child + 1], &heap[child]))
            child++;
        if (!before(&heap[child], &last))
            break;
        heap[i] = heap[child];
    }
    heap[i] = last;
    return top;
}

/* ------------------------------------------------------------------ speaking */

static struct server *server_of(const struct talk *t)
{
    return &servers[(t->device->at.v6 ? mixture->servers : 0) + t->index % mixture->servers];
}

void bench_say(const struct talk *t, enum side from, const struct bench_message *m, uint64_t time)
{
    uint8_t frame[BENCH_FRAME_MAX];
    const struct bench_endpoint *server = &server_of(t)->at;
    size_t len = from == DEVICE ? bench_frame(frame, &t->device->at, server, m->octets, m->len)
                                : bench_frame(frame, server, &t->device->at, m->octets, m->len);
    uint8_t *copy = malloc(len);
    if (copy == NULL)
        abort();
    memcpy(copy, frame, len);
    push((struct item){.time = time, .frame = copy, .device = t->index, .len = (uint16_t)len});
}

uint16_t bench_next_mid(struct talk *t, enum side from)
{
    return from == SERVER && mixture->shared_mids ? server_of(t)->mid++ : t->device->mid[from]++;
}

const struct bench_mixture *bench_mixture(void) { return mixture; }

/* ------------------------------------------------------------------ all of it */

static void place_servers(void)
{
    servers = calloc(2 * mixture->servers, sizeof *servers);
    if (servers == NULL)
        abort();
    for (uint32_t i = 0; i < mixture->servers; i++) {
        const uint8_t high = (uint8_t)(i >> 8), low = (uint8_t)i;
        servers[i].at = (struct bench_endpoint){{10, 0, high, (uint8_t)(1 + low)}, 5683, false};
        servers[mixture->servers + i].at = (struct bench_endpoint){
            {0x20, 1, 0x0d, 0xb8, [14] = high, [15] = (uint8_t)(mixture->servers + low)},
            5683,
            true};
        servers[i].mid = servers[mixture->servers + i].mid = (uint16_t)(i * 4099);
    }
}

static struct bench_endpoint place_of(uint32_t i)
{
    const uint8_t high = (uint8_t)(i >> 16), middle = (uint8_t)(i >> 8), low = (uint8_t)i;
    if (mixture->one_address)
        return (struct bench_endpoint){{192, 0, 2, 1}, (uint16_t)(1024 + i), false};
    if (mixture->family == BENCH_IPV6 || (mixture->family == BENCH_BOTH && i % 2 != 0))
        return (struct bench_endpoint){
            {0x20, 1, 0x0d, 0xb8, 0, 1, 0, 0, 2, 0x24, 0xbe, 0xff, 0xfe, high, middle, low},
            5683,
            true};
    return (struct bench_endpoint){{10, (uint8_t)(1 + high), middle, low}, 5683, false};
}

static uint8_t token_length(void)
{
    if (mixture->token_longest != 0)
        return (uint8_t)bench_below(mixture->token_longest + 1u);
    return (uint8_t)(bench_chance(60) ? 8 : 4 + bench_below(4));
}

static void place_devices(void)
{
    devices = calloc(mixture->devices, sizeof *devices);
    if (devices == NULL)
        abort();
    for (uint32_t i = 0; i < mixture->devices; i++) {
        struct device *d = &devices[i];
        d->at = place_of(i);
        if (!mixture->one_address && bench_chance(50))
            d->at.port = (uint16_t)(32768 + bench_below(28000));
        d->mid[SERVER] = (uint16_t)bench_random();
        d->mid[DEVICE] = (uint16_t)bench_random();
        d->token_length = token_length();
    }
}

static uint64_t spread(double mean_s)
{
    /* uniform in 0.2 to 1.8 of the mean: no device is silent for ever and none floods */
    return (uint64_t)(mean_s * 1e6 * (0.2 + 1.6 * (double)bench_below(1000000) / 1e6)) * 1000;
}

static void set_up(struct bench_mixture *wanted)
{
    wanted->servers = wanted->servers == 0 ? 10 : wanted->servers;
    wanted->again_percent = wanted->again_percent == 0 ? 3.3 : wanted->again_percent;
    mixture = wanted;
    place_servers();
    place_devices();
}

static void tear_down(void)
{
    while (heap_len > 0)
        free(pop().frame);
    free(heap);
    free(devices);
    free(servers);
    mixture = NULL;
}

void bench_mix(const struct bench_mixture *asked, uint64_t packets)
{
    struct bench_mixture wanted = *asked;
    set_up(&wanted);
    const bool light = mixture->habit == BENCH_LIGHT;
    const double gap = mixture->devices * bench_packets_in_one(mixture->habit) * mixture->seconds /
                       (double)packets;
    const double first = light                    ? mixture->seconds * 0.9
                         : gap < mixture->seconds ? gap
                                                  : mixture->seconds;
    for (uint32_t i = 0; i < mixture->devices; i++)
        push((struct item){.time = UINT64_C(1700000000) * SECOND +
                                   (uint64_t)(first * 1e9 / mixture->devices * i),
                           .device = i});
    while (!bench_full()) {
        struct item item = pop();
        if (item.frame != NULL) {
            if (!bench_chance(mixture->lost_percent))
                bench_write(item.time, item.frame, item.len,
                            bench_chance(mixture->cut_percent) ? bench_below(item.len) : 0);
            free(item.frame);
            continue;
        }
        struct talk talk = {&devices[item.device], item.device, item.time};
        bench_converse(&talk);
        push((struct item){.time = talk.time + 200 * MS + spread(gap), .device = item.device});
    }
    tear_down();
}
