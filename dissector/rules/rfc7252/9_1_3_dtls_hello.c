/* RFC 7252 sections 9.1.3 to 9.1.3.3: what a ClientHello has to say. */
#include "rules/sessions.h"

/* ------------------------------------------------------------------ the name of the server, RFC 6066 section 3 */

/* The first HostName: ServerNameList { length (2), { type 0 (1), length (2), name }, … }. Empty when there is none. */
static struct cs_slice host_name(struct cs_slice value)
{
    enum { BEFORE_NAME = 5 };
    if (value.len < BEFORE_NAME || value.at[2] != 0)
        return (struct cs_slice){NULL, 0};
    const size_t length = (size_t)value.at[3] << 8 | value.at[4];
    if (length > value.len - BEFORE_NAME)
        return (struct cs_slice){NULL, 0};
    return (struct cs_slice){value.at + BEFORE_NAME, length};
}

/* Digits and three dots, or a colon: an address in text. */
static bool is_address(struct cs_slice name)
{
    unsigned dots = 0, others = 0;
    for (size_t i = 0; i < name.len; i++) {
        dots += name.at[i] == '.';
        others += name.at[i] != '.' && (name.at[i] < '0' || name.at[i] > '9');
        if (name.at[i] == ':')
            return true;
    }
    return dots == 3 && others == 0;
}

static struct cs_verdict server_name_is_a_host_name(const struct cs_view *view)
{
    const struct cs_hello *hello = view->dtls->hello;
    const struct cs_extension *extension = &hello->extension[CS_EXT_SERVER_NAME];
    const char *doubt = cs_session_doubt(view->known.session);
    if (hello->server)
        return cs_silent();
    if (doubt != NULL)
        return cs_undecided(doubt);
    if (!cs_hello_has(hello, CS_EXT_SERVER_NAME))
        return cs_undecided("the URI may name the server by its address, which SNI cannot carry");
    const struct cs_slice name = host_name(extension->value);
    const uint32_t octet = cs_dtls_octet(view->dtls, extension->at);
    if (name.len == 0)
        return cs_broken(view, octet, "the extension server_name holds no host name");
    if (is_address(name))
        return cs_broken(view, octet, "the host name is an address: \"%.*s\"",
                         name.len < 64 ? (int)name.len : 64, (const char *)name.at);
    if (name.at[name.len - 1] == '.')
        return cs_broken(view, octet, "the host name ends in a dot");
    return cs_held();
}

const struct cs_rule cs_rfc7252_server_name_is_a_host_name = {
    .id = "rfc7252/9.1.3/server-name-is-a-host-name",
    .spec = "RFC 7252",
    .section = "9.1.3",
    .level = CS_SHOULD,
    .says = "A client names the authority in the SNI extension, as a host name (RFC 6066).",
    .cause = "The host of the URI is copied into the extension, even if it is an address.",
    .covers = CS_STRINGS("RFC7252-9.1.3-1"),
    .of = CS_OF_DTLS,
    .on = CS_D_HELLO,
    .check = server_name_is_a_host_name,
    .holds = CS_STRINGS("> dtls: client-hello suites=c0a8 sni=coap.example"),
    .breaks = CS_STRINGS("> dtls: client-hello suites=c0a8 sni=192.0.2.1",
                         "> dtls: client-hello suites=c0a8 sni=2001:db8::1",
                         "> dtls: client-hello suites=c0a8 sni=coap.example.",
                         "> dtls: client-hello suites=c0a8 sni="),
    .open = CS_STRINGS("> dtls: client-hello suites=c0a8"),
};

/* ------------------------------------------------------------------ curves and points, RFC 4492 section 5.1 */

/* RawPublicKey mode is offered by the types of certificates; without them it is Certificate mode. */
static bool offers_mode(const struct cs_hello *hello, uint16_t type)
{
    const struct cs_extension *client = &hello->extension[CS_EXT_CLIENT_TYPE];
    const struct cs_extension *server = &hello->extension[CS_EXT_SERVER_TYPE];
    if (client->at == 0 && server->at == 0)
        return type == CS_CERTIFICATE_X509;
    return cs_extension_lists(client, 1, type) || cs_extension_lists(server, 1, type);
}

