// The table of statuses (semantics 6), over a figure that is already known. Pure.
#pragma once

#include <optional>
#include <string_view>

#include "projector/figure.h"

namespace tiendo {

enum class TargetStatus : uint8_t {
  reference,
  not_applicable,
  not_yet_due,
  no_data,
  met,
  late,
  not_met,
  on_track,
  behind,
};
[[nodiscard]] std::string_view name_of(TargetStatus status);

// The days that decide: R, [a, L], and min(L, R).
struct TargetDays {
  Window window;
  Day reading_day;
  Day as_at;
  Day today;
  bool throughout = false;
  [[nodiscard]] bool due() const { return reading_day >= window.last && today > window.last; }
};

struct JudgedTarget {
  TargetStatus status = TargetStatus::not_applicable;
  std::optional<bool> met;
};
// `formula` is that of the indicator. Rows 3 to 13: the target is concerned, and no reference.
[[nodiscard]] JudgedTarget judge_target(const Target& target, const Formula& formula,
                                        const TargetDays& days, const Figure& figure);

}  // namespace tiendo
