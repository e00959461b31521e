/* coapspec/dtls.h: what DTLS shows in the clear: hellos, certificates, the headers of records.
 *
 * DTLS 1.0 and 1.2 (RFC 4347, 6347) are read; DTLS 1.3 (RFC 9147) and records with a connection id (RFC 9146) are recognised.
 * Slices borrow, as everywhere. Offsets are in the body of the handshake message. */
#ifndef COAPSPEC_DTLS_H
#define COAPSPEC_DTLS_H

#include "coapspec/dissect.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { /* versions as they are on the wire */
       CS_DTLS_1_0 = 0xfeff,
       CS_DTLS_1_2 = 0xfefd,
       CS_DTLS_1_3 = 0xfefc
};

/* ------------------------------------------------------------------ cipher suites */

struct cs_suite_def {
    uint16_t number;
    bool ecdsa; /* its certificates hold keys for ECDSA: ECDHE_ECDSA */
    const char *name;
};
/* Those that CoAP devices offer; NULL for any other. */
const struct cs_suite_def *cs_suite_def(uint16_t number);
/* Its name, or "0x1234" written into `buf`, of which 8 octets are enough. */
const char *cs_suite_text(uint16_t number, char *buf, size_t cap);

enum { CS_SUITE_PSK_CCM_8 = 0xc0a8, CS_SUITE_ECDSA_CCM_8 = 0xc0ae };
enum { CS_GROUP_SECP256R1 = 23, CS_POINT_UNCOMPRESSED = 0 };
enum { CS_CERTIFICATE_X509 = 0, CS_CERTIFICATE_RAW_KEY = 2 }; /* RFC 7250 */

/* ------------------------------------------------------------------ ClientHello and ServerHello */

enum cs_extension_kind {
    CS_EXT_SERVER_NAME,   /* 0, RFC 6066 section 3 */
    CS_EXT_GROUPS,        /* 10, RFC 8422 section 5.1.1: elliptic_curves, supported_groups */
    CS_EXT_POINT_FORMATS, /* 11, RFC 8422 section 5.1.2 */
    CS_EXT_CLIENT_TYPE,   /* 19, RFC 7250 section 3: client_certificate_type */
    CS_EXT_SERVER_TYPE,   /* 20 */
    CS_EXT_MAC_LAST,      /* 22, RFC 7366: encrypt_then_mac */
    CS_EXT_VERSIONS,      /* 43, RFC 8446 section 4.2.1 */
    CS_EXT_CONNECTION_ID, /* 54, RFC 9146 section 3 */
    CS_EXT_COUNT
};

struct cs_extension {
    struct cs_slice value;
    uint32_t at; /* of its type; 0 when it is absent */
};

struct cs_hello {
    bool server; /* a ServerHello */
    uint16_t version;
    struct cs_slice random, session_id, cookie;
    struct cs_slice suites; /* two octets each; of a server the one that it chose */
    uint32_t suites_at;
    struct cs_extension extension[CS_EXT_COUNT];
};

static inline bool cs_hello_has(const struct cs_hello *hello, enum cs_extension_kind kind)
{
    return hello->extension[kind].at != 0;
}
bool cs_hello_offers(const struct cs_hello *hello, uint16_t suite);
/* Is this one in a list of numbers of `width` octets (1 or 2), behind a length of the same width? The form of point formats,
 * certificate types (1) and groups (2). */
bool cs_extension_lists(const struct cs_extension *extension, unsigned width, uint16_t number);

/* ------------------------------------------------------------------ certificates */

enum cs_key_kind {
    CS_KEY_OTHER,
    CS_KEY_EC,       /* id-ecPublicKey, RFC 5480 section 2.1.1: for ECDSA */
    CS_KEY_EC_AGREE, /* id-ecDH, id-ecMQV: not for ECDSA */
    CS_KEY_RSA,      /* rsaEncryption, RSASSA-PSS */
    CS_KEY_EDDSA     /* Ed25519, Ed448, RFC 8410 */
};
enum cs_curve_kind { CS_CURVE_OTHER, CS_CURVE_SECP256R1 };
enum cs_signature_kind {
    CS_SIGNATURE_OTHER,
    CS_SIGNATURE_ECDSA_SHA256,
    CS_SIGNATURE_ECDSA, /* with another hash */
    CS_SIGNATURE_RSA,
    CS_SIGNATURE_EDDSA
};

