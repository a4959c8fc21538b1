#include "query/target_changes.h"

#include <algorithm>

#include "events/limits.h"
#include "projector/target.h"
#include "query/asked.h"
#include "query/edition.h"
#include "query/history_points.h"

namespace tiendo {
namespace {

// The reading at a moment: nothing until plan, target and unit are known.
struct ReadingAt {
  Figure figure;
  std::string indicator;
  Window window;  // of all days that may count, whenever the moment is
};

const Target* target_in(const Plan& plan, std::string_view id) {
  const auto found = std::find_if(plan.targets.begin(), plan.targets.end(),
                                  [&](const Target& one) { return one.id == id; });
  return found == plan.targets.end() ? nullptr : &*found;
}

Result<ReadingAt> reading_at(const TargetQuestion& asked, const Moment& moment) {
  const Question question(asked.views, moment,
                          publication_tree(asked.tree, moment).value_or(TreeMode{}));
  const AskedPlan plan = find_plan(question.knowledge(), asked.plan, asked.period, moment.today());
  const auto unit = question.tree().find(asked.unit);
  if (!plan.found || !unit) return ReadingAt{};
  const Target* target = target_in(*plan.found->plan, asked.target);
  if (target == nullptr) return ReadingAt{};
  const Window& period = plan.found->window;
  TRY_ASSIGN(reading, read_target(question, *plan.found->plan, *target, *unit, period.last));
  ReadingAt at{.figure = std::move(reading.figure),
               .indicator = target->indicator,
               .window = reading.window.value_or(period)};
  // What is held after its window, and figures since the plan began, rest on days before both.
  at.window.first = std::min({at.window.first, period.first, plan.found->plan->first});
  at.window.last = std::max(at.window.last, period.last);
  return at;
}

// Records that can touch what any unit below has of the indicator, and whatever is said of units,
// plans and grants.
Result<std::set<OrderKey>> records_between(const TargetQuestion& asked, const ReadingAt& reading,
                                           const Moment& from, const Moment& to) {
  HistoryQuestion question{
      .views = asked.views,
      .until = to,
      .plan = asked.plan,
      .indicator = reading.indicator,
      .unit = asked.unit,
      .period = to_text(reading.window.first) + ".." + to_text(reading.window.last)};
  HistoryPoints points(question);
  TRY_DO(points.find());
  std::set<OrderKey> records;
  const auto add = [&](const OrderKey& key) {
    if (!from.knows(key) && to.knows(key)) records.insert(key);
  };
  for (const HistoryPoint& point : points.points()) {
    if (point.record) add(*point.record);
  }
  for (const auto& statement : asked.views->reference->statements()) {
    if (std::holds_alternative<PublicationSaid>(statement->said)) continue;
    if (const auto effect = asked.views->reference->effective_from(*statement)) add(*effect);
  }
  return records;
}

}  // namespace

Result<FigureChanges> target_changes(const TargetQuestion& asked, const Moment& from,
                                     const Moment& to) {
  TRY_ASSIGN(before, reading_at(asked, from));
  TRY_ASSIGN(after, reading_at(asked, to));
  FigureChanges changes{.before = before.figure, .after = before.figure};
  TRY_ASSIGN(records, records_between(asked, after.indicator.empty() ? before : after, from, to));
  if (records.size() > limits::change_records_max) {
    return Error{"too_many_records", "more records than can be tried lie between two editions"};
  }
  const auto step = [&](const Moment& moment, std::optional<OrderKey> record) -> Status {
    TRY_ASSIGN(reading, reading_at(asked, moment));
    changes.building = changes.building || reading.figure.building;
    if (is_another(reading.figure, changes.after)) {
      changes.steps.push_back({record, reading.figure});
    }
    changes.after = std::move(reading.figure);
    return Done{};
  };
  // First the clock goes on, then the records come.
  TRY_DO(step({.at = to.at, .everything = false, .record = last_known(from)}, std::nullopt));
  for (const OrderKey& key : records) {
    TRY_DO(step({.at = to.at, .everything = false, .record = key}, key));
  }
  if (is_another(changes.after, after.figure)) {
    return Error{"changes_incomplete", "the records do not add up to the difference"};
  }
  return changes;
}

}  // namespace tiendo
