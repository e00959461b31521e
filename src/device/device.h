/* src/device/device.h: the reference device, an honest CoAP endpoint on libcoap.
 *
 * It is the other mind: no code of the tester is in it, and it is a program of its own. libcoap does the messages; what
 * an application owes to RFC 7252 (preconditions, negotiation, conditional requests, duplicates) is done here, once for
 * all resources, in dispatch.c. Handlers see a request and fill in an answer; they do not touch libcoap. */
#ifndef SRC_DEVICE_DEVICE_H
#define SRC_DEVICE_DEVICE_H

#include <coap3/coap.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "src/device/faults.h"

enum {
    DEVICE_BODY_MAX = 2048,    /* octets of a representation */
    DEVICE_SMALL_MAX = 512,    /* what /test and the like take; more is 4.13 */
    DEVICE_PATH_MAX = 128,     /* octets of a path, slashes included */
    DEVICE_NAMES_MAX = 4,      /* Location-Path or Location-Query options in one answer */
    DEVICE_NAME_MAX = 32,      /* octets of one of them, with its NUL */
    DEVICE_ENTRIES_MAX = 512,  /* resources that clients made; the oldest makes room for the next */
    DEVICE_ANSWERED_MAX = 512, /* answers kept for duplicates */
    DEVICE_WAITING_MAX = 256   /* separate responses under way */
};

/* A representation that clients can change. */
struct device_entry {
    char path[DEVICE_PATH_MAX];
    bool exists;
    bool fixed;    /* has a place of its own and is never dropped for another */
    int format;    /* Content-Format */
    uint32_t tag;  /* its ETag: changes with each change */
    uint64_t made; /* order of creation */
    size_t length;
    unsigned char body[DEVICE_BODY_MAX];
};

/* A request as handlers see it. All pointers borrowed for the call. */
struct device_request {
    unsigned code;    /* 1 GET, 2 POST, 3 PUT, 4 DELETE */
    const char *path; /* "seg1/seg2" */
    const char *const *queries;
    size_t query_count;
    int format; /* Content-Format, -1: none */
    int accept; /* -1: none */
    const unsigned char *body;
    size_t length;
    const coap_pdu_t *pdu;
};

/* What a handler answers. Codes as on the wire: 0x45 is 2.05. */
struct device_answer {
    unsigned code;   /* 0: nothing to say yet (empty ACK) */
    int format;      /* -1: none */
    int32_t max_age; /* seconds, -1: none */
    int32_t size1;   /* octets, -1: none */
    size_t etag_length;
    unsigned char etag[12];
    char location_path[DEVICE_NAMES_MAX][DEVICE_NAME_MAX];
    char location_query[DEVICE_NAMES_MAX][DEVICE_NAME_MAX];
    size_t length;
    unsigned char body[DEVICE_BODY_MAX];
};

#define DEVICE_CODE(class, detail) ((unsigned)((class) << 5 | (detail)))

struct device;

enum { DEVICE_GET = 1u << 1, DEVICE_POST = 1u << 2, DEVICE_PUT = 1u << 3, DEVICE_DELETE = 1u << 4 };

/* One resource of the device, a row of the table in resources.c. */
struct device_resource {
    const char *path;
    unsigned methods;
    const char *rt, *iface, *formats; /* link attributes rt, if, ct; NULL: none */
    unsigned size;                    /* sz, 0: none */
    bool hidden;                      /* not listed in /.well-known/core */
    bool multicast;                   /* may be asked by multicast (RFC 7252 11.3) */
    bool observable;
    int observe_flags;   /* libcoap's NOTIFY flags */
    unsigned wait;       /* answers separately after so many times --slow */
    bool stored;         /* the representation is an entry of the store */
    const char *initial; /* of a stored one; NULL: does not exist at first */
    void (*handle)(struct device *device, const struct device_request *request,
                   struct device_answer *answer);
};

extern const struct device_resource device_resources[];
extern const size_t device_resource_count;
/* What answers under paths that no row names: resources made by clients, and 4.04. */
extern const struct device_resource device_unknown;

struct device_answered;
struct device_proxy;
struct device_http;

