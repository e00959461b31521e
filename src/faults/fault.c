/* The filter between our sockets and the stream. The faults themselves are in a folder for each
 * document: rfc7252/. */
#include "src/faults/fault.h"

#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"
#include "src/faults/rfc7252/octets.h"

enum { KEPT = 4096, KEPT_ROOM = 1536 };

/* A message of either side, as far as it is needed to recognise what belongs to it. */
struct kept {
    void *endpoint;
    bool ours;
    unsigned copies;
    size_t length;
    struct cs_message message;
    uint8_t octets[KEPT_ROOM];
};

/* Something that comes later. */
struct later {
    struct later *next;
    struct net_fault_filter *filter;
    struct net_timer timer;
    void *endpoint;
    struct cs_address src;
    size_t length;
    uint8_t octets[];
};

struct net_fault_filter {
    struct net_loop *loop;
    void (*deliver)(void *endpoint, const struct cs_address *src, struct cs_slice octets,
                    uint64_t at_ns);
    const struct net_fault *faults[NET_FAULTS_MAX];
    size_t fault_count;
    struct kept *kept; /* a ring of each endpoint's last messages, all together */
    size_t kept_count;
    struct later *later;
};

const struct net_fault *net_fault_at(size_t index)
{
    for (size_t i = 0; net_fault_tables[i] != NULL; i++)
        for (const struct net_fault *f = net_fault_tables[i]; f->name != NULL; f++)
            if (index-- == 0)
                return f;
    return NULL;
}

const struct net_fault *net_fault_find(const char *name, const char **near)
{
    const struct net_fault *f;
    size_t count = 0;
    *near = NULL;
    for (; (f = net_fault_at(count)) != NULL; count++)
        if (strcmp(f->name, name) == 0)
            return f;
    const char **words = calloc(count, sizeof *words);
    if (words == NULL)
        return NULL;
    for (size_t i = 0; i < count; i++)
        words[i] = net_fault_at(i)->name;
    *near = cs_nearest(name, words, count);
    free(words);
    return NULL;
}

struct net_fault_filter *
net_fault_filter_new(struct net_loop *loop, const struct net_fault *const *faults, size_t count,
                     void (*deliver)(void *endpoint, const struct cs_address *src,
                                     struct cs_slice octets, uint64_t at_ns))
{
    struct net_fault_filter *filter = calloc(1, sizeof *filter);
    if (filter == NULL)
        return NULL;
    *filter = (struct net_fault_filter){
        .loop = loop, .deliver = deliver, .kept = calloc(KEPT, sizeof(struct kept))};
    for (size_t i = 0; i < count && i < NET_FAULTS_MAX; i++)
        filter->faults[filter->fault_count++] = faults[i];
    if (filter->kept != NULL)
        return filter;
    free(filter);
    return NULL;
}

void net_fault_filter_free(struct net_fault_filter *filter)
{
    if (filter == NULL)
        return;
    while (filter->later != NULL) {
        struct later *next = filter->later->next;
        net_timer_stop(filter->loop, &filter->later->timer);
        free(filter->later);
        filter->later = next;
    }
    free(filter->kept);
    free(filter);
}

/* ------------------------------------------------------------------ recognising */

