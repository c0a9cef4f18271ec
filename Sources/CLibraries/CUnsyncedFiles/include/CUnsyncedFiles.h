#pragma once

/// Registers SQLite's access to files under the name "unsynced": what is written stays in memory until
/// it is synced, so that a killed process loses what a machine without power would lose.
///
/// Returns 0, or SQLite's error code. For tests of crashes alone.
int unsynced_files_register(void);
