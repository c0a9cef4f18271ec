// What jemalloc reads as the program begins. MALLOC_CONF of the environment comes after it.
//
// Blocks of 1 MiB and more give their pages back when they are freed, others within half a second:
// else bodies that are gone count as memory of the run.
__attribute__((visibility("default")))
const char *malloc_conf = "oversize_threshold:1048576,dirty_decay_ms:500";
