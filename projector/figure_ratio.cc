// One term over another (semantics 5, "ratio of terms"): who is included is found by going down
// from the asked unit to the first that have a denominator.
#include <algorithm>

#include "events/ensure.h"
#include "projector/figure_parts.h"

namespace tiendo {
namespace {

class Descending {
 public:
  Descending(const FigureCall& call, const StopsAt& stops_at)
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
    const std::vector<UnitDays> here = standing_at(unit);
    Stop stop{unit, {}};
    for (const UnitDays& one : here) {
      TRY_ASSIGN(stops, stops_at_(one));
      if (stops) stop.having.push_back(one);
    }
    if (!stop.having.empty()) {
      descent_.stops.push_back(std::move(stop));
      return Visited{.any = true};
    }
    Visited visited;
    for (const UnitDays& one : unplaced_at(unit)) {
      TRY_ASSIGN(stops, stops_at_(one));
      if (!stops) continue;
      descent_.stops.push_back({one.unit, {one}});
      visited.any = true;
    }
    for (const UnitIndex child : call_.question.once().children(unit, day_)) {
      TRY_ASSIGN(below, visit(child));
      visited.any = visited.any || below.any;
      visited.units.insert(visited.units.end(), below.units.begin(), below.units.end());
    }
    const bool exists = call_.question.tree().exists(unit, call_.as_at());
    if (visited.any) {
      descent_.passed.push_back(unit);
    } else if (exists || unit == call_.unit) {
      visited.units = {unit};
    } else if (!here.empty()) {
      visited.units.clear();
      for (const UnitDays& one : here) visited.units.push_back(one.unit);
    }
    return visited;
  }

  // Who exists on A and stands at the place of the unit in the tree of the day; or the unit itself,
  // where it stands unplaced further up.
  [[nodiscard]] std::vector<UnitDays> standing_at(UnitIndex node) const {
    const Tree& tree = call_.question.tree();
    const Day as_at = call_.as_at();
    std::vector<UnitDays> here = call_.question.own_of(node, {as_at, as_at}, Dividing::divided);
    std::erase_if(here, [&](const UnitDays& one) { return !tree.exists(one.unit, as_at); });
    if (!tree.exists(node, as_at) || tree.exists(node, day_)) return here;
    if (is_unplaced(parts_of(node))) here.push_back({node, {as_at, as_at}});
    return here;
  }

  [[nodiscard]] std::vector<TreePart> parts_of(UnitIndex unit) const {
    return call_.question.tree().place(unit, call_.as_at(), call_.question.mode());
  }
  static bool is_unplaced(const std::vector<TreePart>& parts) {
    return parts.size() == 1 && !(parts.front().place && parts.front().place->own);
  }

  // Parts of units that exist on A, which stand unplaced at a unit while others do not.
  const std::vector<UnitDays>& unplaced_at(UnitIndex node) {
    static const std::vector<UnitDays> none;
    if (!call_.question.mode().day || !call_.question.tree().has_successions()) return none;
    if (!unplaced_) find_unplaced();
    const auto found = unplaced_->find(node);
    return found == unplaced_->end() ? none : found->second;
  }
  void find_unplaced() {
    unplaced_.emplace();
    const Window on_a{call_.as_at(), call_.as_at()};
    for (const UnitDays& one : call_.question.below(call_.unit, on_a, Dividing::divided)) {
      if (!call_.question.tree().exists(one.unit, on_a.first)) continue;
      const std::vector<TreePart> parts = parts_of(one.unit);
      if (parts.size() < 2) continue;
      const auto shares = std::make_shared<Shares>();
      for (const TreePart& part : parts) shares->push_back(part.share);
      for (std::size_t i = 0; i < parts.size(); ++i) {
        if (!parts[i].place || parts[i].place->own) continue;
        std::vector<bool> counted(parts.size(), false);
        counted[i] = true;
        (*unplaced_)[parts[i].place->unit].push_back(
            {one.unit, on_a, Portion(shares, std::move(counted))});
      }
    }
  }

  const FigureCall& call_;
  const StopsAt& stops_at_;
  Day day_;
  std::set<UnitIndex> seen_;
  std::optional<std::map<UnitIndex, std::vector<UnitDays>>> unplaced_;
  Descent descent_;
};

// What units declared of a statistic, each with what of it counts.
class Statistics {
 public:
  Statistics(const FigureCall& call, const StatisticFormula& formula)
      : call_(call), formula_(formula) {}

  [[nodiscard]] Result<std::vector<Speaker>> speakers(const UnitDays& place) const {
    return speakers_of(call_, place, [&](UnitIndex unit, Day from, Day until) -> Result<bool> {
      TRY_ASSIGN(one, last(unit, from, until));
      return one != nullptr;
    });
  }
  [[nodiscard]] Result<bool> has(const UnitDays& place) const {
    TRY_ASSIGN(found, speakers(place));
    return !found.empty();
  }

