#include "projector/figure.h"

#include <algorithm>

#include "projector/figure_parts.h"

namespace tiendo {

std::string_view name_of(Role role) {
  switch (role) {
    case Role::amount:
      return "amount";
    case Role::numerator:
      return "numerator";
    case Role::denominator:
      return "denominator";
    case Role::spent:
      return "spent";
  }
  return "";
}

// --- calls ---

FigureCall FigureCall::of(const Formula& other) const {
  FigureCall call = *this;
  call.formula = &other;
  if (other.whole_plan) {
    call.asked.first = plan.first;
    call.window.first = plan.first;
  }
  return call;
}

FigureCall FigureCall::for_unit(UnitIndex other, Extent its_extent) const {
  FigureCall call = *this;
  call.unit = other;
  call.extent = its_extent;
  call.ground = nullptr;
  return call;
}

std::vector<UnitDays> FigureCall::places(Dividing dividing) const {
  if (ground != nullptr) {
    return cut(dividing == Dividing::divided ? ground->divided : ground->whole, window);
  }
  return extent == Extent::subtree ? question.below(unit, window, dividing)
                                   : question.own_of(unit, window, dividing);
}

std::vector<UnitDays> FigureCall::places_on(Day day, Dividing dividing) const {
  FigureCall on_day = *this;
  on_day.window = {day, day};
  return on_day.places(dividing);
}

FigureCall call_of(const Question& question, const FigureOf& of, const ContributorSink& sink) {
  std::string_view indicator = of.indicator;
  if (indicator.empty()) {
    const auto& all = of.plan.indicators;
    const auto found = std::find_if(all.begin(), all.end(), [&](const Indicator& one) {
      return one.formula.get() == &of.formula;
    });
    if (found != all.end()) indicator = found->id;
  }
  FigureCall call{.question = question,
                  .plan = of.plan,
                  .formula = &of.formula,
                  .indicator = indicator,
                  .unit = of.unit,
                  .asked = of.window,
                  .window = {of.window.first, std::min(of.window.last, question.moment().today())},
                  .extent = of.extent,
                  .due_window = of.due_window,
                  .counted_from = of.counted_from,
                  .sink = &sink};
  return call.of(of.formula);
}

namespace {

struct FormulaReading {
  const FigureCall& call;