struct device {
    coap_context_t *coap;
    bool faults[DEVICE_FAULTS];
    unsigned slow_ms;
    unsigned waiting; /* separate responses under way */
    uint64_t made;    /* entries made so far */
    uint32_t tags;
    uint32_t counter;             /* /counter */
    coap_mid_t last_mid;          /* with a fault: the Message ID that was given last */
    uint32_t seconds;             /* ticks of the observable ones */
    struct device_entry *entries; /* DEVICE_ENTRIES_MAX and the fixed ones */
    size_t entry_count;
    struct device_answered *answered;
    size_t answered_next;
    struct device_http *http;    /* of a proxy */
    struct device_proxy *proxy;  /* NULL: it is none */
    coap_session_t *promised[8]; /* with a fault: who waits for a separate response; referenced */
    unsigned port;               /* of the first address */
    int icmp;                    /* of device_icmp_open() */
    const struct device_options *options;
};

static inline bool device_has(const struct device *device, enum device_fault fault)
{
    return device->faults[fault];
}

/* ------------------------------------------------------------------ store.c */

/* False when there is no memory. */
bool device_store_init(struct device *device);
void device_store_fini(struct device *device);
/* NULL: no such entry, or it does not exist at present. */
struct device_entry *device_find(struct device *device, const char *path);
/* Creates or changes; `*created` says which. NULL when path or body are too long. */
struct device_entry *device_put(struct device *device, const char *path, int format,
                                const unsigned char *body, size_t length, bool *created);
void device_remove(struct device *device, struct device_entry *entry);
/* A path below `prefix` that is not in use: "create/7". */
void device_new_path(struct device *device, const char *prefix, char *out, size_t out_size);

/* ------------------------------------------------------------------ answer.c */

void device_answer_init(struct device_answer *answer);
/* An error with a short diagnostic payload (RFC 7252 5.5.2). */
void device_refuse(struct device_answer *answer, unsigned code, const char *why);
/* 2.05 with this representation, at most DEVICE_BODY_MAX octets. */
void device_content(struct device_answer *answer, int format, const void *body, size_t length);
void device_etag(struct device_answer *answer, const struct device_entry *entry);
/* Splits "a/b/c" into Location-Path options. */
void device_location(struct device_answer *answer, const char *path);
/* Writes the answer into libcoap's message; a representation too large for one message goes block-wise. */
void device_encode(const struct device *device, const struct device_answer *answer,
                   coap_resource_t *resource, coap_session_t *session, const coap_pdu_t *request,
                   const coap_string_t *query, coap_pdu_t *response);

/* ------------------------------------------------------------------ dispatch.c */

/* The answer to a request that a proxy found to be for itself. */
void device_answer_local(struct device *device, const coap_pdu_t *pdu,
                         struct device_answer *answer);
/* Registers all resources with libcoap. False when there is no memory. */
bool device_register(struct device *device);
/* Once a second: the observable resources change. */
void device_tick(struct device *device);
/* Observers of this path are to be notified. */
void device_changed(struct device *device, const char *path);
/* Frees what duplicates need. */
void device_dispatch_fini(struct device *device);

/* ------------------------------------------------------------------ spoil.c */

/* Applies the faults that can be put onto a finished answer. */
void device_spoil(struct device *device, const struct device_request *request,
                  struct device_answer *answer);
/* Options that no honest answer has, in libcoap's message. */
void device_spoil_options(const struct device *device, const struct device_answer *answer,
                          coap_pdu_t *response);

/* ------------------------------------------------------------------ links.c */

/* /.well-known/core (RFC 6690), filtered by the request's query. */
void device_links(struct device *device, const struct device_request *request,
                  struct device_answer *answer);

/* ------------------------------------------------------------------ proxy.c */

/* False when there is no memory. */
bool device_proxy_init(struct device *device);
void device_proxy_fini(struct device *device);
/* A request with Proxy-Uri or Proxy-Scheme. An answer without a code: the response comes later, if any. */
void device_proxy_request(struct device *device, coap_session_t *session, const coap_pdu_t *request,
                          struct device_answer *answer);
/* A response that came on a session of ours. False: nothing waits for it. */
bool device_proxy_response(struct device *device, coap_session_t *session,
                           const coap_pdu_t *received);
/* The request on that session came to nothing. */
void device_proxy_failed(struct device *device, const coap_session_t *session, bool no_answer);
/* Once a second. */
void device_proxy_tick(struct device *device);

