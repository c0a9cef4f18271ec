#include "CUnsyncedFiles.h"

#include <fcntl.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

/// A write that is not on disk yet.
struct extent {
    sqlite3_int64 offset;
    int size;
    unsigned char *bytes;
};

/// What all connections of this process share of one file.
struct shared {
    struct shared *next;
    char *path;
    int users;
    int count, capacity;
    struct extent *extents;
};

struct file {
    sqlite3_file base;
    struct shared *shared; // NULL where writes go straight through
    sqlite3_file *real;    // behind this struct
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct shared *all;
static sqlite3_vfs *system_files;
static sqlite3_vfs unsynced_files;

// How many bytes wait, in a file that outlives the process where one was asked for.
static _Atomic unsigned long long unreported, *waiting_bytes = &unreported;
// What goes wrong on purpose: how long each sync takes longer, whether it does nothing, and how many did.
static _Atomic unsigned long long delay_nanoseconds, spoiled;
static _Atomic int lies;

static sqlite3_file *real(sqlite3_file *file) { return ((struct file *)file)->real; }

static struct shared *share(const char *path) {
    struct shared *found = all;
    while (found && strcmp(found->path, path)) found = found->next;
    if (!found) {
        found = calloc(1, sizeof *found);
        if (!found) return NULL;
        found->path = strdup(path);
        found->next = all;
        all = found;
    }
    found->users++;
    return found;
}

static void clear(struct shared *shared) {
    for (int i = 0; i < shared->count; i++) {
        *waiting_bytes -= shared->extents[i].size;
        free(shared->extents[i].bytes);
    }
    shared->count = 0;
}

/// Writes everything that waits to the file, in order.
static int flush(struct shared *shared, sqlite3_file *file) {
    int result = SQLITE_OK;
    for (int i = 0; i < shared->count && result == SQLITE_OK; i++) {
        struct extent *e = &shared->extents[i];
        result = file->pMethods->xWrite(file, e->bytes, e->size, e->offset);
    }
    if (result == SQLITE_OK) clear(shared);
    return result;
}

static int close_file(sqlite3_file *file) {
    struct shared *shared = ((struct file *)file)->shared;
    if (shared) {
        pthread_mutex_lock(&lock);
        if (--shared->users == 0) flush(shared, real(file));
        pthread_mutex_unlock(&lock);
    }
    return real(file)->pMethods->xClose(real(file));
}

static int read_file(sqlite3_file *file, void *bytes, int size, sqlite3_int64 offset) {
    struct shared *shared = ((struct file *)file)->shared;
    if (!shared) return real(file)->pMethods->xRead(real(file), bytes, size, offset);
    pthread_mutex_lock(&lock);
    int result = real(file)->pMethods->xRead(real(file), bytes, size, offset);
    sqlite3_int64 end = offset;
    for (int i = 0; i < shared->count; i++) {
        struct extent *e = &shared->extents[i];
        sqlite3_int64 from = e->offset > offset ? e->offset : offset;
        sqlite3_int64 to = e->offset + e->size < offset + size ? e->offset + e->size : offset + size;
        if (from >= to) continue;
        memcpy((char *)bytes + (from - offset), e->bytes + (from - e->offset), to - from);
        if (to > end) end = to;
    }
    pthread_mutex_unlock(&lock);
    // A read past the real end is whole where what waits reaches to its end.
    if (result == SQLITE_IOERR_SHORT_READ && end == offset + size) return SQLITE_OK;
    return result;
}

static int write_file(sqlite3_file *file, const void *bytes, int size, sqlite3_int64 offset) {
    struct shared *shared = ((struct file *)file)->shared;
    if (!shared) return real(file)->pMethods->xWrite(real(file), bytes, size, offset);
    pthread_mutex_lock(&lock);
    int result = SQLITE_NOMEM;
    if (shared->count == shared->capacity) {
        int capacity = shared->capacity ? 2 * shared->capacity : 64;
        struct extent *grown = realloc(shared->extents, capacity * sizeof *grown);
        if (grown) {
            shared->extents = grown;
            shared->capacity = capacity;
        }
    }
    unsigned char *copy = shared->count < shared->capacity ? malloc(size) : NULL;
    if (copy) {
        memcpy(copy, bytes, size);
        shared->extents[shared->count++] = (struct extent){offset, size, copy};
        *waiting_bytes += size;
        result = SQLITE_OK;
    }
    pthread_mutex_unlock(&lock);
    return result;
}

static int truncate_file(sqlite3_file *file, sqlite3_int64 size) {
    struct shared *shared = ((struct file *)file)->shared;
    if (!shared) return real(file)->pMethods->xTruncate(real(file), size);
    pthread_mutex_lock(&lock);
    int result = flush(shared, real(file));
    if (result == SQLITE_OK) result = real(file)->pMethods->xTruncate(real(file), size);
    pthread_mutex_unlock(&lock);
    return result;
}

static int sync_file(sqlite3_file *file, int flags) {
    struct shared *shared = ((struct file *)file)->shared;
    unsigned long long delay = delay_nanoseconds;
    if (delay > 0) {
        struct timespec time = {delay / 1000000000, delay % 1000000000};
        nanosleep(&time, NULL);
        spoiled++;
    }
    if (shared && lies) {
        spoiled++;
        return SQLITE_OK;
    }
    pthread_mutex_lock(&lock);
    int result = shared ? flush(shared, real(file)) : SQLITE_OK;
    pthread_mutex_unlock(&lock);
    return result == SQLITE_OK ? real(file)->pMethods->xSync(real(file), flags) : result;
}

static int size_file(sqlite3_file *file, sqlite3_int64 *size) {
    struct shared *shared = ((struct file *)file)->shared;
    pthread_mutex_lock(&lock);
    int result = real(file)->pMethods->xFileSize(real(file), size);
    for (int i = 0; shared && i < shared->count; i++) {
        sqlite3_int64 end = shared->extents[i].offset + shared->extents[i].size;
        if (end > *size) *size = end;
    }
    pthread_mutex_unlock(&lock);
    return result;
}

static int lock_file(sqlite3_file *f, int level) { return real(f)->pMethods->xLock(real(f), level); }
static int unlock_file(sqlite3_file *f, int level) { return real(f)->pMethods->xUnlock(real(f), level); }
static int check_lock(sqlite3_file *f, int *held) { return real(f)->pMethods->xCheckReservedLock(real(f), held); }
static int control(sqlite3_file *f, int op, void *value) { return real(f)->pMethods->xFileControl(real(f), op, value); }
static int sector_size(sqlite3_file *f) { return real(f)->pMethods->xSectorSize(real(f)); }
static int shm_map(sqlite3_file *f, int page, int size, int extend, void volatile **place) {
    return real(f)->pMethods->xShmMap(real(f), page, size, extend, place);
}
static int shm_lock(sqlite3_file *f, int offset, int count, int flags) {
    return real(f)->pMethods->xShmLock(real(f), offset, count, flags);
}
static void shm_barrier(sqlite3_file *f) { real(f)->pMethods->xShmBarrier(real(f)); }
static int shm_unmap(sqlite3_file *f, int remove) { return real(f)->pMethods->xShmUnmap(real(f), remove); }
// No promise of the system's holds here: nothing is atomic and nothing in order before it is synced.
static int characteristics(sqlite3_file *f) { (void)f; return 0; }

static const sqlite3_io_methods methods = {
    .iVersion = 2, .xClose = close_file, .xRead = read_file, .xWrite = write_file,
    .xTruncate = truncate_file, .xSync = sync_file, .xFileSize = size_file, .xLock = lock_file,
    .xUnlock = unlock_file, .xCheckReservedLock = check_lock, .xFileControl = control,
    .xSectorSize = sector_size, .xDeviceCharacteristics = characteristics, .xShmMap = shm_map,
    .xShmLock = shm_lock, .xShmBarrier = shm_barrier, .xShmUnmap = shm_unmap,
};

static int open_file(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out) {
    (void)vfs;
    struct file *opened = (struct file *)file;
    opened->base.pMethods = NULL;
    opened->shared = NULL;
    opened->real = (sqlite3_file *)(opened + 1);
    int result = system_files->xOpen(system_files, name, opened->real, flags, out);
    if (result != SQLITE_OK) return result;
    if (name && flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL)) {
        pthread_mutex_lock(&lock);
        opened->shared = share(name);
        pthread_mutex_unlock(&lock);
    }
    opened->base.pMethods = &methods;
    return SQLITE_OK;
}

