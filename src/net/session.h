/* net/session.h: sessions that protect what a transport carries: what we have to show, what one handshake is to be like, what comes
 * of it. */
#ifndef SRC_NET_SESSION_H
#define SRC_NET_SESSION_H

#include "coapspec/dissect.h"

enum { NET_KEY_MAX = 256 };

/* What we have to show and whom we trust. Strings are borrowed; NULL: there is none. */
struct net_security {
    const char *identity; /* of the pre-shared key */
    uint8_t key[NET_KEY_MAX];
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

/* What is seen of it: a datagram as it is on the wire; a line of a key log (NSS) for each new secret, before what it protects. */
struct net_wire {
    void (*see)(void *user, const struct cs_address *peer, struct cs_slice octets, bool ours,
                uint64_t at_ns);
    void (*secret)(void *user, const char *line);
    void *user;
};

/* How a handshake of ours ended. */
enum net_session_result {
    NET_SESSION_DONE,
    NET_SESSION_REFUSED, /* the other side sent an alert; `error` says which */
    NET_SESSION_SILENT,  /* it did not answer, or not all through */
    NET_SESSION_FAILED,  /* we could not, or would not, go on */
    /* of raw public keys, whether or not a session came of it */
    NET_SESSION_SHOWN,    /* the server's flight takes what was offered; DONE as well */
    NET_SESSION_OTHER,    /* it takes something else; `error` says what */
    NET_SESSION_UNDECIDED /* it does not show whether the device has any; likewise */
};

/* What happens to sessions that others begin; why, in words, where they end. */
enum net_session_news {
    NET_SESSION_ASKED,       /* somebody begins a handshake */
    NET_SESSION_BEGAN,       /* it is done */
    NET_SESSION_WAS_REFUSED, /* the device sent an alert instead of going on */
    NET_SESSION_WAS_STOPPED, /* we could not, or would not, go on */
    NET_SESSION_ENDED,       /* the device has ended the session */
    NET_SESSION_NEWS
};

#endif
