// What a report says of an indicator that is figured from events: kept and shown beside the figure,
// never added or preferred.
#pragma once

#include <optional>
#include <vector>

#include "projector/question.h"

namespace tiendo {

struct ReportedBeside {
  std::optional<Decimal> value;
  std::optional<Decimal> numerator;
  std::optional<Decimal> denominator;
  bool several_sources = false;
};
// The figure that the unit's own reports in force hold for a period of the same days as one of
// `windows`, the first that has one; of several such periods the last said. None: nothing said, or
// the indicator's source is reports.
[[nodiscard]] Result<std::optional<ReportedBeside>> reported_beside(
    const Question& question, const Plan& plan, const Indicator& indicator, UnitIndex unit,
    const std::vector<Window>& windows);

}  // namespace tiendo
