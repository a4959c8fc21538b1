// Figures: what formulas come to for a unit over a window, read from the views (semantics 5). Pure
// in the state it is given: equal states and questions give equal figures.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "projector/question.h"

namespace tiendo {

enum class Role : uint8_t { amount, numerator, denominator, spent };
[[nodiscard]] std::string_view name_of(Role role);

// A record behind a figure. Amounts of a role add up to it exactly.
struct Contributor {
  OrderKey record;
  std::optional<SubjectKey> subject;  // of what was said; none: the unit's registration
  std::string unit;                   // whose fact or membership it is
  Day day;
  Role role = Role::amount;
  Decimal amount;                     // what was said x share
  Decimal share = Decimal::whole(1);  // of what is divided among the parts of a unit
  // What is divided where it is placed, and whose it is there: of a state that was handed on, the
  // unit that has it now.
  Decimal whole = amount;
  std::string standing_of = unit;
};

struct Figure {
  // Counts, sums, states, milestones, money: the value. Ratios: numerator and denominator. Where
  // there is no data, whatever part is known, and the reason.
  std::optional<Decimal> value;
  std::optional<Decimal> numerator;
  std::optional<Decimal> denominator;
  std::string no_data;         // the reason: denominator_missing, denominator_zero, nothing_said,
                               // no_units, only_upper_bound, overflow
  bool building = false;       // a term is still being filled: the figure is not known yet
  std::optional<Day> done_on;  // of a milestone
  uint64_t contributors = 0;   // records with an amount other than 0
  // Of sets with things that are only counted: the ids alone. The value (or numerator) is then an
  // upper bound, and this is the lower one (of a ratio: its numerator).
  std::optional<Decimal> lower;
  std::optional<Decimal> lower_denominator;  // of the lower bound, where it is of another ratio
  bool partial = false;                      // reported periods leave days of the window out
  bool apportioned = false;                  // some amount in it is a part, by shares
  // What is kept: the first day of the least value, and days on which nothing is known.
  std::optional<Day> worst_day;
  int64_t days_without_data = 0;
  bool established = true;  // false: `since` has not been reached yet; the figure is today's
  // Money: what the document plans, and what was spent.
  std::optional<Decimal> planned;
  std::optional<Decimal> spent;
  std::vector<std::string> missing;  // units left out, with all below: nobody has a denominator
  std::vector<std::string> unknown;  // units of a coverage of which it was never said
  std::set<std::string> findings;    // of semantics 11
  [[nodiscard]] bool has_data() const {
    return no_data.empty() && (value || (numerator && denominator));
  }
  // More than all: a ratio over 1, which is never cut.
  [[nodiscard]] bool over_one() const { return has_data() && !value && *numerator > *denominator; }
};

// A sum that no Decimal holds is no data, and somebody should be told.
inline constexpr std::string_view no_data_overflow = "overflow";
inline constexpr std::string_view no_data_denominator_missing = "denominator_missing";
inline constexpr std::string_view no_data_nothing_said = "nothing_said";
inline constexpr std::string_view no_data_no_units = "no_units";
inline constexpr std::string_view no_data_only_upper_bound = "only_upper_bound";
// Why a ratio has no data; empty where it has.
[[nodiscard]] std::string_view no_data_of_ratio(const Figure& figure);

// What a comparison needs: a figure with data as a fraction, and 100 where it is a percentage.
struct Fraction {
  Decimal n;
  Decimal d;
  int64_t scale = 1;
};
[[nodiscard]] Fraction fraction_of(const Figure& figure);
// The same of what is certain: of its lower bound, if it has one.
[[nodiscard]] Fraction lower_of(const Figure& figure);

// Whether a figure satisfies a comparison. Of an upper bound it may not be known.
enum class Comparison : uint8_t { holds, fails, undecided };
[[nodiscard]] Comparison compare(Comparator comparator, bool or_more, Decimal wanted,
                                 const Figure& figure);

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
  std::string_view indicator = {};   // whose reports it reads; empty: the one whose formula it is
  // Of what is kept: the window's days are looked at, and what is counted begins here.
  std::optional<Day> counted_from = {};
};
[[nodiscard]] Result<Figure> figure(const Question& question, const FigureOf& of,
                                    const ContributorSink& sink = {});

// The unit of measure of a figure: percent for ratios, else the indicator's, else the formula's.
[[nodiscard]] std::string measure_of(const Indicator& indicator);

}  // namespace tiendo
