/* fuzz/stream.h: how the target analysis takes its input for a stream. One octet of flags for all of it; then steps of six
 * octets, each followed by as many octets of a datagram as it says:
 *
 *   sender | receiver << 3   exponent   value   flags   length, high octet first
 *
 * Before a step value << exponent nanoseconds pass. */
#ifndef TESTS_FUZZ_STREAM_H
#define TESTS_FUZZ_STREAM_H

enum { STREAM_WHOLE = 1, STREAM_LOSSY = 2, STREAM_DECLARED = 4, STREAM_DTLS = 8, STREAM_IPV6 = 16 };
enum { STREAM_STEP = 6, STREAM_EXPONENT_MAX = 31 };
/* flags of a step; two bits are the direction */
enum { STEP_CUT = 1, STEP_DIRECTION = 1, STEP_SILENCE = 8, STEP_FRAGMENTED = 16 };
/* who speaks: two servers, clients, one more endpoint at the address of the first server, a group */
enum { PEER_SERVER, PEER_CLIENT, PEER_OTHER_SERVER = 5, PEER_BESIDE_SERVER, PEER_GROUP };

#endif
