// How the parts of a plan document that hold no formula are read: names, tasks, the budget.
#pragma once

#include <string>

#include "events/plan.h"
#include "events/plan_reader.h"

namespace tiendo {

// A text in Vietnamese, or {vi, en}; empty where absent.
[[nodiscard]] Name read_name(PlanReader& reader, const Place& place);
[[nodiscard]] Task read_task(PlanReader& reader, const Place& place, std::string id);
// `budget` and `budget_totals` of the document, into `plan`.
void read_budget(PlanReader& reader, const Place& root, Plan& plan);

}  // namespace tiendo
