/* The stream of a run as it passed an interface. */
#include "src/run/capture.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "source/source.h"
#include "src/run/run.h"
#include "wire/wire.h"

enum {
    BATCH = 64,
    REASSEMBLY = 4 * 1024 * 1024 /* octets of fragments */
};
static const uint64_t last_packets_ns = NET_SECOND; /* how long we wait for them when all is over */

/* A datagram by what it says, from whom and to whom; the same in our sockets and on the interface. */
struct seen {
    uint64_t key, number;
};

struct seen_list {
    struct seen *at;
    size_t count, cap;
};

struct run_capture {
    const char *interface; /* borrowed */
    struct cs_source *source;
    struct net_watch watch;
    struct cs_wire *wire; /* only to know whose a packet is */
    struct cs_bpf *peer;  /* packets of the device's host, for fragments, which have no ports */
    uint16_t peer_link_type;
    struct run *run;         /* borrowed; NULL: not started */
    struct seen_list socket; /* by our sockets' numbers */
    struct seen_list packet; /* by packet numbers */
    uint64_t dropped;
    uint16_t link_type;
    bool failed;
    uint8_t ports[65536 / 8]; /* a bit for each port of our sockets */
};

/* ------------------------------------------------------------------ what was seen where */

static void remember(struct seen_list *list, uint64_t key, uint64_t number)
{
    if (list->count == list->cap) {
        size_t cap = list->cap * 2 + 256;
        struct seen *at = realloc(list->at, cap * sizeof *at);
        if (at == NULL)
            return; /* a number less in the report */
        list->at = at;
        list->cap = cap;
    }
    list->at[list->count++] = (struct seen){key, number};
}

/* Our own address is left out: a socket may listen on all of them. */
static uint64_t key_of(const struct cs_datagram *d, bool ours)
{
    const struct cs_address *peer = ours ? &d->dst : &d->src;
    uint64_t port = ours ? d->src.port : d->dst.port;
    uint64_t key = cs_mix(port, ours);
    return cs_hash(cs_hash_address(key, peer), d->octets.at, d->octets.len);
}

uint64_t run_capture_expect(struct run_capture *capture, const struct cs_datagram *datagram)
{
    uint64_t number = capture->socket.count + 1;
    remember(&capture->socket, key_of(datagram, datagram->direction == CS_FROM_TESTER), number);
    return number;
}

static int by_key(const void *a, const void *b)
{
    const struct seen *x = a, *y = b;
    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return x->number < y->number ? -1 : x->number > y->number;
}

static void sort(struct seen_list *list)
{
    if (list->count > 0)
        qsort(list->at, list->count, sizeof *list->at, by_key);
}

/* For each datagram of our sockets the packet that it was in, 0 for none; the first of several equal ones is the first
 * there, too. NULL without memory. */
static uint64_t *match(struct run_capture *capture)
{
    struct seen_list *s = &capture->socket, *p = &capture->packet;
    uint64_t *packets = calloc(s->count + 1, sizeof *packets);
    if (packets == NULL)
        return NULL;
    sort(s);
    sort(p);
    for (size_t i = 0, k = 0; i < s->count && k < p->count;) {
        if (s->at[i].key == p->at[k].key)
            packets[s->at[i++].number] = p->at[k++].number;
        else if (s->at[i].key < p->at[k].key)
            i++;
        else
            k++;
    }
    return packets;
}

static void renumber(struct run_capture *capture, struct report *report)
{
    uint64_t *packets = match(capture);
    for (size_t i = 0; i < report->case_count; i++) {
        struct report_case *c = &report->cases[i];
        size_t kept = 0;
        for (size_t n = 0; n < c->packet_count && packets != NULL; n++) {
            uint64_t number = c->packets[n];
            if (number <= capture->socket.count && packets[number] != 0)
                c->packets[kept++] = packets[number];
        }
        c->packet_count = kept;
    }
    free(packets);
}

