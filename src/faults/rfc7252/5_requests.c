/* Faults of a device that is a client, or of the side of a proxy that is one: its requests, and
 * what it says to responses; and of one that hears multicast. */
#include "src/faults/rfc7252/octets.h"

static bool is_request(const struct net_faulty *f)
{
    return well_formed(f) && cs_code_is_request(f->message.code);
}

static void requests_once(struct net_faulty *f)
{
    if (is_request(f) && f->answers > 0)
        f->lost = true;
}

static void requests_repeated(struct net_faulty *f)
{
    if (is_request(f) && f->answers == 0) {
        f->second = f->out;
        f->second_after_ns = 2500 * NET_MS;
    }
}

static void requests_repeated_soon(struct net_faulty *f)
{
    if (is_request(f) && f->answers == 0) {
        f->second = f->out;
        f->second_after_ns = 600 * NET_MS;
    }
}

static void requests_lost(struct net_faulty *f)
{
    if (is_request(f))
        f->lost = true;
}

static void request_options_lost(struct net_faulty *f)
{
    size_t begin = 4 + f->message.token.len, end = begin + f->message.options.len;
    if (!is_request(f) || f->out.length < end)
        return;
    memmove(f->out.at + begin, f->out.at + end, f->out.length - end);
    f->out.length -= end - begin;
}

static void request_payload_lost(struct net_faulty *f)
{
    if (is_request(f))
        cut_payload(f);
}

static void empty_acks_are_resets(struct net_faulty *f)
{
    if (is(f, CS_ACK) && is_empty(f))
        set_type(&f->out, CS_RST);
}

static void responses_are_resets(struct net_faulty *f)
{
    if (is_response(f) && f->request != NULL)
        make(&f->out, CS_RST, 0, f->request->mid);
}

const struct net_fault net_faults_of_requests[] = {
    {.name = "requests-once",
     .what = "a request is not sent again",
     .trips = NO_RULE,
     .change = requests_once},
    {.name = "requests-repeated",
     .what = "a request is sent again after 2.5 s, whatever came",
     .trips = NO_RULE,
     .change = requests_repeated},
    {.name = "requests-repeated-soon",
     .what = "a request is sent again after 0.6 s",
     .trips = NO_RULE,
     .change = requests_repeated_soon},
    {.name = "requests-lost",
     .what = "requests do not come",
     .trips = NO_RULE,
     .change = requests_lost},
    {.name = "request-options-lost",
     .what = "requests have no options",
     .trips = NO_RULE,
     .change = request_options_lost},
    {.name = "request-payload-lost",
     .what = "requests have no payload",
     .trips = NO_RULE,
     .change = request_payload_lost},
    {.name = "empty-acks-are-resets",
     .what = "an Empty Acknowledgement is sent as a Reset",
     .trips = NO_RULE,
     .change = empty_acks_are_resets},
    {.name = "responses-are-resets",
     .what = "in place of a response comes a Reset",
     .trips = NO_RULE,
     .change = responses_are_resets},
    {.name = NULL},
};
