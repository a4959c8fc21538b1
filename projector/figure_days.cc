// On which days a figure can change, so that what is kept over a year need not be figured 365
// times. Too many days cost time; a day too few would be wrong.
#include <algorithm>

#include "projector/figure_parts.h"

namespace tiendo {
namespace {

class DaysOfChange {
 public:
  DaysOfChange(const FigureCall& call, Window window) : call_(call), window_(window) {
    add(window.first);
  }

  Result<std::vector<Day>> find() {
    TRY_DO(formula(call_));
    if (any_day_) {
      for (Day day = window_.first; day <= window_.last; day = day.next()) add(day);
    }
    return std::vector<Day>(days_.begin(), days_.end());
  }

 private:
  void add(Day day) {
    if (window_.contains(day)) days_.insert(day);
  }
  template <class T>
  void add_all(const std::vector<Since<T>>& history) {
    for (const Since<T>& one : history) add(one.day);
  }

  Status formula(const FigureCall& call) {
    return std::visit([&](const auto& of) { return read(call, of); }, call.formula->of);
  }

  // --- activities ---

  Status term(const FigureCall& call, const SplitTerm& term) {
    tree(call);
    return visit_facts(call, term, Dividing::divided,
                       [&](const UnitDays&, const Fact& fact) { add(fact.day); });
  }
  Status term_of_all(const FigureCall& call, const SplitTerm& term) {
    return visit_all_facts(call, term, [&](const UnitDays&, const Fact& fact) { add(fact.day); });
  }
  Status read(const FigureCall& call, const CountFormula& formula) {
    return term(call, count_term(formula));
  }
  Status read(const FigureCall& call, const SumFormula& formula) {
    return term(call, sum_term(formula));
  }
  Status read(const FigureCall& call, const ShareFormula& formula) {
    return term(call, share_terms(formula).among);
  }
  Status read(const FigureCall& call, const DistinctFormula& formula) {
    using Of = DistinctFormula::Of;
    if (formula.only && formula.of != Of::reached_units) {
      TRY_DO(all_entities(formula.of == Of::people ? "people" : formula.output));
    }
    return term(call, formula.of == Of::reached_units ? reached_term(formula.where)
                                                      : distinct_term(formula));
  }

  // --- what was declared ---

  // Of the unit itself, or of all units.
  void tree(const FigureCall& call) {
    if (call.extent == Extent::subtree || call.question.tree().has_successions()) {
      for (const Day day : call.question.once().tree_days()) add(day);
      return;
    }
    for (const Day day : call.question.tree().property_days(call.unit)) add(day);
    add_all(call.question.tree().unit(call.unit).existence);
  }
  // Those that ever were the unit's own, or all.
  Status entities(const FigureCall& call, const std::string& reg) {
    tree(call);
    const bool may_be_others =
        call.extent == Extent::subtree || call.question.tree().has_successions();
    if (may_be_others) return all_entities(reg);
    TRY_ASSIGN(all, call.question.once().entities(reg));
    const auto own = all->by_unit.find(call.id_of(call.unit));
    if (own == all->by_unit.end()) return Done{};
    for (const std::size_t index : own->second) entity_days(all->entities[index]);
    return Done{};
  }
  Status all_entities(const std::string& reg) {
    for (const Day day : call_.question.once().tree_days()) add(day);
    TRY_ASSIGN(all, call_.question.once().entities(reg));
    for (const EntityStanding& entity : all->entities) entity_days(entity);
    return Done{};
  }
  void entity_days(const EntityStanding& entity) {
    add_all(entity.existence);
    add_all(entity.units);
    for (const auto& [key, history] : entity.flags) add_all(history);
  }
  Status read(const FigureCall& call, const GaugeFormula& formula) {
    return entities(call, formula.reg);
  }
  Status read(const FigureCall& call, const StateFormula& formula) {
    const auto of_unit = [&](UnitIndex unit) -> Status {
      const Unit& its = call.question.tree().unit(unit);
      const auto said = its.attributes.find(formula.attribute);
      if (said != its.attributes.end()) add_all(said->second);
      return Done{};
    };
    if (formula.attribute.empty()) return entities(call, formula.reg);
    return each_unit(call, of_unit);
  }
  Status read(const FigureCall& call, const RankFormula& formula) {
    return statistic(call, formula.statistic);
  }
  Status read(const FigureCall& call, const StatisticFormula& formula) {
    tree(call);
    return statistic(call, formula.statistic);
  }
  Status statistic(const FigureCall& call, const std::string& name) {
    return each_unit(call, [&](UnitIndex unit) -> Status {
      TRY_ASSIGN(all, call.question.once().statistics(name, unit));
      for (const StatisticStanding& one : *all) add(one.as_at);
      return Done{};
    });
  }

