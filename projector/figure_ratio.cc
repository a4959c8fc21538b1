// One term over another (semantics 5, "ratio of terms"): who is included is found by going down
// from the asked unit to the first that have a denominator.
#include <algorithm>

#include "events/ensure.h"
#include "projector/figure_parts.h"

namespace tiendo {
namespace {

class Descending {
 public:
  Descending(const FigureCall& call, const std::function<Result<bool>(UnitIndex)>& stops_at)
      : call_(call), stops_at_(stops_at), day_(call.question.mode().day.value_or(call.as_at())) {}

  Result<Descent> run() {
    TRY_ASSIGN(left_out, visit(call_.unit));
    descent_.left_out.insert(descent_.left_out.end(), left_out.units.begin(), left_out.units.end());
    return std::move(descent_);
  }

 private:
  // Of a subtree: whether anybody has it, and if so, the topmost units of its parts where nobody
  // does; else the unit itself, or, where it does not exist on A, the topmost below it that do.
  struct Visited {
    bool any = false;
    std::vector<UnitIndex> units = {};
  };
  Result<Visited> visit(UnitIndex unit) {
    // Units that begin later stand under their first parent, which can close a loop.
    if (!seen_.insert(unit).second) return Visited{};
    const bool exists = call_.question.tree().exists(unit, call_.as_at());
    if (exists) {
      TRY_ASSIGN(stops, stops_at_(unit));
      if (stops) {
        descent_.stops.push_back(unit);
        return Visited{.any = true};
      }
    }
    Visited visited;
    for (const UnitIndex child : call_.question.once().children(unit, day_)) {
      TRY_ASSIGN(below, visit(child));
      visited.any = visited.any || below.any;
      visited.units.insert(visited.units.end(), below.units.begin(), below.units.end());
    }
    if (visited.any) {
      descent_.passed.push_back(unit);
    } else if (exists || unit == call_.unit) {
      visited.units = {unit};
    }
    return visited;
  }

