#include "projector/target.h"

#include <algorithm>

#include "events/ensure.h"
#include "projector/obligation.h"

namespace tiendo {
namespace {

// What a comparison needs: a figure, as a fraction, and a scale of 100 where it is a percentage.
struct Fraction {
  Decimal n;
  Decimal d;
  int64_t scale;
};

Fraction fraction_of(const Figure& figure) {
  if (figure.value) return {*figure.value, Decimal::whole(1), 1};
  return {*figure.numerator, *figure.denominator, 100};
}

bool meets(const Target& target, const Fraction& figure) {
  const bool or_more = target.comparator == Comparator::exactly && target.or_more;
  return holds(or_more ? Comparator::at_least : target.comparator, figure.n, figure.d, target.value,
               figure.scale);
}

// Figures that grow with time are on track when they have come as far as the days have: value x
// days of [a, L] >= target x days of [a, min(L, R)].
bool grows_as_planned(const Target& target, const Formula& formula, const Fraction& figure,
                      int64_t days_all, int64_t days_so_far) {
  const bool rising = target.comparator == Comparator::at_least ||
                      target.comparator == Comparator::above ||
                      target.comparator == Comparator::exactly;
  const bool kind = target.whom.scope == Scope::share ||
                    std::holds_alternative<CountFormula>(formula.of) ||
                    std::holds_alternative<SumFormula>(formula.of) ||
                    std::holds_alternative<CoverageFormula>(formula.of);
  if (!rising || !kind) return false;
  // n x scale / d against target x so_far / all; d is a count, so the products stay exact.
  ENSURE(figure.d.units() % Decimal::one_units == 0, "denominators here are counts");
  const int128 right = figure.d.units() / Decimal::one_units * days_so_far;
  return compare_products(figure.n.units(), figure.scale * days_all, target.value.units(), right) >=
         0;
}

class TargetReader {
 public:
  TargetReader(const Question& question, const Plan& plan, const Target& target, Day day)
      : question_(question),
        plan_(plan),
        target_(target),
        formula_(*plan.indicator(target.indicator)->formula),
        day_(day),
        reading_day_(std::min(day, question.moment().today())) {
    const auto concerned = window_of(plan, target, day);
    concerned_ = concerned.has_value();
    window_ = concerned ? *concerned : year_of(target, day);
    as_at_ = std::min(window_.last, reading_day_);
  }

  Result<TargetReading> read(UnitIndex unit) {
    TargetReading reading{.target = &target_, .ratio = is_ratio(formula_)};
    if (concerned_) reading.window = window_;
    if (is_reference()) {
      reading.status = TargetStatus::reference;
      reading.figure.no_data = "formula_not_built";
      return reading;
    }
    const std::string& level = question_.tree().unit(unit).level;
    const auto& levels = target_.whom.levels;
    const bool of_level =
        levels.empty() || std::find(levels.begin(), levels.end(), level) != levels.end();
    if (target_.whom.scope == Scope::share) return read_share(reading, unit);
    if (target_.whom.scope == Scope::each && !of_level) return read_below(reading, unit);
    const Extent extent = target_.whom.extent.value_or(
        target_.whom.scope == Scope::rollup ? Extent::subtree : Extent::own);
    TRY_ASSIGN(read, this->figure(unit, extent));
    reading.figure = std::move(read);
    const bool concerned = concerned_ && of_level && question_.tree().exists(unit, as_at_) &&
                           question_.unit_matches(unit, target_.whom.where, as_at_) &&
                           is_obliged(unit);
    judge(reading, concerned);
    return reading;
  }

 private:
  // The year of a day outside the target's years, whose figure is shown all the same.
  static Window year_of(const Target& target, Day day) {
    Target any_year = target;
    any_year.when.years = {to_date(target.when.statutory ? Day{day.number + 17} : day).year};
    return window_of(Plan{}, any_year, day).value_or(Window{});
  }

