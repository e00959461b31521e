/* run/capture.h: the stream of a run as it passed an interface, instead of our own sockets.
 *
 * Packets come a moment after our sockets have seen the datagrams in them. A case numbers its datagrams by what its
 * sockets saw; in the end those numbers become the numbers of the packets. */
#ifndef SRC_RUN_CAPTURE_H
#define SRC_RUN_CAPTURE_H

#include "coapspec/stream.h"
#include "reports/document/report.h"

struct run;
struct run_capture;

/* `interface` is borrowed. NULL with `error`: no such interface, no permission. */
struct run_capture *run_capture_open(const char *interface, struct cs_error *error);
void run_capture_free(struct run_capture *capture);

/* From now on what passes between our sockets and the device goes into the run's stream. The run stays in its place
 * until run_capture_stop(). False with `error`. */
bool run_capture_start(struct run_capture *capture, struct run *run, struct cs_error *error);
/* A socket of ours has this port. */
void run_capture_port(struct run_capture *capture, uint16_t port);
/* One of our sockets sends this, or has got it. Returns its number, to be put in order by run_capture_end(). */
uint64_t run_capture_expect(struct run_capture *capture, const struct cs_datagram *datagram);
/* Waits for what is still under way, a second at most, and gives the cases of the report the numbers of packets. False
 * with `error` when nothing of ours passed the interface. */
bool run_capture_end(struct run_capture *capture, struct report *report, struct cs_error *error);
/* The run is going; the interface is no longer looked at. */
void run_capture_stop(struct run_capture *capture);

#endif