  const FigureCall& call_;
  const std::function<Result<bool>(UnitIndex)>& stops_at_;
  Day day_;
  std::set<UnitIndex> seen_;
  Descent descent_;
};

// Sum of a statistic over units that have it.
Result<Figure> statistic_sum(const FigureCall& call, const StatisticFormula& formula,
                             const std::vector<UnitIndex>& units) {
  Sum sum;
  Figure figure;
  bool said = false;
  for (const UnitIndex unit : units) {
    TRY_ASSIGN(one, statistic_on(call, formula.statistic, formula.fresh, unit));
    if (one == nullptr) continue;
    said = true;
    sum += *one->value;
    if (!one->value->is_zero()) ++figure.contributors;
    call.give({one->origin(), one->subject, call.id_of(unit), one->as_at, call.role, *one->value});
  }
  figure.value = sum.decimal();
  if (!said) {
    figure.no_data = no_data_nothing_said;
  } else if (!figure.value) {
    figure.no_data = no_data_overflow;
  }
  return figure;
}

Result<Descent> descend_by(const FigureCall& call, const StatisticFormula& formula) {
  return descend(call, [&](UnitIndex unit) -> Result<bool> {
    TRY_ASSIGN(one, statistic_on(call, formula.statistic, formula.fresh, unit));
    return one != nullptr;
  });
}

// Units that exist on A and have a value of their own.
Result<std::vector<UnitIndex>> owners(const FigureCall& call, const StatisticFormula& formula) {
  std::vector<UnitIndex> units;
  for (const UnitIndex unit : call.places_on(call.as_at())) {
    if (!call.question.tree().exists(unit, call.as_at())) continue;
    TRY_ASSIGN(one, statistic_on(call, formula.statistic, formula.fresh, unit));
    if (one != nullptr) units.push_back(unit);
  }
  return units;
}

// The facts of a subtree. Where the unit stands no longer in the tree of the asked day, what hangs
// under it there is unplaced further up, and belongs to it all the same: the tree never changes
// what is counted.
std::vector<UnitDays> subtree_of(const FigureCall& call, UnitIndex node) {
  const Tree& tree = call.question.tree();
  const auto& day = call.question.mode().day;
  if (!day || tree.exists(node, *day)) return call.question.below(node, call.window);
  std::vector<UnitDays> within;
  for (const UnitIndex unit : tree.ever_below(node)) {
    if (tree.is_below(unit, node, *day)) within.push_back({unit, call.window});
  }
  return within;
}

// Whole subtrees and single units, each fact once.
std::vector<UnitDays> ground_of(const FigureCall& call, const std::vector<UnitIndex>& whole,
                                const std::vector<UnitIndex>& single) {
  std::vector<UnitDays> ground;
  for (const UnitIndex unit : whole) {
    for (const UnitDays& one : subtree_of(call, unit)) ground.push_back(one);
  }
  for (const UnitIndex unit : single) {
    const Tree& tree = call.question.tree();
    for (const Window& days : tree.own_days(unit, call.window, call.question.mode())) {
      ground.push_back({unit, days});
    }
  }
  std::sort(ground.begin(), ground.end(), [](const UnitDays& a, const UnitDays& b) {
    return std::pair(a.unit, a.days.first) < std::pair(b.unit, b.days.first);
  });
  std::vector<UnitDays> merged;
  for (const UnitDays& one : ground) {
    const bool touches = !merged.empty() && merged.back().unit == one.unit &&
                         one.days.first <= merged.back().days.last.next();
    if (touches) {
      merged.back().days.last = std::max(merged.back().days.last, one.days.last);
    } else {
      merged.push_back(one);
    }
  }
  return merged;
}

// The numerator over what is included. A statistic that speaks for a whole subtree is taken where
// the whole subtree is included, one of the unit alone also of single units.
Result<Figure> numerator_over(const FigureCall& call, const Formula& formula,
                              const std::vector<UnitIndex>& whole,
                              const std::vector<UnitIndex>& single) {
  const bool is_all = whole.size() == 1 && single.empty() && whole.front() == call.unit;
  FigureCall above = call.of(formula);
  above.role = Role::numerator;
  above.extent = Extent::subtree;
  if (is_all) return figure_of(above);
  const auto* statistic = std::get_if<StatisticFormula>(&formula.of);
  if (statistic != nullptr && statistic->covers == Covers::subtree) {
    std::vector<UnitIndex> units;
    for (const UnitIndex unit : whole) {
      TRY_ASSIGN(found, descend_by(above.for_unit(unit, Extent::subtree), *statistic));
      units.insert(units.end(), found.stops.begin(), found.stops.end());
    }
    return statistic_sum(above, *statistic, units);
  }
  const std::vector<UnitDays> ground = ground_of(above, whole, single);
  above.ground = &ground;
  return figure_of(above);
}

Figure ratio_of(const Figure& above, const Figure& below) {
  Figure figure;
  figure.building = above.building || below.building;
  figure.contributors = above.contributors + below.contributors;
  figure.findings = above.findings;
  figure.findings.insert(below.findings.begin(), below.findings.end());
  figure.lower = above.lower;
  if (below.has_data()) {  // else nobody is included, and the numerator is of nobody
    if (above.has_data()) figure.numerator = above.value;
    figure.denominator = below.value;
  }
  return figure;
}

// Why a part of a ratio has no data, as the ratio says it.
std::string reason_of(const Figure& above, const Figure& below) {
  if (below.no_data == no_data_overflow || above.no_data == no_data_overflow) {
    return std::string(no_data_overflow);
  }
  if (!below.has_data()) return std::string(no_data_denominator_missing);
  if (below.value->is_zero()) return "denominator_zero";
  return above.no_data;
}

}  // namespace

Result<Descent> descend(const FigureCall& call,
                        const std::function<Result<bool>(UnitIndex)>& stops_at) {
  return Descending(call, stops_at).run();
}

Result<Figure> statistic_figure(const FigureCall& call, const StatisticFormula& formula) {
  if (formula.covers == Covers::own || call.extent == Extent::own || call.ground != nullptr) {
    TRY_ASSIGN(units, owners(call, formula));
    return statistic_sum(call, formula, units);
  }
  TRY_ASSIGN(found, descend_by(call, formula));
  return statistic_sum(call, formula, found.stops);
}

Result<Figure> ratio_figure(const FigureCall& call, const RatioFormula& formula) {
  FigureCall below = call.of(*formula.denominator);
  below.role = Role::denominator;
  below.extent = Extent::subtree;
  std::vector<UnitIndex> whole = {call.unit};
  std::vector<UnitIndex> single;
  std::vector<std::string> missing;
  Figure denominator;
  const auto* statistic = std::get_if<StatisticFormula>(&formula.denominator->of);
  if (statistic == nullptr) {
    TRY_ASSIGN(figure, figure_of(below));
    denominator = std::move(figure);
  } else if (statistic->covers == Covers::own) {
    TRY_ASSIGN(units, owners(below, *statistic));
    whole.clear();
    single = std::move(units);
    TRY_ASSIGN(figure, statistic_sum(below, *statistic, single));
    denominator = std::move(figure);
  } else {
    TRY_ASSIGN(found, descend_by(below, *statistic));
    whole = std::move(found.stops);
    single = std::move(found.passed);
    for (const UnitIndex unit : found.left_out) missing.push_back(call.id_of(unit));
    TRY_ASSIGN(figure, statistic_sum(below, *statistic, whole));
    denominator = std::move(figure);
  }
  TRY_ASSIGN(numerator, numerator_over(call, *formula.numerator, whole, single));
  Figure figure = ratio_of(numerator, denominator);
  figure.no_data = reason_of(numerator, denominator);
  std::sort(missing.begin(), missing.end());
  figure.missing = std::move(missing);
  return figure;
}

}  // namespace tiendo
