/* Where the device under test is. */
#include "src/run/target.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "src/net/interrupt.h"
#include "src/net/port.h"
#include "src/net/udp.h"

char *run_device_command(const char *command, const char *word, const char *value)
{
    char *out = NULL;
    size_t size = 0, length = strlen(word);
    FILE *text = open_memstream(&out, &size);
    if (text == NULL)
        return NULL;
    for (const char *at = command; *at != '\0';) {
        if (strncmp(at, word, length) == 0) {
            fputs(value, text);
            at += length;
        } else {
            fputc(*at++, text);
        }
    }
    return fclose(text) == 0 ? out : NULL;
}

/* It closed its output: most likely it is about to end. */
static void await_end(struct run_device *device)
{
    const uint64_t until = net_now() + NET_SECOND;
    while (!device->child.ended && net_now() < until)
        net_loop_turn(device->loop, until);
}

/* A device that listens on all addresses is asked on the loopback: 0.0.0.0 is no address to talk to. */
static void to_loopback(struct net_target *target)
{
    static const uint8_t any[16] = {0};
    struct cs_address *a = &target->address;
    char text[64];
    if (memcmp(a->ip, any, sizeof any) != 0)
        return;
    if (a->family == 6) {
        a->ip[15] = 1;
    } else {
        a->ip[0] = 127;
        a->ip[3] = 1;
    }
    cs_address_format(a, text, sizeof text);
    snprintf(target->uri, sizeof target->uri, "%s://%s", net_target_scheme(target), text);
    snprintf(target->host, sizeof target->host, "%s", a->family == 6 ? "::1" : "127.0.0.1");
}

/* The next URI of a device in `text`, with the blank behind it: ended there. NULL: none. `*rest` is what follows. */
static char *next_uri(char *text, char **rest)
{
    for (char *uri = strstr(text, "coap"); uri != NULL; uri = strstr(uri + 1, "coap")) {
        const size_t width = strcspn(uri, " \t\r\n");
        if ((strncmp(uri, "coap://", 7) != 0 && strncmp(uri, "coaps://", 8) != 0) ||
            uri[width] == '\0')
            continue;
        uri[width] = '\0';
        *rest = uri + width + 1;
        return uri;
    }
    return NULL;
}

/* The first URI is the target; one of the other scheme, printed together with it, is the same device. */
static bool take_uris(const struct run_device *device, char *uri, char *rest,
                      struct net_target *target, struct net_target *also, struct cs_error *error)
{
    if (!net_target_parse(uri, target, error))
        return false;
    to_loopback(target);
    while (!device->also_given && also->uri[0] == '\0' && (uri = next_uri(rest, &rest)) != NULL) {
        struct net_target other;
        struct cs_error unused = {0};
        if (net_target_parse(uri, &other, &unused) && other.transport != target->transport) {
            to_loopback(&other);
            *also = other;
        }
    }
    return true;
}

/* Reads what the device prints until a coap:// URI is in it. */
static bool read_uri(struct run_device *device, int fd, struct net_target *target,
                     struct net_target *also, struct cs_error *error)
{
    char text[4096] = "", how[128];
    size_t length = 0;
    uint64_t end = net_now() + 10 * NET_SECOND;
    while (net_now() < end && length + 1 < sizeof text) {
        struct pollfd ready = {.fd = fd, .events = POLLIN};
        int n = poll(&ready, 1, 100);
        if (n > 0) {
            ssize_t got = read(fd, text + length, sizeof text - 1 - length);
            if (got <= 0) {
                await_end(device);
                break;
            }
            length += (size_t)got;
            text[length] = '\0';
        }
        char *rest = NULL, *uri = next_uri(text, &rest);
        if (uri != NULL)
            return take_uris(device, uri, rest, target, also, error);
        if (net_interrupted())
            break;
    }
    if (run_device_ended(device, how, sizeof how))
        snprintf(error->text, sizeof error->text, "the device %s before it said where it listens",
                 how);
    else
        snprintf(error->text, sizeof error->text,
                 "the device did not print a coap:// URI within 10 s: --target says "
                 "where it is, or {port} in --exec gives it a port");
    return false;
}

