/* RFC 7252 sections 9.1.3.2 and 9.1.3.3: keys and certificates that a handshake shows. */
#include "rules/sessions.h"

static bool is_raw(const struct cs_view *view)
{
    return view->known.session->certificate_type[view->side] == CS_CERTIFICATE_RAW_KEY;
}

/* Is the sender's own key one for ECDSA? */
static struct cs_verdict key_is_for_ecdsa(const struct cs_view *view)
{
    const struct cs_certificate *own = &view->dtls->certificates[0];
    const uint32_t octet = cs_dtls_octet(view->dtls, own->key_at);
    if (!own->readable || own->key == CS_KEY_OTHER)
        return cs_undecided("the key is of a kind that this build does not know");
    if (own->key == CS_KEY_EDDSA)
        return cs_undecided("RFC 8422 lets suites for ECDSA be used with EdDSA");
    if (own->key != CS_KEY_EC)
        return cs_broken(view, octet, "the key is %s", cs_key_text(own->key));
    if (own->has_usage && !own->signs)
        return cs_broken(view, cs_dtls_octet(view->dtls, own->usage_at),
                         "the key usage of the certificate does not include digitalSignature");
    return cs_held();
}

static struct cs_verdict raw_key_is_for_ecdsa(const struct cs_view *view)
{
    return is_raw(view) ? cs_of_mandatory_suite(view->known.session, key_is_for_ecdsa(view))
                        : cs_silent();
}

#define RAW                                                                                        \
    "> dtls: client-hello suites=c0ae server-types=02 client-types=02 groups=0017 points=00\n"     \
    "< dtls: server-hello suites=c0ae server-types=02 client-types=02\n"

const struct cs_rule cs_rfc7252_raw_key_is_for_ecdsa = {
    .id = "rfc7252/9.1.3.2/raw-key-is-for-ecdsa",
    .spec = "RFC 7252",
    .section = "9.1.3.2",
    .level = CS_MUST,
    .says = "A raw public key can be used with ECDSA.",
    .cause = "The device was provisioned with a key of another type.",
    .covers = CS_STRINGS("RFC7252-9.1.3.2-3"),
    .of = CS_OF_DTLS,
    .on = CS_D_CERTIFICATE,
    .check = raw_key_is_for_ecdsa,
    .holds = CS_STRINGS(RAW "< dtls: raw-key key=p256", RAW "> dtls: raw-key key=p384"),
    .breaks = CS_STRINGS(RAW "< dtls: raw-key key=rsa", RAW "> dtls: raw-key key=ecdh"),
    .open = CS_STRINGS(RAW "< dtls: raw-key key=ed25519"),
};

static struct cs_verdict certificate_key_is_for_ecdsa(const struct cs_view *view)
{
    return is_raw(view) ? cs_silent()
                        : cs_of_mandatory_suite(view->known.session, key_is_for_ecdsa(view));
}

#define X509                                                                                       \
    "> dtls: client-hello suites=c0ae groups=0017 points=00\n< dtls: server-hello suites=c0ae\n"

const struct cs_rule cs_rfc7252_certificate_key_is_for_ecdsa = {
    .id = "rfc7252/9.1.3.3/certificate-key-is-for-ecdsa",
    .spec = "RFC 7252",
    .section = "9.1.3.3",
    .level = CS_MUST,
    .says = "The key of a certificate can be used with ECDSA; a key usage extension, if present, "
            "includes digitalSignature.",
    .cause = "The certificate was made from a template for another purpose.",
    .covers = CS_STRINGS("RFC7252-9.1.3.3-3"),
    .of = CS_OF_DTLS,
    .on = CS_D_CERTIFICATE,
    .check = certificate_key_is_for_ecdsa,
    .holds = CS_STRINGS(X509 "< dtls: certificate cert=p256:sha256",
                        X509 "< dtls: certificate cert=p256:sha256:signs"),
    .breaks = CS_STRINGS(X509 "< dtls: certificate cert=p256:sha256:agrees",
                         X509 "< dtls: certificate cert=ecdh:sha256"),
    .open = CS_STRINGS(X509 "< dtls: certificate cert=ed25519:sha256",
                       "< dtls: certificate cert=ecdh:sha256"),
    .also = CS_STRINGS("rfc7252/9.1.3.3/certificate-key-is-secp256r1"),
};

static struct cs_verdict key_is_secp256r1(const struct cs_view *view)
{
    const struct cs_certificate *own = &view->dtls->certificates[0];
    if (!own->readable || own->key == CS_KEY_OTHER || own->key == CS_KEY_EDDSA)
        return cs_undecided("the key is of a kind that later documents allow");
    const uint32_t octet = cs_dtls_octet(view->dtls, own->key_at);
    if (own->key != CS_KEY_EC || own->curve != CS_CURVE_SECP256R1)
        return cs_broken(view, octet, "the key is %s, not of the named curve secp256r1",
                         cs_key_text(own->key));
    if (own->compressed)
        return cs_broken(view, octet, "the point of the public key is not uncompressed");
    return cs_held();
}

