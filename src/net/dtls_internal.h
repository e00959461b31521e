/* net/dtls_internal.h: what the files of dtls*.c share: a session of either end, and what it is made from. */
#ifndef SRC_NET_DTLS_INTERNAL_H
#define SRC_NET_DTLS_INTERNAL_H

#include <openssl/ssl.h>

#include "src/net/dtls.h"

enum { NET_DTLS_DATAGRAM_MAX = 65535, NET_DTLS_COOKIE = 16, NET_DTLS_RANDOM = 32 };

struct net_dtls_flight;

struct net_dtls {
    SSL *ssl;
    const struct net_security *security;
    struct net_dtls_end end;
    struct cs_address peer; /* of `end` */
    struct net_wire wire;
    struct cs_slice datagram; /* that came, until OpenSSL has read it; borrowed */
    int alert;                /* that came last; below 0: none */
    bool over, deaf;          /* deaf: nobody listens there */
    struct net_dtls_flight
        *flight; /* of the server, where raw public keys were wished for; else NULL */
    /* of a server */
    bool stranger;                   /* the client named an identity that we do not know */
    uint8_t random[NET_DTLS_RANDOM]; /* of the ClientHello that began it */
    uint8_t cookie[NET_DTLS_COOKIE];
};

/* Writes what OpenSSL says it was, behind `what`. Returns false. */
bool net_dtls_fail(struct cs_error *error, const char *what);

/* Hands a line of a key log to whoever watches the wire. */
void net_dtls_tell_secret(const SSL *ssl, const char *line);

/* dtls_context.c: what all sessions of one kind begin with. `own` is us, as a server; NULL as a client. Owned; NULL with
 * `error`. */
SSL_CTX *net_dtls_context(const SSL_METHOD *method, const struct net_security *security,
                          const struct net_handshake *handshake, const struct net_authority *own,
                          struct cs_error *error);

/* dtls_certificate.c: issues a certificate of that kind and uses it. False with `error`. */
bool net_dtls_issue(SSL_CTX *context, const struct net_security *security,
                    enum net_certificate kind, const struct net_authority *own,
                    struct cs_error *error);

/* dtls_raw_key.c: lets hellos offer raw public keys alone. False with `error`. */
bool net_dtls_wish_raw_keys(SSL_CTX *context, struct cs_error *error);
/* From now on the server's flight is kept: _takes() is true when the datagram that came is of it; _gives() hands OpenSSL one
 * of those kept, once all are there; _shows() judges it, its curve too where that was the only one on offer: SHOWN, OTHER or UNDECIDED, FAILED when it is not there. */
bool net_dtls_flight_begin(struct net_dtls *dtls, struct cs_error *error);
bool net_dtls_flight_takes(struct net_dtls *dtls);
bool net_dtls_flight_gives(struct net_dtls *dtls);
enum net_session_result net_dtls_flight_shows(const struct net_dtls *dtls, bool secp256r1,
                                              struct cs_error *error);
/* The alert that ended the handshake is about raw public keys, not about suites or curves; `error` says so. */
bool net_dtls_flight_refuses_kind(const struct net_dtls *dtls, struct cs_error *error);

/* A session that has not begun. It refers to `context` by itself. NULL with `error`. */
struct net_dtls *net_dtls_new(SSL_CTX *context, const struct net_security *security,
                              const struct net_dtls_end *end, const struct net_wire *wire,
                              struct cs_error *error);
/* Goes on with the handshake as far as what came allows. DONE, REFUSED or FAILED are its end. */
enum net_session_result net_dtls_shake(struct net_dtls *dtls, struct cs_error *error);

#endif
