// The process between loadgen and a target that it starts: when loadgen is no more, whatever ended
// it, the target and everything that the target has started is ended within two seconds.
//
//     target-guard CONTROL LOG COMMAND...
//
// CONTROL is a socket of packets whose other end only loadgen has. To loadgen go `started PID`,
// `failed ERRNO`, `output` (there is more of it in the log) and `ended STATUS` with the last output
// behind a line end; from loadgen comes `t`, which passes SIGTERM on. Its end is loadgen's.
//
// LOG takes the first and the last 64 KiB of the target's output, with the number of bytes between.
//
// As their subreaper it is the parent of every process that loses its own: a target cannot lose one
// by forking twice, or by a session of its own. What does get away: what another program starts for
// the target (systemd-run, docker), and processes of other users where loadgen is not root.
#define _GNU_SOURCE
#include "family.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <linux/sockios.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    kept_bytes = 64 << 10,
    last_words_bytes = 300,
    pipe_bytes = 1 << 20,
    // A target that writes a line for each request would else wake the guard for each.
    rest_milliseconds = 10,
    // From SIGTERM to SIGKILL, when loadgen is no more.
    grace_milliseconds = 1000,
    // A process that the kernel does not let go is given up.
    patience_milliseconds = 10000,
    kill_milliseconds = 20,
};

static int control, record, output = -1, signals;
static pid_t target;
static char last[kept_bytes];
static uint64_t total;
static int64_t rests_until;

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000LL + time.tv_nsec / 1000000;
}

static void say(const char *words, size_t count) {
    // The few packets that there are fit in the socket's buffer.
    (void)!send(control, words, count, MSG_NOSIGNAL | MSG_DONTWAIT);
}

static void say_number(const char *word, int number) {
    char words[32];
    say(words, (size_t)snprintf(words, sizeof words, "%s %d", word, number));
}

static void write_whole(const char *bytes, size_t count) {
    while (count > 0) {
        ssize_t written = write(record, bytes, count);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return;
        bytes += written;
        count -= (size_t)written;
    }
}

/// Copies the bytes of output from one place of it up to another, of which `last` has all.
static size_t copy_last(char *into, uint64_t from, uint64_t to) {
    for (uint64_t place = from; place < to; place++) *into++ = last[place % kept_bytes];
    return (size_t)(to - from);
}

/// Takes what output there is; false where there is no more of it now.
static bool take_output(void) {
    static char bytes[kept_bytes];
    ssize_t count = read(output, bytes, sizeof bytes);
    if (count < 0) return errno == EINTR;
    if (count == 0) {
        close(output);
        output = -1;
        return false;
    }
    if (total < kept_bytes) {
        size_t room = (size_t)(kept_bytes - total);
        write_whole(bytes, (size_t)count < room ? (size_t)count : room);
        int unread = 0;
        if (ioctl(control, SIOCOUTQ, &unread) == 0 && unread == 0) say("output", 6);
    } else if (count < kept_bytes) {
        rests_until = now() + rest_milliseconds;
    }
    size_t place = total % kept_bytes;
    size_t first = (size_t)count < kept_bytes - place ? (size_t)count : kept_bytes - place;
    memcpy(last + place, bytes, first);
    memcpy(last, bytes + first, (size_t)count - first);
    total += (uint64_t)count;
    return count == kept_bytes;
}

static void take_all_output(void) {
    int turns = 2 * pipe_bytes / kept_bytes;
    while (turns-- > 0 && output >= 0 && take_output()) {}
}

/// Writes the end of the output, after which nothing is written.
static void finish_log(void) {
    take_all_output();
    if (total <= kept_bytes) return;
    uint64_t from = total - kept_bytes > kept_bytes ? total - kept_bytes : kept_bytes;
    if (from > kept_bytes) {
        char words[96];
        int count = snprintf(
            words, sizeof words, "\n[%llu bytes of output are left out here]\n",
            (unsigned long long)(from - kept_bytes));
        write_whole(words, (size_t)count);
    }
    static char bytes[kept_bytes];
    write_whole(bytes, copy_last(bytes, from, total));
}

static void say_end(int status) {
    take_all_output();
    char words[32 + last_words_bytes];
    size_t count = (size_t)snprintf(words, sizeof words, "ended %d\n", status);
    uint64_t from = total > last_words_bytes ? total - last_words_bytes : 0;
    say(words, count + copy_last(words + count, from, total));
}

