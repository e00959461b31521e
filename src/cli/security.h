/* src/cli/security.h: the options of commands that speak DTLS: what we have to show, and whom we trust. */
#ifndef SRC_CLI_SECURITY_H
#define SRC_CLI_SECURITY_H

#include "src/cli/cli.h"
#include "src/net/address.h"
#include "src/net/session.h"

#define CLI_SECURITY_OPTIONS                                                                       \
    {"psk-identity", 0, "TEXT", "for coaps: our identity for the pre-shared key"},                 \
        {"psk-key", 0, "KEY", "for coaps: the pre-shared key: text, hex:OCTETS, or env:NAME"},     \
        {"cert", 0, "FILE", "for coaps: our certificate, PEM"},                                    \
        {"cert-key", 0, "FILE", "its private key, PEM (else it is in the same file)"},             \
    {                                                                                              \
        "ca", 0, "FILE", "for coaps: the CA of the device's certificate, PEM (else any)"           \
    }

/* Reads them into `out`, for a coaps target, which from then on refers to it; strings are the command line's. CLI_PASSED, or another code
 * with the message printed. */
int cli_security(const struct cli *cli, struct net_target *target, struct net_security *out);

/* Is any of these options given? */
bool cli_has_security(const struct cli *cli);

#endif
