// Figures: what formulas come to for a unit over a window, read from the views (semantics 5). Pure
// in the state it is given: equal states and questions give equal figures.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "projector/question.h"

namespace tiendo {

enum class Role : uint8_t { amount, numerator, denominator };
[[nodiscard]] std::string_view name_of(Role role);

// A record behind a figure. Amounts of a role add up to it exactly.
struct Contributor {
  OrderKey record;
  std::optional<SubjectKey> subject;  // of an activity or report; none: the unit's registration
  std::string unit;                   // whose fact or membership it is
  Day day;
  Role role = Role::amount;
  Decimal amount;
};

struct Figure {
  // Counts, sums, milestones: the value. Ratios: numerator and denominator. Where there is no data,
  // whatever part is known, and the reason.
  std::optional<Decimal> value;
  std::optional<Decimal> numerator;
  std::optional<Decimal> denominator;
  std::string no_data;    // the reason: no_units, denominator_zero, overflow, formula_not_built
  bool building = false;  // a term is still being filled: the figure is not known yet
  std::optional<Day> done_on;  // of a milestone
  uint64_t contributors = 0;   // records with an amount other than 0
  [[nodiscard]] bool has_data() const {
    return no_data.empty() && (value || (numerator && denominator));
  }
};

// A sum that no Decimal holds is no data, and somebody should be told.
inline constexpr std::string_view no_data_overflow = "overflow";
// Why a ratio has no data; empty where it has.
[[nodiscard]] std::string_view no_data_of_ratio(const Figure& figure);

// Takes the records behind a figure, in no order.
using ContributorSink = std::function<void(const Contributor&)>;

// What is asked of a formula.
struct FigureOf {
  const Plan& plan;
  const Formula& formula;
  UnitIndex unit = 0;
  Window window;                     // not cut at N; this is done here
  Extent extent = Extent::subtree;   // where the formula leaves it open
  std::optional<Window> due_window;  // of a target: which instance a milestone means
};
[[nodiscard]] Result<Figure> figure(const Question& question, const FigureOf& of,
                                    const ContributorSink& sink = {});

// The unit of measure of a figure: percent for ratios, else the indicator's, else the formula's.
[[nodiscard]] std::string measure_of(const Indicator& indicator);

// The term behind an additive or reached part, when a formula has exactly one: what history and
// breakdowns walk through. Visits the facts of the figure with the unit they belong to.
Status visit_facts(const Question& question, const SplitTerm& term, UnitIndex unit, Window window,
                   Extent extent, const std::function<void(UnitIndex, const Fact&)>& visit);

}  // namespace tiendo
