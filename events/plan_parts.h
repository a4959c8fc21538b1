// How the parts of a plan document that hold no formula are read: names, due days, tasks, the
// budget.
#pragma once

#include <string>

#include "events/plan.h"
#include "events/plan_reader.h"

namespace tiendo {

// A text in Vietnamese, or {vi, en}; empty where absent.
[[nodiscard]] Name read_name(PlanReader& reader, const Place& place);
// When a report is due; `period_last` is the last day of the instance's period.
[[nodiscard]] Due read_due(PlanReader& reader, const Place& place, Day period_last);
// `plan` knows the periods that a time may name.
[[nodiscard]] Task read_task(PlanReader& reader, const Place& place, std::string id,
                             const Plan& plan);
// `budget` and `budget_totals` of the document, into `plan`.
void read_budget(PlanReader& reader, const Place& root, Plan& plan);

}  // namespace tiendo