  Result<Figure> operator()(const CountFormula& formula) const {
    return sum_of_facts(call, count_term(formula));
  }
  Result<Figure> operator()(const SumFormula& formula) const {
    return sum_of_facts(call, sum_term(formula));
  }
  Result<Figure> operator()(const ReportedSumFormula&) const { return reported_sum(call); }
  Result<Figure> operator()(const DistinctFormula& formula) const {
    return distinct_figure(call, formula);
  }
  Result<Figure> operator()(const GaugeFormula& formula) const {
    return gauge_figure(call, formula);
  }
  Result<Figure> operator()(const ReportedGaugeFormula& formula) const {
    return reported_gauge(call, formula);
  }
  Result<Figure> operator()(const StateFormula& formula) const {
    return state_figure(call, formula);
  }
  Result<Figure> operator()(const RankFormula& formula) const { return rank_figure(call, formula); }
  Result<Figure> operator()(const KeptFormula& formula) const { return kept_figure(call, formula); }
  Result<Figure> operator()(const ReportedRatioFormula& formula) const {
    return reported_ratio(call, formula);
  }
  Result<Figure> operator()(const RatioFormula& formula) const {
    return ratio_figure(call, formula);
  }
  Result<Figure> operator()(const StatisticFormula& formula) const {
    return statistic_figure(call, formula);
  }
  Result<Figure> operator()(const SurveyFormula& formula) const {
    return survey_figure(call, formula);
  }
  Result<Figure> operator()(const CoverageFormula& formula) const {
    return coverage_figure(call, formula);
  }
  Result<Figure> operator()(const RegisterCoverageFormula& formula) const {
    return register_coverage_figure(call, formula);
  }
  Result<Figure> operator()(const ShareFormula& formula) const {
    return share_of_facts(call, formula);
  }
  Result<Figure> operator()(const LeastFormula& formula) const {
    return least_figure(call, formula);
  }
  Result<Figure> operator()(const MilestoneFormula& formula) const {
    return milestone_figure(call, formula);
  }
  Result<Figure> operator()(const MoneyFormula& formula) const {
    return money_figure(call, formula);
  }
  Result<Figure> operator()(const ReferenceFormula& formula) const {
    if (!formula.of) return Figure{.no_data = std::string(no_data_nothing_said)};
    return figure_of(call.of(*formula.of));
  }
};

}  // namespace

Result<Figure> figure_of(const FigureCall& call) {
  TRY_ASSIGN(figure, std::visit(FormulaReading{call}, call.formula->of));
  if (figure.lower && figure.has_data()) figure.findings.emplace("upper_bound");
  if (figure.over_one()) figure.findings.emplace("ratio_over_one");
  return figure;
}

Result<Figure> quiet_figure_of(FigureCall call) {
  call.sink = nullptr;
  return figure_of(call);
}

Fraction fraction_of(const Figure& figure) {
  if (figure.value) return {*figure.value, Decimal::whole(1), 1};
  return {*figure.numerator, *figure.denominator, 100};
}

Fraction lower_of(const Figure& figure) {
  Fraction fraction = fraction_of(figure);
  if (figure.lower) fraction.n = *figure.lower;
  if (figure.lower_denominator) fraction.d = *figure.lower_denominator;
  return fraction;
}

Comparison compare(Comparator comparator, bool or_more, Decimal wanted, const Figure& figure) {
  if (comparator == Comparator::exactly && or_more) comparator = Comparator::at_least;
  const auto does = [&](const Fraction& one) {
    return holds(comparator, one.n, one.d, wanted, one.scale);
  };
  if (!does(fraction_of(figure))) return Comparison::fails;
  if (!figure.lower) return Comparison::holds;
  return does(lower_of(figure)) ? Comparison::holds : Comparison::undecided;
}

std::string_view no_data_of_ratio(const Figure& figure) {
  if (!figure.numerator || !figure.denominator) return no_data_overflow;
  return figure.denominator->is_zero() ? "denominator_zero" : "";
}

Result<Figure> figure(const Question& question, const FigureOf& of, const ContributorSink& sink) {
  return figure_of(call_of(question, of, sink));
}

std::string measure_of(const Indicator& indicator) {
  if (is_ratio(*indicator.formula)) return "percent";
  if (!indicator.measure.empty()) return indicator.measure;
  const Formula* formula = indicator.formula.get();
  while (true) {  // a formula over another measures what that one does
    const auto* kept = std::get_if<KeptFormula>(&formula->of);
    const auto* shown = std::get_if<ReferenceFormula>(&formula->of);
    const Formula* inner = kept ? kept->of.get() : shown ? shown->of.get() : nullptr;
    if (inner == nullptr) break;
    formula = inner;
  }
  if (!formula->measure.empty()) return formula->measure;
  if (const auto* sum = std::get_if<SumFormula>(&formula->of)) {
    return sum->of == SumFormula::Of::participants ? "visits"
           : sum->of == SumFormula::Of::cost       ? "million_vnd"
                                                   : "";
  }
  if (const auto* distinct = std::get_if<DistinctFormula>(&formula->of)) {
    return distinct->of == DistinctFormula::Of::people          ? "people"
           : distinct->of == DistinctFormula::Of::reached_units ? "units"
                                                                : "";
  }
  if (std::holds_alternative<RankFormula>(formula->of)) return "rank";
  if (std::holds_alternative<MoneyFormula>(formula->of)) return "million_vnd";
  const bool of_activities = std::holds_alternative<CountFormula>(formula->of) ||
                             std::holds_alternative<MilestoneFormula>(formula->of);
  return of_activities ? "activities" : "";
}

}  // namespace tiendo
