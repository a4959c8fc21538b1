#include "events/plan.h"

#include <algorithm>

#include "events/limits.h"

namespace tiendo {
namespace {

Window year_window(int year, bool statutory) {
  if (statutory) return {to_day({year - 1, 12, 15}), to_day({year, 12, 14})};
  return {to_day({year, 1, 1}), to_day({year, 12, 31})};
}

}  // namespace

std::optional<Day> Due::too_late() const {
  switch (kind) {
    case Kind::before:
      return day;
    case Kind::by:
    case Kind::assumed:
    case Kind::month:
    case Kind::year:
      return day.next();
    case Kind::never:
      return std::nullopt;
  }
  return std::nullopt;
}

const Indicator* Plan::indicator(std::string_view wanted) const {
  const auto found = std::find_if(indicators.begin(), indicators.end(),
                                  [&](const Indicator& one) { return one.id == wanted; });
  return found == indicators.end() ? nullptr : &*found;
}

const Obligation* Plan::obligation(std::string_view wanted) const {
  const auto found = std::find_if(obligations.begin(), obligations.end(),
                                  [&](const Obligation& one) { return one.id == wanted; });
  return found == obligations.end() ? nullptr : &*found;
}

std::optional<Window> Plan::period(std::string_view wanted) const {
  if (wanted == "plan") return Window{first, last};
  if (const auto named = periods.find(std::string(wanted)); named != periods.end()) {
    return named->second;
  }
  if (wanted.starts_with("..")) {
    const auto day = parse_day(wanted.substr(2));
    if (!day || *day < first) return std::nullopt;
    return Window{first, *day};
  }
  return parse_period(wanted);
}

std::optional<Window> window_of(const Plan& plan, const Target& target, Day day) {
  const TargetWhen& when = target.when;
  const Day first = when.first.value_or(plan.first);
  switch (when.kind) {
    case TargetWhen::Kind::each_year: {
      // The statutory year that holds a day begins on 15 December of the year before.
      const Date date = to_date(when.statutory ? Day{day.number + 17} : day);
      if (std::find(when.years.begin(), when.years.end(), date.year) == when.years.end()) {
        return std::nullopt;
      }
      const Window year = year_window(date.year, when.statutory);
      const auto until = parse_day(std::to_string(date.year) + "-" + when.until);
      return Window{when.first.value_or(year.first), until.value_or(year.last)};
    }
    case TargetWhen::Kind::by:
    case TargetWhen::Kind::throughout:
      return Window{first, when.day};
    case TargetWhen::Kind::before:
      return Window{first, when.day.previous()};
    case TargetWhen::Kind::in: {
      const auto period = plan.period(when.period);
      if (!period) return std::nullopt;
      return Window{when.first.value_or(period->first), period->last};
    }
  }
  return std::nullopt;
}

const Instance* instance_of(const Obligation& obligation, const MilestoneFormula& milestone,
                            Window window) {
  if (!milestone.period.empty()) {
    for (const Instance& instance : obligation.instances) {
      if (instance.period == milestone.period) return &instance;
    }
    return nullptr;
  }
  if (obligation.instances.size() == 1) return &obligation.instances.front();
  const Instance* only = nullptr;
  for (const Instance& instance : obligation.instances) {
    const auto late = instance.due.too_late();
    if (!late || !window.contains(late->previous())) continue;
    if (only != nullptr) return nullptr;
    only = &instance;
  }
  return only;
}

}  // namespace tiendo
