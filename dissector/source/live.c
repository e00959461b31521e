/* source/live.c: an interface, by libpcap. */
#include <pcap/pcap.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"
#include "base/text.h"
#include "source/kinds.h"

enum {
    SNAP_LENGTH = 262144,
    WAIT_MS = 100, /* how long a packet may lie in the kernel before we see it */
    KERNEL_BUFFER = 64 * 1024 * 1024,
    BATCH = 64,
    NAMES_MAX = 256 /* interfaces that are looked at for the right name */
};

struct live {
    struct cs_source source;
    pcap_t *pcap;
    uint8_t *buffer; /* owned: the octets of this batch, one frame after the other */
    size_t cap, used;
    size_t offsets[BATCH];
    struct cs_frame *frames; /* the caller's, during a call */
    size_t count;
    uint32_t to_ns;
    uint16_t link_type;
    bool no_memory;
};

/* ------------------------------------------------------------------ errors */

/* "no interface named eht0; did you mean eth0? There are: eth0, lo, any" */
static void no_such_interface(const char *name, struct cs_error *error)
{
    char reason[PCAP_ERRBUF_SIZE];
    pcap_if_t *all = NULL;
    if (pcap_findalldevs(&all, reason) != 0)
        all = NULL;
    const char *names[NAMES_MAX];
    size_t n = 0;
    for (const pcap_if_t *i = all; i != NULL && n < NAMES_MAX; i = i->next)
        names[n++] = i->name;
    struct cs_text text;
    cs_text_init(&text, error->text, sizeof error->text);
    cs_text_add(&text, "no interface is named %s", name);
    const char *nearest = cs_nearest(name, names, n);
    if (nearest != NULL)
        cs_text_add(&text, "; did you mean %s?", nearest);
    for (size_t i = 0; i < n; i++)
        cs_text_add(&text, "%s%s",
                    i > 0             ? ", "
                    : nearest != NULL ? " There are: "
                                      : "; there are: ",
                    names[i]);
    if (all != NULL)
        pcap_freealldevs(all);
}

static void explain(pcap_t *pcap, int status, const char *name, struct cs_error *error)
{
    switch (status) {
    case PCAP_ERROR_NO_SUCH_DEVICE:
        no_such_interface(name, error);
        break;
    case PCAP_ERROR_PERM_DENIED:
    case PCAP_ERROR_PROMISC_PERM_DENIED:
        snprintf(error->text, sizeof error->text,
                 "no permission to capture: run as root, or once: "
                 "setcap cap_net_raw+ep $(command -v coapspec)");
        break;
    case PCAP_ERROR_IFACE_NOT_UP:
        snprintf(error->text, sizeof error->text, "the interface is down: ip link set %s up", name);
        break;
    default:
        snprintf(error->text, sizeof error->text, "cannot capture: %s",
                 status == PCAP_ERROR ? pcap_geterr(pcap) : pcap_statustostr(status));
        break;
    }
}

/* ------------------------------------------------------------------ frames */

static bool reserve(struct live *live, size_t n)
{
    size_t cap = live->cap;
    while (cap - live->used < n)
        cap *= 2;
    if (cap == live->cap)
        return true;
    uint8_t *larger = realloc(live->buffer, cap);
    if (larger == NULL)
        return false;
    live->buffer = larger;
    live->cap = cap;
    return true;
}

/* The kernel takes its octets back when this returns: they are copied. */
static void on_packet(uint8_t *user, const struct pcap_pkthdr *header, const uint8_t *octets)
{
    struct live *live = (struct live *)(void *)user;
    if (!reserve(live, header->caplen)) {
        live->no_memory = true;
        return;
    }
    memcpy(live->buffer + live->used, octets, header->caplen);
    size_t i = live->count++;
    live->offsets[i] = live->used;
    live->used += header->caplen;
    live->frames[i] = (struct cs_frame){
        .octets.len = header->caplen,
        .time_ns = (uint64_t)header->ts.tv_sec * UINT64_C(1000000000) +
                   (uint64_t)header->ts.tv_usec * live->to_ns,
        .number = live->source.status.frames + live->count,
        .wire_length = header->len > header->caplen ? header->len : header->caplen,
        .link_type = live->link_type,
        .direction = CS_UNKNOWN,
    };
}

