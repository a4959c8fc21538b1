#include "projector/target_status.h"

namespace tiendo {
namespace {

bool is_rising(const Target& target) {
  return target.comparator == Comparator::at_least || target.comparator == Comparator::above ||
         target.comparator == Comparator::exactly;
}

bool grows(const Formula& formula) {
  return std::holds_alternative<CountFormula>(formula.of) ||
         std::holds_alternative<SumFormula>(formula.of) ||
         std::holds_alternative<ReportedSumFormula>(formula.of) ||
         std::holds_alternative<DistinctFormula>(formula.of) ||
         std::holds_alternative<GaugeFormula>(formula.of) ||
         std::holds_alternative<ReportedGaugeFormula>(formula.of) ||
         std::holds_alternative<ReportedRatioFormula>(formula.of) ||
         std::holds_alternative<RatioFormula>(formula.of) ||
         std::holds_alternative<CoverageFormula>(formula.of) ||
         std::holds_alternative<RegisterCoverageFormula>(formula.of);
}

// Figures that grow with time are on track when they have come as far as the days have: value x
// days of [a, L] >= target x days of [a, min(L, R)]. With n/d for the value both sides are
// multiplied by d; the products have at most 256 bits and are exact.
bool grows_as_planned(const Target& target, const Formula& formula, const TargetDays& days,
                      const Figure& figure) {
  if (!is_rising(target) || (target.whom.scope != Scope::share && !grows(formula))) return false;
  const int64_t so_far = Window{days.window.first, days.as_at}.days();
  const Fraction fraction = fraction_of(figure);
  return compare_products(fraction.n.units(),
                          int128{fraction.scale} * days.window.days() * Decimal::one_units,
                          target.value.units(), fraction.d.units() * so_far) >= 0;
}

// Of an activity or a report: what is late is done, and late.
JudgedTarget judge_milestone(const TargetDays& days, const Figure& figure) {
  if (!figure.done_on) {
    if (days.due()) return {TargetStatus::not_met, false};
    return {TargetStatus::not_yet_due, {}};
  }
  if (*figure.done_on <= days.window.last) return {TargetStatus::met, true};
  return {TargetStatus::late, false};
}

// What must hold on all dates: one on which it did not is enough.
JudgedTarget judge_kept(const TargetDays& days, const Figure& figure, bool holds) {
  if (!figure.established) {
    if (days.due()) return {TargetStatus::not_met, false};
    return {TargetStatus::not_yet_due, {}};
  }
  if (!holds) return {TargetStatus::not_met, false};
  if (days.due()) return {TargetStatus::met, true};
  return {TargetStatus::on_track, {}};
}

}  // namespace

std::string_view name_of(TargetStatus status) {
  switch (status) {
    case TargetStatus::reference:
      return "reference";
    case TargetStatus::not_applicable:
      return "not_applicable";
    case TargetStatus::not_yet_due:
      return "not_yet_due";
    case TargetStatus::no_data:
      return "no_data";
    case TargetStatus::met:
      return "met";
    case TargetStatus::late:
      return "late";
    case TargetStatus::not_met:
      return "not_met";
    case TargetStatus::on_track:
      return "on_track";
    case TargetStatus::behind:
      return "behind";
  }
  return "";
}

JudgedTarget judge_target(const Target& target, const Formula& formula, const TargetDays& days,
                          const Figure& figure) {
  if (days.reading_day < days.window.first) return {TargetStatus::not_yet_due, {}};
  if (!figure.has_data() || figure.building) return {TargetStatus::no_data, {}};
  const bool is_kept = days.throughout || std::holds_alternative<KeptFormula>(formula.of);
  if (!is_kept && std::holds_alternative<MilestoneFormula>(formula.of)) {
    return judge_milestone(days, figure);
  }
  const Comparison compared = compare(target.comparator, target.or_more, target.value, figure);
  if (compared == Comparison::undecided) return {TargetStatus::no_data, {}};
  const bool is_money = std::holds_alternative<MoneyFormula>(formula.of);
  const bool holds = compared == Comparison::holds &&
                     (!is_money || !figure.spent || *figure.spent <= target.value);
  if (is_kept) return judge_kept(days, figure, holds);
  if (holds) return {TargetStatus::met, true};
  if (days.due()) return {TargetStatus::not_met, false};
  if (is_money) return {TargetStatus::not_yet_due, {}};
  const bool as_planned = grows_as_planned(target, formula, days, figure);
  return {as_planned ? TargetStatus::on_track : TargetStatus::behind, {}};
}

}  // namespace tiendo
