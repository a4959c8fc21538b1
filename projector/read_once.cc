#include "projector/read_once.h"

#include <algorithm>

namespace tiendo {
namespace {

// Of each period the figure said last, over all reports in force (semantics 1).
void take_report(std::map<std::string, std::vector<SaidFigure>, std::less<>>& by_indicator,
                 std::map<std::pair<std::string, std::string>, std::string>& sources,
                 std::string_view period, const ReportStanding& report) {
  if (!report.in_force()) return;
  for (const auto& [indicator, said] : report.figures) {
    auto& figures = by_indicator[indicator];
    const auto [source, fresh] =
        sources.emplace(std::pair(indicator, std::string(period)), report.source);
    auto at = std::find_if(figures.begin(), figures.end(),
                           [&](const SaidFigure& one) { return one.period == period; });
    if (fresh) {
      figures.push_back(
          {std::string(period), said.figure, report.subject, said.by, said.said_on, false});
      continue;
    }
    at->several_sources = at->several_sources || source->second != report.source;
    if (said.by < at->by) continue;
    at->figure = said.figure;
    at->report = report.subject;
    at->by = said.by;
    at->said_on = said.said_on;
  }
}

}  // namespace

Result<const Register*> ReadOnce::entities(const std::string& reg) {
  const auto [at, fresh] = registers_.try_emplace(reg);
  Register& found = at->second;
  if (!fresh) return &std::as_const(found);
  TRY_DO(rows_.entities(reg, moment_,
                        [&](const EntityStanding& entity) { found.entities.push_back(entity); }));
  std::sort(found.entities.begin(), found.entities.end(),
            [](const EntityStanding& a, const EntityStanding& b) { return a.entity < b.entity; });
  for (std::size_t i = 0; i < found.entities.size(); ++i) {
    for (const auto& unit : found.entities[i].units) {
      auto& own = found.by_unit[unit.value];
      if (own.empty() || own.back() != i) own.push_back(i);
    }
  }
  return &std::as_const(found);
}

Result<const std::vector<SaidFigure>*> ReadOnce::said(const std::string& plan, UnitIndex unit,
                                                      std::string_view indicator) {
  static const std::vector<SaidFigure> nothing;
  const auto [at, fresh] = said_.try_emplace({plan, unit});
  SaidByIndicator& found = at->second;
  if (fresh) {
    std::map<std::pair<std::string, std::string>, std::string> sources;
    TRY_DO(rows_.reports_of(plan, tree_.unit(unit).id, moment_,
                            [&](std::string_view period, const ReportStanding& report) {
                              take_report(found, sources, period, report);
                            }));
  }
  const auto figures = found.find(indicator);
  return figures == found.end() ? &nothing : &std::as_const(figures->second);
}

Result<const std::vector<StatisticStanding>*> ReadOnce::statistics(const std::string& statistic,
                                                                   UnitIndex unit) {
  const auto [at, fresh] = statistics_.try_emplace({statistic, unit});
  auto& found = at->second;
  if (fresh) {
    TRY_DO(rows_.statistics(statistic, tree_.unit(unit).id, moment_,
                            [&](const StatisticStanding& one) { found.push_back(one); }));
  }
  return &std::as_const(found);
}

Result<const std::vector<MoneyStanding>*> ReadOnce::money(const std::string& plan, UnitIndex unit) {
  const auto [at, fresh] = money_.try_emplace({plan, unit});
  auto& found = at->second;
  if (fresh) {
    TRY_DO(rows_.money(plan, tree_.unit(unit).id, moment_,
                       [&](const MoneyStanding& one) { found.push_back(one); }));
  }
  return &std::as_const(found);
}

Result<const ReadOnce::Named*> ReadOnce::named(const std::string& terms, Window days,
                                               const VisitAll& visit_all) {
  const auto [at, fresh] = named_.try_emplace({terms, {days.first, days.last}});
  Named& found = at->second;
  if (fresh) {
    TRY_DO(visit_all([&](const Fact& fact) {
      for (const std::string& id : fact.elements) {
        const auto [first, is_new] = found.emplace(id, fact.origin());
        if (!is_new) first->second = std::min(first->second, fact.origin());
      }
    }));
  }
  return &std::as_const(found);
}

std::vector<UnitDays> cut(const std::vector<UnitDays>& all, Window window) {
  std::vector<UnitDays> within;
  for (const UnitDays& one : all) {
    const Window days{std::max(one.days.first, window.first), std::min(one.days.last, window.last)};
    if (!days.empty()) within.push_back({one.unit, days, one.portion});
  }
  return within;
}

const std::vector<UnitDays>& ReadOnce::standing(const Standing& asked) {
  const auto [at, fresh] = standings_.try_emplace(asked);
  if (!fresh) return at->second;
  const auto& [own, node, day, dividing] = asked;
  const Window all{day_min, day_max};
  for (const UnitIndex unit : tree_.ever_below(node)) {
    const auto days = own ? tree_.days_own(unit, node, all, {day}, dividing)
                          : tree_.days_below(unit, node, all, {day}, dividing);
    for (const DaysHere& here : days) at->second.push_back({unit, here.days, here.portion});
  }
  return at->second;
}

const std::vector<UnitDays>& ReadOnce::below(UnitIndex node, TreeMode mode, Dividing dividing) {
  return standing({false, node, mode.day, dividing});
}

const std::vector<UnitDays>& ReadOnce::own_of(UnitIndex node, TreeMode mode, Dividing dividing) {
  return standing({true, node, mode.day, dividing});
}

const std::vector<UnitIndex>& ReadOnce::children(UnitIndex unit, Day day) {
  const auto [at, fresh] = children_.try_emplace(day);
  auto& all = at->second;
  if (!fresh) return all[unit];
  all.resize(tree_.size());
  for (UnitIndex child = 0; child < tree_.size(); ++child) {
    if (const auto parent = tree_.parent(child, day)) all[*parent].push_back(child);
  }
  return all[unit];
}

const std::vector<Day>& ReadOnce::tree_days() {
  if (tree_days_) return *tree_days_;
  std::vector<Day>& days = tree_days_.emplace();
  for (UnitIndex unit = 0; unit < tree_.size(); ++unit) {
    for (const Day day : tree_.property_days(unit)) days.push_back(day);
    for (const auto& life : tree_.unit(unit).existence) days.push_back(life.day);
    for (const auto& inflow : tree_.inflows(unit)) days.push_back(inflow.day);
    for (const auto& segment : tree_.segments(unit)) days.push_back(segment.from);
  }
  std::sort(days.begin(), days.end());
  days.erase(std::unique(days.begin(), days.end()), days.end());
  return days;
}

}  // namespace tiendo
