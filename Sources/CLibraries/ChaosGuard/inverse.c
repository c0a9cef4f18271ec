#define _GNU_SOURCE
#include "inverse.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "process.h"

enum {
    // A process that is killed, or moved while it forks, takes a moment.
    patience_milliseconds = 2000,
    nap_milliseconds = 2,
};

static int signal_process(struct identity process, int number) {
    int descriptor = hold(process);
    if (descriptor < 0) return errno == ESRCH || errno == EINVAL ? 0 : errno;
    int problem = signal_held(descriptor, number) == 0 || errno == ESRCH ? 0 : errno;
    if (problem == 0 && number == SIGKILL) {
        struct pollfd end = {descriptor, POLLIN, 0};
        poll(&end, 1, patience_milliseconds);
    }
    close(descriptor);
    return problem;
}

static int restore_limit(struct identity process, int resource, struct rlimit limit) {
    int descriptor = hold(process);
    if (descriptor < 0) return errno == ESRCH || errno == EINVAL ? 0 : errno;
    int problem = prlimit(process.id, resource, &limit, NULL) == 0 || errno == ESRCH ? 0 : errno;
    close(descriptor);
    return problem;
}

static int write_file(const char *folder, const char *name, const char *text) {
    char path[4200];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    int file = open(path, O_WRONLY | O_CLOEXEC);
    if (file < 0) return errno;
    int problem = write(file, text, strlen(text)) < 0 ? errno : 0;
    close(file);
    return problem;
}

/// Moves every process of a group to another; how many there were, or -1.
static int move_all(const char *from, const char *to) {
    char path[4200], line[32];
    snprintf(path, sizeof path, "%s/cgroup.procs", from);
    FILE *list = fopen(path, "re");
    if (!list) return -1;
    int count = 0;
    while (fgets(line, sizeof line, list)) {
        write_file(to, "cgroup.procs", line);
        count++;
    }
    fclose(list);
    return count;
}

/// Thaws a group of ours, gives its processes back and removes it.
static int remove_group(const char *parent, const char *path) {
    const char *name = strrchr(path, '/');
    // Whatever stands in a journal, only what bears our name is removed.
    if (!name || strncmp(name + 1, "loadgen-", 8) != 0 || strstr(path, "/../")) return EINVAL;
    int64_t end = now_milliseconds() + patience_milliseconds;
    while (access(path, F_OK) == 0) {
        write_file(path, "cgroup.freeze", "0");
        write_file(path, "freezer.state", "THAWED");
        move_all(path, parent);
        if (rmdir(path) == 0 || errno == ENOENT) break;
        if (now_milliseconds() > end) return errno;
        poll(NULL, 0, nap_milliseconds);
    }
    return 0;
}

/// Removes a table of nftables that bears our name, if this is still the namespace that it is in.
static int remove_table(unsigned long long namespace, char *name) {
    struct stat status;
    if (strncmp(name, "loadgen-", 8) != 0) return EINVAL;
    for (char *at = name; *at; at++)
        if (!isalnum((unsigned char)*at) && *at != '-') return EINVAL;
    // The other namespace has ended with the processes that were in it, and so has the table.
    if (stat("/proc/self/ns/net", &status) != 0 || status.st_ino != namespace) return 0;
    char text[600];
    // One that is not there is made first, so that to remove it twice is no failure.
    snprintf(text, sizeof text, "add table inet %s; delete table inet %s", name, name);
    char *words[] = {"nft", text, NULL};
    pid_t child;
    int problem = posix_spawn(&child, "/usr/sbin/nft", NULL, NULL, words, environ), result;
    if (problem != 0) return problem;
    while (waitpid(child, &result, 0) < 0)
        if (errno != EINTR) return errno;
    return result == 0 ? 0 : EIO;
}

int undo_line(const char *line) {
    struct identity process;
    char word[16], parent[4096], path[4096];
    if (sscanf(line, "%15[a-z]\t", word) != 1) return EINVAL;
    const char *rest = line + strlen(word);
    if (strcmp(word, "cgroup") == 0)
        return sscanf(rest, "\t%4095[^\t\n]\t%4095[^\t\n]", parent, path) == 2
                   ? remove_group(parent, path) : EINVAL;
    unsigned long long namespace;
    char name[256];
    if (strcmp(word, "nft") == 0)
        return sscanf(rest, "%llu %255s", &namespace, name) == 2 ? remove_table(namespace, name)
                                                                 : EINVAL;
    if (sscanf(rest, "%d %llu", &process.id, &process.start) != 2) return EINVAL;
    if (strcmp(word, "continue") == 0) return signal_process(process, SIGCONT);
    if (strcmp(word, "kill") == 0) return signal_process(process, SIGKILL);
    int resource;
    unsigned long long soft, hard;
    if (strcmp(word, "rlimit") == 0
        && sscanf(rest, "%*d %*u %d %llu %llu", &resource, &soft, &hard) == 3)
        return restore_limit(process, resource, (struct rlimit){soft, hard});
    return EINVAL;
}
