// A process that holds something until it ends, however it ends: then the kernel lets it go.
#pragma once

/// Waits for a byte at standard input, takes what is to be held, says `held` or why not, and ends
/// when standard input does. Returns an exit code.
int hold_database(const char *path);
int hold_space(const char *folder, const char *maximum_bytes);
