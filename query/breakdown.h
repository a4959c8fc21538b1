// A figure broken down into rows. Rows of counts and sums add up to the figure; rows of sets and
// ratios need not.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "query/asked.h"

namespace tiendo {

enum class BreakdownBy : uint8_t { unit, level, period, pillar };
[[nodiscard]] std::optional<BreakdownBy> parse_breakdown(std::string_view text);
[[nodiscard]] std::string_view name_of(BreakdownBy by);

struct BreakdownRow {
  std::string_view kind;          // by unit: own, child, unplaced; by level: unplaced or empty
  std::optional<std::string> id;  // of the unit, level, period or pillar; none: unplaced, not said
  std::optional<Name> name;       // of a unit
  std::optional<Window> days;     // of a period
  Figure figure;
};

// What is broken down.
struct Whole {
  const Asked& asked;
  const Indicator& indicator;
  Extent extent;
  Figure figure;
};
// Error: by_invalid where the formula knows no such breakdown.
[[nodiscard]] Result<std::vector<BreakdownRow>> break_down(const Call& call, const Whole& whole,
                                                           BreakdownBy by);

}  // namespace tiendo
