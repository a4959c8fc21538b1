// Plan documents: periods, indicators with formula, targets, obligations, tasks and the budget
// (semantics 5 to 7). plan-documents.md says how one is written.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "events/calendar.h"
#include "events/formula.h"
#include "events/json.h"
#include "events/message.h"

namespace tiendo {

struct Name {
  std::string vi;
  std::string en;
};

struct Indicator {
  std::string id;
  Name name;
  std::string measure;
  FormulaPtr formula;
  Name why_reported;  // why events cannot give it; there where the formula reads reports
  Name note;
};

enum class Scope : uint8_t { unit, each, rollup, share };

struct TargetFor {
  Scope scope = Scope::unit;
  std::vector<std::string> levels;  // empty: any
  Filter where;
  std::optional<Extent> extent;
};

struct TargetWhen {
  enum class Kind : uint8_t { each_year, by, before, throughout, in };
  Kind kind = Kind::each_year;
  std::vector<int> years;    // each_year
  bool statutory = false;    // each_year
  std::string until;         // each_year: its last day, MM-DD; empty: the year's
  Day day;                   // by, before; `last` of throughout
  std::string period;        // in
  std::optional<Day> first;  // a, where it is not the kind's own
};

struct Target {
  std::string id;
  std::string ref;
  std::string indicator;
  Comparator comparator = Comparator::at_least;
  Decimal value;
  bool or_more = false;
  TargetFor whom;
  TargetWhen when;
  std::optional<Comparator> inner_comparator;  // scope share
  Decimal inner_value;
  std::string series;  // targets that follow one another; empty: none
  bool hold = false;   // after its window it binds on, until the next of its series begins
  Name note;
};

// When a report is due. The instant is exclusive.
struct Due {
  enum class Kind : uint8_t { before, by, month, year, assumed, never };
  Kind kind = Kind::never;
  Day day;  // before, by, assumed: as printed; month, year: the last day of it
  // The first day that is too late; none: ad hoc.
  [[nodiscard]] std::optional<Day> too_late() const;
};

struct Instance {
  std::string period;
  Due due;
};

struct Obligation {
  std::string id;
  Name name;
  std::vector<std::string> levels;  // who owes; empty: any
  Filter where;
  std::string to;
  std::vector<std::string> required;  // indicators that must be said for `complete`
  std::vector<Instance> instances;
  bool judged_by_received = false;
};

// When a task is to be done, as far as the plan says it.
struct TaskTime {
  enum class Kind : uint8_t {
    none,        // the plan does not say
    continuous,  // all the time
    each_year,
    years,      // in `years`
    from_year,  // from the first of `years` on
    year_span,  // from the first to the last of `years`, which are two
    months,     // in `months` of each year
    window,     // one span of days
    on_demand,
  };
  Kind kind = Kind::none;
  std::vector<int> years;
  std::vector<int> months;  // 1 to 12
  Window window;
};

struct Task {
  std::string id;
  std::string ref;
  Name name;
  std::vector<std::string> leads;  // bodies, in words
  std::vector<std::string> with;
  TaskTime time;
  std::vector<std::string> lines;  // of the budget, that pay for it
  Name note;
};

// A row of the budget, known by its line and level: one line may stand at two levels.
struct BudgetRow {
  std::string line;
  Name name;
  std::string level;            // of the units that spend it; empty: any
  std::string unit_of_measure;  // million_vnd
  std::map<int, Decimal> years;
  Decimal total;  // of the years
  Name note;
};

// A total that the document prints; it has been checked against the rows.
struct BudgetTotal {
  std::string level;  // of the rows that it adds up; empty: all rows
  std::map<int, Decimal> years;
  Decimal total;
};

struct Plan {
  std::string id;
  int64_t version = 1;
  Day valid_from;
  Day first;
  Day last;
  std::string unit;        // the default of a question
  bool statutory = false;  // calendar
  Name title;
  std::map<std::string, Window> periods;  // of its own
  std::map<std::string, Name> period_names;
  std::vector<Indicator> indicators;
  std::vector<Target> targets;
  std::vector<Obligation> obligations;
  std::vector<Task> tasks;
  std::vector<BudgetRow> budget;
  std::vector<BudgetTotal> budget_totals;
  std::map<std::string, Name> words;  // what words of its own choice mean, such as flag.digital
  std::string document;               // as it came, compact JSON

  [[nodiscard]] const Indicator* indicator(std::string_view id) const;
  [[nodiscard]] const Obligation* obligation(std::string_view id) const;
  // Ids of calendar.h, `plan`, names of the plan's own, and ..B.
  [[nodiscard]] std::optional<Window> period(std::string_view id) const;
};

// The window [a, L] of a target in the year of `day` (semantics 6); none: a year not concerned.
[[nodiscard]] std::optional<Window> window_of(const Plan& plan, const Target& target, Day day);
// The instance a milestone speaks of: the named period, else the only one, else the only one due
// inside `window`.
[[nodiscard]] const Instance* instance_of(const Obligation& obligation,
                                          const MilestoneFormula& milestone, Window window);

using ParsedPlan = std::variant<Plan, Refusal>;
[[nodiscard]] ParsedPlan parse_plan(json::Value document);
// A document that was accepted once, maybe under rules that forbade less: it is in force, so what
// would be refused today is read as far as it goes.
[[nodiscard]] Plan read_plan(json::Value document);
// All that is wrong with a document, in the order in which it was found.
[[nodiscard]] std::vector<Refusal> faults_of_plan(json::Value document);
// The judge's question: what is wrong with a plan document, if anything.
[[nodiscard]] std::optional<Refusal> check_plan(json::Value document);

}  // namespace tiendo
