#define _GNU_SOURCE
#include "journal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "inverse.h"

enum {
    // A journal is a few lines a fault; more than this is none of ours.
    maximum_bytes = 64 << 20,
    // A guard whose tool has just died is at work.
    guard_milliseconds = 10000,
    nap_milliseconds = 20,
};

static void read_boot(char boot[64]) {
    boot[0] = 0;
    int file = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
    ssize_t count = file < 0 ? 0 : read(file, boot, 63);
    if (file >= 0) close(file);
    boot[count > 0 ? count : 0] = 0;
    boot[strcspn(boot, "\n")] = 0;
}

bool append(int journal, const char *line) {
    size_t count = strlen(line);
    return write(journal, line, count) == (ssize_t)count && fdatasync(journal) == 0;
}

int make_journal(const char *path, struct identity tool) {
    char boot[64], line[160], early[4200];
    // Under its name there is never a journal that is not locked, or has no first line.
    snprintf(early, sizeof early, "%s.new", path);
    int journal = open(early, O_RDWR | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0600);
    if (journal < 0) return -1;
    read_boot(boot);
    snprintf(line, sizeof line, "loadgen-chaos %s %d %llu\n", boot, tool.id, tool.start);
    if (flock(journal, LOCK_EX | LOCK_NB) == 0 && append(journal, line) && rename(early, path) == 0)
        return journal;
    int number = errno;
    close(journal);
    unlink(early);
    errno = number;
    return -1;
}

/// The whole journal; NULL if it cannot be read. A last line without its end was never answered.
static char *read_journal(int journal) {
    struct stat status;
    if (fstat(journal, &status) != 0 || status.st_size > maximum_bytes) return NULL;
    char *text = malloc((size_t)status.st_size + 1);
    ssize_t count = text ? pread(journal, text, (size_t)status.st_size, 0) : -1;
    if (count < 0) {
        free(text);
        return NULL;
    }
    text[count] = 0;
    return text;
}

/// Whether a journal says that a fault is undone.
static bool is_undone(const char *text, int id) {
    char wanted[32];
    snprintf(wanted, sizeof wanted, "\nundone %d\n", id);
    return strstr(text, wanted) != NULL;
}

int undo_fault(int journal, int id) {
    char *text = read_journal(journal);
    if (!text) return -1;
    int failures = 0, highest = 0;
    // From the end, so that the last change is the first to be undone.
    for (char *end = strrchr(text, '\n'); end; end = memrchr(text, '\n', (size_t)(end - text))) {
        int found, begin = 0;
        if (sscanf(end + 1, "intent %d %n", &found, &begin) != 1 || begin == 0) continue;
        if (!strchr(end + 1, '\n') || (id != 0 && found != id) || is_undone(text, found)) continue;
        if (found > highest) highest = found;
        char inverse[8300];
        snprintf(inverse, sizeof inverse, "%s", end + 1 + begin);
        inverse[strcspn(inverse, "\n")] = 0;
        int problem = undo_line(inverse);
        if (problem == 0) continue;
        failures++;
        char line[8500];
        snprintf(line, sizeof line, "failed %d %s: %s\n", found, inverse, strerror(problem));
        append(journal, line);
    }
    if (failures == 0 && id != 0) {
        char line[32];
        snprintf(line, sizeof line, "undone %d\n", id);
        append(journal, line);
    }
    for (int each = 1; failures == 0 && id == 0 && each <= highest; each++) {
        char line[32];
        snprintf(line, sizeof line, "undone %d\n", each);
        if (!is_undone(text, each)) append(journal, line);
    }
    free(text);
    return failures;
}

/// Takes the lock that a guard holds while it lives.
static bool lock(int journal, bool is_patient) {
    int64_t end = now_milliseconds() + (is_patient ? guard_milliseconds : 0);
    while (flock(journal, LOCK_EX | LOCK_NB) != 0) {
        if (now_milliseconds() >= end) return false;
        poll(NULL, 0, nap_milliseconds);
    }
    return true;
}

int undo_journal(const char *path, bool is_forced) {
    int journal = open(path, O_RDWR | O_APPEND | O_CLOEXEC | O_NOFOLLOW);
    if (journal < 0) return errno == ENOENT ? 0 : 1;
    char *text = read_journal(journal), boot[64], found[64] = "";
    struct identity tool = {0, 0};
    bool is_whole = text && strchr(text, '\n')
        && sscanf(text, "loadgen-chaos %63s %d %llu", found, &tool.id, &tool.start) == 3;
    free(text);
    read_boot(boot);
    int failures = 0;
    // What an earlier boot has changed is gone with it; a journal without its first line has no more.
    if (is_whole && strcmp(found, boot) == 0) {
        bool has_tool = start_of(tool.id) == tool.start;
        if (has_tool && !is_forced) {
            close(journal);
            return 0;
        }
        bool is_ours = lock(journal, true);
        failures = is_ours ? undo_fault(journal, 0) : 1;
        printf("%s: %s\n", path,
               !is_ours ? "its guard lives, and has not ended"
               : failures ? "not everything could be undone" : "undone");
    }
    if (failures == 0) unlink(path);
    close(journal);
    return failures == 0 ? 0 : 1;
}

int undo_folder(const char *folder) {
    DIR *list = opendir(folder);
    if (!list) return errno == ENOENT ? 0 : 1;
    int result = 0;
    for (struct dirent *entry; (entry = readdir(list));) {
        size_t length = strlen(entry->d_name);
        if (length < 9 || strcmp(entry->d_name + length - 8, ".journal") != 0) continue;
        char path[4600];
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (undo_journal(path, false) != 0) result = 1;
    }
    closedir(list);
    return result;
}
