/* net/dtls.c: a session, whichever end of it we are. */
#include "src/net/dtls_internal.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>

#include "src/net/address.h"
#include "src/net/clock.h"

enum { MTU = 1232 };

void net_dtls_tell_secret(const SSL *ssl, const char *line)
{
    const struct net_dtls *d = SSL_get_app_data(ssl);
    if (d != NULL && d->wire.secret != NULL)
        d->wire.secret(d->wire.user, line);
}

bool net_dtls_fail(struct cs_error *error, const char *what)
{
    const unsigned long code = ERR_get_error();
    const char *why = code != 0 ? ERR_reason_error_string(code) : NULL;
    snprintf(error->text, sizeof error->text, "%s%s%s", what, why != NULL ? ": " : "",
             why != NULL ? why : "");
    ERR_clear_error();
    return false;
}

/* ------------------------------------------------------------------ datagrams for OpenSSL */

static int bio_write(BIO *bio, const char *octets, int length)
{
    const struct net_dtls *d = BIO_get_data(bio);
    const struct cs_slice out = {(const uint8_t *)octets, (size_t)length};
    BIO_clear_retry_flags(bio);
    if (d->wire.see != NULL)
        d->wire.see(d->wire.user, &d->peer, out, true, net_now());
    ssize_t n = -1;
    for (int i = 0; i < 3 && n < 0; i++) /* a pending ICMP error is handed to whoever calls next */
        n = sendto(d->end.fd, octets, (size_t)length, 0, (const struct sockaddr *)&d->end.peer,
                   d->end.peer_length);
    return (int)n;
}

static int bio_read(BIO *bio, char *octets, int cap)
{
    struct net_dtls *d = BIO_get_data(bio);
    BIO_clear_retry_flags(bio);
    if (d->datagram.len == 0) {
        BIO_set_retry_read(bio);
        return -1;
    }
    const size_t n = d->datagram.len < (size_t)cap ? d->datagram.len : (size_t)cap;
    memcpy(octets, d->datagram.at, n);
    d->datagram.len = 0; /* as of a socket: the rest of a datagram is gone */
    return (int)n;
}

static long bio_control(BIO *bio, int command, long number, void *pointer)
{
    (void)bio;
    (void)number;
    (void)pointer;
    switch (command) {
    case BIO_CTRL_FLUSH:
        return 1;
    case BIO_CTRL_DGRAM_QUERY_MTU:
    case BIO_CTRL_DGRAM_GET_FALLBACK_MTU:
        return MTU;
    default:
        return 0;
    }
}

/* Made once: OpenSSL has no more than a hundred numbers for such methods. */
static const BIO_METHOD *datagrams(void)
{
    static BIO_METHOD *method;
    if (method != NULL)
        return method;
    method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "datagrams");
    if (method != NULL &&
        (BIO_meth_set_write(method, bio_write) != 1 || BIO_meth_set_read(method, bio_read) != 1 ||
         BIO_meth_set_ctrl(method, bio_control) != 1)) {
        BIO_meth_free(method);
        method = NULL;
    }
    return method;
}

static bool make_bio(struct net_dtls *d)
{
    const BIO_METHOD *method = datagrams();
    BIO *bio = method != NULL ? BIO_new(method) : NULL;
    if (bio == NULL)
        return false;
    BIO_set_data(bio, d);
    BIO_set_init(bio, 1);
    SSL_set_bio(d->ssl, bio, bio);
    return true;
}

/* ------------------------------------------------------------------ a session */

static void see_alert(const SSL *ssl, int where, int value)
{
    struct net_dtls *d = SSL_get_app_data(ssl);
    if ((where & SSL_CB_ALERT) != 0 && (where & SSL_CB_READ) != 0)
        d->alert = value & 0xff;
}

struct net_dtls *net_dtls_new(SSL_CTX *context, const struct net_security *security,
                              const struct net_dtls_end *end, const struct net_wire *wire,
                              struct cs_error *error)
{
    struct net_dtls *d = calloc(1, sizeof *d);
    if (d == NULL) {
        snprintf(error->text, sizeof error->text, "out of memory");
        return NULL;
    }
    *d = (struct net_dtls){.security = security, .end = *end, .alert = -1};
    net_from_sockaddr(&end->peer, &d->peer);
    if (wire != NULL)
        d->wire = *wire;
    d->ssl = SSL_new(context);
    if (d->ssl == NULL || !make_bio(d)) {
        net_dtls_fail(error, "OpenSSL");
        net_dtls_free(d);
        return NULL;
    }
    SSL_set_app_data(d->ssl, d);
    SSL_set_info_callback(d->ssl, see_alert);
    SSL_set_mtu(d->ssl, MTU);
    return d;
}

void net_dtls_free(struct net_dtls *d)
{
    if (d == NULL)
        return;
    if (d->ssl != NULL && SSL_is_init_finished(d->ssl) && !d->over)
        SSL_shutdown(d->ssl);
    SSL_free(d->ssl);
    ERR_clear_error();
    free(d->flight);
    free(d);
}

enum net_session_result net_dtls_shake(struct net_dtls *d, struct cs_error *error)
{
    const int done = SSL_do_handshake(d->ssl);
    if (done == 1)
        return NET_SESSION_DONE;
    if (SSL_get_error(d->ssl, done) == SSL_ERROR_WANT_READ)
        return NET_SESSION_SILENT;
    if (d->alert < 0) {
        net_dtls_fail(error, "the handshake failed");
        return NET_SESSION_FAILED;
    }
    snprintf(error->text, sizeof error->text, "the device refuses the handshake: %s",
             SSL_alert_desc_string_long(d->alert));
    ERR_clear_error();
    return NET_SESSION_REFUSED;
}

bool net_dtls_send(struct net_dtls *d, struct cs_slice octets)
{
    if (!d->over && octets.len <= INT32_MAX &&
        SSL_write(d->ssl, octets.at, (int)octets.len) == (int)octets.len)
        return true;
    ERR_clear_error();
    errno = d->over ? ENOTCONN : EMSGSIZE;
    return false;
}

void net_dtls_take(struct net_dtls *d, struct cs_slice octets, uint64_t at_ns)
{
    if (d->wire.see != NULL)
        d->wire.see(d->wire.user, &d->peer, octets, false, at_ns);
    d->datagram = octets;
}

long net_dtls_next(struct net_dtls *d, uint8_t *octets, size_t cap)
{
    if (d->over)
        return -1;
    const int n =
        SSL_read(d->ssl, octets, cap < NET_DTLS_DATAGRAM_MAX ? (int)cap : NET_DTLS_DATAGRAM_MAX);
    if (n > 0)
        return n;
    d->over = SSL_get_error(d->ssl, n) != SSL_ERROR_WANT_READ;
    ERR_clear_error();
    return d->over ? -1 : 0;
}
