/* net/dtls.c: see dtls.h. */
#include "src/net/dtls.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "src/net/address.h"
#include "src/net/clock.h"

enum { DATAGRAM_MAX = 65535, MTU = 1232 };

struct net_dtls {
    SSL_CTX *context;
    SSL *ssl;
    const struct net_security *security;
    struct net_dtls_end end;
    struct net_dtls_wire wire;
    struct cs_slice datagram; /* that came, until OpenSSL has read it; borrowed */
    int alert;                /* that came last; below 0: none */
    bool over, deaf;          /* deaf: nobody listens there */
};

/* Key logs have a callback that knows the session alone. One thread. */
static char *secrets;
static size_t secrets_length;

const char *net_dtls_secrets(void) { return secrets != NULL ? secrets : ""; }

static void keep_secret(const SSL *ssl, const char *line)
{
    (void)ssl;
    const size_t n = strlen(line);
    char *more = realloc(secrets, secrets_length + n + 2);
    if (more == NULL)
        return;
    secrets = more;
    memcpy(secrets + secrets_length, line, n);
    memcpy(secrets + secrets_length + n, "\n", 2);
    secrets_length += n + 1;
}

static bool fail(struct cs_error *error, const char *what)
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
        d->wire.see(d->wire.user, out, true, net_now());
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

/* ------------------------------------------------------------------ credentials */

static unsigned give_key(SSL *ssl, const char *hint, char *identity, unsigned identity_cap,
                         unsigned char *key, unsigned key_cap)
{
    (void)hint;
    const struct net_dtls *d = SSL_get_app_data(ssl);
    const struct net_security *s = d->security;
    if (s->key_length > key_cap || s->identity == NULL || strlen(s->identity) >= identity_cap)
        return 0;
    snprintf(identity, identity_cap, "%s", s->identity);
    memcpy(key, s->key, s->key_length);
    return (unsigned)s->key_length;
}

/* Our certificate once more with other dates or another issuer: signed with the key of the authority, or with its own. */
static bool use_wrong_certificate(SSL_CTX *context, const struct net_security *s,
                                  enum net_certificate kind, struct cs_error *error)
{
    enum { DAY = 86400 };
    const bool expired = kind == NET_CERTIFICATE_EXPIRED;
    BIO *ca_file = expired && s->ca != NULL ? BIO_new_file(s->ca, "r") : NULL;
    BIO *key_file = expired && s->ca_key != NULL ? BIO_new_file(s->ca_key, "r") : NULL;
    X509 *ca = ca_file != NULL ? PEM_read_bio_X509(ca_file, NULL, NULL, NULL) : NULL;
    EVP_PKEY *ca_key =
        key_file != NULL ? PEM_read_bio_PrivateKey(key_file, NULL, NULL, NULL) : NULL;
    EVP_PKEY *own = EVP_EC_gen("P-256");
    X509 *made = X509_new();
    X509_NAME *name = X509_NAME_new();
    bool fine =
        own != NULL && made != NULL && name != NULL &&
        (!expired || (ca != NULL && ca_key != NULL)) &&
        X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)"coapspec", -1,
                                   -1, 0) == 1 &&
        X509_set_version(made, 2) == 1 && ASN1_INTEGER_set(X509_get_serialNumber(made), 7) == 1 &&
        X509_gmtime_adj(X509_getm_notBefore(made), -30 * DAY) != NULL &&
        X509_gmtime_adj(X509_getm_notAfter(made), expired ? -DAY : DAY) != NULL &&
        X509_set_subject_name(made, name) == 1 &&
        X509_set_issuer_name(made, expired ? X509_get_subject_name(ca) : name) == 1 &&
        X509_set_pubkey(made, own) == 1 &&
        X509_sign(made, expired ? ca_key : own, EVP_sha256()) > 0 &&
        SSL_CTX_use_certificate(context, made) == 1 && SSL_CTX_use_PrivateKey(context, own) == 1;
    BIO_free(ca_file);
    BIO_free(key_file);
    X509_free(ca);
    EVP_PKEY_free(ca_key);
    EVP_PKEY_free(own);
    X509_free(made);
    X509_NAME_free(name);
    return fine || fail(error, "no certificate could be made");
}

