/* peer/peer.h: a client of ours that says one thing after the other: for commands where nothing happens side by side. (A case of a
 * run has several sockets and may break every rule: it drives backoff.h, reply.h and seen.h itself.)
 *
 * The present message is sent again until it is acknowledged or answered, what comes is matched with it and gets the Empty message
 * that is due, duplicates are known. RFC 7252 section 4; over any transport. */
#ifndef SRC_PEER_PEER_H
#define SRC_PEER_PEER_H

#include "src/net/address.h"
#include "src/net/transport.h"
#include "src/peer/backoff.h"
#include "src/peer/seen.h"

/* What a message that came is to us. */
enum peer_meaning {
    PEER_ANSWER, /* what the present message waits for: a response; RST; any reply to what is no request */
    PEER_ACKNOWLEDGED, /* its Empty ACK: the response comes later */
    PEER_DUPLICATE,
    PEER_OTHER_MID,   /* an ACK or RST to something else */
    PEER_OTHER_TOKEN, /* a response to something else */
    PEER_NO_RESPONSE,
    PEER_NO_COAP,
    PEER_STRANGER, /* not from where the message went */
    PEER_CLEAR,    /* outside of the session that we have */
    PEER_MEANINGS
};
/* A clause in words; NULL: of ANSWER and ACKNOWLEDGED there is nothing to be said. */
const char *peer_meaning_text(enum peer_meaning meaning);

struct peer_came {
    const struct cs_message *message; /* borrowed for the one call */
    struct cs_address from;
    uint64_t at_ns; /* monotonic; when the kernel took it in */
    enum peer_meaning meaning;
    enum peer_reply reply; /* what was said to it, before this call */
};

/* Who hears of it; each may be NULL. */
struct peer_hears {
    /* Each datagram in order, as it leaves or has come: `other` is the other end. */
    void (*see)(void *user, const struct cs_address *other, struct cs_slice octets, bool ours,
                uint64_t at_ns);
    /* The present message was sent once more: so many times by now. */
    void (*again)(void *user, unsigned transmissions);
    void (*came)(void *user, const struct peer_came *came);
    void *user;
};

/* 64 KiB and more. */
struct peer {
    struct peer_hears hears;
    struct cs_parameters parameters; /* the defaults, unless they are changed before it speaks */
    struct net_loop *loop;           /* turns are the caller's */
    struct net_socket socket;
    struct cs_address to;
    bool group; /* `to` is many: they answer from addresses of their own */
    struct net_random random;
    uint16_t next_mid;
    struct peer_seen seen;
    int refused; /* errno: nothing more will come; 0 */
    /* the present message */
    uint8_t octets[NET_DATAGRAM_MAX];
    struct cs_message message; /* borrows from octets */
    bool said, acked, answered;
    uint64_t first_ns; /* its first transmission */
    struct peer_backoff backoff;
    struct net_timer timer;
};

/* Draws its numbers: `random`, `next_mid`. */
void peer_init(struct peer *peer, const struct peer_hears *hears);
/* Opens a socket towards `target`, borrowed; where there are sessions, the handshake is waited for. False with `error`. */
bool peer_open(struct peer *peer, const struct net_target *target, struct cs_error *error);
/* Of one that was not opened, too. */
void peer_close(struct peer *peer);

/* Says this in place of what was said before. With `repeats`, a CON is sent again as long as nobody acknowledges it; to a group
 * never (section 8.1). False with errno when it did not leave. */
bool peer_say(struct peer *peer, struct cs_slice octets, bool repeats);

/* Why nothing more will come, in words. */
const char *peer_refused_text(const struct peer *peer);

#endif
