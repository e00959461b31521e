/* net/dtls_raw_key.c: what a device answers to a hello that wants raw public keys (RFC 7250).
 *
 * OpenSSL has them from 3.2 on. Before, its hello can carry the wish, and the device's flight is read here: it shows suite, key
 * and curve, and where OpenSSL cannot go on from there, nothing is lost that section 9.1.3.2 asks for. */
#include "src/net/dtls_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "src/net/clock.h"
#include "wire/certificate.h"
#include "wire/dtls.h"

enum { SERVER_KEY_EXCHANGE = 12, SERVER_HELLO_DONE = 14, NAMED_CURVE = 3 };
enum { PART_MAX = 4096, KEPT_MAX = 32768 };

/* A handshake message, as far as its fragments have come. */
struct part {
    uint8_t type;
    bool whole;
    uint32_t have;
    uint8_t octets[PART_MAX];
};

struct net_dtls_flight {
    struct part hello, certificate, exchange, done;
    bool over;                 /* it has all come, or something came that ends it */
    uint8_t kept[KEPT_MAX];    /* its datagrams, each behind its length, for OpenSSL */
    size_t kept_length, given; /* given: taken by OpenSSL */
};

/* ------------------------------------------------------------------ the wish */

#if OPENSSL_VERSION_NUMBER < 0x30200000L
/* NOLINTBEGIN(readability-non-const-parameter): OpenSSL says which types they have */
static int wish(SSL *ssl, unsigned type, unsigned context, const unsigned char **out,
                size_t *length, X509 *x, size_t chain, int *alert, void *arg)
{
    static const unsigned char raw_keys_alone[] = {1, CS_CERTIFICATE_RAW_KEY};
    (void)ssl, (void)type, (void)context, (void)x, (void)chain, (void)alert, (void)arg;
    *out = raw_keys_alone;
    *length = sizeof raw_keys_alone;
    return 1;
}

static int answered(SSL *ssl, unsigned type, unsigned context, const unsigned char *in,
                    size_t length, X509 *x, size_t chain, int *alert, void *arg)
{
    (void)ssl, (void)type, (void)context, (void)in, (void)length, (void)x, (void)chain;
    (void)alert, (void)arg;
    return 1; /* it is read from the flight */
}
/* NOLINTEND(readability-non-const-parameter) */

static bool wish_for_raw_keys(SSL_CTX *context)
{
    enum { CLIENT_CERTIFICATE_TYPE = 19, SERVER_CERTIFICATE_TYPE = 20 };
    const unsigned where = SSL_EXT_CLIENT_HELLO | SSL_EXT_TLS1_2_SERVER_HELLO;
    return SSL_CTX_add_custom_ext(context, CLIENT_CERTIFICATE_TYPE, where, wish, NULL, NULL,
                                  answered, NULL) == 1 &&
           SSL_CTX_add_custom_ext(context, SERVER_CERTIFICATE_TYPE, where, wish, NULL, NULL,
                                  answered, NULL) == 1;
}
#else
static bool wish_for_raw_keys(SSL_CTX *context)
{
    static const unsigned char raw_keys_alone[] = {TLSEXT_cert_type_rpk};
    EVP_PKEY *own = EVP_EC_gen("P-256");
    const bool fine =
        own != NULL && SSL_CTX_use_PrivateKey(context, own) == 1 &&
        SSL_CTX_set1_client_cert_type(context, raw_keys_alone, sizeof raw_keys_alone) == 1 &&
        SSL_CTX_set1_server_cert_type(context, raw_keys_alone, sizeof raw_keys_alone) == 1;
    EVP_PKEY_free(own);
    return fine;
}
#endif

bool net_dtls_wish_raw_keys(SSL_CTX *context, struct cs_error *error)
{
    /* whose key it is, is nothing that we could know */
    SSL_CTX_set_verify(context, SSL_VERIFY_NONE, NULL);
    return wish_for_raw_keys(context) || net_dtls_fail(error, "raw public keys cannot be offered");
}

/* ------------------------------------------------------------------ the flight */

static struct part *part_of(struct net_dtls_flight *f, uint8_t type)
{
    switch (type) {
    case CS_SERVER_HELLO:
        return &f->hello;
    case CS_HANDSHAKE_CERTIFICATE:
        return &f->certificate;
    case SERVER_KEY_EXCHANGE:
        return &f->exchange;
    case SERVER_HELLO_DONE:
        return &f->done;
    default:
        return NULL;
    }
}

/* Fragments come in order, or come again. */
static void add(struct net_dtls_flight *f, const struct cs_handshake *h)
{
    struct part *p = part_of(f, h->type);
    if (p == NULL || p->whole || h->offset != p->have || h->length > PART_MAX ||
        h->fragment.len > PART_MAX - p->have)
        return;
    if (h->fragment.len > 0)
        memcpy(p->octets + p->have, h->fragment.at, h->fragment.len);
    p->have += (uint32_t)h->fragment.len;
    p->whole = p->have == h->length;
}

static void keep(struct net_dtls_flight *f, struct cs_slice datagram)
{
    const uint32_t length = (uint32_t)datagram.len;
    if (f->kept_length + sizeof length + length > KEPT_MAX)
        return;
    memcpy(f->kept + f->kept_length, &length, sizeof length);
    memcpy(f->kept + f->kept_length + sizeof length, datagram.at, length);
    f->kept_length += sizeof length + length;
}

