// What a service says while it runs: lines for people on a terminal, JSON lines elsewhere (a file,
// journald). To standard error. Any thread.
#pragma once

#include <string_view>

namespace tiendo {

enum class Importance { info, warning, error };

// Once, before the first line.
void start_log_lines();
void log_line(Importance importance, std::string_view text);
// Writes out what is still held back; for a process about to end itself.
void flush_log_lines();

}  // namespace tiendo
