// What the parts of a plan document say together: measures that can be divided, ratios that can
// have a denominator, targets of one series that do not overlap, a budget that adds up. The kinds
// of formula that are not figured yet are checked as well: a document is accepted for good.
#pragma once

#include "events/plan.h"
#include "events/plan_reader.h"

namespace tiendo {

// `root` is the document, `plan` what was read of it; what is wrong goes to `reader`.
void check_consistency(PlanReader& reader, const Place& root, const Plan& plan);

}  // namespace tiendo
