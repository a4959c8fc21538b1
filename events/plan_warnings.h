// What an accepted plan document says that is probably meant otherwise: words near to others, years
// and days outside the plan, percentages written as parts of 1.
#pragma once

#include <vector>

#include "events/json.h"
#include "events/plan.h"
#include "events/warning.h"

namespace tiendo {

// `plan` is what was read of the document, which has no fault. In the order of the document for
// each kind of warning; fields are paths from `data`.
[[nodiscard]] std::vector<Warning> warnings_of_plan(json::Value document, const Plan& plan);

}  // namespace tiendo