static struct cs_verdict certificate_key_is_secp256r1(const struct cs_view *view)
{
    return is_raw(view) ? cs_silent()
                        : cs_of_mandatory_suite(view->known.session, key_is_secp256r1(view));
}

const struct cs_rule cs_rfc7252_certificate_key_is_secp256r1 = {
    .id = "rfc7252/9.1.3.3/certificate-key-is-secp256r1",
    .spec = "RFC 7252",
    .section = "9.1.3.3",
    .level = CS_SPEC,
    .says =
        "With TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8 a certificate holds an uncompressed key of the "
        "curve secp256r1.",
    .cause = "The certificate was made on another curve.",
    .covers = CS_STRINGS("RFC7252-9.1.3.3-2"),
    .of = CS_OF_DTLS,
    .on = CS_D_CERTIFICATE,
    .check = certificate_key_is_secp256r1,
    .holds = CS_STRINGS(X509 "< dtls: certificate cert=p256:sha256"),
    .breaks = CS_STRINGS(X509 "< dtls: certificate cert=p384:sha256",
                         X509 "< dtls: certificate cert=p256-packed:sha256"),
    .open = CS_STRINGS("> dtls: client-hello suites=c0ae,c02c groups=0017 points=00\n"
                       "< dtls: server-hello suites=c02c\n"
                       "< dtls: certificate cert=p384:sha384"),
};

/* A root at the end of the chain is trusted for itself, and its signature says nothing (RFC 5246 section 7.4.2). */
static struct cs_verdict chain_is_signed(const struct cs_view *view)
{
    const struct cs_certificate *list = view->dtls->certificates;
    const size_t count = view->dtls->certificate_count;
    const char *doubt = NULL;
    for (size_t i = 0; i < count && doubt == NULL; i++) {
        const struct cs_certificate *c = &list[i], *issuer = i + 1 < count ? c + 1 : NULL;
        if (i > 0 && c->self_issued)
            continue;
        if (!c->readable || c->signature == CS_SIGNATURE_OTHER)
            doubt = "the signature is of a kind that this build does not know";
        else if (c->signature == CS_SIGNATURE_EDDSA)
            doubt = "RFC 8422 lets suites for ECDSA be used with EdDSA";
        else if (c->signature != CS_SIGNATURE_ECDSA_SHA256)
            return cs_broken(view, cs_dtls_octet(view->dtls, c->signature_at),
                             "certificate %zu of %zu is signed with %s", i + 1, count,
                             cs_signature_text(c->signature));
        else if (issuer != NULL && issuer->readable && issuer->key == CS_KEY_EC &&
                 issuer->curve != CS_CURVE_SECP256R1)
            return cs_broken(view, cs_dtls_octet(view->dtls, issuer->key_at),
                             "certificate %zu of %zu is signed with a key of another curve", i + 1,
                             count);
    }
    return doubt != NULL ? cs_undecided(doubt) : cs_held();
}

static struct cs_verdict certificates_are_signed(const struct cs_view *view)
{
    return is_raw(view) ? cs_silent()
                        : cs_of_mandatory_suite(view->known.session, chain_is_signed(view));
}

const struct cs_rule cs_rfc7252_certificates_are_signed = {
    .id = "rfc7252/9.1.3.3/certificates-are-signed-with-secp256r1-and-sha256",
    .spec = "RFC 7252",
    .section = "9.1.3.3",
    .level = CS_MUST,
    .says = "Certificates are signed with ECDSA, secp256r1 and SHA-256.",
    .cause = "The authority that issued the certificate has a key of another type.",
    .covers = CS_STRINGS("RFC7252-9.1.3.3-2"),
    .of = CS_OF_DTLS,
    .on = CS_D_CERTIFICATE,
    .check = certificates_are_signed,
    .holds = CS_STRINGS(X509 "< dtls: certificate cert=p256:sha256 cert=p256:sha256",
                        X509 "< dtls: certificate cert=p256:sha256 cert=p256:rsa:root"),
    .breaks = CS_STRINGS(X509 "< dtls: certificate cert=p256:rsa",
                         X509 "< dtls: certificate cert=p256:sha256 cert=p256:sha384",
                         X509 "< dtls: certificate cert=p256:sha256 cert=p384:sha256"),
    .open = CS_STRINGS(X509 "< dtls: certificate cert=p256:ed25519",
                       "> dtls: client-hello suites=c0ae,c02f groups=0017 points=00\n"
                       "< dtls: server-hello suites=c02f\n< dtls: certificate cert=rsa:rsa"),
};