int unsynced_files_register(void) {
    if (system_files) return SQLITE_OK;
    sqlite3_vfs *found = sqlite3_vfs_find(NULL);
    if (!found) return SQLITE_ERROR;
    unsynced_files = *found;
    unsynced_files.zName = "unsynced";
    unsynced_files.szOsFile = (int)sizeof(struct file) + found->szOsFile;
    unsynced_files.xOpen = open_file;
    system_files = found;
    return sqlite3_vfs_register(&unsynced_files, 0);
}

int unsynced_files_report(const char *path) {
    // Who has the file of an earlier process open keeps its last word.
    unlink(path);
    int file = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0) return -1;
    void *bytes = MAP_FAILED;
    if (ftruncate(file, sizeof *waiting_bytes) == 0)
        bytes = mmap(NULL, sizeof *waiting_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    close(file);
    if (bytes == MAP_FAILED) return -1;
    pthread_mutex_lock(&lock);
    *(_Atomic unsigned long long *)bytes = *waiting_bytes;
    waiting_bytes = bytes;
    pthread_mutex_unlock(&lock);
    return 0;
}

unsigned long long unsynced_files_behave(unsigned long long nanoseconds, int syncs_nothing) {
    delay_nanoseconds = nanoseconds;
    lies = syncs_nothing;
    return atomic_exchange(&spoiled, 0);
}
