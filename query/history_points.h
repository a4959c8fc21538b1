// Where a figure may have changed: the records that can touch it, and the days on which time alone
// can. Histories and changes walk the same points.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "query/history_parts.h"

namespace tiendo {

// One thread at a time; `question` stays alive as long.
class HistoryPoints {
 public:
  explicit HistoryPoints(const HistoryQuestion& question)
      : question_(question), reference_(*question.views->reference), rows_(*question.views->rows) {}

  // Call once, before all else. What the question's `until` does not know is left out.
  Status find();
  [[nodiscard]] const std::set<HistoryPoint>& points() const { return points_; }
  // Whether the figure is kept up row by row, from the first point on, or asked for anew at each.
  [[nodiscard]] bool adds() const { return adds_; }
  [[nodiscard]] std::unique_ptr<FigureAtPoints> values();

 private:
  struct Version {
    const Plan* plan;
    const Indicator* indicator;
    Window window;
  };

  void find_versions();
  Status find_reports(const Plan& plan);
  Status find_declared(const Plan& plan, const FormulaSources& sources);
  void find_reference(const std::vector<std::string>& below);
  [[nodiscard]] std::vector<std::string> all_units() const;

  void add(const HistoryPoint& point);
  void add_frame(const HistoryPoint& point);
  void add_row(const HistoryRow& row);
  void add_said(const OrderKey& from, Day day);
  void add_entity(const EntityStanding& entity);
  void units_with_facts(const HistoryRows& read);

  const HistoryQuestion& question_;
  const Reference& reference_;
  ViewReader rows_;
  std::vector<Version> versions_;
  bool adds_ = false;
  RowsByPlan by_plan_;
  std::vector<std::string> with_facts_;
  std::set<HistoryPoint> points_;
  std::set<HistoryPoint> frames_;
};

}  // namespace tiendo
