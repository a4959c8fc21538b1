// How plan documents are read: field by field, remembering the most basic thing that is wrong and
// where. Reading goes on after a fault, so that a fault found later but checked earlier wins.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "events/calendar.h"
#include "events/decimal.h"
#include "events/filter.h"
#include "events/formula.h"
#include "events/json.h"
#include "events/message.h"

namespace tiendo {

// A value of the document and the path that leads to it: data.targets[3].when.
struct Place {
  json::Value value;
  std::string path;
};

class PlanReader {
 public:
  // Keeps the fault whose reason is checked first; among equals the first one found.
  void fault(Reason reason, const Place& place, std::string expected);
  [[nodiscard]] const std::optional<Refusal>& refusal() const { return refusal_; }

  // A field of an object; `absent` values have a path too. A required one that is missing or null
  // is plan_schema.
  [[nodiscard]] Place optional_field(const Place& object, std::string_view name);
  [[nodiscard]] Place required_field(const Place& object, std::string_view name);
  // The elements of a list; none where it is absent.
  [[nodiscard]] std::vector<Place> elements(const Place& list);

  // Each gives its default where the place is absent, and a fault where it is of another type.
  [[nodiscard]] std::string text(const Place& place);
  [[nodiscard]] bool truth(const Place& place);
  [[nodiscard]] Decimal decimal(const Place& place);
  [[nodiscard]] int64_t whole(const Place& place);
  [[nodiscard]] Day day(const Place& place);
  // A text, or a list of texts; compared later in NFC, so kept in NFC.
  [[nodiscard]] std::vector<std::string> texts(const Place& place);
  [[nodiscard]] Filter filter(const Place& place);
  [[nodiscard]] Comparator comparator(const Place& place);
  // One word of a fixed list; index of it, 0 where absent. Anything else is `reason`.
  [[nodiscard]] std::size_t one_of(const Place& place,
                                   std::initializer_list<std::string_view> words,
                                   Reason reason = Reason::value_unknown);
  [[nodiscard]] FormulaPtr formula(const Place& place);

 private:
  [[nodiscard]] bool expect(const Place& place, json::Kind kind, std::string_view expected);
  // Of a filter that chooses activities: its conditions on the unit are bounded, since there is a
  // term for each outcome of them.
  void check_conditions(const Place& place, const Filter& filter);
  [[nodiscard]] Have have(const Place& place);
  [[nodiscard]] UnitSet unit_set(const Place& place);
  [[nodiscard]] SumFormula sum(const Place& place);
  [[nodiscard]] DistinctFormula distinct(const Place& place);
  [[nodiscard]] StateFormula state(const Place& place);
  [[nodiscard]] RegisterCoverageFormula register_coverage(const Place& place);
  [[nodiscard]] LeastFormula least(const Place& place);
  [[nodiscard]] bool reported(const Place& place, std::string_view kind, Formula& formula);
  [[nodiscard]] bool is_fresh(const Place& place);
  [[nodiscard]] std::optional<UnitSet> optional_unit_set(const Place& place);
  [[nodiscard]] std::optional<Filter> optional_filter(const Place& place);
  [[nodiscard]] Scalar scalar(const Place& place);
  void check_formula(const Place& place, const Formula& formula);
  [[nodiscard]] MilestoneFormula milestone(const Place& place);

  std::optional<Refusal> refusal_;
};

}  // namespace tiendo