static bool use_credentials(SSL_CTX *context, const struct net_security *s,
                            enum net_certificate kind, struct cs_error *error)
{
    if (s->key_length > 0)
        SSL_CTX_set_psk_client_callback(context, give_key);
    if (s->ca != NULL) {
        if (SSL_CTX_load_verify_locations(context, s->ca, NULL) != 1)
            return fail(error, "--ca cannot be used");
        SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
    }
    if (kind != NET_CERTIFICATE_OURS)
        return use_wrong_certificate(context, s, kind, error);
    if (s->cert != NULL &&
        (SSL_CTX_use_certificate_chain_file(context, s->cert) != 1 ||
         SSL_CTX_use_PrivateKey_file(context, s->cert_key != NULL ? s->cert_key : s->cert,
                                     SSL_FILETYPE_PEM) != 1))
        return fail(error, "--cert and --cert-key cannot be used");
    return true;
}

/* The mandatory suites of RFC 7252 section 9.1.3 first. */
static const struct {
    uint16_t number;
    bool key; /* needs the pre-shared one */
    const char *name;
} suites[] = {
    {0xc0a8, true, "PSK-AES128-CCM8"},
    {0xc0ae, false, "ECDHE-ECDSA-AES128-CCM8"},
    {0xc0a4, true, "PSK-AES128-CCM"},
    {0xc0ac, false, "ECDHE-ECDSA-AES128-CCM"},
    {0x00a8, true, "PSK-AES128-GCM-SHA256"},
    {0xc02b, false, "ECDHE-ECDSA-AES128-GCM-SHA256"},
    {0xc037, true, "ECDHE-PSK-AES128-CBC-SHA256"},
    {0xccac, true, "ECDHE-PSK-CHACHA20-POLY1305"},
    {0x00ae, true, "PSK-AES128-CBC-SHA256"},
    {0xc0a9, true, "PSK-AES256-CCM8"},
    {0x00a9, true, "PSK-AES256-GCM-SHA384"},
    {0xc0af, false, "ECDHE-ECDSA-AES256-CCM8"},
    {0xc02c, false, "ECDHE-ECDSA-AES256-GCM-SHA384"},
};

static bool offer_suites(SSL_CTX *context, const struct net_security *s, uint16_t only,
                         struct cs_error *error)
{
    char list[512] = "@SECLEVEL=0";
    for (size_t i = 0; i < sizeof suites / sizeof suites[0]; i++) {
        const bool usable = suites[i].key ? s->key_length > 0 : s->key_length == 0 || s->cert;
        if (only != 0 ? suites[i].number == only : usable)
            snprintf(list + strlen(list), sizeof list - strlen(list), ":%s", suites[i].name);
    }
    return SSL_CTX_set_cipher_list(context, list) == 1 || fail(error, "no cipher suite to offer");
}

/* ------------------------------------------------------------------ a session */

static void see_alert(const SSL *ssl, int where, int value)
{
    struct net_dtls *d = SSL_get_app_data(ssl);
    if ((where & SSL_CB_ALERT) != 0 && (where & SSL_CB_READ) != 0)
        d->alert = value & 0xff;
}

/* The two macros of OpenSSL take the const off what they only read: they get copies. */
static bool offer_group(SSL_CTX *context, const char *group, struct cs_error *error)
{
    char list[64];
    if (group == NULL)
        return true;
    snprintf(list, sizeof list, "%s", group);
    return SSL_CTX_set1_groups_list(context, list) == 1 || fail(error, "no such curve");
}

static void name_server(SSL *ssl, const char *name)
{
    char host[TLSEXT_MAXLEN_host_name + 1];
    if (name == NULL || strchr(name, ':') != NULL || strspn(name, "0123456789.") == strlen(name))
        return;
    snprintf(host, sizeof host, "%s", name);
    SSL_set_tlsext_host_name(ssl, host);
}

static struct net_dtls *new_session(const struct net_security *security,
                                    const struct net_handshake *handshake,
                                    const struct net_dtls_end *end,
                                    const struct net_dtls_wire *wire, struct cs_error *error)
{
    struct net_dtls *d = calloc(1, sizeof *d);
    if (d == NULL) {
        snprintf(error->text, sizeof error->text, "out of memory");
        return NULL;
    }
    *d = (struct net_dtls){.security = security, .end = *end, .alert = -1};
    if (wire != NULL)
        d->wire = *wire;
    ERR_clear_error();
    d->context = SSL_CTX_new(DTLS_client_method());
    bool fine = d->context != NULL &&
                SSL_CTX_set_min_proto_version(d->context, DTLS1_2_VERSION) == 1 &&
                SSL_CTX_set_max_proto_version(d->context, DTLS1_2_VERSION) == 1;
    if (!fine)
        fail(error, "OpenSSL");
    fine = fine && offer_suites(d->context, security, handshake->suite, error) &&
           use_credentials(d->context, security, handshake->certificate, error);
    fine = fine && offer_group(d->context, handshake->group, error);
    if (fine) {
        SSL_CTX_set_keylog_callback(d->context, keep_secret);
        SSL_CTX_set_options(d->context, SSL_OP_NO_QUERY_MTU | SSL_OP_NO_TICKET);
        SSL_CTX_set_info_callback(d->context, see_alert);
        d->ssl = SSL_new(d->context);
        fine = d->ssl != NULL && make_bio(d);
        if (!fine)
            fail(error, "OpenSSL");
    }
    if (!fine) {
        net_dtls_free(d);
        return NULL;
    }
    SSL_set_app_data(d->ssl, d);
    SSL_set_mtu(d->ssl, MTU);
    name_server(d->ssl, end->name);
    SSL_set_connect_state(d->ssl);
    return d;
}

