/* Addresses between the stream, the kernel and URIs. */
#include "src/net/address.h"

#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "src/net/transport.h"
bool net_is_link_local(const struct cs_address *address)
{
    const uint8_t *ip = address->ip;
    return address->family == 6 &&
           ((ip[0] == 0xfe && (ip[1] & 0xc0) == 0x80) || (ip[0] == 0xff && (ip[1] & 0x0f) == 2));
}

socklen_t net_to_sockaddr(const struct cs_address *address, unsigned scope,
                          struct sockaddr_storage *out)
{
    memset(out, 0, sizeof *out);
    if (address->family == 6) {
        struct sockaddr_in6 in6 = {.sin6_family = AF_INET6, .sin6_port = htons(address->port)};
        memcpy(&in6.sin6_addr, address->ip, 16);
        if (net_is_link_local(address))
            in6.sin6_scope_id = scope;
        memcpy(out, &in6, sizeof in6);
        return sizeof in6;
    }
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons(address->port)};
    memcpy(&in.sin_addr, address->ip, 4);
    memcpy(out, &in, sizeof in);
    return sizeof in;
}

void net_from_sockaddr(const struct sockaddr_storage *storage, struct cs_address *out)
{
    *out = (struct cs_address){0};
    if (storage->ss_family == AF_INET6) {
        struct sockaddr_in6 in6;
        memcpy(&in6, storage, sizeof in6);
        memcpy(out->ip, &in6.sin6_addr, 16);
        out->port = ntohs(in6.sin6_port);
        out->family = 6;
    } else if (storage->ss_family == AF_INET) {
        struct sockaddr_in in;
        memcpy(&in, storage, sizeof in);
        memcpy(out->ip, &in.sin_addr, 4);
        out->port = ntohs(in.sin_port);
        out->family = 4;
    }
}

bool net_is_loopback(const struct cs_address *address)
{
    static const uint8_t six[16] = {[15] = 1};
    return address->family == 4 ? address->ip[0] == 127 : memcmp(address->ip, six, sizeof six) == 0;
}

static bool fail(struct cs_error *error, const char *what, const char *uri)
{
    snprintf(error->text, sizeof error->text, "%s: %.200s", what, uri);
    return false;
}

/* Of a link-local address it must be said on which link: [fe80::1%eth0]. */
static bool find_scope(const struct sockaddr_storage *storage, struct net_target *out,
                       struct cs_error *error)
{
    struct sockaddr_in6 in6;
    if (!net_is_link_local(&out->address))
        return true;
    memcpy(&in6, storage, sizeof in6);
    out->scope = in6.sin6_scope_id;
    if (out->scope != 0)
        return true;
    snprintf(error->text, sizeof error->text,
             "a link-local address needs its interface: coap://[%s%%eth0]", out->host);
    return false;
}

static bool resolve(struct net_target *out, uint16_t port, struct cs_error *error)
{
    const char *host = out->host, *zone = strchr(host, '%');
    struct addrinfo hints = {.ai_socktype = SOCK_DGRAM}, *found = NULL;
    int code = getaddrinfo(host, NULL, &hints, &found);
    /* RFC 6761 section 6.3: whoever has no /etc/hosts knows it, too */
    if (code != 0 && strcasecmp(host, "localhost") == 0)
        code = getaddrinfo("127.0.0.1", NULL, &hints, &found);
    if (code != 0 && zone != NULL && if_nametoindex(zone + 1) == 0) {
        snprintf(error->text, sizeof error->text, "no interface is named %s: [%s]", zone + 1, host);
        return false;
    }
    if (code != 0) {
        snprintf(error->text, sizeof error->text, "cannot resolve %s: %s", host,
                 gai_strerror(code));
        return false;
    }
    struct sockaddr_storage storage = {0};
    memcpy(&storage, found->ai_addr,
           found->ai_addrlen < sizeof storage ? found->ai_addrlen : sizeof storage);
    freeaddrinfo(found);
    net_from_sockaddr(&storage, &out->address);
    out->address.port = port;
    return find_scope(&storage, out, error);
}

