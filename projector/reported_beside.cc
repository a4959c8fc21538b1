#include "projector/reported_beside.h"

namespace tiendo {

Result<std::optional<ReportedBeside>> reported_beside(const Question& question, const Plan& plan,
                                                      const Indicator& indicator, UnitIndex unit,
                                                      const std::vector<Window>& windows) {
  std::optional<ReportedBeside> beside;
  if (reads_reports(*indicator.formula)) return beside;
  TRY_ASSIGN(all, question.once().said(plan.id, unit, indicator.id));
  for (const Window& window : windows) {
    const SaidFigure* last = nullptr;
    for (const SaidFigure& said : *all) {
      const auto period = plan.period(said.period);
      if (!period || *period != window) continue;
      if (last == nullptr || said.by > last->by) last = &said;
    }
    if (last == nullptr) continue;
    const ReportedFigure& figure = last->figure;
    beside =
        ReportedBeside{figure.value, figure.numerator, figure.denominator, last->several_sources};
    break;
  }
  return beside;
}

}  // namespace tiendo
