// The journal of a run's faults on disk. Its first line is `loadgen-chaos BOOT TOOL START`; then come
// `intent ID INVERSE`, `applied ID`, `proven ID WORD`, `undone ID`, `failed ID INVERSE` and
// `undo-proven ID WORD`, each on the disk before the next thing is done.
#pragma once
#include <stdbool.h>

#include "process.h"

/// Makes a journal, and holds its lock for as long as the process lives; -1 with errno.
int make_journal(const char *path, struct identity tool);

/// Appends a line, and waits until the disk has it; false if it cannot.
bool append(int journal, const char *line);

/// Undoes one fault of a journal, or all of it that is not undone (id 0), the last change first.
///
/// The number of changes that could not be undone; -1 if the journal cannot be read.
int undo_fault(int journal, int id);

/// Undoes what dead guards have left in a folder of journals, or in one journal.
///
/// Writes a line for each journal; returns an exit code.
int undo_folder(const char *folder);
int undo_journal(const char *path, bool is_forced);
