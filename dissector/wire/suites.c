/* wire/suites.c: rows of the IANA registry "TLS Cipher Suites": those without certificates of RSA
 * in full where AES is used with CCM or GCM, and what else CoAP stacks offer. */
#include <stdio.h>

#include "coapspec/dtls.h"

static const struct cs_suite_def suites[] = {
    {0x002c, false, "TLS_PSK_WITH_NULL_SHA"},
    {0x002f, false, "TLS_RSA_WITH_AES_128_CBC_SHA"},
    {0x0033, false, "TLS_DHE_RSA_WITH_AES_128_CBC_SHA"},
    {0x0035, false, "TLS_RSA_WITH_AES_256_CBC_SHA"},
    {0x003c, false, "TLS_RSA_WITH_AES_128_CBC_SHA256"},
    {0x008c, false, "TLS_PSK_WITH_AES_128_CBC_SHA"},
    {0x008d, false, "TLS_PSK_WITH_AES_256_CBC_SHA"},
    {0x009c, false, "TLS_RSA_WITH_AES_128_GCM_SHA256"},
    {0x009d, false, "TLS_RSA_WITH_AES_256_GCM_SHA384"},
    {0x009e, false, "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256"},
    {0x009f, false, "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384"},
    {0x00a8, false, "TLS_PSK_WITH_AES_128_GCM_SHA256"},
    {0x00a9, false, "TLS_PSK_WITH_AES_256_GCM_SHA384"},
    {0x00aa, false, "TLS_DHE_PSK_WITH_AES_128_GCM_SHA256"},
    {0x00ab, false, "TLS_DHE_PSK_WITH_AES_256_GCM_SHA384"},
    {0x00ae, false, "TLS_PSK_WITH_AES_128_CBC_SHA256"},
    {0x00af, false, "TLS_PSK_WITH_AES_256_CBC_SHA384"},
    {0x00b0, false, "TLS_PSK_WITH_NULL_SHA256"},
    {0x1301, false, "TLS_AES_128_GCM_SHA256"},
    {0x1302, false, "TLS_AES_256_GCM_SHA384"},
    {0x1303, false, "TLS_CHACHA20_POLY1305_SHA256"},
    {0x1304, false, "TLS_AES_128_CCM_SHA256"},
    {0x1305, false, "TLS_AES_128_CCM_8_SHA256"},
    {0xc006, true, "TLS_ECDHE_ECDSA_WITH_NULL_SHA"},
    {0xc009, true, "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA"},
    {0xc00a, true, "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA"},
    {0xc013, false, "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA"},
    {0xc014, false, "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA"},
    {0xc023, true, "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256"},
    {0xc024, true, "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384"},
    {0xc027, false, "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256"},
    {0xc02b, true, "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"},
    {0xc02c, true, "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"},
    {0xc02f, false, "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"},
    {0xc030, false, "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"},
    {0xc035, false, "TLS_ECDHE_PSK_WITH_AES_128_CBC_SHA"},
    {0xc036, false, "TLS_ECDHE_PSK_WITH_AES_256_CBC_SHA"},
    {0xc037, false, "TLS_ECDHE_PSK_WITH_AES_128_CBC_SHA256"},
    {0xc038, false, "TLS_ECDHE_PSK_WITH_AES_256_CBC_SHA384"},
    {0xc09c, false, "TLS_RSA_WITH_AES_128_CCM"},
    {0xc09d, false, "TLS_RSA_WITH_AES_256_CCM"},
    {0xc0a0, false, "TLS_RSA_WITH_AES_128_CCM_8"},
    {0xc0a1, false, "TLS_RSA_WITH_AES_256_CCM_8"},
    {0xc0a4, false, "TLS_PSK_WITH_AES_128_CCM"},
    {0xc0a5, false, "TLS_PSK_WITH_AES_256_CCM"},
    {0xc0a6, false, "TLS_DHE_PSK_WITH_AES_128_CCM"},
    {0xc0a7, false, "TLS_DHE_PSK_WITH_AES_256_CCM"},
    {0xc0a8, false, "TLS_PSK_WITH_AES_128_CCM_8"},
    {0xc0a9, false, "TLS_PSK_WITH_AES_256_CCM_8"},
    {0xc0aa, false, "TLS_PSK_DHE_WITH_AES_128_CCM_8"},
    {0xc0ab, false, "TLS_PSK_DHE_WITH_AES_256_CCM_8"},
    {0xc0ac, true, "TLS_ECDHE_ECDSA_WITH_AES_128_CCM"},
    {0xc0ad, true, "TLS_ECDHE_ECDSA_WITH_AES_256_CCM"},
    {0xc0ae, true, "TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8"},
    {0xc0af, true, "TLS_ECDHE_ECDSA_WITH_AES_256_CCM_8"},
    {0xcca8, false, "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256"},
    {0xcca9, true, "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256"},
    {0xccab, false, "TLS_PSK_WITH_CHACHA20_POLY1305_SHA256"},
    {0xccac, false, "TLS_ECDHE_PSK_WITH_CHACHA20_POLY1305_SHA256"},
    {0xd001, false, "TLS_ECDHE_PSK_WITH_AES_128_GCM_SHA256"},
    {0xd003, false, "TLS_ECDHE_PSK_WITH_AES_128_CCM_8_SHA256"},
    {0xd005, false, "TLS_ECDHE_PSK_WITH_AES_128_CCM_SHA256"},
};

const struct cs_suite_def *cs_suite_def(uint16_t number)
{
    for (size_t i = 0; i < sizeof suites / sizeof suites[0]; i++)
        if (suites[i].number == number)
            return &suites[i];
    return NULL;
}

const char *cs_suite_text(uint16_t number, char *buf, size_t cap)
{
    const struct cs_suite_def *def = cs_suite_def(number);
    if (def != NULL)
        return def->name;
    snprintf(buf, cap, "0x%04x", number);
    return buf;
}
