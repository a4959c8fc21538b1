// The parts that figure_history() is made of: what the figure was in each version of its plan,
// where it may have changed, and its value there.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "query/figure_history.h"

namespace tiendo {

// The figure as defined at one point: nothing until its plan, indicator and unit are known.
struct DefinedFigure {
  std::shared_ptr<const Plan> plan;
  const Indicator* indicator = nullptr;
  Window window;
  UnitIndex unit = 0;
  TreeMode mode;
  [[nodiscard]] bool is_known() const { return indicator != nullptr; }
};
[[nodiscard]] TreeMode tree_mode_at(const HistoryQuestion& question, const Moment& moment);
[[nodiscard]] DefinedFigure defined_at(const HistoryQuestion& question, const Knowledge& knowledge,
                                       const Moment& moment);

// Units of which something may ever count in the figure: those that have it among all the parents
// they, and their parents, were ever said to have.
[[nodiscard]] std::vector<std::string> units_ever_below(const Reference& reference,
                                                        const std::string& node);
// And the other way: whoever may ever stand above one of these units, itself included.
[[nodiscard]] std::set<std::string> units_ever_above(const Reference& reference,
                                                     const std::vector<std::string>& units);

// A row of facts with the part of the formula it belongs to.
struct HistoryRow {
  Role role;
  std::size_t outcomes = 0;  // of the term's conditions on the unit, as bits
  uint32_t unit = 0;         // index into HistoryRows::units
  Fact fact;
};
// All rows of facts that a formula over a window may ever have drawn on, in the order of records.
struct HistoryRows {
  std::vector<std::string> units;
  std::vector<HistoryRow> rows;
  std::vector<std::pair<Role, SplitTerm>> terms;
};
[[nodiscard]] Result<HistoryRows> read_rows(const ViewReader& reader, const Formula& formula,
                                            const Plan& plan, Window window,
                                            std::vector<std::string> units);
// All that a formula, and the formulas in it, draw on beside the reports of the plan.
struct FormulaSources {
  std::vector<std::pair<Role, SplitTerm>> terms;
  std::set<std::string> registers;
  std::set<std::string> statistics;
  bool money = false;
  bool whole_plan = false;  // some part of it counts from the plan's first day
};
[[nodiscard]] FormulaSources sources_of(const Formula& formula, const Plan& plan);
// Whether a figure is a sum of facts alone, and so can be kept up row by row.
[[nodiscard]] bool is_sum_of_facts(const Formula& formula);

// The figure at points that only go forward.
class FigureAtPoints {
 public:
  virtual ~FigureAtPoints() = default;
  virtual Result<Figure> at(const HistoryPoint& point) = 0;
};
// Asks the views anew at each point.
[[nodiscard]] std::unique_ptr<FigureAtPoints> make_asking(const HistoryQuestion& question);
// Keeps sums up row by row. `rows` by the plan document they were read for; `frames` are the points
// at which units or plans may have changed.
using RowsByPlan = std::map<const Plan*, HistoryRows>;
[[nodiscard]] std::unique_ptr<FigureAtPoints> make_adding(const HistoryQuestion& question,
                                                          RowsByPlan rows,
                                                          std::set<HistoryPoint> frames);

}  // namespace tiendo
