// The process that undoes what loadgen's faults have changed: when loadgen asks, at each fault's
// deadline, and when loadgen is no more, whatever ended that.
//
//     chaos-guard CONTROL JOURNAL          watches over the loadgen that has started it
//     chaos-guard undo FOLDER              undoes what dead guards have left in their journals
//     chaos-guard undo-journal JOURNAL     likewise for one, although its loadgen lives
//     chaos-guard hold-database FILE       holds a lock on a SQLite database
//     chaos-guard hold-space FOLDER BYTES  holds the free space of a disk, if that is no more
//
// CONTROL is a socket of packets whose other end only loadgen has. From there come
//     i ID DEADLINE   with the inverses of changes, one a line; only once it is answered with `ok`
//                     may they be made. DEADLINE is CLOCK_MONOTONIC in milliseconds
//     n LINE          a line for the journal, answered with `ok`
//     u ID            undo this fault; answered with `undone`, or `failed` and how many could not be
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/close_range.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "holder.h"
#include "inverse.h"
#include "journal.h"

enum {
    maximum_faults = 4096,
    packet_bytes = 64 << 10,
};

static int control, journal;
/// By id: when a fault is undone whatever loadgen says; 0 if there is none, or it is undone.
static int64_t deadlines[maximum_faults];

static void answer(const char *words) {
    (void)!send(control, words, strlen(words), MSG_NOSIGNAL | MSG_DONTWAIT);
}

static int undo(int id) {
    int failures = undo_fault(journal, id);
    deadlines[id] = 0;
    return failures;
}

/// Takes the inverses of changes that are about to be made.
static void take_intent(char *packet) {
    int id, begin = 0;
    long long deadline;
    if (sscanf(packet, "i %d %lld%n", &id, &deadline, &begin) != 2 || id < 1
        || id >= maximum_faults) {
        answer("refused");
        return;
    }
    char line[8400];
    for (char *inverse = strtok(packet + begin, "\n"); inverse; inverse = strtok(NULL, "\n")) {
        int count = snprintf(line, sizeof line, "intent %d %s\n", id, inverse);
        if (count >= (int)sizeof line || !append(journal, line)) {
            answer("refused");
            return;
        }
    }
    deadlines[id] = deadline;
    answer("ok");
}

/// Does what loadgen asks for; false where loadgen is no more.
static bool listen_to_loadgen(void) {
    static char packet[packet_bytes + 2];
    ssize_t count = recv(control, packet, packet_bytes, MSG_DONTWAIT);
    if (count < 0) return errno == EAGAIN || errno == EINTR;
    if (count == 0) return false;
    packet[count] = 0;
    int id;
    if (packet[0] == 'i') {
        take_intent(packet);
    } else if (sscanf(packet, "u %d", &id) == 1 && id > 0 && id < maximum_faults) {
        char words[32];
        int failures = undo(id);
        snprintf(words, sizeof words, failures == 0 ? "undone" : "failed %d", failures);
        answer(words);
    } else if (packet[0] == 'n' && count > 2) {
        packet[count] = '\n';
        packet[count + 1] = 0;
        answer(append(journal, packet + 2) ? "ok" : "refused");
    } else {
        answer("refused");
    }
    return true;
}

/// Undoes what is overdue; the milliseconds until the next deadline, or -1 if there is none.
static int keep_deadlines(void) {
    int64_t next = INT64_MAX, now = now_milliseconds();
    for (int id = 1; id < maximum_faults; id++) {
        if (deadlines[id] != 0 && deadlines[id] <= now) undo(id);
        if (deadlines[id] != 0 && deadlines[id] < next) next = deadlines[id];
    }
    if (next == INT64_MAX) return -1;
    return next - now > INT_MAX ? INT_MAX : (int)(next - now);
}

static int watch_over(const char *path) {
    struct identity tool = {getppid(), start_of(getppid())};
    int held = (int)syscall(SYS_pidfd_open, tool.id, 0);
    close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);
    // Ctrl-C in a terminal is for loadgen, which then undoes everything in order.
    setsid();
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL);
    journal = make_journal(path, tool);
    if (held < 0 || journal < 0) {
        char words[200];
        snprintf(words, sizeof words, "refused %s", strerror(errno));
        answer(words);
        return 1;
    }
    answer("ok");
    bool has_loadgen = true;
    while (has_loadgen) {
        struct pollfd entries[] = {{control, POLLIN, 0}, {held, POLLIN, 0}};
        int count = poll(entries, 2, keep_deadlines());
        if (count <= 0) continue;
        // What was asked for before the end was not answered, so it was not done.
        has_loadgen = entries[1].revents == 0 && listen_to_loadgen();
    }
    int failures = undo_fault(journal, 0);
    if (failures == 0) unlink(path);
    return failures == 0 ? 0 : 1;
}

int main(int count, char **words) {
    if (count == 3 && strcmp(words[1], "undo") == 0) return undo_folder(words[2]);
    if (count == 3 && strcmp(words[1], "undo-journal") == 0) return undo_journal(words[2], true);
    if (count == 3 && strcmp(words[1], "hold-database") == 0) return hold_database(words[2]);
    if (count == 4 && strcmp(words[1], "hold-space") == 0) return hold_space(words[2], words[3]);
    if (count != 3 || atoi(words[1]) < 3) {
        fputs("chaos-guard: loadgen starts it before a fault; see loadgen chaos --help\n", stderr);
        return 64;
    }
    control = atoi(words[1]);
    return watch_over(words[2]);
}
