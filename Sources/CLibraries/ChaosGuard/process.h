// A process by its id and the time of its start, which together name one process of a boot.
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct identity {
    pid_t id;
    unsigned long long start;
};

/// When a process started, in clock ticks since boot; 0 if there is none, or it has ended.
unsigned long long start_of(pid_t id);

/// A descriptor of the process; -1 if it is no more.
int hold(struct identity process);

/// Sends a signal to a process that is held, and not to one that got its id later.
int signal_held(int descriptor, int number);

int64_t now_milliseconds(void);
