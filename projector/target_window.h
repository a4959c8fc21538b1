// Which days a target binds on, as seen from a day (semantics 6).
#pragma once

#include "events/plan.h"

namespace tiendo {

struct BindingDays {
  Window window;                    // [a, L]; of a year not concerned, that year
  bool concerned = true;            // false: a year that is none of the target's
  bool throughout = false;          // on all dates of the window
  std::optional<Day> counted_from;  // of a held one: the first day of the window it had
};
// `day` is D, the last day of the asked period, and `reading_day` R. With "then": "hold" a target
// binds after its window on all dates, until the next of its series begins or the plan ends.
[[nodiscard]] BindingDays binding_days(const Plan& plan, const Target& target, Day day,
                                       Day reading_day);

}  // namespace tiendo
