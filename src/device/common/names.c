/* src/device/common/names.c: for whom a server's certificate is, and whether that is whom we ask (RFC 7252 section 9.1.3.3). */
#include "src/device/common/names.h"

#include <coap3/coap.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "src/device/faults.h"

/* ------------------------------------------------------------------ DER (X.690) */

enum {
    TAG_BOOLEAN = 0x01,
    TAG_INTEGER = 0x02,
    TAG_OCTETS = 0x04,
    TAG_OBJECT = 0x06,
    TAG_SEQUENCE = 0x30,
    TAG_SET = 0x31,
    TAG_VERSION = 0xa0,    /* [0] of a TBSCertificate, RFC 5280 4.1 */
    TAG_EXTENSIONS = 0xa3, /* [3] of it */
    TAG_URI = 0x86         /* [6] of a GeneralName, RFC 5280 4.2.1.6 */
};

struct der {
    const uint8_t *at, *end;
};

/* The next element: its tag, and what is in it. 0: there is none, or none that can be read. */
static unsigned der_next(struct der *walk, struct der *inside)
{
    const size_t left = (size_t)(walk->end - walk->at);
    if (left < 2)
        return 0;
    size_t length = walk->at[1], header = 2;
    if (length > 0x80) {
        header += length & 0x7f;
        if (header > 4 || header > left)
            return 0;
        length = 0;
        for (size_t i = 2; i < header; i++)
            length = length << 8 | walk->at[i];
    }
    if (length > left - header)
        return 0;
    const unsigned tag = walk->at[0];
    *inside = (struct der){walk->at + header, walk->at + header + length};
    walk->at = inside->end;
    return tag;
}

static bool der_enter(struct der *walk, unsigned tag, struct der *inside)
{
    return der_next(walk, inside) == tag;
}

static bool der_is(const struct der *der, const char *octets, size_t length)
{
    return (size_t)(der->end - der->at) == length && memcmp(der->at, octets, length) == 0;
}

/* ------------------------------------------------------------------ what a certificate says */

struct named {
    struct der common_name; /* empty: none */
    struct der others;      /* the GeneralNames of SubjectAltName */
    bool has_others;
};

static void find_common_name(struct der subject, struct named *out)
{
    struct der set, pair, object, value;
    while (der_enter(&subject, TAG_SET, &set))
        if (der_enter(&set, TAG_SEQUENCE, &pair) && der_enter(&pair, TAG_OBJECT, &object) &&
            der_next(&pair, &value) != 0 && der_is(&object, "\x55\x04\x03", 3))
            out->common_name = value;
}

static void find_others(struct der all, struct named *out)
{
    struct der list, extension, object, value, names;
    if (!der_enter(&all, TAG_SEQUENCE, &list))
        return;
    while (der_enter(&list, TAG_SEQUENCE, &extension)) {
        if (!der_enter(&extension, TAG_OBJECT, &object) || !der_is(&object, "\x55\x1d\x11", 3))
            continue;
        unsigned tag = der_next(&extension, &value);
        if (tag == TAG_BOOLEAN) /* critical */
            tag = der_next(&extension, &value);
        out->has_others = true;
        if (tag == TAG_OCTETS && der_enter(&value, TAG_SEQUENCE, &names))
            out->others = names;
    }
}

static bool read_certificate(const uint8_t *octets, size_t length, struct named *out)
{
    struct der all = {octets, octets + length}, certificate, body, part, subject;
    *out = (struct named){.has_others = false};
    if (!der_enter(&all, TAG_SEQUENCE, &certificate) ||
        !der_enter(&certificate, TAG_SEQUENCE, &body))
        return false;
    unsigned tag = der_next(&body, &part);
    if (tag == TAG_VERSION)
        tag = der_next(&body, &part);
    /* the serial number, the algorithm, the issuer and the dates come before the subject */
    if (tag != TAG_INTEGER || !der_enter(&body, TAG_SEQUENCE, &part) ||
        !der_enter(&body, TAG_SEQUENCE, &part) || !der_enter(&body, TAG_SEQUENCE, &part) ||
        !der_enter(&body, TAG_SEQUENCE, &subject))
        return false;
    find_common_name(subject, out);
    while ((tag = der_next(&body, &part)) != 0)
        if (tag == TAG_EXTENSIONS)
            find_others(part, out);
    return true;
}

/* ------------------------------------------------------------------ is it whom we ask? */

static bool text_is(struct der text, const char *other)
{
    const size_t length = strlen(other);
    return length > 0 && (size_t)(text.end - text.at) == length &&
           strncasecmp((const char *)text.at, other, length) == 0;
}

static bool fits_pattern(struct der text, const char *host)
{
    const char *dot = strchr(host, '.');
    if (text.end == text.at || *text.at != '*')
        return false;
    text.at++;
    return dot != NULL ? text_is(text, dot) : text.at == text.end;
}

/* The authority of a CoAP URI; its port where it has none is the scheme's. */
static bool uri_is(struct der uri, const struct device_authority *own)
{
    char text[256];
    coap_uri_t parts;
    snprintf(text, sizeof text, "%.*s", (int)(uri.end - uri.at), (const char *)uri.at);
    return coap_split_uri((const uint8_t *)text, strlen(text), &parts) == 0 &&
           (parts.scheme == COAP_URI_SCHEME_COAP || parts.scheme == COAP_URI_SCHEME_COAPS) &&
           parts.port == own->port &&
           text_is((struct der){parts.host.s, parts.host.s + parts.host.length}, own->host);
}

bool device_is_named(const struct device_authority *own, const uint8_t *certificate, size_t length)
{
    struct named named;
    struct der name;
    char with_port[sizeof own->host + 8];
    unsigned tag;
    if (own->faults[DEVICE_DTLS_CLIENT_ASKS_NO_NAME])
        return true;
    if (!read_certificate(certificate, length, &named))
        return false;
    while ((tag = der_next(&named.others, &name)) != 0)
        if (tag == TAG_URI && uri_is(name, own))
            return true;
    if (named.has_others && !own->faults[DEVICE_DTLS_CLIENT_LIKES_COMMON_NAMES])
        return false;
    snprintf(with_port, sizeof with_port, "%s:%u", own->host, own->port);
    return text_is(named.common_name, own->host) || text_is(named.common_name, with_port) ||
           (own->faults[DEVICE_DTLS_CLIENT_TAKES_PATTERNS] &&
            fits_pattern(named.common_name, own->host));
}
