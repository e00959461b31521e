/* The device under test as a client: each case starts one of its own, towards its own socket; or somebody is told what to
 * do. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "src/run/run.h"

struct run_client {
    struct run_case *owner;
    struct net_child child;
    struct net_watch pipe; /* what it prints */
    char said[160];        /* the end of it */
    size_t said_length;
    bool reading;
};

static void keep_end(struct run_client *client, const char *text, size_t length)
{
    size_t cap = sizeof client->said - 1;
    if (length > cap) {
        text += length - cap;
        length = cap;
    }
    size_t kept = client->said_length + length > cap ? cap - length : client->said_length;
    memmove(client->said, client->said + client->said_length - kept, kept);
    for (size_t i = 0; i < length; i++)
        client->said[kept + i] = text[i] >= ' ' && text[i] < 0x7f ? text[i] : ' ';
    client->said_length = kept + length;
    client->said[client->said_length] = '\0';
}

static void stop_reading(struct run_client *client)
{
    if (!client->reading)
        return;
    net_watch_stop(client->owner->run->loop, &client->pipe);
    close(client->pipe.fd);
    client->reading = false;
}

static void on_output(void *user)
{
    struct run_client *client = user;
    char text[512];
    ssize_t n = read(client->pipe.fd, text, sizeof text);
    if (n > 0)
        keep_end(client, text, (size_t)n);
    else if (n == 0 || errno != EINTR)
        stop_reading(client);
}

bool run_client_ended(const struct run_case *c, char *how, size_t cap)
{
    if (c->client == NULL || !c->client->child.ended)
        return false;
    char text[100];
    const char *said = c->client->said + strspn(c->client->said, " ");
    size_t length = strlen(said);
    while (length > 0 && said[length - 1] == ' ')
        length--;
    net_child_describe(&c->client->child, text, sizeof text);
    snprintf(how, cap, "the client %s%s%.*s%s", text, length > 0 ? " (it said: " : "", (int)length,
             said, length > 0 ? ")" : "");
    return true;
}

bool run_client_shut_out(const struct run_case *c, char *why, size_t cap)
{
    const struct run_endpoint *e = &c->endpoints[0];
    if (!net_socket_accepts(&e->socket) || e->news.why[0] == '\0')
        return false;
    snprintf(why, cap, "%s", e->news.why);
    return true;
}

/* It may end when it is done; a signal, or an end before it has said anything, is the end of the case too. */
static void on_end(void *user)
{
    struct run_client *client = user;
    struct run_case *c = client->owner;
    char how[320];
    if (c->stage == RUN_OVER)
        return;
    int status = client->child.status;
    run_client_ended(c, how, sizeof how);
    if (WIFSIGNALED(status))
        run_case_stop(c, REPORT_FAIL, how);
    else if (!c->heard && (WEXITSTATUS(status) == 126 || WEXITSTATUS(status) == 127))
        run_case_stop(c, REPORT_ERROR, how); /* the shell could not run it */
    else if (!c->heard)
        run_case_stop(c, REPORT_INCONCLUSIVE, how);
    else
        return;
    run_case_over(c);
}

static bool cannot(struct run_case *c, const char *why)
{
    snprintf(c->reason, sizeof c->reason, "%s", why);
    return false;
}

bool run_client_start(struct run_case *c)
{
    struct run *run = c->run;
    char server[160];
    struct cs_error error = {0};
    if (!run->profile->client || c->report_index == REPORT_NO_CASE)
        return true;
    const struct run_endpoint *heard = &c->endpoints[0];
    if (c->scenario->asks.values[ASKS_GROUP] != NULL) {
        if (c->endpoint_count == 1 && !run_endpoint_hear_group(c))
            return false;
        heard = &c->endpoints[1];
    }
    run_endpoint_uri(heard, server, sizeof server);
    if (run->options.exec == NULL) {
        if (run->options.instruct != NULL)
            run->options.instruct(run->options.user, c->scenario, server);
        return true;
    }
    struct run_client *client = calloc(1, sizeof *client);
    if (client == NULL)
        return cannot(c, "out of memory");
    *client = (struct run_client){.owner = c,
                                  .child = {.done = on_end, .user = client, .quiet = true},
                                  .pipe = {.ready = on_output, .user = client}};
    c->client = client;
    char *command = asks_command(&c->scenario->asks, run->options.exec, server);
    if (command == NULL)
        return cannot(c, "out of memory");
    bool fine = net_child_start(&client->child, run->loop, command, &client->pipe.fd, &error);
    free(command);
    if (!fine)
        return cannot(c, error.text);
    client->reading = net_watch_start(run->loop, &client->pipe);
    return client->reading || cannot(c, "out of memory");
}

void run_client_stop(struct run_case *c)
{
    if (c->client != NULL)
        net_child_ask_to_end(&c->client->child);
}

static bool restart_server(struct run_case *c, struct cs_error *error)
{
    struct run *run = c->run;
    if (run->options.restart == NULL ||
        !run->options.restart(run->options.user, &run->target, &run->also, error)) {
        if (error->text[0] == '\0')
            snprintf(error->text, sizeof error->text, "the device is not started by us");
        return false;
    }
    for (size_t i = 0; i < c->endpoint_count; i++)
        if (!c->endpoints[i].serves)
            c->endpoints[i].peer = c->endpoints[i].device->address;
    return true;
}

bool run_case_restart(struct run_case *c, struct cs_error *error)
{
    /* what a device says after a new start repeats nothing that it said before */
    for (size_t i = 0; i < c->message_count; i++)
        if (c->messages[i]->original == NULL)
            c->messages[i]->original = c->messages[i];
    if (!c->run->profile->client)
        return restart_server(c, error);
    run_client_free(c);
    if (c->run->options.exec != NULL && run_client_start(c))
        return true;
    snprintf(error->text, sizeof error->text, "the client cannot be started anew: %.200s",
             c->reason);
    return false;
}

void run_client_free(struct run_case *c)
{
    if (c->client == NULL)
        return;
    net_child_stop(&c->client->child);
    stop_reading(c->client);
    free(c->client);
    c->client = NULL;
}
