#define _GNU_SOURCE
#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

unsigned long long start_of(pid_t id) {
    char path[64], text[1024];
    snprintf(path, sizeof path, "/proc/%d/stat", (int)id);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t size = file < 0 ? -1 : read(file, text, sizeof text - 1);
    if (file >= 0) close(file);
    if (size <= 0) return 0;
    text[size] = 0;
    // The name, in parentheses, may hold anything; the start is the 20th field after it.
    char *field = strrchr(text, ')');
    // One that is only waited for has ended.
    if (!field || strlen(field) < 3 || strchr("ZX", field[2])) return 0;
    for (int i = 0; field && i < 20; i++) field = strchr(field + 1, ' ');
    return field ? strtoull(field + 1, NULL, 10) : 0;
}

int hold(struct identity process) {
    if (process.id <= 1) return -1;
    int descriptor = (int)syscall(SYS_pidfd_open, process.id, 0);
    if (descriptor < 0) return -1;
    // The descriptor keeps to the process that it was opened for: what is true now stays true.
    if (start_of(process.id) == process.start) return descriptor;
    close(descriptor);
    errno = ESRCH;
    return -1;
}

int signal_held(int descriptor, int number) {
    return (int)syscall(SYS_pidfd_send_signal, descriptor, number, NULL, 0);
}

int64_t now_milliseconds(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000LL + time.tv_nsec / 1000000;
}
