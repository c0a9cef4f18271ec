#pragma once
// What Glibc's Swift module leaves out: epoll, eventfd and signalfd, and prctl, which is variadic in C.
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <time.h>

/// epoll_pwait2 with no signal mask; the header hides it without _GNU_SOURCE.
int epoll_pwait2(int, struct epoll_event *, int, const struct timespec *, const sigset_t *);

/// Likewise.
int pipe2(int *, int);

/// Likewise.
int accept4(int, void *, unsigned int *, int);

/// Likewise.
int pthread_setname_np(unsigned long, const char *);

static inline int linux_set_timer_slack(unsigned long nanoseconds) {
    return prctl(PR_SET_TIMERSLACK, nanoseconds, 0, 0, 0);
}

static inline int linux_signal_on_parent_death(int signal_number) {
    return prctl(PR_SET_PDEATHSIG, (unsigned long)signal_number, 0, 0, 0);
}
