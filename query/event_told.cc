#include "query/event_told.h"

#include "events/ensure.h"
#include "projector/rejudged.h"

namespace tiendo {

void write_text(JsonWriter& json, std::string_view name, std::string_view text) {
  json.field(name, text.empty() ? std::nullopt : std::optional(text));
}

void write_place(JsonWriter& json, const OrderKey& record) {
  json.field("stream", record.stream.text());
  json.field("position", record.position);
  json.field("recorded_at", record.recorded_at);
}

void write_who_and_why(JsonWriter& json, const Event& event) {
  json.field("source", event.source);
  json.field("id", event.id);
  write_text(json, "actor", event.actor);
  write_text(json, "reason", event.data["reason"].text());
  write_text(json, "decision", event.data["decision"].text());
}

Status tell_event(const LogReader& log, const OrderKey& record,
                  const std::function<void(const Event&)>& tell) {
  TRY_ASSIGN(effect, read_effect(log, record.stream, record.position));
  json::Document document;
  const Decoded decoded = decode(effect.record.message, document);
  const auto* event = std::get_if<Event>(&decoded);
  ENSURE(event != nullptr, "what has an effect was accepted");
  tell(*event);
  return Done{};
}

Status write_said(JsonWriter& json, const LogReader& log, const OrderKey& record) {
  write_place(json, record);
  return tell_event(log, record, [&](const Event& event) { write_who_and_why(json, event); });
}

}  // namespace tiendo