static struct cs_verdict curves_are_listed(const struct cs_view *view, uint16_t type)
{
    const struct cs_hello *hello = view->dtls->hello;
    const struct cs_extension *groups = &hello->extension[CS_EXT_GROUPS];
    const struct cs_extension *points = &hello->extension[CS_EXT_POINT_FORMATS];
    const char *doubt = cs_session_doubt(view->known.session);
    /* the suite is for DTLS 1.2 (numbers fall) */
    if (hello->server || hello->version > CS_DTLS_1_2 ||
        !cs_hello_offers(hello, CS_SUITE_ECDSA_CCM_8) || !offers_mode(hello, type))
        return cs_silent();
    if (doubt != NULL)
        return cs_undecided(doubt);
    if (groups->at == 0)
        return cs_broken(view, cs_dtls_octet(view->dtls, hello->suites_at),
                         "offers TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8 and lists no elliptic curves");
    if (!cs_extension_lists(groups, 2, CS_GROUP_SECP256R1))
        return cs_broken(view, cs_dtls_octet(view->dtls, groups->at),
                         "secp256r1 is not among the elliptic curves");
    if (points->at == 0)
        return cs_undecided(
            "RFC 8422 allows omitting the point formats, because it keeps only one");
    if (!cs_extension_lists(points, 1, CS_POINT_UNCOMPRESSED))
        return cs_broken(view, cs_dtls_octet(view->dtls, points->at),
                         "uncompressed is not among the point formats");
    return cs_held();
}

static struct cs_verdict raw_key_hello_lists_curves(const struct cs_view *view)
{
    return curves_are_listed(view, CS_CERTIFICATE_RAW_KEY);
}

const struct cs_rule cs_rfc7252_raw_key_hello_lists_curves = {
    .id = "rfc7252/9.1.3.2/hello-lists-curves-and-points",
    .spec = "RFC 7252",
    .section = "9.1.3.2",
    .level = CS_MUST,
    .says = "In RawPublicKey mode a ClientHello lists elliptic curves including secp256r1, and "
            "point formats including uncompressed.",
    .cause = "The extensions were left out to save octets, as RFC 4492 would allow.",
    .covers = CS_STRINGS("RFC7252-9.1.3.2-5"),
    .of = CS_OF_DTLS,
    .on = CS_D_HELLO,
    .check = raw_key_hello_lists_curves,
    .holds = CS_STRINGS("> dtls: client-hello suites=c0ae server-types=02 groups=0017 points=00"),
    .breaks = CS_STRINGS("> dtls: client-hello suites=c0ae server-types=02 points=00",
                         "> dtls: client-hello suites=c0ae server-types=02 groups=0018 points=00",
                         "> dtls: client-hello suites=c0ae client-types=02 groups=0017 points=01"),
    .open = CS_STRINGS("> dtls: client-hello suites=c0ae server-types=02 groups=0017"),
};

static struct cs_verdict certificate_hello_lists_curves(const struct cs_view *view)
{
    return curves_are_listed(view, CS_CERTIFICATE_X509);
}

const struct cs_rule cs_rfc7252_certificate_hello_lists_curves = {
    .id = "rfc7252/9.1.3.3/hello-lists-curves-and-points",
    .spec = "RFC 7252",
    .section = "9.1.3.3",
    .level = CS_MUST,
    .says = "In Certificate mode a ClientHello lists elliptic curves including secp256r1, and "
            "point formats including uncompressed.",
    .cause = "The extensions were left out to save octets, as RFC 4492 would allow.",
    .covers = CS_STRINGS("RFC7252-9.1.3.3-5"),
    .of = CS_OF_DTLS,
    .on = CS_D_HELLO,
    .check = certificate_hello_lists_curves,
    .holds = CS_STRINGS("> dtls: client-hello suites=c0ae groups=001d,0017 points=00"),
    .breaks = CS_STRINGS("> dtls: client-hello suites=c0a8,c0ae points=00",
                         "> dtls: client-hello suites=c0ae groups=001d points=00",
                         "> dtls: client-hello suites=c0ae groups=001d,0017 points=01,02"),
    .open = CS_STRINGS("> dtls: client-hello suites=c0ae groups=001d,0017"),
};