  Result<Figure> sum(const std::vector<UnitDays>& units) const {
    Sum sum;
    Figure figure;
    bool said = false;
    std::set<std::pair<UnitIndex, OrderKey>> records;  // once, in however many parts
    for (const UnitDays& place : units) {
      TRY_ASSIGN(found, speakers(place));
      for (const Speaker& speaker : found) {
        TRY_ASSIGN(one, last(speaker.unit, speaker.from, speaker.until));
        said = true;
        const Decimal amount = speaker.of(*one->value);
        sum += amount;
        if (!amount.is_zero()) records.emplace(speaker.unit, one->origin());
        figure.apportioned = figure.apportioned || !speaker.is_whole();
        call_.give({one->origin(), one->subject, call_.id_of(speaker.unit), one->as_at, call_.role,
                    amount, speaker.of(Decimal::whole(1)), speaker.whole(*one->value),
                    call_.id_of(speaker.state_of)});
      }
    }
    figure.contributors = records.size();
    figure.value = sum.decimal();
    if (!said) {
      figure.no_data = no_data_nothing_said;
    } else if (!figure.value) {
      figure.no_data = no_data_overflow;
    }
    return figure;
  }

 private:
  // Where it must be fresh, not before a.
  [[nodiscard]] Result<const StatisticStanding*> last(UnitIndex unit, Day from, Day until) const {
    const Day first = formula_.fresh ? std::max(from, call_.window.first) : from;
    return statistic_on(call_, formula_.statistic, unit, {first, until});
  }