  // The unit itself, or all that may ever count below it.
  template <class Visit>
  Status each_unit(const FigureCall& call, Visit visit) {
    const bool is_alone = call.extent == Extent::own && !call.question.tree().has_successions();
    if (is_alone) return visit(call.unit);
    for (const UnitIndex unit : call.question.tree().ever_below(call.unit)) TRY_DO(visit(unit));
    return Done{};
  }

  // --- reports ---

  Status reports(const FigureCall& call) {
    tree(call);
    return each_unit(call, [&](UnitIndex unit) -> Status {
      TRY_ASSIGN(all, call.question.once().said(call.plan.id, unit, call.indicator));
      for (const SaidFigure& said : *all) {
        if (said.figure.as_at) add(*said.figure.as_at);
        const auto period = call.plan.period(said.period);
        if (!period) continue;
        add(std::min(period->last, said.said_on));
        add(period->last);
      }
      return Done{};
    });
  }
  Status read(const FigureCall& call, const ReportedSumFormula&) { return reports(call); }
  Status read(const FigureCall& call, const ReportedGaugeFormula&) { return reports(call); }
  Status read(const FigureCall& call, const ReportedRatioFormula&) { return reports(call); }
  Status read(const FigureCall& call, const SurveyFormula&) { return reports(call); }

  // --- formulas over formulas ---

  Status inner(const FigureCall& call, const FormulaPtr& of, std::string_view indicator = {}) {
    if (!of) return Done{};
    FigureCall inside = call.of(*of);
    if (!indicator.empty()) inside.indicator = indicator;
    return formula(inside);
  }
  Status read(const FigureCall& call, const RatioFormula& of) {
    const FigureCall below = call.for_unit(call.unit, Extent::subtree);
    tree(below);
    TRY_DO(inner(below, of.numerator));
    return inner(below, of.denominator);
  }
  Status read(const FigureCall& call, const KeptFormula& of) { return inner(call, of.of); }
  Status read(const FigureCall& call, const ReferenceFormula& of) { return inner(call, of.of); }
  Status read(const FigureCall& call, const LeastFormula& of) {
    for (const LeastFormula::Part& part : of.of) TRY_DO(inner(call, part.formula, part.indicator));
    return Done{};
  }
  Status read(const FigureCall& call, const CoverageFormula& of) {
    const FigureCall below = call.for_unit(call.unit, Extent::subtree);
    tree(below);
    return have(below, of.have);
  }
  Status have(const FigureCall& call, const Have& have) {
    switch (have.kind) {
      case Have::Kind::attribute:
        return Done{};  // the days of the tree are all there
      case Have::Kind::entity:
        return entities(call, have.reg);
      case Have::Kind::reached:
        if (have.by == Have::By::anyone) return term_of_all(call, reached_term(have.reached_by));
        return term(call, reached_term(have.reached_by));
      case Have::Kind::threshold: {
        const Indicator* indicator = call.plan.indicator(have.indicator);
        if (have.formula) return inner(call, have.formula);
        return indicator ? inner(call, indicator->formula, indicator->id) : Status(Done{});
      }
      case Have::Kind::any:
      case Have::Kind::all:
        break;
    }
    for (const Have& part : have.parts) TRY_DO(this->have(call, part));
    return Done{};
  }
  Status read(const FigureCall& call, const RegisterCoverageFormula& of) {
    TRY_DO(all_entities(of.reg));
    if (of.named_by) return term_of_all(call, named_term(of));
    return Done{};
  }

  // --- what is done by a day, and what belongs to years: seldom asked for, so every day is looked
  // at ---

  Status read(const FigureCall&, const MilestoneFormula&) { return every_day(); }
  Status read(const FigureCall&, const MoneyFormula&) { return every_day(); }
  Status every_day() {
    any_day_ = true;
    return Done{};
  }

  const FigureCall& call_;
  Window window_;
  std::set<Day> days_;
  bool any_day_ = false;
};

}  // namespace

Result<std::vector<Day>> days_of_change(const FigureCall& call, Window window) {
  return DaysOfChange(call, window).find();
}

}  // namespace tiendo
