#include "query/report_trail.h"

#include <algorithm>
#include <set>

#include "query/history_parts.h"

namespace tiendo {
namespace {

// The indicators under which reports are read: the figure's own, and those of the parts of a least.
std::set<std::string> indicators_of(const Indicator& indicator) {
  std::set<std::string> all = {indicator.id};
  if (const auto* least = std::get_if<LeastFormula>(&indicator.formula->of)) {
    for (const LeastFormula::Part& part : least->of) all.insert(part.indicator);
  }
  return all;
}

}  // namespace

Result<std::vector<ReportAct>> report_trail(const TrailQuestion& question,
                                            const std::optional<HistoryPoint>& after,
                                            const std::optional<HistoryPoint>& until) {
  std::vector<ReportAct> acts;
  if (!reads_reports(*question.indicator.formula)) return acts;
  const HistoryQuestion& history = question.history;
  const std::set<std::string> indicators = indicators_of(question.indicator);
  const auto is_asked = [&](const OrderKey& record) {
    const HistoryPoint point{record.recorded_at, record};
    return history.until.knows(record) && (!after || *after < point) &&
           (!until || !(*until < point));
  };
  const ViewReader rows(*history.views->rows);
  const std::vector<std::string> units =
      history.extent == Extent::own ? std::vector{history.unit}
                                    : units_ever_below(*history.views->reference, history.unit);
  for (const std::string& unit : units) {
    TRY_DO(rows.report_rows(
        question.plan.id, unit, [&](std::string_view id, const ReportStanding& report) {
          const auto period = question.plan.period(id);
          if (!is_asked(report.from) || !period || period->first > question.window.last) return;
          if (report.state == ReportStanding::State::moved) return;
          for (const std::string& indicator : indicators) {
            const auto said = report.figures.find(indicator);
            if (said == report.figures.end()) continue;
            acts.push_back({report.from, unit, std::string(id), report.report, report.state,
                            said->second.figure});
          }
        }));
  }
  std::stable_sort(acts.begin(), acts.end(),
                   [](const ReportAct& a, const ReportAct& b) { return a.record < b.record; });
  return acts;
}

}  // namespace tiendo