/* Takes a datagram. True when it belongs to the flight, and OpenSSL has to wait for it. */
static bool watch(struct net_dtls_flight *f, struct cs_slice datagram)
{
    struct cs_record_walk walk = {.octets = datagram};
    struct cs_record r;
    struct cs_handshake h;
    bool begun = f->hello.have > 0;
    while (cs_record_next(&walk, &r)) {
        f->over = f->over || (begun && r.type == CS_RECORD_ALERT);
        for (uint32_t at = 0;
             r.type == CS_RECORD_HANDSHAKE && !r.encrypted && cs_handshake_next(r.body, &at, &h);) {
            add(f, &h);
            begun = begun || f->hello.have > 0;
        }
    }
    f->over = f->over || (f->hello.whole && f->done.whole);
    if (begun)
        keep(f, datagram);
    return begun;
}

bool net_dtls_flight_takes(struct net_dtls *d)
{
    if (d->flight == NULL || d->datagram.len == 0 || !watch(d->flight, d->datagram))
        return false;
    d->datagram.len = 0;
    return true;
}

bool net_dtls_flight_gives(struct net_dtls *d)
{
    struct net_dtls_flight *f = d->flight;
    uint32_t length;
    if (f == NULL || !f->over || f->given == f->kept_length)
        return false;
    memcpy(&length, f->kept + f->given, sizeof length);
    d->datagram = (struct cs_slice){f->kept + f->given + sizeof length, length};
    f->given += sizeof length + length;
    return true;
}

bool net_dtls_flight_begin(struct net_dtls *d, struct cs_error *error)
{
    d->flight = calloc(1, sizeof *d->flight);
    if (d->flight == NULL)
        snprintf(error->text, sizeof error->text, "out of memory");
    return d->flight != NULL;
}

/* ------------------------------------------------------------------ what it shows */

static enum net_session_result say(struct cs_error *error, enum net_session_result result,
                                   const char *text)
{
    snprintf(error->text, sizeof error->text, "%s", text);
    return result;
}

static struct cs_slice body(const struct part *p) { return (struct cs_slice){p->octets, p->have}; }

/* Of secp256r1: the raw public key, and the key that is agreed upon (RFC 8422 section 5.4). */
static enum net_session_result shows_secp256r1(const struct net_dtls_flight *f,
                                               const struct cs_certificate *key,
                                               struct cs_error *error)
{
    const uint8_t *exchange = f->exchange.octets;
    if (key->key != CS_KEY_EC || key->curve != CS_CURVE_SECP256R1)
        return say(error, NET_SESSION_OTHER, "the device's raw public key is not on secp256r1");
    if (!f->exchange.whole || f->exchange.have < 3 || exchange[0] != NAMED_CURVE ||
        (exchange[1] << 8 | exchange[2]) != CS_GROUP_SECP256R1)
        return say(error, NET_SESSION_OTHER, "the device's key exchange is not on secp256r1");
    return NET_SESSION_SHOWN;
}

enum net_session_result net_dtls_flight_shows(const struct net_dtls *d, bool secp256r1,
                                              struct cs_error *error)
{
    const struct net_dtls_flight *f = d->flight;
    struct cs_hello hello;
    struct cs_certificate keys[CS_CERTIFICATES_MAX];
    char name[8];
    if (!f->hello.whole || !f->done.whole || !cs_hello_decode(body(&f->hello), true, &hello))
        return NET_SESSION_FAILED;
    if (!cs_hello_offers(&hello, CS_SUITE_ECDSA_CCM_8)) {
        const uint16_t chosen =
            hello.suites.len >= 2 ? (uint16_t)(hello.suites.at[0] << 8 | hello.suites.at[1]) : 0;
        snprintf(error->text, sizeof error->text, "the device chooses %s, which was not offered",
                 cs_suite_text(chosen, name, sizeof name));
        return NET_SESSION_OTHER;
    }
    if (cs_extension_number(&hello.extension[CS_EXT_SERVER_TYPE], 1) != CS_CERTIFICATE_RAW_KEY)
        return say(error, NET_SESSION_UNDECIDED,
                   "the device answers with a certificate of X.509: nothing is seen of its "
                   "RawPublicKey mode");
    if (!f->certificate.whole || cs_certificates_decode(body(&f->certificate), true, keys) == 0 ||
        !keys[0].readable)
        return say(error, NET_SESSION_UNDECIDED, "the device's raw public key cannot be read");
    return secp256r1 ? shows_secp256r1(f, &keys[0], error) : NET_SESSION_SHOWN;
}

/* RFC 7250 section 4.2: no kind of certificate in common. OpenSSL says it by the other alert. */
bool net_dtls_flight_refuses_kind(const struct net_dtls *d, struct cs_error *error)
{
    if (d->alert != SSL_AD_UNSUPPORTED_CERTIFICATE && d->alert != SSL_AD_UNSUPPORTED_EXTENSION)
        return false;
    snprintf(error->text, sizeof error->text,
             "the device refuses raw public keys themselves (%s): nothing is seen of suite and "
             "curve",
             SSL_alert_desc_string_long(d->alert));
    return true;
}
