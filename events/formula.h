// Formulas of indicators (semantics 5), as a plan document writes them.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "events/decimal.h"
#include "events/filter.h"

namespace tiendo {

enum class Comparator : uint8_t { at_least, above, at_most, below, exactly };
[[nodiscard]] std::string_view text_of(Comparator comparator);
[[nodiscard]] std::optional<Comparator> parse_comparator(std::string_view text);
// n/d against `target` x `scale` (100 for percentages), exactly. d must be above 0.
[[nodiscard]] bool holds(Comparator comparator, Decimal n, Decimal d, Decimal target,
                         int64_t scale);

// Own: what is said of the unit itself. Subtree: the unit and everything below it.
enum class Extent : uint8_t { own, subtree };

struct Formula;
using FormulaPtr = std::shared_ptr<const Formula>;

// Number of activities.
struct CountFormula {
  Filter where;
  bool credit_all = false;  // co-organisers have it in their own figure too
};

// A sum over activities.
struct SumFormula {
  enum class Of : uint8_t { participants, outputs, cost };
  Of of = Of::participants;
  std::vector<std::string> audiences;  // of participants; empty: all
  std::string output;                  // of outputs: the kind
  Filter where;
};

// Activities matching both, of those matching `among`.
struct ShareFormula {
  Filter where;
  Filter among;
};

struct UnitSet {
  std::vector<std::string> levels;  // empty: any
  Filter where;
  bool children_only = false;  // directly below the asked unit
};

// What a unit must have to be counted by a coverage.
struct Have {
  enum class Kind : uint8_t { reached, threshold, any, all };
  enum class Mode : uint8_t { union_of_all, each_of_them };
  enum class By : uint8_t { own, subtree, anyone };
  Kind kind = Kind::reached;
  Filter reached_by;  // activities whose reached_units name it
  Mode mode = Mode::union_of_all;
  By by = By::own;
  std::string indicator;  // threshold: of this indicator, or of `formula`
  FormulaPtr formula;
  Comparator comparator = Comparator::at_least;
  Decimal value;
  std::vector<Have> parts;  // any, all
};

// Units that have it, of all units of the set in the subtree.
struct CoverageFormula {
  UnitSet units;
  Have have;
};

// Done by a day: an activity that matches, or a report of an obligation's period.
struct MilestoneFormula {
  std::optional<Filter> where;
  bool credit_all = false;
  std::string obligation;
  std::string period;  // empty: the one instance that is due inside the target's window
};

// A kind of the vocabulary that this version does not figure yet: its figures are no data, with the
// reason `formula_not_built`.
struct UnbuiltFormula {
  std::string kind;
};

struct Formula {
  std::variant<UnbuiltFormula, CountFormula, SumFormula, ShareFormula, CoverageFormula,
               MilestoneFormula>
      of;
  bool whole_plan = false;  // "window": "plan": from the plan's first day
};

// Whether figures of this kind are a numerator over a denominator, shown as a percentage.
[[nodiscard]] bool is_ratio(const Formula& formula);

}  // namespace tiendo
