/* src/device/main.c: the command line of coapspec-device. */
#include <coap3/coap.h>

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/device/client/client.h"
#include "src/device/common/endpoint.h"
#include "src/device/common/secure.h"
#include "src/device/server/server.h"

static const char usage[] =
    "coapspec-device: a CoAP device on libcoap, to try the tester on\n\n  coapspec-device "
    "[--listen URI] [--fault NAME]…     a server\n  coapspec-device --client URI [--method GET] …  "
    "    a client\n\nserver\n  --listen URI        the address to listen on; up to 4 times "
    "(default coap://127.0.0.1:5683; port 0: any)\n  --multicast GROUP   join this group too: "
    "224.0.1.187, or 224.0.1.187%lo on one interface\n  --proxy             be a forward-proxy for "
    "coap, coaps and http URIs too; takes HTTP at the same port\n  --proxy-secured     forward "
    "only requests that come over coaps, for coap and coaps URIs; accept no HTTP\n  --fault NAME   "
    "     misbehave; may be repeated\n  --list-faults       what there is; with --format json as "
    "an array\n  --slow MS           how long /separate takes (300); /slow takes ten times as "
    "long\nclient\n  --method NAME       GET, POST, PUT or DELETE (GET)\n  --payload TEXT      "
    "with --content-format N\n  --non               Non-confirmable\n  --accept N          a "
    "Content-Format\n  --token-length N    0 to 8 octets (4)\n  --count N           so many "
    "requests, one after the other (1)\n  --observe SECONDS   observe for so long\n  --linger "
    "SECONDS    keep running for this time after the last answer\n  --local ADDRESS     the source "
    "address; selects the interface for multicast requests\n  --validate          send the ETag of "
    "an answer with the next request\n  --sessions N        number of simultaneous sessions, 1 to "
    "4 (1)\nboth\n  --psk-identity TEXT for coaps: whom we know, or who we are; and --psk-key "
    "TEXT: by which key\n  --cert FILE         for coaps: our certificate, with --cert-key FILE, "
    "both PEM\n  --ca FILE           for coaps: who signs those of others, PEM; a client then "
    "looks at names\n  -v, --verbose       libcoap's own messages, on stderr\n  -h, --help   "
    "--version\n\nPrints \"listening on coap://127.0.0.1:NNNNN\" when it is ready. Ends on SIGTERM "
    "and SIGINT.\nExit: 0 all well, 1 a request was not answered, 2 bad command line, 3 no socket, "
    "no memory.\n\n  coapspec-device --listen coap://127.0.0.1:0 --fault accept-ignored\n  "
    "coapspec-device --client coap://127.0.0.1:5683/test --method PUT --payload hello\n";

enum {
    OPT_LISTEN = 256,
    OPT_MULTICAST,
    OPT_PROXY,
    OPT_PROXY_SECURED,
    OPT_FAULT,
    OPT_LIST_FAULTS,
    OPT_FORMAT,
    OPT_SLOW,
    OPT_CLIENT,
    OPT_METHOD,
    OPT_PAYLOAD,
    OPT_CONTENT_FORMAT,
    OPT_NON,
    OPT_ACCEPT,
    OPT_TOKEN_LENGTH,
    OPT_COUNT,
    OPT_OBSERVE,
    OPT_LINGER,
    OPT_VALIDATE,
    OPT_LOCAL,
    OPT_SESSIONS,
    OPT_PSK_IDENTITY,
    OPT_PSK_KEY,
    OPT_CERT,
    OPT_CERT_KEY,
    OPT_CA,
    OPT_VERSION
};

