#include "coapspec/dissect.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

bool cs_address_equal(const struct cs_address *a, const struct cs_address *b)
{
    return a->family == b->family && a->port == b->port && memcmp(a->ip, b->ip, sizeof a->ip) == 0;
}

bool cs_address_is_multicast(const struct cs_address *a)
{
    static const uint8_t broadcast[4] = {255, 255, 255, 255};
    if (a->family == 4)
        return (a->ip[0] & 0xf0) == 0xe0 || memcmp(a->ip, broadcast, sizeof broadcast) == 0;
    return a->family == 6 && a->ip[0] == 0xff;
}

char *cs_address_format(const struct cs_address *a, char *buf, size_t cap)
{
    char ip[INET6_ADDRSTRLEN];
    if (a->family == 4 && inet_ntop(AF_INET, a->ip, ip, sizeof ip) != NULL)
        snprintf(buf, cap, "%s:%u", ip, a->port);
    else if (a->family == 6 && inet_ntop(AF_INET6, a->ip, ip, sizeof ip) != NULL)
        snprintf(buf, cap, "[%s]:%u", ip, a->port);
    else
        snprintf(buf, cap, "none");
    return buf;
}

/* A decimal port, nothing behind it. */
static bool parse_port(const char *text, uint16_t *port)
{
    unsigned value = 0;
    if (*text == '\0')
        return false;
    for (; *text != '\0'; text++) {
        if (*text < '0' || *text > '9')
            return false;
        value = value * 10 + (unsigned)(*text - '0');
        if (value > 65535)
            return false;
    }
    *port = (uint16_t)value;
    return true;
}

static bool parse_ip(const char *text, size_t length, struct cs_address *out)
{
    char ip[INET6_ADDRSTRLEN];
    if (length == 0 || length >= sizeof ip)
        return false;
    memcpy(ip, text, length);
    ip[length] = '\0';
    const bool v6 = memchr(ip, ':', length) != NULL;
    out->family = v6 ? 6 : 4;
    return inet_pton(v6 ? AF_INET6 : AF_INET, ip, out->ip) == 1;
}

bool cs_address_parse(const char *text, uint16_t default_port, struct cs_address *out)
{
    *out = (struct cs_address){.port = default_port};
    const char *host = text;
    const char *colon = strchr(text, ':');
    size_t length = strlen(text);
    const char *port = NULL;
    if (text[0] == '[') {
        const char *close = strchr(text, ']');
        if (close == NULL || (close[1] != '\0' && close[1] != ':'))
            return false;
        host = text + 1;
        length = (size_t)(close - host);
        port = close[1] == ':' ? close + 2 : NULL;
        if (memchr(host, ':', length) == NULL)
            return false; /* brackets are for IPv6 alone */
    } else if (colon != NULL && strchr(colon + 1, ':') == NULL) {
        length = (size_t)(colon - text);
        port = colon + 1;
    }
    return parse_ip(host, length, out) && (port == NULL || parse_port(port, &out->port));
}
