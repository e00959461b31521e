/* src/cmd/device.c: `coapspec device`: starts coapspec-device in this process's place.
 *
 * The device is a program of its own, on libcoap, which the tester does not link. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "src/cli/cli.h"

static const struct cli_option options[] = {
    {"listen", 0, "URI",
     "the address to listen on; up to 4 times (coap://127.0.0.1:5683; port 0: any)"},
    {"psk-identity", 0, "TEXT", "for coaps: the identity of the client, for the pre-shared key"},
    {"psk-key", 0, "TEXT", "the pre-shared key"},
    {"cert", 0, "FILE", "for coaps: our certificate, PEM"},
    {"cert-key", 0, "FILE", "its private key, PEM (else it is in the same file)"},
    {"ca", 0, "FILE",
     "for coaps: the CA of the peers' certificates, PEM; a client then checks their names"},
    {"multicast", 0, "GROUP", "join this group too"},
    {"proxy", 0, NULL,
     "be a forward-proxy for coap, coaps and http URIs too; takes HTTP at the same port"},
    {"proxy-secured", 0, NULL,
     "forward only requests that come over coaps, for coap and coaps URIs; accept no HTTP"},
    {"fault", 0, "NAME", "misbehave; may be repeated"},
    {"list-faults", 0, NULL, "list the faults"},
    {"format", 0, "FORMAT", "of --list-faults: text or json"},
    {"slow", 0, "MS", "how long /separate takes (300); /slow takes ten times as long"},
    {"client", 0, "URI", "be a client, and send requests to this URI"},
    {"local", 0, "ADDRESS", "the source address; selects the interface for multicast requests"},
    {"sessions", 0, "N", "number of simultaneous sessions, 1 to 4 (1)"},
    {"method", 0, "NAME", "GET, POST, PUT or DELETE"},
    {"payload", 0, "TEXT", "what to send"},
    {"content-format", 0, "N", "of the payload"},
    {"non", 0, NULL, "Non-confirmable requests"},
    {"accept", 0, "N", "the Content-Format wanted"},
    {"token-length", 0, "N", "0 to 8 octets (4)"},
    {"count", 0, "N", "number of requests, sent one after the other"},
    {"observe", 0, "SECONDS", "observe for this time"},
    {"linger", 0, "SECONDS", "keep running for this time after the last answer"},
    {"validate", 0, NULL, "send the ETag of an answer with the next request"},
    {NULL, 0, NULL, NULL},
};

static const char *const examples[] = {
    "device",
    "a server on coap://127.0.0.1:5683",
    "device --listen coap://127.0.0.1:0 --fault accept-ignored",
    "a free port, which it prints, and one fault",
    "device --client coap://127.0.0.1:5683/test --method PUT --payload hello",
    "a client",
    NULL,
};

/* Beside this program: `make` and `make install` put it there. */
static bool find_beside(char *out, size_t size)
{
    const ssize_t n = readlink("/proc/self/exe", out, size - 1);
    if (n <= 0)
        return false;
    out[n] = '\0';
    char *slash = strrchr(out, '/');
    if (slash == NULL)
        return false;
    const size_t room = size - (size_t)(slash + 1 - out);
    const int m = snprintf(slash + 1, room, "coapspec-device");
    return m > 0 && (size_t)m < room && access(out, X_OK) == 0;
}

static int run(struct cli *cli)
{
    if (cli->arg_count > 0)
        return cli_fail(cli, CLI_USAGE, "what is \"%s\"?", cli->args[0]);
    /* name, option and value each, "-v", NULL */
    char **argv = calloc(2 * cli->given_count + 3, sizeof *argv);
    char(*names)[32] = calloc(cli->given_count + 1, sizeof *names);
    if (argv == NULL || names == NULL) {
        free(argv);
        free(names);
        return cli_fail(cli, CLI_BENCH, "no memory");
    }
    static char program[] = "coapspec-device", verbose[] = "-v";
    size_t n = 0;
    argv[n++] = program;
    for (size_t i = 0; i < cli->given_count; i++) {
        snprintf(names[i], sizeof names[i], "--%s", cli->given[i].option->name);
        argv[n++] = names[i];
        if (cli->given[i].value != NULL)
            argv[n++] = strdup(cli->given[i].value);
    }
    if (cli->verbose)
        argv[n++] = verbose;
    char path[PATH_MAX];
    if (find_beside(path, sizeof path))
        execv(path, argv);
    execvp("coapspec-device", argv);
    const int error = errno;
    free(names);
    free(argv);
    return cli_fail(cli, CLI_BENCH, "cannot start coapspec-device: %s", strerror(error));
}

const struct cli_command cli_device = {
    .name = "device",
    .order = 70,
    .summary = "the reference device for trying out the tester, with optional faults",
    .usage = "[--listen URI] [--fault NAME]… | --client URI",
    .about =
        "A CoAP server with resources for the scenarios, or a client. It is built on libcoap, and "
        "conforms as far as libcoap allows; docs/reference-device.md lists what libcoap breaks.",
    .options = options,
    .examples = examples,
    .run = run,
};