static bool same(struct cs_slice a, struct cs_slice b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

static bool is_reply(const struct cs_message *m) { return m->type == CS_ACK || m->type == CS_RST; }

/* Is `ours` what `theirs` answers? */
static bool answers(const struct cs_message *theirs, const struct cs_message *ours)
{
    if (is_reply(theirs))
        return !is_reply(ours) && theirs->mid == ours->mid;
    return CS_CODE_CLASS(theirs->code) >= 2 && cs_code_is_request(ours->code) &&
           same(theirs->token, ours->token);
}

static void keep(struct net_fault_filter *filter, void *endpoint, bool ours, struct cs_slice octets)
{
    struct kept *k = &filter->kept[filter->kept_count++ % KEPT];
    *k = (struct kept){.endpoint = endpoint, .ours = ours};
    k->length = octets.len < KEPT_ROOM ? octets.len : KEPT_ROOM;
    if (k->length > 0)
        memcpy(k->octets, octets.at, k->length);
    cs_message_decode(CS_UDP, (struct cs_slice){k->octets, k->length}, 0, &k->message);
}

static size_t kept_now(const struct net_fault_filter *filter)
{
    return filter->kept_count < KEPT ? filter->kept_count : KEPT;
}

static void recognise(const struct net_fault_filter *filter, const void *endpoint,
                      struct net_faulty *f)
{
    for (size_t i = 0; i < kept_now(filter); i++) {
        const struct kept *k = &filter->kept[i];
        const struct cs_message *m = &k->message;
        if (k->endpoint != endpoint || k->length < 4)
            continue;
        if (k->ours && answers(&f->message, m)) {
            f->request = m;
            f->request_copies++;
        }
        if (!k->ours && m->type == f->message.type && m->code == f->message.code &&
            (is_reply(m) ? m->mid == f->message.mid : same(m->token, f->message.token)))
            f->answers++;
    }
}

/* ------------------------------------------------------------------ passing on */

static void come(void *user, uint64_t late_ns)
{
    struct later *later = user;
    struct net_fault_filter *filter = later->filter;
    struct later **at = &filter->later;
    while (*at != later)
        at = &(*at)->next;
    *at = later->next;
    filter->deliver(later->endpoint, &later->src, (struct cs_slice){later->octets, later->length},
                    net_now() - late_ns);
    free(later);
}

static void pass(struct net_fault_filter *filter, void *endpoint, const struct cs_address *src,
                 const struct net_octets *octets, uint64_t at_ns, uint64_t delay_ns)
{
    if (delay_ns == 0) {
        filter->deliver(endpoint, src, (struct cs_slice){octets->at, octets->length}, at_ns);
        return;
    }
    struct later *later = malloc(sizeof *later + octets->length);
    if (later == NULL)
        return;
    *later = (struct later){.next = filter->later,
                            .filter = filter,
                            .endpoint = endpoint,
                            .src = *src,
                            .length = octets->length};
    memcpy(later->octets, octets->at, octets->length);
    later->timer.fire = come;
    later->timer.user = later;
    filter->later = later;
    net_timer_set(filter->loop, &later->timer, at_ns + delay_ns);
}

void net_fault_received(struct net_fault_filter *filter, void *endpoint,
                        const struct cs_address *src, struct cs_slice octets, uint64_t at_ns)
{
    static struct net_faulty f;   /* large; one thread */
    if (octets.len > KEPT_ROOM) { /* none of the faults is about these */
        filter->deliver(endpoint, src, octets, at_ns);
        return;
    }
    memset(&f, 0, sizeof f);
    f.out.length = octets.len;
    if (octets.len > 0)
        memcpy(f.out.at, octets.at, octets.len);
    cs_message_decode(CS_UDP, octets, 0, &f.message);
    recognise(filter, endpoint, &f);
    keep(filter, endpoint, false, octets);
    for (size_t i = 0; i < filter->fault_count; i++)
        if (filter->faults[i]->change != NULL)
            filter->faults[i]->change(&f);
    struct net_octets second = f.second; /* the first may bring the next datagram in here */
    uint64_t delay_ns = f.delay_ns, second_after_ns = f.second_after_ns;
    if (!f.lost)
        pass(filter, endpoint, src, &f.out, at_ns, delay_ns);
    if (second.length > 0)
        pass(filter, endpoint, src, &second, at_ns, delay_ns + second_after_ns);
}

void net_fault_sent(struct net_fault_filter *filter, void *endpoint, const struct cs_address *peer,
                    struct cs_slice octets)
{
    struct cs_message ours;
    struct net_octets out = {.length = 0};
    unsigned copies = 0;
    for (size_t i = 0; i < kept_now(filter); i++)
        copies += filter->kept[i].endpoint == endpoint && filter->kept[i].ours &&
                  same(filter->kept[i].message.octets, octets);
    keep(filter, endpoint, true, octets);
    cs_message_decode(CS_UDP, octets, 0, &ours);
    for (size_t i = 0; i < filter->fault_count; i++) {
        if (filter->faults[i]->invent == NULL)
            continue;
        out.length = 0;
        filter->faults[i]->invent(&ours, copies, &out);
        if (out.length > 0)
            pass(filter, endpoint, peer, &out, net_now(), NET_MS);
    }
}