void net_dtls_free(struct net_dtls *d)
{
    if (d == NULL)
        return;
    if (d->ssl != NULL && SSL_is_init_finished(d->ssl) && !d->over)
        SSL_shutdown(d->ssl);
    SSL_free(d->ssl);
    SSL_CTX_free(d->context);
    ERR_clear_error();
    free(d);
}

static bool is_peer(const struct net_dtls *d, const struct sockaddr_storage *from)
{
    struct cs_address a, b;
    net_from_sockaddr(from, &a);
    net_from_sockaddr(&d->end.peer, &b);
    return cs_address_equal(&a, &b);
}

/* One datagram of the peer, if there is one. */
static void read_socket(struct net_dtls *d, uint8_t *buffer)
{
    struct sockaddr_storage from;
    socklen_t length = sizeof from;
    const ssize_t n =
        recvfrom(d->end.fd, buffer, DATAGRAM_MAX, MSG_DONTWAIT, (struct sockaddr *)&from, &length);
    if (n <
        0) { /* what ICMP said lies in a queue apart: left there it would keep the socket ready */
        d->deaf = errno == ECONNREFUSED;
        (void)!recv(d->end.fd, buffer, 0, MSG_DONTWAIT | MSG_ERRQUEUE);
    } else if (is_peer(d, &from))
        net_dtls_take(d, (struct cs_slice){buffer, (size_t)n}, net_now());
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

static enum net_dtls_result shake(struct net_dtls *d, uint64_t until_ns, struct cs_error *error)
{
    static uint8_t buffer[DATAGRAM_MAX]; /* one thread */
    int done;
    while ((done = SSL_do_handshake(d->ssl)) != 1) {
        if (SSL_get_error(d->ssl, done) != SSL_ERROR_WANT_READ) {
            if (d->alert >= 0) {
                snprintf(error->text, sizeof error->text, "the device refuses the handshake: %s",
                         SSL_alert_desc_string_long(d->alert));
                ERR_clear_error();
                return NET_DTLS_REFUSED;
            }
            fail(error, "the handshake failed");
            return NET_DTLS_FAILED;
        }
        struct pollfd ready = {.fd = d->end.fd, .events = POLLIN};
        if (net_now() >= until_ns || d->deaf) {
            snprintf(error->text, sizeof error->text, "%s",
                     d->deaf ? "nobody listens there" : "the DTLS handshake came to no end");
            return NET_DTLS_SILENT;
        }
        if (poll(&ready, 1, patience_ms(d, until_ns)) > 0)
            read_socket(d, buffer);
        else
            DTLSv1_handle_timeout(d->ssl);
    }
    return NET_DTLS_DONE;
}

enum net_dtls_result net_dtls_connect(const struct net_security *security,
                                      const struct net_handshake *handshake,
                                      const struct net_dtls_end *end,
                                      const struct net_dtls_wire *wire, uint64_t limit_ns,
                                      struct net_dtls **out, struct cs_error *error)
{
    static const struct net_handshake usual;
    *out = NULL;
    struct net_dtls *d =
        new_session(security, handshake != NULL ? handshake : &usual, end, wire, error);
    if (d == NULL)
        return NET_DTLS_FAILED;
    const enum net_dtls_result result = shake(d, net_now() + limit_ns, error);
    if (result == NET_DTLS_DONE)
        *out = d;
    else
        net_dtls_free(d);
    return result;
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
        d->wire.see(d->wire.user, octets, false, at_ns);
    d->datagram = octets;
}

long net_dtls_next(struct net_dtls *d, uint8_t *octets, size_t cap)
{
    if (d->over)
        return -1;
    const int n = SSL_read(d->ssl, octets, cap < DATAGRAM_MAX ? (int)cap : DATAGRAM_MAX);
    if (n > 0)
        return n;
    d->over = SSL_get_error(d->ssl, n) != SSL_ERROR_WANT_READ;
    ERR_clear_error();
    return d->over ? -1 : 0;
}
