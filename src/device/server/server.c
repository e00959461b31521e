/* src/device/server/server.c: sockets and the loop of the server. */
#include "src/device/server/server.h"

#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "src/device/common/icmp.h"
#include "src/device/common/secure.h"
#include "src/device/proxy/http.h"
#include "src/device/proxy/proxy.h"
#include "src/device/resource/resources.h"
#include "src/device/server/dispatch.h"

/* libcoap binds with SO_REUSEADDR, so that any other program which does that could share the port without a word, even one
 * that the system chose: a second server, or a client, which would then ask itself. A socket of our own claims the address
 * first, without that option, and lets libcoap join. Returns it, or -1. */
static int claim(const char *uri, coap_address_t *address)
{
    const int on = 1, off = 0;
    const int fd = socket(address->addr.sa.sa_family, SOCK_DGRAM, 0);
    if (fd >= 0 && address->addr.sa.sa_family == AF_INET6)
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off); /* as libcoap does */
    if (fd >= 0 && bind(fd, &address->addr.sa, address->size) == 0 &&
        getsockname(fd, &address->addr.sa, &address->size) == 0 &&
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0)
        return fd;
    fprintf(stderr, "coapspec-device: cannot listen on %s: %s\n", uri, strerror(errno));
    if (fd >= 0)
        close(fd);
    return -1;
}

/* Once libcoap is there, nobody else may join: the option is taken from each socket at the address. libcoap does not
 * tell which is its own. */
static bool close_to_others(const coap_address_t *address)
{
    const int off = 0;
    bool found = false;
    for (int fd = 0; fd < 256; fd++) {
        coap_address_t at;
        coap_address_init(&at);
        if (getsockname(fd, &at.addr.sa, &at.size) == 0 && coap_address_equals(&at, address))
            found = setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &off, sizeof off) == 0;
    }
    return found;
}

static void say_listening(const coap_address_t *address, bool secure)
{
    char host[INET6_ADDRSTRLEN + 16] = "?";
    getnameinfo(&address->addr.sa, address->size, host, sizeof host, NULL, 0, NI_NUMERICHOST);
    const bool six = address->addr.sa.sa_family == AF_INET6;
    printf("listening on coap%s://%s%s%s:%u\n", secure ? "s" : "", six ? "[" : "", host,
           six ? "]" : "", (unsigned)coap_address_get_port(address));
}

static bool is_secure(const char *uri) { return strncmp(uri, "coaps:", 6) == 0; }

static bool listen_on(struct device *device, const struct device_options *options, const char *uri,
                      coap_address_t *address)
{
    coap_uri_t parts;
    if (!device_address(uri, &parts, address) ||
        (is_secure(uri) && !device_secure(device->coap, options, device->faults)))
        return false;
    const int claimed = claim(uri, address);
    if (claimed < 0)
        return false;
    const coap_proto_t protocol = is_secure(uri) ? COAP_PROTO_DTLS : COAP_PROTO_UDP;
    bool ok = coap_new_endpoint(device->coap, address, protocol) != NULL;
    close(claimed);
    ok = ok && close_to_others(address);
    if (!ok)
        fprintf(stderr, "coapspec-device: cannot listen on %s\n", uri);
    return ok;
}

/* "224.0.1.187" or "224.0.1.187%lo". */
static bool join(struct device *device, const char *group)
{
    char address[INET6_ADDRSTRLEN + 1];
    const char *interface = strchr(group, '%');
    const size_t n = interface == NULL ? strlen(group) : (size_t)(interface - group);
    snprintf(address, sizeof address, "%.*s", (int)n, group);
    if (coap_join_mcast_group_intf(device->coap, address,
                                   interface == NULL ? NULL : interface + 1) == 0)
        return true;
    fprintf(stderr, "coapspec-device: cannot join %s\n", group);
    return false;
}

static bool open_all(struct device_server *server, const struct device_options *options)
{
    struct device *device = &server->device;
    coap_address_t addresses[sizeof options->listen / sizeof options->listen[0]];
    device->coap = coap_new_context(NULL);
    if (device->coap == NULL || !device_store_init(device)) {
        fprintf(stderr, "coapspec-device: no memory\n");
        return false;
    }
    coap_set_app_data(device->coap, server);
    coap_context_set_block_mode(device->coap, COAP_BLOCK_USE_LIBCOAP | COAP_BLOCK_SINGLE_BODY);
    for (size_t i = 0; i < options->listen_count; i++)
        if (!listen_on(device, options, options->listen[i], &addresses[i]))
            return false;
    server->port = coap_address_get_port(&addresses[0]);
    if (options->multicast != NULL && !join(device, options->multicast))
        return false;
    if (options->proxy)
        server->proxy = device_proxy_new(device, options, server->port);
    if ((options->proxy && server->proxy == NULL) || !device_register(server)) {
        fprintf(stderr, "coapspec-device: no memory\n");
        return false;
    }
    for (size_t i = 0; i < options->listen_count; i++)
        say_listening(&addresses[i], is_secure(options->listen[i]));
    fflush(stdout); /* all at once, for who starts us and waits for it */
    return true;
}

static uint64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* Forgets all that is under way. */
static void give_up(struct device_server *server)
{
    for (size_t i = 0; i < DEVICE_PROMISED_MAX; i++) {
        if (server->promised[i] == NULL)
            continue;
        coap_session_disconnected(server->promised[i], COAP_NACK_NOT_DELIVERABLE);
        coap_session_release(server->promised[i]);
        server->promised[i] = NULL;
    }
}

/* Wakes up five times a second at least, so that a signal that comes just before the wait is not missed for long. */
static void loop(struct device_server *server)
{
    uint64_t next_ms = now_ms() + 1000;
    while (!device_stop) {
        if (server->proxy != NULL)
            device_http_wait(device_proxy_http(server->proxy), 200);
        else
            coap_io_process(server->device.coap, 200);
        const uint64_t now = now_ms();
        if (device_icmp_came(server->icmp, server->port))
            give_up(server);
        if (now >= next_ms) {
            device_tick(server);
            next_ms = now - next_ms > 1000 ? now + 1000 : next_ms + 1000;
        }
    }
}

int device_serve(const struct device_options *options)
{
    /* the first ETag: four octets, none of them a leading zero, which libcoap would drop */
    struct device_server server = {.device = {.tags = 0x5a000000,
                                              .resources = device_resources,
                                              .resource_count = device_resource_count},
                                   .slow_ms = options->slow_ms};
    device_switch_faults(options, server.device.faults);
    server.icmp = device_icmp_open(server.device.faults);
    const bool ok = open_all(&server, options);
    if (ok)
        loop(&server);
    if (server.icmp >= 0)
        give_up(&server);
    device_proxy_free(server.proxy);
    coap_free_context(server.device.coap);
    device_dispatch_fini(&server);
    device_store_fini(&server.device);
    return ok ? DEVICE_OK : DEVICE_BENCH;
}