  [[nodiscard]] bool due() const {
    return reading_day_ >= window_.last && question_.moment().today() > window_.last;
  }
  [[nodiscard]] bool is_milestone() const {
    return std::holds_alternative<MilestoneFormula>(formula_.of);
  }

  [[nodiscard]] bool is_reference() const {
    return std::holds_alternative<ReferenceFormula>(formula_.of);
  }
  // Whether this version can tell: not of every formula, nor of all dates of a window.
  [[nodiscard]] bool is_figured() const {
    return target_.when.kind != TargetWhen::Kind::throughout;
  }

  // A milestone by obligation concerns the units that owe the report; of a rollup, in which any
  // unit's report counts, all.
  [[nodiscard]] bool is_obliged(UnitIndex unit) const {
    const auto* milestone = std::get_if<MilestoneFormula>(&formula_.of);
    if (milestone == nullptr || milestone->obligation.empty()) return true;
    if (target_.whom.scope == Scope::rollup) return true;
    const Obligation* obligation = plan_.obligation(milestone->obligation);
    const Instance* instance = obligation ? instance_of(*obligation, *milestone, window_) : nullptr;
    return instance != nullptr && owes(question_, plan_, *obligation, *instance, unit);
  }

  Result<Figure> figure(UnitIndex unit, Extent extent) const {
    if (!is_figured()) return Figure{.no_data = "formula_not_built"};
    const Day last = is_milestone() ? reading_day_ : as_at_;
    return tiendo::figure(question_, {.plan = plan_,
                                      .formula = formula_,
                                      .unit = unit,
                                      .window = {window_.first, last},
                                      .extent = extent,
                                      .due_window = window_});
  }

  // The table of semantics 6, first line that holds.
  void judge(TargetReading& reading, bool concerned) const {
    const Figure& figure = reading.figure;
    const auto say = [&](TargetStatus status, std::optional<bool> met = {}) {
      reading.status = status;
      reading.met = met;
    };
    if (!concerned) return say(TargetStatus::not_applicable);
    if (reading_day_ < window_.first) return say(TargetStatus::not_yet_due);
    if (!figure.has_data() || figure.building) return say(TargetStatus::no_data);
    if (is_milestone()) {
      if (!figure.done_on) {
        return due() ? say(TargetStatus::not_met, false) : say(TargetStatus::not_yet_due);
      }
      const bool in_time = *figure.done_on <= window_.last;
      return say(in_time ? TargetStatus::met : TargetStatus::late, in_time);
    }
    const Fraction fraction = fraction_of(figure);
    if (meets(target_, fraction)) return say(TargetStatus::met, true);
    if (due()) return say(TargetStatus::not_met, false);
    const bool as_planned = grows_as_planned(target_, formula_, fraction, window_.days(),
                                             Window{window_.first, as_at_}.days());
    say(as_planned ? TargetStatus::on_track : TargetStatus::behind);
  }

  // The target's own readings of the units of its level below.
  Result<std::vector<TargetReading>> read_members(UnitIndex node) {
    std::vector<TargetReading> readings;
    const Question judged = question_.judged_on(as_at_);
    TargetReader member(judged, plan_, target_, day_);
    const UnitSet set{.levels = target_.whom.levels, .where = target_.whom.where};
    for (const UnitIndex unit : question_.members(node, set, as_at_)) {
      if (unit == node || !is_obliged(unit)) continue;
      TRY_ASSIGN(reading, member.read(unit));
      readings.push_back(std::move(reading));
    }
    return readings;
  }