static bool begin(struct run_device *device, const char *command, int *out_fd,
                  struct cs_error *error)
{
    if (device->loop == NULL)
        device->loop = net_loop_new();
    if (device->loop != NULL)
        return net_child_start(&device->child, device->loop, command, out_fd, error);
    snprintf(error->text, sizeof error->text, "out of memory");
    return false;
}

static bool start_printing(struct run_device *device, struct net_target *target,
                           struct net_target *also, struct cs_error *error)
{
    int fd = -1;
    if (!begin(device, device->command, &fd, error))
        return false;
    bool fine = read_uri(device, fd, target, also, error);
    /* the pipe stays open, so that what it prints later does not end it */
    device->pipe = fd;
    return fine;
}

static bool start_with_port(struct run_device *device, struct net_target *target,
                            struct cs_error *error)
{
    char text[32];
    snprintf(text, sizeof text, "%u", device->port);
    char *whole = run_device_command(device->command, "{port}", text);
    bool fine = whole != NULL && begin(device, whole, NULL, error);
    free(whole);
    snprintf(text, sizeof text, "coap://127.0.0.1:%u", device->port);
    return fine && net_target_parse(text, target, error);
}

static bool start(struct run_device *device, struct net_target *target, struct net_target *also,
                  struct cs_error *error)
{
    if (device->port != 0)
        return start_with_port(device, target, error);
    if (device->uri == NULL)
        return start_printing(device, target, also, error);
    return begin(device, device->command, NULL, error) &&
           net_target_parse(device->uri, target, error);
}

static void end(struct run_device *device)
{
    net_child_stop(&device->child);
    device->child = (struct net_child){0};
    if (device->pipe > 0)
        close(device->pipe);
    device->pipe = 0;
}

bool run_device_restart(struct run_device *device, struct net_target *target,
                        struct net_target *also, struct cs_error *error)
{
    const struct net_security *with = target->security, *also_with = also->security;
    const bool two = also->uri[0] != '\0';
    end(device);
    if (two && !device->also_given)
        also->uri[0] = '\0';
    if (!start(device, target, also, error))
        return false;
    if (!two)
        also->uri[0] = '\0';
    target->security = with;
    also->security = also_with;
    return true;
}

bool run_device_ended(struct run_device *device, char *how, size_t cap)
{
    if (device->child.pid <= 0)
        return false;
    if (!device->child.ended)
        net_loop_turn(device->loop, 0);
    if (device->child.ended)
        net_child_describe(&device->child, how, cap);
    return device->child.ended;
}

void run_device_stop(struct run_device *device)
{
    end(device);
    if (device->port != 0 && device->port_hold >= 0)
        close(device->port_hold);
    net_loop_free(device->loop);
    *device = (struct run_device){0};
}

/* --also: the other scheme. What a device that we start prints beside its target's is as good. */
static bool find_also(struct run_device *device, const struct run_device_words *words,
                      const struct net_target *target, struct net_target *also,
                      struct cs_error *error)
{
    if (!device->also_given)
        return true;
    if (!net_target_parse(words->also, also, error))
        return false;
    if (also->transport != target->transport)
        return true;
    snprintf(error->text, sizeof error->text,
             "--also %.80s: %s is spoken with %.80s already; %s is due here", also->uri,
             net_target_scheme(target), target->uri,
             net_target_is_secure(target) ? "coap" : "coaps");
    return false;
}

bool run_device_find(struct run_device *device, const struct run_device_words *words,
                     struct profile *profile, struct net_target *target, struct net_target *also,
                     struct cs_error *error)
{
    const char *command = words->command, *uri = words->target;
    bool client = words->listen != NULL ||
                  (command != NULL &&
                   (strstr(command, "{server}") != NULL || strstr(command, "{uri}") != NULL));
    device->also_given = words->also != NULL;
    if (client) {
        profile->client = true;
        device->per_case = command != NULL;
        return net_target_parse(words->listen != NULL ? words->listen : words->own, target,
                                error) &&
               net_udp_may_listen(&target->address, target->scope, error);
    }
    if (command == NULL)
        return net_target_parse(uri, target, error) &&
               find_also(device, words, target, also, error);
    device->command = command;
    device->uri = uri;
    if (strstr(command, "{port}") != NULL && uri == NULL &&
        !net_port_take(&device->port, &device->port_hold, error))
        return false;
    return start(device, target, also, error) && find_also(device, words, target, also, error);
}
