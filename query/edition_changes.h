// What an edition says differently than the one before it.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "events/json.h"
#include "events/result.h"

namespace tiendo {

struct ChangedFigure {
  std::string_view unit;
  std::string_view target;
  std::string_view indicator;
  json::Value before;  // the row of the earlier edition; not present: it had none
};
// Why a figure changed.
struct ToldCauses {
  std::string parts = "null";  // by cause, as a JSON array; null: they cannot be told
  std::string_view reason;     // why not, or why they do not add up; empty: they do
};
// Of each of them.
using CausesOfChanges =
    std::function<Result<std::vector<ToldCauses>>(const std::vector<ChangedFigure>&)>;

// Whether two rows of a target show the same figure and the same standing.
[[nodiscard]] bool figures_alike(json::Value a, json::Value b);

// `changed` and `changed_slots` of `after`, as the members of a JSON object without its brackets.
// Both texts are objects with `figures` and `slots`.
[[nodiscard]] Result<std::string> edition_changes(std::string_view before, std::string_view after,
                                                  const CausesOfChanges& causes);

}  // namespace tiendo
