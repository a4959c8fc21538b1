// Targets: how a figure stands against what was planned (semantics 6).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "projector/figure.h"
#include "projector/target_status.h"

namespace tiendo {

struct TargetReading {
  const Target* target = nullptr;
  Figure figure;               // each, asked above its level: the units that meet it, of all
  bool value_is_shown = true;  // false: each above its level has no value of its own
  bool ratio = false;          // the value is 100 x numerator / denominator
  TargetStatus status = TargetStatus::not_applicable;
  std::optional<bool> met;
  std::optional<Window> window;  // [a, L]; none: a year not concerned
  Window figured;                // [a, min(L, R)]: the days of the figure
  bool undecided = false;        // an upper bound meets it, and its lower bound does not
};

// One reading for each target of the plan, in its order, as on day D (the last day of the asked
// period).
[[nodiscard]] Result<std::vector<TargetReading>> read_targets(const Question& question,
                                                              const Plan& plan, UnitIndex unit,
                                                              Day day);
[[nodiscard]] Result<TargetReading> read_target(const Question& question, const Plan& plan,
                                                const Target& target, UnitIndex unit, Day day);

}  // namespace tiendo
