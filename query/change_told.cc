#include "query/change_told.h"

#include <algorithm>

#include "events/ensure.h"
#include "events/event.h"
#include "events/limits.h"
#include "query/event_told.h"
#include "query/history_cause.h"

namespace tiendo {
namespace {

Result<ToldStep> told(const ViewState& views, const LogReader& log, const FigureStep& step,
                      std::string_view indicator, Day first) {
  if (!step.record) return ToldStep{"time_passed", std::nullopt};
  TRY_ASSIGN(record, log.read(step.record->stream, step.record->position));
  json::Document document;
  const Decoded decoded = decode(record.message, document);
  const auto* event = std::get_if<Event>(&decoded);
  ENSURE(event != nullptr, "the record that changed a figure was accepted");
  TRY_ASSIGN(cause, cause_of(views, log, record, *event, indicator, first));
  return ToldStep{cause, std::move(record)};
}

void write_record(JsonWriter& json, const Record& record, const FigureDifference& difference) {
  json::Document document;
  const Decoded decoded = decode(record.message, document);
  const auto& event = std::get<Event>(decoded);
  json.begin_object();
  write_place(json, {record.recorded_at, record.stream, record.position});
  write_who_and_why(json, event);
  json.field("difference", difference.shown);
  json.field("numerator", difference.numerator);
  json.field("denominator", difference.denominator);
  json.end_object();
}

// What one step did, as if it were alone.
FigureDifference difference_of(const ToldChanges& told, std::size_t step) {
  const auto& steps = told.changes.steps;
  const Figure& before = step == 0 ? told.changes.before : steps[step - 1].figure;
  return parts_of(before, {{told.steps[step].cause, steps[step].figure}}).whole;
}

void write_part(JsonWriter& json, const ToldChanges& told, const ChangePart& part) {
  json.begin_object();
  json.field("cause", part.cause);
  write_difference(json, part.difference);
  const std::size_t listed = std::min(part.steps.size(), limits::change_records_listed_max);
  json.begin_array("records");
  for (std::size_t i = 0; i < listed; ++i) {
    const std::size_t step = part.steps[i];
    const auto& record = told.steps[step].record;
    if (record) write_record(json, *record, difference_of(told, step));
  }
  json.end_array();
  if (listed < part.steps.size()) {
    json.field("records_total", static_cast<uint64_t>(part.steps.size()));
  }
  json.end_object();
}

}  // namespace

void write_difference(JsonWriter& json, const FigureDifference& difference) {
  json.field("difference", difference.shown);
  if (!difference.exact.empty()) json.field("exact", difference.exact);
  json.field("numerator", difference.numerator);
  json.field("denominator", difference.denominator);
}

Result<ToldChanges> tell_changes(const ViewState& views, const LogReader& log,
                                 FigureChanges changes, std::string_view indicator, Day first) {
  ToldChanges all{.changes = std::move(changes)};
  std::vector<CausedStep> caused;
  for (const FigureStep& step : all.changes.steps) {
    TRY_ASSIGN(one, told(views, log, step, indicator, first));
    caused.push_back({one.cause, step.figure});
    all.steps.push_back(std::move(one));
  }
  if (!all.changes.building) all.parts = parts_of(all.changes.before, caused);
  return all;
}

void write_parts(JsonWriter& json, const ToldChanges& told) {
  json.begin_array();
  for (const ChangePart& part : told.parts.parts) write_part(json, told, part);
  json.end_array();
}

}  // namespace tiendo
