#pragma once

/// Sends a signal to the target and all that it has started, and their children.
void signal_family(int number);
