/* net/dtls_certificate.c: certificates that are made when they are needed, right ones and wrong ones. */
#include "src/net/dtls_internal.h"

#include <stdio.h>
#include <string.h>

#include <openssl/rand.h>
#include <openssl/x509v3.h>

/* A name that nobody has (RFC 2606). */
#define ELSEWHERE "elsewhere.invalid"

/* What goes into a certificate. */
struct content {
    char name[160];  /* the Common Name */
    char other[512]; /* SubjectAltName, as OpenSSL's configuration writes it; "": none */
    bool expired;
    bool signs_itself;
};

static bool is_address(const char *host)
{
    return strchr(host, ':') != NULL || strspn(host, "0123456789.") == strlen(host);
}

/* Every name by which a client may look for us. */
static void name_all(const struct net_authority *own, struct content *out)
{
    char host[128];
    const bool six = strchr(own->host, ':') != NULL;
    snprintf(host, sizeof host, "%.*s", (int)strcspn(own->host, "%"), own->host); /* no zone */
    const char *open = six ? "[" : "", *close = six ? "]" : "";
    snprintf(out->other, sizeof out->other, "URI:coaps://%s%s%s:%u,URI:coaps://%s%s%s,%s:%s", open,
             host, close, own->port, open, host, close, is_address(host) ? "IP" : "DNS", host);
}

/* The first label, or the first octet, becomes a star. */
static void name_pattern(const char *host, struct content *out)
{
    const char *dot = strchr(host, '.');
    snprintf(out->name, sizeof out->name, "*%.128s", dot != NULL ? dot : "");
}

static struct content content_of(enum net_certificate kind, const struct net_authority *own)
{
    struct content c = {.expired = kind == NET_CERTIFICATE_EXPIRED,
                        .signs_itself = kind == NET_CERTIFICATE_UNTRUSTED};
    snprintf(c.name, sizeof c.name, "%.128s", own != NULL ? own->host : "coapspec");
    if (own == NULL)
        return c;
    switch (kind) {
    case NET_CERTIFICATE_OTHER_URI:
        snprintf(c.name, sizeof c.name, ELSEWHERE);
        /* fall through */
    case NET_CERTIFICATE_OTHER_URI_OWN_CN:
        snprintf(c.other, sizeof c.other, "URI:coaps://" ELSEWHERE);
        break;
    case NET_CERTIFICATE_OTHER_CN:
        snprintf(c.name, sizeof c.name, ELSEWHERE);
        break;
    case NET_CERTIFICATE_WILDCARD_CN:
        name_pattern(own->host, &c);
        break;
    default:
        name_all(own, &c);
    }
    return c;
}

static bool add_extension(X509 *certificate, int kind, const char *value)
{
    X509V3_CTX context;
    if (value[0] == '\0')
        return true;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, NULL, certificate, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, kind, value);
    const bool fine = extension != NULL && X509_add_ext(certificate, extension, -1) == 1;
    X509_EXTENSION_free(extension);
    return fine;
}

/* No two of one issuer have the same. */
static bool set_serial(X509 *certificate)
{
    uint64_t serial = 0;
    return RAND_bytes((unsigned char *)&serial, sizeof serial) == 1 &&
           ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), serial >> 1 | 1) == 1;
}

static bool fill(X509 *certificate, const struct content *content, EVP_PKEY *own)
{
    enum { DAY = 86400 };
    X509_NAME *name = X509_get_subject_name(certificate);
    return X509_set_version(certificate, 2) == 1 && set_serial(certificate) &&
           X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                                      (const unsigned char *)content->name, -1, -1, 0) == 1 &&
           X509_gmtime_adj(X509_getm_notBefore(certificate), -30 * DAY) != NULL &&
           X509_gmtime_adj(X509_getm_notAfter(certificate), content->expired ? -DAY : DAY) !=
               NULL &&
           X509_set_pubkey(certificate, own) == 1 &&
           add_extension(certificate, NID_basic_constraints, "CA:FALSE") &&
           add_extension(certificate, NID_subject_alt_name, content->other);
}

/* Signs it with the key of the authority, or with its own. */
static bool sign(X509 *certificate, const struct net_security *s, bool itself, EVP_PKEY *own)
{
    if (itself)
        return X509_set_issuer_name(certificate, X509_get_subject_name(certificate)) == 1 &&
               X509_sign(certificate, own, EVP_sha256()) > 0;
    BIO *ca_file = s->ca != NULL ? BIO_new_file(s->ca, "r") : NULL;
    BIO *key_file = s->ca_key != NULL ? BIO_new_file(s->ca_key, "r") : NULL;
    X509 *ca = ca_file != NULL ? PEM_read_bio_X509(ca_file, NULL, NULL, NULL) : NULL;
    EVP_PKEY *key = key_file != NULL ? PEM_read_bio_PrivateKey(key_file, NULL, NULL, NULL) : NULL;
    const bool fine = ca != NULL && key != NULL &&
                      X509_set_issuer_name(certificate, X509_get_subject_name(ca)) == 1 &&
                      X509_sign(certificate, key, EVP_sha256()) > 0;
    BIO_free(ca_file);
    BIO_free(key_file);
    X509_free(ca);
    EVP_PKEY_free(key);
    return fine;
}

bool net_dtls_issue(SSL_CTX *context, const struct net_security *security,
                    enum net_certificate kind, const struct net_authority *own,
                    struct cs_error *error)
{
    const struct content content = content_of(kind, own);
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *certificate = X509_new();
    const bool fine = key != NULL && certificate != NULL && fill(certificate, &content, key) &&
                      sign(certificate, security, content.signs_itself, key) &&
                      SSL_CTX_use_certificate(context, certificate) == 1 &&
                      SSL_CTX_use_PrivateKey(context, key) == 1;
    X509_free(certificate);
    EVP_PKEY_free(key);
    return fine || net_dtls_fail(error, "no certificate could be made");
}
