/* src/device/resource/answer.h: a request as handlers see it, and what they answer. */
#ifndef SRC_DEVICE_RESOURCE_ANSWER_H
#define SRC_DEVICE_RESOURCE_ANSWER_H

#include <coap3/coap.h>
#include <stddef.h>
#include <stdint.h>

#include "src/device/resource/store.h"

enum {
    DEVICE_NAMES_MAX = 4, /* Location-Path or Location-Query options in one answer */
    DEVICE_NAME_MAX = 32  /* octets of one of them, with its NUL */
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

void device_answer_init(struct device_answer *answer);
/* An error with a short diagnostic payload (RFC 7252 5.5.2). */
void device_refuse(struct device_answer *answer, unsigned code, const char *why);
/* 2.05 with this representation, at most DEVICE_BODY_MAX octets. */
void device_content(struct device_answer *answer, int format, const void *body, size_t length);
void device_etag(struct device_answer *answer, const struct device_entry *entry);
/* Splits "a/b/c" into Location-Path options. */
void device_location(struct device_answer *answer, const char *path);

#endif
