/* net/dtls.h: DTLS 1.2 over sockets of ours, on OpenSSL, which the files dtls*.c alone know.
 *
 * A session is the same at either end once it is there. Those that we begin come from net_dtls_connect(), which waits for the
 * handshake; those that a device begins from dtls_server.h. Each record goes past `wire`, as it is on the wire. */
#ifndef SRC_NET_DTLS_H
#define SRC_NET_DTLS_H

#include <sys/socket.h>

#include "coapspec/dissect.h"

enum { NET_DTLS_KEY_MAX = 256 };

/* What we have to show and whom we trust. Strings are borrowed; NULL: there is none. */
struct net_security {
    const char *identity; /* of the pre-shared key */
    uint8_t key[NET_DTLS_KEY_MAX];
    size_t key_length;
    const char *cert, *cert_key, *ca; /* files, PEM */
    const char *ca_key;               /* with it we issue certificates that are wrong */
};

/* What one handshake is to be like, beside what is usual. */
enum net_certificate {
    NET_CERTIFICATE_OURS, /* --cert; of a server that has none: NAMED */
    NET_CERTIFICATE_EXPIRED,
    NET_CERTIFICATE_UNTRUSTED, /* signed by itself */
    /* of a server: what it says of who we are (RFC 7252 section 9.1.3.3) */
    NET_CERTIFICATE_NAMED,            /* our authority, in SubjectAltName and as Common Name */
    NET_CERTIFICATE_OTHER_URI,        /* a CoAP URI of somebody else in SubjectAltName */
    NET_CERTIFICATE_OTHER_URI_OWN_CN, /* likewise, and our name as Common Name */
    NET_CERTIFICATE_OTHER_CN,         /* no SubjectAltName; somebody else as Common Name */
    NET_CERTIFICATE_WILDCARD_CN /* no SubjectAltName; a pattern that we would match as Common Name */
};
struct net_handshake {
    /* The only one to offer; 0: those that we have credentials for, and with a certificate that is not OURS those that show it. */
    uint16_t suite;
    const char *group; /* the only elliptic curve, as OpenSSL calls it; NULL: its own */
    enum net_certificate certificate;
    bool raw_key; /* raw public keys of RFC 7250 are offered, and no certificates */
};

/* Who we are as a server: the authority of the URI by which we are reached. */
struct net_authority {
    const char *host; /* a name, or an address without brackets; borrowed */
    uint16_t port;
};

/* A datagram as it is on the wire; a line of a key log (NSS) for each new secret, before what it protects. */
struct net_dtls_wire {
    void (*see)(void *user, const struct cs_address *peer, struct cs_slice octets, bool ours,
                uint64_t at_ns);
    void (*secret)(void *user, const char *line);
    void *user;
};

struct net_dtls_end {
    int fd; /* borrowed */
    struct sockaddr_storage peer;
    socklen_t peer_length;
    const char *name; /* of the server, for SNI; NULL or an address: none */
};

enum net_dtls_result {
    NET_DTLS_DONE,
    NET_DTLS_REFUSED, /* the other side sent an alert; `error` says which */
    NET_DTLS_SILENT,  /* it did not answer, or not all through */
    NET_DTLS_FAILED,  /* we could not, or would not, go on */
    /* of raw public keys, whether or not a session came of it */
    NET_DTLS_SHOWN,    /* the server's flight takes what was offered; DONE as well */
    NET_DTLS_OTHER,    /* it takes something else; `error` says what */
    NET_DTLS_UNDECIDED /* it does not show whether the device has any; likewise */
};

struct net_dtls;

/* Makes a session; `*out` is owned by the caller when it is done. */
enum net_dtls_result net_dtls_connect(const struct net_security *security,
                                      const struct net_handshake *handshake,
                                      const struct net_dtls_end *end,
                                      const struct net_dtls_wire *wire, uint64_t limit_ns,
                                      struct net_dtls **out, struct cs_error *error);
/* Says goodbye. */
void net_dtls_free(struct net_dtls *dtls);
/* Begins a new handshake inside the session, whose next epoch follows (RFC 5246 section 7.4.1.2). False with `error`. */
bool net_dtls_renegotiate(struct net_dtls *dtls, struct cs_error *error);
/* How far it is: SILENT while it goes on; repeats what got lost. */
enum net_dtls_result net_dtls_renegotiation(struct net_dtls *dtls);
/* One message as application data. False with errno. */
bool net_dtls_send(struct net_dtls *dtls, struct cs_slice octets);
/* Takes a datagram that came; then net_dtls_next() gives the messages in it, until there is none: its length, 0 at the end,
 * -1 when the session is over. */
void net_dtls_take(struct net_dtls *dtls, struct cs_slice octets, uint64_t at_ns);
long net_dtls_next(struct net_dtls *dtls, uint8_t *octets, size_t cap);

#endif
