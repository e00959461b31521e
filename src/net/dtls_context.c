/* net/dtls_context.c: what sessions begin with: suites, curves, keys, certificates. */
#include "src/net/dtls_internal.h"

#include <stdio.h>
#include <string.h>

#include <openssl/err.h>

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

/* As a server we know one client: whoever names another identity has no key. */
static unsigned find_key(SSL *ssl, const char *identity, unsigned char *key, unsigned key_cap)
{
    struct net_dtls *d = SSL_get_app_data(ssl);
    const struct net_security *s = d->security;
    d->stranger = s->identity == NULL || strcmp(s->identity, identity) != 0;
    if (d->stranger || s->key_length > key_cap)
        return 0;
    memcpy(key, s->key, s->key_length);
    return (unsigned)s->key_length;
}

static bool use_own_certificate(SSL_CTX *context, const struct net_security *s,
                                struct cs_error *error)
{
    const char *key = s->cert_key != NULL ? s->cert_key : s->cert;
    return (SSL_CTX_use_certificate_chain_file(context, s->cert) == 1 &&
            SSL_CTX_use_PrivateKey_file(context, key, SSL_FILETYPE_PEM) == 1) ||
           net_dtls_fail(error, "--cert and --cert-key cannot be used");
}

static bool use_credentials(SSL_CTX *context, const struct net_security *s,
                            enum net_certificate kind, const struct net_authority *own,
                            struct cs_error *error)
{
    if (s->key_length > 0 && own != NULL)
        SSL_CTX_set_psk_server_callback(context, find_key);
    else if (s->key_length > 0)
        SSL_CTX_set_psk_client_callback(context, give_key);
    if (s->ca != NULL) {
        if (SSL_CTX_load_verify_locations(context, s->ca, NULL) != 1)
            return net_dtls_fail(error, "--ca cannot be used");
        SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
    }
    if (kind == NET_CERTIFICATE_OURS && s->cert != NULL)
        return use_own_certificate(context, s, error);
    if (kind == NET_CERTIFICATE_OURS && (own == NULL || s->ca_key == NULL))
        return true;
    return net_dtls_issue(context, s, kind == NET_CERTIFICATE_OURS ? NET_CERTIFICATE_NAMED : kind,
                          own, error);
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

/* All that we have something to show for; `certified`: those with certificates alone. */
static bool offer_suites(SSL_CTX *context, const struct net_security *s, uint16_t only,
                         bool certified, struct cs_error *error)
{
    const bool key = s->key_length > 0 && !certified;
    const bool certificate =
        certified || s->key_length == 0 || s->cert != NULL || s->ca_key != NULL;
    char list[512] = "@SECLEVEL=0";
    for (size_t i = 0; i < sizeof suites / sizeof suites[0]; i++) {
        const bool usable = suites[i].key ? key : certificate;
        if (only != 0 ? suites[i].number == only : usable)
            snprintf(list + strlen(list), sizeof list - strlen(list), ":%s", suites[i].name);
    }
    return SSL_CTX_set_cipher_list(context, list) == 1 ||
           net_dtls_fail(error, "no cipher suite to offer");
}

/* The two macros of OpenSSL take the const off what they only read: they get copies. */
static bool offer_group(SSL_CTX *context, const char *group, struct cs_error *error)
{
    char list[64];
    if (group == NULL)
        return true;
    snprintf(list, sizeof list, "%s", group);
    return SSL_CTX_set1_groups_list(context, list) == 1 || net_dtls_fail(error, "no such curve");
}

SSL_CTX *net_dtls_context(const SSL_METHOD *method, const struct net_security *security,
                          const struct net_handshake *handshake, const struct net_authority *own,
                          struct cs_error *error)
{
    ERR_clear_error();
    SSL_CTX *context = SSL_CTX_new(method);
    bool fine = context != NULL && SSL_CTX_set_min_proto_version(context, DTLS1_2_VERSION) == 1 &&
                SSL_CTX_set_max_proto_version(context, DTLS1_2_VERSION) == 1;
    if (!fine)
        net_dtls_fail(error, "OpenSSL");
    fine = fine &&
           offer_suites(context, security, handshake->suite,
                        handshake->certificate != NET_CERTIFICATE_OURS, error) &&
           (handshake->raw_key
                ? net_dtls_wish_raw_keys(context, error)
                : use_credentials(context, security, handshake->certificate, own, error)) &&
           offer_group(context, handshake->group, error);
    if (!fine) {
        SSL_CTX_free(context);
        return NULL;
    }
    SSL_CTX_set_keylog_callback(context, net_dtls_tell_secret);
    SSL_CTX_set_options(context, SSL_OP_NO_QUERY_MTU | SSL_OP_NO_TICKET);
    return context;
}