static const struct option long_options[] = {
    {"listen", required_argument, NULL, OPT_LISTEN},
    {"multicast", required_argument, NULL, OPT_MULTICAST},
    {"proxy", no_argument, NULL, OPT_PROXY},
    {"proxy-secured", no_argument, NULL, OPT_PROXY_SECURED},
    {"fault", required_argument, NULL, OPT_FAULT},
    {"list-faults", no_argument, NULL, OPT_LIST_FAULTS},
    {"format", required_argument, NULL, OPT_FORMAT},
    {"slow", required_argument, NULL, OPT_SLOW},
    {"client", required_argument, NULL, OPT_CLIENT},
    {"method", required_argument, NULL, OPT_METHOD},
    {"payload", required_argument, NULL, OPT_PAYLOAD},
    {"content-format", required_argument, NULL, OPT_CONTENT_FORMAT},
    {"non", no_argument, NULL, OPT_NON},
    {"accept", required_argument, NULL, OPT_ACCEPT},
    {"token-length", required_argument, NULL, OPT_TOKEN_LENGTH},
    {"count", required_argument, NULL, OPT_COUNT},
    {"observe", required_argument, NULL, OPT_OBSERVE},
    {"linger", required_argument, NULL, OPT_LINGER},
    {"validate", no_argument, NULL, OPT_VALIDATE},
    {"local", required_argument, NULL, OPT_LOCAL},
    {"sessions", required_argument, NULL, OPT_SESSIONS},
    {"psk-identity", required_argument, NULL, OPT_PSK_IDENTITY},
    {"psk-key", required_argument, NULL, OPT_PSK_KEY},
    {"cert", required_argument, NULL, OPT_CERT},
    {"cert-key", required_argument, NULL, OPT_CERT_KEY},
    {"ca", required_argument, NULL, OPT_CA},
    {"verbose", no_argument, NULL, 'v'},
    {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, OPT_VERSION},
    {NULL, 0, NULL, 0},
};

/* What the options that do something at once ask for. */
struct asked {
    bool help, version, list, json;
};

static bool number(const char *name, const char *text, unsigned long max, unsigned *out)
{
    char *end;
    const unsigned long value = strtoul(text, &end, 10);
    if (*text < '0' || *text > '9' || *end != '\0' || value > max) {
        fprintf(stderr, "coapspec-device: --%s takes a number from 0 to %lu, not \"%s\"\n", name,
                max, text);
        return false;
    }
    *out = (unsigned)value;
    return true;
}

static bool format_number(const char *name, const char *text, int *out)
{
    unsigned value = 0;
    if (!number(name, text, 65535, &value))
        return false;
    *out = (int)value;
    return true;
}

static bool add_fault(struct device_options *options, const char *name)
{
    const char *nearest = NULL;
    if (device_fault_named(name, &nearest) == DEVICE_FAULTS) {
        fprintf(stderr, "coapspec-device: no fault is called %s%s%s%s (--list-faults)\n", name,
                nearest != NULL ? ": did you mean " : "", nearest != NULL ? nearest : "",
                nearest != NULL ? "?" : "");
        return false;
    }
    if (options->fault_count < DEVICE_FAULTS)
        options->faults[options->fault_count++] = name;
    return true;
}

static bool add_listen(struct device_options *options, const char *uri)
{
    if (options->listen_count == sizeof options->listen / sizeof options->listen[0]) {
        fprintf(stderr, "coapspec-device: --listen up to 4 times\n");
        return false;
    }
    options->listen[options->listen_count++] = uri;
    return true;
}

static bool take_server(struct device_options *options, struct asked *asked, int option)
{
    switch (option) {
    case OPT_LISTEN:
        return add_listen(options, optarg);
    case OPT_MULTICAST:
        options->multicast = optarg;
        return true;
    case OPT_PROXY:
        options->proxy = true;
        return true;
    case OPT_PROXY_SECURED:
        options->proxy = options->proxy_secured = true;
        return true;
    case OPT_FAULT:
        return add_fault(options, optarg);
    case OPT_LIST_FAULTS:
        asked->list = true;
        return true;
    case OPT_FORMAT:
        asked->json = strcmp(optarg, "json") == 0;
        if (!asked->json && strcmp(optarg, "text") != 0)
            fprintf(stderr, "coapspec-device: --format text or json\n");
        return asked->json || strcmp(optarg, "text") == 0;
    case OPT_SLOW:
        return number("slow", optarg, 60000, &options->slow_ms);
    default:
        return false;
    }
}

