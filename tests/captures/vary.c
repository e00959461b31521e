/* vary WHAT [NUMBER] FILE > OUT: a capture as it would be had it been taken otherwise; pcapng.
 *
 *   copy        as it is                             first N     only from packet N on
 *   lose N      of 1000 packets N are missing        clients     only what does not come from port 5683
 *   servers     only what does                       double N    each packet again, N µs later
 *   swap        each two packets change places       jitter N    each packet up to N µs later, in a new order
 *   cut N       N octets of each frame               again N     the whole once more, N s after its end
 *   behind N    what comes from port 5683 is N µs later, as seen from the client's side
 *
 * Chance is always the same. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "source/source.h"
#include "wire/wire.h"

struct frame {
    uint64_t time_ns;
    size_t order; /* of equal times */
    uint8_t *octets;
    size_t length;
    uint32_t wire_length;
    uint16_t link_type;
    bool of_server;
};

struct capture {
    struct frame *frames;
    size_t count, room;
    uint8_t *secrets; /* what the capture holds of them; they go before all packets */
    size_t secrets_length;
};

enum { COAP_PORT = 5683, COAPS_PORT = 5684, WIRE_MEMORY = 4 * 1024 * 1024 };

static uint64_t chance(uint64_t below)
{
    static uint64_t state = 1;
    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (state >> 33) % below;
}

static void add(struct capture *capture, struct frame frame)
{
    if (capture->count == capture->room) {
        capture->room = capture->room == 0 ? 1024 : 2 * capture->room;
        capture->frames = realloc(capture->frames, capture->room * sizeof *capture->frames);
        if (capture->frames == NULL)
            abort();
    }
    frame.order = capture->count;
    capture->frames[capture->count++] = frame;
}

static void read_frame(struct capture *capture, struct cs_wire *wire, const struct cs_frame *frame)
{
    struct cs_datagram datagram;
    const enum cs_wire_result result = cs_wire_frame(wire, frame, &datagram);
    const bool udp = result == CS_WIRE_DATAGRAM || result == CS_WIRE_REASSEMBLED;
    uint8_t *octets = malloc(frame->octets.len + 1);
    if (octets == NULL)
        abort();
    memcpy(octets, frame->octets.at, frame->octets.len);
    add(capture, (struct frame){.time_ns = frame->time_ns,
                                .octets = octets,
                                .length = frame->octets.len,
                                .wire_length = frame->wire_length,
                                .link_type = frame->link_type,
                                .of_server = udp && (datagram.src.port == COAP_PORT ||
                                                     datagram.src.port == COAPS_PORT)});
}

static void keep_secrets(void *user, struct cs_slice text)
{
    struct capture *capture = user;
    capture->secrets = realloc(capture->secrets, capture->secrets_length + text.len);
    if (capture->secrets == NULL)
        abort();
    memcpy(capture->secrets + capture->secrets_length, text.at, text.len);
    capture->secrets_length += text.len;
}

static bool read_capture(const char *path, struct capture *capture)
{
    struct cs_error error;
    struct cs_frame frames[32];
    struct cs_source *source = cs_source_file(path, &error);
    struct cs_wire *wire = cs_wire_new(WIRE_MEMORY);
    int n = CS_SOURCE_ERROR;
    if (source != NULL)
        cs_source_on_secrets(source, keep_secrets, capture);
    while (source != NULL && wire != NULL && (n = cs_source_next(source, frames, 32, &error)) > 0)
        for (int i = 0; i < n; i++)
            read_frame(capture, wire, &frames[i]);
    if (n == CS_SOURCE_ERROR)
        fprintf(stderr, "%s: %s\n", path, error.text);
    cs_wire_free(wire);
    cs_source_free(source);
    return n == CS_SOURCE_END;
}

static int by_time(const void *a, const void *b)
{
    const struct frame *x = a, *y = b;
    if (x->time_ns != y->time_ns)
        return x->time_ns < y->time_ns ? -1 : 1;
    return x->order < y->order ? -1 : 1;
}

static void sort(struct capture *c) { qsort(c->frames, c->count, sizeof *c->frames, by_time); }

/* ------------------------------------------------------------------ the variants */

static void copy(struct capture *c, uint64_t n)
{
    (void)c;
    (void)n;
}