enum { CS_CERTIFICATES_MAX = 8 }; /* of one side that are looked at */

/* A certificate of RFC 5280, or a raw public key of RFC 7250 (which has a key alone). */
struct cs_certificate {
    bool readable; /* the rest is set */
    bool raw_key;
    uint8_t key, curve, signature; /* enum cs_key_kind, cs_curve_kind, cs_signature_kind */
    bool compressed;               /* the point is not in uncompressed form */
    bool self_issued;              /* issuer and subject are the same */
    bool has_usage, signs;         /* there is a key usage; digitalSignature is in it */
    uint32_t at, key_at, signature_at, usage_at;
};
const char *cs_key_text(enum cs_key_kind kind); /* "RSA" */
const char *
cs_signature_text(enum cs_signature_kind kind); /* "ECDSA with another hash than SHA-256" */

/* ------------------------------------------------------------------ what a datagram shows */

/* One thing that a datagram of DTLS shows; its trait says which. */
struct cs_dtls {
    uint32_t
        at; /* where the body of handshake message or record begins in the datagram, or CS_NO_OCTET */
    const struct cs_hello *hello;              /* CS_D_HELLO */
    const struct cs_certificate *certificates; /* CS_D_CERTIFICATE: the sender's own first */
    size_t certificate_count;
    uint8_t type;            /* CS_D_RECORD: its content type */
    uint16_t epoch;          /* … */
    struct cs_slice content; /* … in the clear; empty when it is encrypted */
    struct cs_slice
        message; /* … what application data held that was decrypted; empty: it was not */
};
/* An offset in the body as one in the datagram, for cs_broken(). */
static inline uint32_t cs_dtls_octet(const struct cs_dtls *dtls, uint32_t at)
{
    return dtls->at == CS_NO_OCTET ? CS_NO_OCTET : dtls->at + at;
}

enum { /* content types of records */
       CS_RECORD_CHANGE_CIPHER_SPEC = 20,
       CS_RECORD_ALERT = 21,
       CS_RECORD_HANDSHAKE = 22,
       CS_RECORD_APPLICATION_DATA = 23,
       CS_RECORD_CONNECTION_ID = 25,
       CS_RECORD_UNIFIED =
           32 /* in place of one: the unified header of DTLS 1.3, RFC 9147 section 4 */
};

/* ------------------------------------------------------------------ secrets of sessions */

/* The master secrets of sessions of DTLS 1.2 by the client's random: what opens their records. They are their owner's; an analysis
 * borrows them (cs_settings.secrets) and sees at once what is added. */
struct cs_secrets;

/* At most so many octets are kept: the oldest secrets go. NULL when there is no memory. */
struct cs_secrets *cs_secrets_new(size_t memory);
void cs_secrets_free(struct cs_secrets *secrets);
/* One line of a key log as NSS, OpenSSL, GnuTLS and Wireshark have it, "CLIENT_RANDOM HEX HEX"; a line end behind it does not matter.
 * Comments, empty lines and secrets of other kinds (TLS 1.3) are passed over. False with column and text in `error` for a line that is
 * none of a key log. */
bool cs_secrets_line(struct cs_secrets *secrets, struct cs_slice line, struct cs_error *error);
/* All lines of a text, those behind a bad one too. False with line, column and text of the first bad one. */
bool cs_secrets_text(struct cs_secrets *secrets, struct cs_slice text, struct cs_error *error);

struct cs_secrets_counts {
    uint64_t kept, given_up; /* given up for want of memory */
};
struct cs_secrets_counts cs_secrets_counts(const struct cs_secrets *secrets);

#ifdef __cplusplus
}
#endif
#endif
