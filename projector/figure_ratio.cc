// One term over another (semantics 5, "ratio of terms").
#include <algorithm>

#include "projector/figure_parts.h"

namespace tiendo {
namespace {

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

// The numerator over what is included. A statistic that speaks for a whole subtree is taken where
// the whole subtree is included, one of the unit alone also of single units.
Result<Figure> numerator_over(const FigureCall& call, const Formula& formula,
                              const Included& included) {
  const bool is_all = included.whole.size() == 1 && included.whole.front() == call.unit;
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
  const Ground ground = ground_of(above, included);
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
  Included included{.day = call.question.mode().day.value_or(call.as_at()), .whole = {call.unit}};
  std::vector<std::string> missing;
  Figure denominator;
  const auto* statistic = std::get_if<StatisticFormula>(&formula.denominator->of);
  if (statistic == nullptr) {
    TRY_ASSIGN(figure, figure_of(below));
    denominator = std::move(figure);
  } else if (statistic->covers == Covers::own) {
    TRY_ASSIGN(units, owners(below, *statistic));
    included.whole.clear();
    for (const UnitDays& owner : units) included.own.push_back(owner.unit);
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
