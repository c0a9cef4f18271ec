#pragma once

/// Registers SQLite's access to files under the name "unsynced": what is written stays in memory until
/// it is synced, so that a killed process loses what a machine without power would lose.
///
/// Returns 0, or SQLite's error code. For tests of crashes alone.
int unsynced_files_register(void);

/// Has a new file at `path` hold how many bytes are not synced, as a number of 64 bits; the process's
/// last word stays there. Returns 0, or -1 with errno.
int unsynced_files_report(const char *path);

/// Has each sync take so much longer from now on, and do nothing at all if `syncs_nothing` is not 0.
/// Returns how many syncs were spoiled so since the last call.
unsigned long long unsynced_files_behave(unsigned long long nanoseconds, int syncs_nothing);
