/* source/source.h: where frames come from (capture file, standard input, interface), and the pcapng
 * writer. */
#ifndef CS_SOURCE_SOURCE_H
#define CS_SOURCE_SOURCE_H

#include <stdio.h>

#include "coapspec/stream.h"

struct cs_source;

/* A capture file: pcap (both byte orders, µs and ns) or pcapng (several sections and interfaces).
 * "-" is standard input. The file is read as it comes: a pipe does. NULL with `error` filled in
 * when it cannot be opened or is no capture. */
struct cs_source *cs_source_file(const char *path, struct cs_error *error);
/* The same for a file that is in memory, which the caller keeps for as long as the source lives. */
struct cs_source *cs_source_memory(struct cs_slice octets, struct cs_error *error);
/* An interface by libpcap; `filter` is a BPF expression or NULL. */
struct cs_source *cs_source_live(const char *interface, const char *filter, struct cs_error *error);
void cs_source_free(struct cs_source *source);

/* Fills up to `max` frames; they stay valid until the next call. Returns how many; 0 when a live
 * source had nothing for 100 ms; CS_SOURCE_END at the end; CS_SOURCE_ERROR with `error` filled in.
 * A file that ends inside a packet is not an error: it ends there, and cs_source_status() says so.
 */
enum { CS_SOURCE_END = -1, CS_SOURCE_ERROR = -2 };
int cs_source_next(struct cs_source *source, struct cs_frame *frames, size_t max,
                   struct cs_error *error);

/* `take` is called with each key log that a pcapng file holds (Decryption Secrets Block), when it
 * is read: before the packets behind it are handed out. The text is borrowed for the call. */
void cs_source_on_secrets(struct cs_source *source, void (*take)(void *user, struct cs_slice text),
                          void *user);

/* A file descriptor that can be read when a live source has something; -1 for a file. */
int cs_source_descriptor(const struct cs_source *source);

struct cs_source_status {
    uint64_t frames; /* handed out */
    uint64_t octets; /* of the file, read so far */
    uint64_t size;   /* of the file; 0 when it is not known (pipe, interface) */
    uint64_t dropped_kernel, dropped_interface; /* pcap_stats(), or the pcapng statistics block */
    bool truncated;                             /* the file ends inside a packet or block */
    uint64_t truncated_at;                      /* offset of that packet or block */
    bool evidence;           /* written by cs_pcapng_begin(): directions in it can be trusted */
    const char *description; /* "pcapng, Ethernet" */
};
struct cs_source_status cs_source_status(const struct cs_source *source);

/* Is the frame accepted by a filter expression of libpcap? For `check FILE --bpf`. NULL and `error`
 * when the expression is wrong, or has no meaning for this link type. A frame of another link type
 * does not match. */
struct cs_bpf;
struct cs_bpf *cs_bpf_compile(const char *expression, uint16_t link_type, struct cs_error *error);
bool cs_bpf_matches(const struct cs_bpf *bpf, const struct cs_frame *frame);
void cs_bpf_free(struct cs_bpf *bpf);

/* ------------------------------------------------------------------ writing */

/* A pcapng file of our own datagrams: link type raw IP, nanoseconds, direction in epb_flags
 * (outbound: the tester's). The application name in the section header says that it is evidence.
 * `out` stays the caller's. */
enum { CS_PCAPNG_LINK_TYPES = 16 };
struct cs_pcapng_writer {
    FILE *out;
    uint64_t packets;
    uint64_t last_ns; /* when the last packet passed */
    bool failed;      /* a write failed; errno was in `saved_errno` */
    int saved_errno;
    /* one interface each, described before its first frame */
    uint16_t link_types[CS_PCAPNG_LINK_TYPES];
    size_t link_type_count;
};
/* `comment` (what was run; may be NULL) goes into the section header. */
void cs_pcapng_begin(struct cs_pcapng_writer *writer, FILE *out, const char *application,
                     const char *comment);
/* Builds IP and UDP headers with right checksums around the datagram. `comments` are packet
 * comments. */
void cs_pcapng_datagram(struct cs_pcapng_writer *writer, const struct cs_datagram *datagram,
                        const char *const *comments, size_t comment_count);
/* A frame as it was captured, with comments: used when a capture is written again. `number` is not
 * kept. */
void cs_pcapng_frame(struct cs_pcapng_writer *writer, const struct cs_frame *frame,
                     const char *const *comments, size_t comment_count);
/* The secrets of TLS sessions, as an NSS key log: a Decryption Secrets Block, before the packets
 * that it opens. */
void cs_pcapng_secrets(struct cs_pcapng_writer *writer, struct cs_slice key_log);
/* So many packets were lost since the capture began, by the kernel and by the interface, on the
 * interface with this link type. */
void cs_pcapng_drops(struct cs_pcapng_writer *writer, uint16_t link_type, uint64_t kernel,
                     uint64_t interface);

#endif