/* ------------------------------------------------------------------ which packets are ours */

void run_capture_port(struct run_capture *capture, uint16_t port)
{
    capture->ports[port / 8] |= (uint8_t)(1u << port % 8);
}

static bool is_ours(const struct run_capture *capture, uint16_t port)
{
    return (capture->ports[port / 8] & 1u << port % 8) != 0;
}

static bool is_any(const struct cs_address *a)
{
    static const uint8_t none[16] = {0};
    return memcmp(a->ip, none, sizeof none) == 0;
}

/* A device may use a port of the same number on another host. Where it is a client, `target` is our own address. */
static bool is_from_us(const struct run_capture *capture, const struct cs_datagram *d)
{
    const struct cs_address *target = &capture->run->target.address;
    if (!is_ours(capture, d->src.port))
        return false;
    if (!capture->run->profile->client)
        return !run_is_device(capture->run, &d->src);
    return is_any(target) || memcmp(d->src.ip, target->ip, sizeof target->ip) == 0;
}

/* The sockets that ask whether the device lives are soon closed, and their ports another program's: what comes from
 * them or goes there is of the run when it is the device's. */
static bool is_of_the_run(const struct run_capture *capture, const struct cs_datagram *d, bool ours)
{
    const struct run *run = capture->run;
    if (ours)
        return run->port_case[d->src.port] != 0 || run_is_device(run, &d->dst);
    return is_ours(capture, d->dst.port) &&
           (run_is_device(run, &d->src) ||
            run_is_from_device(run, d->dst.port, &d->src, d->octets));
}

static bool is_of_the_device(struct run_capture *capture, const struct cs_frame *frame)
{
    struct cs_error error = {0};
    char text[64], expression[80];
    struct cs_address address = capture->run->target.address;
    if (capture->peer == NULL || capture->peer_link_type != frame->link_type) {
        address.port = 0;
        cs_address_format(&address, text, sizeof text);
        *strrchr(text, ':') = '\0';
        size_t bracket = text[0] == '[';
        text[strcspn(text, "]")] = '\0';
        snprintf(expression, sizeof expression, "host %s", text + bracket);
        cs_bpf_free(capture->peer);
        capture->peer = cs_bpf_compile(expression, frame->link_type, &error);
        capture->peer_link_type = frame->link_type;
    }
    return capture->peer != NULL && cs_bpf_matches(capture->peer, frame);
}

/* Does the packet belong into the stream? Then it gets its direction and its number. */
static bool take(struct run_capture *capture, struct cs_frame *frame, uint64_t number)
{
    struct cs_datagram d;
    switch (cs_wire_frame(capture->wire, frame, &d)) {
    case CS_WIRE_DATAGRAM:
    case CS_WIRE_REASSEMBLED:
        break;
    case CS_WIRE_FRAGMENT:
        frame->number = number;
        return is_of_the_device(capture, frame);
    default:
        return false;
    }
    bool ours = is_from_us(capture, &d);
    if (!is_of_the_run(capture, &d, ours))
        return false;
    frame->direction = ours ? CS_FROM_TESTER : CS_FROM_DEVICE;
    frame->number = number;
    remember(&capture->packet, key_of(&d, ours), number);
    return true;
}

/* ------------------------------------------------------------------ the interface */

/* What the kernel could not keep for us: from then on absence proves nothing. */
static void see_drops(struct run_capture *capture, uint64_t missing)
{
    struct cs_source_status status = cs_source_status(capture->source);
    uint64_t dropped = status.dropped_kernel + status.dropped_interface + missing;
    if (dropped <= capture->dropped)
        return;
    capture->dropped = dropped;
    run_evidence_drops(&capture->run->evidence, capture->link_type, status.dropped_kernel + missing,
                       status.dropped_interface);
    cs_analysis_lossy(capture->run->analysis);
}