  // `each`, asked above its level: how many of the units of the level meet it.
  Result<TargetReading> read_below(TargetReading reading, UnitIndex node) {
    reading.value_is_shown = false;
    if (!concerned_) return reading;
    TRY_ASSIGN(members, read_members(node));
    if (members.empty()) return reading;
    if (!is_figured()) {  // its units have no data because of us: they do not fail
      reading.status = TargetStatus::no_data;
      return reading;
    }
    const auto count = [&](auto matches) {
      return std::count_if(members.begin(), members.end(), matches);
    };
    const auto is = [](std::initializer_list<TargetStatus> wanted) {
      return [wanted](const TargetReading& one) {
        return std::find(wanted.begin(), wanted.end(), one.status) != wanted.end();
      };
    };
    const auto met = count([](const TargetReading& one) { return one.met == true; });
    reading.figure.numerator = Decimal::whole(met);
    reading.figure.denominator = Decimal::whole(static_cast<int64_t>(members.size()));
    reading.figure.building =
        std::any_of(members.begin(), members.end(),
                    [](const TargetReading& one) { return one.figure.building; });
    using S = TargetStatus;
    if (reading.figure.building) {
      reading.status = S::no_data;
    } else if (met == static_cast<int64_t>(members.size())) {
      reading.status = S::met;
      reading.met = true;
    } else if (due() || count(is({S::not_met, S::late})) > 0) {
      reading.status = S::not_met;
      reading.met = false;
    } else if (count(is({S::behind, S::no_data})) > 0) {
      reading.status = S::behind;
    } else if (count(is({S::not_yet_due})) > 0) {
      reading.status = S::not_yet_due;
    } else {
      reading.status = S::on_track;
    }
    return reading;
  }

  // The percentage of the units of the level below whose own figure meets `inner`.
  Result<TargetReading> read_share(TargetReading reading, UnitIndex node) {
    reading.ratio = true;
    const UnitSet set{.levels = target_.whom.levels, .where = target_.whom.where};
    const Question judged = question_.judged_on(as_at_);
    const TargetReader member(judged, plan_, target_, day_);
    int64_t meeting = 0;
    int64_t all = 0;
    for (const UnitIndex unit : question_.members(node, set, as_at_)) {
      if (unit == node) continue;
      ++all;
      TRY_ASSIGN(own, member.figure(unit, target_.whom.extent.value_or(Extent::own)));
      reading.figure.building = reading.figure.building || own.building;
      if (!own.has_data()) continue;
      const Fraction fraction = fraction_of(own);
      if (holds(*target_.inner_comparator, fraction.n, fraction.d, target_.inner_value,
                fraction.scale)) {
        ++meeting;
      }
    }
    if (!is_figured()) {
      reading.figure.no_data = "formula_not_built";
    } else if (all > 0) {
      reading.figure.numerator = Decimal::whole(meeting);
      reading.figure.denominator = Decimal::whole(all);
    }
    judge(reading, concerned_ && all > 0);
    return reading;
  }

  const Question& question_;
  const Plan& plan_;
  const Target& target_;
  const Formula& formula_;
  Day day_;          // D
  Day reading_day_;  // R
  bool concerned_ = true;
  Window window_;  // [a, L]
  Day as_at_;      // min(L, R)
};

}  // namespace

std::string_view name_of(TargetStatus status) {
  switch (status) {
    case TargetStatus::reference:
      return "reference";
    case TargetStatus::not_applicable:
      return "not_applicable";
    case TargetStatus::not_yet_due:
      return "not_yet_due";
    case TargetStatus::no_data:
      return "no_data";
    case TargetStatus::met:
      return "met";
    case TargetStatus::late:
      return "late";
    case TargetStatus::not_met:
      return "not_met";
    case TargetStatus::on_track:
      return "on_track";
    case TargetStatus::behind:
      return "behind";
  }
  return "";
}

Result<TargetReading> read_target(const Question& question, const Plan& plan, const Target& target,
                                  UnitIndex unit, Day day) {
  return TargetReader(question, plan, target, day).read(unit);
}

Result<std::vector<TargetReading>> read_targets(const Question& question, const Plan& plan,
                                                UnitIndex unit, Day day) {
  std::vector<TargetReading> readings;
  for (const Target& target : plan.targets) {
    TRY_ASSIGN(reading, read_target(question, plan, target, unit, day));
    readings.push_back(std::move(reading));
  }
  return readings;
}

}  // namespace tiendo