static bool take_client(struct device_options *options, int option)
{
    switch (option) {
    case OPT_CLIENT:
        options->client = optarg;
        return true;
    case OPT_METHOD:
        options->method = optarg;
        return true;
    case OPT_PAYLOAD:
        options->payload = optarg;
        return true;
    case OPT_CONTENT_FORMAT:
        return format_number("content-format", optarg, &options->format);
    case OPT_ACCEPT:
        return format_number("accept", optarg, &options->accept);
    case OPT_NON:
        options->non = true;
        return true;
    case OPT_TOKEN_LENGTH:
        return number("token-length", optarg, 8, &options->token_length);
    case OPT_COUNT:
        return number("count", optarg, 100000, &options->count);
    case OPT_OBSERVE:
        return number("observe", optarg, 3600, &options->observe_s);
    case OPT_LINGER:
        return number("linger", optarg, 3600, &options->linger_s);
    case OPT_LOCAL:
        options->local = optarg;
        return true;
    case OPT_SESSIONS:
        return number("sessions", optarg, DEVICE_SESSIONS_MAX, &options->sessions);
    case OPT_VALIDATE:
        options->validate = true;
        return true;
    default:
        return false;
    }
}

static bool take_secret(struct device_options *options, int option)
{
    const char **places[] = {&options->identity, &options->key, &options->cert, &options->cert_key,
                             &options->ca};
    *places[option - OPT_PSK_IDENTITY] = optarg;
    return true;
}

static bool parse(int argc, char **argv, struct device_options *options, struct asked *asked)
{
    for (;;) {
        const int option = getopt_long(argc, argv, "hv", long_options, NULL);
        bool ok = true;
        if (option == -1)
            break;
        if (option == 'h')
            asked->help = true;
        else if (option == 'v')
            options->verbose = true;
        else if (option == OPT_VERSION)
            asked->version = true;
        else if (option >= OPT_PSK_IDENTITY)
            ok = take_secret(options, option);
        else if (option >= OPT_CLIENT)
            ok = take_client(options, option);
        else
            ok = take_server(options, asked, option);
        if (!ok)
            return false;
    }
    if (optind < argc)
        fprintf(stderr, "coapspec-device: what is \"%s\"? (--help)\n", argv[optind]);
    return optind == argc;
}

/* libcoap's own way prints some levels on stdout, which is for data. */
static void on_log(coap_log_t level, const char *message)
{
    (void)level;
    fputs(message, stderr);
}

int main(int argc, char **argv)
{
    struct device_options options = {.method = "GET",
                                     .slow_ms = 300,
                                     .token_length = 4,
                                     .count = 1,
                                     .sessions = 1,
                                     .accept = -1,
                                     .format = -1};
    struct asked asked = {.help = false};
    if (!parse(argc, argv, &options, &asked))
        return DEVICE_USAGE;
    if (asked.help) {
        fputs(usage, stdout);
        return DEVICE_OK;
    }
    if (asked.version) {
        printf("coapspec-device %s, %s\n", COAPSPEC_VERSION, coap_package_version());
        return DEVICE_OK;
    }
    if (asked.list) {
        device_faults_print(asked.json);
        return DEVICE_OK;
    }
    if (options.listen_count == 0)
        options.listen[options.listen_count++] = "coap://127.0.0.1:5683";
    if ((options.key != NULL) != (options.identity != NULL)) {
        fprintf(stderr, "coapspec-device: --psk-identity and --psk-key go together\n");
        return DEVICE_USAGE;
    }
    coap_uri_t parts;
    for (size_t i = 0; options.client == NULL && i < options.listen_count; i++)
        if (!device_uri(options.listen[i], &parts))
            return DEVICE_USAGE;
    device_signals();
    if (!device_configure_library(&options))
        return DEVICE_BENCH;
    coap_startup();
    coap_set_log_handler(on_log);
    coap_set_log_level((coap_log_t)(options.verbose ? 7 : 0)); /* debugging, or emergencies */
    const int result = options.client != NULL ? device_ask(&options) : device_serve(&options);
    coap_cleanup();
    return result;
}
