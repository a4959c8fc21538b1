// GET /v1/figures/{plan}/{indicator}/{unit}/{period}/history: every value a figure ever had.
#include <algorithm>

#include "events/bytes.h"
#include "events/limits.h"
#include "query/answer.h"
#include "query/asked.h"
#include "query/event_told.h"
#include "query/figure_history.h"
#include "query/history_cause.h"
#include "query/history_question.h"
#include "query/report_trail.h"
#include "query/routes.h"

namespace tiendo {
namespace {

// Where a page begins: after a point, and the day on which the figure had last changed by then.
struct Place {
  HistoryPoint after;
  std::optional<Day> changed;
};

std::string bytes_of(const Place& place) {
  std::string out;
  bytes::put_i32(out, place.changed.value_or(day_min).number);
  return out + tiendo::bytes_of(place.after);
}

std::optional<Place> parse_place(std::string_view text) {
  bytes::Taker taker(text);
  const Day changed{taker.take_i32()};
  const auto after = parse_history_point(taker.rest());
  if (!taker.ok() || !after) return std::nullopt;
  return Place{*after, changed == day_min ? std::nullopt : std::optional(changed)};
}

Status write_record(JsonWriter& json, const Call& call, const OrderKey& key,
                    std::optional<Day> before) {
  TRY_ASSIGN(record, call.context.log.read(key.stream, key.position));
  json::Document document;
  const Decoded decoded = decode(record.message, document);
  const auto* event = std::get_if<Event>(&decoded);
  ENSURE(event != nullptr, "the record that changed a figure was accepted");
  TRY_ASSIGN(cause, cause_of(*call.views, call.context.log, record, *event, call.ids[1], before));
  json.field("cause", cause);
  write_who_and_why(json, *event);
  return Done{};
}

Status write_entry(JsonWriter& json, const Call& call, const HistoryEntry& entry,
                   std::optional<Day> before) {
  const auto& record = entry.point.record;
  json.begin_object();
  json.field("stream", record ? std::optional(record->stream.text()) : std::nullopt);
  json.field("position", record ? std::optional(record->position) : std::nullopt);
  json.field("recorded_at", entry.point.at);
  tell_overflow(call, entry.figure);
  const std::string_view no_data = write_amounts(json, entry.figure);
  if (!no_data.empty()) json.field("no_data", no_data);  // `reason` is that of the record
  if (record) {
    TRY_DO(write_record(json, call, *record, before));
  } else {
    json.field("cause", "time_passed");
    for (const char* name : {"source", "id", "actor", "reason", "decision"}) {
      json.key(name);
      json.null();
    }
  }
  json.end_object();
  return Done{};
}

Status write_act(JsonWriter& json, const Call& call, const ReportAct& act) {
  json.begin_object();
  write_place(json, act.record);
  json.field("report", act.report);
  json.field("unit", act.unit);
  json.field("period", act.period);
  json.field("indicator", act.said.indicator);
  json.field("state", name_of(act.state));
  json.field("value", act.said.value);
  json.field("numerator", act.said.numerator);
  json.field("denominator", act.said.denominator);
  TRY_DO(tell_event(call.context.log, act.record, [&](const Event& event) {
    write_text(json, "by", event.data["by"].text());
    write_who_and_why(json, event);
  }));
  json.end_object();
  return Done{};
}

}  // namespace

Result<HttpResponse> answer_history(const Call& call) {
  TRY_ASSIGN(asked, read_asked(call, call.ids[0], call.ids[2], call.ids[3]));
  TRY_ASSIGN(indicator, indicator_of(call, asked.plan(), call.ids[1]));
  TRY_ASSIGN(extent, extent_of(call));
  TRY_ASSIGN(limit, limit_of(call, limits::history_entries_max));
  TRY_ASSIGN(cursor, cursor_of(call));
  const auto from = parse_place(cursor);
  if (!cursor.empty() && !from) return cursor_invalid(call);
  TRY_ASSIGN(basis, basis_of(call, asked.moment()));
  return answer(call, basis, [&](JsonWriter& json) -> Result<bool> {
    const HistoryQuestion question = history_question(call, asked, *indicator, extent);
    const auto after = from ? std::optional(from->after) : std::nullopt;
    TRY_ASSIGN(history, figure_history(question, after, limit));
    json.field("plan", asked.plan().id);
    json.field("indicator", indicator->id);
    json.field("unit", asked.question->tree().unit(asked.unit).id);
    json.field("period", asked.period.period);
    json.field("of", extent == Extent::own ? "own" : "subtree");
    json.field("tree", asked.tree);
    json.field("unit_of_measure", measure_of(*indicator));
    std::optional<Day> before = from ? from->changed : std::nullopt;
    bool building = false;
    json.begin_array("entries");
    for (const HistoryEntry& entry : history.entries) {
      TRY_DO(write_entry(json, call, entry, before));
      before = local_day(entry.point.at);
      building = building || entry.figure.building;
    }
    json.end_array();
    TRY_ASSIGN(acts, report_trail({question, asked.plan(), *indicator, asked.period.window}, after,
                                  history.next));
    json.begin_array("reports");
    for (const ReportAct& act : acts) TRY_DO(write_act(json, call, act));
    json.end_array();
    std::optional<std::string> next;
    if (history.next) next = cursor_text(bytes_of(Place{*history.next, before}));
    json.field("next", next);
    return building;
  });
}

}  // namespace tiendo
