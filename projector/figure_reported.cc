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
  // The same with what of it counts.
  struct Heard {
    Speaker speaker;
    Stated stated;
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

  // The last that a unit declared of days within from .. until, not before a where it must be
  // fresh.
  Result<std::optional<Stated>> state(UnitIndex unit, bool fresh, Day from, Day until) {
    TRY_ASSIGN(all, usable(unit, until));
    std::optional<Stated> last;
    for (const Stated& one : all) {
      if (one.as_at < from || (fresh && one.as_at < call_.window.first)) continue;
      if (!last || std::pair(one.as_at, one.said->by) > std::pair(last->as_at, last->said->by)) {
        last = one;
      }
    }
    return last;
  }

  // The state of a unit on A, or what was handed on to it.
  Result<std::vector<Heard>> heard(const UnitDays& place, bool fresh) {
    TRY_ASSIGN(speakers, speakers_of(call_, place, [&](UnitIndex unit, Day from, Day until) {
                 return has_state(unit, fresh, from, until);
               }));
    std::vector<Heard> heard;
    for (Speaker& speaker : speakers) {
      TRY_ASSIGN(one, state(speaker.unit, fresh, speaker.from, speaker.until));
      heard.push_back({std::move(speaker), *one});
    }
    return heard;
  }

  void note(const Stated& one) {
    constexpr int32_t year = 366;
    if (one.said->several_sources) figure_.findings.emplace("several_sources");
    if (call_.as_at().number - one.as_at.number > year) figure_.findings.emplace("stale");
  }

  void give(const Heard& one, Role role, Decimal said) const {
    const Speaker& by = one.speaker;
    call_.give({one.stated.said->by, one.stated.said->report, call_.id_of(by.unit),
                one.stated.as_at, role, by.of(said), by.of(Decimal::whole(1)), by.whole(said),
                call_.id_of(by.state_of)});
  }

 private:
  Result<bool> has_state(UnitIndex unit, bool fresh, Day from, Day until) {
    TRY_ASSIGN(one, state(unit, fresh, from, until));
    return one.has_value();
  }

  const FigureCall& call_;
  Figure& figure_;
};

using Stated = Reports::Stated;
using Heard = Reports::Heard;

// The units asked about that exist on A, whatever stands above them.
std::vector<UnitDays> units_on(const FigureCall& call) {
  std::vector<UnitDays> units = call.places_on(call.as_at(), Dividing::divided);
  std::erase_if(units, [&](const UnitDays& one) {
    return !call.question.tree().exists(one.unit, call.as_at());
  });
  return units;
}

// The units whose declarations count: all, or where one speaks for those below, the topmost.
Result<std::vector<UnitDays>> speakers(const FigureCall& call, Covers covers,
                                       const StopsAt& speaks) {
  std::vector<UnitDays> units;
  if (covers == Covers::subtree && call.extent == Extent::subtree) {
    TRY_ASSIGN(found, descend(call, speaks));
    for (const Stop& stop : found.stops) {
      units.insert(units.end(), stop.having.begin(), stop.having.end());
    }
    return units;
  }
  for (const UnitDays& place : units_on(call)) {
    TRY_ASSIGN(yes, speaks(place));
    if (yes) units.push_back(place);
  }
  return units;
}

// What declared something counts once, in however many parts.
using Records = std::set<std::pair<UnitIndex, OrderKey>>;

// A half pair may be asked for in parts.
void name_once(std::vector<std::string>& units) {
  std::set<std::string> seen;
  std::erase_if(units, [&](const std::string& unit) { return !seen.insert(unit).second; });
}

bool is_pair(const Heard& one) {
  return one.stated.said->figure.numerator && one.stated.said->figure.denominator;
}

// Sum of numerators over sum of denominators, of those who gave both.
Result<Figure> pairs(const FigureCall& call, Covers covers, bool fresh,
                     const std::optional<UnitSet>& of) {
  Figure figure;
  Reports reports(call, figure);
  const auto speaks = [&](const UnitDays& place) -> Result<bool> {
    if (of && !call.question.is_of(place.unit, *of, call.as_at())) return false;
    TRY_ASSIGN(heard, reports.heard(place, fresh));
    const bool any = std::any_of(heard.begin(), heard.end(), is_pair);
    if (!any && !heard.empty()) figure.missing.push_back(call.id_of(place.unit));
    return any;
  };
  TRY_ASSIGN(units, speakers(call, covers, speaks));
  Sum numerator;
  Sum denominator;
  Records records;
  for (const UnitDays& place : units) {
    TRY_ASSIGN(heard, reports.heard(place, fresh));
    for (const Heard& one : heard) {
      if (!is_pair(one)) continue;
      const Decimal n = one.speaker.of(*one.stated.said->figure.numerator);
      const Decimal d = one.speaker.of(*one.stated.said->figure.denominator);
      numerator += n;
      denominator += d;
      if (!n.is_zero() || !d.is_zero()) records.emplace(one.speaker.unit, one.stated.said->by);
      figure.apportioned = figure.apportioned || !one.speaker.is_whole();
      reports.note(one.stated);
      reports.give(one, Role::numerator, *one.stated.said->figure.numerator);
      reports.give(one, Role::denominator, *one.stated.said->figure.denominator);
    }
  }
  figure.contributors = records.size();
  name_once(figure.missing);
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
  std::map<UnitIndex, std::vector<UnitDays>> places;
  for (const UnitDays& one : any_day.places(Dividing::divided)) places[one.unit].push_back(one);
  Sum sum;
  bool said = false;
  for (const auto& [unit, days_here] : places) {
    TRY_ASSIGN(all, reports.usable(unit, today));
    const std::vector<Stated> taken = chosen(std::move(all), call.asked);
    int64_t days = 0;
    bool is_here = false;
    for (const Stated& one : taken) {
      days += one.period.days();
      const auto here = std::find_if(days_here.begin(), days_here.end(), [&](const auto& part) {
        return part.days.contains(one.as_at);
      });
      if (here == days_here.end()) continue;
      is_here = true;
      const Decimal value = here->portion.of(*one.said->figure.value);
      sum += value;
      if (!value.is_zero()) ++figure.contributors;
      figure.apportioned = figure.apportioned || !here->portion.is_whole();
      if (one.said->several_sources) figure.findings.emplace("several_sources");
      const Speaker speaker{unit, one.as_at, one.as_at, unit, here->portion};
      reports.give({speaker, one}, call.role, *one.said->figure.value);
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
  const auto speaks = [&](const UnitDays& place) -> Result<bool> {
    TRY_ASSIGN(heard, reports.heard(place, false));
    return !heard.empty();
  };
  TRY_ASSIGN(units, speakers(call, formula.covers, speaks));
  Sum sum;
  Records records;
  for (const UnitDays& place : units) {
    TRY_ASSIGN(heard, reports.heard(place, false));
    for (const Heard& one : heard) {
      const Decimal value = one.speaker.of(*one.stated.said->figure.value);
      sum += value;
      if (!value.is_zero()) records.emplace(one.speaker.unit, one.stated.said->by);
      figure.apportioned = figure.apportioned || !one.speaker.is_whole();
      reports.note(one.stated);
      reports.give(one, call.role, *one.stated.said->figure.value);
    }
  }
  figure.contributors = records.size();
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
