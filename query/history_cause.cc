#include "query/history_cause.h"

#include <algorithm>

namespace tiendo {
namespace {

// What an entity or unit has from one day on is said again only for the same day, and of a unit
// with the same key.
bool is_about_the_same(const Statement& one, const Statement& other) {
  const auto share_a_key = [](const auto& a, const auto& b) {
    return std::any_of(a.begin(), a.end(), [&](const auto& mine) {
      return std::any_of(b.begin(), b.end(),
                         [&](const auto& its) { return its.first == mine.first; });
    });
  };
  if (const auto* entity = std::get_if<EntitySaid>(&one.said)) {
    const auto* earlier = std::get_if<EntitySaid>(&other.said);
    return earlier != nullptr && earlier->effective == entity->effective;
  }
  if (one.type != other.type) return false;
  if (const auto* unit = std::get_if<UnitSaid>(&one.said)) {
    const auto* earlier = std::get_if<UnitSaid>(&other.said);
    if (unit->what != UnitSaid::What::attributes_set) return true;
    return earlier != nullptr && earlier->effective == unit->effective &&
           share_a_key(unit->attributes, earlier->attributes);
  }
  return true;
}

// Whether an earlier record said the same thing.
Result<bool> said_before(const ViewState& views, const LogReader& log, const Statement& statement) {
  if (statement.subjects.empty()) return false;
  TRY_ASSIGN(marks, ViewReader(*views.rows).subject(statement.subjects.front()));
  for (const RecordMark& mark : marks) {
    if (mark.key >= statement.key) break;
    if (!mark.has_effect) continue;
    TRY_ASSIGN(effect, read_effect(log, mark.key.stream, mark.key.position));
    StatementReader reader;
    if (is_about_the_same(statement, reader.read(effect, {}))) return true;
  }
  return false;
}

const ReportedFigure* figure_in(const ReportSaid& report, std::string_view indicator) {
  const auto found =
      std::find_if(report.figures.begin(), report.figures.end(),
                   [&](const ReportedFigure& one) { return one.indicator == indicator; });
  return found == report.figures.end() ? nullptr : &*found;
}

// Whether an earlier report, under whatever id, said the same figure of the unit and period.
Result<bool> figure_said_before(const ViewState& views, const ReportSaid& report,
                                const OrderKey& key, std::string_view indicator) {
  bool found = false;
  TRY_DO(ViewReader(*views.rows)
             .report_rows(report.plan, report.unit,
                          [&](std::string_view period, const ReportStanding& standing) {
                            if (period != report.period || standing.from >= key) return;
                            const auto said = standing.figures.find(std::string(indicator));
                            if (said == standing.figures.end()) return;
                            found = found || said->second.figure.is_said();
                          }));
  return found;
}

// The day of what is said (semantics 3).
Day day_of(const ViewState& views, const Statement& statement, std::string_view indicator) {
  if (const auto* activity = std::get_if<ActivitySaid>(&statement.said)) return activity->day;
  if (const auto* entity = std::get_if<EntitySaid>(&statement.said)) return entity->effective;
  if (const auto* statistic = std::get_if<StatisticSaid>(&statement.said)) return statistic->as_at;
  if (const auto* money = std::get_if<MoneySaid>(&statement.said)) return money->day;
  if (const auto* unit = std::get_if<UnitSaid>(&statement.said)) return unit->effective;
  if (const auto* unit = std::get_if<SuccessionSaid>(&statement.said)) return unit->effective;
  const Day said = local_day(statement.key.recorded_at);
  const auto* report = std::get_if<ReportSaid>(&statement.said);
  if (report == nullptr) return said;
  const ReportedFigure* figure = figure_in(*report, indicator);
  if (figure != nullptr && figure->as_at) return *figure->as_at;
  const auto knowledge = views.reference->all();
  const auto plan = knowledge->plan(report->plan, day_max);
  const auto period = plan ? plan->period(report->period) : std::nullopt;
  return period ? std::min(period->last, local_day(report->sent)) : local_day(report->sent);
}

}  // namespace

Result<std::string_view> cause_of(const ViewState& views, const LogReader& log,
                                  const Record& record, const Event& event,
                                  std::string_view indicator, std::optional<Day> before) {
  using namespace std::string_view_literals;
  StatementReader reader;
  const Statement statement = reader.read(record, {});
  switch (event.type) {
    case EventType::plan_published:
    case EventType::plan_amended:
      return "definition"sv;
    case EventType::unit_registered: {
      TRY_ASSIGN(again, said_before(views, log, statement));
      return again ? "reorganisation"sv : "registration"sv;
    }
    case EventType::unit_moved:
    case EventType::unit_merged:
    case EventType::unit_split:
    case EventType::unit_closed:
    case EventType::unit_reopened:
      return "reorganisation"sv;
    case EventType::source_granted:
    case EventType::source_revoked:
      return "grant"sv;
    case EventType::control_rejudged:
      return "rejudged"sv;
    case EventType::activity_cancelled:
      return event.data["duplicate_of"].is_null() ? "cancellation"sv : "duplicate"sv;
    case EventType::report_withdrawn:
    case EventType::report_returned:
      return "cancellation"sv;
    case EventType::activity_corrected:
    case EventType::report_corrected:
    case EventType::report_approved:
    case EventType::money_corrected:
      return "correction"sv;
    default:
      break;
  }
  TRY_ASSIGN(again, said_before(views, log, statement));
  if (again) return "correction"sv;
  const auto* report = std::get_if<ReportSaid>(&statement.said);
  if (report != nullptr && figure_in(*report, indicator) != nullptr) {
    TRY_ASSIGN(other, figure_said_before(views, *report, statement.key, indicator));
    if (other) return "correction"sv;
  }
  const bool late = before && day_of(views, statement, indicator) <= *before;
  return late ? "late_report"sv : "new_report"sv;
}

}  // namespace tiendo
