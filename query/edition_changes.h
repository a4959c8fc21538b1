// What an edition says differently than the one before it.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "events/result.h"

namespace tiendo {

struct ChangedFigure {
  std::string_view unit;
  std::string_view target;
  std::string_view indicator;
};
// The parts of a change by cause, as a JSON array; null where they cannot be told.
using PartsOfChange = std::function<Result<std::string>(const ChangedFigure&)>;

// `changed` and `changed_slots` of `after`, as the members of a JSON object without its brackets.
// Both texts are objects with `figures` and `slots`.
[[nodiscard]] Result<std::string> edition_changes(std::string_view before, std::string_view after,
                                                  const PartsOfChange& parts);

}  // namespace tiendo
