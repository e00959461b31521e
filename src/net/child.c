/* A command that runs beside us. */
#include "src/net/child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

static void ended(void *user)
{
    struct net_child *child = user;
    if (waitpid(child->pid, &child->status, WNOHANG) != child->pid)
        return;
    net_watch_stop(child->loop, &child->watch);
    close(child->watch.fd);
    child->ended = true;
    if (child->done != NULL)
        child->done(child->user);
}

static void become(const char *command, int out, bool quiet)
{
    setpgid(0, 0);
    signal(SIGPIPE, SIG_DFL);
    dup2(out, STDOUT_FILENO);
    if (quiet)
        dup2(out, STDERR_FILENO);
    execl("/bin/sh", "sh", "-c", command, (char *)NULL);
    _exit(127);
}

bool net_child_start(struct net_child *child, struct net_loop *loop, const char *command,
                     int *out_fd, struct cs_error *error)
{
    int ends[2] = {-1, -1};
    child->loop = loop;
    child->ended = false;
    child->pid = 0;
    if (out_fd != NULL && pipe2(ends, O_CLOEXEC) != 0) {
        snprintf(error->text, sizeof error->text, "cannot make a pipe: %s", strerror(errno));
        return false;
    }
    pid_t pid = fork();
    if (pid == 0)
        become(command, out_fd != NULL ? ends[1] : STDERR_FILENO, child->quiet);
    if (out_fd != NULL)
        close(ends[1]);
    int fd = pid > 0 ? pidfd_open(pid, 0) : -1;
    child->watch = (struct net_watch){.fd = fd, .ready = ended, .user = child};
    if (pid < 0 || fd < 0 || !net_watch_start(loop, &child->watch)) {
        snprintf(error->text, sizeof error->text, "cannot start '%.200s': %s", command,
                 strerror(errno));
        if (pid > 0)
            kill(pid, SIGKILL);
        if (out_fd != NULL)
            close(ends[0]);
        return false;
    }
    setpgid(pid, pid);
    child->pid = pid;
    if (out_fd != NULL)
        *out_fd = ends[0];
    return true;
}

void net_child_ask_to_end(struct net_child *child)
{
    if (child->pid > 0 && !child->ended)
        kill(-child->pid, SIGTERM);
}

void net_child_stop(struct net_child *child)
{
    if (child->pid <= 0)
        return;
    bool running = !child->ended;
    if (running) {
        kill(-child->pid, SIGTERM);
        struct timespec moment = {0, 5000000};
        pid_t gone = 0;
        for (int i = 0; i < 200 && gone == 0; i++) {
            gone = waitpid(child->pid, &child->status, WNOHANG);
            if (gone == 0)
                nanosleep(&moment, NULL);
        }
        running = gone == 0;
        net_watch_stop(child->loop, &child->watch);
        close(child->watch.fd);
        child->ended = true;
    }
    /* what the shell left behind is in its group too */
    kill(-child->pid, SIGKILL);
    if (running)
        waitpid(child->pid, &child->status, 0);
    child->pid = 0;
}

void net_child_describe(const struct net_child *child, char *buf, size_t cap)
{
    if (WIFSIGNALED(child->status))
        snprintf(buf, cap, "was ended by signal %d (%s)", WTERMSIG(child->status),
                 strsignal(WTERMSIG(child->status)));
    else
        snprintf(buf, cap, "exited with status %d", WEXITSTATUS(child->status));
}
