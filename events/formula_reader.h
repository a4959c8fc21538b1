// How the formulas of plan documents are read.
#pragma once

#include "events/formula.h"
#include "events/plan_reader.h"

namespace tiendo {

class FormulaReader {
 public:
  explicit FormulaReader(PlanReader& reader) : reader_(reader) {}

  // Never null: what cannot be read counts activities, and is a fault.
  [[nodiscard]] FormulaPtr read(const Place& place);

 private:
  using Of = decltype(Formula::of);

  [[nodiscard]] Of read_kind(const Place& place, std::string_view kind);
  [[nodiscard]] Of sum(const Place& place);
  [[nodiscard]] Of gauge(const Place& place);
  [[nodiscard]] Of ratio(const Place& place);
  [[nodiscard]] Of coverage(const Place& place);
  [[nodiscard]] CountFormula count(const Place& place);
  [[nodiscard]] DistinctFormula distinct(const Place& place);
  [[nodiscard]] StateFormula state(const Place& place);
  [[nodiscard]] KeptFormula kept(const Place& place);
  [[nodiscard]] StatisticFormula statistic(const Place& place);
  [[nodiscard]] RegisterCoverageFormula register_coverage(const Place& place);
  [[nodiscard]] ShareFormula share(const Place& place);
  [[nodiscard]] LeastFormula least(const Place& place);
  [[nodiscard]] MilestoneFormula milestone(const Place& place);
  [[nodiscard]] MoneyFormula money(const Place& place);
  [[nodiscard]] UnitSet unit_set(const Place& place);
  [[nodiscard]] std::optional<UnitSet> optional_unit_set(const Place& place);
  [[nodiscard]] Have have(const Place& place);
  void read_threshold(const Place& place, Have& have);
  [[nodiscard]] Filter activities(const Place& place);
  [[nodiscard]] Filter entities(const Place& place);
  void check_conditions(const Place& place, const Filter& filter);
  [[nodiscard]] Covers covers(const Place& place, Covers otherwise);
  [[nodiscard]] bool is_fresh(const Place& place);

  Place field(const Place& place, std::string_view name) {
    return reader_.optional_field(place, name);
  }
  Place need(const Place& place, std::string_view name) {
    return reader_.required_field(place, name);
  }

  PlanReader& reader_;
};

}  // namespace tiendo