static void keep(struct capture *c, bool (*wanted)(const struct frame *, uint64_t), uint64_t n)
{
    size_t count = 0;
    for (size_t i = 0; i < c->count; i++)
        if (wanted(&c->frames[i], n))
            c->frames[count++] = c->frames[i];
    c->count = count;
}

static bool is_from(const struct frame *f, uint64_t n) { return f->order + 1 >= n; }

static bool is_seen(const struct frame *f, uint64_t n)
{
    (void)f;
    return chance(1000) >= n;
}

static bool is_clients(const struct frame *f, uint64_t n)
{
    (void)n;
    return !f->of_server;
}

static bool is_servers(const struct frame *f, uint64_t n)
{
    (void)n;
    return f->of_server;
}

static void first(struct capture *c, uint64_t n) { keep(c, is_from, n); }
static void lose(struct capture *c, uint64_t n) { keep(c, is_seen, n); }
static void clients(struct capture *c, uint64_t n) { keep(c, is_clients, n); }
static void servers(struct capture *c, uint64_t n) { keep(c, is_servers, n); }

static void twice(struct capture *c, uint64_t n)
{
    for (size_t i = 0, count = c->count; i < count; i++) {
        struct frame again = c->frames[i];
        again.time_ns += n * 1000;
        add(c, again);
    }
    sort(c);
}

static void swap(struct capture *c, uint64_t n)
{
    (void)n;
    for (size_t i = 0; i + 1 < c->count; i += 2) {
        const struct frame earlier = c->frames[i];
        c->frames[i] = c->frames[i + 1];
        c->frames[i + 1] = earlier;
    }
}

static void jitter(struct capture *c, uint64_t n)
{
    for (size_t i = 0; i < c->count; i++)
        c->frames[i].time_ns += chance(n * 1000);
    sort(c);
}

static void cut(struct capture *c, uint64_t n)
{
    for (size_t i = 0; i < c->count; i++)
        if (c->frames[i].length > n)
            c->frames[i].length = (size_t)n;
}

static void again(struct capture *c, uint64_t n)
{
    const size_t count = c->count;
    for (size_t i = 0; i < count; i++) {
        struct frame later = c->frames[i];
        later.time_ns += c->frames[count - 1].time_ns - c->frames[0].time_ns + n * 1000000000;
        add(c, later);
    }
}

static void behind(struct capture *c, uint64_t n)
{
    for (size_t i = 0; i < c->count; i++)
        c->frames[i].time_ns += c->frames[i].of_server ? n * 1000 : 0;
    sort(c);
}

static const struct variant {
    const char *name;
    void (*make)(struct capture *, uint64_t);
    bool number;
} variants[] = {
    {"copy", copy, false},       {"first", first, true},      {"lose", lose, true},
    {"clients", clients, false}, {"servers", servers, false}, {"double", twice, true},
    {"swap", swap, false},       {"jitter", jitter, true},    {"cut", cut, true},
    {"again", again, true},      {"behind", behind, true},
};

static bool write_capture(const struct capture *c)
{
    struct cs_pcapng_writer writer;
    cs_pcapng_begin(&writer, stdout, "vary", NULL);
    if (c->secrets_length > 0)
        cs_pcapng_secrets(&writer, (struct cs_slice){c->secrets, c->secrets_length});
    for (size_t i = 0; i < c->count; i++) {
        const struct frame *f = &c->frames[i];
        const struct cs_frame frame = {.octets = {f->octets, f->length},
                                       .time_ns = f->time_ns,
                                       .wire_length = f->wire_length,
                                       .link_type = f->link_type};
        cs_pcapng_frame(&writer, &frame, NULL, 0);
    }
    return !writer.failed && fflush(stdout) == 0;
}

int main(int argc, char **argv)
{
    static struct capture capture; /* its frames end with the program */
    for (size_t i = 0; i < sizeof variants / sizeof variants[0]; i++) {
        const struct variant *v = &variants[i];
        if (argc != (v->number ? 4 : 3) || strcmp(argv[1], v->name) != 0)
            continue;
        if (!read_capture(argv[argc - 1], &capture))
            return 3;
        v->make(&capture, v->number ? strtoull(argv[2], NULL, 10) : 0);
        return write_capture(&capture) ? 0 : 3;
    }
    fputs("vary copy|first N|lose N|clients|servers|double N|swap|jitter N|cut N|again N|behind N "
          "FILE\n",
          stderr);
    return 2;
}