/* ------------------------------------------------------------------ http.c */

/* Waits for something to happen, `ms` at most, on CoAP's sockets and those of HTTP. */
void device_http_wait(struct device *device, unsigned ms);
/* As device_proxy_response() and device_proxy_failed(), for a request that came by HTTP. False: it did not. */
bool device_http_response(struct device *device, const coap_session_t *session,
                          const coap_pdu_t *received);
bool device_http_failed(struct device *device, const coap_session_t *session, bool no_answer);

/* ------------------------------------------------------------------ icmp.c */

/* With the fault that wants it: a socket that hears ICMP errors. Else, or without the right, -1. */
int device_icmp_open(const bool *faults);
/* Has an error come about a datagram from that port? */
bool device_icmp_came(int fd, unsigned port);

/* ------------------------------------------------------------------ clear.c */

/* Waits a tenth of a second for a datagram at that port of ours. Is it a response with that token, in the clear? Then it is taken from the socket, and acknowledged when it
 * wants that. */
bool device_clear_came(unsigned port, const uint8_t *token, size_t token_length);

/* ------------------------------------------------------------------ server.c, client.c */

enum { DEVICE_SESSIONS_MAX = 4 }; /* of a client */

/* What the program returns, as the tester does. */
enum device_exit { DEVICE_OK = 0, DEVICE_UNANSWERED = 1, DEVICE_USAGE = 2, DEVICE_BENCH = 3 };

/* A Message ID for a message of ours; with the fault, `*last` and what follows it. */
coap_mid_t device_new_mid(coap_session_t *session, const bool *faults, coap_mid_t *last);

struct device_options {
    const char *listen[4];
    size_t listen_count;
    const char *multicast; /* group to join, with %interface if wanted, or NULL */
    const char *client;    /* URI: be a client */
    const char *local;     /* the address to ask from, or NULL */
    const char *method;
    const char *payload;
    const char *faults[DEVICE_FAULTS];
    size_t fault_count;
    unsigned slow_ms;
    bool non, verbose, validate, proxy;
    bool proxy_secured; /* forwards only what comes over coaps */
    unsigned token_length, count, observe_s, linger_s;
    unsigned sessions;                /* that ask side by side */
    int accept, format;               /* -1: none */
    const char *identity, *key;       /* of the pre-shared key; NULL */
    const char *cert, *cert_key, *ca; /* files, PEM; NULL */
};

/* ------------------------------------------------------------------ names.c */

/* Whom a client asks: the authority of its URI. */
struct device_authority {
    char host[256];
    unsigned port;
    const bool *faults;
};
/* Is that the server's certificate, in DER? */
bool device_is_named(const struct device_authority *own, const uint8_t *certificate, size_t length);

/* ------------------------------------------------------------------ secure.c */

/* A client's session with DTLS: with --ca by certificates, else by the key. NULL: it could not be begun; what is missing has been
 * printed. */
coap_session_t *device_reach_secure(coap_context_t *context, const struct device_options *options,
                                    struct device_authority *own, const coap_address_t *local,
                                    const coap_address_t *address);

/* Gives libcoap what DTLS takes, as a server. False with a message printed. */
bool device_secure(struct device *device, const struct device_options *options);
/* A session of ours with a server that speaks DTLS, with the same credentials; NULL. */
coap_session_t *device_secure_session(const struct device *device, const coap_address_t *to);
/* Tells the TLS library, before it is used, what libcoap cannot: suites and curves. False where that cannot be written. */
bool device_configure_library(const struct device_options *options);

int device_serve(const struct device_options *options);
int device_ask(const struct device_options *options);
/* Switches on what the options name. */
void device_switch_faults(const struct device_options *options, bool *faults);
/* One option for each segment or argument (RFC 7252 6.4), percent-encoding undone. */
void device_add_parts(coap_pdu_t *pdu, coap_option_num_t option, const coap_str_const_t *text);
/* Is it such a URI? False: what is wrong has been said. */
bool device_uri(const char *uri, coap_uri_t *parts);
/* Finds the first address of a coap:// or coaps:// URI's host. Prints what is wrong. */
bool device_address(const char *uri, coap_uri_t *parts, coap_address_t *out);
/* Set by SIGINT and SIGTERM. */
extern volatile sig_atomic_t device_stop;
void device_signals(void);

#endif
