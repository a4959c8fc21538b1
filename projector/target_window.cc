#include "projector/target_window.h"

#include <algorithm>

namespace tiendo {
namespace {

// The statutory year that holds a day begins on 15 December of the year before.
constexpr int32_t days_to_new_year = 17;

Window window_of_year(const Plan& plan, Target target, int year) {
  target.when.years = {year};
  return window_of(plan, target, to_day({year, 6, 30})).value_or(Window{});
}

// Every window of a target, by day.
std::vector<Window> windows_of(const Plan& plan, const Target& target) {
  std::vector<Window> windows;
  if (target.when.kind == TargetWhen::Kind::each_year) {
    for (const int year : target.when.years) windows.push_back(window_of_year(plan, target, year));
  } else if (const auto window = window_of(plan, target, plan.last)) {
    windows.push_back(*window);
  }
  std::sort(windows.begin(), windows.end(), [](Window a, Window b) { return a.last < b.last; });
  return windows;
}

// Whether targets of one series may speak of the same units.
bool share_units(const TargetFor& one, const TargetFor& other) {
  if (one.scope != other.scope || canonical(one.where) != canonical(other.where)) return false;
  return one.levels.empty() || other.levels.empty() ||
         std::any_of(one.levels.begin(), one.levels.end(), [&](const std::string& level) {
           return std::find(other.levels.begin(), other.levels.end(), level) != other.levels.end();
         });
}

// From the day after `ended` to before the next of the series begins, or to the end of the plan.
Window held_after(const Plan& plan, const Target& target, Day ended) {
  Window held{ended.next(), plan.last};
  for (const Target& other : plan.targets) {
    const bool follows =
        &other == &target || (!target.series.empty() && other.series == target.series &&
                              share_units(target.whom, other.whom));
    if (!follows) continue;
    for (const Window& window : windows_of(plan, other)) {
      if (window.first > ended) held.last = std::min(held.last, window.first.previous());
    }
  }
  return held;
}

}  // namespace

BindingDays binding_days(const Plan& plan, const Target& target, Day day, Day reading_day) {
  const bool yearly = target.when.kind == TargetWhen::Kind::each_year;
  const auto window = window_of(plan, target, day);
  if (target.hold && (!yearly || !window)) {
    const std::vector<Window> windows = windows_of(plan, target);
    const auto after = std::find_if(windows.begin(), windows.end(),
                                    [&](Window one) { return one.last >= reading_day; });
    if (after != windows.begin()) {
      const Window ended = *std::prev(after);
      const Window held = held_after(plan, target, ended.last);
      if (!held.empty() && (!yearly || day <= held.last)) return {held, true, true, ended.first};
    }
  }
  if (window) return {*window, true, target.when.kind == TargetWhen::Kind::throughout, {}};
  const int year = to_date(target.when.statutory ? Day{day.number + days_to_new_year} : day).year;
  return {window_of_year(plan, target, year), false, false, {}};
}

}  // namespace tiendo
