// Whether a formula can use what a report says (semantics 11, figure_unusable).
#pragma once

#include "events/plan.h"
#include "projector/statement.h"

namespace tiendo {

// Of a formula that reads reports itself: the shape of the figure, the point in its numbers, whom
// it speaks for, and the day of a survey. Other formulas read none, so any figure is right for
// them.
[[nodiscard]] bool can_use(const Plan& plan, std::string_view indicator, const Formula& formula,
                           const ReportedFigure& figure);
// The same of the formula of an indicator and those inside it that read its reports.
[[nodiscard]] bool can_use(const Plan& plan, const Indicator& indicator,
                           const ReportedFigure& figure);

}  // namespace tiendo