  const FigureCall& call_;
  const StatisticFormula& formula_;
};

Result<Descent> descend_by(const FigureCall& call, const StatisticFormula& formula) {
  const Statistics statistics(call, formula);
  return descend(call, [&](const UnitDays& place) { return statistics.has(place); });
}

// Units that exist on A and have a value of their own.
Result<std::vector<UnitDays>> owners(const FigureCall& call, const StatisticFormula& formula) {
  const Statistics statistics(call, formula);
  std::vector<UnitDays> units;
  for (const UnitDays& place : call.places_on(call.as_at(), Dividing::divided)) {
    if (!call.question.tree().exists(place.unit, call.as_at())) continue;
    TRY_ASSIGN(has, statistics.has(place));
    if (has) units.push_back(place);
  }
  return units;
}

std::vector<UnitDays> having(const std::vector<Stop>& stops) {
  std::vector<UnitDays> units;
  for (const Stop& stop : stops) {
    units.insert(units.end(), stop.having.begin(), stop.having.end());
  }
  return units;
}

// Who is included: whole subtrees, single units with what stands at their place, and, of those that
// exist on A, only these.
struct Included {
  std::vector<UnitIndex> whole;
  std::vector<UnitIndex> single;
  std::optional<std::set<UnitIndex>> only;
};

// The facts of a subtree. Where the unit stands no longer in the tree of the asked day, what hangs
// under it there is unplaced further up, and belongs to it all the same: the tree never changes
// what is counted.
std::vector<UnitDays> subtree_of(const FigureCall& call, UnitIndex node, Dividing dividing) {
  const Tree& tree = call.question.tree();
  const auto& day = call.question.mode().day;
  if (!day || tree.exists(node, *day)) return call.question.below(node, call.window, dividing);
  std::vector<UnitDays> within;
  for (const UnitIndex unit : tree.ever_below(node)) {
    if (tree.is_below(unit, node, *day)) within.push_back({unit, call.window});
  }
  return within;
}

// Each fact once: of one unit and day, what counts in any of them.
std::vector<UnitDays> each_once(const std::vector<UnitDays>& ground) {
  std::map<UnitIndex, std::vector<const UnitDays*>> by_unit;
  for (const UnitDays& one : ground) by_unit[one.unit].push_back(&one);
  std::vector<UnitDays> once;
  for (const auto& [unit, all] : by_unit) {
    std::set<Day> begins;
    for (const UnitDays* one : all) {
      begins.insert(one->days.first);
      begins.insert(one->days.last.next());
    }
    for (auto begin = begins.begin(); std::next(begin) != begins.end(); ++begin) {
      const Window days{*begin, std::next(begin)->previous()};
      std::optional<Portion> portion;
      for (const UnitDays* one : all) {
        if (!one->days.contains(days.first)) continue;
        portion = portion ? portion->joined(one->portion) : one->portion;
      }
      if (portion) once.push_back({unit, days, *portion});
    }
  }
  return once;
}

// The places of units that have a value of their own.
Included included_owners(const FigureCall& call, const std::vector<UnitDays>& owners) {
  Included included{.only = std::set<UnitIndex>()};
  std::set<UnitIndex> nodes;
  for (const UnitDays& owner : owners) {
    included.only->insert(owner.unit);
    const auto parts = call.question.tree().place(owner.unit, call.as_at(), call.question.mode());
    for (const TreePart& part : parts) {
      if (part.place && part.place->own) nodes.insert(part.place->unit);
    }
  }
  included.single.assign(nodes.begin(), nodes.end());
  return included;
}

std::vector<UnitDays> ground_of(const FigureCall& call, const Included& included,
                                Dividing dividing) {
  std::vector<UnitDays> ground;
  const auto add = [&](const std::vector<UnitDays>& more) {
    for (const UnitDays& one : more) {
      const bool is_out = included.only && !included.only->contains(one.unit) &&
                          call.question.tree().exists(one.unit, call.as_at());
      if (!is_out) ground.push_back(one);
    }
  };
  for (const UnitIndex unit : included.whole) add(subtree_of(call, unit, dividing));
  for (const UnitIndex unit : included.single) {
    add(call.question.own_of(unit, call.window, dividing));
  }
  return each_once(ground);
}

// The numerator over what is included. A statistic that speaks for a whole subtree is taken where
// the whole subtree is included, one of the unit alone also of single units.
Result<Figure> numerator_over(const FigureCall& call, const Formula& formula,
                              const Included& included) {
  const bool is_all =
      included.whole.size() == 1 && included.single.empty() && included.whole.front() == call.unit;
  FigureCall above = call.of(formula);
  above.role = Role::numerator;
  above.extent = Extent::subtree;
  if (is_all) return figure_of(above);
  const auto* statistic = std::get_if<StatisticFormula>(&formula.of);
  if (statistic != nullptr && statistic->covers == Covers::subtree) {
    std::vector<UnitDays> units;
    for (const UnitIndex unit : included.whole) {
      TRY_ASSIGN(found, descend_by(above.for_unit(unit, Extent::subtree), *statistic));
      const std::vector<UnitDays> more = having(found.stops);
      units.insert(units.end(), more.begin(), more.end());
    }
    return Statistics(above, *statistic).sum(units);
  }
  const Ground ground = {ground_of(above, included, Dividing::divided),
                         ground_of(above, included, Dividing::whole)};
  above.ground = &ground;
  return figure_of(above);
}

Figure ratio_of(const Figure& above, const Figure& below) {
  Figure figure;
  figure.building = above.building || below.building;
  figure.contributors = above.contributors + below.contributors;
  figure.findings = above.findings;
  figure.findings.insert(below.findings.begin(), below.findings.end());
  figure.apportioned = above.apportioned || below.apportioned;
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

Result<Descent> descend(const FigureCall& call, const StopsAt& stops_at) {
  return Descending(call, stops_at).run();
}

Result<Figure> statistic_figure(const FigureCall& call, const StatisticFormula& formula) {
  if (formula.covers == Covers::own || call.extent == Extent::own || call.ground != nullptr) {
    TRY_ASSIGN(units, owners(call, formula));
    return Statistics(call, formula).sum(units);
  }
  TRY_ASSIGN(found, descend_by(call, formula));
  return Statistics(call, formula).sum(having(found.stops));
}

Result<Figure> ratio_figure(const FigureCall& call, const RatioFormula& formula) {
  FigureCall below = call.of(*formula.denominator);
  below.role = Role::denominator;
  below.extent = Extent::subtree;
  Included included{.whole = {call.unit}};
  std::vector<std::string> missing;
  Figure denominator;
  const auto* statistic = std::get_if<StatisticFormula>(&formula.denominator->of);
  if (statistic == nullptr) {
    TRY_ASSIGN(figure, figure_of(below));
    denominator = std::move(figure);
  } else if (statistic->covers == Covers::own) {
    TRY_ASSIGN(units, owners(below, *statistic));
    included = included_owners(below, units);
    TRY_ASSIGN(figure, Statistics(below, *statistic).sum(units));
    denominator = std::move(figure);
  } else {
    TRY_ASSIGN(found, descend_by(below, *statistic));
    included.whole.clear();
    for (const Stop& stop : found.stops) included.whole.push_back(stop.node);
    included.single = std::move(found.passed);
    for (const UnitIndex unit : found.left_out) missing.push_back(call.id_of(unit));
    TRY_ASSIGN(figure, Statistics(below, *statistic).sum(having(found.stops)));
    denominator = std::move(figure);
  }
  TRY_ASSIGN(numerator, numerator_over(call, *formula.numerator, included));
  Figure figure = ratio_of(numerator, denominator);
  figure.no_data = reason_of(numerator, denominator);
  std::sort(missing.begin(), missing.end());
  missing.erase(std::unique(missing.begin(), missing.end()), missing.end());
  figure.missing = std::move(missing);
  return figure;
}

}  // namespace tiendo
