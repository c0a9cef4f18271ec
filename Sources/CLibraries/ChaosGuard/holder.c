#define _GNU_SOURCE
#include "holder.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum {
    // How long it tries to get a lock that others hold for a moment.
    busy_milliseconds = 2000,
    piece_bytes = 1 << 20,
};

/// The next byte of standard input, or -1 at its end.
static int next_byte(void) {
    unsigned char byte;
    ssize_t count;
    do count = read(STDIN_FILENO, &byte, 1);
    while (count < 0 && errno == EINTR);
    return count == 1 ? byte : -1;
}

static int say(const char *words) {
    printf("%s\n", words);
    fflush(stdout);
    while (next_byte() >= 0) {}
    return 0;
}

int hold_database(const char *path) {
    if (next_byte() < 0) return 0;
    sqlite3 *database = NULL;
    int code = sqlite3_open_v2(path, &database, SQLITE_OPEN_READWRITE, NULL);
    if (code == SQLITE_OK) {
        sqlite3_busy_timeout(database, busy_milliseconds);
        code = sqlite3_exec(database, "BEGIN EXCLUSIVE", NULL, NULL, NULL);
    }
    return say(code == SQLITE_OK ? "held" : sqlite3_errstr(code));
}

/// A file without a name, which is gone with the process.
static int nameless_file(const char *folder) {
    int file = open(folder, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
    if (file >= 0) return file;
    char path[4200];
    snprintf(path, sizeof path, "%s/.loadgen-ballast-%d", folder, (int)getpid());
    file = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
    if (file >= 0) unlink(path);
    return file;
}

/// Writes until nothing more fits; false where it is stopped by anything but a full disk.
static bool fill(int file, unsigned long long maximum) {
    static char piece[piece_bytes];
    size_t size = sizeof piece;
    unsigned long long total = 0;
    while (total < maximum) {
        ssize_t count = write(file, piece, size);
        if (count > 0) {
            total += (unsigned long long)count;
            continue;
        }
        if (count < 0 && errno == EINTR) continue;
        if (count < 0 && errno != ENOSPC && errno != EDQUOT) return false;
        // The last bytes that are free may be fewer than a piece.
        if (size == 1) return true;
        size /= 2;
    }
    errno = EFBIG;
    return false;
}

int hold_space(const char *folder, const char *maximum_bytes) {
    if (next_byte() < 0) return 0;
    struct statvfs status;
    unsigned long long maximum = strtoull(maximum_bytes, NULL, 10);
    if (statvfs(folder, &status) != 0) return say(strerror(errno));
    // Nothing is written where the disk would not be full in the end.
    if ((unsigned long long)status.f_bavail * status.f_frsize > maximum) return say(strerror(EFBIG));
    int file = nameless_file(folder);
    if (file < 0 || !fill(file, maximum + piece_bytes)) return say(strerror(errno));
    return say("held");
}