/* "host:port", "[v6]:port", each without the port too. */
static bool split_authority(const char *text, size_t length, char *host, size_t cap, uint16_t *port)
{
    const char *end = text + length, *name = text, *name_end = NULL, *colon = NULL;
    if (length > 0 && *text == '[') {
        name = text + 1;
        name_end = memchr(text, ']', length);
        if (name_end == NULL)
            return false;
        colon = name_end + 1 < end ? name_end + 1 : NULL;
        if (colon != NULL && *colon != ':')
            return false;
    } else {
        colon = memchr(text, ':', length);
        name_end = colon != NULL ? colon : end;
    }
    if (name_end == name || (size_t)(name_end - name) >= cap)
        return false;
    snprintf(host, cap, "%.*s", (int)(name_end - name), name);
    if (colon != NULL && colon + 1 < end) {
        char digits[8] = "", *stop = NULL;
        if (end - colon - 1 > 5)
            return false;
        memcpy(digits, colon + 1, (size_t)(end - colon - 1));
        unsigned long value = strtoul(digits, &stop, 10);
        if (*stop != '\0' || value > 65535)
            return false;
        *port = (uint16_t)value;
    }
    return true;
}

/* Says which schemes are. */
static bool not_spoken(const char *uri, struct cs_error *error)
{
    char what[112];
    struct cs_text text;
    size_t count;
    const struct net_transport *const *rows = net_transports(&count);
    cs_text_init(&text, what, sizeof what);
    for (size_t i = 0; i < count; i++)
        cs_text_add(&text, "%s%s://",
                    i == 0          ? "only "
                    : i + 1 < count ? ", "
                                    : " and ",
                    rows[i]->scheme);
    cs_text_add(&text, " are spoken by this build");
    return fail(error, what, uri);
}

static bool split(const char *uri, struct net_target *out, uint16_t *port, struct cs_error *error)
{
    *out = (struct net_target){0};
    const char *rest = uri, *scheme = strstr(uri, "://");
    out->transport = net_transport_of(scheme != NULL ? uri : "coap");
    if (out->transport == NULL)
        return not_spoken(uri, error);
    if (scheme != NULL)
        rest = scheme + 3;
    *port = out->transport->port;
    size_t length = strcspn(rest, "/?#");
    if (!split_authority(rest, length, out->host, sizeof out->host, port))
        return fail(error, "no host, or a port that is no number up to 65535", uri);
    snprintf(out->path, sizeof out->path, "%s", rest[length] == '/' ? rest + length : "");
    snprintf(out->uri, sizeof out->uri, "%s%.240s", scheme != NULL ? "" : "coap://", uri);
    return true;
}

const char *net_target_scheme(const struct net_target *target)
{
    return target->transport != NULL ? target->transport->scheme : "coap";
}

bool net_target_is_secure(const struct net_target *target)
{
    return target->transport != NULL && net_transport_is_secure(target->transport);
}

bool net_target_check(const char *uri, struct cs_error *error)
{
    struct net_target target;
    uint16_t port;
    return split(uri, &target, &port, error);
}

bool net_target_check_endpoint(const char *uri, struct cs_error *error)
{
    if (!net_target_check(uri, error))
        return false;
    const char *scheme = strstr(uri, "://"), *rest = scheme != NULL ? scheme + 3 : uri;
    rest += strcspn(rest, "/?#");
    if (rest[0] == '\0' || strcmp(rest, "/") == 0)
        return true;
    return fail(error, "a device is meant here, not a resource: leave out the path", uri);
}

bool net_target_parse(const char *uri, struct net_target *out, struct cs_error *error)
{
    uint16_t port;
    return split(uri, out, &port, error) && resolve(out, port, error);
}