static int next(struct cs_source *source, struct cs_frame *frames, size_t max,
                struct cs_error *error)
{
    struct live *live = (struct live *)source;
    /* Left to itself, libpcap waits for the next packet for ever. A signal ends the wait, too. */
    struct pollfd ready = {.fd = pcap_get_selectable_fd(live->pcap), .events = POLLIN};
    poll(&ready, 1, WAIT_MS);
    live->used = live->count = 0;
    live->frames = frames;
    int n = pcap_dispatch(live->pcap, max < BATCH ? (int)max : BATCH, on_packet, (u_char *)live);
    if (live->no_memory) {
        snprintf(error->text, sizeof error->text, "out of memory");
        return CS_SOURCE_ERROR;
    }
    if (n == PCAP_ERROR_BREAK)
        return CS_SOURCE_END;
    if (n < 0) {
        snprintf(error->text, sizeof error->text, "capturing ended: %s", pcap_geterr(live->pcap));
        return CS_SOURCE_ERROR;
    }
    for (size_t i = 0; i < live->count; i++) { /* the buffer may have moved while it grew */
        frames[i].octets.at = live->buffer + live->offsets[i];
        source->status.octets += frames[i].octets.len;
    }
    return (int)live->count;
}

static void refresh(const struct cs_source *source, struct cs_source_status *status)
{
    const struct live *live = (const struct live *)source;
    struct pcap_stat stat = {0};
    if (pcap_stats(live->pcap, &stat) != 0)
        return;
    status->dropped_kernel = stat.ps_drop;
    status->dropped_interface = stat.ps_ifdrop;
}

static int descriptor(const struct cs_source *source)
{
    return pcap_get_selectable_fd(((const struct live *)source)->pcap);
}

static void release(struct cs_source *source)
{
    struct live *live = (struct live *)source;
    if (live->pcap != NULL)
        pcap_close(live->pcap);
    free(live->buffer);
    free(live);
}

/* ------------------------------------------------------------------ opening */

static bool set_filter(pcap_t *pcap, const char *filter, struct cs_error *error)
{
    struct bpf_program program;
    bool compiled = pcap_compile(pcap, &program, filter, 1, PCAP_NETMASK_UNKNOWN) == 0;
    bool set = compiled && pcap_setfilter(pcap, &program) == 0;
    if (!set)
        snprintf(error->text, sizeof error->text, "capture filter '%s': %s", filter,
                 pcap_geterr(pcap));
    if (compiled)
        pcap_freecode(&program);
    return set;
}

static bool activate(pcap_t *pcap, const char *interface, const char *filter,
                     struct cs_error *error)
{
    pcap_set_snaplen(pcap, SNAP_LENGTH);
    pcap_set_promisc(pcap, 1);
    pcap_set_timeout(pcap, WAIT_MS);
    pcap_set_buffer_size(pcap, KERNEL_BUFFER);
    pcap_set_tstamp_precision(pcap, PCAP_TSTAMP_PRECISION_NANO); /* or it stays at microseconds */
    int status = pcap_activate(pcap);
    if (status < 0) {
        explain(pcap, status, interface, error);
        return false;
    }
    char reason[PCAP_ERRBUF_SIZE];
    if (pcap_setnonblock(pcap, 1, reason) != 0) {
        snprintf(error->text, sizeof error->text, "cannot capture: %s", reason);
        return false;
    }
    return filter == NULL || set_filter(pcap, filter, error);
}

struct cs_source *cs_source_live(const char *interface, const char *filter, struct cs_error *error)
{
    *error = (struct cs_error){.line = 0};
    snprintf(error->file, sizeof error->file, "%s", interface);
    char reason[PCAP_ERRBUF_SIZE] = "";
    struct live *live = calloc(1, sizeof *live);
    uint8_t *buffer = malloc(SNAP_LENGTH);
    pcap_t *pcap = pcap_create(interface, reason);
    if (live == NULL || buffer == NULL || pcap == NULL) {
        snprintf(error->text, sizeof error->text, "%s", pcap == NULL ? reason : "out of memory");
        goto failed;
    }
    if (!activate(pcap, interface, filter, error))
        goto failed;
    int dlt = pcap_datalink(pcap);
    *live = (struct live){
        .source = {.next = next, .free = release, .refresh = refresh, .descriptor = descriptor},
        .pcap = pcap,
        .buffer = buffer,
        .cap = SNAP_LENGTH,
        .to_ns = pcap_get_tstamp_precision(pcap) == PCAP_TSTAMP_PRECISION_NANO ? 1 : 1000,
        .link_type = cs_link_type_from_dlt(dlt),
    };
    char buf[32];
    snprintf(live->source.name, sizeof live->source.name, "%s", interface);
    snprintf(live->source.description, sizeof live->source.description, "interface, %s",
             cs_link_type_name(live->link_type, buf, sizeof buf));
    *error = (struct cs_error){.line = 0};
    return &live->source;
failed:
    if (pcap != NULL)
        pcap_close(pcap);
    free(buffer);
    free(live);
    return NULL;
}
