/* wire/certificate.c: see certificate.h.
 *
 * A walk over DER (X.690 section 8 and 10): tags of one octet, definite lengths. What it does not
 * expect it does not read. */
#include "wire/certificate.h"

#include "base/cursor.h"

enum {
    DER_BOOLEAN = 0x01,
    DER_INTEGER = 0x02,
    DER_BIT_STRING = 0x03,
    DER_OCTET_STRING = 0x04,
    DER_OID = 0x06,
    DER_SEQUENCE = 0x30,
    DER_VERSION = 0xa0,   /* [0] */
    DER_EXTENSIONS = 0xa3 /* [3] */
};

/* The content of the next element, whatever its tag, which goes to `*tag`. */
static struct cs_cursor next(struct cs_cursor *c, uint8_t *tag)
{
    *tag = cs_cursor_u8(c);
    size_t length = cs_cursor_u8(c);
    if (length >= 0x80) {
        unsigned octets = (unsigned)length & 0x7f;
        if (octets == 0 || octets > 3)
            c->state = CS_CURSOR_SHORT;
        for (length = 0; octets > 0 && cs_cursor_ok(c); octets--)
            length = length << 8 | cs_cursor_u8(c);
    }
    const struct cs_slice content = cs_cursor_take(c, length);
    struct cs_cursor inside = cs_cursor(content, 0);
    inside.state = c->state;
    return inside;
}

/* The content of the next element, which must have that tag. */
static struct cs_cursor enter(struct cs_cursor *c, uint8_t wanted)
{
    uint8_t tag;
    struct cs_cursor inside = next(c, &tag);
    if (tag != wanted)
        c->state = inside.state = CS_CURSOR_SHORT;
    return inside;
}

static bool comes(const struct cs_cursor *c, uint8_t tag)
{
    return cs_cursor_holds(c, 1) && c->at[0] == tag;
}

static void skip(struct cs_cursor *c)
{
    uint8_t tag;
    next(c, &tag);
}

/* ------------------------------------------------------------------ object identifiers */

struct oid {
    uint8_t length, octets[9], kind;
};

static const struct oid keys[] = {
    {7, {0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01}, CS_KEY_EC}, /* 1.2.840.10045.2.1 */
    {5, {0x2b, 0x81, 0x04, 0x01, 0x0c}, CS_KEY_EC_AGREE},       /* 1.3.132.1.12 id-ecDH */
    {5, {0x2b, 0x81, 0x04, 0x01, 0x0d}, CS_KEY_EC_AGREE},       /* 1.3.132.1.13 id-ecMQV */
    {9, {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01}, CS_KEY_RSA},
    {9, {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0a}, CS_KEY_RSA}, /* PSS */
    {3, {0x2b, 0x65, 0x70}, CS_KEY_EDDSA},                                   /* Ed25519 */
    {3, {0x2b, 0x65, 0x71}, CS_KEY_EDDSA},                                   /* Ed448 */
};
static const struct oid curves[] = {
    {8, {0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07}, CS_CURVE_SECP256R1},
};
static const struct oid signatures[] = {
    {8, {0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02}, CS_SIGNATURE_ECDSA_SHA256},
    {8, {0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x01}, CS_SIGNATURE_ECDSA}, /* SHA-224 */
    {8, {0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x03}, CS_SIGNATURE_ECDSA}, /* SHA-384 */
    {8, {0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x04}, CS_SIGNATURE_ECDSA}, /* SHA-512 */
    {7, {0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x01}, CS_SIGNATURE_ECDSA},       /* SHA-1 */
    {9, {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x05}, CS_SIGNATURE_RSA},
    {9, {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0a}, CS_SIGNATURE_RSA},
    {9, {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b}, CS_SIGNATURE_RSA},
    {9, {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0c}, CS_SIGNATURE_RSA},
    {9, {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0d}, CS_SIGNATURE_RSA},
    {3, {0x2b, 0x65, 0x70}, CS_SIGNATURE_EDDSA},
    {3, {0x2b, 0x65, 0x71}, CS_SIGNATURE_EDDSA},
};
/* 2.5.29.15, RFC 5280 section 4.2.1.3 */
static const uint8_t key_usage[] = {0x55, 0x1d, 0x0f};

