#include "projector/reported_fit.h"

#include <algorithm>

namespace tiendo {
namespace {

bool takes_points(const Plan& plan, std::string_view indicator, const Formula& formula) {
  const Indicator* named = plan.indicator(indicator);
  const std::string& measure =
      formula.measure.empty() && named != nullptr ? named->measure : formula.measure;
  return measure == "million_vnd" || measure == "percent";
}

bool is_value(const ReportedFigure& figure, Covers covers) {
  return figure.value && figure.scope.value_or(covers) == covers;
}

struct Fit {
  const ReportedFigure& figure;

  bool operator()(const ReportedSumFormula&) const { return is_value(figure, Covers::own); }
  bool operator()(const ReportedGaugeFormula& of) const { return is_value(figure, of.covers); }
  bool operator()(const ReportedRatioFormula& of) const {
    return !figure.value && figure.scope.value_or(of.covers) == of.covers;
  }
  bool operator()(const SurveyFormula&) const {
    return figure.surveyed && figure.numerator && figure.denominator &&
           figure.scope.value_or(Covers::subtree) == Covers::subtree;
  }
  template <class Other>
  bool operator()(const Other&) const {
    return true;
  }
};

bool all_can_use(const Plan& plan, const Indicator& indicator, const Formula& formula,
                 const ReportedFigure& figure) {
  const auto inner = [&](const FormulaPtr& of) {
    return !of || all_can_use(plan, indicator, *of, figure);
  };
  if (const auto* kept = std::get_if<KeptFormula>(&formula.of)) return inner(kept->of);
  if (const auto* shown = std::get_if<ReferenceFormula>(&formula.of)) return inner(shown->of);
  if (const auto* least = std::get_if<LeastFormula>(&formula.of)) {
    return std::all_of(least->of.begin(), least->of.end(), [&](const LeastFormula::Part& part) {
      const bool is_other = !part.indicator.empty() && part.indicator != indicator.id;
      return is_other || inner(part.formula);
    });
  }
  return can_use(plan, indicator.id, formula, figure);
}

}  // namespace

bool can_use(const Plan& plan, std::string_view indicator, const Formula& formula,
             const ReportedFigure& figure) {
  if (!std::visit(Fit{figure}, formula.of)) return false;
  return !figure.with_point || !reads_reports(formula) || takes_points(plan, indicator, formula);
}

bool can_use(const Plan& plan, const Indicator& indicator, const ReportedFigure& figure) {
  return all_can_use(plan, indicator, *indicator.formula, figure);
}

}  // namespace tiendo
