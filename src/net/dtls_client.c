/* net/dtls_client.c: a session that we begin. */
#include "src/net/dtls_internal.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>

#include <openssl/err.h>

#include "src/net/address.h"
#include "src/net/clock.h"

static void name_server(SSL *ssl, const char *name)
{
    char host[TLSEXT_MAXLEN_host_name + 1];
    if (name == NULL || strchr(name, ':') != NULL || strspn(name, "0123456789.") == strlen(name))
        return;
    snprintf(host, sizeof host, "%s", name);
    SSL_set_tlsext_host_name(ssl, host);
}

static bool is_peer(const struct net_dtls *d, const struct sockaddr_storage *from)
{
    struct cs_address a;
    net_from_sockaddr(from, &a);
    return cs_address_equal(&a, &d->peer);
}

/* One datagram of the peer, if there is one. */
static void read_socket(struct net_dtls *d, uint8_t *buffer)
{
    struct sockaddr_storage from;
    socklen_t length = sizeof from;
    const ssize_t n = recvfrom(d->end.fd, buffer, NET_DTLS_DATAGRAM_MAX, MSG_DONTWAIT,
                               (struct sockaddr *)&from, &length);
    if (n <
        0) { /* what ICMP said lies in a queue apart: left there it would keep the socket ready */
        d->deaf = errno == ECONNREFUSED;
        (void)!recv(d->end.fd, buffer, 0, MSG_DONTWAIT | MSG_ERRQUEUE);
    } else if (is_peer(d, &from)) {
        net_dtls_take(d, (struct cs_slice){buffer, (size_t)n}, net_now());
        net_dtls_flight_takes(d);
    }
}

/* Milliseconds until OpenSSL wants to send again, at most `until_ns`. */
static int patience_ms(struct net_dtls *d, uint64_t until_ns)
{
    struct timeval tv;
    const uint64_t now = net_now();
    uint64_t ns = until_ns > now ? until_ns - now : 0;
    if (DTLSv1_get_timeout(d->ssl, &tv) == 1) {
        const uint64_t due = (uint64_t)tv.tv_sec * NET_SECOND + (uint64_t)tv.tv_usec * 1000;
        ns = due < ns ? due : ns;
    }
    return (int)(ns / NET_MS) + 1;
}

/* Waits until the handshake is over, one way or another. */
static enum net_session_result shake(struct net_dtls *d, uint64_t until_ns, struct cs_error *error)
{
    static uint8_t buffer[NET_DTLS_DATAGRAM_MAX]; /* one thread */
    enum net_session_result result;
    while ((result = net_dtls_shake(d, error)) == NET_SESSION_SILENT) {
        if (net_dtls_flight_gives(d))
            continue;
        struct pollfd ready = {.fd = d->end.fd, .events = POLLIN};
        if (net_now() >= until_ns || d->deaf) {
            snprintf(error->text, sizeof error->text, "%s",
                     d->deaf ? "nobody listens there" : "the DTLS handshake came to no end");
            return NET_SESSION_SILENT;
        }
        if (poll(&ready, 1, patience_ms(d, until_ns)) > 0)
            read_socket(d, buffer);
        else
            DTLSv1_handle_timeout(d->ssl);
    }
    return result;
}

enum net_session_result net_dtls_connect(const struct net_security *security,
                                         const struct net_handshake *handshake,
                                         const struct net_dtls_end *end,
                                         const struct net_wire *wire, uint64_t limit_ns,
                                         struct net_dtls **out, struct cs_error *error)
{
    static const struct net_handshake usual;
    *out = NULL;
    SSL_CTX *context = net_dtls_context(DTLS_client_method(), security,
                                        handshake != NULL ? handshake : &usual, NULL, error);
    struct net_dtls *d = context != NULL ? net_dtls_new(context, security, end, wire, error) : NULL;
    SSL_CTX_free(context);
    if (d == NULL)
        return NET_SESSION_FAILED;
    name_server(d->ssl, end->name);
    SSL_set_connect_state(d->ssl);
    enum net_session_result result = NET_SESSION_FAILED;
    if (handshake == NULL || !handshake->raw_key || net_dtls_flight_begin(d, error))
        result = shake(d, net_now() + limit_ns, error);
    const enum net_session_result shown =
        d->flight != NULL ? net_dtls_flight_shows(d, handshake->group != NULL, error)
                          : NET_SESSION_FAILED;
    if (shown != NET_SESSION_FAILED && (shown != NET_SESSION_SHOWN || result != NET_SESSION_DONE))
        result = shown;
    if (result == NET_SESSION_REFUSED && d->flight != NULL &&
        net_dtls_flight_refuses_kind(d, error))
        result = NET_SESSION_UNDECIDED;
    if (result == NET_SESSION_DONE)
        *out = d;
    else
        net_dtls_free(d);
    return result;
}

bool net_dtls_renegotiate(struct net_dtls *d, struct cs_error *error)
{
    d->alert = -1;
    ERR_clear_error();
    if (!d->over && SSL_renegotiate(d->ssl) == 1) {
        const int done = SSL_do_handshake(d->ssl);
        if (done == 1 || SSL_get_error(d->ssl, done) == SSL_ERROR_WANT_READ)
            return true;
    }
    return net_dtls_fail(error, "the session cannot be renegotiated");
}

/* What comes meanwhile goes to SSL_read(), which goes on with the handshake. */
enum net_session_result net_dtls_renegotiation(struct net_dtls *d)
{
    if (d->over)
        return d->alert >= 0 ? NET_SESSION_REFUSED : NET_SESSION_FAILED;
    if (!SSL_renegotiate_pending(d->ssl) && SSL_is_init_finished(d->ssl))
        return NET_SESSION_DONE;
    DTLSv1_handle_timeout(d->ssl);
    return NET_SESSION_SILENT;
}