static uint8_t kind_of(const struct oid *list, size_t count, const struct cs_cursor *oid)
{
    for (size_t i = 0; i < count && oid->left > 0; i++)
        if (list[i].length == oid->left && memcmp(list[i].octets, oid->at, oid->left) == 0)
            return list[i].kind;
    return 0;
}
#define KIND_OF(list, oid) kind_of(list, sizeof(list) / sizeof(list)[0], oid)

/* ------------------------------------------------------------------ the parts */

/* SubjectPublicKeyInfo: SEQUENCE { SEQUENCE { OID, parameters }, BIT STRING } */
static bool read_key(struct cs_cursor *c, struct cs_certificate *out)
{
    struct cs_cursor info = enter(c, DER_SEQUENCE);
    struct cs_cursor algorithm = enter(&info, DER_SEQUENCE);
    const struct cs_cursor oid = enter(&algorithm, DER_OID);
    const struct cs_cursor point = enter(&info, DER_BIT_STRING);
    if (!cs_cursor_ok(&info) || !cs_cursor_ok(&algorithm))
        return false;
    out->key = KIND_OF(keys, &oid);
    if (out->key != CS_KEY_EC)
        return true;
    const struct cs_cursor curve = enter(&algorithm, DER_OID);
    if (cs_cursor_ok(&algorithm)) /* else its parameters are spelt out: no named curve */
        out->curve = KIND_OF(curves, &curve);
    out->compressed = point.left < 2 || point.at[1] != 4; /* SEC 1 section 2.3.3 */
    return true;
}

/* Extension: SEQUENCE { OID, BOOLEAN critical, OCTET STRING }; of KeyUsage, a BIT STRING whose
 * first bit is digitalSignature. */
static void read_extension(struct cs_cursor *list, const uint8_t *base, struct cs_certificate *out)
{
    const uint32_t at = (uint32_t)(list->at - base);
    struct cs_cursor extension = enter(list, DER_SEQUENCE);
    const struct cs_cursor oid = enter(&extension, DER_OID);
    if (comes(&extension, DER_BOOLEAN))
        skip(&extension);
    struct cs_cursor value = enter(&extension, DER_OCTET_STRING);
    if (!cs_cursor_ok(&extension) || oid.left != sizeof key_usage ||
        memcmp(oid.at, key_usage, sizeof key_usage) != 0)
        return;
    const struct cs_cursor bits = enter(&value, DER_BIT_STRING);
    if (!cs_cursor_ok(&value))
        return;
    out->has_usage = true;
    out->signs = bits.left >= 2 && (bits.at[1] & 0x80) != 0;
    out->usage_at = at;
}

static bool same(const struct cs_cursor *a, const struct cs_cursor *b)
{
    return a->left == b->left && a->left > 0 && memcmp(a->at, b->at, a->left) == 0;
}

/* TBSCertificate up to the extensions. Offsets are from `base` on. */
static bool read_body(struct cs_cursor *body, const uint8_t *base, struct cs_certificate *out)
{
    if (comes(body, DER_VERSION))
        skip(body);
    enter(body, DER_INTEGER);  /* serial number */
    enter(body, DER_SEQUENCE); /* signature, again outside */
    const struct cs_cursor issuer = enter(body, DER_SEQUENCE);
    enter(body, DER_SEQUENCE); /* validity */
    const struct cs_cursor subject = enter(body, DER_SEQUENCE);
    if (!cs_cursor_ok(body))
        return false;
    out->self_issued = same(&issuer, &subject);
    out->key_at = (uint32_t)(body->at - base);
    if (!read_key(body, out))
        return false;
    while (body->left > 0 && cs_cursor_ok(body) && !comes(body, DER_EXTENSIONS))
        skip(body); /* unique identifiers */
    if (!comes(body, DER_EXTENSIONS))
        return cs_cursor_ok(body);
    struct cs_cursor outside = enter(body, DER_EXTENSIONS);
    struct cs_cursor list = enter(&outside, DER_SEQUENCE);
    while (list.left > 0 && cs_cursor_ok(&list))
        read_extension(&list, base, out);
    return cs_cursor_ok(&list);
}