/// Takes leave of every process that has ended; false where there is none left at all.
static bool reap(void) {
    while (true) {
        int status;
        pid_t process = waitpid(-1, &status, WNOHANG);
        if (process == 0 || (process < 0 && errno == EINTR)) return true;
        if (process < 0) return false;
        if (process == target) {
            target = 0;
            say_end(status);
        }
    }
}

/// Becomes the target; returns where the program cannot be started.
static void become_target(char **words, pid_t guard, const int ends[2]) {
    // So the target ends with the guard, too, be that killed.
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != guard) return;
    // A group of its own, as a shell gives it.
    setpgid(0, 0);
    dup2(ends[1], STDOUT_FILENO);
    dup2(ends[1], STDERR_FILENO);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    execvp(words[0], words);
}

/// Starts the target, and says its process id, or why there is none.
static bool start(char **words) {
    int ends[2], problem[2], number = 0;
    if (pipe2(ends, O_CLOEXEC) != 0 || pipe2(problem, O_CLOEXEC) != 0) {
        say_number("failed", errno);
        return false;
    }
    fcntl(ends[0], F_SETPIPE_SZ, pipe_bytes);
    fcntl(ends[0], F_SETFL, O_NONBLOCK);
    pid_t guard = getpid();
    target = fork();
    if (target == 0) {
        become_target(words, guard, ends);
        number = errno;
        (void)!write(problem[1], &number, sizeof number);
        _exit(127);
    }
    if (target < 0) number = errno;
    close(ends[1]);
    close(problem[1]);
    output = ends[0];
    if (target > 0) (void)!read(problem[0], &number, sizeof number);
    close(problem[0]);
    say_number(number == 0 ? "started" : "failed", number == 0 ? target : number);
    return number == 0;
}

/// Does what loadgen asks for; false where loadgen is no more.
static bool listen_to_loadgen(void) {
    char word;
    ssize_t count = recv(control, &word, 1, MSG_DONTWAIT);
    if (count < 0) return errno == EAGAIN || errno == EINTR;
    if (count > 0 && target > 0) {
        kill(target, SIGTERM);
        kill(target, SIGCONT);
    }
    return count > 0;
}

/// Waits until something happens, for so many milliseconds at most; -1 for any time.
static void wait_for_news(bool has_loadgen, int64_t milliseconds) {
    int64_t rest = output < 0 ? 0 : rests_until - now();
    if (rest > 0 && (milliseconds < 0 || rest < milliseconds)) milliseconds = rest;
    struct pollfd entries[] = {
        {has_loadgen ? control : -1, POLLIN, 0},
        {signals, POLLIN, 0},
        {rest > 0 ? -1 : output, POLLIN, 0},
    };
    if (poll(entries, 3, (int)milliseconds) <= 0) return;
    struct signalfd_siginfo info;
    if (entries[1].revents) (void)!read(signals, &info, sizeof info);
    int turns = entries[2].revents ? 16 : 0;
    while (turns-- > 0 && output >= 0 && take_output()) {}
}

/// Ends everything that is left, and waits for its end.
static void end_all(void) {
    int64_t start = now(), killed = 0;
    signal_family(SIGTERM);
    signal_family(SIGCONT);
    while (reap() && now() - start < patience_milliseconds) {
        int64_t grace = start + grace_milliseconds - now();
        if (grace <= 0 && now() - killed >= kill_milliseconds) {
            signal_family(SIGKILL);
            killed = now();
        }
        wait_for_news(false, grace > 0 ? grace : kill_milliseconds);
    }
}

int main(int count, char **words) {
    if (count < 4) {
        fputs("target-guard: loadgen starts it for a target; see loadgen run --help\n", stderr);
        return 64;
    }
    control = atoi(words[1]);
    record = atoi(words[2]);
    // Neither what loadgen has open nor what loadgen was started with is the target's.
    close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);
    fcntl(control, F_SETFD, FD_CLOEXEC);
    fcntl(record, F_SETFD, FD_CLOEXEC);
    // Ctrl-C in a terminal is for loadgen, which then ends the target in order.
    setsid();
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    signal(SIGCHLD, SIG_DFL);
    signal(SIGPIPE, SIG_DFL);
    sigset_t all, children;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL);
    sigemptyset(&children);
    sigaddset(&children, SIGCHLD);
    signals = signalfd(-1, &children, SFD_CLOEXEC | SFD_NONBLOCK);
    if (signals < 0 || !start(words + 3)) return 1;
    while (listen_to_loadgen()) {
        reap();
        wait_for_news(true, -1);
    }
    end_all();
    finish_log();
    return 0;
}
