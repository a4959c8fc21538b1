// Targets: how a figure stands against what was planned (semantics 6).
#pragma once

#include <optional>
#include <string>
#include <vector>

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

struct TargetReading {
  const Target* target = nullptr;
  Figure figure;               // each, asked above its level: the units that meet it, of all
  bool value_is_shown = true;  // false: each above its level has no value of its own
  bool ratio = false;          // the value is 100 x numerator / denominator
  TargetStatus status = TargetStatus::not_applicable;
  std::optional<bool> met;
  std::optional<Window> window;  // [a, L]; none: a year not concerned
};

// One reading for each target of the plan, in its order, as on day D (the last day of the asked
// period).
[[nodiscard]] Result<std::vector<TargetReading>> read_targets(const Question& question,
                                                              const Plan& plan, UnitIndex unit,
                                                              Day day);
[[nodiscard]] Result<TargetReading> read_target(const Question& question, const Plan& plan,
                                                const Target& target, UnitIndex unit, Day day);

}  // namespace tiendo