bool cs_certificate_decode(struct cs_slice der, bool raw_key, uint32_t at,
                           struct cs_certificate *out)
{
    struct cs_cursor c = cs_cursor(der, 0);
    *out = (struct cs_certificate){.raw_key = raw_key, .at = at, .key_at = at};
    if (raw_key) {
        out->readable = read_key(&c, out);
        return out->readable;
    }
    struct cs_cursor whole = enter(&c, DER_SEQUENCE);
    struct cs_cursor body = enter(&whole, DER_SEQUENCE);
    if (!cs_cursor_ok(&body) || !read_body(&body, der.at, out))
        return false;
    out->signature_at = (uint32_t)(whole.at - der.at) + at;
    out->key_at += at;
    out->usage_at += at;
    struct cs_cursor algorithm = enter(&whole, DER_SEQUENCE);
    const struct cs_cursor oid = enter(&algorithm, DER_OID);
    out->signature = KIND_OF(signatures, &oid);
    out->readable = cs_cursor_ok(&whole) && cs_cursor_ok(&algorithm);
    return out->readable;
}

static struct cs_slice take24(struct cs_cursor *c)
{
    const size_t high = cs_cursor_u8(c);
    return cs_cursor_take(c, high << 16 | cs_cursor_u16(c));
}

size_t cs_certificates_decode(struct cs_slice body, bool raw_key,
                              struct cs_certificate out[CS_CERTIFICATES_MAX])
{
    struct cs_cursor c = cs_cursor(body, 0);
    size_t count = 0;
    struct cs_cursor list = cs_cursor(take24(&c), 0);
    if (!cs_cursor_ok(&c))
        return 0;
    if (raw_key) { /* RFC 7250: the key stands in place of the list, without lengths in it */
        if (list.left > 0)
            cs_certificate_decode((struct cs_slice){list.at, list.left}, true,
                                  (uint32_t)(list.at - body.at), &out[count++]);
        return count;
    }
    while (list.left > 0 && count < CS_CERTIFICATES_MAX) {
        const struct cs_slice der = take24(&list);
        if (!cs_cursor_ok(&list) || der.len == 0)
            break;
        cs_certificate_decode(der, false, (uint32_t)(der.at - body.at), &out[count++]);
    }
    return count;
}

const char *cs_key_text(enum cs_key_kind kind)
{
    static const char *const texts[] = {
        [CS_KEY_OTHER] = "of an algorithm that this build does not know",
        [CS_KEY_EC] = "for elliptic curves",
        [CS_KEY_EC_AGREE] = "for key agreement alone",
        [CS_KEY_RSA] = "for RSA",
        [CS_KEY_EDDSA] = "for EdDSA",
    };
    return texts[kind];
}

const char *cs_signature_text(enum cs_signature_kind kind)
{
    static const char *const texts[] = {
        [CS_SIGNATURE_OTHER] = "an algorithm that this build does not know",
        [CS_SIGNATURE_ECDSA_SHA256] = "ECDSA and SHA-256",
        [CS_SIGNATURE_ECDSA] = "ECDSA and another hash than SHA-256",
        [CS_SIGNATURE_RSA] = "RSA",
        [CS_SIGNATURE_EDDSA] = "EdDSA",
    };
    return texts[kind];
}
