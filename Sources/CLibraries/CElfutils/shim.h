#pragma once
#include <elfutils/libdwfl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/// The files that a process had mapped, by text as /proc/PID/maps has it; NULL where it is none.
///
/// Names come from files of this machine alone: no server is asked for debug information.
static inline Dwfl *elfutils_open(const char *maps, size_t size) {
    static const Dwfl_Callbacks callbacks = {
        .find_elf = dwfl_linux_proc_find_elf,
        .find_debuginfo = dwfl_standard_find_debuginfo,
    };
    unsetenv("DEBUGINFOD_URLS");
    FILE *file = fmemopen((void *)(uintptr_t)maps, size, "r");
    if (file == NULL) return NULL;
    Dwfl *files = dwfl_begin(&callbacks);
    if (files != NULL) {
        dwfl_report_begin(files);
        if (dwfl_linux_proc_maps_report(files, file) != 0
            || dwfl_report_end(files, NULL, NULL) != 0) {
            dwfl_end(files);
            files = NULL;
        }
    }
    fclose(file);
    return files;
}

/// The file that holds an address, and where the file begins; NULL for none.
static inline const char *elfutils_file(Dwfl *files, uint64_t address, uint64_t *start) {
    Dwfl_Module *module = dwfl_addrmodule(files, address);
    if (module == NULL) return NULL;
    Dwarf_Addr low = 0;
    const char *name = dwfl_module_info(module, NULL, &low, NULL, NULL, NULL, NULL, NULL);
    *start = low;
    return name;
}

/// The function that holds an address, as the linker names it; NULL where none is known.
static inline const char *elfutils_function(Dwfl *files, uint64_t address) {
    Dwfl_Module *module = dwfl_addrmodule(files, address);
    return module == NULL ? NULL : dwfl_module_addrname(module, address);
}

// Of Swift's and C++'s own run-time libraries, whose headers do not declare them for C; what they
// give is for free().
char *swift_demangle(
    const char *name, size_t length, char *buffer, size_t *size, uint32_t flags);
char *__cxa_demangle(const char *name, char *buffer, size_t *size, int *status);
