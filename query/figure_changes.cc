#include "query/figure_changes.h"

#include "query/history_points.h"

namespace tiendo {
namespace {

// Only records, none of which `from` knows.
std::vector<HistoryPoint> records_after(const std::set<HistoryPoint>& points,
                                        const OrderKey& from) {
  std::vector<HistoryPoint> records;
  for (const HistoryPoint& point : points) {
    if (point.record && *point.record > from) records.push_back(point);
  }
  return records;
}

HistoryPoint end_of(const Moment& moment) {
  const OrderKey last = last_known(moment);
  return {last.recorded_at, last};
}

Error too_many_records() {
  return {"too_many_records", "more records lie between the two moments than one answer can try"};
}

// What the steps come to is what the figure is when it is asked for: an answer that left a record
// out would lay its effect on another.
Status check_end(const HistoryQuestion& question, const FigureChanges& changes) {
  const auto knowledge = question.views->reference->known(question.until);
  const DefinedFigure defined = defined_at(question, *knowledge, question.until);
  if (!defined.is_known()) return Done{};
  const Question asked(question.views, question.until, defined.mode);
  TRY_ASSIGN(figure, tiendo::figure(asked, {.plan = *defined.plan,
                                            .formula = *defined.indicator->formula,
                                            .unit = defined.unit,
                                            .window = defined.window,
                                            .extent = question.extent}));
  if (changes.building || figure.building || !is_another(figure, changes.after)) return Done{};
  return Error{"changes_incomplete",
               "the records between the two moments do not add up to the "
               "difference; please report this question"};
}

}  // namespace

bool is_another(const Figure& a, const Figure& b) {
  const auto or_zero = [](const std::optional<Decimal>& part) { return part.value_or(Decimal()); };
  return a.has_data() != b.has_data() || or_zero(a.value) != or_zero(b.value) ||
         or_zero(a.numerator) != or_zero(b.numerator) ||
         or_zero(a.denominator) != or_zero(b.denominator);
}

Result<FigureChanges> figure_changes(HistoryQuestion question, const Moment& from,
                                     const ChangePatience& patience) {
  FigureChanges changes;
  HistoryPoints points(question);
  TRY_DO(points.find());
  question.clock = from.at;
  TRY_ASSIGN(before, points.values()->at(end_of(from)));
  changes.before = before;
  changes.after = before;
  changes.building = before.building;
  question.clock = question.until.at;
  const auto values = points.values();
  const auto step = [&](const HistoryPoint& point, std::optional<OrderKey> record) -> Status {
    TRY_ASSIGN(figure, values->at(point));
    changes.building = changes.building || figure.building;
    if (is_another(figure, changes.after)) changes.steps.push_back({record, figure});
    changes.after = std::move(figure);
    return Done{};
  };
  TRY_DO(step(end_of(from), std::nullopt));
  const std::vector<HistoryPoint> records = records_after(points.points(), last_known(from));
  const bool asks = !points.adds();
  if (asks && records.size() > patience.records_max) return too_many_records();
  for (const HistoryPoint& point : records) {
    TRY_DO(step(point, point.record));
    if (asks && patience.gives_up && patience.gives_up()) return too_many_records();
  }
  TRY_DO(check_end(question, changes));
  return changes;
}

}  // namespace tiendo
