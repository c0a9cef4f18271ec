// Loaded into a program beside jemalloc, it publishes what jemalloc holds: once a second, and when
// a reader asks. Every process that the program forks has a page and a thread of its own.
//
// It uses nothing of jemalloc but mallctl, and only where that is there.
#define _GNU_SOURCE
#include "../CProbePage/ProbePage.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>

extern int mallctl(const char *name, void *old, size_t *old_size, void *new, size_t new_size)
    __attribute__((weak));

/// jemalloc's MALLCTL_ARENAS_ALL.
#define ALL_ARENAS 4096
/// What jemalloc says of the sampled objects of a size class, as in prof.stats.bins.N.live.
struct sampled {
    uint64_t requested;
    uint64_t count;
};

static char folder[PROBE_PATH_SIZE - 32];
static struct probe_page *page;
static pid_t owner;

static uint64_t read_number(const char *name) {
    uint64_t value = 0;
    size_t size = sizeof value;
    if (mallctl(name, &value, &size, NULL, 0) == 0) return size == 1 ? value & 1 : value;
    uint32_t narrow = 0;
    size = sizeof narrow;
    if (mallctl(name, &narrow, &size, NULL, 0) == 0) return narrow;
    return 0;
}

static int is_profiling(void) {
    char is_on = 0;
    size_t size = sizeof is_on;
    return mallctl("opt.prof", &is_on, &size, NULL, 0) == 0 && is_on;
}

static uint64_t read_indexed(const char *form, unsigned index) {
    char name[96];
    snprintf(name, sizeof name, form, index);
    return read_number(name);
}

/// Sampled objects of a small class that live; needs opt.prof_stats.
static uint64_t sampled_objects(unsigned index) {
    struct sampled live = {0, 0};
    size_t size = sizeof live;
    char name[96];
    snprintf(name, sizeof name, "prof.stats.bins.%u.live", index);
    return mallctl(name, &live, &size, NULL, 0) == 0 ? live.count : 0;
}

/// What profiling adds to stats.allocated: its own records, and for each sampled small object the
/// rest of the large extent that it was given.
static uint64_t profiling_bytes(void) {
    uint64_t bytes = read_indexed("stats.arenas.%u.internal", ALL_ARENAS);
    uint64_t extent = read_number("arenas.lextent.0.size");
    unsigned count = (unsigned)read_number("arenas.nbins");
    for (unsigned index = 0; index < count; index++) {
        uint64_t size = read_indexed("arenas.bin.%u.size", index);
        if (extent > size) bytes += sampled_objects(index) * (extent - size);
    }
    return bytes;
}

static void add_class(uint64_t size, uint64_t objects) {
    if (page->class_count == PROBE_MOST_CLASSES) return;
    page->classes[page->class_count++] = (struct probe_class){size, objects};
}

static void take_tables(void) {
    char form[96];
    unsigned bins = (unsigned)read_number("arenas.nbins");
    uint64_t promoted = 0;
    page->class_count = 0;
    snprintf(form, sizeof form, "stats.arenas.%d.bins.%%u.curregs", ALL_ARENAS);
    for (unsigned index = 0; index < bins; index++) {
        uint64_t sampled = page->is_profiling ? sampled_objects(index) : 0;
        promoted += sampled;
        add_class(
            read_indexed("arenas.bin.%u.size", index), read_indexed(form, index) + sampled);
    }
    unsigned extents = (unsigned)read_number("arenas.nlextents");
    snprintf(form, sizeof form, "stats.arenas.%d.lextents.%%u.curlextents", ALL_ARENAS);
    for (unsigned index = 0; index < extents; index++) {
        uint64_t objects = read_indexed(form, index);
        if (index == 0) objects -= promoted < objects ? promoted : objects;
        add_class(read_indexed("arenas.lextent.%u.size", index), objects);
    }
    unsigned arenas = (unsigned)read_number("arenas.narenas");
    page->arena_count = arenas < PROBE_MOST_ARENAS ? arenas : PROBE_MOST_ARENAS;
    for (unsigned index = 0; index < page->arena_count; index++) {
        page->arenas[index] = read_indexed("stats.arenas.%u.small.allocated", index)
            + read_indexed("stats.arenas.%u.large.allocated", index);
    }
}