static void on_packets(void *user)
{
    struct run_capture *capture = user;
    struct run *run = capture->run;
    struct cs_frame frames[BATCH];
    struct cs_error error = {0};
    int n = cs_source_next(capture->source, frames, BATCH, &error);
    if (n < 0) {
        net_watch_stop(run->loop, &capture->watch);
        capture->failed = true;
        if (run->bench.text[0] == '\0')
            run->bench = error;
        return;
    }
    size_t kept = 0;
    for (int i = 0; i < n; i++) {
        capture->link_type = frames[i].link_type;
        if (!take(capture, &frames[i], run->evidence.packets + 1))
            continue;
        run_evidence_add_frame(&run->evidence, &frames[i]);
        frames[kept++] = frames[i];
    }
    cs_analysis_frames(run->analysis, frames, kept);
    see_drops(capture, 0);
}

struct run_capture *run_capture_open(const char *interface, struct cs_error *error)
{
    struct run_capture *capture = calloc(1, sizeof *capture);
    struct cs_wire *wire = cs_wire_new(REASSEMBLY);
    if (capture == NULL || wire == NULL)
        snprintf(error->text, sizeof error->text, "out of memory");
    else
        capture->source = cs_source_live(interface, "udp", error);
    if (capture == NULL || capture->source == NULL) {
        cs_wire_free(wire);
        free(capture);
        return NULL;
    }
    capture->wire = wire;
    capture->interface = interface;
    return capture;
}

void run_capture_free(struct run_capture *capture)
{
    if (capture == NULL)
        return;
    cs_source_free(capture->source);
    cs_wire_free(capture->wire);
    cs_bpf_free(capture->peer);
    free(capture->socket.at);
    free(capture->packet.at);
    free(capture);
}

bool run_capture_start(struct run_capture *capture, struct run *run, struct cs_error *error)
{
    capture->run = run;
    capture->watch = (struct net_watch){
        .fd = cs_source_descriptor(capture->source), .ready = on_packets, .user = capture};
    if (capture->watch.fd >= 0 && net_watch_start(run->loop, &capture->watch))
        return true;
    capture->run = NULL;
    snprintf(error->text, sizeof error->text, "the interface cannot be waited for");
    return false;
}

void run_capture_stop(struct run_capture *capture)
{
    if (capture->run != NULL)
        net_watch_stop(capture->run->loop, &capture->watch);
    capture->run = NULL;
}

/* What is to be said when the interface and our sockets do not agree. */
static void compare(struct run_capture *capture, struct report *report, struct cs_error *error)
{
    char note[160];
    const size_t socket = capture->socket.count, packets = capture->packet.count;
    struct report_source *source = &report->sources[0];
    struct cs_source_status status = cs_source_status(capture->source);
    source->format = status.description != NULL ? strdup(status.description) : NULL;
    source->dropped_kernel = status.dropped_kernel;
    source->dropped_interface = status.dropped_interface;
    if (socket > 0 && packets == 0 && !capture->failed) {
        snprintf(error->file, sizeof error->file, "%s", capture->interface);
        snprintf(
            error->text, sizeof error->text,
            "none of the %zu datagrams of this run passed there: --capture takes the interface "
            "by which the device is reached, or any",
            socket);
        return;
    }
    if (packets >= socket)
        return;
    see_drops(capture, socket - packets);
    snprintf(note, sizeof note,
             "%zu of %zu datagrams of our sockets did not pass the interface, or were not kept",
             socket - packets, socket);
    source->note = strdup(note);
}

bool run_capture_end(struct run_capture *capture, struct report *report, struct cs_error *error)
{
    const uint64_t until = net_now() + last_packets_ns;
    while (!capture->failed && capture->packet.count < capture->socket.count && net_now() < until)
        net_loop_turn(capture->run->loop, until);
    *error = (struct cs_error){0};
    compare(capture, report, error);
    renumber(capture, report);
    return error->text[0] == '\0';
}
