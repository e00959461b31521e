/* src/device/common/secure.c: what the device has to show in DTLS, and whom it trusts. */
#include "src/device/common/secure.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The identity that the client says it has must be the one that we know. */
static const coap_bin_const_t *key_of(coap_bin_const_t *identity, coap_session_t *session,
                                      void *arg)
{
    (void)session;
    static coap_bin_const_t key;
    const struct device_options *options = arg;
    if (identity->length != strlen(options->identity) ||
        memcmp(identity->s, options->identity, identity->length) != 0)
        return NULL;
    key = (coap_bin_const_t){strlen(options->key), (const uint8_t *)options->key};
    return &key;
}

static bool use_key(coap_context_t *coap, const struct device_options *options)
{
    coap_dtls_spsk_t setup = {.version = COAP_DTLS_SPSK_SETUP_VERSION,
                              .validate_id_call_back = key_of,
                              .id_call_back_arg = (void *)(uintptr_t)options};
    setup.psk_info.key = (coap_bin_const_t){strlen(options->key), (const uint8_t *)options->key};
    setup.psk_info.hint = (coap_bin_const_t){8, (const uint8_t *)"coapspec"};
    return coap_context_set_psk2(coap, &setup) == 1;
}

static coap_dtls_pki_t certificates(const struct device_options *options, const bool *faults)
{
    const bool any = faults[DEVICE_DTLS_TAKES_ANY_CERTIFICATE];
    coap_dtls_pki_t setup = {.version = COAP_DTLS_PKI_SETUP_VERSION,
                             .verify_peer_cert = !any,
                             .check_common_ca = !any,
                             .allow_expired_certs = any || faults[DEVICE_DTLS_TAKES_EXPIRED],
                             .allow_self_signed = any,
                             .cert_chain_validation = 1,
                             .cert_chain_verify_depth = 3,
                             .allow_no_crl = 1};
    setup.pki_key.key_type = COAP_PKI_KEY_PEM;
    setup.pki_key.key.pem = (coap_pki_key_pem_t){
        .ca_file = options->ca,
        .public_cert = options->cert,
        .private_key = options->cert_key != NULL ? options->cert_key : options->cert};
    return setup;
}

static bool use_certificate(coap_context_t *coap, const struct device_options *options,
                            const bool *faults)
{
    const coap_dtls_pki_t setup = certificates(options, faults);
    return coap_context_set_pki(coap, &setup) == 1;
}

/* ------------------------------------------------------------------ as a client */

/* At depth 0 it is the server's own, above it are those of who signed. */
static int check_name(const char *name, const uint8_t *certificate, size_t length,
                      coap_session_t *session, unsigned depth, int validated, void *arg)
{
    (void)name, (void)session, (void)validated;
    return depth > 0 || device_is_named(arg, certificate, length);
}

/* RFC 6066 section 3: an address is no host name. */
static char *server_name(struct device_authority *own)
{
    const char *host = own->host;
    return strchr(host, ':') != NULL || strspn(host, "0123456789.") == strlen(host) ? NULL
                                                                                    : own->host;
}

/* Without `own` no name of the server is sent. */
static coap_session_t *reach_by_key(coap_context_t *context, const struct device_options *options,
                                    struct device_authority *own, const coap_address_t *local,
                                    const coap_address_t *address)
{
    coap_dtls_cpsk_t setup = {.version = COAP_DTLS_CPSK_SETUP_VERSION,
                              .client_sni = own != NULL ? server_name(own) : NULL};
    setup.psk_info.identity =
        (coap_bin_const_t){strlen(options->identity), (const uint8_t *)options->identity};
    setup.psk_info.key = (coap_bin_const_t){strlen(options->key), (const uint8_t *)options->key};
    return coap_new_client_session_psk2(context, local, address, COAP_PROTO_DTLS, &setup);
}

coap_session_t *device_reach_secure(coap_context_t *context, const struct device_options *options,
                                    struct device_authority *own, const coap_address_t *local,
                                    const coap_address_t *address)
{
    if (options->ca != NULL) {
        coap_dtls_pki_t setup = certificates(options, own->faults);
        setup.client_sni = server_name(own);
        setup.validate_cn_call_back = check_name;
        setup.cn_call_back_arg = own;
        return coap_new_client_session_pki(context, local, address, COAP_PROTO_DTLS, &setup);
    }
    if (options->key == NULL) {
        fprintf(stderr, "coapspec-device: coaps takes --psk-identity and --psk-key, or --ca\n");
        return NULL;
    }
    return reach_by_key(context, options, own, local, address);
}

coap_session_t *device_secure_session(coap_context_t *coap, const struct device_options *options,
                                      const bool *faults, const coap_address_t *to)
{
    if (options->key != NULL)
        return reach_by_key(coap, options, NULL, NULL, to);
    if (options->cert == NULL)
        return NULL;
    coap_dtls_pki_t setup = certificates(options, faults);
    return coap_new_client_session_pki(coap, NULL, to, COAP_PROTO_DTLS, &setup);
}

/* ------------------------------------------------------------------ the library */

/* libcoap does not let its user choose suites and curves. OpenSSL reads them from its configuration, when it is first
 * used. From 3.2 on it counts CCM_8 as weak and leaves it out above security level 0, but RFC 7252 section 9.1.3 wants
 * it; level 3, a fault, wants forward secrecy. A client may begin a new epoch. */
bool device_configure_library(const struct device_options *options)
{
    if (options->key == NULL && options->cert == NULL && options->ca == NULL)
        return true;
    bool faults[DEVICE_FAULTS] = {false};
    char path[] = "/tmp/coapspec-device-XXXXXX";
    device_switch_faults(options, faults);
    const int fd = mkstemp(path);
    FILE *out = fd >= 0 ? fdopen(fd, "w") : NULL;
    if (out == NULL || setenv("OPENSSL_CONF", path, 1) != 0)
        return false;
    fprintf(out,
            "openssl_conf = all\n[all]\nssl_conf = tls\n[tls]\nsystem_default = ours\n[ours]\n"
            "Options = ClientRenegotiation\nCipherString = DEFAULT@SECLEVEL=%d\n%s",
            faults[DEVICE_DTLS_FORWARD_SECRECY_ONLY] ? 3 : 0,
            faults[DEVICE_DTLS_NO_SECP256R1] ? "Groups = P-384\n" : "");
    const bool fine = fclose(out) == 0;
    coap_startup();
    coap_context_t *first = coap_new_context(NULL); /* now it is read */
    const coap_bin_const_t none = {1, (const uint8_t *)"x"};
    coap_dtls_spsk_t setup = {.version = COAP_DTLS_SPSK_SETUP_VERSION};
    setup.psk_info.key = setup.psk_info.hint = none;
    if (first != NULL)
        coap_context_set_psk2(first, &setup);
    coap_free_context(first);
    unlink(path);
    return fine;
}

bool device_secure(coap_context_t *coap, const struct device_options *options, const bool *faults)
{
    if (!coap_dtls_is_supported()) {
        fprintf(stderr, "coapspec-device: this libcoap has no DTLS\n");
        return false;
    }
    if (options->key == NULL && options->cert == NULL) {
        fprintf(stderr,
                "coapspec-device: coaps takes --psk-identity and --psk-key, or --cert and --ca\n");
        return false;
    }
    if ((options->key == NULL || use_key(coap, options)) &&
        (options->cert == NULL || use_certificate(coap, options, faults)))
        return true;
    fprintf(stderr, "coapspec-device: the key or the certificate cannot be used\n");
    return false;
}
