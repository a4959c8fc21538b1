// What became of the reports behind a reported figure: sent, corrected, approved, returned,
// withdrawn, and reopened where an approved one was corrected. An approval changes no figure, so a
// history of values alone would not show it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "projector/views.h"
#include "query/figure_history.h"

namespace tiendo {

// A report as it stood from a record on.
struct ReportAct {
  OrderKey record;
  std::string unit;
  std::string period;
  std::string report;
  ReportStanding::State state = ReportStanding::State::submitted;
  ReportedFigure said;  // of the indicator, the last said there; returned reports keep it
};

// Of the figure's own unit, or of all units ever below it: the acts on reports that say the
// indicator and whose period begins within `plan`'s asked days or before them, after the point
// `after` and up to `until`, in the order of records. Empty for formulas that read no reports.
struct TrailQuestion {
  const HistoryQuestion& history;
  const Plan& plan;
  const Indicator& indicator;
  Window window;
};
[[nodiscard]] Result<std::vector<ReportAct>> report_trail(const TrailQuestion& question,
                                                          const std::optional<HistoryPoint>& after,
                                                          const std::optional<HistoryPoint>& until);

}  // namespace tiendo
