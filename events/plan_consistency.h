// What the parts of a plan document say together: references that lead somewhere, measures that can
// be divided, ratios that can have a denominator, targets of one series that do not overlap, a
// budget that adds up. A document is accepted for good, so all kinds of formula are checked.
#pragma once

#include "events/plan.h"
#include "events/plan_reader.h"

namespace tiendo {

// `root` is the document, `plan` what was read of it; what is wrong goes to `reader`.
void check_consistency(PlanReader& reader, const Place& root, const Plan& plan);

// Its parts. `rows` and the like are the places of the plan's own lists, one for each element that
// was read.
void check_formula_rules(PlanReader& reader, const Place& place, const Formula& formula,
                         const Plan& plan);
void check_indicator_cycles(PlanReader& reader, const std::vector<Place>& indicators,
                            const Plan& plan);
void check_budget(PlanReader& reader, const Place& root, const Plan& plan);

// Whether figures of this formula add up over days, so that it has no value on a day. A ratio of
// such has: that of the window up to the day.
[[nodiscard]] bool is_flow(const Formula& formula);
// A place of a list whose elements that are no objects were left out.
[[nodiscard]] std::vector<Place> objects(PlanReader& reader, const Place& root,
                                         std::string_view list);

}  // namespace tiendo
