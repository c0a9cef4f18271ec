#pragma once
#include <linux/futex.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

// What a process under the probe publishes: one file for each process, mapped by it and by readers.
// The file is FOLDER/PID.page; the folder stands in the environment of the process.

#define PROBE_FOLDER_VARIABLE "LOADGEN_PROBE"
// "LGPROBE" and the version of this layout.
#define PROBE_MAGIC UINT64_C(0x4C4750524F424501)

enum {
    /// What a reading is asked for beside the figures of every second.
    PROBE_WANTS_CLASSES = 1,
    PROBE_WANTS_DUMP = 2,
    /// jemalloc has 36 small and 196 large classes on machines with pages of 4 KiB.
    PROBE_MOST_CLASSES = 256,
    PROBE_MOST_ARENAS = 256,
    PROBE_PATH_SIZE = 256,
};

/// Bytes, as jemalloc's stats.NAME; allocated is without what heap profiling adds to it.
struct probe_figures {
    uint64_t allocated;
    uint64_t active;
    uint64_t resident;
    uint64_t mapped;
    uint64_t retained;
    uint64_t metadata;
    /// CPU time of the probe's own thread since it started, in nanoseconds.
    uint64_t probe_cpu_ns;
    /// Readings since then.
    uint64_t readings;
};

/// Objects of one size that live.
struct probe_class {
    uint64_t size;
    uint64_t objects;
};

struct probe_page {
    /// Written last.
    uint64_t magic;
    int32_t process;
    /// Whether jemalloc profiles the heap.
    uint32_t is_profiling;
    /// A reader adds 1, and wakes the probe.
    uint32_t asked;
    /// What `asked` was when the last reading that was asked for was done.
    uint32_t answered;
    /// Of the reading that was asked for: PROBE_WANTS_.
    uint32_t wants;
    /// errno of the last dump; 0 where it was written.
    int32_t dump_problem;
    /// Odd while figures and tables are written.
    uint32_t sequence;
    uint32_t class_count;
    uint32_t arena_count;
    uint32_t padding;
    struct probe_figures figures;
    struct probe_class classes[PROBE_MOST_CLASSES];
    /// Live bytes of each arena.
    uint64_t arenas[PROBE_MOST_ARENAS];
    /// Where a dump goes.
    char dump_path[PROBE_PATH_SIZE];
};

static inline long probe_futex(
    uint32_t *word, int operation, uint32_t value, const struct timespec *timeout
) {
    return syscall(SYS_futex, word, operation, value, timeout, NULL, 0);
}

/// Copies a page that is not being written meanwhile; 0 where it was, each of many times.
static inline int probe_page_copy(const struct probe_page *page, struct probe_page *copy) {
    if (__atomic_load_n(&page->magic, __ATOMIC_ACQUIRE) != PROBE_MAGIC) return 0;
    for (int tries = 0; tries < 1000; tries++) {
        uint32_t before = __atomic_load_n(&page->sequence, __ATOMIC_ACQUIRE);
        memcpy(copy, page, sizeof *copy);
        __atomic_thread_fence(__ATOMIC_ACQUIRE);
        uint32_t after = __atomic_load_n(&page->sequence, __ATOMIC_RELAXED);
        if (before == after && before % 2 == 0) return 1;
    }
    return 0;
}

/// Asks for a reading; the number that `answered` comes to.
static inline uint32_t probe_page_ask(
    struct probe_page *page, uint32_t wants, const char *dump_path
) {
    if (dump_path != NULL) strncpy(page->dump_path, dump_path, PROBE_PATH_SIZE - 1);
    __atomic_store_n(&page->wants, wants, __ATOMIC_RELAXED);
    uint32_t number = __atomic_add_fetch(&page->asked, 1, __ATOMIC_RELEASE);
    probe_futex(&page->asked, FUTEX_WAKE, 1, NULL);
    return number;
}

static inline int probe_page_has_answered(const struct probe_page *page, uint32_t number) {
    return (int32_t)(__atomic_load_n(&page->answered, __ATOMIC_ACQUIRE) - number) >= 0;
}

static inline const struct probe_class *probe_page_classes(const struct probe_page *page) {
    return page->classes;
}

static inline const uint64_t *probe_page_arenas(const struct probe_page *page) {
    return page->arenas;
}
