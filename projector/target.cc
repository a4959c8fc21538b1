#include "projector/target.h"

#include <algorithm>

#include "projector/obligation.h"
#include "projector/target_window.h"

namespace tiendo {
namespace {

class TargetReader {
 public:
  TargetReader(const Question& question, const Plan& plan, const Target& target, Day day)
      : question_(question),
        plan_(plan),
        target_(target),
        formula_(*plan.indicator(target.indicator)->formula),
        day_(day) {
    const Day today = question.moment().today();
    const Day reading_day = std::min(day, today);
    const BindingDays binding = binding_days(plan, target, day, reading_day);
    concerned_ = binding.concerned;
    counted_from_ = binding.counted_from;
    days_ = {binding.window, reading_day, std::min(binding.window.last, reading_day), today,
             binding.throughout};
    // What must hold on all dates is figured as the least of them, once they have begun.
    const bool has_begun = days_.window.first <= reading_day;
    if (days_.throughout && has_begun && !std::holds_alternative<KeptFormula>(formula_.of)) {
      kept_.of = KeptFormula{plan.indicator(target.indicator)->formula, std::nullopt};
    }
  }

  Result<TargetReading> read(UnitIndex unit) const {
    TargetReading reading{.target = &target_, .ratio = is_ratio(formula_)};
    reading.figured = {days_.window.first, days_.as_at};
    if (concerned_) reading.window = days_.window;
    const Extent extent = target_.whom.extent.value_or(
        target_.whom.scope == Scope::rollup ? Extent::subtree : Extent::own);
    if (std::holds_alternative<ReferenceFormula>(formula_.of)) {
      TRY_ASSIGN(shown, this->figure(unit, extent));
      reading.figure = std::move(shown);
      reading.status = TargetStatus::reference;
      return reading;
    }
    const std::string& level = question_.tree().unit(unit).level;
    const auto& levels = target_.whom.levels;
    const bool of_level =
        levels.empty() || std::find(levels.begin(), levels.end(), level) != levels.end();
    if (target_.whom.scope == Scope::share) return read_share(std::move(reading), unit);
    if (target_.whom.scope == Scope::each && !of_level) {
      return read_below(std::move(reading), unit);
    }
    TRY_ASSIGN(read, this->figure(unit, extent));
    reading.figure = std::move(read);
    const bool concerned =
        concerned_ && question_.is_of(unit, units(), days_.as_at) && is_obliged(unit);
    judge(reading, concerned);
    return reading;
  }

 private:
  [[nodiscard]] UnitSet units() const {
    return {.levels = target_.whom.levels, .where = target_.whom.where};
  }
  [[nodiscard]] const Formula& figured() const {
    return std::holds_alternative<KeptFormula>(kept_.of) ? kept_ : formula_;
  }
  [[nodiscard]] bool is_milestone() const {
    return std::holds_alternative<MilestoneFormula>(figured().of);
  }

  // A milestone by obligation concerns the units that owe the report; of a rollup, in which any
  // unit's report counts, all.
  [[nodiscard]] bool is_obliged(UnitIndex unit) const {
    const auto* milestone = std::get_if<MilestoneFormula>(&formula_.of);
    if (milestone == nullptr || milestone->obligation.empty()) return true;
    if (target_.whom.scope == Scope::rollup) return true;
    const Obligation* obligation = plan_.obligation(milestone->obligation);
    const Instance* instance =
        obligation ? instance_of(*obligation, *milestone, days_.window) : nullptr;
    return instance != nullptr && owes(question_, plan_, *obligation, *instance, unit);
  }

  // The days asked for, also those still to come: a flow reported for the whole period lies in
  // them, and money belongs to its year as a whole. Before the window begins there are none. What
  // is done late is done, and late: a milestone looks up to the reading day.
  [[nodiscard]] Window asked() const {
    const Day first = days_.window.first;
    if (is_milestone()) return {first, days_.reading_day};
    if (first > days_.reading_day) return {first, days_.as_at};
    return {first, std::min(days_.window.last, day_)};
  }

  [[nodiscard]] Result<Figure> figure(UnitIndex unit, Extent extent) const {
    return tiendo::figure(question_, {.plan = plan_,
                                      .formula = figured(),
                                      .unit = unit,
                                      .window = asked(),
                                      .extent = extent,
                                      .due_window = days_.window,
                                      .indicator = target_.indicator,
                                      .counted_from = counted_from_});
  }

  void judge(TargetReading& reading, bool concerned) const {
    if (!concerned) return;
    const JudgedTarget judged = judge_target(target_, formula_, days_, reading.figure);
    reading.status = judged.status;
    reading.met = judged.met;
    const Figure& figure = reading.figure;
    reading.undecided =
        judged.status == TargetStatus::no_data && figure.has_data() && !figure.building;
  }

  // The target's own readings of the units of its level below.
  [[nodiscard]] Result<std::vector<TargetReading>> read_members(UnitIndex node) const {
    std::vector<TargetReading> readings;
    const Question judged = question_.judged_on(days_.as_at);
    const TargetReader member(judged, plan_, target_, day_);
    for (const UnitIndex unit : question_.members(node, units(), days_.as_at)) {
      if (unit == node || !is_obliged(unit)) continue;
      TRY_ASSIGN(reading, member.read(unit));
      readings.push_back(std::move(reading));
    }
    return readings;
  }

  // `each`, asked above its level: how many of the units of the level meet it.
  [[nodiscard]] Result<TargetReading> read_below(TargetReading reading, UnitIndex node) const {
    reading.value_is_shown = false;
    if (!concerned_) return reading;
    TRY_ASSIGN(members, read_members(node));
    if (members.empty()) return reading;
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
    } else if (days_.due() || count(is({S::not_met, S::late})) > 0) {
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
  [[nodiscard]] Result<TargetReading> read_share(TargetReading reading, UnitIndex node) const {
    reading.ratio = true;
    const Question judged = question_.judged_on(days_.as_at);
    const TargetReader member(judged, plan_, target_, day_);
    int64_t meeting = 0;
    int64_t all = 0;
    for (const UnitIndex unit : question_.members(node, units(), days_.as_at)) {
      if (unit == node) continue;
      ++all;
      TRY_ASSIGN(own, member.figure(unit, target_.whom.extent.value_or(Extent::own)));
      reading.figure.building = reading.figure.building || own.building;
      if (!own.has_data()) continue;
      if (compare(*target_.inner_comparator, false, target_.inner_value, own) ==
          Comparison::holds) {
        ++meeting;
      }
    }
    if (all > 0) {
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
  Formula kept_;  // of `formula_`, where the target must hold on all dates
  Day day_;       // D
  bool concerned_ = true;
  std::optional<Day> counted_from_;
  TargetDays days_;
};

}  // namespace

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
