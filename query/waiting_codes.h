// What to say to a person about an accepted event that waits, or has no effect.
#pragma once

#include <string_view>

#include "events/message.h"

namespace tiendo {

[[nodiscard]] bool is_waiting_code(std::string_view code);
// Why an event waits and how to mend it, in Vietnamese and English; `waits_for` is the id of what
// is missing. For every waiting code of semantics 11.
[[nodiscard]] Sentence sentence_of_waiting(std::string_view code, std::string_view waits_for);

// Why an accepted event has no effect for good, or what is remarkable about it and what to look at.
// For every code of `void` and of findings of semantics 11.
[[nodiscard]] Sentence sentence_of_remark(std::string_view code);

}  // namespace tiendo
