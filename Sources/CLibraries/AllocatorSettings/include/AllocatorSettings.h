// How this program's jemalloc is set. Nothing to call: being linked is enough.
extern const char *malloc_conf;
