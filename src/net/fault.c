/* The filter between our sockets and the stream. */
#include "src/net/fault.h"

#include <stdlib.h>
#include <string.h>

struct net_fault_filter {
    struct net_loop *loop;
    void (*deliver)(void *endpoint, const struct cs_address *src, struct cs_slice octets,
                    uint64_t at_ns);
};

const struct net_fault *net_faults(size_t *count)
{
    *count = 0;
    return NULL;
}

const struct net_fault *net_fault_find(const char *name, const char **near)
{
    (void)name;
    *near = NULL;
    return NULL;
}

struct net_fault_filter *
net_fault_filter_new(struct net_loop *loop, const struct net_fault *const *faults, size_t count,
                     void (*deliver)(void *endpoint, const struct cs_address *src,
                                     struct cs_slice octets, uint64_t at_ns))
{
    struct net_fault_filter *filter = calloc(1, sizeof *filter);
    (void)faults;
    (void)count;
    if (filter != NULL)
        *filter = (struct net_fault_filter){loop, deliver};
    return filter;
}

void net_fault_filter_free(struct net_fault_filter *filter) { free(filter); }

void net_fault_sent(struct net_fault_filter *filter, const void *endpoint, struct cs_slice octets)
{
    (void)filter;
    (void)endpoint;
    (void)octets;
}

void net_fault_received(struct net_fault_filter *filter, void *endpoint,
                        const struct cs_address *src, struct cs_slice octets, uint64_t at_ns)
{
    filter->deliver(endpoint, src, octets, at_ns);
}
