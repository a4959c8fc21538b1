#include "query/history_points.h"

#include <algorithm>

namespace tiendo {

Status HistoryPoints::find() {
  find_versions();
  if (versions_.empty()) return Done{};
  const std::vector<std::string> below = units_ever_below(reference_, question_.unit);
  adds_ = std::all_of(versions_.begin(), versions_.end(),
                      [](const Version& one) { return is_sum_of_facts(*one.indicator->formula); });
  for (const Version& version : versions_) {
    // A coverage may be of units that others reached, whoever and wherever they are.
    TRY_ASSIGN(read, read_rows(rows_, *version.indicator->formula, *version.plan, version.window,
                               adds_ ? below : all_units()));
    for (const HistoryRow& row : read.rows) add_row(row);
    units_with_facts(read);
    by_plan_.emplace(version.plan, std::move(read));
    if (adds_) continue;
    TRY_DO(find_reports(*version.plan));
    TRY_DO(find_declared(*version.plan, sources_of(*version.indicator->formula, *version.plan)));
  }
  find_reference(below);
  return Done{};
}

std::unique_ptr<FigureAtPoints> HistoryPoints::values() {
  return adds_ ? make_adding(question_, by_plan_, frames_) : make_asking(question_);
}

void HistoryPoints::find_versions() {
  for (const auto& statement : reference_.statements()) {
    const auto* said = std::get_if<PlanSaid>(&statement->said);
    if (said == nullptr || said->plan->id != question_.plan) continue;
    add_frame({statement->key.recorded_at, statement->key});
    const Indicator* indicator = said->plan->indicator(question_.indicator);
    auto window = said->plan->period(question_.period);
    if (indicator == nullptr || !window) continue;
    const Formula& formula = *indicator->formula;
    if (formula.whole_plan) window->first = said->plan->first;
    if (sources_of(formula, *said->plan).whole_plan) {
      window->first = std::min(window->first, said->plan->first);
    }
    versions_.push_back({said->plan.get(), indicator, *window});
  }
}

std::vector<std::string> HistoryPoints::all_units() const {
  std::set<std::string> units;
  for (const auto& statement : reference_.statements()) {
    if (const auto* said = std::get_if<UnitSaid>(&statement->said)) units.insert(said->unit);
  }
  return {units.begin(), units.end()};
}

void HistoryPoints::add(const HistoryPoint& point) {
  const bool known =
      point.record ? question_.until.knows(*point.record) : point.at <= question_.until.at;
  if (known) points_.insert(point);
}

void HistoryPoints::add_frame(const HistoryPoint& point) {
  frames_.insert(point);
  add(point);
}

// A fact counts from its record on, but not before its day has come.
void HistoryPoints::add_row(const HistoryRow& row) { add_said(row.fact.from, row.fact.day); }

// What is said from a record on may be of a day that is still to come.
void HistoryPoints::add_said(const OrderKey& from, Day day) {
  add({from.recorded_at, from});
  if (day > local_day(from.recorded_at)) add({start_of(day), {}});
}

void HistoryPoints::units_with_facts(const HistoryRows& read) {
  std::vector<bool> seen(read.units.size());
  for (const HistoryRow& row : read.rows) seen[row.unit] = true;
  for (std::size_t i = 0; i < seen.size(); ++i) {
    if (seen[i]) with_facts_.push_back(read.units[i]);
  }
}

Status HistoryPoints::find_reports(const Plan& plan) {
  for (const std::string& unit : all_units()) {
    TRY_DO(rows_.report_rows(plan.id, unit, [&](std::string_view id, const ReportStanding& report) {
      add({report.from.recorded_at, report.from});
      const auto period = plan.period(id);
      for (const auto& [indicator, said] : report.figures) {
        if (said.figure.as_at) add_said(report.from, *said.figure.as_at);
        if (period) add_said(report.from, std::min(period->last, said.said_on));
      }
    }));
  }
  return Done{};
}

Status HistoryPoints::find_declared(const Plan& plan, const FormulaSources& sources) {
  for (const std::string& reg : sources.registers) {
    TRY_DO(rows_.entity_rows(reg, [&](const EntityStanding& entity) { add_entity(entity); }));
  }
  for (const std::string& unit : all_units()) {
    for (const std::string& statistic : sources.statistics) {
      TRY_DO(rows_.statistic_rows(
          statistic, unit, [&](const StatisticStanding& one) { add_said(one.from, one.as_at); }));
    }
    if (!sources.money) continue;
    TRY_DO(rows_.money_rows(plan.id, unit,
                            [&](const MoneyStanding& one) { add_said(one.from, one.day); }));
  }
  return Done{};
}

void HistoryPoints::add_entity(const EntityStanding& entity) {
  const auto add_history = [&](const auto& history) {
    for (const auto& one : history) add_said(entity.from, one.day);
  };
  add({entity.from.recorded_at, entity.from});
  add_history(entity.existence);
  add_history(entity.units);
  for (const auto& [key, history] : entity.flags) add_history(history);
}

namespace {

// From which day on a statement may let one of the units stand elsewhere; none: it does not.
std::optional<Day> moved_on(const Statement& statement, const std::set<std::string>& units) {
  if (const auto* said = std::get_if<UnitSaid>(&statement.said)) {
    const bool moves = said->what != UnitSaid::What::renamed && units.contains(said->unit);
    return moves ? std::optional(said->effective) : std::nullopt;
  }
  const auto* succession = std::get_if<SuccessionSaid>(&statement.said);
  if (succession == nullptr) return std::nullopt;
  const std::set<std::string> named = succession->units();
  const bool moves = std::any_of(named.begin(), named.end(),
                                 [&](const std::string& unit) { return units.contains(unit); });
  return moves ? std::optional(succession->effective) : std::nullopt;
}

}  // namespace

// Records of units matter where they may move a unit that has facts, or, for figures over the units
// themselves, one that may lie below.
void HistoryPoints::find_reference(const std::vector<std::string>& below) {
  with_facts_.push_back(question_.unit);
  std::set<std::string> moving = units_ever_above(reference_, with_facts_);
  if (!adds_) moving.insert(below.begin(), below.end());
  for (const auto& statement : reference_.statements()) {
    const auto effective = moved_on(*statement, moving);
    if (!effective) continue;
    const auto from = reference_.effective_from(*statement);
    if (!from) continue;  // its source may not say so
    add_frame({from->recorded_at, *from});
    // Trees of days are fixed but for the one of today, and so are the units that exist.
    const bool day_matters = !adds_ || question_.tree == HistoryTree::current;
    if (day_matters && *effective > local_day(from->recorded_at)) {
      add_frame({start_of(*effective), {}});
    }
  }
}

}  // namespace tiendo
