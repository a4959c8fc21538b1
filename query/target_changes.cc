#include "query/target_changes.h"

#include <algorithm>
#include <map>
#include <set>

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

// What is known at a moment.
struct KnownAt {
  KnownAt(const TargetQuestion& asked, const Moment& moment)
      : question(asked.views, moment, publication_tree(asked.tree, moment).value_or(TreeMode{})),
        plan(find_plan(question.knowledge(), asked.plan, asked.period, moment.today())) {}

  Question question;
  AskedPlan plan;
};

Result<ReadingAt> reading_at(const KnownAt& known, const AskedTarget& asked) {
  const auto unit = known.question.tree().find(asked.unit);
  if (!known.plan.found || !unit) return ReadingAt{};
  const auto& day = known.question.mode().day;
  if (day && !known.question.tree().exists(*unit, *day)) return ReadingAt{};  // no row of its own
  const Plan& plan = *known.plan.found->plan;
  const Target* target = target_in(plan, asked.target);
  if (target == nullptr) return ReadingAt{};
  const Window& period = known.plan.found->window;
  TRY_ASSIGN(reading, read_target(known.question, plan, *target, *unit, period.last));
  ReadingAt at{.figure = std::move(reading.figure),
               .indicator = target->indicator,
               .window = reading.window.value_or(period)};
  // What is held after its window, and figures since the plan began, rest on days before both.
  at.window.first = std::min({at.window.first, period.first, plan.first});
  at.window.last = std::max(at.window.last, period.last);
  return at;
}

// Whatever is said of units, plans and grants between the moments.
std::set<OrderKey> reference_between(const TargetQuestion& asked, const Moment& from,
                                     const Moment& to) {
  std::set<OrderKey> records;
  for (const auto& statement : asked.views->reference->statements()) {
    if (std::holds_alternative<PublicationSaid>(statement->said)) continue;
    const auto effect = asked.views->reference->effective_from(*statement);
    if (effect && !from.knows(*effect) && to.knows(*effect)) records.insert(*effect);
  }
  return records;
}

// Adds those that can touch what any unit below has of the indicator.
Status add_records_between(const TargetQuestion& asked, const AskedTarget& target,
                           const ReadingAt& reading, const Moment& from, const Moment& to,
                           std::set<OrderKey>& records) {
  const HistoryQuestion question{
      .views = asked.views,
      .until = to,
      .plan = asked.plan,
      .indicator = reading.indicator,
      .unit = target.unit,
      .period = to_text(reading.window.first) + ".." + to_text(reading.window.last)};
  HistoryPoints points(question);
  TRY_DO(points.find());
  for (const HistoryPoint& point : points.points()) {
    const auto& key = point.record;
    if (key && !from.knows(*key) && to.knows(*key)) records.insert(*key);
  }
  return Done{};
}

Status take_step(FigureChanges& changes, const KnownAt& known, const AskedTarget& asked,
                 std::optional<OrderKey> record) {
  TRY_ASSIGN(reading, reading_at(known, asked));
  changes.building = changes.building || reading.figure.building;
  if (is_another(reading.figure, changes.after)) changes.steps.push_back({record, reading.figure});
  changes.after = std::move(reading.figure);
  return Done{};
}

}  // namespace

Result<std::vector<TargetChanges>> target_changes(const TargetQuestion& question,
                                                  const std::vector<AskedTarget>& asked,
                                                  const Moment& from, const Moment& to,
                                                  std::size_t readings_max) {
  std::vector<TargetChanges> all(asked.size());
  std::vector<Figure> ends(asked.size());
  std::map<OrderKey, std::vector<std::size_t>> touched;  // by a record: which of them
  const std::set<OrderKey> reference = reference_between(question, from, to);
  const KnownAt first(question, from);
  const KnownAt last(question, to);
  // First the clock goes on, then the records come.
  const KnownAt later(question, {.at = to.at, .everything = false, .record = last_known(from)});
  for (std::size_t i = 0; i < asked.size(); ++i) {
    TRY_ASSIGN(before, reading_at(first, asked[i]));
    TRY_ASSIGN(after, reading_at(last, asked[i]));
    all[i].changes = {.before = before.figure, .after = before.figure};
    ends[i] = after.figure;
    std::set<OrderKey> records = reference;
    TRY_DO(add_records_between(question, asked[i], after.indicator.empty() ? before : after, from,
                               to, records));
    if (records.size() > std::min(limits::change_records_max, readings_max)) {
      all[i].refused = "too_many_records";
      continue;
    }
    readings_max -= records.size();
    for (const OrderKey& key : records) touched[key].push_back(i);
    TRY_DO(take_step(all[i].changes, later, asked[i], std::nullopt));
  }
  for (const auto& [key, figures] : touched) {
    const KnownAt known(question, {.at = to.at, .everything = false, .record = key});
    for (const std::size_t i : figures) {
      TRY_DO(take_step(all[i].changes, known, asked[i], key));
    }
  }
  for (std::size_t i = 0; i < asked.size(); ++i) {
    const bool is_told = all[i].refused.empty();
    if (is_told && is_another(all[i].changes.after, ends[i])) all[i].refused = "changes_incomplete";
  }
  return all;
}

}  // namespace tiendo
