// Figures that only reports hold (semantics 1, 3 and 5): flows by period, states by day, pairs.
#include <algorithm>

#include "projector/figure_parts.h"
#include "projector/reported_fit.h"

namespace tiendo {
namespace {

// What a formula takes of reports, and how it finds the figure that stands.
class Reports {
 public:
  Reports(const FigureCall& call, Figure& figure) : call_(call), figure_(figure) {}

  // A figure as it stands for a period.
  struct Stated {
    const SaidFigure* said;
    Window period;
    Day as_at;
  };

  // Those of a unit that the formula can use and whose day has come by `until`.
  Result<std::vector<Stated>> usable(UnitIndex unit, Day until) {
    TRY_ASSIGN(all, call_.question.once().said(call_.plan.id, unit, call_.indicator));
    std::vector<Stated> found;
    for (const SaidFigure& said : *all) {
      const auto period = call_.plan.period(said.period);
      if (!period) continue;
      const Day as_at = said.figure.as_at.value_or(std::min(period->last, said.said_on));
      if (as_at > until) continue;
      if (!can_use(call_.plan, call_.indicator, *call_.formula, said.figure)) {
        figure_.findings.emplace("figure_unusable");
        continue;
      }
      found.push_back({&said, *period, as_at});
    }
    return found;
  }

  // The state of a unit on A: the last it declared, not before a where it must be fresh.
  Result<std::optional<Stated>> state(UnitIndex unit, bool fresh) {
    TRY_ASSIGN(all, usable(unit, call_.as_at()));
    std::optional<Stated> last;
    for (const Stated& one : all) {
      if (fresh && one.as_at < call_.window.first) continue;
      if (!last || std::pair(one.as_at, one.said->by) > std::pair(last->as_at, last->said->by)) {
        last = one;
      }
    }
    return last;
  }

  void note(const Stated& one) {
    constexpr int32_t year = 366;
    if (one.said->several_sources) figure_.findings.emplace("several_sources");
    if (call_.as_at().number - one.as_at.number > year) figure_.findings.emplace("stale");
  }

  void give(UnitIndex unit, const Stated& one, Role role, Decimal amount) const {
    call_.give({one.said->by, one.said->report, call_.id_of(unit), one.as_at, role, amount});
  }