static void take(uint32_t wants) {
    uint64_t epoch = 1;
    mallctl("epoch", NULL, NULL, &epoch, sizeof epoch);
    struct probe_figures figures = {
        .allocated = read_number("stats.allocated"),
        .active = read_number("stats.active"),
        .resident = read_number("stats.resident"),
        .mapped = read_number("stats.mapped"),
        .retained = read_number("stats.retained"),
        .metadata = read_number("stats.metadata"),
        .readings = page->figures.readings + 1,
    };
    if (page->is_profiling) {
        uint64_t own = profiling_bytes();
        figures.allocated -= own < figures.allocated ? own : figures.allocated;
    }
    struct timespec used;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
    figures.probe_cpu_ns = (uint64_t)used.tv_sec * 1000000000 + (uint64_t)used.tv_nsec;
    __atomic_add_fetch(&page->sequence, 1, __ATOMIC_ACQ_REL);
    page->figures = figures;
    if (wants & PROBE_WANTS_CLASSES) take_tables();
    __atomic_add_fetch(&page->sequence, 1, __ATOMIC_RELEASE);
    if (wants & PROBE_WANTS_DUMP) {
        const char *path = page->dump_path;
        page->dump_problem = mallctl("prof.dump", NULL, NULL, &path, sizeof path);
    }
}

/// The probe's thread: a reading a second, and one whenever a reader asks.
static void *serve(void *unused) {
    (void)unused;
    pthread_setname_np(pthread_self(), "loadgen-probe");
    if (page->is_profiling) {
        char is_active = 0;
        mallctl("thread.prof.active", NULL, NULL, &is_active, sizeof is_active);
    }
    uint32_t seen = 0;
    for (;;) {
        const struct timespec second = {1, 0};
        uint32_t asked = __atomic_load_n(&page->asked, __ATOMIC_ACQUIRE);
        take(asked != seen ? __atomic_load_n(&page->wants, __ATOMIC_RELAXED) : 0);
        if (asked != seen) {
            seen = asked;
            __atomic_store_n(&page->answered, asked, __ATOMIC_RELEASE);
        }
        // A word that changed meanwhile is no wait.
        probe_futex(&page->asked, FUTEX_WAIT, seen, &second);
    }
    return NULL;
}

static void page_path(char *path, size_t size, pid_t process) {
    snprintf(path, size, "%s/%d.page", folder, (int)process);
}

/// Makes this process's page, and starts its thread; what fails leaves the program as it was.
static void publish(void) {
    char path[PROBE_PATH_SIZE];
    owner = getpid();
    page_path(path, sizeof path, owner);
    // A reader may still have the page of the program that this process was before.
    unlink(path);
    int file = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file < 0) return;
    void *memory = MAP_FAILED;
    if (ftruncate(file, sizeof *page) == 0) {
        memory = mmap(NULL, sizeof *page, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    }
    close(file);
    if (memory == MAP_FAILED) {
        unlink(path);
        return;
    }
    page = memory;
    page->process = owner;
    page->is_profiling = is_profiling();
    take(0);
    __atomic_store_n(&page->magic, PROBE_MAGIC, __ATOMIC_RELEASE);
    // Signals of the program are for its own threads.
    sigset_t all, before;
    sigfillset(&all);
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attributes, 256 << 10);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pthread_t thread;
    int problem = pthread_create(&thread, &attributes, serve, NULL);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
    if (problem != 0) {
        // A page that nobody writes is worse than none.
        page->magic = 0;
        unlink(path);
    }
}

/// In a forked process: the parent's page is the parent's, and its thread is not here.
static void publish_in_child(void) {
    if (page != NULL) munmap(page, sizeof *page);
    page = NULL;
    publish();
}

/// Removes the pages and dumps of processes that are no more, and the folder with the last of them.
static void sweep(void) {
    DIR *entries = opendir(folder);
    if (entries == NULL) return;
    struct dirent *entry;
    while ((entry = readdir(entries)) != NULL) {
        int process = atoi(entry->d_name);
        if (process <= 0 || (kill(process, 0) == 0 || errno != ESRCH)) continue;
        unlinkat(dirfd(entries), entry->d_name, 0);
    }
    closedir(entries);
    rmdir(folder);
}

__attribute__((constructor)) static void begin(void) {
    const char *name = getenv(PROBE_FOLDER_VARIABLE);
    if (mallctl == NULL || name == NULL || name[0] != '/' || strlen(name) >= sizeof folder) return;
    strcpy(folder, name);
    publish();
    pthread_atfork(NULL, NULL, publish_in_child);
}

__attribute__((destructor)) static void end(void) {
    if (page == NULL || owner != getpid()) return;
    char path[PROBE_PATH_SIZE];
    page_path(path, sizeof path, owner);
    unlink(path);
    sweep();
}
