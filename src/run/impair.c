/* Our side loses, delays, repeats and swaps messages, by script. (That is no fault of the device: those are src/faults/, at our
 * border, and device/faults.c with device/spoil.c, in the reference device.) */
#include <stdlib.h>
#include <string.h>

#include "src/run/run.h"

/* A message that comes later, in either direction. */
struct run_late_send {
    struct run_endpoint *endpoint;
    struct net_timer timer;
    struct run_late_send *next;
    bool outgoing;
    bool held; /* until another one has passed, or its time has come */
    struct cs_address src;
    uint64_t packet;
    size_t length;
    uint8_t octets[];
};

/* Message of the wire and of which direction. */
struct passing {
    struct run_endpoint *endpoint;
    bool outgoing;
    struct cs_slice octets;
    struct cs_address src;
    uint64_t at_ns, packet;
};

static void pass_on(const struct passing *p)
{
    if (p->outgoing)
        run_transmit(p->endpoint, NULL, p->octets, NULL);
    else
        run_take_in(p->endpoint, &p->src, p->octets, p->at_ns, p->packet);
}

static void now_then(void *user, uint64_t late_ns)
{
    struct run_late_send *late = user;
    struct run_case *c = late->endpoint->owner;
    struct passing p = {.endpoint = late->endpoint,
                        .outgoing = late->outgoing,
                        .octets = {late->octets, late->length},
                        .src = late->src,
                        .at_ns = net_now(),
                        .packet = late->packet};
    run_was_late(c, net_now() - late_ns);
    late->held = false;
    pass_on(&p);
}

static bool later(const struct passing *p, uint64_t by_ns)
{
    struct run_case *c = p->endpoint->owner;
    struct run_late_send *late = malloc(sizeof *late + p->octets.len);
    if (late == NULL)
        return false;
    *late = (struct run_late_send){.endpoint = p->endpoint,
                                   .outgoing = p->outgoing,
                                   .src = p->src,
                                   .packet = p->packet,
                                   .length = p->octets.len,
                                   .next = c->late};
    memcpy(late->octets, p->octets.at, p->octets.len);
    late->timer.fire = now_then;
    late->timer.user = late;
    c->late = late;
    return net_timer_set(c->run->loop, &late->timer, net_now() + by_ns);
}

/* The messages that `reorder` held back follow the one that has just passed. */
static void release(struct run_case *c, bool outgoing)
{
    for (struct run_late_send *late = c->late; late != NULL; late = late->next)
        if (late->outgoing == outgoing && late->held) {
            late->held = false;
            net_timer_set(c->run->loop, &late->timer, net_now());
        }
}

static struct run_impairment *find(struct run_case *c, const struct passing *p)
{
    struct cs_message message;
    cs_message_decode(CS_UDP, p->octets, 0, &message);
    for (struct run_impairment *i = c->impairments; i != NULL; i = i->next)
        if (i->left > 0 && i->outgoing == p->outgoing &&
            cs_line_match(&i->line, &message, NULL, NULL))
            return i;
    return NULL;
}

static bool impair(const struct passing *p)
{
    struct run_case *c = p->endpoint->owner;
    struct run_impairment *i = find(c, p);
    if (i == NULL) {
        release(c, p->outgoing);
        return false;
    }
    i->left--;
    switch (i->kind) {
    case RUN_DROP:
        return true;
    case RUN_DELAY:
        return later(p, i->by_ns);
    case RUN_DUPLICATE:
        later(p, i->by_ns);
        return false;
    case RUN_REORDER:
        if (!later(p, i->by_ns))
            return false;
        c->late->held = true;
        return true;
    }
    return false;
}

bool run_impair_out(struct run_endpoint *endpoint, struct cs_slice octets)
{
    struct passing p = {.endpoint = endpoint, .outgoing = true, .octets = octets};
    return endpoint->owner->impairments != NULL && impair(&p);
}

bool run_impair_in(struct run_endpoint *endpoint, const struct cs_address *src,
                   struct cs_slice octets, uint64_t at_ns, uint64_t packet)
{
    struct passing p = {
        .endpoint = endpoint, .octets = octets, .src = *src, .at_ns = at_ns, .packet = packet};
    return endpoint->owner->impairments != NULL && impair(&p);
}

void run_impair_add(struct run_case *c, struct run_impairment *impairment)
{
    struct run_impairment **end = &c->impairments;
    while (*end != NULL)
        end = &(*end)->next;
    *end = impairment;
}

void run_impair_clear(struct run_case *c)
{
    while (c->impairments != NULL) {
        struct run_impairment *next = c->impairments->next;
        free(c->impairments);
        c->impairments = next;
    }
    while (c->late != NULL) {
        struct run_late_send *next = c->late->next;
        net_timer_stop(c->run->loop, &c->late->timer);
        free(c->late);
        c->late = next;
    }
}
