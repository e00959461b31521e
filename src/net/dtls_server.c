/* net/dtls_server.c: see dtls_server.h. */
#include "src/net/dtls_server.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

#include <openssl/err.h>
#include <openssl/rand.h>

#include "src/net/address.h"
#include "src/net/dtls_internal.h"

struct net_dtls_server {
    struct net_dtls_serving serving;
    SSL_CTX *context;                                 /* of the sessions to come */
    struct net_dtls *sessions[NET_DTLS_SESSIONS_MAX]; /* the oldest first */
    size_t count;
    uint64_t begun;         /* sessions so far */
    struct net_timer timer; /* something has to be sent again */
};

/* ------------------------------------------------------------------ cookies */

static int make_cookie(SSL *ssl, unsigned char *cookie, unsigned *length)
{
    const struct net_dtls *d = SSL_get_app_data(ssl);
    memcpy(cookie, d->cookie, sizeof d->cookie);
    *length = sizeof d->cookie;
    return 1;
}

static int check_cookie(SSL *ssl, const unsigned char *cookie, unsigned length)
{
    const struct net_dtls *d = SSL_get_app_data(ssl);
    return length == sizeof d->cookie && memcmp(cookie, d->cookie, length) == 0;
}

/* ------------------------------------------------------------------ sessions */

static bool is_there(const struct net_dtls *d)
{
    return d != NULL && !d->over && SSL_is_init_finished(d->ssl);
}

static struct net_dtls *session_with(const struct net_dtls_server *s, const struct cs_address *peer)
{
    for (size_t i = 0; i < s->count; i++)
        if (cs_address_equal(&s->sessions[i]->peer, peer))
            return s->sessions[i];
    return NULL;
}

static void drop(struct net_dtls_server *s, const struct net_dtls *d)
{
    size_t i = 0;
    while (i < s->count && s->sessions[i] != d)
        i++;
    if (i == s->count)
        return;
    net_dtls_free(s->sessions[i]);
    s->count--;
    memmove(&s->sessions[i], &s->sessions[i + 1], (s->count - i) * sizeof s->sessions[0]);
}

static void tell(const struct net_dtls_server *s, const struct cs_address *peer,
                 enum net_session_news news, const char *why)
{
    if (s->serving.news != NULL)
        s->serving.news(s->serving.user, peer, news, why);
}

static struct net_dtls *begin(struct net_dtls_server *s, const struct cs_address *peer,
                              const uint8_t *random)
{
    struct cs_error error = {0};
    struct net_dtls_end end = {.fd = s->serving.fd};
    end.peer_length = net_to_sockaddr(peer, s->serving.scope, &end.peer);
    if (s->count == NET_DTLS_SESSIONS_MAX)
        drop(s, s->sessions[0]);
    struct net_dtls *d =
        net_dtls_new(s->context, s->serving.security, &end, &s->serving.wire, &error);
    if (d == NULL || RAND_bytes(d->cookie, sizeof d->cookie) != 1) {
        net_dtls_free(d);
        return NULL;
    }
    memcpy(d->random, random, sizeof d->random);
    SSL_set_accept_state(d->ssl);
    s->sessions[s->count++] = d;
    s->begun++;
    return d;
}

/* The random octets of a ClientHello in the clear, which say which handshake it belongs to: the same ones come with the cookie
 * and with each repetition (RFC 6347 section 4.2.1). NULL: it is none. */
static const uint8_t *random_of_hello(struct cs_slice octets)
{
    enum { RECORD = 13, HANDSHAKE = 12, AT = RECORD + HANDSHAKE + 2 };
    static const uint8_t none[3] = {0};
    const uint8_t *at = octets.at;
    const bool hello = octets.len >= AT + NET_DTLS_RANDOM && at[0] == 22 && at[3] == 0 &&
                       at[4] == 0 && at[RECORD] == 1 && memcmp(at + RECORD + 6, none, 3) == 0;
    return hello ? at + AT : NULL;
}

/* ------------------------------------------------------------------ what has to be sent again */

static void plan(struct net_dtls_server *s)
{
    uint64_t due = UINT64_MAX;
    const uint64_t now = net_now();
    for (size_t i = 0; i < s->count; i++) {
        struct timeval tv;
        if (is_there(s->sessions[i]) || DTLSv1_get_timeout(s->sessions[i]->ssl, &tv) != 1)
            continue;
        const uint64_t then = now + (uint64_t)tv.tv_sec * NET_SECOND + (uint64_t)tv.tv_usec * 1000;
        due = then < due ? then : due;
    }
    if (due == UINT64_MAX)
        net_timer_stop(s->serving.loop, &s->timer);
    else
        net_timer_set(s->serving.loop, &s->timer, due);
}

static void on_timer(void *user, uint64_t late_ns)
{
    struct net_dtls_server *s = user;
    (void)late_ns;
    for (size_t i = 0; i < s->count; i++)
        if (!is_there(s->sessions[i]))
            DTLSv1_handle_timeout(s->sessions[i]->ssl);
    ERR_clear_error();
    plan(s);
}

