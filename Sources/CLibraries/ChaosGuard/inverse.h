// What sets right a change that a fault has made; doing it twice does no more than doing it once.
#pragma once
#include <stddef.h>

/// Does one line of a journal: `continue PID START`, `kill PID START`,
/// `rlimit PID START RESOURCE SOFT HARD`, `cgroup PARENT PATH` or `nft NAMESPACE TABLE`, with a tab
/// between the words.
///
/// 0 if what it is to set right is right now, also since the process has ended; else an errno.
int undo_line(const char *line);
