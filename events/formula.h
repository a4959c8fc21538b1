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

// Whom a declaration speaks for: its unit alone, or everything below it too, so that declarations
// further down are not added.
enum class Covers : uint8_t { own, subtree };

// Flows that only reports hold.
struct ReportedSumFormula {};

// States that only reports hold.
struct ReportedGaugeFormula {
  Covers covers = Covers::own;
};

// The size of a union of ids, exact over subtrees and time.
struct DistinctFormula {
  enum class Of : uint8_t { outputs, people, reached_units };
  enum class Counts : uint8_t { upper_bound, distinct, ignore };  // items without ids
  Of of = Of::outputs;
  std::string output;                  // of outputs: the kind, which names the register of its ids
  std::vector<std::string> audiences;  // of people, sorted; empty: all
  Filter where;
  std::optional<Filter> only;  // ids whose entity meets it on A
  Counts counts = Counts::upper_bound;
  std::string subset_of;  // an indicator it must not exceed; empty: none
};

// Entities of a register that exist on A.
struct GaugeFormula {
  std::string reg;
  Filter only;
};

// 1 or 0 for the unit itself on A.
struct StateFormula {
  std::string attribute;  // empty: at least one entity of `reg` of its own
  Scalar is;
  std::string reg;
  Filter only;
};

// The last value of exactly this unit; lower is better, never added up.
struct RankFormula {
  std::string statistic;
};

// The least value of a formula over the days of the window.
struct KeptFormula {
  FormulaPtr of;
  std::optional<Decimal> since;  // from the first day it was at least so
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

// Sum of reported numerators over sum of reported denominators.
struct ReportedRatioFormula {
  Covers covers = Covers::own;
  bool fresh = false;            // said for a day inside the window, else the last said however old
  std::optional<UnitSet> units;  // whose pairs count; none: all
};

// Like ReportedRatioFormula with Covers::subtree; a pair without a survey's day is unusable.
struct SurveyFormula {
  bool fresh = false;
  std::optional<UnitSet> units;
};

// What others supply: populations, dossiers handled. Only as a term of a ratio.
struct StatisticFormula {
  std::string statistic;
  Covers covers = Covers::subtree;
  bool fresh = false;
};

// One term over another: count, sum, distinct, gauge or statistic each.
struct RatioFormula {
  FormulaPtr numerator;
  FormulaPtr denominator;
};

// What a unit must have to be counted by a coverage.
struct Have {
  enum class Kind : uint8_t { reached, threshold, attribute, entity, any, all };
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
  std::string attribute;  // attribute: its value on A is `is`
  Scalar is;
  std::string reg;  // entity: at least one of its own that meets `only` on A
  Filter only;
  std::vector<Have> parts;  // any, all
};

// Units that have it, of all units of the set in the subtree.
struct CoverageFormula {
  UnitSet units;
  Have have;
};

// Entities of a register that have it, of all that exist on A.
struct RegisterCoverageFormula {
  std::string reg;
  Filter only;
  Filter have;                     // of the entity, where `named_by` is absent
  std::optional<Filter> named_by;  // named in `outputs` of such an activity, whoever held it
};

// The smallest of several ratios; no data of one is no data of all.
struct LeastFormula {
  struct Part {
    std::string indicator;  // whose reports it reads, and the key of its contributors
    FormulaPtr formula;
  };
  std::vector<Part> of;
};

// Allocated and spent on budget lines.
struct MoneyFormula {
  std::vector<std::string> lines;
  std::string level;  // of the units whose money counts, and of the budget's rows; empty: any
};

// Shown, never judged.
struct ReferenceFormula {
  FormulaPtr of;  // none: nothing to show
};

// Done by a day: an activity that matches, or a report of an obligation's period.
struct MilestoneFormula {
  std::optional<Filter> where;
  bool credit_all = false;
  std::string obligation;
  std::string period;  // empty: the one instance that is due inside the target's window
};

struct Formula {
  std::variant<CountFormula, SumFormula, ReportedSumFormula, DistinctFormula, GaugeFormula,
               ReportedGaugeFormula, StateFormula, RankFormula, KeptFormula, ReportedRatioFormula,
               RatioFormula, StatisticFormula, SurveyFormula, CoverageFormula,
               RegisterCoverageFormula, ShareFormula, LeastFormula, MilestoneFormula, MoneyFormula,
               ReferenceFormula>
      of;
  std::string measure;      // of what it counts, where it says so: people, sites ...
  bool whole_plan = false;  // "window": "plan": from the plan's first day
};

// Whether figures of this kind are a numerator over a denominator, shown as a percentage; `kept` as
// the formula it keeps.
[[nodiscard]] bool is_ratio(const Formula& formula);
// Whether the figures of units in reports are its source, of it or of a formula inside it.
[[nodiscard]] bool reads_reports(const Formula& formula);

}  // namespace tiendo
