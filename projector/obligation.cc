#include "projector/obligation.h"

#include <algorithm>

namespace tiendo {
namespace {

bool is_concerned(const Question& question, const Obligation& obligation, UnitIndex unit, Day day) {
  const std::string& level = question.tree().unit(unit).level;
  const bool level_fits = obligation.levels.empty() ||
                          std::find(obligation.levels.begin(), obligation.levels.end(), level) !=
                              obligation.levels.end();
  return level_fits && question.unit_matches(unit, obligation.where, day);
}

// The last day of the period, the last timely day, or today: whichever comes first.
Day reference_day(const Question& question, const Plan& plan, const Instance& instance) {
  Day day = question.moment().today();
  if (const auto period = plan.period(instance.period)) day = std::min(day, period->last);
  if (const auto too_late = instance.due.too_late()) day = std::min(day, too_late->previous());
  return day;
}

// Of the reports in force, what was said last of an indicator; a pair with one null says nothing.
bool is_said(const std::string& indicator, const std::vector<ReportStanding>& reports) {
  const ReportStanding::Said* last = nullptr;
  for (const ReportStanding& report : reports) {
    const auto said = report.figures.find(indicator);
    if (!report.in_force() || said == report.figures.end()) continue;
    if (last == nullptr || said->second.by > last->by) last = &said->second;
  }
  return last != nullptr &&
         (last->figure.value || (last->figure.numerator && last->figure.denominator));
}

bool all_said(const Obligation& obligation, const std::vector<ReportStanding>& reports) {
  return std::all_of(obligation.required.begin(), obligation.required.end(),
                     [&](const std::string& indicator) { return is_said(indicator, reports); });
}

}  // namespace

std::string_view name_of(Slot::State state) {
  switch (state) {
    case Slot::State::on_time:
      return "on_time";
    case Slot::State::late:
      return "late";
    case Slot::State::returned:
      return "returned";
    case Slot::State::missing:
      return "missing";
    case Slot::State::not_yet_due:
      return "not_yet_due";
  }
  return "";
}

bool owes(const Question& question, const Plan& plan, const Obligation& obligation,
          const Instance& instance, UnitIndex unit) {
  const Day day = reference_day(question, plan, instance);
  return question.tree().exists(unit, day) && is_concerned(question, obligation, unit, day);
}

Result<Slot> slot(const Question& question, const Plan& plan, const Obligation& obligation,
                  const Instance& instance, UnitIndex unit) {
  Slot slot{.unit = unit, .period = instance.period};
  TRY_ASSIGN(reports, question.rows().reports(plan.id, question.tree().unit(unit).id,
                                              instance.period, question.moment()));
  std::erase_if(reports, [&](const ReportStanding& report) {
    return !report.obligation.empty() && report.obligation != obligation.id;
  });
  const bool received = obligation.judged_by_received;
  const ReportStanding* spoken_of_last = nullptr;  // those in force before the others
  bool in_force = false;
  for (const ReportStanding& report : reports) {
    in_force = in_force || report.in_force();
    const auto rank = [](const ReportStanding& one) { return std::pair(one.in_force(), one.from); };
    if (spoken_of_last == nullptr || rank(report) > rank(*spoken_of_last)) spoken_of_last = &report;
    if (report.state == ReportStanding::State::withdrawn) continue;
    const Instant first = received ? report.sent.first_received : report.sent.first;
    const Instant last = received ? report.sent.last_received : report.sent.last;
    if (!slot.first_at || first < *slot.first_at) {
      slot.first_at = first;
      slot.first_record = report.sent.first_record;
    }
    slot.last_at = std::max(slot.last_at.value_or(last), last);
  }
  if (spoken_of_last != nullptr) slot.report_state = spoken_of_last->state;
  const auto too_late_day = instance.due.too_late();
  const std::optional<Instant> too_late =
      too_late_day ? std::optional(start_of(*too_late_day)) : std::nullopt;
  if (in_force) {
    slot.state = too_late && *slot.first_at >= *too_late ? Slot::State::late : Slot::State::on_time;
  } else if (slot.first_at) {
    slot.state = Slot::State::returned;
  } else {
    slot.state = too_late && question.moment().at >= *too_late ? Slot::State::missing
                                                               : Slot::State::not_yet_due;
  }
  slot.complete = in_force && all_said(obligation, reports);
  return slot;
}

Result<Slots> slots(const Question& question, const Plan& plan, const Obligation& obligation,
                    std::string_view period, UnitIndex node) {
  Slots all;
  const Tree& tree = question.tree();
  for (const Instance& instance : obligation.instances) {
    if (!period.empty() && instance.period != period) continue;
    const Day day = reference_day(question, plan, instance);
    for (UnitIndex unit = 0; unit < tree.size(); ++unit) {
      if (!is_concerned(question, obligation, unit, std::max(day, tree.unit(unit).birth))) continue;
      if (tree.days_below(unit, node, {day, day}, question.mode(), Dividing::whole).empty())
        continue;
      TRY_ASSIGN(one, slot(question, plan, obligation, instance, unit));
      if (tree.exists(unit, day)) {
        all.owed.push_back(std::move(one));
      } else if (one.first_at) {
        all.extra.push_back(std::move(one));
      }
    }
  }
  return all;
}

}  // namespace tiendo
