/* src/cli/security.c: see cli_security.h. */
#include "src/cli/security.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"

/* As text, in hex, or from the environment: what stands in the command line stands in the reports, too. */
static bool read_key(const char *text, struct net_security *out)
{
    size_t bad = 0;
    if (strncmp(text, "env:", 4) == 0) {
        text = getenv(text + 4);
        if (text == NULL)
            return false;
    }
    if (strncmp(text, "hex:", 4) == 0) {
        const long n = cs_hex_parse(text + 4, out->key, sizeof out->key, &bad);
        out->key_length = n > 0 ? (size_t)n : 0;
        return n > 0;
    }
    out->key_length = strlen(text);
    if (out->key_length == 0 || out->key_length > sizeof out->key)
        return false;
    memcpy(out->key, text, out->key_length);
    return true;
}

bool cli_has_security(const struct cli *cli)
{
    static const char *const names[] = {"psk-identity", "psk-key", "cert", "cert-key", "ca"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (cli_has(cli, names[i]))
            return true;
    return false;
}

int cli_security(const struct cli *cli, struct net_target *target, struct net_security *out)
{
    const char *key = cli_value(cli, "psk-key", NULL);
    *out = (struct net_security){.identity = cli_value(cli, "psk-identity", NULL),
                                 .cert = cli_value(cli, "cert", NULL),
                                 .cert_key = cli_value(cli, "cert-key", NULL),
                                 .ca = cli_value(cli, "ca", NULL)};
    if (key != NULL && !read_key(key, out))
        return cli_fail(
            cli, CLI_USAGE,
            "--psk-key: text, hex:OCTETS or env:NAME of a variable that is set; 1 to %d octets",
            NET_KEY_MAX);
    if ((key != NULL) != (out->identity != NULL))
        return cli_fail(cli, CLI_USAGE, "--psk-identity and --psk-key go together");
    const bool any = key != NULL || out->cert != NULL || out->ca != NULL;
    if (!net_target_is_secure(target)) {
        if (any)
            return cli_fail(cli, CLI_USAGE, "%s is not secured: keys are for coaps://",
                            target->uri);
        return CLI_PASSED;
    }
    const char *const files[][2] = {
        {"cert", out->cert}, {"cert-key", out->cert_key}, {"ca", out->ca}};
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
        if (files[i][1] != NULL && access(files[i][1], R_OK) != 0)
            return cli_fail(cli, CLI_BENCH, "--%s: %s: %s", files[i][0], files[i][1],
                            strerror(errno));
    target->security = out;
    return CLI_PASSED;
}
