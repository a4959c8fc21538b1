// What the figures of one question read from the views, each thing once: entities, reported
// figures, statistics, money, who stands below whom. A cache: it changes no answer.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "projector/tree.h"
#include "projector/views.h"

namespace tiendo {

// A figure that reports in force hold for one period: the last said.
struct SaidFigure {
  std::string period;
  ReportedFigure figure;
  SubjectKey report;
  OrderKey by;
  Day said_on;
  bool several_sources = false;  // reports of several sources in force hold it
};

// The entities of a register, and of each unit those that ever were its own.
struct Register {
  std::vector<EntityStanding> entities;
  std::unordered_map<std::string, std::vector<std::size_t>> by_unit;
};

// A unit with days on which its facts count.
struct UnitDays {
  UnitIndex unit = 0;
  Window days;
  Portion portion{};  // what of its amounts counts
};

// What of them lies in a window.
[[nodiscard]] std::vector<UnitDays> cut(const std::vector<UnitDays>& all, Window window);

// One thread at a time. References stay good as long as the object.
class ReadOnce {
 public:
  ReadOnce(ViewReader rows, Moment moment, const Tree& tree)
      : rows_(rows), moment_(moment), tree_(tree) {}

  [[nodiscard]] Result<const Register*> entities(const std::string& reg);
  // What the reports of a unit say of an indicator, one for each period.
  [[nodiscard]] Result<const std::vector<SaidFigure>*> said(const std::string& plan, UnitIndex unit,
                                                            std::string_view indicator);
  [[nodiscard]] Result<const std::vector<StatisticStanding>*> statistics(
      const std::string& statistic, UnitIndex unit);
  [[nodiscard]] Result<const std::vector<MoneyStanding>*> money(const std::string& plan,
                                                                UnitIndex unit);
  // The record that named an id first, by id, wherever it was done. `terms` are the ids of the
  // terms whose facts on those days `visit_all` reads.
  using Named = std::unordered_map<std::string, OrderKey>;
  using VisitAll = std::function<Status(const std::function<void(const Fact&)>& visit)>;
  [[nodiscard]] Result<const Named*> named(const std::string& terms, Window days,
                                           const VisitAll& visit_all);

  // Who counts in the subtree of a unit, or in its own figure, with the days on which its facts do;
  // by unit.
  [[nodiscard]] const std::vector<UnitDays>& below(UnitIndex node, TreeMode mode,
                                                   Dividing dividing);
  [[nodiscard]] const std::vector<UnitDays>& own_of(UnitIndex node, TreeMode mode,
                                                    Dividing dividing);
  // Of all units, those whose parent on a day it is.
  [[nodiscard]] const std::vector<UnitIndex>& children(UnitIndex unit, Day day);
  // Days from which on some unit exists or ends, stands elsewhere, or has another attribute.
  [[nodiscard]] const std::vector<Day>& tree_days();

 private:
  ViewReader rows_;
  Moment moment_;
  const Tree& tree_;
  std::map<std::string, Register> registers_;
  using SaidByIndicator = std::map<std::string, std::vector<SaidFigure>, std::less<>>;
  std::map<std::pair<std::string, UnitIndex>, SaidByIndicator> said_;
  std::map<std::pair<std::string, UnitIndex>, std::vector<StatisticStanding>> statistics_;
  std::map<std::pair<std::string, UnitIndex>, std::vector<MoneyStanding>> money_;
  std::map<std::pair<std::string, std::pair<Day, Day>>, Named> named_;
  using Standing = std::tuple<bool, UnitIndex, std::optional<Day>, Dividing>;  // own, node
  [[nodiscard]] const std::vector<UnitDays>& standing(const Standing& asked);
  std::map<Standing, std::vector<UnitDays>> standings_;
  std::map<Day, std::vector<std::vector<UnitIndex>>> children_;
  std::optional<std::vector<Day>> tree_days_;
};

}  // namespace tiendo