/* ------------------------------------------------------------------ for everyone */

bool net_dtls_server_offer(struct net_dtls_server *s, const struct net_handshake *handshake,
                           struct cs_error *error)
{
    SSL_CTX *context = net_dtls_context(DTLS_server_method(), s->serving.security, handshake,
                                        &s->serving.own, error);
    if (context == NULL)
        return false;
    SSL_CTX_set_options(context, SSL_OP_COOKIE_EXCHANGE | SSL_OP_CIPHER_SERVER_PREFERENCE);
    SSL_CTX_set_cookie_generate_cb(context, make_cookie);
    SSL_CTX_set_cookie_verify_cb(context, check_cookie);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_free(s->context);
    s->context = context;
    return true;
}

struct net_dtls_server *net_dtls_serve(const struct net_dtls_serving *serving,
                                       struct cs_error *error)
{
    static const struct net_handshake usual;
    struct net_dtls_server *s = calloc(1, sizeof *s);
    if (s == NULL) {
        snprintf(error->text, sizeof error->text, "out of memory");
        return NULL;
    }
    *s = (struct net_dtls_server){.serving = *serving, .timer = {.fire = on_timer, .user = s}};
    if (net_dtls_server_offer(s, &usual, error))
        return s;
    net_dtls_server_free(s);
    return NULL;
}

void net_dtls_server_free(struct net_dtls_server *s)
{
    if (s == NULL)
        return;
    net_timer_stop(s->serving.loop, &s->timer);
    for (size_t i = 0; i < s->count; i++)
        net_dtls_free(s->sessions[i]);
    SSL_CTX_free(s->context);
    free(s);
}

/* What became of a handshake that goes on. The session is gone when it came to nothing. */
static enum net_session_result shake(struct net_dtls_server *s, struct net_dtls *d,
                                     struct cs_error *error)
{
    const enum net_session_result result = net_dtls_shake(d, error);
    if (result == NET_SESSION_FAILED && d->stranger)
        snprintf(error->text, sizeof error->text,
                 "the device names an identity that we do not know");
    if (result == NET_SESSION_FAILED || result == NET_SESSION_REFUSED)
        drop(s, d);
    return result;
}

/* The session that a datagram belongs to, or begins. */
static struct net_dtls *session_of(struct net_dtls_server *s, const struct cs_address *peer,
                                   struct cs_slice octets)
{
    const uint8_t *random = random_of_hello(octets);
    struct net_dtls *d = session_with(s, peer);
    /* who begins anew from the same address has given up what was there (RFC 6347 section 4.2.8) */
    if (d != NULL && random != NULL && memcmp(random, d->random, sizeof d->random) != 0) {
        d->over = true;
        drop(s, d);
        d = NULL;
    }
    return d == NULL && random != NULL ? begin(s, peer, random) : d;
}

void net_dtls_server_take(struct net_dtls_server *s, const struct cs_address *peer,
                          struct cs_slice octets, uint64_t at_ns)
{
    static const enum net_session_news news[] = {[NET_SESSION_DONE] = NET_SESSION_BEGAN,
                                                 [NET_SESSION_REFUSED] = NET_SESSION_WAS_REFUSED,
                                                 [NET_SESSION_SILENT] = NET_SESSION_ASKED,
                                                 [NET_SESSION_FAILED] = NET_SESSION_WAS_STOPPED};
    struct cs_error error = {0};
    enum net_session_result result = NET_SESSION_SILENT;
    const uint64_t before = s->begun;
    struct net_dtls *d = session_of(s, peer, octets);
    if (d == NULL) {
        if (s->serving.wire.see != NULL)
            s->serving.wire.see(s->serving.wire.user, peer, octets, false, at_ns);
        return;
    }
    net_dtls_take(d, octets, at_ns);
    if (!SSL_is_init_finished(d->ssl))
        result = shake(s, d, &error);
    plan(s);
    /* last: who is told may free the server */
    if (result != NET_SESSION_SILENT || s->begun > before)
        tell(s, peer, news[result], error.text);
}

size_t net_dtls_server_next(struct net_dtls_server *s, const struct cs_address *peer,
                            uint8_t *octets, size_t cap)
{
    struct net_dtls *d = session_with(s, peer);
    if (!is_there(d))
        return 0;
    const long n = net_dtls_next(d, octets, cap);
    if (n >= 0)
        return (size_t)n;
    char why[120];
    snprintf(why, sizeof why, "the device ended the session%s%s", d->alert > 0 ? ": " : "",
             d->alert > 0 ? SSL_alert_desc_string_long(d->alert) : "");
    drop(s, d);
    tell(s, peer, NET_SESSION_ENDED, why);
    return 0;
}

bool net_dtls_server_send(struct net_dtls_server *s, const struct cs_address *peer,
                          struct cs_slice octets)
{
    struct net_dtls *d = session_with(s, peer);
    if (is_there(d))
        return net_dtls_send(d, octets);
    errno = ENOTCONN;
    return false;
}