 private:
  const FigureCall& call_;
  Figure& figure_;
};

using Stated = Reports::Stated;

// The units asked about that exist on A, whatever stands above them.
std::vector<UnitIndex> units_on(const FigureCall& call) {
  std::vector<UnitIndex> units = call.places_on(call.as_at());
  std::erase_if(units,
                [&](UnitIndex unit) { return !call.question.tree().exists(unit, call.as_at()); });
  return units;
}

// The units whose declarations count: all, or where one speaks for those below, the topmost.
Result<std::vector<UnitIndex>> speakers(const FigureCall& call, Covers covers,
                                        const std::function<Result<bool>(UnitIndex)>& speaks) {
  if (covers == Covers::subtree && call.extent == Extent::subtree) {
    TRY_ASSIGN(found, descend(call, speaks));
    return std::move(found.stops);
  }
  std::vector<UnitIndex> units;
  for (const UnitIndex unit : units_on(call)) {
    TRY_ASSIGN(yes, speaks(unit));
    if (yes) units.push_back(unit);
  }
  return units;
}

// Sum of numerators over sum of denominators, of those who gave both.
Result<Figure> pairs(const FigureCall& call, Covers covers, bool fresh,
                     const std::optional<UnitSet>& of) {
  Figure figure;
  Reports reports(call, figure);
  std::map<UnitIndex, Stated> both;
  const auto speaks = [&](UnitIndex unit) -> Result<bool> {
    if (of && !call.question.is_of(unit, *of, call.as_at())) return false;
    TRY_ASSIGN(state, reports.state(unit, fresh));
    if (!state) return false;
    if (!state->said->figure.numerator || !state->said->figure.denominator) {
      figure.missing.push_back(call.id_of(unit));
      return false;
    }
    both.emplace(unit, *state);
    return true;
  };
  TRY_ASSIGN(units, speakers(call, covers, speaks));
  Sum numerator;
  Sum denominator;
  for (const UnitIndex unit : units) {
    const Stated& one = both.at(unit);
    const Decimal n = *one.said->figure.numerator;
    const Decimal d = *one.said->figure.denominator;
    numerator += n;
    denominator += d;
    if (!n.is_zero() || !d.is_zero()) ++figure.contributors;
    reports.note(one);
    reports.give(unit, one, Role::numerator, n);
    reports.give(unit, one, Role::denominator, d);
  }
  if (units.empty()) {
    figure.no_data = figure.missing.empty() ? no_data_nothing_said : no_data_denominator_missing;
    return figure;
  }
  figure.numerator = numerator.decimal();
  figure.denominator = denominator.decimal();
  figure.no_data = no_data_of_ratio(figure);
  return figure;
}

bool overlap(Window a, Window b) { return a.first <= b.last && b.first <= a.last; }

// Of a unit's figures whose periods lie inside the window: exactly the window if there is one, else
// the longest that do not overlap, earlier first; of equal days the one said last.
std::vector<Stated> chosen(std::vector<Stated> all, Window asked) {
  std::erase_if(all, [&](const Stated& one) {
    return one.period.first < asked.first || asked.last < one.period.last;
  });
  std::sort(all.begin(), all.end(), [](const Stated& a, const Stated& b) {
    if (a.period.days() != b.period.days()) return a.period.days() > b.period.days();
    if (a.period.first != b.period.first) return a.period.first < b.period.first;
    return a.said->by > b.said->by;
  });
  std::vector<Stated> taken;
  for (const Stated& one : all) {
    const bool is_free = std::none_of(taken.begin(), taken.end(), [&](const Stated& other) {
      return overlap(one.period, other.period);
    });
    if (is_free) taken.push_back(one);
  }
  return taken;
}

}  // namespace

// A flow belongs to its period as a whole; its day, which need not lie in it, says where it is
// placed and when it begins to count.
Result<Figure> reported_sum(const FigureCall& call) {
  Figure figure;
  Reports reports(call, figure);
  const Day today = call.question.moment().today();
  FigureCall any_day = call;
  any_day.window = {day_min, today};
  std::map<UnitIndex, std::vector<Window>> places;
  for (const UnitDays& one : any_day.places()) places[one.unit].push_back(one.days);
  Sum sum;
  bool said = false;
  for (const auto& [unit, days_here] : places) {
    TRY_ASSIGN(all, reports.usable(unit, today));
    const std::vector<Stated> taken = chosen(std::move(all), call.asked);
    int64_t days = 0;
    bool is_here = false;
    for (const Stated& one : taken) {
      days += one.period.days();
      if (std::none_of(days_here.begin(), days_here.end(),
                       [&](Window part) { return part.contains(one.as_at); })) {
        continue;
      }
      is_here = true;
      const Decimal value = *one.said->figure.value;
      sum += value;
      if (!value.is_zero()) ++figure.contributors;
      if (one.said->several_sources) figure.findings.emplace("several_sources");
      reports.give(unit, one, call.role, value);
    }
    said = said || is_here;
    if (is_here && days < call.asked.days()) figure.partial = true;
  }
  if (!said)
    return Figure{.no_data = std::string(no_data_nothing_said), .findings = figure.findings};
  figure.value = sum.decimal();
  if (!figure.value) figure.no_data = no_data_overflow;
  return figure;
}

Result<Figure> reported_gauge(const FigureCall& call, const ReportedGaugeFormula& formula) {
  Figure figure;
  Reports reports(call, figure);
  std::map<UnitIndex, Stated> states;
  const auto speaks = [&](UnitIndex unit) -> Result<bool> {
    TRY_ASSIGN(state, reports.state(unit, false));
    if (state) states.emplace(unit, *state);
    return state.has_value();
  };
  TRY_ASSIGN(units, speakers(call, formula.covers, speaks));
  Sum sum;
  for (const UnitIndex unit : units) {
    const Stated& one = states.at(unit);
    sum += *one.said->figure.value;
    if (!one.said->figure.value->is_zero()) ++figure.contributors;
    reports.note(one);
    reports.give(unit, one, call.role, *one.said->figure.value);
  }
  if (units.empty()) {
    figure.no_data = no_data_nothing_said;
    return figure;
  }
  figure.value = sum.decimal();
  if (!figure.value) figure.no_data = no_data_overflow;
  return figure;
}

Result<Figure> reported_ratio(const FigureCall& call, const ReportedRatioFormula& formula) {
  return pairs(call, formula.covers, formula.fresh, formula.units);
}

Result<Figure> survey_figure(const FigureCall& call, const SurveyFormula& formula) {
  return pairs(call, Covers::subtree, formula.fresh, formula.units);
}

}  // namespace tiendo
