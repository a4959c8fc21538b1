// Obligations: which units owe which report for which period, and how that stands (semantics 7).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "projector/figure.h"

namespace tiendo {

// The obligation of one unit for one period.
struct Slot {
  enum class State : uint8_t { on_time, late, returned, missing, not_yet_due };
  UnitIndex unit = 0;
  std::string period;
  State state = State::missing;
  std::optional<ReportStanding::State> report_state;  // of the report first sent
  std::optional<Instant> first_at;                    // as judged: when it was said, or received
  std::optional<Instant> last_at;
  std::optional<OrderKey> first_record;
  bool complete = false;
};
[[nodiscard]] std::string_view name_of(Slot::State state);

// Whether the unit owes the report of this instance.
[[nodiscard]] bool owes(const Question& question, const Plan& plan, const Obligation& obligation,
                        const Instance& instance, UnitIndex unit);

// How it stands with the slot of a unit, whether it owes or not.
[[nodiscard]] Result<Slot> slot(const Question& question, const Plan& plan,
                                const Obligation& obligation, const Instance& instance,
                                UnitIndex unit);

struct Slots {
  std::vector<Slot> owed;   // by period, then unit
  std::vector<Slot> extra;  // what units sent that do not owe it
};
// Of the units in the subtree of `node`; only of `period` unless it is empty.
[[nodiscard]] Result<Slots> slots(const Question& question, const Plan& plan,
                                  const Obligation& obligation, std::string_view period,
                                  UnitIndex node);

}  // namespace tiendo
