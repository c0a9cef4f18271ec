#pragma once
// What Glibc's Swift module leaves out: epoll, eventfd and signalfd, netlink's socket list, and prctl,
// which is variadic in C.
#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <sched.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <stdint.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

/// The headers hide these without _GNU_SOURCE.
int pipe2(int *, int);
int posix_spawn_file_actions_addclosefrom_np(void *, int);
int accept4(int, void *, unsigned int *, int);
int pthread_setname_np(unsigned long, const char *);

static inline int linux_set_timer_slack(unsigned long nanoseconds) {
    return prctl(PR_SET_TIMERSLACK, nanoseconds, 0, 0, 0);
}

static inline int linux_signal_on_parent_death(int signal_number) {
    return prctl(PR_SET_PDEATHSIG, (unsigned long)signal_number, 0, 0, 0);
}

/// A system call in place: glibc's wrappers look after pthread_cancel and errno, and are code and data
/// that the kernel drives out of the cache between two requests. Returns the result, or -errno.
static inline long linux_call(
    long number, long first, long second, long third, long fourth, long fifth, long sixth) {
#if defined(__x86_64__)
    register long r10 __asm__("r10") = fourth;
    register long r8 __asm__("r8") = fifth;
    register long r9 __asm__("r9") = sixth;
    long result;
    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "a"(number), "D"(first), "S"(second), "d"(third), "r"(r10), "r"(r8), "r"(r9)
                     : "rcx", "r11", "memory");
    return result;
#elif defined(__aarch64__)
    register long x8 __asm__("x8") = number;
    register long x0 __asm__("x0") = first;
    register long x1 __asm__("x1") = second;
    register long x2 __asm__("x2") = third;
    register long x3 __asm__("x3") = fourth;
    register long x4 __asm__("x4") = fifth;
    register long x5 __asm__("x5") = sixth;
    __asm__ volatile("svc 0"
                     : "+r"(x0)
                     : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5)
                     : "memory");
    return x0;
#else
    long result = syscall(number, first, second, third, fourth, fifth, sixth);
    return result < 0 ? -errno : result;
#endif
}

/// send without SIGPIPE, recv and epoll_wait; each returns -errno on failure. A timeout of -1 ms is
/// none.
static inline long linux_send(int descriptor, const void *bytes, unsigned long count) {
    enum { no_signal = 0x4000 };  // MSG_NOSIGNAL; <sys/socket.h> is Glibc's to give.
    return linux_call(SYS_sendto, descriptor, (long)bytes, (long)count, no_signal, 0, 0);
}

static inline long linux_receive(int descriptor, void *buffer, unsigned long size) {
    return linux_call(SYS_recvfrom, descriptor, (long)buffer, (long)size, 0, 0, 0);
}

static inline long linux_wait(int epoll, struct epoll_event *events, int most, int milliseconds) {
    // With no signal mask it is epoll_wait, which not every architecture has.
    return linux_call(SYS_epoll_pwait, epoll, (long)events, most, milliseconds, 0, 0);
}

/// The part of the kernel's struct sched_attr that every version has; glibc 2.36 has no name for it.
struct linux_sched_attributes {
    uint32_t size;
    uint32_t policy;
    uint64_t flags;
    int32_t nice;
    uint32_t priority;
    uint64_t runtime, deadline, period;
};

/// Asks the scheduler to give the calling thread short turns, which makes it run sooner when it wakes.
/// Kernels before 6.12 take no notice. Returns 0, or -1 with errno set.
static inline long linux_set_turn(uint64_t nanoseconds) {
    struct linux_sched_attributes attributes = {0};
    if (syscall(SYS_sched_getattr, 0, &attributes, sizeof attributes, 0) != 0) return -1;
    attributes.size = sizeof attributes;
    attributes.runtime = nanoseconds;
    return syscall(SYS_sched_setattr, 0, &attributes, 0);
}

/// Lets the calling thread go before all ordinary ones, whatever their priority; threads and programs
/// that it starts do not. Returns 0, or -1 with errno set: EPERM without CAP_SYS_NICE.
static inline int linux_set_real_time(void) {
    struct sched_param lowest = {.sched_priority = 1};
    return sched_setscheduler(0, SCHED_RR | 0x40000000 /* SCHED_RESET_ON_FORK */, &lowest);
}

/// The number of CPUs that the calling thread may run on, of 8,192 at most; or -1 with errno set.
static inline int linux_allowed_cpus(void) {
    unsigned long mask[128] = {0};
    if (syscall(SYS_sched_getaffinity, 0, sizeof mask, mask) < 0) return -1;
    int count = 0;
    for (int i = 0; i < 128; i++) count += __builtin_popcountl(mask[i]);
    return count;
}

/// Gives way once the thread has worked for 100 us since it last did. A ring that came while it
/// waited for the core must not cost it the turn that it then gets.
static inline void linux_give_way(int signal_number) {
    static _Thread_local long given;
    (void)signal_number;
    int number = errno;
    struct timespec used;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
    long now = used.tv_sec * 1000000000L + used.tv_nsec;
    if (now - given >= 100000) {
        sched_yield();
        given = now;
    }
    errno = number;
}

/// A timer whose signal makes the calling thread, and no other, give way to those that wait for its
/// core. Returns 0, or -1 with errno set.
static inline int linux_make_give_way_timer(timer_t *timer) {
    struct sigaction action = {0};
    action.sa_handler = linux_give_way;
    action.sa_flags = SA_RESTART;
    struct sigevent event = {0};
    event.sigev_notify = 4;  // SIGEV_THREAD_ID, which the header hides without _GNU_SOURCE.
    event.sigev_signo = SIGRTMAX;
    event._sigev_un._tid = (int)syscall(SYS_gettid);
    if (sigaction(SIGRTMAX, &action, 0) != 0) return -1;
    // A thread that a dispatch queue started has every signal blocked.
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGRTMAX);
    if (pthread_sigmask(SIG_UNBLOCK, &signals, 0) != 0) return -1;
    return timer_create(CLOCK_MONOTONIC, &event, timer);
}

/// Lets a timer ring again and again; 0 stops it.
static inline int linux_ring_every(timer_t timer, long nanoseconds) {
    struct itimerspec setting = {{0, nanoseconds}, {0, nanoseconds}};
    return timer_settime(timer, 0, &setting, 0);
}
